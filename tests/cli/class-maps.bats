#!/usr/bin/env bats
# Class maps: the maps that come with the program on masks in the real encoding of their datasets, every
# form of class map, malformed ones, and what becomes of ids and names.

load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    # Cityscapes instanceIds: 7 road, 11 building, 26 a group of cars, 26001 the second car, 1 ego vehicle.
    masks <<'END'
instances/a.png --bits 16 --rows "7 7 7 11;26001 26001 26002 26;24000 24000 24000 24000;33017 1 29000 0"
kitti/a.png --bits 16 --rows "1792 1792 6657;6658 6144 0"
camvid-masks/a.png --colour rgb --rows "#808080 #808080 #804080;#400080 #000000 #0080C0"
ade.png --rows "0 1 1 150;3 3 3 2"
ids.png --rows "7 7 7 26;11 11 26 255"
rgb.png --colour rgb --rows "#804080 #804080 #804080;#0000FF #0000FF #000000"
END
    "$PYTHON" -S - <<'END'
import os, sys
sys.path.insert(0, os.environ["MW_SOURCE"] + "/tests")
import masks

def rows_of(values, width):
    return [values[i:i + width] for i in range(0, len(values), width)]

# Cityscapes labelIds: of every id i + 1 pixels, 1 + 2 + ... + 34 = 595 = 35 * 17.
masks.save("labels/a.png", masks.png(rows_of([i for i in range(34) for _ in range(i + 1)], 35)))
# VOC: an indexed PNG with all 256 colours; class 15 is person, 255 the border.
def colour(index):
    parts = [0, 0, 0]
    for bit in range(8):
        for part in range(3):
            parts[part] |= (index >> part & 1) << (7 - bit)
        index >>= 3
    return tuple(parts)
assert colour(15) == (192, 128, 128) and colour(255) == (224, 224, 192)
index = [[0, 0, 0, 255, 15], [0, 0, 255, 15, 15], [1, 1, 255, 20, 20]]
palette = [colour(i) for i in range(256)]
masks.save("voc-masks/a.png", masks.png(index, 8, "palette", palette))
masks.save("voc-masks/b.png", masks.png([[0, 0], [0, 255]], 8, "palette", palette, interlaced=True))
# ADE20K benchmark: 0 is other, 1 wall, ... 150 flag.
masks.save("ade/a.png", masks.png([list(range(151)), [1] * 151]))
END
    printf '%s\n' road car >names.txt
    # One map in every form: road #804080, car #0000FF, void #000000.
    mkdir forms
    printf '128 64 128 road\n0 0 255\tcar\n0 0 0 void\n' >forms/colours
    printf '# label:color_rgb:parts:actions\nroad:128,64,128::\ncar:0,0,255::\nvoid:0,0,0::\n' \
        >forms/labelmap.txt
    printf 'name,r,g,b\nroad,128,64,128\n"car",0,0,255\nvoid,0,0,0\n' >forms/class_dict.csv
    echo '{"classes": ["road", "car", "void"], "palette": [[128, 64, 128], [0, 0, 255], [0, 0, 0]]}' \
        >forms/mmseg.json
    echo '{"label_map": {"0": "road", "1": "car", "2": "void"},
           "segmentation_colors": [[128, 64, 128], [0, 0, 255], [0, 0, 0]]}' >forms/dataset_meta.json
    echo '{"maskweight_class_map": 1, "classes": [{"id": 0, "name": "road", "color": "#804080"},
           {"id": 1, "name": "car", "color": [0, 0, 255]}, {"id": 2, "name": "void", "color": "#000000"}]}' \
        >forms/own.json
    echo '{"7": "road", "26": "car", "11": "building"}' >id2label.json
    cat >own.json <<'END'
{"maskweight_class_map": 1, "source": "made for this test", "classes": [
  {"id": 1, "name": "vehicle", "values": [11, [20, 29]]},
  {"id": 0, "name": "flat", "values": [7], "background": true},
  {"name": "void", "ignore": true, "values": [255]}]}
END
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return
}

# The maps that come with the program.

@test "cityscapes: label ids as they are, all 34 of them" {
    mw labels -c cityscapes
    clean
    expect 'px == {i: i + 1 for i in range(34)}' 'data["ignored_pixels"] == 0' \
        'c(26)["name"] == "car"' 'c(7)["name"] == "road"' 'c(0)["name"] == "unlabeled"' \
        'c(33)["name"] == "bicycle"' 'lab["background"] == []' 'lab["classes"] == 34'
}

@test "cityscapes-train: label ids become 19 train ids, the rest is left out" {
    # The label ids of the train ids, in order; of id i there are i + 1 pixels.
    mw labels -c cityscapes-train
    clean
    expect '[n(i) - 1 for i in range(19)] ==
            [7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33]' \
        'len(px) == 19' 'data["pixels"] == 399 + 19' 'data["ignored_pixels"] == 595 - 418' \
        'data["unknown_pixels"] == 0' 'c(13)["name"] == "car"' 'c(0)["name"] == "road"'
}

@test "cityscapes-train: instance ids of 16 bits, where small values are classes" {
    mw instances --encoding instance -c cityscapes-train --zero-class one -qq
    ended 0
    expect '{i: p for i, p in px.items() if p} == {0: 3, 2: 1, 13: 4, 11: 4, 18: 1}' \
        'data["ignored_pixels"] == 3' 'lab["encoding"] == "instance"' 'lab["divisor"] == 1000' \
        'lab["small_values"] == "class"'
    mw instances -c cityscapes-train # without the encoding the values are no classes
    ended 2
    told 'instances/a.png: error: ' '24000 (4 pixels, first at x 0, y 2)' '26001 (2 pixels'
}

@test "KITTI: instance ids with --divisor 256" {
    mw kitti --encoding instance --divisor 256 -c cityscapes-train -qq
    ended 0
    expect '{i: p for i, p in px.items() if p} == {0: 2, 13: 2, 11: 1}' \
        'data["ignored_pixels"] == 1' 'lab["divisor"] == 256' 'lab["small_values"] == "divide"'
}

@test "voc: indices of a palette and their colours are the same classes, 255 is left out" {
    mw voc-masks -c voc -qq
    ended 0
    expect '{i: p for i, p in px.items() if p} == {0: 8, 1: 2, 15: 3, 20: 2}' 'len(px) == 21' \
        'data["ignored_pixels"] == 4' 'c(15)["name"] == "person"' 'c(0)["name"] == "background"' \
        'lab["background"] == [0]' 'data["empty_masks"] == 1'
    counts=$output
    mw voc-masks --encoding rgb -c voc -qq
    ended 0
    expect 'lab["encoding"] == "rgb"' 'data["ignored_pixels"] == 4'
    same <(sed -n '/"dataset"/,$p' <<<"$counts") <(sed -n '/"dataset"/,$p' <<<"$output")
}

@test "camvid: colours of RGB masks" {
    mw camvid-masks --encoding rgb -c camvid -qq
    ended 0
    expect '{c(i)["name"]: p for i, p in px.items() if p} ==
            {"Sky": 2, "Road": 1, "Car": 1, "Bicyclist": 1}' 'len(px) == 11' \
        'data["ignored_pixels"] == 1'
}

@test "ade20k: values 1 to 150 of the benchmark are the classes 0 to 149" {
    mw ade -c ade20k
    clean
    expect 'px == {0: 152} | {i: 1 for i in range(1, 150)}' 'data["ignored_pixels"] == 1' \
        'c(0)["name"] == "wall"' 'c(12)["name"] == "person"' 'c(149)["name"] == "flag"'
    # as --reduce-zero-label does
    mw ade --reduce-zero-label
    clean
    expect 'px == {0: 152} | {i: 1 for i in range(1, 150)}' 'data["ignored_pixels"] == 1'
}

@test "--list class-maps names every map with its source, and nothing else" {
    mw --list class-maps
    clean
    local names=() file
    for file in "$MW_SOURCE"/data/class-maps/*.json; do
        names+=("$(basename "$file" .json)")
    done
    [ "$(cut -d' ' -f1 <<<"$output" | sort)" = "$(printf '%s\n' "${names[@]}" | sort)" ]
    [ "$(grep -cE '^[a-z0-9-]+ +[A-Za-z]' <<<"$output")" -eq "$(wc -l <<<"$output")" ]
    [[ $output == *cityscapesScripts* && $output == *'PASCAL VOC 2012'* ]]
    for name in "${names[@]}"; do
        mw -qq labels -c "$name" --unknown ignore # it can be used by that name
        ended 0
    done
    mw --list class-maps nowhere -n 3 # like --help
    clean
    refuses '--list|class-maps' --list formats
}

@test "a map that is not there is refused, with the nearest name" {
    refuses "--class-map|'camvd'|did you mean 'camvid'?" ids.png -c camvd
    refuses "'voc2012'|there are: |ade20k|camvid|cityscapes|cityscapes-train|voc" ids.png -c voc2012
    refuses "'cityscape-train'|did you mean 'cityscapes-train'?" ids.png -c cityscape-train
    refuses 'missing/voc: |No such file' ids.png -c missing/voc
    refuses './voc.json: |No such file' ids.png -c ./voc.json
}

@test "of two near names the nearer one is suggested" {
    refuses "--class-map|'cityscape'|did you mean 'cityscapes'?" ids.png -c cityscape
}

@test "a file comes before a map of that name" {
    mkdir "$BATS_TEST_TMPDIR/here"
    cd "$BATS_TEST_TMPDIR/here"
    printf 'a\nb\n' >voc
    mask m.png --rows "0 1 1"
    mw m.png -c voc
    clean
    expect 'px == {0: 1, 1: 2}' 'c(1)["name"] == "b"'
}

# People keep the masks of a dataset in a directory of its name.
@test "a directory does not hide the map of that name" {
    mkdir "$BATS_TEST_TMPDIR/there"
    cd "$BATS_TEST_TMPDIR/there"
    mask voc/m.png --rows "0 15 15"
    mw voc -c voc -qq
    ended 0
    expect 'n(15) == 2'
    refuses 'voc/: |Is a directory' voc -c voc/
}

@test "maps are found beside an installed program, and not where there are none" {
    emulated && skip "a copy of the program cannot be run by itself"
    local prefix=$BATS_TEST_TMPDIR/usr
    mkdir -p "$prefix/bin" "$prefix/share/maskweight"
    cp "$MW_BUILD/maskweight" "$prefix/bin/maskweight"
    cp -r "$MW_SOURCE/data/class-maps" "$prefix/share/maskweight/"
    MASKWEIGHT=$prefix/bin/maskweight mw labels -c cityscapes -f list
    clean
    [ "$("$prefix/bin/maskweight" --list class-maps)" = "$("$MASKWEIGHT" --list class-maps)" ]
    rm -r "$prefix/share"
    MASKWEIGHT=$prefix/bin/maskweight refuses 'class-maps' --list class-maps
    MASKWEIGHT=$prefix/bin/maskweight refuses 'cityscapes: ' labels -c cityscapes
}

# Forms.

@test "every form with colours declares the same classes, by colour and by id" {
    for form in forms/*; do
        mw rgb.png --encoding rgb -c "$form"
        clean
        expect 'px == {0: 3, 1: 2, 2: 1}' '[e["name"] for e in d["classes"]] == ["road", "car", "void"]'
        mw ids.png -c "$form" --map '7=0,26=1,11=2,255=ignore'
        clean
        expect 'px == {0: 3, 1: 2, 2: 2}' 'c(2)["name"] == "void"' 'data["ignored_pixels"] == 1'
    done
}

@test "names alone are numbered from 0, as a list of lines or of JSON" {
    echo '["road", "car"]' >names.json
    for form in names.txt names.json; do
        mw ids.png -c $form --map '7=0,*=1'
        clean
        expect 'px == {0: 3, 1: 5}' '[e["name"] for e in d["classes"]] == ["road", "car"]'
        refuses "$form: |line 1|colour|--encoding rgb" rgb.png --encoding rgb -c $form
    done
}

@test "ids may have gaps: only those are classes" {
    mw ids.png -c id2label.json --ignore-index 255
    clean
    expect 'px == {7: 3, 11: 2, 26: 2}' '[e["name"] for e in d["classes"]] == ["road", "building", "car"]' \
        'lab["classes"] == 3' 'lab["background"] == []' 'data["empty_masks"] == 0'
    mw ids.png -c id2label.json
    ended 2
    told 'value 255 is no class' '1 pixel, first at x 3, y 1'
    mask "$BATS_TEST_TMPDIR/eight.png" --rows "7 8 8"
    mw "$BATS_TEST_TMPDIR/eight.png" -c id2label.json
    ended 2
    told 'value 8 is no class' '2 pixels, first at x 1, y 0'
    untold '0 to 2'
    mw "$BATS_TEST_TMPDIR/eight.png" -c id2label.json --unknown ignore -qq
    ended 0
    expect 'px == {7: 1, 11: 0, 26: 0}' 'data["unknown_pixels"] == 2'
}

@test "several values become one class, others are left out, and background is what the map says" {
    mw ids.png -c own.json
    clean
    expect 'px == {0: 3, 1: 4}' 'data["ignored_pixels"] == 1' 'lab["background"] == [0]' \
        'c(0)["name"] == "flat"'
    mw ids.png -c own.json --background 1
    clean
    expect 'lab["background"] == [1]'
    mw ids.png -c own.json -n 2
    clean
    refuses 'own.json: |2|3' ids.png -c own.json -n 3
}

@test "a malformed map is refused with its path, line and column" {
    refuse_map() {
        printf '%b' "$2" >bad
        refuses "bad: |$1" ids.png -c bad
    }
    refuse_map 'line 2, column 1|empty' 'a\n\nb\n'
    refuse_map 'line 3, column 1|the same name as on line 1' 'a\nb\na\n'
    refuse_map 'line 2, column 5|0 to 255' '1 2 3 a\n1 2 256 b\n'
    refuse_map 'line 2, column 1|the same colour as on line 1' '1 2 3 a\n1 2 3 b\n'
    refuse_map 'line 3, column 6|' '# c\na:1,2,3::\nb:0,0::\n'
    refuse_map 'line 2, column 1|not closed' 'name,r,g,b\n"a,1,2,3\n'
    refuse_map 'line 2, column 8|behind the colour' 'name,r,g,b\na,1,2,3,4\n'
    refuse_map 'line 1, column 11|header' 'name,r,g,b,a\na,1,2,3,4\n'
    refuse_map 'line 2, column 1|"0" stands twice: as on line 1, column 2' '{"0": "a",\n"0": "b"}'
    refuse_map 'line 1, column 2|' '{"a": "b"}'
    refuse_map 'JSON|line 2, column 1' '{"0": "a"\n'
    refuse_map 'line 2, column 2|"colour"' \
        '{"maskweight_class_map": 1, "classes": [{"id": 0,\n "colour": "#000000"}]}'
    refuse_map 'line 1, column 2|UTF-8' 'a\xff\n'
    refuse_map 'line 1, column 2|NUL' 'a\0b\n'
    refuse_map 'no class' ''
    refuses 'twice' ids.png -c names.txt -c forms/colours
    refuses 'Is a directory' ids.png -c forms
}

@test "what a malformed map holds never reaches the terminal raw, and is told in one line" {
    printf 'a\n\x1b[31mred\n' >bad
    refuses 'bad: |line 2, column 1|control' ids.png -c bad
    printf '{"0": "a", "\\u001b[31m": "b"}' >bad
    refuses 'bad: |line 1, column 12' ids.png -c bad
    untold $'\x1b'
    printf 'name,r,g,b\n"%0100000d,1,2,3\n' 0 >bad
    refuses 'bad: |line 2' ids.png -c bad
}

# Tables of colours that are nearly name,r,g,b: read where no doubt is left, else refused with the
# header that is read. None of them is ever a list of names.

@test "name,r,g,b may have blanks or semicolons, in any case" {
    local rows=('road,128,64,128' 'car,0,0,255' 'void,0,0,0')
    table() {
        printf "$1\n" >table.csv
        printf '%s\n' "${rows[@]}" | sed "s/,/$2/g" >>table.csv
        mw rgb.png --encoding rgb -c table.csv
        clean
        expect 'px == {0: 3, 1: 2, 2: 1}' \
            '[e["name"] for e in d["classes"]] == ["road", "car", "void"]'
    }
    table 'name,r,g,b' ','
    table 'name, r, g, b' ', '
    table 'name;r;g;b' ';'
    table 'Name ; R ; G ; B' ' ; '
}

@test "another header is refused, and told which one is read" {
    for header in id,name,r,g,b name,r,g,b,a r,g,b,name 'name,red,green,blue' 'id;name;r;g;b' \
        '"name","r","g","b"'; do
        printf '%s\nroad,128,64,128\n' "$header" >bad
        refuses 'bad: line 1, column |the header is not name,r,g,b' rgb.png --encoding rgb -c bad
        refuses 'bad: line 1, column |the header is not name,r,g,b' ids.png -c bad
    done
}

@test "colours without a header are not taken for names" {
    refuse_rows() {
        printf '%b' "$2" >bad
        refuses "bad: $1: looks like a colour|name,r,g,b|128 64 128 road" ids.png -c bad
    }
    refuse_rows 'line 1, column 6' 'road,128,64,128\ncar,0,0,255\n'
    refuse_rows 'line 1, column 6' 'road;128;64;128\ncar;0;0;255\n'
    refuse_rows 'line 1, column 1' '0,128,64,128\n1,0,0,255\n'
    refuse_rows 'line 1, column 12' 'background #000000\ncar #0000FF\n'
    refuse_rows 'line 1, column 6' 'road 128 64 128\ncar 0 0 255\n'
    refuse_rows 'line 2, column 6' 'void\nroad,1,2,3\ncar,4,5,6\n'
    printf 'lane 1\nlane 2, old\nsign #3\n' >names # names with numbers are names
    mw ids.png -c names --map '7=0,11=1,*=2'
    clean
    expect '[e["name"] for e in d["classes"]] == ["lane 1", "lane 2, old", "sign #3"]'
}

@test "a key twice in one object is refused, with both places" {
    own() {
        printf '{"maskweight_class_map": 1, "classes": [\n%s]}' "$1" >bad
    }
    own '{"id": 0, "id": 7}'
    refuses 'bad: line 2, column 11: |"id" stands twice|line 2, column 2' ids.png -c bad
    own '{"id": 7, "name": "a", "name": "b"}'
    refuses 'bad: line 2, column 24: |"name" stands twice' ids.png -c bad
    own '{"id": 7, "color": "#000000", "color": "#0000FF"}'
    refuses 'bad: line 2, column 31: |"color" stands twice' ids.png -c bad
    printf '{"id2label": {"0": "a"},\n"id2label": {"7": "b"}}' >bad
    refuses 'bad: line 2, column 1: |"id2label" stands twice' ids.png -c bad
}

@test "a byte order mark and line ends of Windows change no form" {
    for form in forms/* names.txt id2label.json own.json; do
        printf '\xef\xbb\xbf' >windows
        sed 's/$/\r/' "$form" >>windows
        local mask=rgb.png arguments=(--encoding rgb)
        [[ $form == forms/* ]] || mask=ids.png arguments=(--unknown ignore)
        "$MASKWEIGHT" -qq $mask "${arguments[@]}" -c "$form" -o plain.json
        "$MASKWEIGHT" -qq $mask "${arguments[@]}" -c windows -o windows.json
        same plain.json windows.json
    done
    printf '\xff\xfer\0o\0a\0d\0' >bad
    refuses 'bad: line 1, column 1: UTF-16|UTF-8' ids.png -c bad
}

@test "more than 255 classes, and none of them 0" {
    mask wide.png --bits 16 --rows "1 300 300;256 299 1"
    "$PYTHON" -S -c 'import json; print(json.dumps({str(i): "class %d" % i for i in range(1, 301)}))' >many.json
    mw wide.png -c many.json -qq
    ended 0
    expect 'len(px) == 300' 'n(1) == 2' 'n(256) == 1' 'n(299) == 1' 'n(300) == 2' 'lab["background"] == []' \
        'c(300)["name"] == "class 300"' 'data["empty_masks"] == 0'
    mw wide.png -c many.json -s all --zero-class one -f csv -qq
    ended 0
    [ "$(wc -l <<<"$output")" -eq 301 ]
    seq -f 'class %.0f' 0 300 >many.txt # a list begins at 0, which is then the background
    mw wide.png -c many.txt -qq
    ended 0
    expect 'len(px) == 301' 'n(300) == 2' 'lab["background"] == [0]'
}

@test "a map of many classes is read in no time" {
    "$PYTHON" -S -c 'import json; print(json.dumps({str(i): "class %d" % i for i in range(16000)}, indent=1))' >many.json
    mask some.png --rows "0 0 1;0 1 0"
    run timeout 30 "$MASKWEIGHT" some.png -c many.json -f csv -qq --zero-class one
    [ "$status" -eq 0 ]
    [ "${#lines[@]}" -eq 16001 ]
    # 40,000 separate values of one class
    "$PYTHON" -S -c 'import json; print(json.dumps({"maskweight_class_map": 1, "classes": [
        {"id": 0, "values": list(range(0, 80000, 2))}, {"id": 1, "values": [1]}]}))' >many.json
    run timeout 30 "$MASKWEIGHT" some.png -c many.json -f csv -qq
    [ "$status" -eq 0 ]
    [ "${lines[1]%%,f*}" = '0,0,4,1,6,0.6666666666666666,0.75' ]
}

# Ids and names in documents.

@test "formats without ids refuse gaps, and csv, keras ids, table and lut do not need them dense" {
    for format in list npy keras yaml; do
        refuses "$format|7, 11, 26" ids.png -c id2label.json --ignore-index 255 -f $format
    done
    mw ids.png -c id2label.json --ignore-index 255 -f csv # n = 3 2 2, N = 7, K = 3
    clean
    [ "$output" = 'id,name,pixels,masks,mask_pixels,fraction,balanced
7,road,3,1,7,0.42857142857142855,0.7777777777777778
11,building,2,1,7,0.2857142857142857,1.1666666666666667
26,car,2,1,7,0.2857142857142857,1.1666666666666667' ] || fail "$output"
    mw ids.png -c id2label.json --ignore-index 255 -f table
    clean
    [[ $output == *road* && $output == *building* && $output == *26* ]]
    mw labels -c cityscapes-train -f list # train ids have none
    clean
    "$PYTHON" -S -c 'import json, sys; assert len(json.load(sys.stdin)) == 19' <<<"$output"
}

@test "lut follows a class map: the weight stands at the stored value" {
    "$MASKWEIGHT" labels -c cityscapes-train -s inverse -f lut >"$BATS_TEST_TMPDIR/lut"
    "$PYTHON" -S - "$BATS_TEST_TMPDIR/lut" <<'END'
import struct, sys
data = open(sys.argv[1], "rb").read()
values = struct.unpack("<256f", data[-1024:])
train = [7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33]
for value in range(256): # N / n
    wanted = 418 / (value + 1) if value in train else 0
    assert abs(values[value] - wanted) <= 1e-6 * wanted, (value, values[value], wanted)
END
    mw rgb.png --encoding rgb -c forms/colours -f lut
    ended 2
    told lut
}

@test "a document keeps gapped ids, names, values and background, byte for byte" {
    cp "$MW_SOURCE/data/class-maps/cityscapes-train.json" map.json
    echo '{"maskweight_class_map": 1, "classes": [{"id": 5, "values": [7, 26], "background": true},
        {"id": 300, "values": [[8, 20], 255]}]}' >far.json
    for arguments in 'ids.png -c id2label.json --ignore-index 255' 'labels -c cityscapes-train' \
        'labels -c map.json' 'instances --encoding instance -c cityscapes-train' 'voc-masks -c voc' \
        'rgb.png --encoding rgb -c forms/own.json' 'ids.png -c own.json' 'ids.png -c far.json' \
        'ade -c ade20k'; do
        # shellcheck disable=SC2086 # options with their values
        "$MASKWEIGHT" -qq $arguments -o counted.json
        "$MASKWEIGHT" -qq counted.json -o again.json
        same counted.json again.json
        # shellcheck disable=SC2086
        "$MASKWEIGHT" -qq $arguments -f csv -s all -o direct.csv
        "$MASKWEIGHT" -qq counted.json -f csv -s all -o again.csv
        same direct.csv again.csv
    done
}

@test "documents with the same class map merge, with another they are refused" {
    "$MASKWEIGHT" -qq labels -c cityscapes-train -o train.json
    "$MASKWEIGHT" -qq instances --encoding instance -c cityscapes-train -o instances.json
    "$MASKWEIGHT" -qq labels -c cityscapes -o full.json
    mask more.png --rows "7 7 26"
    mw train.json more.png -qq # settings and classes are those of the document
    ended 0
    expect 'n(0) == 8 + 2' 'n(13) == 27 + 1' 'c(13)["name"] == "car"' 'len(px) == 19'
    mw train.json more.png -c cityscapes-train -qq
    ended 0
    expect 'n(0) == 10'
    refuses 'instances.json|--encoding instance|--encoding index' train.json instances.json
    refuses 'full.json|class map' train.json full.json
    refuses 'train.json|class map' train.json -c voc
    refuses 'train.json|class map|--classes 19' train.json -n 19
    refuses 'train.json|--background' train.json --background 0
    "$MASKWEIGHT" -qq ids.png -c id2label.json --ignore-index 255 -o gaps.json
    sed 's/car/auto/' id2label.json >other.json
    refuses 'gaps.json|name' gaps.json -c other.json
    echo '{"7": "road", "26": "car", "12": "building"}' >other.json
    refuses 'gaps.json' gaps.json -c other.json
}

# The same map as before is no difference, whatever the document says of the encoding.
@test "a class map by colour may be named again when a document is weighed" {
    "$MASKWEIGHT" -qq rgb.png --encoding rgb -c forms/colours -o counted.json
    mw counted.json --encoding rgb -c forms/colours
    clean
    expect 'px == {0: 3, 1: 2, 2: 1}'
    mw counted.json -c forms/colours
    clean
    expect 'px == {0: 3, 1: 2, 2: 1}'
}

@test "names may be added to ids that were observed" {
    "$MASKWEIGHT" -qq ids.png --map '7=0,11=1,26=2' --ignore-index 255 -o observed.json
    mw observed.json -c forms/class_dict.csv
    clean
    expect '[e["name"] for e in d["classes"]] == ["road", "car", "void"]'
    refuses 'observed.json' observed.json -c names.txt # 2 is no class of it
}
