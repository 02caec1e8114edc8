#!/usr/bin/env bats
# NumPy arrays, netpbm images and TIFFs of floating-point samples as masks.

load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    # 0: 4, 1: 3, 2: 1, 255: 1; 2 stands at x 2, y 1
    rows='0 0 1;1 1 2;255 0 0'
    masks <<END
all/a.npy --rows "$rows"
all/b.npy --rows "$rows" --bits 16 --byte-order MM --fortran
all/c.npy --rows "$rows" --bits 64 --signed
all/d.pgm --rows "$rows"
all/e.pgm --rows "$rows" --bits 16
all/f.pam --rows "$rows"
all/g.PGM --rows "$rows"
all/h.tif --rows "$rows" --bits 32 --reals
all/i.tif --rows "$rows" --bits 64 --reals --byte-order MM --compression deflate --predictor 3
all/j.png --rows "$rows"
stack/c.npy --rows "$rows" --pages 3
stack/fortran.npy --rows "$rows" --pages 3 --fortran --bits 16
stack/several.pgm --rows "$rows" --pages 3
stack/several.pam --rows "$rows" --pages 3 --bits 16
tail.npy --rows "$rows" --trailing 5
tail.pgm --rows "$rows" --trailing 1
signed.npy --rows "0 -1;-128 1" --signed
colour.ppm --rows "#804080 #804080;#0000FF #000000"
colour.pam --rows "#804080FF #80408000;#0000FFFF #00000000"
colour16.ppm --rows "#808040408080 #808040408080;#00000000FFFF #000000000000" --bits 16
END
    printf '128 64 128 road\n0 0 255 car\n0 0 0 void\n' >colours
    "$PYTHON" -S - <<'END'
import os, struct, sys
sys.path.insert(0, os.environ["MW_SOURCE"] + "/tests")
import masks
rows = [[0, 0, 1], [1, 1, 2], [255, 0, 0]]
masks.save("bool.npy", masks.npy([[[0, 1], [1, 1]]], "b1"))
# 9 is no class; in each it first stands at x 3, y 1 of the second mask.
first, second = [[0] * 5, [1] * 5], [[0, 1, 0, 1, 1], [0, 0, 0, 9, 9]]
masks.save("place/c.npy", masks.npy([first, second], "u2", ">", stack=True))
masks.save("place/fortran.npy", masks.npy([first, second], "u1", "<", True, stack=True))
masks.save("place/several.pgm", masks.netpbm(first) + masks.netpbm(second, "pam", 300))
masks.save("one/c.npy", masks.npy([second]))
masks.save("one/fortran.npy", masks.npy([second], "i4", ">", True))
masks.save("one/p5.pgm", masks.netpbm(second, "pgm", 1000))
masks.save("one/float.tif", masks.tiff([{"rows": second, "bits": 32, "sample_format": masks.REAL,
                                        "tile": (16, 16)}]))
# Refused ones.
def real(name, value, bits=32, **page):
    image = [[0.0, 1.0], [1.0, value]]
    masks.save(name, masks.tiff([{"rows": image, "bits": bits, "sample_format": masks.REAL, **page}]))
nan, infinite = float("nan"), float("inf")
real("real/fraction.tif", 0.5)
real("real/nan.tif", nan)
real("real/nan-64.tif", nan, 64)
real("real/infinite.tif", infinite, 64)
real("real/large.tif", 4294967296.0)
real("nan-nodata.tif", nan, nodata="nan")
real("nan-nodata-64.tif", nan, 64, nodata="NaN ")
real("nodata.tif", -9999.0, nodata="-9999")
real("least-nodata.tif", -3.4028234663852886e38, nodata="-3.4028234663852886e+38")
real("fraction-nodata.tif", 0.5, nodata="0.5")
masks.save("whole-and-nan.tif", masks.tiff([{"rows": [[0.0, 1.0], [nan, nan]], "bits": 32,
                                            "sample_format": masks.REAL, "nodata": "nan"}]))
real("inf-nodata.tif", infinite, nodata="inf")
real("inf-nodata-64.tif", -infinite, 64, nodata="-Infinity")
real("inf-nodata-elsewhere.tif", 1.0, nodata="inf")
real("inf-other.tif", infinite, nodata="-inf")
real("none-nodata.tif", nan, nodata="none")
floats = struct.pack("<4f", 0, 1, 1, 0)
masks.save("kind/float.npy", masks.npy_file(masks.npy_header("<f4", False, (2, 2)), floats))
masks.save("kind/object.npy", masks.npy_file(masks.npy_header("|O", False, (2, 2)), bytes(32)))
masks.save("kind/unsigned.npy", masks.npy_file(masks.npy_header("<u8", False, (2, 2)), bytes(32)))
masks.save("kind/vector.npy", masks.npy_file(masks.npy_header("|u1", False, (4,)), bytes(4)))
masks.save("kind/batch.npy", masks.npy_file(masks.npy_header("|u1", False, (1, 1, 2, 2)), bytes(4)))
masks.save("kind/large.npy", masks.npy([[[0, 2**31]]], "i8"))
masks.save("kind/plain.pgm", b"P2\n2 1\n255\n0 1\n")
masks.save("kind/1-bit.pgm", b"P4\n8 1\n\xff")
# Every beginning of sound files.
image = [[0, 1, 2], [3, 4, 5]]
sound = {"npy": masks.npy([image], "u2", ">"), "fortran.npy": masks.npy([image] * 2, "i8", "<", True,
                                                                       2, stack=True),
         "pgm": masks.netpbm(image), "16.pgm": masks.netpbm(image, "pgm", 300),
         "pam": masks.netpbm(image, "pam")}
for name, data in sound.items():
    masks.save(f"sound/a.{name}", data)
    for size in range(len(data)):
        masks.save(f"cut/{size:03d}.{name}", data[:size])
END
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return
}

# counted ID:PIXELS...: these are the classes of the CSV in $output. Quicker than `expect` where only
# the pixels matter.
counted() {
    local id pixels found=()
    # shellcheck disable=SC2154 # set by mw
    while IFS=, read -r id _ pixels _; do found+=("$id:$pixels"); done <<<"$output"
    [ "${found[*]:1}" = "$*" ] || fail "instead of $*: ${found[*]:1}"
}

@test "the same mask counts the same in every container" {
    for mask in all/*; do
        mw "$mask" --ignore-index 255 -f csv
        clean
        counted 0:4 1:3 2:1
    done
    mw all --ignore-index 255 # found in a directory by their suffixes, in any case
    clean
    expect 'px == {0: 40, 1: 30, 2: 10}' 'data["files"] == 10' 'data["masks"] == 10' \
        'data["skipped_files"] == 0' 'data["ignored_pixels"] == 10' 'c(2)["mask_pixels"] == 80'
}

@test "the document is the same for any number of jobs" {
    for jobs in 1 2 8; do
        "$MASKWEIGHT" -qq -j $jobs all stack bool.npy --ignore-index 255 >"$BATS_TEST_TMPDIR/$jobs"
        same "$BATS_TEST_TMPDIR/1" "$BATS_TEST_TMPDIR/$jobs"
    done
}

@test "a stack of arrays and several images in a file are several masks" {
    for mask in stack/*; do
        mw "$mask" --ignore-index 255
        clean
        expect 'px == {0: 12, 1: 9, 2: 3}' 'data["files"] == 1' 'data["masks"] == 3' \
            'c(2)["masks"] == 3' 'data["ignored_pixels"] == 3'
    done
}

@test "masks come on standard input too" {
    for mask in all/b.npy all/e.pgm all/f.pam all/i.tif; do
        mw - --ignore-index 255 <"$mask" -f csv
        clean
        counted 0:4 1:3 2:1
    done
}

@test "truth values are 0 and 1, and negative elements are no classes" {
    mw bool.npy -f csv
    clean
    counted 0:1 1:3
    mw signed.npy
    ended 2
    told 'signed.npy: error: ' '2 values' '-1 (1 pixel, first at x 1, y 0)' \
        '-128 (1 pixel, first at x 0, y 1)'
    mw signed.npy --map '-128--1=ignore'
    clean
    expect 'px == {0: 1, 1: 1}' 'data["ignored_pixels"] == 2'
}

@test "the place of a value is column and row, in whichever order it is stored" {
    for mask in one/*; do
        mw -n 2 "$mask"
        ended 2
        told "$mask: error: " 'value 9 is no class' '2 pixels, first at x 3, y 1'
    done
    mw -n 2 place
    ended 2
    told 'place/c.npy: error: mask 2: value 9 ' 'place/fortran.npy: error: mask 2: value 9 ' \
        'place/several.pgm: error: image 2: value 9 '
    # shellcheck disable=SC2154 # set by mw
    [ "$(grep -c '2 pixels, first at x 3, y 1' <<<"$stderr")" -eq 3 ] || fail "$stderr"
}

@test "what follows the end is a finding, and is not read" {
    for mask in tail.npy tail.pgm; do
        mw "$mask" --ignore-index 255
        ended 0
        expect 'px == {0: 4, 1: 3, 2: 1}' 'codes == ["trailing-data"]' \
            "f('trailing-data')['first'][0]['path'] == '$mask'"
    done
}

@test "content counts, whatever the suffix says, and a finding tells" {
    cp all/b.npy "$BATS_TEST_TMPDIR/a.png"
    cp all/d.pgm "$BATS_TEST_TMPDIR/b.npy"
    cp all/j.png "$BATS_TEST_TMPDIR/c.pam"
    mw "$BATS_TEST_TMPDIR"/[abc].* --ignore-index 255
    ended 0
    expect 'px == {0: 12, 1: 9, 2: 3}' 'f("suffix-mismatch")["count"] == 3'
    cp all/d.pgm "$BATS_TEST_TMPDIR/d.pam" # the same format
    mw "$BATS_TEST_TMPDIR/d.pam" --ignore-index 255
    expect 'codes == []'
}

@test "colour in netpbm needs --encoding rgb" {
    mw colour.ppm
    ended 2
    told 'colour.ppm: error: RGB' '--encoding rgb'
    for mask in colour.ppm colour16.ppm colour.pam; do
        mw $mask --encoding rgb -c colours -f csv
        clean
        counted 0:2 1:1 2:1
    done
    mw colour.pam --encoding rgb -c colours --alpha use -qq
    ended 0
    expect 'px == {0: 1, 1: 1, 2: 0}' 'data["ignored_pixels"] == 2'
}

@test "arrays and images that are no masks are refused by what they are" {
    refused() {
        mw "kind/$1"
        ended 2
        told "kind/$1: error: " "${@:2}"
    }
    refused float.npy '<f4' 'whole numbers'
    refused object.npy descr
    refused unsigned.npy '<u8'
    refused vector.npy '1 dimensions'
    refused batch.npy '4 dimensions'
    refused large.npy 2147483648 '64 bits'
    refused plain.pgm 'not a mask'
    refused 1-bit.pgm 'not a mask'
}

@test "every beginning of a sound file is an error, and counts for nothing" {
    mw sound
    clean
    local cuts=(cut/*)
    mw cut -v
    ended 2
    told 'no mask could be counted'
    [ "$(grep -c '^maskweight: cut/.*: error: ' <<<"$stderr")" -eq ${#cuts[@]} ]
    mw cut sound --keep-going
    ended 3
    expect 'data["files"] == 5' 'data["masks"] == 6' \
        "data['failed_files'] == ${#cuts[@]}" 'px == {i: 6 for i in range(6)}'
}

# TIFFs of floating-point samples.

@test "a fraction, no number and what needs more than 32 bits are refused by value" {
    mw real
    ended 2
    told 'real/fraction.tif: error: ' '0.5 is not a whole number' 'real/nan.tif: error: ' nan \
        'real/nan-64.tif: error: ' 'real/infinite.tif: error: ' inf 'real/large.tif: error: ' \
        '4.2949673e+09'
    [ "$(grep -c '^maskweight: real/.*: error: ' <<<"$stderr")" -eq 5 ]
}

@test "what a file of floating-point samples names as nodata is left out" {
    for mask in nodata.tif nan-nodata.tif nan-nodata-64.tif; do
        mw $mask
        clean
        expect 'px == {0: 1, 1: 2}' 'data["ignored_pixels"] == 1'
        mw $mask -n 2 --nodata use
        clean
        expect 'px == {0: 1, 1: 2}' 'data["ignored_pixels"] == 1'
    done
    mw whole-and-nan.tif
    clean
    expect 'px == {0: 1, 1: 1}' 'data["ignored_pixels"] == 2'
    mw nodata.tif --nodata count
    ended 2
    told 'value -9999 is no class'
}

# GDAL's usual nodata of floating-point rasters, and any other that is no whole number.
@test "nodata that is no whole number of 32 bits is left out too" {
    mw least-nodata.tif
    clean
    expect 'px == {0: 1, 1: 2}' 'data["ignored_pixels"] == 1'
    mw fraction-nodata.tif
    clean
    expect 'px == {0: 1, 1: 2}' 'data["ignored_pixels"] == 1'
}

@test "nodata may be infinite, and a word that is no number is none" {
    for mask in inf-nodata.tif inf-nodata-64.tif; do
        mw $mask
        clean
        expect 'px == {0: 1, 1: 2}' 'data["ignored_pixels"] == 1'
    done
    mw inf-nodata-elsewhere.tif -n 2
    clean
    expect 'px == {0: 1, 1: 3}' 'data["ignored_pixels"] == 0'
    mw inf-other.tif
    ended 2
    told 'the floating-point value inf is not a whole number'
    mw none-nodata.tif
    ended 2
    [[ ${stderr#*error: } == *nan* ]] || fail "$stderr"
    mw --inspect inf-nodata.tif
    clean
    [[ $output == *$'\nnodata    inf\n'* ]] || fail "$output"
}

@test "no number that is counted like any other value is refused as what it is" {
    mw nan-nodata.tif --nodata count
    ended 2
    [[ ${stderr#*error: } == *nan* ]] || fail "$stderr"
}
