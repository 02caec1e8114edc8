#!/usr/bin/env bats
# Every format that a document can have. The golden files were worked out by hand from the numbers in
# helper.bash (tiny).

load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    tiny tiny
    masks <<'END'
gaps/a.png --rows "0 255;0 255"
gaps/b.png --rows "0 0;0 0"
sparse.png --rows "0 2 2 5"
wide.png --rows "0 300" --bits 16
END
    mkdir broken
    echo "no mask" >broken/bad.png
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return
    named=(tiny --ignore-index 255 --class-map tiny.txt)
}

# array FILE: prints shape and values of a NumPy file, taken apart by hand.
array() {
    "$PYTHON" - "$1" <<'END'
import ast, struct, sys
data = open(sys.argv[1], "rb").read()
assert data[:8] == b"\x93NUMPY\x01\x00", data[:8]
length, = struct.unpack("<H", data[8:10])
assert (10 + length) % 64 == 0 and data[9 + length:10 + length] == b"\n"
header = ast.literal_eval(data[10:10 + length].decode("ascii"))
assert header["descr"] == "<f4" and header["fortran_order"] is False and len(header) == 3
values = [value for value, in struct.iter_unpack("<f", data[10 + length:])]
print(header["shape"], *values)
END
}

@test "json is the golden document, at any number of jobs" {
    golden tiny.json "${named[@]}" -s balanced -s inverse:power=2
    golden tiny.json "${named[@]}" -s balanced -s inverse:power=2 -f json
}

@test "csv, list, keras and yaml are the golden ones, at any number of jobs" {
    golden tiny.csv "${named[@]}" -f csv -s balanced -s inverse -s pos-weight
    golden tiny.list "${named[@]}" -f list
    golden tiny.keras "${named[@]}" -f keras
    golden tiny.yaml "${named[@]}" -f yaml
}

@test "table is the golden one, at any number of jobs" {
    golden tiny.table "${named[@]}" -f table -s balanced -s enet
}

@test "table leaves no class and no scheme out" {
    mw tiny --ignore-index 255 -n 100 -f table -s all -qq
    ended 0
    [ "$(wc -l <<<"$output")" -eq $((1 + 100 + 2)) ]
    [[ $output == *balanced*pos-weight* ]] || fail "$output"
}

@test "where no class occurs, a format of weights alone is refused" {
    for format in list npy lut keras yaml; do
        mw -qq tiny/d.png --ignore-index 255 -n 2 -f $format
        ended 2
        [ -z "$output" ]
        told 'nothing to weigh'
    done
    mw tiny/d.png --ignore-index 255 -n 2 -f csv
    ended 0
    told '[nothing-to-weigh]'
    [ "$(sed -n 3p <<<"$output")" = '1,,0,0,0,0.0,0.0' ]
}

@test "npy is a float32 array of (K,), for pos-weight of (K, 1, 1)" {
    "$MASKWEIGHT" "${named[@]}" -f npy -o "$BATS_TEST_TMPDIR/npy"
    [ "$(array "$BATS_TEST_TMPDIR/npy")" = '(4,) 0.5 1.0 2.0 2.0' ]
    "$MASKWEIGHT" "${named[@]}" -f npy -s pos-weight >"$BATS_TEST_TMPDIR/npy"
    [ "$(array "$BATS_TEST_TMPDIR/npy")" = '(4, 1, 1) 1.0 3.0 7.0 7.0' ]
    "$MASKWEIGHT" "${named[@]}" -f npy -s pos-weight --foreground-only >"$BATS_TEST_TMPDIR/npy"
    [ "$(array "$BATS_TEST_TMPDIR/npy")" = '(3, 1, 1) 3.0 7.0 7.0' ]
    for jobs in 1 8; do
        "$MASKWEIGHT" "${named[@]}" -f npy -j $jobs >"$BATS_TEST_TMPDIR/$jobs"
    done
    same "$BATS_TEST_TMPDIR/1" "$BATS_TEST_TMPDIR/8"
}

@test "lut holds the weight of every stored value, 0 where it is ignored or no class" {
    "$MASKWEIGHT" "${named[@]}" -f lut >"$BATS_TEST_TMPDIR/lut"
    zeros=$(printf ' 0.0%.0s' {4..255})
    [ "$(array "$BATS_TEST_TMPDIR/lut")" = "(256,) 0.5 1.0 2.0 2.0$zeros" ]
    # 0 and 255 ignored, 1 2 3 become 0 1 2: n = 4 2 2, N = 8, K = 3
    "$MASKWEIGHT" tiny --reduce-zero-label -f lut -s inverse >"$BATS_TEST_TMPDIR/lut"
    [ "$(array "$BATS_TEST_TMPDIR/lut")" = "(256,) 0.0 2.0 4.0 4.0$zeros" ]
    # binary: n = 8 8
    "$MASKWEIGHT" tiny --binary --ignore-index 255 -f lut >"$BATS_TEST_TMPDIR/lut"
    ones=$(printf ' 1.0%.0s' {0..254})
    [ "$(array "$BATS_TEST_TMPDIR/lut")" = "(256,)$ones 0.0" ]
    "$MASKWEIGHT" -qq gaps -f lut -s inverse >"$BATS_TEST_TMPDIR/lut" # n = 6 2: ids may have gaps
    [[ $(array "$BATS_TEST_TMPDIR/lut") == '(256,) 1.333'*' 0.0 4.0' ]]
    refuses 'lut|300' wide.png -f lut
}

@test "csv is read back by Python's csv module, name and header with comma and quote included" {
    "$MASKWEIGHT" "${named[@]}" -f csv -s enet:c=1.1,power=2 -s balanced >"$BATS_TEST_TMPDIR/csv"
    "$PYTHON" - "$BATS_TEST_TMPDIR/csv" <<'END'
import csv, sys
with open(sys.argv[1], newline="") as file:
    assert "\r" not in file.read()
with open(sys.argv[1], newline="") as file:
    rows = list(csv.DictReader(file, strict=True))
assert list(rows[0]) == ["id", "name", "pixels", "masks", "mask_pixels", "fraction",
                         "enet:c=1.1,power=2", "balanced"]
assert [row["name"] for row in rows] == ["background", "car", '"sign", old', "fence"]
assert [row["balanced"] for row in rows] == ["0.5", "1.0", "2.0", "2.0"]
END
}

@test "a format for one scheme refuses several before any mask is read" {
    for format in list npy lut keras yaml; do
        refuses "$format|one" broken -f $format -s balanced -s enet
        refuses "$format|one" broken -f $format -s all
    done
    refuses '--format|xml' broken -f xml
    refuses '--format|jsno|json' broken -f jsno
    refuses '--foreground-only' broken --foreground-only
    mw broken # which else is told of
    ended 2
    told broken/bad.png
}

@test "formats without ids refuse ids with gaps, and say what to do" {
    for format in list npy keras yaml; do
        refuses "$format|0, 255|--binary|--map 255=1 |--classes 256" -qq gaps -f $format
        refuses "$format|0, 2, 5|--map 2=1,5=2 |--classes 6" sparse.png -f $format
    done
    mw gaps -f list --binary
    clean
    [ "$output" = '[0.6666666666666666, 2.0]' ]
    mw sparse.png -qq -f list -n 6
    ended 0
    [ "$output" = '[0.6666666666666666, 0.0, 0.3333333333333333, 0.0, 0.0, 0.6666666666666666]' ]
    mw gaps -qq -f csv
    ended 0
    mw gaps -qq -f table
    ended 0
}

@test "keys of the document stand in the order of the design" {
    mw "${named[@]}" broken --keep-going -s enet
    ended 3
    expect 'list(d) == ["maskweight", "schema", "complete", "labels", "dataset", "classes", "weights",
            "findings", "failures"]' \
        'list(lab) == ["kind", "encoding", "declared", "classes", "values", "map",
         "reduce_zero_label", "ignore_index", "binary", "background", "unknown", "nodata", "alpha"]' \
        'list(data) == ["files", "masks", "empty_masks", "ignored_masks", "pixels", "ignored_pixels",
         "unknown_pixels", "in_empty_masks", "in_ignored_masks", "skipped_files", "failed_files",
         "most_ignored", "paths"]' \
        'list(data["in_empty_masks"]) == ["pixels", "ignored_pixels", "first"]' \
        'list(data["most_ignored"]) == ["masks", "first"]' \
        'list(data["in_ignored_masks"]) == ["ignored_pixels"]' 'list(data["paths"]) == ["count", "digest"]' \
        'all(list(e) == ["id", "name", "pixels", "masks", "mask_pixels", "mask_ignored_pixels",
             "in_empty_masks", "fraction"] for e in d["classes"])' \
        'list(c(0)["in_empty_masks"]) == ["pixels", "masks", "mask_pixels", "mask_ignored_pixels"]' \
        'list(d["weights"][0]) == ["scheme", "parameters", "normalize", "zero_class", "min_weight",
         "max_weight", "skip_empty", "ignored_in_total", "class_weight", "weight_share"]' \
        'list(d["weights"][0]["parameters"]) == ["c", "power"]' \
        'list(d["findings"][0]) == ["code", "severity", "message", "count", "first"]' \
        'list(d["failures"][0]) == ["source", "path", "error"]' 'd["schema"] == 1' \
        'lab["kind"] == "single-label"' 'lab["encoding"] == "index"' 'lab["map"] is None'
}

@test "reals have a decimal point, integers have none, and nothing is infinite or no number" {
    mw "${named[@]}" -s all --zero-class max -n 4 --min-weight 1e-7 -qq
    ended 0
    expect 'all(isinstance(value, float) for entry in d["weights"] for key in
             ("class_weight", "weight_share") for value in entry[key])' \
        'all(isinstance(entry["fraction"], float) for entry in d["classes"])' \
        'all(isinstance(value, (float, str)) for entry in d["weights"] for value in
             entry["parameters"].values())' \
        'isinstance(d["weights"][0]["min_weight"], float)' \
        'all(isinstance(entry[key], int) for entry in d["classes"] for key in
             ("id", "pixels", "masks", "mask_pixels"))' \
        'not any(word in text for word in ("nan", "inf,", "NaN", "Infinity"))'
    for format in list csv keras yaml; do
        mw "${named[@]}" -s dice:power=60 -f $format # 1/8^60 = 2^-180
        clean
        [[ $output =~ [0-9]\.[0-9]+e-55 ]] || fail "$output"
    done
}

@test "paths.digest is the sum of the FNV-1a hashes (128 bits) of the paths" {
    mw "${named[@]}"
    # shellcheck disable=SC2016
    digest='lambda text: __import__("functools").reduce(lambda h, byte: (h ^ byte) *
        (2**88 + 0x13b) % 2**128, text.encode(), 0x6c62272e07bb014262b821756295c58d)'
    expect "data['paths']['digest'] == '%032x' % (sum(map($digest,
        ('a.png', 'b.png', 'd.png', 'sub/c.tif'))) % 2**128)"
}
