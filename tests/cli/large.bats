#!/usr/bin/env bats
# TIFFs of more than 16 megapixels, whose blocks are shared out among the threads.

load helper

# 4200 x 4200 pixels in strips of 12 rows, made of six patterns; their sums stand in FILE.json.
setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    "$PYTHON" -S - "$MW_SOURCE/tests" <<'END'
import json, struct, sys, zlib
sys.path.insert(0, sys.argv[1])
import masks
SIDE, ROWS = 4200, 12
noise = masks.random_numbers(3)
PATTERNS = [[bytes((x * (1 + k) // (40 + 9 * k) + y // 5) % 7 for x in range(SIDE))
             for y in range(ROWS)] for k in range(3)]
PATTERNS += [[bytes([k] * SIDE)] * ROWS for k in range(3)]
PATTERNS[2] = [bytes(next(noise) % 5 for _ in range(SIDE)) for _ in range(ROWS)]
ORDER = [i * i % 11 % 6 for i in range(SIDE // ROWS)]

def write(name, code, encode, harm=None, rows=ROWS, sparse=()):
    blocks, place, offsets, sizes = [encode(p, p) for p in PATTERNS], 8, [], []
    strips = [blocks[kind] for kind in ORDER]
    for i, damage in (harm or {}).items():
        strips[i] = damage(strips[i])
    count = rows // ROWS # strips that become one
    strips = [b"".join(strips[i:i + count]) for i in range(0, len(strips), count)]
    with open(name, "wb") as file:
        file.write(masks.tiff_header("II", False, 0))
        for i, strip in enumerate(strips):
            offsets.append(0 if i in sparse else place)
            sizes.append(0 if i in sparse else len(strip))
            place += sizes[i]
            if i not in sparse:
                file.write(strip)
        file.write(bytes(place % 2))
        place += place % 2
        tags = {256: (masks.LONG, [SIDE]), 257: (masks.LONG, [SIDE]), 258: (masks.SHORT, [8]),
                259: (masks.SHORT, [code]), 262: (masks.SHORT, [1]), 273: (masks.LONG, offsets),
                277: (masks.SHORT, [1]), 278: (masks.LONG, [rows]), 279: (masks.LONG, sizes)}
        blob, directory = masks.directory(tags, place, "II", False)
        file.write(blob)
        file.seek(0)
        file.write(masks.tiff_header("II", False, directory))
    sums = [0] * 7
    for i, kind in enumerate(ORDER):
        for row in PATTERNS[kind] if i not in sparse else [bytes(SIDE)] * ROWS:
            for value in range(7):
                sums[value] += row.count(value)
    with open(name + ".json", "w") as file:
        json.dump(sums, file)

none, deflate, lzw, packbits = (masks.encode_none, masks.encode_deflate, masks.encode_lzw,
                                masks.encode_packbits)
write("none.tif", 1, none)
write("one-strip.tif", 1, none, rows=SIDE) # which libtiff cuts into small ones
write("two-strips.tif", 1, none, rows=SIDE // 2)
write("deflate.tif", 8, deflate)
write("lzw.tif", 5, lzw)
write("packbits.tif", 32773, packbits)
write("sparse.tif", 8, deflate, sparse=range(40, 90))
checksum = lambda strip: strip[:-4] + bytes(4)
cut = lambda strip: strip[:len(strip) // 2]
write("checksum-first.tif", 8, deflate, {20: checksum, 21: cut, 300: cut, 340: cut})
write("cut-first.tif", 8, deflate, {20: cut, 21: checksum, 300: checksum, 340: checksum})
for k in (3, 50, 100, 150):
    harm = {i: cut for i in range(k + 1, SIDE // ROWS) if i % 13 == 0 or k == 150}
    write(f"many-{k}.tif", 8, deflate, {k: checksum, **harm})
write("lzw-cut.tif", 5, lzw, {100: cut, 250: cut})
END
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return
}

@test "a large TIFF counts the same in every compression, for any number of jobs" {
    for name in none one-strip two-strips deflate lzw packbits sparse; do
        mw -j 1 "$name.tif" -q
        clean
        expect "[n(i) for i in range(7)] == $(<"$name.tif.json")"
        first=$output
        for jobs in 2 3 8; do
            mw -j "$jobs" "$name.tif" -q
            clean
            [ "$output" = "$first" ] || fail "$name at $jobs jobs: $output"
        done
        mw --decoder reference "$name.tif" -q
        [ "$output" = "$first" ] || fail "$name by libtiff: $output"
    done
}

@test "of several damaged strips the first is told, for any number of jobs" {
    for name in checksum-first cut-first lzw-cut many-3 many-50 many-100 many-150; do
        mw -j 1 "$name.tif"
        ended 2
        told 'damaged'
        first=$stderr
        for jobs in 2 3 4 5 6 7 8; do
            mw -j "$jobs" "$name.tif"
            ended 2
            [ "$stderr" = "$first" ] || fail "at $jobs jobs: $stderr" "at one: $first"
        done
    done
    mw checksum-first.tif
    told 'wrong Adler-32 checksum'
    mw cut-first.tif
    untold 'wrong Adler-32 checksum'
}

@test "a large TIFF on standard input is shared out as well" {
    mw -j 1 -q - <deflate.tif
    first=$output
    mw -j 4 -q - <deflate.tif
    clean
    [ "$output" = "$first" ]
}

@test "large TIFFs beside each other count as they do alone" {
    mkdir many
    for i in 1 2 3 4 5; do ln -f deflate.tif "many/$i.tif"; done
    ln -f cut-first.tif many/6.tif
    mw -j 1 many --keep-going -q
    first=$output
    for jobs in 2 3 8; do
        mw -j "$jobs" many --keep-going -q
        ended 3
        [ "$output" = "$first" ]
    done
}
