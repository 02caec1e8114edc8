#!/usr/bin/env bats
# Documents as sources: counting once and weighing many times, merging the parts of a dataset.

load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    tiny tiny
    # 96 masks of four kinds, some with a finding, some broken: more than a document keeps places of.
    masks <<'END'
kind/0.png --rows "0 0 1;0 255 1"
kind/1.png --rows "0 0;0 0" --trailing 3
kind/2.tif --rows "0 1 2 3;7 7 7 7" --bits 16
kind/3.png --rows "0 7 7" --colour palette --palette 5
kind/4.png --rows "9"
END
    mkdir many
    for i in {00..95}; do
        case $((10#$i % 8)) in
        0 | 4) cp kind/0.png "many/$i.png" ;;
        1 | 5) cp kind/1.png "many/$i.png" ;;
        2) cp kind/2.tif "many/$i.png" ;;
        3) cp kind/3.png "many/$i.png" ;;
        6) echo "no mask" >"many/$i.png" ;;
        7) if ((10#$i > 80)); then cp kind/4.png "many/$i.png"; else cp kind/2.tif "many/$i.tif"; fi ;;
        esac
    done
    "$MASKWEIGHT" tiny --ignore-index 255 -o tiny.json
    "$MASKWEIGHT" -qq tiny -o observed.json
    "$MASKWEIGHT" tiny --ignore-index 255 -n 4 -o declared.json
    "$MASKWEIGHT" -qq tiny -n 4 --keep-going -o incomplete.json || [ $? -eq 3 ]
    # Documents that must be refused, made from a good one.
    "$PYTHON" - <<'END'
import json, copy
with open("declared.json") as file:
    good = json.load(file)
def write(name, change):
    document = copy.deepcopy(good)
    change(document)
    with open(name, "w") as file:
        json.dump(document, file)
def at(*keys_and_value):
    *keys, last, value = keys_and_value
    def change(document):
        for key in keys:
            document = document[key]
        document[last] = value
    return change
def without(*keys):
    def change(document):
        for key in keys[:-1]:
            document = document[key]
        del document[keys[-1]]
    return change
write("good.json", lambda document: None)
write("large.json", at("dataset", "skipped_files", 2**53))
write("negative.json", at("classes", 1, "pixels", -4))
write("real.json", at("classes", 1, "pixels", 4.5))
write("text.json", at("dataset", "pixels", "16"))
write("schema.json", at("schema", 2))
write("sum.json", at("classes", 1, "pixels", 5))
write("total.json", at("dataset", "pixels", 17))
write("masks.json", at("classes", 1, "masks", 9))
write("empty-part.json", at("classes", 0, "in_empty_masks", "pixels", 9))
write("order.json", lambda document: document["classes"].reverse())
write("twice.json", lambda document: document["classes"].append(document["classes"][3]))
write("class-missing.json", lambda document: document["classes"].pop())
write("digest.json", at("dataset", "paths", "digest", "xyz"))
for i, share in enumerate((0, 1.1, "1")):
    write(f"share-{i}.json", at("dataset", "most_ignored", "first", 0, "share", share))
write("kind.json", at("labels", "kind", "multi-label"))
write("key-labels.json", without("labels"))
write("key-pixels.json", without("dataset", "pixels"))
write("key-fraction.json", without("classes", 0, "fraction"))
write("foreign.json", without("maskweight"))
write("complete.json", at("complete", 1))
END
    head -c 700 tiny.json >truncated.json
    echo '{"coco": []}' >coco.json
    (cat tiny.json && echo 1) >tail.json
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return
}

# into NAME ARGUMENT...: runs with -qq into $BATS_TEST_TMPDIR/NAME; an incomplete document is fine.
into() {
    "$MASKWEIGHT" -qq "${@:2}" >"$BATS_TEST_TMPDIR/$1" || [ $? -eq 3 ]
}

@test "weighing a document is the same, byte for byte, as counting and weighing at once" {
    into direct "$SAMPLE" --ignore-index 255 -s all --normalize mean --zero-class one
    into counted "$SAMPLE" --ignore-index 255
    into again "$BATS_TEST_TMPDIR/counted" -s all --normalize mean --zero-class one
    same "$BATS_TEST_TMPDIR/direct" "$BATS_TEST_TMPDIR/again"
    into again "$BATS_TEST_TMPDIR/counted"
    same "$BATS_TEST_TMPDIR/counted" "$BATS_TEST_TMPDIR/again"
    for format in csv table; do # no earlier weight or finding is in the way
        into direct "$SAMPLE" --ignore-index 255 -s enet --skip-empty --ignored-in-total -f "$format"
        into again "$BATS_TEST_TMPDIR/counted" -s enet --skip-empty --ignored-in-total -f "$format"
        same "$BATS_TEST_TMPDIR/direct" "$BATS_TEST_TMPDIR/again"
    done
    for setting in --binary '--threshold 2' --reduce-zero-label '--ignore-index 2,250-255' \
        '-n 3 --unknown ignore' '--background 1,3' '--background none'; do
        # shellcheck disable=SC2086 # options with their values
        into counted tiny $setting
        into again "$BATS_TEST_TMPDIR/counted"
        same "$BATS_TEST_TMPDIR/counted" "$BATS_TEST_TMPDIR/again"
    done
}

@test "any split of a list merges to the whole, in any order and any grouping" {
    ls many/* >all
    into whole --files-from all --keep-going
    expect_file "$BATS_TEST_TMPDIR/whole" 'data["masks"] == 84' 'data["failed_files"] == 12' \
        'f("trailing-data")["count"] == 24' 'f("suffix-mismatch")["count"] == 12' \
        'f("palette-index-out-of-range")["count"] == 12' 'len(paths) == 12'
    split -n r/3 all part-
    for part in aa ab ac; do
        into "$part" --files-from "part-$part" --keep-going
    done
    cd "$BATS_TEST_TMPDIR"
    into aa+ab aa ab --keep-going
    into ab+ac ac ab --keep-going
    into merged aa ab ac --keep-going && same whole merged
    into merged ac aa ab --keep-going && same whole merged
    into merged aa+ab ac --keep-going && same whole merged
    into merged aa ab+ac --keep-going && same whole merged
    into merged ab ac aa --keep-going -j 1 && same whole merged
}

@test "any number of documents of one mask each merges to the whole" {
    mkdir -p ones
    for mask in many/0?.tif many/0?.png; do
        echo "$mask" >one
        "$MASKWEIGHT" -qq --files-from one --keep-going -o "ones/${mask##*/}.json" || true
    done
    ls many/0?.tif many/0?.png >all
    into whole --files-from all --keep-going
    into merged ones/*.json --keep-going
    # A document of a failed mask alone is never written, so the whole has one failure more.
    "$PYTHON" - "$BATS_TEST_TMPDIR/whole" "$BATS_TEST_TMPDIR/merged" <<'END'
import json, sys
whole, merged = (json.load(open(path)) for path in sys.argv[1:])
assert whole["dataset"].pop("failed_files") == 1 and merged["dataset"].pop("failed_files") == 0
assert whole["failures"].pop()["path"] == "many/06.png" and not whole["failures"]
assert not whole.pop("complete") and merged.pop("complete")
assert whole == merged
END
}

@test "a document on standard input and one beside a directory are counted" {
    mw - <tiny.json
    clean
    [ "$output" = "$(cat tiny.json)" ]
    mw tiny.json tiny/sub
    clean
    expect 'px == {0: 9, 1: 6, 2: 2, 3: 4}' 'data["masks"] == 5' 'data["ignored_pixels"] == 9'
    mw tiny/sub - <tiny.json
    clean
    expect 'px == {0: 9, 1: 6, 2: 2, 3: 4}'
    (printf ' \n\t' && cat tiny.json) >space.json
    mw space.json
    clean
    refuses 'tiny.json|same' tiny.json ./tiny.json
}

@test "settings that are not given are inherited" {
    mw declared.json tiny/sub
    clean
    expect 'lab["ignore_index"] == [255]' 'lab["classes"] == 4' 'lab["declared"] is True' \
        'data["ignored_pixels"] == 9'
    into binary tiny --binary --ignore-index 255 --background 1
    mw "$BATS_TEST_TMPDIR/binary" tiny/sub
    ended 0
    expect 'px == {0: 9, 1: 12}' 'lab["background"] == [1]' 'lab["binary"] == "nonzero"'
    into ade tiny --reduce-zero-label
    mw "$BATS_TEST_TMPDIR/ade" tiny/sub
    expect 'px == {0: 6, 1: 2, 2: 4}' 'lab["background"] == []' 'data["ignored_pixels"] == 18'
}

@test "a setting that differs from the document's is refused, and both are named" {
    refuses 'tiny.json: |--ignore-index 255|--ignore-index 254' tiny.json --ignore-index 254
    refuses 'declared.json: |--classes 4|--classes 5' declared.json -n 5
    refuses 'tiny.json: |--background 0|--background 1' tiny.json --background 1
    refuses 'tiny.json: |--background 0|--background none' tiny.json --background none
    refuses 'tiny.json: |--reduce-zero-label' tiny.json --reduce-zero-label
    refuses 'tiny.json: |--binary' tiny.json --binary
    refuses 'tiny.json: |--threshold 3' tiny.json --threshold 3
    refuses 'tiny.json: |--unknown error|--unknown ignore' tiny.json --unknown ignore
    printf '%s\n' a b c >three.txt
    refuses 'declared.json: |4|3' declared.json --class-map three.txt
    for same in '--ignore-index 255' '--background 0' '--unknown error' '-n 4'; do
        # shellcheck disable=SC2086 # an option with its value
        mw declared.json $same
        clean
    done
}

@test "two documents that differ are refused" {
    refuses 'observed.json: |--ignore-index' tiny.json observed.json
    into threshold-1 tiny --threshold 1
    into threshold-2 tiny --threshold 2
    refuses '--threshold 1|--threshold 2' "$BATS_TEST_TMPDIR/threshold-1" "$BATS_TEST_TMPDIR/threshold-2"
}

@test "declared and observed classes do not mix, whichever document comes first" {
    refuses 'declared.json: |--classes 4' tiny.json declared.json
    refuses 'tiny.json: |--classes 4' declared.json tiny.json
}

@test "classes that were observed are joined when documents are merged" {
    into one tiny/a.png --ignore-index 255
    into two tiny/sub --ignore-index 255
    mw "$BATS_TEST_TMPDIR/one" "$BATS_TEST_TMPDIR/two"
    clean
    expect 'px == {0: 4, 1: 4, 2: 2, 3: 2}' 'c(0)["masks"] == 2' 'c(2)["masks"] == 1'
}

@test "names may be added to a document when it is weighed, and stay" {
    mw declared.json --class-map tiny.txt
    clean
    expect '[e["name"] for e in d["classes"]] == ["background", "car", "\"sign\", old", "fence"]'
    into named declared.json --class-map tiny.txt
    into direct tiny --ignore-index 255 --class-map tiny.txt
    same "$BATS_TEST_TMPDIR/direct" "$BATS_TEST_TMPDIR/named"
    mw "$BATS_TEST_TMPDIR/named"
    clean
    expect 'c(1)["name"] == "car"'
    into part tiny/sub --ignore-index 255 -n 4
    mw "$BATS_TEST_TMPDIR/named" "$BATS_TEST_TMPDIR/part"
    ended 0
    expect 'c(1)["name"] == "car"' 'n(1) == 6'
    printf '%s\n' a b c d >others.txt
    refuses "named: |class 0|'background'|'a'" "$BATS_TEST_TMPDIR/named" --class-map others.txt
}

@test "classes may be declared for a document that observed them, if they cover it" {
    mw tiny.json -n 5
    ended 0
    expect 'lab["declared"] is True' 'lab["classes"] == 5' 'px == {0: 8, 1: 4, 2: 2, 3: 2, 4: 0}' \
        'w() == [0.4, 0.8, 1.6, 1.6, 0.0]'
    told absent-class
    mw tiny.json --class-map tiny.txt
    clean
    expect 'c(3)["name"] == "fence"'
    refuses 'tiny.json: |--classes 3' tiny.json -n 3
}

@test "an incomplete document needs --keep-going and stays incomplete" {
    expect_file incomplete.json 'd["complete"] is False' 'data["failed_files"] == 3' \
        'data["masks"] == 1' 'px == {0: 4, 1: 0, 2: 0, 3: 0}'
    mw incomplete.json
    ended 2
    [ -z "$output" ]
    # shellcheck disable=SC2154 # set by mw
    [[ ${stderr##*$'\n'} == 'maskweight: error: '*'--keep-going'* ]] || fail "$stderr"
    mw incomplete.json --keep-going -qq
    ended 3
    expect 'd["complete"] is False' 'len(d["failures"]) == 3'
    [ "$output" = "$(cat incomplete.json)" ]
    mw incomplete.json tiny/b.png -qq --keep-going
    ended 3
    expect 'd["complete"] is False' 'n(0) == 8'
    mw incomplete.json tiny/b.png
    ended 2
    [ -z "$output" ]
}

@test "weights and findings of a document are made again, not copied" {
    into weighed tiny -s fraction
    mw "$BATS_TEST_TMPDIR/weighed"
    ended 0
    expect '[e["scheme"] for e in d["weights"]] == ["balanced"]' \
        '"weighs-frequent-classes-up" not in codes' '"looks-like-ignore-index" in codes'
}

@test "counts in which no class occurs are a document, and merge like any other" {
    into none tiny/d.png --ignore-index 255
    expect_file "$BATS_TEST_TMPDIR/none" 'd["classes"] == []' 'data["masks"] == 1' \
        'data["ignored_pixels"] == 2' 'd["weights"][0]["class_weight"] == []'
    into again "$BATS_TEST_TMPDIR/none"
    same "$BATS_TEST_TMPDIR/none" "$BATS_TEST_TMPDIR/again"
    "$PYTHON" -S - "$BATS_TEST_TMPDIR/none" >nothing.json <<'END'
import json, sys
def empty(value):
    return {k: empty(v) for k, v in value.items()} if isinstance(value, dict) else [] if isinstance(value, list) else 0
document = json.load(open(sys.argv[1]))
document["dataset"] = {**empty(document["dataset"]), "paths": {"count": 0, "digest": "0" * 32}}
print(json.dumps(document))
END
    refuses 'nothing.json: |"dataset" contradicts itself' nothing.json
    mw "$BATS_TEST_TMPDIR/none" tiny/a.png tiny/b.png tiny/sub
    clean
    expect 'px == {0: 8, 1: 4, 2: 2, 3: 2}' 'data["ignored_pixels"] == 6' 'w() == [0.5, 1.0, 2.0, 2.0]'
}

@test "a document that is damaged or contradicts itself is refused in one line with its name" {
    for name in large negative real text sum total masks empty-part order twice class-missing \
        share-{0,1,2} digest key-labels key-pixels truncated tail complete; do
        refuses "$name.json: " "$name.json"
    done
    refuses 'schema 2' schema.json
    refuses 'large.json: |2^53' large.json
    refuses '"pixels"|add up' total.json
    refuses 'truncated.json: line |: not JSON' truncated.json
    refuses 'kind.json: |version' kind.json
    mw good.json
    clean
    mw key-fraction.json # made from the counts: not read
    clean
}

@test "JSON that maskweight did not write is refused, as is a document in a list or directory" {
    refuses 'coco.json: |maskweight wrote' coco.json
    refuses 'foreign.json: |maskweight wrote' foreign.json
    refuses 'standard input: |maskweight wrote' - <coco.json
    cp tiny.json hidden.png
    echo hidden.png >list
    mw --files-from list
    ended 2
    told 'hidden.png: error: ' 'JSON'
}

@test "a count that no longer fits is noticed, never wrapped" {
    "$PYTHON" - <<'END'
import json
document = json.load(open("declared.json"))
large = 2**53 - 1
for key in ("pixels", "ignored_pixels"):
    document["dataset"][key] = large
for entry in document["classes"]:
    entry.update(pixels=0, masks=0, mask_pixels=0, mask_ignored_pixels=0)
    entry["in_empty_masks"] = {key: 0 for key in entry["in_empty_masks"]}
document["dataset"].update(empty_masks=0, in_empty_masks={"pixels": 0, "ignored_pixels": 0, "first": []})
document["classes"][0].update(pixels=large, masks=3, mask_pixels=large)
json.dump(document, open("most.json", "w"))
END
    mw most.json
    ended 0
    expect 'n(0) == 2**53 - 1'
    cp most.json most2.json
    mw most.json most2.json
    if [ "$status" -eq 0 ]; then
        expect 'n(0) == 2 * (2**53 - 1)'
        refuses '2^53' - <<<"$output"
    else
        ended 2
    fi
}

# What a document takes does not grow with the masks behind it: processor time, which a busy machine does not change.
@test "documents of two million masks merge in milliseconds" {
    sanitized && skip 'a sanitizer takes time of its own'
    emulated && skip 'an emulator takes time of its own'
    cd "$BATS_TEST_TMPDIR"
    "$PYTHON" -S - <<'END'
import json, os, subprocess
with open("0.pgm", "wb") as file:
    file.write(b"P5 150 1 255\n" + bytes(range(150)))
def scale(value, factor):
    if isinstance(value, dict):
        return {k: v if k in ("id", "group", "classes") and not isinstance(v, list) else scale(v, factor) for k, v in value.items()}
    if isinstance(value, list):
        return [scale(v, factor) if not isinstance(v, int) else v * factor if i else v for i, v in enumerate(value)]
    return value * factor if isinstance(value, int) and not isinstance(value, bool) else value
for name, options in ("whole", []), ("sampled", ["--sample", "0.99999"]):
    document = json.loads(subprocess.check_output([os.environ["MASKWEIGHT"], "-qq", "0.pgm", "-n", "150", *options]))
    for key in {"dataset", "classes", "sample"} & document.keys():
        document[key] = scale(document[key], 1000000)
    for part, digest in ("a", "0" * 32), ("b", "1" * 32):
        document["dataset"]["paths"]["digest"] = digest
        json.dump(document, open(f"{name}-{part}", "w"))
END
    for name in whole sampled; do
        TIMEFORMAT=%U+%S
        { time "$MASKWEIGHT" -qq $name-a $name-b >merged; } 2>took || fail "$(cat took)"
        expect_file merged 'data["masks"] == 2000000' 'n(7) == 2000000'
        awk -F+ '{ exit $1 + $2 < 0.1 ? 0 : 1 }' took || fail "took $(cat took) s"
    done
}
