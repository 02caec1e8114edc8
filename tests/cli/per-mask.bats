#!/usr/bin/env bats
# --per-mask: one line a mask. What the lines say adds up to the document, by Python's own arithmetic.

load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    tiny tiny
    masks <<'END'
many/a.tif --pages 3 --rows "0 1 2;255 1 1"
many/b/c.npy --pages 2 --rows "0 0;0 3"
many/b.png --size 20x30 --noise 4 --values 4
many/z.pgm --rows "255 255"
END
    cp -r tiny odd
    mkdir odd/dir
    echo "no mask" >odd/dir/bad.png
    cp tiny/b.png odd/'=1+1, "x".png'
    cp tiny/b.png odd/$'two\nlines.png'
    cp tiny/a.png odd/$'latin-\xe9.png'
    slow slow
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return
    dir=$BATS_TEST_TMPDIR/out
    mkdir "$dir"
}

# sums FILE DOCUMENT: the lines of FILE add up to the document, in every field that both have.
sums() {
    "$PYTHON" -S - "$@" <<'END'
import csv, json, math, sys
with open(sys.argv[1], encoding="utf-8", newline="") as file:
    if sys.argv[1].endswith(".csv"):
        lines = list(csv.DictReader(file, strict=True))
        for line in lines:
            line["classes"] = {key[7:]: int(line[key]) for key in line
                               if key.startswith("pixels_") and line[key] not in ("", "0")}
            line["empty"] = {"": None, "true": True, "false": False}[line["empty"]]
            line["findings"] = line["findings"].split()
        failed = [line for line in lines if line["error"]]
    else:
        lines = [json.loads(line) for line in file]
        failed = [line for line in lines if "error" in line]
with open(sys.argv[2], encoding="utf-8") as file:
    document = json.load(file)
good = [line for line in lines if line not in failed]
for line in good:
    for key in ("page", "width", "height", "bits", "pixels", "ignored_pixels", "unknown_pixels"):
        line[key] = int(line[key])
    line["whole"] = line["pixels"] + line["ignored_pixels"] + line["unknown_pixels"]
    assert math.isclose(float(line["ignored_share"]), line["ignored_pixels"] / line["whole"]), line
    if document["labels"]["kind"] == "single-label":
        assert line["whole"] == line["width"] * line["height"], line
        assert sum(line["classes"].values()) == line["pixels"], line
total = lambda key, of: sum(line[key] for line in of)
data = document["dataset"]
empty = [line for line in good if line["empty"]]
ignored = [line for line in good if line["pixels"] == 0]
for key in ("pixels", "ignored_pixels", "unknown_pixels"):
    assert data[key] == total(key, good), key
assert data["masks"] == len(good) and data["empty_masks"] == len(empty), (len(good), len(empty))
assert data["ignored_masks"] == len(ignored)
assert data["in_empty_masks"]["pixels"] == total("pixels", empty)
assert data["in_empty_masks"]["ignored_pixels"] == total("ignored_pixels", empty)
assert data["in_ignored_masks"]["ignored_pixels"] == total("ignored_pixels", ignored)
most = sorted((line["ignored_pixels"] / line["whole"] for line in good if line["ignored_pixels"]), reverse=True)
assert data["most_ignored"]["masks"] == len(most)
assert [place["share"] for place in data["most_ignored"]["first"]] == most[:8]
first = data["in_empty_masks"]["first"]
assert [place["path"] for place in first] == sorted(line["path"] for line in empty)[:8], first
assert data["failed_files"] == len(failed)
assert data["files"] == len({(line.get("source"), line["path"], line.get("path_bytes"))
                             for line in good})
ids = {str(entry["id"]) for entry in document["classes"]}
assert {identifier for line in good for identifier in line["classes"]} <= ids
for entry in document["classes"]:
    for group, tally in ((good, entry), (empty, entry["in_empty_masks"])):
        masks = [line for line in group if str(entry["id"]) in line["classes"]]
        assert tally["pixels"] == sum(line["classes"][str(entry["id"])] for line in masks), entry
        assert tally["masks"] == len(masks), entry
        if document["labels"]["kind"] == "multi-label":
            continue  # mask_pixels are then those of one plane
        assert tally["mask_pixels"] == total("pixels", masks), entry
        assert tally["mask_ignored_pixels"] == total("ignored_pixels", masks), entry
for finding in document["findings"]:
    if finding["first"]:
        files = {(line.get("source"), line["path"], line.get("path_bytes")) for line in good
                 if finding["code"] in line["findings"]}
        if finding["code"] == "unknown-label":  # one of each mask
            files = [line for line in good if line["unknown_pixels"]]
        assert finding["count"] == len(files), (finding, len(files))
told = {code for line in good for code in line["findings"]}
assert told <= {finding["code"] for finding in document["findings"]}, told
places = sorted((line["path"], line["error"]) for line in failed)
assert places == sorted((place["path"], place["error"]) for place in document["failures"])
END
}

@test "CSV holds what was worked out by hand, and the document is as without it" {
    cat >"$dir/want" <<'END'
path,page,width,height,bits,pixels_0,pixels_1,pixels_2,pixels_3,pixels,ignored_pixels,unknown_pixels,empty,ignored_share,findings,error,path_bytes
a.png,1,4,2,8,3,2,2,0,7,1,0,false,0.125,,,
b.png,1,2,2,8,4,0,0,0,4,0,0,true,0.0,,,
d.png,1,2,1,8,0,0,0,0,0,2,0,false,1.0,ignored-mask,,
sub/c.tif,1,4,2,8,1,2,0,2,5,3,0,false,0.375,,,
END
    mw tiny -n 4 --ignore-index 255
    want=$output
    mw tiny -n 4 --ignore-index 255 --per-mask "$dir/masks.csv"
    clean
    [ "$output" = "$want" ]
    same "$dir/want" "$dir/masks.csv"
    holds_only "$dir" masks.csv want
}

@test "NDJSON holds the same, with the classes that occur" {
    cat >"$dir/want" <<'END'
{"path":"a.png","page":1,"width":4,"height":2,"bits":8,"classes":{"0":3,"1":2,"2":1},"pixels":6,"ignored_pixels":1,"unknown_pixels":1,"empty":false,"ignored_share":0.125,"findings":["unknown-label"]}
{"path":"b.png","page":1,"width":2,"height":2,"bits":8,"classes":{"0":4},"pixels":4,"ignored_pixels":0,"unknown_pixels":0,"empty":true,"ignored_share":0.0,"findings":[]}
END
    mask tiny3/a.png --rows "0 0 1 1;2 9 255 0"
    cp tiny/b.png tiny3
    mw tiny3 -n 4 --ignore-index 255 --unknown ignore --per-mask "$dir/masks.ndjson"
    same "$dir/want" "$dir/masks.ndjson"
    mw tiny --ignore-index 255 --per-mask "$dir/masks.jsonl"
    clean
    "$PYTHON" -S -c '
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
assert [line["classes"] for line in lines] == [
    {"0": 3, "1": 2, "2": 2}, {"0": 4}, {}, {"0": 1, "1": 2, "3": 2}], lines' "$dir/masks.jsonl"
}

@test "lines name what was found in their mask, and the rules that it breaks" {
    cp tiny/d.png "$dir/other.tif"
    mask "$dir/pages.tif" --rows "0 1" --photometric 0 --pages 2
    mask "$dir/after.png" --rows "0 1" --trailing 3
    mask "$dir/large.png" --rows "0 1 1"
    mw "$dir" -n 4 --ignore-index 255 -q --per-mask "$dir/masks.ndjson" --check size:2x1 --check 'name:*e*.tif|*.png' \
        --check encoding
    ended 1
    "$PYTHON" -S - "$dir/masks.ndjson" <<'END'
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
found = [(line["path"], line["page"], line["findings"]) for line in lines]
assert found == [("after.png", 1, ["trailing-data"]), ("large.png", 1, ["size"]),
                 ("other.tif", 1, ["suffix-mismatch", "ignored-mask"]),
                 ("pages.tif", 1, ["min-is-white"]), ("pages.tif", 2, ["min-is-white"])], found
END
    mw "$dir" -n 4 --ignore-index 255 -q --per-mask "$dir/masks.csv" --check size:9x9 --check name:a
    ended 1
    grep -q '^other.tif,1,2,1,8,.*,1.0,suffix-mismatch ignored-mask size name,,$' "$dir/masks.csv"
}

@test "the lines add up to the document, in every field, and are the same at any number of jobs" {
    for suffix in csv ndjson; do
        for set in many odd "$SAMPLE" "many tiny odd"; do # the last is several sources
            for jobs in 1 2 3 8; do
                # shellcheck disable=SC2086 # arguments
                "$MASKWEIGHT" -qq $set -n 300 --ignore-index 255 --keep-going -j $jobs -o "$dir/doc.json" \
                    --per-mask "$dir/$jobs.$suffix" || [ $? -eq 3 ]
                same "$dir/1.$suffix" "$dir/$jobs.$suffix"
            done
            sums "$dir/1.$suffix" "$dir/doc.json" || fail "$set $suffix"
        done
    done
    [ "$(grep -c . "$dir/1.ndjson")" -eq 19 ] # 7 of many, 4 of tiny, 7 and a failure of odd
    "$MASKWEIGHT" -qq many --keep-going --unknown ignore -n 2 --per-mask "$dir/u.csv" -o "$dir/doc.json"
    sums "$dir/u.csv" "$dir/doc.json"
}

@test "pages are numbered as messages number them, and planes are one mask" {
    mw many --ignore-index 255 --per-mask "$dir/masks.ndjson"
    clean
    [ "$(sed 's/.*"path":"\([^"]*\)","page":\([0-9]*\).*/\1 \2/' "$dir/masks.ndjson" | tr '\n' ';')" = \
        'a.tif 1;a.tif 2;a.tif 3;b.png 1;b/c.npy 1;b/c.npy 2;z.pgm 1;' ]
    mask planes/p.tif --pages 3 --rows "0 1 0;255 1 1"
    "$MASKWEIGHT" planes --encoding planes --ignore-index 255 --per-mask "$dir/p.ndjson" -o "$dir/doc.json"
    sums "$dir/p.ndjson" "$dir/doc.json"
    "$MASKWEIGHT" planes --encoding planes --ignore-index 255 -n 3 --per-mask "$dir/p.csv" -o "$dir/doc.json"
    sums "$dir/p.csv" "$dir/doc.json"
}

@test "lines stand in the order of the walk, though early masks take longest" {
    mkdir order
    ln slow/0.png order/000.png
    for i in {001..400}; do ln tiny/b.png order/$i.png; done
    for jobs in 1 8; do
        "$MASKWEIGHT" -qq order -j $jobs --per-mask "$dir/$jobs.ndjson" -o /dev/null
    done
    same "$dir/1.ndjson" "$dir/8.ndjson"
    sed 's/.*"path":"\([^"]*\)".*/\1/' "$dir/8.ndjson" | LC_ALL=C sort -c
    [ "$(grep -c . "$dir/8.ndjson")" -eq 401 ]
}

@test "files that fail are lines, too, whole files at a time" {
    mask broken/a.tif --pages 2 --rows "0 1"
    "$PYTHON" -S - "$MW_SOURCE/tests" <<'END'
import pathlib, sys
sys.path.insert(0, sys.argv[1])
import masks
masks.save(pathlib.Path("broken/b.tif"), masks.tiff([{"rows": [[0, 1]]}, {"rows": [[0, 7]]}]))
END
    cp tiny/b.png broken/c.png
    mw broken -n 2 --keep-going --per-mask "$dir/masks.ndjson" -qq
    ended 3
    grep -c . "$dir/masks.ndjson"
    [ "$(sed -n 3p "$dir/masks.ndjson" | head -c 25)" = '{"path":"b.tif","error":"' ]
    [[ $(sed -n 3p "$dir/masks.ndjson") == *'value 7 is no class'* ]]
    [ "$(grep -c . "$dir/masks.ndjson")" -eq 4 ]
}

@test "odd names: quotes, line feeds, bytes that are not UTF-8, formulas" {
    mw odd -n 4 --ignore-index 255 --keep-going --per-mask "$dir/masks.csv" -qq
    "$PYTHON" -S - "$dir/masks.csv" <<'END'
import base64, csv, sys
lines = list(csv.DictReader(open(sys.argv[1], encoding="utf-8", newline=""), strict=True))
paths = [line["path"] for line in lines]
assert paths == ['=1+1, "x".png', "a.png", "b.png", "d.png", "dir/bad.png", "latin-\ufffd.png",
                 "sub/c.tif", "two\nlines.png"], paths
assert base64.b64decode(lines[5]["path_bytes"]) == b"latin-\xe9.png"
assert [line["path"] for line in lines if line["path_bytes"]] == ["latin-\ufffd.png"]
END
    mw odd -n 4 --ignore-index 255 --keep-going --per-mask "$dir/masks.ndjson" -qq
    "$PYTHON" -S - "$dir/masks.ndjson" <<'END'
import base64, json, sys
lines = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
assert [line["path"] for line in lines][::7] == ['=1+1, "x".png', "two\nlines.png"]
assert base64.b64decode(lines[5]["path_bytes"]) == b"latin-\xe9.png"
END
    mw odd -n 4 --ignore-index 255 --keep-going --csv-safe --per-mask "$dir/masks.csv" -qq
    [ "$(sed -n 2p "$dir/masks.csv" | cut -d, -f 1-3)" = "\"'=1+1, \"\"x\"\".png\",1" ]
}

@test "what --per-mask cannot do is told before any mask is read" {
    "$MASKWEIGHT" tiny --ignore-index 255 -o counts.json
    refuses '--per-mask|.csv|.ndjson|.jsonl' tiny --per-mask "$dir/masks.txt"
    refuses '--per-mask|.csv' tiny --per-mask -
    refuses '--per-mask|twice' tiny --per-mask "$dir/a.csv" --per-mask "$dir/b.csv"
    refuses '--per-mask|--classes|.ndjson' tiny --ignore-index 255 --per-mask "$dir/masks.csv"
    refuses 'counts.json|--per-mask' counts.json --per-mask "$dir/masks.ndjson"
    refuses 'counts.json|--per-mask' tiny counts.json --per-mask "$dir/masks.ndjson"
    refuses 'by --output too' tiny -o "$dir/x.ndjson" --per-mask "$dir/../out/x.ndjson"
    refuses 'missing/x.csv: ' tiny --per-mask "$dir/missing/x.csv"
    refuses 'directory' tiny --per-mask "$(mkdir "$dir/d.csv" && echo "$dir/d.csv")"
    cp tiny/a.png mask.csv
    refuses '--per-mask|a mask' tiny --per-mask mask.csv
    same tiny/a.png mask.csv
    cp tiny.txt names.csv
    refuses '--per-mask|class map' tiny -c names.csv --per-mask names.csv
    same tiny.txt names.csv
    holds_only "$dir" d.csv
}

@test "after an error the old lines are as they were, and nothing is left beside them" {
    echo old >"$dir/masks.csv"
    for case in 'odd -n 4 --ignore-index 255' 'tiny -n 1' 'tiny -n 300 --zero-class error --ignore-index 255'; do
        # shellcheck disable=SC2086 # arguments
        mw -qq $case --per-mask "$dir/masks.csv"
        ended 2
        [ -z "$output" ]
        [ "$(cat "$dir/masks.csv")" = old ] || fail "$case"
        holds_only "$dir" masks.csv || fail "$case"
    done
}

@test "a signal leaves neither a document nor lines" {
    echo old >"$dir/masks.csv"
    for signal in INT TERM; do
        env --default-signal=INT "$MASKWEIGHT" slow -n 256 -j 1 -o "$dir/doc" --per-mask "$dir/masks.csv" 3>&- &
        pid=$!
        for _ in {1..100}; do
            [ "$(find "$dir" -name '.*.tmp' | wc -l)" -lt 2 ] || break
            sleep 0.05
        done
        [ "$(find "$dir" -name '.*.tmp' | wc -l)" -eq 2 ] || fail "no temporary files to remove"
        kill -s $signal $pid
        status=0
        wait $pid || status=$?
        [ "$status" -eq $((128 + $(kill -l $signal))) ] || fail "$signal: $status"
        [ "$(cat "$dir/masks.csv")" = old ]
        holds_only "$dir" masks.csv
    done
}

@test "a full disk is an error of one line, and the old lines stay" {
    echo old >"$dir/masks.csv"
    mkdir links
    for i in {1..900}; do ln tiny/b.png links/$i.png; done
    status=0
    # 16 KiB a file: the lines are more, and they are written in pieces
    stderr=$(bash -c 'ulimit -f 16; exec "$MASKWEIGHT" links -n 999 -q --per-mask "$1" -f table' - "$dir/masks.csv" 2>&1 >"$dir/stdout") || status=$?
    ended 2
    [ "$(wc -l <<<"$stderr")" -eq 1 ] || fail "$stderr"
    told 'masks.csv: ' 'File too large'
    [ "$(cat "$dir/masks.csv")" = old ]
    [ ! -s "$dir/stdout" ]
    holds_only "$dir" masks.csv stdout
    [ -w /dev/full ] || skip "no /dev/full here"
    ln -s /dev/full "$dir/full.ndjson"
    refuses 'full.ndjson|No space left' tiny --ignore-index 255 --per-mask "$dir/full.ndjson"
}

@test "the file is no source and no skipped file, and --inspect and --list-files do without it" {
    cp -r tiny "$dir/set"
    for _ in 1 2; do
        mw "$dir/set" -n 4 --ignore-index 255 --per-mask "$dir/set/masks.csv"
        clean
        expect 'data["skipped_files"] == 1' # notes.txt
    done
    for option in --inspect --list-files; do
        mw tiny $option --per-mask "$dir/masks.csv"
        ended 0
    done
    holds_only "$dir" set
    mw tiny -n 4 --ignore-index 255 --sandbox require --per-mask "$dir/masks.csv" -qq
    if [ "$status" -eq 0 ]; then
        [ "$(grep -c . "$dir/masks.csv")" -eq 5 ]
    else
        told Landlock
    fi
}

# weights FILE.ndjson: the sample weights, in order.
weights() {
    sed 's/.*"sample_weight":\([^}]*\)}/\1/' "$1" | tr '\n' ' '
}

@test "--sampling inverse: 1 / the share of the pixels of the rarest class present" {
    # all 16 pixels: 8 of class 0, 4 of 1, 2 of 2, 2 of 3
    for jobs in 1 2 3 8; do
        mw tiny --ignore-index 255 -j $jobs --per-mask "$dir/$jobs.ndjson" --sampling inverse
        clean
        same "$dir/1.ndjson" "$dir/$jobs.ndjson"
    done
    [ "$(weights "$dir/1.ndjson")" = '8.0 2.0 0.0 8.0 ' ] # 16/2; b: 16/8; d has no class; 16/2
    holds_only "$dir" 1.ndjson 2.ndjson 3.ndjson 8.ndjson
    mw tiny -n 4 --ignore-index 255 --per-mask "$dir/masks.csv" --sampling inverse
    [ "$(sed 's/.*,//' "$dir/masks.csv" | tr '\n' ' ')" = 'sample_weight 8.0 2.0 0.0 8.0 ' ]
    mw tiny -n 4 --ignore-index 255 --per-mask "$dir/plain.csv"
    sed 's/,[^,]*$//' "$dir/masks.csv" >"$dir/cut.csv"
    same "$dir/plain.csv" "$dir/cut.csv" # but for the column, the same lines
    mw odd --ignore-index 255 --keep-going --per-mask "$dir/odd.ndjson" --sampling inverse -qq
    [ "$(sed -n 5p "$dir/odd.ndjson" | grep -c '"error":.*,"sample_weight":null}')" -eq 1 ]
}

@test "--sampling repeat-factor is that of LVIS, worked out by hand" {
    # LVIS, section 3: f_c is the share of images that contain c, r_c = max(1, sqrt(t / f_c)), and
    # r_i = max over the classes in i of r_c. Of 200 images 2 have class 1, 50 have class 2, all have 0:
    #   t = 0.04:  r_1 = sqrt(0.04 / 0.01) = 2   r_2 = max(1, sqrt(0.04 / 0.25)) = max(1, 0.4) = 1
    #   t = 0.001: r_1 = max(1, sqrt(0.1)) = 1
    #   t = 0.36:  r_1 = sqrt(36) = 6            r_2 = sqrt(0.36 / 0.25) = 1.2
    masks <<'END'
lvis/1.png --rows "0 1"
lvis/2.png --rows "0 0 2 1"
lvis/3.png --rows "0 2"
lvis/4.png --rows "0 0"
END
    for i in {5..52}; do ln lvis/3.png lvis/$i.png; done # 49 of these, and 2.png
    for i in {1..148}; do ln lvis/4.png lvis/z$i.png; done
    r() { # T FILE
        "$MASKWEIGHT" -qq lvis --per-mask "$dir/r.ndjson" --sampling "repeat-factor$1" -o "$dir/doc.json"
        grep "\"path\":\"$2\"" "$dir/r.ndjson" >"$dir/line"
        weights "$dir/line"
    }
    for t in '' :t=0.001; do
        for name in 1.png 2.png 3.png 4.png; do
            [ "$(r "$t" $name)" = '1.0 ' ] || fail "$t $name: $(cat "$dir/line")"
        done
    done
    expect_file "$dir/doc.json" 'data["masks"] == 200' 'c(1)["masks"] == 2' 'c(2)["masks"] == 50'
    [ "$(r :t=0.04 1.png)$(r :t=0.04 2.png)$(r :t=0.04 3.png)$(r :t=0.04 4.png)" = '2.0 2.0 1.0 1.0 ' ]
    [ "$(r :t=0.36 1.png)$(r :t=0.36 2.png)$(r :t=0.36 3.png)$(r :t=0.36 4.png)" = '6.0 6.0 1.2 1.0 ' ]
    mw tiny --ignore-index 255 --per-mask "$dir/tiny.ndjson" --sampling repeat-factor:t=1
    # f: 3/4, 2/4, 1/4, 1/4; d.png has no class: drawn as it is
    [ "$(weights "$dir/tiny.ndjson")" = '2.0 1.1547005383792515 1.0 2.0 ' ]
}

@test "--sampling is refused where it means nothing" {
    refuses '--sampling|--per-mask' tiny --sampling inverse
    refuses "--sampling|'inverse'" tiny --per-mask "$dir/x.ndjson" --sampling invers
    refuses '--sampling|twice' tiny --per-mask "$dir/x.ndjson" --sampling inverse --sampling inverse
    refuses 'inverse|no parameters' tiny --per-mask "$dir/x.ndjson" --sampling inverse:t=0.1
    for wrong in : :t :t= :t=0 :t=-1 :t=1.5 :t=x :power=2; do
        refuses 'repeat-factor|t=NUMBER' tiny --per-mask "$dir/x.ndjson" --sampling "repeat-factor$wrong"
    done
    holds_only "$dir"
}

@test "--sampling leaves nothing after a signal or on a full disk" {
    env --default-signal=INT "$MASKWEIGHT" slow -j 1 --per-mask "$dir/masks.ndjson" --sampling inverse >"$BATS_TEST_TMPDIR/stdout" 3>&- &
    pid=$!
    for _ in {1..100}; do
        holds_only "$dir" 2>/dev/null || break
        sleep 0.05
    done
    kill -s INT $pid
    status=0
    wait $pid || status=$?
    [ "$status" -eq 130 ]
    holds_only "$dir"
    mkdir many-links
    for i in {1..900}; do ln tiny/b.png many-links/$i.png; done
    status=0
    stderr=$(bash -c 'ulimit -f 16; exec "$MASKWEIGHT" many-links -q --per-mask "$1" --sampling inverse -f table' - "$dir/m.ndjson" 2>&1 >"$BATS_TEST_TMPDIR/stdout") || status=$?
    ended 2
    [ "$(wc -l <<<"$stderr")" -eq 1 ] || fail "$stderr"
    told "$dir/: a temporary file: " 'File too large'
    holds_only "$dir"
    [ ! -s "$BATS_TEST_TMPDIR/stdout" ]
}

# rare_class_sampling DIR DOCUMENT...: what a trainer with DAFormer's rare class sampling makes of the two files
# agrees with the documents' counts, and the files with each other.
rare_class_sampling() {
    "$PYTHON" -S - "$@" <<'END'
import json, os, sys
with open(os.path.join(sys.argv[1], "sample_class_stats.json"), encoding="utf-8") as file:
    stats = json.load(file)
with open(os.path.join(sys.argv[1], "samples_with_class.json"), encoding="utf-8") as file:
    with_class = json.load(file)
with open(sys.argv[2], encoding="utf-8") as file:
    document = json.load(file)
overall, made = {}, {}  # as the tools that write the files do: one from the other
for sample in stats:
    path = sample.pop("file")
    assert os.path.isfile(path), path
    for identifier, pixels in sample.items():
        assert isinstance(pixels, int) and pixels > 0
        overall[int(identifier)] = overall.get(int(identifier), 0) + pixels
        made.setdefault(identifier, []).append([path, pixels])
assert made == with_class
assert list(with_class) == sorted(with_class, key=int)
assert overall == {entry["id"]: entry["pixels"] for entry in document["classes"] if entry["pixels"]}
assert len(stats) == document["dataset"]["masks"]
END
}

@test "--sampling-files writes what rare class sampling reads" {
    for jobs in 1 2 3 8; do
        mkdir "$dir/$jobs"
        "$MASKWEIGHT" -qq tiny -n 9 --ignore-index 255 -j $jobs --sampling-files "$dir/$jobs" -o "$dir/doc.json"
        holds_only "$dir/$jobs" sample_class_stats.json samples_with_class.json
        diff -r "$dir/1" "$dir/$jobs"
    done
    rare_class_sampling "$dir/1" "$dir/doc.json"
    "$PYTHON" -S - "$dir/1" <<'END'
import json, sys
read = lambda name: json.load(open(f"{sys.argv[1]}/{name}.json"))
assert read("sample_class_stats") == [
    {"file": "tiny/a.png", "0": 3, "1": 2, "2": 2}, {"file": "tiny/b.png", "0": 4},
    {"file": "tiny/d.png"}, {"file": "tiny/sub/c.tif", "0": 1, "1": 2, "3": 2}]
assert read("samples_with_class")["1"] == [["tiny/a.png", 2], ["tiny/sub/c.tif", 2]]
END
    rm odd/latin*
    "$MASKWEIGHT" -qq odd "$SAMPLE" --ignore-index 255 --keep-going --sampling-files "$dir" -o "$dir/doc.json" \
        --per-mask "$dir/masks.csv" -n 300 || [ $? -eq 3 ]
    rare_class_sampling "$dir" "$dir/doc.json"
    sums "$dir/masks.csv" "$dir/doc.json"
    mask void/d.png --rows "255 255"
    mw void --ignore-index 255 --sampling-files "$dir"
    [ "$(cat "$dir/samples_with_class.json")" = '{}' ]
    [ "$("$PYTHON" -S -m json.tool --compact "$dir/sample_class_stats.json")" = '[{"file":"void/d.png"}]' ]
}

@test "--sampling-files of more than is gathered at once: in several passes, and classes that are larger" {
    # 4 classes of 60,000 paths of 170 bytes: 10 MB each, above the 8 MiB of a pass; and 40 of 3,000
    "$PYTHON" -S - "$MW_SOURCE/tests" <<'END'
import os, pathlib, sys
sys.path.insert(0, sys.argv[1])
import masks
folder = pathlib.Path("large", "d" * 150)
masks.save(folder / "0.png", masks.png([[0, 1, 2, 3]]))
masks.save(folder / "x0.png", masks.png([[0, *range(10, 50)]]))
for name, count in (("", 60000), ("x", 3000)):
    for i in range(1, count):
        os.link(folder / f"{name}0.png", folder / f"{name}{i}.png")
END
    "$MASKWEIGHT" -qq large --sampling-files "$dir" -o "$dir/doc.json"
    rare_class_sampling "$dir" "$dir/doc.json"
    [ "$(stat -c %s "$dir/samples_with_class.json")" -gt 40000000 ]
    [ -x /usr/bin/time ] || skip "no GNU time"
    peak=$(/usr/bin/time -f %M "$MASKWEIGHT" -qq large --sampling-files "$dir" -o "$dir/doc.json" 2>&1)
    [[ $MW_BUILD == */asan || $MW_BUILD == */tsan ]] || [ "$peak" -lt 40000 ] || fail "$peak KiB"
}

@test "--sampling-files is refused where the files have no place for it, and leaves nothing" {
    refuses 'a.tif has several masks' many --ignore-index 255 --sampling-files "$dir"
    mkdir latin
    cp tiny/b.png latin/$'\xe9.png'
    refuses 'not UTF-8' latin --sampling-files "$dir"
    "$MASKWEIGHT" tiny --ignore-index 255 -o counts.json
    refuses 'counts.json|--sampling-files' counts.json --sampling-files "$dir"
    refuses 'missing/sample_class_stats.json: ' tiny --sampling-files "$dir/missing"
    refuses '--sampling-files|twice' tiny --sampling-files "$dir" --sampling-files "$dir"
    refuses '--sampling-files' tiny --sampling-files ''
    refuses 'samples_with_class.json|by --output too' tiny --sampling-files "$dir" -o "$dir/samples_with_class.json"
    holds_only "$dir"
}

@test "what a shard cannot know, and what is read, stays as it is" {
    cd "$BATS_TEST_TMPDIR"
    tiny masks
    refuses '--sampling needs the counts of the whole' masks --shard 1/2 --per-mask r.ndjson --sampling inverse
    mask one/a.png --rows "0 1;2 3"
    mkdir none
    for k in 1 2; do
        "$MASKWEIGHT" one --shard $k/2 --sampling-files none -q -o part.json
        "$PYTHON" -c 'import json; print(len(json.load(open("none/sample_class_stats.json"))))'
    done >lengths
    [ "$(sort -n lengths | tr '\n' ' ')" = '0 1 ' ]
    cp masks.txt sample_class_stats.json
    refuses 'sample_class_stats.json is the class map' masks -c sample_class_stats.json --sampling-files . -o x.json
    same masks.txt sample_class_stats.json
}
