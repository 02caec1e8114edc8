#!/usr/bin/env bats
# From sample to class: declared classes, ignored, unknown and background values, binary, names.

load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    tiny tiny
    # 9 first stands at x 3, y 1; decoding an interlaced image meets x 0, y 2 before it.
    masks <<'END'
plain.png --rows "0 1 1 1 0;0 0 0 9 0;9 1 1 1 1;0 0 0 0 0"
adam7.png --rows "0 1 1 1 0;0 0 0 9 0;9 1 1 1 1;0 0 0 0 0" --interlaced
adam7-2bit.png --rows "0 1 1 1 0;0 0 0 3 0;3 1 1 1 1;0 0 0 0 0" --bits 2 --interlaced
binary/a.png --rows "0 255;0 255"
binary/b.png --rows "0 0;0 0"
ade.png --rows "0 1 2;150 255 255"
wide/16.png --rows "0 1;300 65535" --bits 16
wide/16.tif --rows "0 1;300 65535" --bits 16 --byte-order MM
wide/32.tif --rows "0 70000;70000 4294967295" --bits 32
signed/8.tif --rows "-1 0;1 -1" --signed
signed/32.tif --rows "-2147483648 0;1 1" --bits 32 --signed
colour/rgb.png --rows "0 1" --colour rgb
colour/rgba.png --rows "0 1" --colour rgba
colour/rgb.tif --rows "0 1" --samples-per-pixel 3 --photometric 2
alpha.png --rows "0 3 3" --colour grey-alpha
palette.png --rows "0 3 3" --colour palette --palette 4 --bits 4
END
    "$PYTHON" - <<'END'
import os, sys
sys.path.insert(0, os.environ["MW_SOURCE"] + "/tests")
import masks
rows = [[0] * 20 for _ in range(20)]
rows[3][18] = rows[5][2] = 9  # the second stands in the first tile
masks.save("tiled.tif", masks.tiff([{"rows": rows, "tile": (16, 16)}]))
masks.save("pages.tif", masks.tiff([{"rows": [[0, 1]]}, {"rows": [[0, 0], [1, 9]]},
                                   {"rows": [[9, 9]]}]))
END
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return
}

# finds MASK TEXT...: with two classes the mask fails, and its one line holds the TEXTs.
finds() {
    mw -n 2 "$1"
    ended 2 || return
    [ -z "$output" ] || fail "standard output: $output" || return
    # shellcheck disable=SC2154 # set by mw
    [ "$(grep -c "^maskweight: $1: error: " <<<"$stderr")" -eq 1 ] || fail "$stderr" || return
    told "${@:2}"
}

# Unknown values.

@test "a value that is no class fails its mask, with value, pixels and first place" {
    finds plain.png 'value 9 ' '0 to 1' '2 pixels, first at x 3, y 1'
    finds adam7.png 'value 9 ' '2 pixels, first at x 3, y 1'
    finds adam7-2bit.png 'value 3 ' '2 pixels, first at x 3, y 1'
    finds tiled.tif 'value 9 ' '2 pixels, first at x 18, y 3'
    finds wide/16.png '2 values' '300 (1 pixel, first at x 0, y 1)' '65535 (1 pixel, first at x 1, y 1)'
    finds wide/16.tif '2 values' '300 (1 pixel, first at x 0, y 1)' '65535 (1 pixel, first at x 1, y 1)'
    finds wide/32.tif '2 values' '70000 (2 pixels, first at x 1, y 0)' \
        '4294967295 (1 pixel, first at x 1, y 1)'
    finds signed/8.tif 'value -1 ' '2 pixels, first at x 0, y 0'
    mw - -n 2 <adam7.png
    ended 2
    told 'value 9 ' 'x 3, y 1'
}

@test "in a TIFF of several pages the place of an unknown value names its page" {
    finds pages.tif 'page 2' 'value 9 ' '1 pixel, first at x 1, y 1'
}

@test "a mask that fails counts for nothing, not even its other pages" {
    mw -n 2 pages.tif tiny/b.png --keep-going
    ended 3
    expect 'px == {0: 4, 1: 0}' 'data["masks"] == 1' 'data["failed_files"] == 1' \
        'd["failures"][0]["source"] == 1'
}

@test "the failure says what may help" {
    mw binary -n 2
    told 'binary/a.png: error: ' '--binary'
    mw -n 3 --keep-going tiny/a.png
    told '--ignore-index 255'
    mw signed/8.tif
    ended 2
    told 'signed/8.tif: error: ' '-1' '--ignore-index'
}

@test "--unknown ignore leaves unknown values out and counts them" {
    mw plain.png -n 2 --unknown ignore
    ended 0
    told plain.png '[unknown-label]'
    expect 'px == {0: 11, 1: 7}' 'data["unknown_pixels"] == 2' 'data["pixels"] == 18' \
        'data["ignored_pixels"] == 0' 'c(0)["mask_pixels"] == 18' 'lab["unknown"] == "ignore"'
    mw signed wide/32.tif -n 2 --unknown ignore
    ended 0
    expect 'px == {0: 3, 1: 3}' 'data["unknown_pixels"] == 6'
    mw plain.png -n 2 --unknown error
    ended 2
}

# Ignored values.

@test "--ignore-index takes values, lists and ranges, and repeats" {
    for list in '2,255' '2 255' '2,250-255' '255,2,255' '2-2,254-256'; do
        # shellcheck disable=SC2046,SC2086 # one option a word
        mw tiny $(printf -- '--ignore-index %s ' $list)
        clean
        expect 'px == {0: 8, 1: 4, 3: 2}' 'data["ignored_pixels"] == 8' 'data["pixels"] == 14'
    done
    mw tiny --ignore-index 0,250-255
    expect 'lab["ignore_index"] == [0, [250, 255]]' 'px == {1: 4, 2: 2, 3: 2}'
    mw signed --ignore-index -2147483648--1
    clean
    expect 'px == {0: 2, 1: 3}' 'data["ignored_pixels"] == 3'
    for list in '' a '1,' ',1' '1,,2' 5-3 1- 1.5 '1 2' 99999999999999999999; do
        refuses '--ignore-index' tiny --ignore-index "$list"
    done
}

@test "--reduce-zero-label ignores 0 and 255, lowers the others, and has no background" {
    mw ade.png --reduce-zero-label
    clean
    expect 'px == {0: 1, 1: 1, 149: 1}' 'data["ignored_pixels"] == 3' 'data["empty_masks"] == 0' \
        'lab["background"] == []' 'lab["reduce_zero_label"] is True'
    mw ade.png --reduce-zero-label --ignore-index 149 # as it is after lowering
    clean
    expect 'px == {0: 1, 1: 1}' 'data["ignored_pixels"] == 4'
    mw ade.png --reduce-zero-label --background 0,1,149
    clean
    expect 'data["empty_masks"] == 1'
    mw ade.png --reduce-zero-label -n 150
    ended 0
    expect 'n(149) == 1' 'len(d["classes"]) == 150'
    mw ade.png --reduce-zero-label -n 149
    ended 2
    told 'value 150 ' '1 pixel, first at x 0, y 1' # as it is stored
}

@test "a mask whose every pixel is ignored is counted as such, and is not an empty one" {
    mw tiny --ignore-index 255
    clean
    expect 'data["ignored_masks"] == 1' 'data["empty_masks"] == 1' \
        'data["in_ignored_masks"] == {"ignored_pixels": 2}' 'f("ignored-mask")["count"] == 1' \
        'data["in_empty_masks"]["pixels"] == 4' \
        'c(0)["in_empty_masks"] == {"pixels": 4, "masks": 1, "mask_pixels": 4, "mask_ignored_pixels": 0}' \
        'c(1)["in_empty_masks"]["masks"] == 0'
    mw tiny/d.png --ignore-index 255
    ended 0
    expect 'px == {}' 'data["pixels"] == 0' 'codes == ["ignored-mask", "nothing-to-weigh"]'
    told '[nothing-to-weigh]'
}

# Binary masks.

@test "--binary makes everything but 0 class 1" {
    mw binary --binary
    clean
    expect 'px == {0: 6, 1: 2}' 'lab["binary"] == "nonzero"' 'data["empty_masks"] == 1' \
        'lab["declared"] is True' 'lab["classes"] == 2'
    mw tiny --binary --ignore-index 255
    clean
    expect 'px == {0: 8, 1: 8}' 'data["ignored_pixels"] == 6'
    mw tiny/b.png --binary # both classes are declared, one does not occur
    ended 0
    expect 'px == {0: 4, 1: 0}' 'codes == ["absent-class"]'
}

@test "--threshold makes T and above class 1" {
    mw tiny --threshold 2
    clean
    expect 'px == {0: 12, 1: 10}' 'lab["binary"] == 2'
    mw tiny --threshold 3 --ignore-index 255
    expect 'px == {0: 14, 1: 2}'
    mw wide --threshold 4294967295
    ended 0
    expect 'n(1) == 1'
    for value in 0 -1 abc 1.5 '' 99999999999 4294967296; do
        refuses '--threshold' tiny --threshold "$value"
    done
}

@test "settings that exclude each other are refused" {
    refuses '--binary|--threshold' tiny --binary --threshold 3
    refuses '--binary|--threshold' tiny --threshold 3 --binary
    refuses '--binary|2 classes' tiny --binary -n 3
    refuses '2 classes' tiny --threshold 1 --class-map tiny.txt
}

# Background.

@test "--background takes a list or none, and decides which masks are empty" {
    mw tiny --ignore-index 255 --background 0-2
    clean
    expect 'data["empty_masks"] == 2' 'lab["background"] == [[0, 2]]' \
        '{**data["in_empty_masks"], "first": 0} == {"pixels": 11, "ignored_pixels": 1, "first": 0}'
    mw tiny --ignore-index 255 --background none
    clean
    expect 'data["empty_masks"] == 0' 'lab["background"] == []'
    refuses '--background|4' tiny --ignore-index 255 -n 4 --background 0,4
    refuses '--background|-1' tiny --background=-1
    refuses '--background' tiny --background some
    refuses '--background|none' tiny --background none --background 1
    mw tiny --ignore-index 255 --background 7 # without declared classes any id may come
    clean
    expect 'data["empty_masks"] == 0'
}

# Names.

@test "--class-map names the classes and declares as many" {
    mw tiny --ignore-index 255 --class-map tiny.txt
    clean
    expect '[e["name"] for e in d["classes"]] == ["background", "car", "\"sign\", old", "fence"]' \
        'lab["declared"] is True' 'lab["classes"] == 4'
    printf '\xef\xbb\xbfone\r\ntwo\r\nth ree\r\nвіз' >windows.txt
    mw tiny --ignore-index 255 -c windows.txt -n 4
    clean
    expect '[e["name"] for e in d["classes"]] == ["one", "two", "th ree", "віз"]'
    mw "$SAMPLE" --class-map "$MW_SOURCE/data/names.txt" --ignore-index 255
    clean
    expect '[e["name"] for e in d["classes"]] == [e["name"] for e in sample["classes"]]'
}

@test "a broken list of names is refused with its line" {
    refuse_names() {
        printf '%b' "$2" >names.txt
        refuses "names.txt: |$1" tiny --class-map names.txt
    }
    refuse_names 'line 2|empty' 'a\n\nb\n'
    refuse_names 'line 3|empty' 'a\nb\n\n'
    refuse_names 'line 1|UTF-8' 'a\xff\nb\n'
    refuse_names 'line 2|control' 'a\nb\tc\n'
    refuse_names 'line 3|name|line 1' 'a\nb\na\n'
    refuse_names 'no class' ''
    refuses 'missing.txt: ' tiny --class-map missing.txt
    refuses 'tiny.txt|4|3' tiny --class-map tiny.txt -n 3
    refuses 'twice' tiny --class-map tiny.txt -c tiny.txt
    refuses 'tiny: |directory' tiny --class-map tiny
}

# What a sample is.

@test "samples of 16 and 32 bits are counted whole" {
    mw wide
    ended 0
    expect 'px == {0: 3, 1: 2, 300: 2, 65535: 2, 70000: 2, 4294967295: 1}'
}

@test "palette indices are counted as stored, and of grey with alpha the grey" {
    mw palette.png
    clean
    expect 'px == {0: 1, 3: 2}'
    mw alpha.png
    clean
    expect 'px == {0: 1, 3: 2}'
}

@test "colour images are refused by what they are" {
    mw colour
    ended 2
    [ -z "$output" ]
    told 'colour/rgb.png: error: RGB' 'colour/rgba.png: error: RGBA' \
        'colour/rgb.tif: error: RGB' '--encoding rgb' 'no mask could be counted'
}
