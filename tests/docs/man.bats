#!/usr/bin/env bats
# The manual page: it says what the tables say, and its examples run.

bats_require_minimum_version 1.5.0

setup() {
    page=$MW_BUILD/maskweight.1
    generate=$MW_BUILD/generate
    cd "$BATS_TEST_TMPDIR" || return
    [ -s "$page" ]
    [ -x "$MASKWEIGHT" ]
}

# The page's source with plain hyphens, quotes and backslashes.
plain_page() {
    sed 's/\\-/-/g; s/\\(aq/'\''/g; s/\\(dq/"/g; s/\\e/\\/g' "$page"
}

# The lines of one section.
section() {
    plain_page | awk -v name="$1" '/^\.Sh / { inside = substr($0, 5) == name; next } inside'
}

# Tells the difference between two lists.
same() {
    diff <(printf '%s\n' "$1") <(printf '%s\n' "$2")
}

# "-s, --scheme NAME" for each option of --help.
help_options() {
    "$MASKWEIGHT" --help |
        sed -n 's/^ \{2,6\}\(-[A-Za-z0-9], \)\{0,1\}\(--[a-z-]*\(\[=[A-Z]*\]\)\{0,1\}\)\( [A-Z/]\{1,\}\(\[=[A-Z]*\]\)\{0,1\}\)\{0,1\}\( .*\)\{0,1\}$/\1\2\4/p'
}

# The words that an option names when it gets a wrong one.
known_words() {
    "$MASKWEIGHT" "$1" zzzzzzzzzzzzzzzzzzzz masks 2>&1 | sed 's/.*there are: //' | sed 's/, /\n/g'
}

# The heads of a section's list of literals, without those of parameters.
literals() {
    section "$1" | sed -n '/ Ns /d; s/^\.It Cm \([a-z-]*\).*/\1/p'
}

@test "man: the options are those of --help, with letter and argument" {
    in_page=$(section OPTIONS | sed -n 's/^\.It Fl/Fl/p' |
        sed 's/Fl -/--/g; s/Fl \(.\) ,/-\1,/; s/ Ns Op = Ns Ar \(.*\)/[=\1]/; s/ Ar / /')
    in_help=$(help_options)
    [ "$(wc -l <<<"$in_help")" -gt 30 ]
    same "$in_help" "$in_page"
}

@test "man: no sentence names an option that does not exist" {
    named=$(plain_page | sed 's/Fl -\([a-z]\)/--\1/g' | grep -oE -- '(^|[^a-z-])--[a-z][a-z-]*' |
        grep -oE -- '--[a-z-]*' | sort -u)
    known=$(help_options | grep -oE -- '--[a-z-]*' | sort -u)
    same "$known" "$named"
}

@test "man: the schemes are those that the program knows" {
    same "$(known_words --scheme | grep -v '^all$')" "$(literals SCHEMES)"
}

@test "man: the samplers are those that the program knows" {
    same "$(known_words --sampling)" "$(literals RECORDS)"
}

@test "man: the formats are those that the program knows" {
    same "$(known_words --format)" "$(literals FORMATS)"
}

@test "man: the reports are those that the program knows" {
    same "$(known_words --report)" "$(literals REPORTS)"
}

@test "man: a statement of the advice that is made is on the page" {
    "$MASKWEIGHT" "$MW_SOURCE/data/sample" --ignore-index 255 -qq -s inverse -o /dev/null --report advice |
        sed -n '/^For the scheme/,/^To paste/s/^\([a-z-]*\): .*/\1/p' >made
    [ "$(wc -l <made)" -ge 4 ]
    literals ADVICE >listed
    while read -r name; do grep -qx -- "$name" listed; done <made
}

@test "man: the checks are those that the program knows, and each is a finding" {
    in_page=$(section AUDIT | sed -n 's/^\.It Cm \([a-z-]*\).*/\1/p')
    same "$("$MASKWEIGHT" --list checks | cut -d' ' -f1)" "$in_page"
    for name in $in_page; do
        section FINDINGS | grep -qxE -- ".It Cm $name Pq (error|warning)"
    done
}

@test "man: the findings are those of the table, with their severity" {
    in_table=$(grep -oE '\{"[a-z-]+", MW_(INFO|WARNING|SEVERITY_ERROR)' "$MW_SOURCE/src/base/finding.c" |
        sed 's/{"//; s/", MW_/ /; s/SEVERITY_//' | tr '[:upper:]' '[:lower:]')
    in_page=$(section FINDINGS | sed -n 's/^\.It Cm \([a-z-]*\) Pq /\1 /p')
    [ -n "$in_table" ]
    same "$in_table" "$in_page"
}

@test "man: the environment variables are those that the program reads" {
    read_by_code=$(grep -rhoE '(getenv|environment_set)\("[A-Z_]+"' "$MW_SOURCE/src" |
        grep -oE '[A-Z_]{2,}'; echo POSIXLY_CORRECT
        grep -oE '"[A-Z]+_[A-Z_]+"' "$MW_SOURCE/src/count/launcher.c" | tr -d '"')
    same "$(sort -u <<<"$read_by_code")" \
        "$(section ENVIRONMENT | sed -n 's/ , /\n/g; s/^\.It Ev //p' | sort)"
}

@test "man: the version is that of the program" {
    same "$("$MASKWEIGHT" --version | head -n 1)" "$(sed -n 's/^\.Os //p' "$page")"
}

@test "man: nothing is left of the placeholders" {
    run ! grep -n '@[A-Z]*@' "$page"
}

@test "man: mandoc has nothing to warn about" {
    command -v mandoc >/dev/null || skip "mandoc is not installed"
    run mandoc -T lint -W warning "$page"
    echo "$output"
    [ "$status" -eq 0 ]
    [ -z "$output" ]
}

@test "man: the formulas and the help texts are shown as they are" {
    command -v mandoc >/dev/null || skip "mandoc is not installed"
    mandoc -T utf8 -O width=300 "$page" | sed 's/.\x08//g' >shown
    grep -F "(1 / ln(c + n / N))^power" shown
    grep -F "'*' also matches '/'" shown
    grep -F -- '--reduce-zero-label' shown
    grep -F 'compute_class_weight("balanced")' shown
    grep -F '{"0": 1.0, ...} for class_weight' shown
    grep -F '.png, .tif, .tiff, .npy, .pgm, .ppm, .pam.' shown
}

@test "man: the keys of a document are those that a document has, in its order" {
    mkdir masks
    cp "$MW_SOURCE/data/sample/day/avenue-1.png" masks/a.png
    echo more >>masks/a.png
    echo none >$'masks/\xff.png'
    cp masks/a.png b.png
    run --separate-stderr "$MASKWEIGHT" masks b.png --ignore-index 255 --check unreadable --scheme enet
    [ "$status" -eq 1 ]
    printf '%s\n' "$output" >document.json
    section 'THE DOCUMENT' >lines
    "$MASKWEIGHT" b.png --encoding planes --binary >planes.json
    "$MASKWEIGHT" b.png --shard 1/1 >part.json
    "$MASKWEIGHT" b.png --sample 2 --encoding planes --binary >sampled.json
    python3 - <<'END'
import json, re
multi = json.load(open("planes.json"))["classes"][0]
document = json.load(open("document.json"))
part_of = json.load(open("part.json"))
sampled = json.load(open("sampled.json"))
listed, part = {"": []}, ""
for line in open("lines"):
    if line.startswith(".Ss "):
        part = line[4:].strip()
        listed[part] = []
    elif line.startswith(".It Va "):
        listed[part] += line[7:].replace(",", " ").split()
places = document["failures"] + [p for f in document["findings"] for p in f["first"]]
places += document["dataset"]["most_ignored"]["first"]
assert list(document["findings"][0]) == list(document["findings"][-1])[:5]
keys = list(part_of)
keys.insert(keys.index("failures"), "rules")
keys.insert(keys.index("shard") + 1, "sample")
assert [k for k in keys if k not in ("shard", "sample")] == list(document)
expected = {"": keys, "shard": list(part_of["shard"]), "sample": list(sampled["sample"]),
            "labels": list(document["labels"]),
            "dataset": list(document["dataset"]), "classes": list(sampled["classes"][0]),
            "weights": list(sampled["weights"][0]), "findings": list(document["findings"][-1]),
            "rules": list(document["rules"][0]),
            "places": [k for k in listed["places"] if any(k in p for p in places)]}
assert expected["places"] == listed["places"], listed["places"]
assert all(key in listed["places"] for place in places for key in place), places
for part in expected:
    assert expected[part] == listed[part], (part, expected[part], listed[part])
assert list(multi) == [key for key in sampled["classes"][0] if key != "fraction_interval"]
assert list(document["weights"][0]) == [key for key in sampled["weights"][0] if key != "class_weight_interval"]
assert list(document["classes"][0]) == [key for key in multi if key not in ("valid_pixels", "planes")]
assert set(document["dataset"]["paths"]) == {"count", "digest"}
assert set(document["classes"][0]["in_empty_masks"]) == {"pixels", "masks", "mask_pixels",
                                                         "mask_ignored_pixels"}
END
}

@test "man: paths have the digests that the page gives for them" {
    section 'THE DOCUMENT' | sed -n 's/^"\([a-z]\{1,\}\)" *\([0-9a-f]\{32\}\)$/\1 \2/p' >vectors
    [ "$(wc -l <vectors)" -eq 2 ]
    while read -r name digest; do
        cp "$MW_SOURCE/data/sample/day/avenue-1.png" "$name"
        "$MASKWEIGHT" "$name" | grep -F "\"$digest\""
    done <vectors
}

@test "man: paths fall to the shards that the page gives for them" {
    section SHARDS | sed -n 's/^"\(.*\)" *\([0-9a-f]\{16\}\)  \([0-9]*\)$/\1 \2 \3/p' >vectors
    [ "$(wc -l <vectors)" -eq 3 ]
    python3 - <vectors >computed <<'END'
import sys
for line in open("vectors"):
    path, printed, shard = line.split()
    h = 0xcbf29ce484222325
    for byte in path.encode():
        h = (h ^ byte) * 0x100000001b3 % 2**64
    h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9 % 2**64
    h = (h ^ h >> 27) * 0x94d049bb133111eb % 2**64
    h ^= h >> 31
    assert f"{h:016x}" == printed and h % 12 + 1 == int(shard), line
    print(path, h % 12 + 1, h % 999983 + 1)
END
    mkdir -p day
    while read -r path of_12 of_many; do
        cp "$MW_SOURCE/data/sample/day/avenue-1.png" "$path"
        [ "$("$MASKWEIGHT" "$path" --shard "$of_12/12" --list-files)" = "$path" ]
        [ "$("$MASKWEIGHT" "$path" --shard "$of_many/999983" --list-files)" = "$path" ]
        [ -z "$("$MASKWEIGHT" "$path" --shard "$((of_12 % 12 + 1))/12" --list-files)" ]
    done <computed
}

@test "man: samples take the paths that the page gives hashes for" {
    section ESTIMATES | sed -n 's/^"\(.*\)" *\([0-9a-f]\{16\}\)  \([0-9]*\)$/\1 \2 \3/p' >vectors
    [ "$(wc -l <vectors)" -eq 3 ]
    mkdir -p day
    while read -r path hash group; do
        cp "$MW_SOURCE/data/sample/day/avenue-1.png" "$path"
        "$MASKWEIGHT" "$path" --sample 2 -qq >document.json # all of them
        python3 -c 'import json, sys
(group,) = json.load(open("document.json"))["sample"]["groups"]
assert group["group"] == int(sys.argv[2]) == int(sys.argv[1], 16) % 32' "$hash" "$group"
        above=$(python3 -c "print(f'{int(\"$hash\", 16) / 2**64 * 1.0001:.12f}')")
        below=$(python3 -c "print(f'{int(\"$hash\", 16) / 2**64 * 0.9999:.12f}')")
        [ "$("$MASKWEIGHT" "$path" --sample "$above" --list-files)" = "$path" ]
        [ -z "$("$MASKWEIGHT" "$path" --sample "$below" --list-files)" ]
    done <vectors
}

@test "man: the launchers are those of the table, in its order, and whether they know N" {
    python3 - "$MW_SOURCE/src/count/launcher.c" >in_table <<'END'
import re, sys
table = open(sys.argv[1]).read().split("mw_launchers[] = {")[1].split("\n};")[0]
for row in re.findall(r"\{(\.name.*?)\}", table, re.S):
    field = dict(re.findall(r"\.(\w+) = ([^,]*)", row))
    known = "count" in field or "last" in field
    base = "" if "first" in field else f", from {field.get('base', 0)}"
    print(field["name"].strip('"'), field["index"].strip('"') + base,
          "known" if known else "auto/ Ns Ar N", sep=" Ta ")
END
    [ "$(wc -l <in_table)" -ge 9 ]
    same "$(cat in_table)" "$(section SHARDS | grep ' Ta ' | sed '1d; s/^\.It //')"
}

@test "man: the limits of lists are those of the code" {
    limits=$(grep -oE 'MW_(FINDING|FAILURE)_PLACES = [0-9]+' "$MW_SOURCE/src/base/finding.h")
    section 'THE DOCUMENT' | tr '\n' ' ' >lines
    grep -F "says, $(sed -n 's/MW_FINDING_PLACES = //p' <<<"$limits") without it, those" lines
    grep -F "at most $(sed -n 's/MW_FAILURE_PLACES = //p' <<<"$limits"), those" lines
}

@test "man: every example runs" {
    cp -r "$MW_SOURCE/data/sample" masks
    cp "$MW_SOURCE/data/names.txt" .
    section EXAMPLES | awk '/^\.Bd /{ inside = 1; next } /^\.Ed/{ inside = 0 } inside' |
        sed 's/^\$ //' >examples
    [ "$(grep -c maskweight examples)" -ge 10 ]
    PATH=$(dirname "$MASKWEIGHT"):$PATH run bash -e -u -x -o pipefail examples
    echo "$output"
    [ "$status" -eq 0 ]
    [ -s counts.json ] && [ -s weights.json ] && [ -s pos.npy ]
}

@test "generate: an error is one line and status 1" {
    printf '@OPTIONS@\n@SCHEMES@\n@FORMATS@\n@FINDINGS@\n@SUFFIXES@\n@CONTAINERS@\n@CHECKS@\n@REPORTS@\n@ADVICE@\n@SAMPLERS@\n' >good.in
    "$generate" man good.in >/dev/null
    echo '@NONSENSE@' >unknown.in
    echo '@OPTIONS@' >missing.in
    for arguments in 'man absent.in' 'man unknown.in' 'man missing.in' 'man' 'tcsh' ''; do
        # shellcheck disable=SC2086
        run "$generate" $arguments
        echo "$arguments: $status: $output"
        [ "$status" -eq 1 ]
        [ "${#lines[@]}" -eq 1 ]
    done
}

@test "generate: a full disk is noticed" {
    [ -e /dev/full ] || skip "there is no /dev/full"
    for arguments in 'man good.in' bash zsh fish; do
        printf '@OPTIONS@\n@SCHEMES@\n@FORMATS@\n@REPORTS@\n@ADVICE@\n@FINDINGS@\n@SUFFIXES@\n@CONTAINERS@\n@SAMPLERS@\n@CHECKS@\n' >good.in
        # shellcheck disable=SC2016,SC2086
        run bash -c '"$0" "$@" >/dev/full' "$generate" $arguments
        [ "$status" -eq 1 ]
        [ "${#lines[@]}" -eq 1 ]
    done
}
