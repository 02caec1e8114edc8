#!/usr/bin/env bats
# Rules about single masks and their images; and of every rule there is, that it finds what is planted and
# nothing else, in every output.

load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    "$PYTHON" -S "$MW_SOURCE/tests/audited.py" make . || return
    "$MASKWEIGHT" clean/masks -n 7 --ignore-index 255 -q -o old.json || return
    for name in clean $(check_names); do
        judge "$name" 2>"$name.err" && echo 0 >"$name.status" || echo $? >"$name.status"
    done
    tiny tiny
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return
}

check_names() {
    "$MASKWEIGHT" --list checks | cut -d' ' -f1
}

# judge REPOSITORY: by all rules, into every output.
judge() {
    local classes=7
    [ "$1" = new-classes ] && classes=8
    "$MASKWEIGHT" "$1/masks" -n $classes --ignore-index 255 -q -o "$1.json" --rules rules.json \
        --baseline old.json --images "$1/images" --image-name '*_mask.png=*' --image-name '*.png=*' \
        --report text="$1.text" --report junit="$1.junit" --report sarif="$1.sarif" \
        --report github="$1.github" --report markdown="$1.markdown" --report advice="$1.advice"
}

# broken RULE COUNT ARGUMENT...: of the run with ARGUMENT..., this rule is the only one that is broken.
broken() {
    mw "${@:3}" -q
    ended 1 || return
    expect "list(broken) == ['$1']" "broken['$1']['count'] == broken['$1']['measured'] == $2"
}

# kept ARGUMENT...: the run with ARGUMENT... breaks no rule.
kept() {
    mw "$@" -q
    ended 0 || return
    expect "not broken" "d['rules']"
}

# first PLACES: the paths and messages of broken rules, "('path', 'message'), ...".
first() {
    expect "[(p['path'], p.get('error')) for f in broken.values() for p in f['first']] == [$1]"
}

# photo FILE WIDTH HEIGHT [ORIENTATION]: an image, by its suffix.
photo() {
    "$PYTHON" -S -c 'if True:
        import pathlib, sys; sys.path.insert(0, sys.argv[1] + "/tests")
        import audited, masks
        path, numbers = pathlib.Path(sys.argv[2]), [int(word) for word in sys.argv[3:]]
        masks.save(path, audited.PHOTOS[path.suffix.lower()](*numbers))' "$MW_SOURCE" "$@"
}

@test "a repository without a fault keeps all rules; one fault breaks its rule alone, in every output" {
    same <(check_names | sort) <("$PYTHON" -S -c 'if True:
        import sys; sys.path.insert(0, sys.argv[1] + "/tests")
        import audited; print(*sorted(audited.FAULTS), sep="\n")' "$MW_SOURCE")
    [ "$(cat clean.status)" -eq 0 ]
    [ ! -s clean.err ]
    for name in $(check_names); do
        [ "$(cat "$name.status")" -eq 1 ] || fail "$name: status $(cat "$name.status")" "$(cat "$name.err")"
        [ "$(grep -c 'broken: ' "$name.err")" -eq 1 ]
        grep -q "\\[$name\\]\$" "$name.err"
    done
    # shellcheck disable=SC2046 # words
    "$PYTHON" -S "$MW_SOURCE/tests/audited.py" look . clean $(check_names)
    # of every report that there is
    same <("$MASKWEIGHT" --help | sed -n '/^Reports:/,/^$/s/^  \([a-z]\{1,\}\) .*/\1/p' | sort) \
        <("$PYTHON" -S -c 'if True:
        import sys; sys.path.insert(0, sys.argv[1] + "/tests")
        import audited; print(*sorted(set(audited.READERS) - {"json"}), sep="\n")' "$MW_SOURCE")
}

@test "JUnit is as its readers want it" {
    command -v xmllint >/dev/null || skip "xmllint is not installed"
    for name in clean $(check_names); do
        xmllint --noout --schema "$MW_SOURCE/tests/schemas/junit.xsd" "$name.junit"
    done
    sed 's/tests="[0-9]*"//' clean.junit >wrong.junit # the schema can fail
    run ! xmllint --noout --schema "$MW_SOURCE/tests/schemas/junit.xsd" wrong.junit
}

@test "SARIF has the structure that 2.1.0 requires" {
    "$PYTHON" -c 'import jsonschema' 2>/dev/null || skip "python3-jsonschema is not installed"
    # shellcheck disable=SC2046 # words
    "$PYTHON" - "$MW_SOURCE/tests/schemas/sarif.json" clean $(check_names) <<'END'
import json, sys
import jsonschema
with open(sys.argv[1]) as file:
    schema = json.load(file)
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
for name in sys.argv[2:]:
    with open(name + ".sarif") as file:
        log = json.load(file)
    validator.validate(log)
log["runs"][0]["results"][0]["locations"] = []  # the schema can fail
assert not validator.is_valid(log)
END
}

@test "what rules saw does not depend on the jobs" {
    mkdir -p jobs
    for name in duplicates encoding missing-masks image-size; do cp -r $name jobs/; done
    for jobs in 1 2 3 8; do
        "$MASKWEIGHT" -j $jobs jobs/*/masks --images jobs/encoding/images --image-name '*_mask.png=*' -q \
            --ignore-index 255 --check encoding --check duplicates --check size:/32 --check 'name:[0-5]_*' \
            >"jobs-$jobs" 2>"told-$jobs" || [ $? -eq 1 ]
        same jobs-1 "jobs-$jobs"
        same told-1 "told-$jobs"
    done
    # nine masks with foreground in each of four, of which one is another; one copy more in one of them
    expect_file jobs-1 "broken['size:/32']['count'] == 40" "broken['duplicates']['count'] == 26" \
        "len(broken['size:/32']['first']) == 8" "broken['encoding']['count'] == 1"
}

@test "size: exact ones, multiples, any, and several" {
    masks <<END
sizes/a.png --size 64x32
sizes/b.png --size 96x32
sizes/sub/c.tif --size 64x40 --pages 2
END
    kept sizes --check 'size:64x32,96x32,64x40'
    kept sizes --check size:/8
    kept sizes --check size:/32x/8
    kept sizes --check 'size:*x32,64x*'
    kept sizes/a.png --check size:64x32
    broken size:/32 2 sizes --check size:/32
    first "('sub/c.tif', 'number 1: 64 x 40 pixels, not /32'), ('sub/c.tif', 'number 2: 64 x 40 pixels, not /32')"
    broken size:64 4 sizes --check size:64
    broken size:32x64 1 sizes/a.png --check size:32x64
    for sizes in '' 0 /0 x 64x 64x32x8 64, ,64 '64 x 32' -64 64X32 //2 4294967296 99999999999999999999; do
        refuses "--check size: SIZES must be" sizes --check "size:$sizes"
    done
    refuses 'needs SIZES, as in size:512x512' sizes --check size
    refuses 'takes no limit' sizes --rules <(echo '[{"check": "size", "allowed": "8", "limit": 3}]')
}

@test "encoding: depth, palette and colour type are told apart, file types and codecs are not" {
    masks <<END
grey/a.png --rows "0 1;1 0"
grey/b.tif --rows "0 1;1 0" --compression lzw
grey/c.npy --rows "0 1;1 0"
grey/d.pgm --rows "0 1;1 0"
mixed/a.png --rows "0 1;1 0"
mixed/b.png --rows "0 1;1 0"
mixed/c.png --rows "0 1;1 0" --colour palette
mixed/d.png --rows "0 1;1 0" --bits 1
mixed/e.tif --rows "0 1;1 0" --bits 16 --pages 2
colours/a.png --rows "#FF0000" --colour rgb
colours/b.png --rows "#FF0000" --colour rgba
colours/c.png --rows "#FF0000" --colour rgb
END
    kept grey --check encoding
    kept mixed/a.png mixed/b.png --check encoding
    kept mixed/c.png --check encoding
    kept mixed --check encoding=4
    broken encoding 4 mixed --check encoding # as many of 8 bits as of 16: the smaller key is the rule
    expect "': 4 (2 8-bit values, 2 16-bit values, 1 1-bit values, 1 8-bit palette indices); limit' in
        broken['encoding']['message']"
    broken encoding 1 mixed/a.png mixed/d.png --check encoding # in a tie there are no most
    first "('mixed/a.png', '8-bit values, not 1-bit values as 1 of the masks')"
    broken encoding 1 mixed/a.png mixed/b.png mixed/c.png --check encoding
    first "('mixed/c.png', '8-bit palette indices, unlike most masks')"
    masks <<END
palettes/a.png --rows "0 1 2" --colour palette --palette "#000000,#FF0000,#00FF00"
palettes/b.png --rows "0 1" --colour palette --palette "#000000,#FF0000"
palettes/c.png --rows "0 1" --colour palette --palette "#000000,#00FF00"
palettes/d.png --rows "0 1 3" --colour palette --palette "#000000,#FF0000,#00FF00,#0000FF"
palettes/f.png --rows "0 3 3" --colour palette --palette "#000000,#FF0000,#00FF00,#0000FF"
palettes/sub/e.png --rows "0 3" --colour palette --palette "#000000,#FF0000,#00FF00,#0000FE"
END
    kept palettes/a.png palettes/b.png palettes/d.png --check encoding # one that is longer is the same
    broken encoding 2 palettes --check encoding
    first "('c.png', 'palette entry 1 is #00FF00, not #FF0000 as in other masks'),
        ('sub/e.png', 'palette entry 3 is #0000FE, not #0000FF as in other masks')"
    expect "'(4 8-bit palette indices, 1 8-bit palette indices of other colours, 1 8-bit' in broken['encoding']['message']"
    broken encoding 1 palettes/a.png palettes/c.png --check encoding
    first "('palettes/a.png', 'palette entry 1 is #FF0000, not #00FF00 as in other masks')"
    "$PYTHON" -S - "$MW_SOURCE/tests" <<'END'
import sys
sys.path.insert(0, sys.argv[1])
import masks
red, green = [(0, 0, 0), (255, 0, 0)], [(0, 0, 0), (0, 255, 0)]
masks.save("pages.tif", masks.tiff([{"rows": [[0, 1]], "photometric": 3, "palette": palette}
                                    for palette in (red, red, green, red, red, red)]))
END
    broken encoding 1 pages.tif --check encoding
    first "('pages.tif', 'palette entry 1 is #00FF00, not #FF0000 as in other masks')"
    masks <<END
planes/a.tif --samples-per-pixel 2 --rows "#0101 #0100"
planes/b.tif --samples-per-pixel 2 --rows "#0000 #0001"
planes/c.png --rows "0 1;1 0" --colour palette
END
    broken encoding 1 planes --encoding planes --check encoding
    printf 'name,r,g,b\nred,255,0,0\n' >red.csv
    broken encoding 1 colours --encoding rgb -c red.csv --check encoding
    first "('b.png', '8-bit RGB with alpha, unlike most masks')"
}

@test "name: a glob for the file name, or with a slash for the path below the source" {
    mkdir -p names/train
    cp tiny/a.png names/train/001_mask.png
    cp tiny/a.png names/train/002.png
    cp tiny/a.png names/003_mask.png
    broken 'name:*_mask.png' 1 names --ignore-index 255 --check 'name:*_mask.png'
    first "('train/002.png', 'no name as *_mask.png')"
    kept names --ignore-index 255 --check 'name:*_mask.png|[0-9]*.png'
    broken 'name:train/*' 1 names --ignore-index 255 --check 'name:train/*'
    first "('003_mask.png', 'no name as train/*')"
    kept names --ignore-index 255 --check 'name:[0-9]*' --check 'name:*.png' # both
    kept names --ignore-index 255 --check 'name:=3|0*' # what looks like a limit is none
    mw names --ignore-index 255 -q --check 'name:0*' --check 'name:*_mask.png'
    ended 1
    expect "list(broken) == ['name:*_mask.png']"
    kept names --ignore-index 255 --check 'name:[]0]*|[!x]*|\[*'
    for globs in '' '|' '|a' 'a|' 'a||b' '[' 'a*[0-9' '*|[]' '[!]' '[a|b]*' 'a\'; do
        refuses '--check name: GLOB must be' names --check "name:$globs"
    done
    refuses 'needs GLOB' names --check name
}

@test "duplicates: copies are found in all sources, masks that are alike by nature are not" {
    mkdir -p copies/train copies/val
    cp tiny/a.png copies/train/a.png
    cp tiny/a.png copies/train/b.png
    cp tiny/sub/c.tif copies/train/c.tif
    cp tiny/a.png copies/val/x.png
    cp tiny/sub/c.tif copies/val/y.tif
    for name in 1 2 3; do
        cp tiny/b.png copies/val/empty$name.png
        cp tiny/d.png copies/val/ignored$name.png
    done
    mask copies/val/z.png --rows "0 0 1 1;2 2 255 0" --filters up # the same pixels, stored anew
    broken duplicates 3 copies/train copies/val --ignore-index 255 --check duplicates
    first "('b.png', 'the same bytes as copies/train/a.png'), ('x.png', 'the same bytes as copies/train/a.png'),
        ('y.tif', 'the same bytes as copies/train/c.tif')"
    kept copies/train copies/val --ignore-index 255 --check duplicates=3
    kept copies/val --ignore-index 255 --check duplicates
    kept copies/train/a.png copies/val --exclude 'x*' --ignore-index 255 --check duplicates
    # with another background they have foreground
    broken duplicates 2 copies/val --ignore-index 255 --background 9 --check duplicates
}

@test "duplicates: files larger than what is read at once, that differ in one byte" {
    masks <<END
large/a.npy --size 700x700 --noise 1
large/b.npy --size 700x700 --noise 1
END
    for place in 200 131072 262143 262144 489999; do
        cp large/a.npy large/at$place.npy
        printf '\7' | dd of=large/at$place.npy bs=1 seek="$place" conv=notrunc status=none
    done
    broken duplicates 1 large --check duplicates
    first "('b.npy', 'the same bytes as large/a.npy')"
}

@test "images: the same name with any suffix, or what --image-name makes of it" {
    masks <<END
voc/masks/a.png --size 6x4
voc/masks/b.png --size 6x4
city/gt/aachen/x_gtFine_labelIds.png --size 6x4
camvid/masks/0001TP_L.png --size 6x4
scenes/one/masks/1.png --size 6x4
both/1.tif --size 6x4
both/1_mask.tif --size 6x4
END
    photo voc/images/a.JPG 6 4
    photo voc/images/b.tif 6 4
    photo city/images/aachen/x_leftImg8bit.png 6 4
    photo camvid/images/0001TP.png 6 4
    photo scenes/one/images/1.jpg 6 4
    kept voc/masks --images voc/images
    kept voc/masks/ --images voc/images/ --image-name '*.png=*'
    kept city/gt --images city/images --image-name '*_gtFine_labelIds.png=*_leftImg8bit.png'
    kept city --include '*_labelIds.png' --images city --image-name 'gt/*_gtFine_labelIds.png=images/*_leftImg8bit.png'
    kept camvid/masks --images camvid/images --image-name '*_L.png=*.png'
    kept scenes --include '*/masks/*' --images scenes --image-name 'one/masks/*.png=one/images/*.jpg'
    mask scenes/two/masks/1.png --size 6x4
    photo scenes/two/images/1.jpg 6 4
    kept scenes --include '*/masks/*' --images scenes --image-name '*/masks/*.png=*/images/*.jpg'
    photo scenes/two/images/2.jpg 6 4
    cp scenes/two/images/2.jpg scenes/two/2.jpg
    broken missing-masks 1 scenes --include '*/masks/*' --images scenes --image-name '*/masks/*.png=*/images/*.jpg'
    first "('scenes/two/images/2.jpg', 'no mask')"
    # masks and images in one directory: masks are no images
    mask twice/masks/a.jpg.png --size 6x4
    photo twice/images/a.jpg 6 4
    kept twice/masks --images twice/images
    kept twice/masks --images twice/images --image-name '*.png=*'
    kept both --include '*_mask.tif' --images both --image-name '*_mask.tif=*.tif'
    kept "$PWD/both" --include '*_mask.tif' --images both --image-name '*_mask.tif=*.tif'
    kept both/1_mask.tif --images both --image-name '*_mask.tif=*.tif' --check missing-masks
    # a mask is not its own image
    broken missing-images 2 both --images both
}

@test "one image for many masks: numbers stand for what a star does" {
    for name in aa/masks/1 aa/masks/2 bb/masks/3; do mask "cells/$name.png" --size 6x4; done
    for name in aa bb; do photo "cells/$name/images/$name.png" 6 4; done
    local rule=(--include '*/masks/*' --images cells --image-name '*/masks/*.png={1}/images/{1}.png')
    kept cells "${rule[@]}"
    photo cells/cc/images/cc.png 6 4
    photo cells/bb/images/other.png 6 4 # no mask could have it
    broken missing-masks 1 cells "${rule[@]}"
    first "('cells/cc/images/cc.png', 'no mask')"
    rm cells/cc/images/cc.png
    photo cells/bb/images/bb.png 6 5
    broken image-size 1 cells "${rule[@]}"
    while read -r pattern message; do
        refuses "--image-name '$pattern': $message" cells --images cells --image-name "$pattern"
    done <<'END'
*={2} {2} in TO, and FROM has 1 *
*={1}* TO has both * and {1}: write one or the other
*=a TO has no *|{1} to {8} stand for the * of FROM, too
*={1}/a TO has a / and FROM has none|since the directory stays|'*/masks/*.png=*/images/*.jpg'
END
}

# hinted PATTERN ARGUMENT...: no mask has an image, and that is the pattern to try, which pairs all.
hinted() {
    local wanted=$1
    shift
    for jobs in 1 8; do
        mw "$@" -j $jobs -q -o hinted.json --report text=hinted.txt
        ended 1 || return
        [ "$(grep -c 'no mask has an image: ' <<<"$stderr")" -eq 1 ] || fail "$stderr" || return
        [[ $stderr == *"; try --image-name '$wanted'"$'\n'* ]] || fail "$stderr" || return
        grep -qF "; try --image-name '$wanted'" hinted.txt || fail "$(cat hinted.txt)" || return
    done
    expect_file hinted.json "'hint' not in f('missing-images')"
    kept "$@" --image-name "$wanted"
}

@test "where no mask has an image, a pattern is guessed from the names at hand" {
    local i
    for i in {1..9}; do
        mask "hint/a/00${i}_mask.png" --size 6x4
        mask "hint/b/label_$i.png" --size 6x4
        mask "hint/c/s/x${i}_gt_L.png" --size 6x4
        photo "hint/ai/00$i.jpg" 6 4
        photo "hint/bi/image_$i.tif" 6 4
        photo "hint/ci/s/x${i}_left.png" 6 4
    done
    mask hint/d/x_mask.png --size 6x4
    photo hint/di/x.jpg 6 4
    hinted '*_mask.png=*' hint/a --images hint/ai
    hinted 'label*.png=image*' hint/b --images hint/bi
    hinted '*gt_L.png=*left' hint/c --images hint/ci
    hinted '*_mask.png=*' hint/d --images hint/di
    hinted '*_mask.png=*' hint/d/x_mask.png --images hint/di
    (cd hint/a && tar -cf ../a.tar -- *)
    hinted '*_mask.png=*' hint/a.tar --images hint/ai
    # names that have nothing to do with each other, or are in other directories: an example of each
    mw hint/b --images hint/di -q
    ended 1
    told 'no mask has an image: the first mask is label_1.png, and the first image x.jpg; say with --image-name what'
    mw hint/c --images hint/ai -q
    told 'the first mask is s/x1_gt_L.png, and the first image 001.jpg; say with'
    mkdir hint/none
    mw hint/b --images hint/none -q
    told 'no mask has an image: there is none (jpg, jpeg, png, tif or tiff) in hint/none'
    # a mask alone, and what two names happen to share
    mask hint/e/21.png --size 6x4
    photo hint/ei/32.jpg 6 4
    mw hint/e --images hint/ei -q
    untold '; try'
    # one pair, and there is nothing to guess
    photo hint/ei/21.jpg 6 4
    mask hint/e/31.png --size 6x4
    mw hint/e --images hint/ei -q
    ended 1
    untold 'no mask has an image'
}

@test "lines of masks name the rules about images that they break" {
    for name in 1 2 3 4 5; do mask "lines/masks/$name.png" --size 6x4; done
    photo lines/images/1.jpg 6 4
    photo lines/images/3.jpg 4 6 6
    echo "no image" >lines/images/4.jpg
    photo lines/images/5.tif 7 4
    for jobs in 1 3; do
        mw lines/masks -j $jobs --images lines/images -qq --per-mask lines.ndjson -o /dev/null
        ended 1
        [ "$(sed 's/.*"path":"\(.\).*"findings":\(.*\)}/\1 \2/' lines.ndjson | tr '\n' ' ')" = \
            '1 [] 2 ["missing-images"] 3 ["image-orientation"] 4 ["image-size"] 5 ["image-size"] ' ] ||
            fail "$(cat lines.ndjson)"
    done
}

@test "images of masks that are named one by one: the file name counts, others may be there" {
    for name in a b; do mask "single/masks/sub/$name.png" --size 6x4; done
    for name in a b; do photo single/images/$name.jpg 6 4; done
    kept single/masks/sub/a.png --images single/images
    find single -name a.png >list
    kept --files-from list --images single/images
    broken missing-masks 1 single/masks/sub/a.png --images single/images --check missing-masks
    first "('single/images/b.jpg', 'no mask')"
    expect "'source' not in broken['missing-masks']['first'][0]"
    broken missing-masks 1 --files-from list --images single/images --check missing-masks
    mw single/masks/sub/a.png --images single/images -q --image-name 'single/masks/sub/*.png=sub/*'
    ended 1
    told 'no image single/images/sub/a.*'
}

@test "images that are missing, of another size, turned, or no images" {
    for name in 1 2 3 4 5 6; do mask "pairs/masks/$name.png" --size 6x4; done
    photo pairs/images/1.jpg 6 4
    photo pairs/images/3.jpg 4 6 6 # turned, it has the size of the mask
    photo pairs/images/4.png 6 4 3
    echo "no image" >pairs/images/5.jpg
    photo pairs/images/6.tif 7 4
    cp pairs/images/1.jpg pairs/images/9.jpeg
    cp pairs/images/1.jpg pairs/images/.hidden.jpg
    echo x >pairs/images/readme.txt
    mw pairs/masks --images pairs/images -q -o pairs.json
    ended 1
    told 'warning: images are turned' 'broken: masks have no image'
    expect_file pairs.json "[(r['rule'], r['severity'], r['broken']) for r in d['rules']] ==
        [('unreadable', 'error', False), ('unknown-labels', 'error', False), ('missing-images', 'error', True),
         ('missing-masks', 'error', True), ('image-size', 'error', True), ('image-orientation', 'warning', True)]" \
        "[(c, [(p['path'], p['error']) for p in f(c)['first']]) for c in codes] == [
         ('missing-images', [('2.png', 'no image pairs/images/2.* (jpg, jpeg, png, tif or tiff)')]),
         ('missing-masks', [('pairs/images/9.jpeg', 'no mask')]),
         ('image-size', [('5.png', 'pairs/images/5.jpg: neither PNG nor JPEG nor TIFF by its content'),
                         ('6.png', '6 x 4 pixels, and the image 6.tif 7 x 4')]),
         ('image-orientation', [('3.png', 'the image 3.jpg has orientation 6'),
                                ('4.png', 'the image 4.png has orientation 3')])]"
    mw pairs/masks --images pairs/images -qq -o /dev/null --check missing-images=1 --check missing-masks=1 \
        --check image-size=2
    clean # a warning is no error
    mw pairs/masks --images pairs/images -q --check image-size=2 --image-name '5*.png=5*.jpg'
    ended 1
    expect "f('missing-images')['count'] == 5" "'missing-masks' not in codes" \
        "f('missing-images')['first'][0]['error'] == 'no --image-name matches its name'"
}

@test "images may be read in the sandbox, and nothing else" {
    "$MASKWEIGHT" --sandbox require tiny --ignore-index 255 -q >/dev/null 2>&1 || skip "there is no sandbox here"
    mask boxed/masks/a.png --size 6x4
    photo boxed/images/a.jpg 6 4
    photo boxed/elsewhere/a.jpg 6 4
    kept boxed/masks --images boxed/images --sandbox require
    mw boxed/masks/a.png --images boxed/images --sandbox require -q \
        --image-name 'boxed/masks/*.png=../elsewhere/*.jpg'
    ended 1
    told 'boxed/images/../elsewhere/a.jpg: cannot open: Permission denied'
}

@test "what an audit of masks cannot be asked is refused" {
    "$MASKWEIGHT" tiny --ignore-index 255 -q -o tiny.json
    for rule in size:/2 encoding name:a duplicates; do
        refuses "tiny.json: a document holds counts; there are no masks to look at ($rule): keep that rule in a run of its own" tiny.json --check $rule
    done
    refuses 'no masks to look at' tiny.json --images tiny
    kept tiny --ignore-index 255 --baseline tiny.json --check removed-masks --check size:/1
    refuses 'name their directory with --images' tiny --check missing-images
    refuses '--image-name is for --images' tiny --image-name '*=*'
    refuses '--images is given twice' tiny --images a --images b
    refuses '--images: none: No such file' tiny --ignore-index 255 --images none
    refuses '--images: tiny.json is no directory' tiny --ignore-index 255 --images tiny.json
    while read -r pattern message; do
        refuses "--image-name '$pattern': $message" tiny --images tiny --image-name "$pattern"
    done <<'END'
a no =: write FROM=TO
* no =
*= TO has no *, which stands for what
=* FROM has no *
a=b FROM has no *
**=* FROM has two * beside each other
*=** TO has two * beside each other
*.png=x/*.png TO has a / and FROM has none
*=*=* FROM has 1 * and TO 2: write as many, or {1} to {1} in TO
*/*=* FROM has 2 * and TO 1: write as many, or {1} to {2} in TO
*=*a* FROM has 1 * and TO 2
*a*b*c*d*e*f*g*h*=* FROM has more than 8 *
END
    refuses "--image-name ''|no =" tiny --images tiny --image-name ''
    refuses 'judge the whole|in a run over all masks without --shard' tiny --shard 1/2 --images tiny
    for option in --check=encoding --images=tiny --baseline=tiny.json --rules=none; do
        refuses '--list-files counts nothing that --check' tiny --list-files "$option"
    done
    photo kept/a.jpg 6 4
    cp kept/a.jpg kept.jpg
    refuses '--output: kept/a.jpg is an image; a document would replace it' tiny --images kept -o kept/a.jpg
    refuses '--report text: kept/a.jpg is an image' tiny --images kept -o new --report text=kept/a.jpg
    same kept.jpg kept/a.jpg
    refuses "is about all masks, so not about 'x'" tiny --check duplicates:x
}

@test "rules in files name what is allowed" {
    echo '[{"check": "size", "allowed": "2x2", "severity": "info"}, {"check": "name", "allowed": "*.png|*.tif"}]' >mask-rules.json
    mw tiny --ignore-index 255 -q --rules mask-rules.json
    ended 0
    expect "[r['rule'] for r in d['rules']][:2] == ['size:2x2', 'name:*.png|*.tif']" "broken['size:2x2']['count'] == 3"
    echo '[{"check": "size", "class": "8x8"}]' >mask-rules.json
    refuses '"class" is nothing that size has, but "allowed"' tiny --rules mask-rules.json
    echo '[{"check": "min-masks", "allowed": "8x8", "limit": 3}]' >mask-rules.json
    refuses '"allowed" is nothing that min-masks has' tiny --rules mask-rules.json
}

@test "suffixes of images are found in any case; of two images for a mask, the second is told as such" {
    for name in a b c d; do mask "cases/masks/$name.png" --size 6x4; done
    photo cases/photo.jpg 6 4
    photo cases/photo.tif 6 4
    mkdir cases/images
    cp cases/photo.jpg cases/images/a.JpG
    cp cases/photo.jpg cases/images/b.Jpeg
    cp cases/photo.tif cases/images/c.tiFF
    cp cases/photo.tif cases/images/d.TIF
    kept cases/masks --images cases/images
    kept cases/masks --images cases/images --image-name '*.png=*'
    cp cases/photo.jpg cases/images/d.jPG
    cp cases/photo.jpg cases/images/e.jpg
    broken missing-masks 2 cases/masks --images cases/images # capitals before a mixture
    first "('cases/images/d.jPG', 'no mask: that of this name is paired with an image of another suffix'),
        ('cases/images/e.jpg', 'no mask')"
}

@test "images are read through links, also in the sandbox, with and without --follow" {
    for name in a b; do mask "linked/masks/$name.png" --size 6x4; done
    for name in a b c; do photo "linked/store/$name.jpg" 6 4; done
    mkdir -p linked/images linked/whole
    for name in a b; do ln -s "../store/$name.jpg" "linked/images/$name.jpg"; done
    cp linked/masks/a.png linked/images/c.png # not every one is a link
    ln -s ../store linked/whole/sub
    local required=()
    "$MASKWEIGHT" --sandbox require tiny --ignore-index 255 -q >/dev/null 2>&1 && required=(--sandbox require)
    for more in '' -L; do
        # shellcheck disable=SC2086 # none or one
        broken missing-masks 1 linked/masks --images linked/images "${required[@]}" $more
        first "('linked/images/c.png', 'no mask')"
        # shellcheck disable=SC2086
        broken missing-masks 1 linked --include 'masks/*' --images linked/whole --image-name 'masks/*.png=sub/*' "${required[@]}" $more
        first "('linked/whole/sub/c.jpg', 'no mask')"
    done
}

@test "an image or a directory of images that cannot be read is a finding, and the audit goes on" {
    for name in a b c; do mask "gone/masks/$name.png" --size 6x4; done
    photo gone/images/a.jpg 6 4
    photo gone/images/x.jpg 6 4
    ln -s nowhere gone/images/b.jpg
    ln -s nowhere gone/images/y.png
    ln -s nowhere gone/images/latest
    ln -s . gone/images/loop
    touch gone/images/README
    for more in '' -L; do
        # shellcheck disable=SC2086 # none or one
        mw gone/masks --images gone/images -q $more
        ended 1
        first "('c.png', 'no image gone/images/c.* (jpg, jpeg, png, tif or tiff)'),
            ('gone/images/x.jpg', 'no mask'),
            ('gone/images/y.png', 'cannot follow it: No such file or directory; fetch what the link leads to, or remove the link'),
            ('b.png', 'gone/images/b.jpg: a symbolic link to what is not there; fetch what it leads to')"
        expect "d['dataset']['masks'] == 3"
    done
    [ "$(id -u)" -ne 0 ] || skip "root reads everything"
    mask closed/masks/a.png --size 6x4
    photo closed/images/a.jpg 6 4
    mkdir closed/images/sub && chmod 0 closed/images/sub
    broken missing-masks 1 closed/masks --images closed/images
    first "('closed/images/sub/', 'cannot open the directory: Permission denied; make it readable, or move it elsewhere')"
    chmod 700 closed/images/sub
}
