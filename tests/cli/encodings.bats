#!/usr/bin/env bats
# Masks that hold no clean ids: colours, instances, transparent pixels, nodata, and values that --map
# changes.

load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    # road 3, car 2, void 1
    colours='#804080 #804080 #804080;#0000FF #0000FF #000000'
    wide='#808040408080 #808040408080 #808040408080;#00000000FFFF #00000000FFFF #000000000000'
    # unknown red, 2 pixels, first at x 1, y 1
    odd='#804080 #804080 #804080;#804080 #FF0000 #0000FF;#FF0000 #000000 #000000'
    # road 3, of them 1 transparent; car 2, of them 1 transparent; void 1
    alpha='#804080FF #80408000 #804080FE;#0000FF01 #0000FF00 #000000FF'
    wide_alpha='#808040408080FFFF #8080404080800000 #80804040808000FF;'
    wide_alpha+='#00000000FFFF0001 #00000000FFFF0000 #000000000000FF00'
    masks <<END
rgb/a.png --colour rgb --rows "$colours"
rgb/b.png --colour rgb --rows "$colours" --interlaced --filters mixed
rgb/c.png --colour rgb --bits 16 --rows "$wide"
rgb/d.png --colour rgba --rows "$colours"
rgb/e.png --colour palette --bits 2 --palette "#000000,#804080,#0000FF" --rows "1 1 1;2 2 0"
rgb/f.tif --samples-per-pixel 3 --photometric 2 --rows "$colours"
rgb/g.tif --samples-per-pixel 3 --photometric 2 --rows "$colours" --planar 2 --compression lzw
rgb/h.tif --samples-per-pixel 3 --photometric 2 --rows "$colours" --tile 16x16 --planar 2 --byte-order MM
rgb/i.tif --samples-per-pixel 3 --photometric 2 --rows "$wide" --bits 16 --tile 32x16
rgb/j.tif --samples-per-pixel 3 --photometric 2 --rows "$wide" --bits 16 --byte-order MM
rgb/k.tif --samples-per-pixel 4 --photometric 2 --extra-samples 0 --rows "$alpha"
rgb/l.tif --photometric 3 --rows "1 1 1;2 2 0" --bits 4 --palette "#000000,#804080,#0000FF"
odd/png.png --colour rgb --rows "$odd"
odd/adam7.png --colour rgb --interlaced --rows "$odd"
odd/planar.tif --samples-per-pixel 3 --photometric 2 --planar 2 --rows "$odd"
odd/palette.png --colour palette --palette "#000000,#FF0000,#804080" --rows "2 2 2;2 1 0;1 2 0"
several.png --colour rgb --rows "#010101 #FFFFFF #FFFFFF;#010101 #804080 #FFFFFF"
inexact.png --colour rgb --bits 16 --rows "#808040408080 #808140408080;#808040408080 #0000FFFFFFFF"
grey.png --rows "0 0 128;0 255 128"
grey16.png --rows "0 300" --bits 16
grey16.tif --rows "0 300" --bits 16
signed.tif --rows "0 -1" --signed
beyond.png --colour palette --bits 4 --palette "#000000,#804080" --rows "0 1 7"
alpha/rgba.png --colour rgba --rows "$alpha"
alpha/adam7.png --colour rgba --interlaced --rows "$alpha"
alpha/wide.png --colour rgba --bits 16 --rows "$wide_alpha"
alpha/rgba.tif --samples-per-pixel 4 --photometric 2 --extra-samples 2 --rows "$alpha"
alpha/planar.tif --samples-per-pixel 4 --photometric 2 --extra-samples 1 --planar 2 --rows "$alpha"
no-alpha.tif --samples-per-pixel 4 --photometric 2 --extra-samples 0 --rows "#804080FF #80408000"
grey-alpha.png --colour grey-alpha --rows "#0000 #01FF #0100;#02FF #0900 #0001"
veiled.png --colour rgba --rows "#FF000000 #804080FF #FF0000FF"
ade20k.png --colour rgb --rows "#0A0507 #130508 #00C800;#0000FF #1E0001 #0A0500"
ids.png --rows "0 1 2 3;11 12 33 255"
small.png --bits 16 --rows "0 26 255 256;999 1000 26001 65535"
negative.tif --rows "-1 0;1 -128" --signed
nodata/byte.tif --rows "0 1 255;1 255 255" --nodata 255
nodata/tiles.tif --rows "0 1 255;1 255 255" --nodata 255 --tile 16x16 --compression deflate --bigtiff
nodata/signed.tif --rows "0 1 -9999;1 -9999 -9999" --bits 16 --signed --nodata -9999
nodata/real.tif --rows "0 1 -9999;1 -9999 -9999" --bits 32 --reals --nodata -9999.0
nodata/written.tif --rows "0 1 255;1 255 255" --nodata "2.55e2 "
zero.tif --rows "0 1 1;2 0 0" --nodata 0
one.tif --rows "0 1 1;2 0 0" --nodata 1
plain.tif --rows "0 1 1;2 0 0"
END
    for nodata in -9999 -1 256 300 70000 1e10 -3.4e38 0.5 nan none ''; do
        echo "elsewhere/${nodata:-empty}.tif --rows '0 1 1;1 0 0' '--nodata=$nodata'"
    done | masks
    "$PYTHON" -S - <<'END'
import os, sys
sys.path.insert(0, os.environ["MW_SOURCE"] + "/tests")
import masks
rows = [[0, 1], [1, 255]]
masks.save("pages.tif", masks.tiff([{"rows": rows, "nodata": "255"}, {"rows": rows},
                                    {"rows": rows, "nodata": "7"}]))
page = {"rows": masks.constant(32, 16, 1), "tile": (16, 16), "sparse": (1,), "nodata": "255"}
masks.save("sparse.tif", masks.tiff([page]))
# 256 pixels red, and 256 in a tile that is not stored
red = [[(255, 0, 0)] * 32 for _ in range(16)]
rgb = {"rows": red, "samples_per_pixel": 3, "photometric": 2, "tile": (16, 16), "sparse": (1,)}
masks.save("sparse-rgb.tif", masks.tiff([{**rgb, "nodata": "255"}]))
masks.save("sparse-planar.tif", masks.tiff([{**rgb, "nodata": "255", "planar": 2, "sparse": (1, 3, 5)}]))
masks.save("sparse-black.tif", masks.tiff([rgb]))
veiled = [[(255, 0, 0, 255)] * 32 for _ in range(16)]
masks.save("sparse-alpha.tif", masks.tiff([{**rgb, "rows": veiled, "samples_per_pixel": 4, "extra_samples": 2}]))
label = [[(7, 255)] * 32 for _ in range(16)]
masks.save("sparse-label.tif", masks.tiff([{"rows": label, "samples_per_pixel": 2, "extra_samples": 2,
                                            "tile": (16, 16), "sparse": (1,)}]))
fax = masks.tiff([{"rows": [[1] * 8] * 4, "bits": 1, "compression": "ccitt-g4", "tags": {277: (masks.SHORT, [3])}}])
masks.save("fax.tif", fax)
masks.save("white.tif", masks.tiff([{"rows": [[(255, 0, 0), (255, 255, 255)]], "samples_per_pixel": 3,
                                     "photometric": 2, "nodata": "255"}]))
for nodata in (65535, 300):
    masks.save(f"wide-{nodata}.tif", masks.tiff([{
        "rows": [[(65535, 0, 0), (nodata,) * 3]], "bits": 16, "samples_per_pixel": 3, "photometric": 2,
        "nodata": str(nodata)}]))
for kind in (1, 2, 4, 8, 16, 32, "f32", "f64"):
    bits, real = (int(kind[1:]), {"sample_format": masks.REAL}) if isinstance(kind, str) else (kind, {})
    masks.save(f"sparse-of-2/{kind}.tif", masks.tiff([{
        "rows": [[(1, 1)] * 32 for _ in range(16)], "bits": bits, "samples_per_pixel": 2, "tile": (16, 16),
        "sparse": (1,), **real}]))
size = {256: (masks.LONG, [2500]), 257: (masks.LONG, [2000]), 278: (masks.LONG, [2000])}
for codec, planar in (("deflate", 1), ("none", 1), ("none", 2)): # libtiff cuts the second into many strips
    masks.save(f"sparse-strip-{codec}-{planar}.tif", masks.tiff([{
        "rows": [[(1, 1)]], "samples_per_pixel": 2, "sparse": (0, 1), "compression": codec, "planar": planar,
        "tags": size}]))
masks.save("many.tif", masks.tiff([{"rows": [[1]], "samples_per_pixel": 5000}]))
masks.save("palette-2.tif", masks.tiff([{"rows": [[1, 2]], "samples_per_pixel": 2, "photometric": 3}]))
masks.save("grey-alpha-3.tif", masks.tiff([{"rows": [[1, 2]], "samples_per_pixel": 3, "extra_samples": 2}]))
END
    printf '128 64 128 road\n0 0 255 car\n0 0 0 void\n' >colours
    printf 'road\ncar\nvoid\n' >names
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

# Colours.

@test "--encoding rgb finds classes by colour, however the colours are stored" {
    for mask in rgb/*; do
        mw "$mask" --encoding rgb -c colours -f csv
        clean
        counted 0:3 1:2 2:1
    done
    mw rgb --encoding rgb -c colours
    clean
    expect 'px == {0: 36, 1: 24, 2: 12}' 'data["masks"] == 12' 'lab["encoding"] == "rgb"' \
        'c(0)["name"] == "road"'
}

@test "every colour-coded variant has the colours that it was made of" {
    "$PYTHON" -S - <<'END'
import json, os, subprocess, sys
sys.path.insert(0, os.environ["MW_SOURCE"] + "/tests")
import masks
paints = ["#%02X%02X%02X" % paint for paint in masks.PAINTS]
with open("paints.json", "w") as file:
    json.dump({"maskweight_class_map": 1,
               "classes": [{"id": i, "color": paint} for i, paint in enumerate(paints)]}, file)
wrong, number = [], 0
for number, (name, data, found) in enumerate(masks.colour(), 1):
    masks.save(name, data)
    run = subprocess.run([os.environ["MASKWEIGHT"], "-qq", name, "--encoding", "rgb",
                          "-c", "paints.json"], capture_output=True, text=True)
    if run.returncode:
        wrong.append(f"{name}: {run.stderr}")
        continue
    document = json.loads(run.stdout)
    pixels = {paints[entry["id"]]: entry["pixels"] for entry in document["classes"]
              if entry["pixels"]}
    if pixels != found:
        wrong.append(f"{name}: {pixels} instead of {found}")
sys.exit("\n".join(wrong) or number < 90)
END
}

@test "the document is the same for any number of jobs" {
    for jobs in 1 2 8; do
        "$MASKWEIGHT" -qq -j $jobs rgb alpha --encoding rgb -c colours --alpha use \
            >"$BATS_TEST_TMPDIR/$jobs"
        same "$BATS_TEST_TMPDIR/1" "$BATS_TEST_TMPDIR/$jobs"
    done
}

@test "an unknown colour is named with its pixels and its first place" {
    for mask in odd/*; do
        mw "$mask" --encoding rgb -c colours
        ended 2
        [ -z "$output" ]
        told "$mask: error: " 'colour #FF0000 is no class' '2 pixels, first at x 1, y 1'
    done
    mw several.png --encoding rgb -c colours
    ended 2
    told '2 colours are no class' '#FFFFFF (3 pixels, first at x 1, y 0)' \
        '#010101 (2 pixels, first at x 0, y 0)'
    mw odd/png.png --encoding rgb -c colours --unknown ignore
    ended 0
    expect 'px == {0: 4, 1: 1, 2: 2}' 'data["unknown_pixels"] == 2'
}

@test "a colour of 16 bits is one of 8 bits only if it is exactly that" {
    mw inexact.png --encoding rgb -c colours
    ended 2
    told '2 colours are no class' '#804080' '16 bits' '1 pixel, first at x 1, y 0' '#00FFFF' \
        '1 pixel, first at x 1, y 1'
    mw inexact.png --encoding rgb -c colours --unknown ignore -qq
    ended 0
    expect 'n(0) == 2' 'data["unknown_pixels"] == 2'
}

@test "colours without --encoding rgb are refused with what to do" {
    for mask in rgb/[abcdfghijk].*; do
        mw "$mask"
        ended 2
        [ -z "$output" ]
        told "$mask: error: RGB" '--encoding rgb'
        mw "$mask" -c colours
        ended 2
        told '--encoding rgb'
    done
    mw rgb/e.png -c colours # indices
    clean
    expect 'px == {0: 1, 1: 3, 2: 2}'
    mw rgb/l.tif -c colours -f csv
    clean
    counted 0:1 1:3 2:2
}

@test "--encoding rgb without colours to compare with is refused" {
    refuses '--encoding rgb|--class-map' rgb --encoding rgb
    refuses '--encoding rgb|--class-map' rgb --encoding rgb -n 3
    refuses 'names: line 1|colour|--encoding rgb' rgb --encoding rgb -c names
}

@test "a grey of 8 bits is a colour, other values are none" {
    printf '0 0 0 a\n128 128 128 b\n255 255 255 c\n' >greys
    mw grey.png --encoding rgb -c greys -f csv
    clean
    counted 0:3 1:2 2:1
    mw grey.png --encoding rgb -c colours
    ended 2
    told '#808080 (2 pixels, first at x 2, y 0)' '#FFFFFF (1 pixel, first at x 1, y 1)'
    for mask in grey16.png grey16.tif signed.tif; do
        mw $mask --encoding rgb -c colours
        ended 2
        told "$mask: error: " '--encoding rgb'
    done
}

@test "an index beyond the palette has no colour" {
    mw beyond.png --encoding rgb -c colours
    ended 2
    told 'beyond.png: error: ' '1 pixel, first at x 2, y 0'
    untold 'colour -1'
}

# Transparent pixels.

@test "--alpha use leaves out pixels that are fully transparent, and only those" {
    for mask in alpha/*; do
        mw "$mask" --encoding rgb -c colours -f csv
        clean
        counted 0:3 1:2 2:1
        mw "$mask" --encoding rgb -c colours --alpha use -f csv
        clean
        counted 0:2 1:1 2:1
    done
    mw alpha --encoding rgb -c colours --alpha use
    clean
    expect 'data["ignored_pixels"] == 10' 'c(0)["mask_ignored_pixels"] == 10' 'lab["alpha"] == "use"'
    mw alpha --encoding rgb -c colours
    expect 'data["ignored_pixels"] == 0' 'lab["alpha"] == "ignore"'
    mw no-alpha.tif --encoding rgb -c colours --alpha use -qq # its fourth sample is something else
    ended 0
    expect 'n(0) == 2' 'data["ignored_pixels"] == 0'
}

@test "--alpha use is for grey with alpha too" {
    mw grey-alpha.png -f csv
    clean
    counted 0:2 1:2 2:1 9:1
    mw grey-alpha.png --alpha use -n 3
    clean
    expect 'px == {0: 1, 1: 1, 2: 1}' 'data["ignored_pixels"] == 3'
    refuses '--alpha' grey-alpha.png --alpha maybe
}

@test "an unknown colour that is transparent is no error, and not its first place" {
    mw veiled.png --encoding rgb -c colours --alpha use
    ended 2
    told 'colour #FF0000 is no class: 1 pixel, first at x 2, y 0'
}

# Ids that are computed.

@test "--encoding ade20k is R / 10 * 256 + G" {
    mw ade20k.png --encoding ade20k
    clean
    expect 'px == {0: 1, 200: 1, 261: 3, 768: 1}' 'lab["encoding"] == "ade20k"'
    echo '{"0": "other", "200": "b", "261": "a"}' >ade20k.json
    mw ade20k.png --encoding ade20k -c ade20k.json
    ended 2
    told 'colour #1E0001 is no class' '1 pixel, first at x 1, y 1'
    mw ade20k.png --encoding ade20k --map '768=200' -c ade20k.json
    clean
    expect 'px == {0: 1, 200: 2, 261: 3}' 'c(261)["name"] == "a"'
}

@test "--encoding instance divides, and small values are classes where the divisor is 1000" {
    mw small.png --encoding instance -f csv
    clean
    counted 0:1 1:1 26:2 65:1 255:1 256:1 999:1
    mw small.png --encoding instance --divisor 1000
    clean
    expect 'n(26) == 2'
    mw small.png --encoding instance --small-values divide
    clean
    expect 'px == {0: 5, 1: 1, 26: 1, 65: 1}' 'lab["small_values"] == "divide"'
    mw small.png --encoding instance --divisor 256
    clean
    expect 'px == {0: 3, 1: 1, 3: 2, 101: 1, 255: 1}' 'lab["divisor"] == 256'
    mw small.png --encoding instance --divisor 256 --small-values class -f csv
    clean
    counted 0:1 1:1 3:2 26:1 101:1 255:2
}

@test "settings of encodings are checked" {
    refuses "--encoding|'rbg'|did you mean 'rgb'?" ids.png --encoding rbg
    refuses "--encoding|index, rgb, ade20k, instance" ids.png --encoding colour-coded
    for value in 0 1 -5 x '' 4294967296; do
        refuses '--divisor' small.png --encoding instance --divisor "$value"
    done
    refuses '--small-values|class' small.png --encoding instance --small-values use
    refuses '--divisor|--encoding instance' small.png --divisor 256
    refuses '--small-values|--encoding instance' small.png --small-values class --encoding rgb -c colours
}

# --map.

@test "--map changes values, in lists, ranges, many to one, and the rest" {
    mw ids.png --map '0=255,11-33=1,255=ignore' -qq
    ended 0
    expect 'px == {1: 4, 2: 1, 3: 1, 255: 1}' 'data["ignored_pixels"] == 1' \
        'lab["map"] == [[0, 0, 255], [11, 33, 1], [255, 255, None]]'
    mw ids.png --map '0=255' --map '11-33=1' --map '255=ignore' -qq -f csv
    ended 0
    counted 1:4 2:1 3:1 255:1
    mw ids.png --map '*=0,2=1'
    clean
    expect 'px == {0: 7, 1: 1}' 'lab["map"] == [[2, 2, 1], ["*", 0]]'
    mw ids.png --map '1-3=1,*=ignore' -qq
    ended 0
    expect 'px == {1: 3}' 'data["ignored_pixels"] == 5'
    mw negative.tif --map '-1=1,-128=ignore'
    clean
    expect 'px == {0: 1, 1: 2}' 'data["ignored_pixels"] == 1'
}

@test "--map comes before reduce-zero, ignored values, binary and classes" {
    mw ids.png --map '3=0,33=1' --reduce-zero-label # 0 255 3: ignored; 1 2 11 12 and 33 as 1
    clean
    expect 'px == {0: 2, 1: 1, 10: 1, 11: 1}' 'data["ignored_pixels"] == 3'
    mw ids.png --map '11=255,255=3' --ignore-index 255
    clean
    expect 'px == {0: 1, 1: 1, 2: 1, 3: 2, 12: 1, 33: 1}' 'data["ignored_pixels"] == 1'
    mw ids.png --map '1=0,0=9' --binary -f csv
    clean
    counted 0:1 1:7
    mw ids.png --map '11-255=0' -n 4 -f csv
    clean
    counted 0:5 1:1 2:1 3:1
    mw ids.png --map '3=300' -n 3 --ignore-index 11-255 # told as it is stored
    ended 2
    told '1 pixel, first at x 3, y 0'
}

@test "--map refuses what is no list of rules, and a value that is mapped twice" {
    for list in '' 0 0= =1 '0=1,' 5-3=1 a=1 '1=2;3=4'; do
        refuses '--map|FROM=TO' ids.png --map "$list"
    done
    refuses '--map|value 12 is mapped twice' ids.png --map 11-33=1,12=2
    refuses '--map|value 12 is mapped twice' ids.png --map 11-33=1 --map 12=2
    refuses '--map|*|twice' ids.png --map '*=1' --map '*=2'
}

# Nodata.

@test "the value that a GeoTIFF names as nodata is left out" {
    for mask in nodata/*; do
        for setting in '' '-n 2' '--nodata use'; do
            # shellcheck disable=SC2086 # options with their values
            mw "$mask" $setting -f csv
            clean
            counted 0:1 1:2
        done
    done
    mw nodata
    clean
    expect 'data["ignored_pixels"] == 15' 'lab["nodata"] == "auto"' 'c(0)["mask_ignored_pixels"] == 15'
    mw nodata/byte.tif --nodata count -qq
    ended 0
    expect 'px == {0: 1, 1: 2, 255: 3}' 'data["ignored_pixels"] == 0' 'lab["nodata"] == "count"'
    mw nodata/signed.tif --nodata count
    ended 2
    told 'value -9999 is no class' '3 pixels, first at x 2, y 0'
}

@test "nodata of colours, and what sparse files of several samples leave out" {
    printf '255 0 0 red\n0 0 0 black\n' >red
    for mask in sparse-rgb.tif sparse-planar.tif; do
        mw "$mask" --encoding rgb -c red -qq
        ended 0
        expect 'px == {0: 256, 1: 0}' 'data["ignored_pixels"] == 256'
    done
    mw sparse-black.tif --encoding rgb -c red -f csv
    counted 0:256 1:256
    mw sparse-alpha.tif --encoding rgb -c red --alpha use -qq
    expect 'px == {0: 256, 1: 0}' 'data["ignored_pixels"] == 256'
    mw sparse-label.tif --alpha use -qq
    expect 'px == {7: 256}' 'data["ignored_pixels"] == 256'
    mw sparse-label.tif -f csv
    counted 0:256 7:256
    mw white.tif --encoding rgb -c red -qq
    expect 'px == {0: 1, 1: 0}' 'data["ignored_pixels"] == 1'
    for mask in wide-65535.tif wide-300.tif; do # of 16 bits; 300 is no colour of 8
        mw "$mask" --encoding rgb -c red -qq
        ended 0
        expect 'px == {0: 1, 1: 0}' 'data["ignored_pixels"] == 1'
    done
    for mask in sparse-of-2/*.tif; do
        for decoder in fast reference; do
            mw "$mask" --encoding planes --decoder $decoder -qq
            ended 0
            expect 'px == {0: 256, 1: 256}' 'c(0)["valid_pixels"] == 512'
        done
    done
    for mask in sparse-strip-*.tif; do
        for decoder in fast reference; do
            mw "$mask" --encoding planes --decoder $decoder -qq --unknown ignore
            ended 0
            expect 'px == {0: 0, 1: 0}' 'c(1)["valid_pixels"] == 5000000'
        done
    done
    mw many.tif --encoding planes
    ended 2
    told '5000 samples per pixel are more than 4096 planes'
    mw sparse-of-2/8.tif --encoding planes --max-values 1
    ended 2
    told 'more than 1 distinct values (--max-values)'
    for mask in palette-2.tif grey-alpha-3.tif; do
        mw "$mask"
        ended 2
        told "$mask: error: " 'samples per pixel: a mask needs one value or one RGB colour per pixel'
    done
    printf '255 0 0 red\n255 255 255 white\n' >white
    mw white.tif --encoding rgb -c white
    ended 2
    told 'its nodata value 255 is also' '--nodata use' '--nodata count'
    mw white.tif --encoding rgb -c white --nodata count -f csv
    counted 0:1 1:1
    mw sparse-rgb.tif --encoding planes --nodata use -f csv
    ended 0
    [[ $output == *$'\n0,,0,0,0,0,'*$'\n1,,0,'*',256,'* ]]
    mw fax.tif
    ended 2
    told 'CCITT compression of more than one bit a pixel'
}

@test "nodata that is the background or a declared class is an error that says what to do" {
    conflict() {
        mw "${@:2}"
        ended 2
        [ -z "$output" ]
        told "$2: error: " "nodata value $1 " '--nodata use' '--nodata count'
    }
    conflict 0 zero.tif
    told 'the background'
    conflict 0 zero.tif -n 3
    conflict 0 zero.tif -n 3 --background none
    told 'a declared class'
    conflict 1 one.tif -n 3
    told 'a declared class'
    conflict 1 one.tif --background 1
    told 'the background'
    conflict 255 nodata/byte.tif --binary
    conflict 255 nodata/byte.tif --map 255=0
    conflict 1 one.tif -c names
    mw zero.tif --nodata use
    clean
    expect 'px == {1: 2, 2: 1}' 'data["ignored_pixels"] == 3'
    mw zero.tif --nodata count -f csv
    clean
    counted 0:3 1:2 2:1
    mw one.tif -n 3 --nodata use -qq
    ended 0
    expect 'px == {0: 3, 1: 0, 2: 1}' 'data["ignored_pixels"] == 2'
    mw one.tif -n 3 --nodata count -f csv
    clean
    counted 0:3 1:2 2:1
    for setting in '--background none' '--ignore-index 0' '--map 0=ignore'; do # it is no class
        # shellcheck disable=SC2086 # an option with its value
        mw zero.tif $setting
        clean
        expect 'px == {1: 2, 2: 1}' 'data["ignored_pixels"] == 3'
    done
    refuses '--nodata|auto, use, count' zero.tif --nodata drop
}

@test "a nodata value that the samples cannot hold changes nothing" {
    for setting in '' '-n 2' '--binary' '-n 2 --nodata use' '-n 2 --nodata count'; do
        # shellcheck disable=SC2086 # options with their values
        mw elsewhere/{-9999,-1,-3.4e38,0.5,nan,none,empty}.tif $setting
        clean
        expect 'px == {0: 21, 1: 21}' 'data["ignored_pixels"] == 0' 'data["masks"] == 7'
    done
}

# 300 is a declared class, or one of what --binary makes class 1; but in a mask of 8 bits it cannot stand.
@test "a nodata value above what the samples hold is no conflict" {
    for setting in '' '--binary' '--threshold 1' '-n 70001 -qq'; do
        # shellcheck disable=SC2086 # options with their values
        mw elsewhere/{256,300,70000,1e10}.tif $setting
        ended 0
        expect 'n(0) == 12' 'n(1) == 12' 'data["ignored_pixels"] == 0'
    done
}

@test "every page has its own nodata, and what a sparse file does not store is nodata" {
    mw pages.tif -qq
    ended 0
    expect 'px == {0: 3, 1: 6, 255: 2}' 'data["ignored_pixels"] == 1'
    mw sparse.tif -qq
    ended 0
    expect 'px == {1: 256}' 'data["ignored_pixels"] == 256'
    mw sparse.tif --nodata count -qq -f csv
    ended 0
    counted 1:256 255:256
}

# Documents.

@test "a document keeps map and encoding, byte for byte" {
    while read -r arguments; do
        # shellcheck disable=SC2086 # options with their values
        "$MASKWEIGHT" -qq $arguments -o counted.json
        "$MASKWEIGHT" -qq counted.json -o again.json
        same counted.json again.json
        # shellcheck disable=SC2086
        "$MASKWEIGHT" -qq $arguments -s enet -f csv >direct.csv
        "$MASKWEIGHT" -qq counted.json -s enet -f csv >again.csv
        same direct.csv again.csv
    done <<'END'
ids.png --map 0=255,11-33=1,255=ignore
ids.png --map *=0,2=1,3=ignore --reduce-zero-label
negative.tif --map -1=1,-128=ignore,1=-7 --unknown ignore
rgb --encoding rgb -c colours
alpha --encoding rgb -c colours --alpha use
odd --encoding rgb -c colours --unknown ignore
ade20k.png --encoding ade20k
small.png --encoding instance
small.png --encoding instance --small-values divide
small.png --encoding instance --divisor 256
small.png --encoding instance --divisor 256 --small-values class
nodata/byte.tif
nodata/byte.tif --nodata count
zero.tif --nodata use
END
}

@test "a document refuses other settings than its own, and names both" {
    "$MASKWEIGHT" -qq ids.png --map 0=255,11-33=1 -o map.json
    "$MASKWEIGHT" -qq small.png --encoding instance -o instance.json
    "$MASKWEIGHT" -qq rgb --encoding rgb -c colours -o rgb.json
    "$MASKWEIGHT" -qq plain.tif -o plain.json
    refuses 'map.json: |was counted with --map 0=255,11-33=1|--map 0=255' map.json --map 0=255
    refuses 'map.json: |--map 0=255,11-33=1|--map 0=255,11-33=2' map.json --map 0=255,11-33=2
    refuses 'plain.json: |no --map|--map *=0' plain.json --map '*=0'
    refuses 'instance.json: |--encoding instance --divisor 1000|--encoding index' instance.json \
        --encoding index
    refuses 'instance.json: |--divisor 1000 --small-values class|--divisor 256 --small-values divide' \
        instance.json --encoding instance --divisor 256
    refuses 'instance.json: |--small-values class|--small-values divide' \
        instance.json --encoding instance --small-values divide
    refuses 'rgb.json: |--encoding rgb|--encoding ade20k' rgb.json --encoding ade20k
    refuses 'plain.json: |--alpha ignore|--alpha use' plain.json --alpha use
    refuses 'plain.json: |--nodata auto|--nodata count' plain.json --nodata count
    refuses 'map.json: |and plain.json with no --map|count one of them again' plain.json map.json
    refuses 'rgb.json: |and plain.json with --encoding index|count one of them again' plain.json rgb.json
    for same in 'map.json --map 11-33=1,0=255' 'instance.json --encoding instance' \
        'instance.json --encoding instance --divisor 1000 --small-values class' \
        'plain.json --encoding index --alpha ignore --nodata auto'; do
        # shellcheck disable=SC2086 # options with their values
        mw $same -qq
        ended 0
    done
}

@test "masks beside a document are read as the document was" {
    "$MASKWEIGHT" -qq rgb/a.png --encoding rgb -c colours -o rgb.json
    mw rgb.json rgb/f.tif alpha/rgba.png -f csv
    clean
    counted 0:9 1:6 2:3
    "$MASKWEIGHT" -qq small.png --encoding instance --divisor 256 -o instance.json
    mask more.png --bits 16 --rows "300 300 2"
    mw instance.json more.png -f csv
    clean
    counted 0:4 1:3 3:2 101:1 255:1
    "$MASKWEIGHT" -qq zero.tif --nodata use -o nodata.json
    mw nodata.json one.tif
    clean
    expect 'px == {0: 3, 1: 2, 2: 2}' 'data["ignored_pixels"] == 5'
}

@test "with --encoding rgb, --map and --ignore-index take colours" {
    mw rgb/a.png --encoding rgb -c colours --ignore-index '#804080' -f csv -qq
    counted 0:0 1:2 2:1
    first=$output
    mw rgb/a.png --encoding rgb -c colours --ignore-index "$((0x804080))" -f csv -qq
    [ "$output" = "$first" ]
    mw rgb/a.png --encoding rgb -c colours --map '#0000ff=#000000,#804080=ignore' -f csv -qq
    counted 0:0 1:0 2:3
    mw rgb/a.png --encoding rgb -c colours --map '#000001-#0000FF=#804080' -f csv -qq
    counted 0:5 1:0 2:1
    refuses '--map takes colours as #RRGGBB with --encoding rgb only' plain.tif --map '#000000=1'
    refuses '--ignore-index takes colours|--encoding rgb' plain.tif --encoding ade20k --ignore-index '#000000'
    refuses '--background takes class ids, not colours' rgb --encoding rgb -c colours --background '#000000'
    for wrong in '#12345' '#1234567' '#12345G' '#' 0#000000; do
        refuses "'$wrong' is not a list of integers" plain.tif --ignore-index "$wrong"
    done
    "$MASKWEIGHT" -qq rgb/a.png --encoding rgb -c colours --ignore-index '#804080' -o coloured.json
    mw coloured.json rgb/d.png --ignore-index '#804080' -f csv -qq
    counted 0:0 1:4 2:2
}

@test "rules that say the same are the same, however they are written" {
    mw plain.tif -qq --map 0=255,1=255 -o apart.json
    mw plain.tif -qq --map 0-1=255 -o together.json
    cmp apart.json together.json
    mw zero.tif -qq --map '3=3,1=255,0=255' -o noisy.json
    mw together.json noisy.json -qq
    ended 0
    first=$output
    mw noisy.json together.json -qq
    [ "$output" = "$first" ]
    mw together.json -qq --map 1=255,0=255
    ended 0
    mw plain.tif -qq --map '0=1,2-3=1,*=1' -o rest.json
    mw rest.json -qq --map '*=1'
    ended 0
    refuses '--map 0-1=255' together.json --map 0-2=255
    refuses 'mapped twice' plain.tif --map '0=1,*=1' --map 0=2
}

@test "--alpha use leaves out what a PNG says is transparent: palette entries, or one grey or colour" {
    "$PYTHON" -S - <<'END'
import os, pathlib, struct, sys
sys.path.insert(0, os.environ["MW_SOURCE"] + "/tests")
import masks
three = [[0, 1, 1], [2, 2, 2]]
palette = [(0, 0, 0), (128, 64, 128), (0, 0, 255)]
def save(name, rows, trns, **more):
    masks.save(pathlib.Path("clear") / name, masks.png(rows, trns=trns, **more))
for interlaced in (False, True):
    for bits in (2, 8):
        save(f"palette-{bits}-{interlaced}.png", three, b"\x80\x00", colour="palette", palette=palette,
             bits=bits, interlaced=interlaced)
        save(f"grey-{bits}-{interlaced}.png", three, struct.pack(">H", 1), bits=bits, interlaced=interlaced)
save("grey-16.png", [[0, 300, 300]], struct.pack(">H", 300), bits=16)
wide = [[tuple(257 * sample for sample in palette[value]) for value in row] for row in three]
rgb = [[palette[value] for value in row] for row in three]
save("rgb.png", rgb, struct.pack(">3H", *palette[1]), colour="rgb")
save("rgb-16.png", wide, struct.pack(">3H", *wide[0][1]), colour="rgb", bits=16)
for name, trns in (("short", b"\0"), ("long", bytes(7)), ("none", b"")):
    save(f"malformed-{name}.png", three, trns)
save("malformed-palette.png", three, bytes(4), colour="palette", palette=palette, bits=8)
save("malformed-huge.png", three, bytes(100000), colour="palette", palette=palette, bits=8)
END
    for decoder in fast reference; do
        for mask in clear/palette-* clear/grey-[28]*; do
            mw "$mask" --alpha use --decoder $decoder
            clean
            expect 'px == {0: 1, 2: 3}' 'data["ignored_pixels"] == 2'
            mw "$mask" --decoder $decoder
            expect 'px == {0: 1, 1: 2, 2: 3}' 'data["ignored_pixels"] == 0'
        done
        mw clear/grey-16.png --alpha use --decoder $decoder
        expect 'px == {0: 1}' 'data["ignored_pixels"] == 2'
        for mask in clear/rgb.png clear/rgb-16.png clear/palette-8-False.png; do
            mw "$mask" --encoding rgb -c colours --alpha use --decoder $decoder -qq
            ended 0
            expect 'px == {0: 0, 1: 3, 2: 1}' 'data["ignored_pixels"] == 2'
        done
        for mask in clear/malformed-*; do
            mw "$mask" --alpha use --decoder $decoder
            clean
            expect 'px == {0: 1, 1: 2, 2: 3}' 'data["ignored_pixels"] == 0'
        done
    done
}
