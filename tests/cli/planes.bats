#!/usr/bin/env bats
# Multi-label masks: every channel or page is a yes-no plane of one class.

load helper

# Three planes of 37 x 23 pixels, known by construction, in every way of storing them; `wide` are
# the same with 255 for yes. Prints "id,pixels,valid" of each class.
planes() {
    "$PYTHON" -S - "$1" <<'END'
import os, pathlib, sys
sys.path.insert(0, os.environ["MW_SOURCE"] + "/tests")
from masks import *
out = pathlib.Path(sys.argv[1])
out.mkdir(parents=True)
W, H = 37, 23
images = [scene(W, H, [0, 1], 1), noise(W, H, [0, 0, 0, 1], 2), constant(W, H, 0)]
images[2][22][36] = 1
pixels = [[tuple(image[y][x] for image in images) for x in range(W)] for y in range(H)]
wide = [[[value * 255 for value in row] for row in image] for image in images]
channels = {"rows": pixels, "samples_per_pixel": 3}
def put(name, data): (out / name).write_bytes(data)
put("pages.tif", tiff([{"rows": image} for image in images]))
put("pages-1-bit.tif", tiff([{"rows": image, "bits": 1, "compression": "ccitt-g4"} for image in images]))
put("pages-real.tif", tiff([{"rows": image, "bits": 32, "sample_format": REAL} for image in images]))
put("pages-255.tif", tiff([{"rows": image} for image in wide]))
put("pages-65535.tif", tiff([{"rows": [[v * 65535 for v in r] for r in i], "bits": 16} for i in images]))
for planar in (1, 2):
    for name, way in (("strips", {"rows_per_strip": 5}), ("tiles", {"tile": (16, 32)}),
                      ("lzw", {"compression": "lzw", "byte_order": "MM"})):
        for bits in (1, 2, 4, 8, 16, 32):
            put(f"{name}-{bits}-{planar}.tif", tiff([{**channels, **way, "bits": bits, "planar": planar}]))
        put(f"{name}-real-{planar}.tif", tiff([{**channels, **way, "bits": 64, "sample_format": REAL,
                                             "planar": planar}]))
put("rgb.tif", tiff([{**channels, "photometric": 2}]))
put("mixed.tif", tiff([{"rows": images[0]},
    {"rows": [[p[1:] for p in row] for row in pixels], "samples_per_pixel": 2}]))
put("stack.npy", npy(images, stack=True))
put("stack-fortran.npy", npy(images, "u2", ">", fortran=True, stack=True))
put("rgb.png", png(pixels, 8, "rgb"))
put("rgb-interlaced.png", png(pixels, 8, "rgb", interlaced=True))
put("rgb-16.png", png(pixels, 16, "rgb"))
put("several.pam", b"".join(netpbm(image, "pam") for image in images))
for i, image in enumerate(images):
    print(f"{i},{count(image).get(1, 0)},{W * H}")
END
}

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    planes ways >ways.csv
    masks <<END
small/a.tif --samples-per-pixel 2 --rows "#0101 #0100 #00FF;#0000 #0001 #0000"
small/b.tif --samples-per-pixel 2 --rows "#0000 #0000"
small/c.tif --samples-per-pixel 2 --rows "#00FF #00FF"
void.tif --samples-per-pixel 2 --rows "#0101 #0100 #00FF;#0000 #0001 #0000"
seven.tif --samples-per-pixel 3 --rows "#000101 #010007;#000107 #000000"
nodata.tif --samples-per-pixel 2 --nodata 255 --rows "#0001 #FF01"
nodata-0.tif --samples-per-pixel 2 --nodata 0 --rows "#0001 #0001"
sparse.tif --samples-per-pixel 2 --planar 2 --tile 16x16 --size 32x16 --fill 1 --sparse 2,3
alpha.png --colour grey-alpha --rows "#0001 #0101"
one.png --rows "0 1 1;0 0 0"
END
    "$PYTHON" -S - <<'END'
import os, sys
sys.path.insert(0, os.environ["MW_SOURCE"] + "/tests")
from masks import *
open("sizes.tif", "wb").write(tiff([{"rows": constant(4, 4, 1)}, {"rows": constant(4, 3, 1)}]))
tile = {"samples_per_pixel": 2, "planar": 2, "tile": (16, 16), "rows": constant(32, 16, 1), "sparse": (2,)}
open("sparse-nodata.tif", "wb").write(tiff([{**tile, "nodata": "255"}]))
open("sparse-real.tif", "wb").write(tiff([{**tile, "nodata": "-1.5", "bits": 32, "sample_format": REAL}]))
open("probability.tif", "wb").write(tiff([{"rows": [[(v, 9) for v in range(256)]], "samples_per_pixel": 2}]))
END
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return
}

# counted ID,PIXELS,VALID...: these are the classes of the CSV in $output.
counted() {
    local id pixels valid found=()
    # shellcheck disable=SC2154 # set by mw
    while IFS=, read -r id _ pixels _ _ valid _; do found+=("$id,$pixels,$valid"); done <<<"$output"
    [ "${found[*]:1}" = "$*" ] || fail "instead of $*: ${found[*]:1}"
}

@test "planes count the same in every way of storing them" {
    mapfile -t wanted <ways.csv
    files=(ways/*)
    [ "${#files[@]}" -ge 50 ]
    for file in "${files[@]}"; do
        mw "$file" --encoding planes -f csv
        clean && counted "${wanted[@]}" || fail "$file"
    done
}

@test "a mask spans its pages and channels; its planes are the classes in order" {
    mw ways --encoding planes
    clean
    expect 'data["files"] == data["masks"] > 50' 'lab["kind"] == "multi-label"' 'len(d["classes"]) == 3'
    mw ways/pages.tif
    ended 0
    expect 'data["masks"] == 3' 'lab["kind"] == "single-label"' '"valid_pixels" not in c(0)'
}

# small: class 0 is seen in a, 2 of 6 pixels; class 1 in a, 2 of 5, one is void. b is empty. In c
# class 0 is not there and class 1 void.
@test "valid pixels are those that say yes or no to the class" {
    mw small --encoding planes --ignore-index 255 -f csv
    clean
    [ "$output" = "id,name,pixels,masks,mask_pixels,valid_pixels,fraction,pos-weight
0,,2,1,6,10,0.2,4.0
1,,2,1,5,7,0.2857142857142857,2.5" ]
    mw small --encoding planes --ignore-index 255 --skip-empty -f list # a alone: 6 and 5 valid pixels
    clean
    [ "$output" = "[2.0, 1.5]" ]
}

@test "an empty mask has no yes in any plane" {
    mw small --encoding planes --ignore-index 255
    clean
    expect 'data["masks"] == 3' 'data["empty_masks"] == 2' 'data["ignored_masks"] == 0' \
        'data["pixels"] == 17' 'data["ignored_pixels"] == 3' 'lab["background"] == []' \
        '{**data["in_empty_masks"], "first": 0} == {"pixels": 6, "ignored_pixels": 2, "first": 0}' \
        '[c(i)["in_empty_masks"]["valid_pixels"] for i in (0, 1)] == [4, 2]' \
        'c(1)["mask_ignored_pixels"] == 1'
    mw small/a.tif --encoding planes --ignore-index 255 --background 0-1
    expect 'data["empty_masks"] == 1'
    mw small/c.tif --encoding planes --ignore-index 0,255
    expect 'data["ignored_masks"] == 1' 'data["pixels"] == 0'
}

@test "a document of planes is a source again, and parts merge to the whole" {
    "$MASKWEIGHT" small --encoding planes --ignore-index 255 -s all -o whole.json
    "$MASKWEIGHT" whole.json -s all >again.json
    same whole.json again.json
    printf 'a.tif\nc.tif\n' >ac # a list: masks that are named one by one have sources of their own
    (cd small && "$MASKWEIGHT" --files-from ../ac --encoding planes --ignore-index 255 -o ../ac.json)
    (cd small && "$MASKWEIGHT" b.tif --encoding planes --ignore-index 255 -o ../b.json)
    "$MASKWEIGHT" b.json ac.json -s all >merged.json
    same <(sed '/"digest"/d' merged.json) <(sed '/"digest"/d' whole.json)
    refuses '--encoding planes' whole.json small/b.tif --encoding index
    sed 's/"valid_pixels":\t10/"valid_pixels":\t11/' whole.json >wrong.json
    refuses 'wrong.json|contradicts the document' wrong.json
    sed 's/"kind":\t"multi-label"/"kind":\t"single-label"/' whole.json >wrong.json
    refuses 'wrong.json|settings that this version does not know' wrong.json
    sed 's/"valid_pixels":\t10/"other":\t10/' whole.json >wrong.json
    refuses 'wrong.json|valid_pixels' wrong.json
    "$MASKWEIGHT" ways/pages.tif -qq -o single.json
    for key in valid_pixels planes; do
        sed "s/\"mask_pixels\":/\"$key\":\t3, &/" single.json >wrong.json
        refuses "wrong.json|a class has \"$key\", and \"kind\" is \"single-label\"" wrong.json
    done
}

@test "a plane holds one value that says yes" {
    mw void.tif --encoding planes
    ended 2
    told 'void.tif: error: channel 2: both 1 and 255 say yes: leave out the one that is void with --ignore-index, or say --binary'
    mw void.tif --encoding planes --binary -f csv
    counted 0,2,6 1,3,6
    mw void.tif --encoding planes --map 9=0
    ended 2
    told 'both 1 and 255 say yes'
    mw void.tif --encoding planes --map 255=1 -f csv
    counted 0,2,6 1,3,6
    mw void.tif --encoding planes --map 255=0 -f csv
    counted 0,2,6 1,2,6
}

@test "other values are unknown, told with channel and place" {
    mw seven.tif --encoding planes
    ended 2
    told 'seven.tif: error: channel 3: value 7 is neither no (0) nor yes (1, 255 or 65535): 2 pixels, first at x 1, y 0'
    mw seven.tif --encoding planes --unknown ignore -f csv
    counted 0,1,4 1,2,4 2,1,2
    mw probability.tif --encoding planes --threshold 100 -f csv
    counted 0,156,256 1,0,256
}

@test "nodata, and blocks that a sparse file leaves out" {
    mw nodata.tif --encoding planes
    ended 2
    told 'nodata value 255 also says yes in a plane' --nodata
    mw nodata.tif --encoding planes --nodata use -f csv
    counted 0,0,1 1,2,2
    mw nodata-0.tif --encoding planes
    ended 2
    told 'nodata value 0 also says no'
    mw sparse.tif --encoding planes -f csv
    ended 0
    counted 0,512,512 1,0,512
    mw sparse-nodata.tif --encoding planes -f csv --nodata use
    counted 0,512,512 1,256,256
    mw sparse-real.tif --encoding planes -f csv
    counted 0,512,512 1,256,256
}

@test "as many planes as declared classes, by name" {
    printf 'road\ncar\n' >two.txt
    mw small --encoding planes --ignore-index 255 -c two.txt -f csv
    clean
    [[ $output == *$'\n1,car,2,'* ]]
    printf 'name,r,g,b\nroad,1,2,3\ncar,4,5,6\n' >colours.csv
    mw small --encoding planes --ignore-index 255 -c colours.csv -f csv
    [[ $output == *$'\n0,road,2,'* ]]
    mw small/a.tif --encoding planes --ignore-index 255 -n 3
    ended 2
    told 'a.tif: error: 2 planes, and 3 classes are declared'
    mw small/a.tif --encoding planes --ignore-index 255 -n 1
    ended 2
    told 'a.tif: error: channel 2: more planes than the 1 declared class'
    mw sizes.tif --encoding planes
    ended 2
    told 'sizes.tif: error: page 2: 4 x 3 pixels after a plane of 4 x 4: the planes of one mask have one size'
    mw small/a.tif one.png --encoding planes --ignore-index 255 -f csv
    ended 0
    told 'different numbers of planes, at most 2: --classes 2 refuses those with fewer' planes-differ
    "$MASKWEIGHT" small --encoding planes --ignore-index 255 -o two.json
    refuses 'undeclared classes' two.json -n 3
    mw two.json -n 2
    clean
    refuses 'takes the classes in order of id' small --encoding planes -c cityscapes-train
}

@test "what has no meaning for several classes a pixel is refused" {
    refuses multi-label ways/rgb.tif --encoding planes -s balanced
    refuses multi-label ways/rgb.tif --encoding planes -s dice
    refuses multi-label ways/rgb.tif --encoding planes -s enet --normalize pixel-mean
    refuses multi-label ways/rgb.tif --encoding planes -s enet --ignored-in-total
    refuses --reduce-zero-label ways/rgb.tif --encoding planes --reduce-zero-label
    refuses --alpha ways/rgb.tif --encoding planes --alpha use
    refuses lut ways/rgb.tif --encoding planes -f lut
    refuses 'pos-weight is never normalised' ways/rgb.tif --encoding planes --normalize mean
}

@test "pos-weight is the default, has shape (K, 1, 1), and only it has a share of the loss" {
    mw ways/rgb.tif --encoding planes -s all
    ended 0
    expect '{"balanced", "dice"}.isdisjoint(e["scheme"] for e in d["weights"])' 'len(d["weights"]) == 7' \
        'all((e["weight_share"] is None) == (e["scheme"] != "pos-weight") for e in d["weights"])'
    "$MASKWEIGHT" ways/rgb.tif --encoding planes -f npy -o pos.npy
    [[ $(head -c 128 pos.npy | tr -d '\0') == *"'shape': (3, 1, 1)"* ]]
}

@test "every channel is a plane, alpha too; one channel is one plane" {
    mw alpha.png --encoding planes -f csv
    counted 0,1,2 1,2,2
    mw one.png --encoding planes -f csv
    counted 0,2,6
}

@test "the same bytes for 1, 2, 3 and 8 jobs" {
    "$MASKWEIGHT" ways --encoding planes -j 1 >one.json
    for jobs in 2 3 8; do
        "$MASKWEIGHT" ways --encoding planes -j "$jobs" >many.json
        same one.json many.json
    done
}
