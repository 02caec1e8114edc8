#!/usr/bin/env bats
# --report: findings and failed files as CI systems read them. Each form is read by a reader of its own.

load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    tiny tiny
    cp -r tiny hostile
    echo "no mask" >'hostile/a]]>&"%|,:.png'
    echo "no mask" >$'hostile/b\nline.png'
    echo "no mask" >$'hostile/c\xff\x1b.png'
    echo "no mask" >$'hostile/d\xef\xbf\xbe.png'
    mkdir many
    for i in {10..29}; do cp tiny/d.png many/$i.png; done
    for i in {30..49}; do echo "no mask" >many/$i.png; done
    cp tiny/a.png many/a.png
    slow slow
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return
    dir=$BATS_TEST_TMPDIR/out
    mkdir "$dir"
}

# The lines on standard input, run as Python with the arguments.
python() {
    "$PYTHON" -S - "$@"
}

@test "without findings every report says so, and the document is as without reports" {
    mw tiny/a.png --ignore-index 255 -o "$dir/alone"
    mw tiny/a.png --ignore-index 255 -o "$dir/doc" --report text="$dir/text" --report junit="$dir/junit" \
        --report sarif="$dir/sarif" --report github="$dir/github" --report markdown="$dir/markdown"
    clean
    same "$dir/alone" "$dir/doc"
    [ ! -s "$dir/text" ]
    [ "$(cat "$dir/github")" = 'maskweight: no findings' ]
    grep -qx 'None.' "$dir/markdown"
    python "$dir" <<'END'
import json, sys, xml.etree.ElementTree as et
suite = et.parse(sys.argv[1] + "/junit").getroot()[0]
assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("1", "0", "0")
assert len(suite.findall("testcase")) == 1 and not list(suite.find("testcase"))
assert json.load(open(sys.argv[1] + "/sarif"))["runs"][0]["results"] == []
END
}

@test "failed files are in every report, though no document is written, whatever they are called" {
    mw hostile --ignore-index 255 -v -o "$dir/doc" --report text="$dir/text" --report junit="$dir/junit" \
        --report sarif="$dir/sarif" --report github="$dir/github" --report markdown="$dir/markdown"
    ended 2
    told '4 of 8 files' 'only reports were written'
    holds_only "$dir" github junit markdown sarif text
    if command -v xmllint >/dev/null; then xmllint --noout "$dir/junit"; fi
    python "$dir" <<'END'
import json, os, re, subprocess, sys, urllib.parse, xml.etree.ElementTree as et
names = sorted(name for name in os.listdir(b"hostile") if name[1:] not in
               (b".png", b"ub", b"otes.txt") and name != b"notes.txt")
assert len(names) == 4, names
read = lambda name: open(f"{sys.argv[1]}/{name}", "rb").read().decode("utf-8", "strict")
shown = ['hostile/a]]>&"%|,:.png', r"$'hostile/b\nline.png'", r"$'hostile/c\xff\x1b.png'",
         "hostile/d\ufffe.png"]
for name in ("text", "junit", "sarif", "github", "markdown"):
    assert not [c for c in read(name) if ord(c) < 32 and c not in "\n\t"], name
lines = read("text").splitlines()
for line, path in zip(lines, shown):
    assert line.startswith(path + ": failed-file: not a mask"), line
assert lines[4] == "hostile/d.png: ignored-mask: no pixel carries a class" and len(lines) == 5, lines

root = et.fromstring(read("junit"))
assert root.tag == "testsuites" and len(root) == 1
suite = root[0]
cases = suite.findall("testcase")
assert [case.get("name") for case in cases if case.find("error") is not None] == [
    *shown[:3], "hostile/d?.png"]
for element in (root, suite):
    assert int(element.get("tests")) == len(cases) == 5
    assert int(element.get("errors")) == 4 and int(element.get("failures")) == 0
assert all(case.get("classname") == "maskweight" for case in cases)
info = [case for case in cases if case.get("name") == "ignored-mask"][0]
assert info.find("failure") is None
assert info.find("system-out").text == "no pixel carries a class\nhostile/d.png"

log = json.loads(read("sarif"))
assert log["version"] == "2.1.0" and len(log["runs"]) == 1
driver = log["runs"][0]["tool"]["driver"]
assert driver["name"] == "maskweight" and re.fullmatch(r"\d+\.\d+\.\d+", driver["version"])
ids = [rule["id"] for rule in driver["rules"]]
assert len(set(ids)) == len(ids) and "looks-lossy" in ids
for rule in driver["rules"]:
    assert rule["shortDescription"]["text"] and rule["help"]["text"]
    explained = subprocess.run([os.environ["MASKWEIGHT"], "--explain", rule["id"]], capture_output=True, text=True)
    if explained.returncode:
        continue
    body = re.sub(r"([\[\]\\])", r"\\\1", explained.stdout.split("\n", 1)[1])
    assert rule["help"]["text"] == body, rule
    assert body.endswith(f"  why       {rule['fullDescription']['text']}\n"), rule
    assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
results = log["runs"][0]["results"]
assert [(r["ruleId"], r["level"], r["properties"]["count"]) for r in results] == [
    ("failed-file", "error", 4), ("ignored-mask", "note", 1)], results
for result in results:
    assert ids[result["ruleIndex"]] == result["ruleId"] and result["message"]["text"]
places = results[0]["locations"] + results[0]["relatedLocations"]
assert len(results[0]["locations"]) == 1
assert results[0]["message"]["text"].startswith("files could not be counted; first: not a mask")
uris = [place["physicalLocation"]["artifactLocation"]["uri"] for place in places]
assert [urllib.parse.unquote_to_bytes(uri) for uri in uris] == [b"hostile/" + n for n in names], uris
assert all(re.fullmatch(r"([A-Za-z0-9._~/-]|%[0-9A-F]{2})+", uri) for uri in uris), uris
assert all(place["physicalLocation"]["region"] == {"startLine": 1} for place in places)
assert all("not a mask" in place["message"]["text"] for place in places)

def command(line):  # as actions/runner reads it
    kind, properties, message = re.fullmatch(r"::(\w+) (.*?)::(.*)", line).groups()
    plain = lambda s: s.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
    table = dict(p.split("=", 1) for p in properties.split(","))
    return kind, {k: plain(v.replace("%3A", ":").replace("%2C", ",")) for k, v in table.items()}, \
        plain(message)
commands = [command(line) for line in read("github").splitlines()]
assert [kind for kind, _, _ in commands] == ["error"] + ["notice"] + ["error"] * 3 + ["notice"] or \
    [kind for kind, _, _ in commands] == ["error"] * 4 + ["notice"] * 2, commands
files = [table["file"] for kind, table, _ in commands if kind == "error"]
assert files == ['hostile/a]]>&"%|,:.png', "hostile/b\nline.png", "hostile/c??.png",
                 "hostile/d\ufffe.png"], files
assert commands[-1][1] == {"title": "maskweight"} and "1 error, 0 warnings, 1 info" in commands[-1][2]

def table(heading):
    part = read("markdown").split(f"### {heading}\n\n")[1].split("\n\n")[0]
    rows = [re.split(r"(?<!\\)\|", row)[1:-1] for row in part.splitlines()]
    plain = lambda c: re.sub(r"\\(.)", r"\1", c.strip()).replace("&lt;", "<").replace("&amp;", "&")
    assert len({len(row) for row in rows}) == 1, rows
    return [[plain(cell) for cell in row] for row in rows]
assert [row[:2] + row[3:4] for row in table("Findings")[2:]] == [
    ["error", "`failed-file`", "4"], ["info", "`ignored-mask`", "1"]]
assert [row[0] for row in table("Failed files")[2:]] == shown
assert [row[2] for row in table("Classes")[2:]] == ["8", "4", "2", "2"]
END
}

@test "no name is a command to the runner of a CI, which looks for ##[ anywhere in a line" {
    cd "$BATS_TEST_TMPDIR"
    mkdir set
    echo "no mask" >'set/x ##[error]fake.png'
    python3 -S "$MW_SOURCE/tests/masks.py" write 'set/##[group]y.png' --rows "0 9"
    echo '["##[error]zero", "one"]' >map.json
    mw set -c map.json --check 'min-masks:##[error]zero=5' --check unreadable -o /dev/null --report text=text \
        --report github=github --report junit=junit --report markdown=markdown --report sarif=sarif
    ended 1
    printf '%s\n' "$stderr" >stderr
    for name in stderr text github junit markdown sarif; do
        grep -q 'fake' $name
        [ "$(grep -cF '##[' $name)" -eq 0 ]
    done
    grep -F "\$'set/x \\x23#[error]fake.png': unreadable: not a mask" text
    mw set -c map.json -o /dev/null
    ended 2
    [[ $stderr != *'##['* && $stderr == *'\x23#[error]fake.png'* ]]
    status=0
    stderr=$("$MASKWEIGHT" '##[error]absent' 2>&1) || status=$?
    ended 2
    [[ $stderr != *'##['* && $stderr == *'#[error]absent'* ]]
}

@test "lists are cut, and what is left out is counted" {
    mw many --ignore-index 255 -n 9 -qq --keep-going -o "$dir/doc" --report text="$dir/text" \
        --report junit="$dir/junit" --report sarif="$dir/sarif" --report github="$dir/github" \
        --report markdown="$dir/markdown"
    ended 3
    [ "$(grep -c ': failed-file: ' "$dir/text")" -eq 20 ]
    [ "$(grep -c '^many/.*: ignored-mask: ' "$dir/text")" -eq 8 ]
    grep -qx 'maskweight: ignored-mask: and 12 more' "$dir/text"
    grep -q '^maskweight: absent-class: classes 3, 4, 5, 6, 7, 8 ' "$dir/text"
    [ "$(wc -l <"$dir/github")" -eq 10 ]
    [ "$(head -n 3 "$dir/github" | cut -d ' ' -f 1 | tr '\n' ' ')" = '::error ::warning ::notice ' ]
    tail -n 1 "$dir/github" | grep -xF '::notice title=maskweight::1 error, 1 warning, 1 info; files that could not be counted: 20; not annotated: 32 places; the document has them, with --max-places 20 all of them'
    grep -F ' and 12 more |' "$dir/markdown"
    python "$dir" <<'END'
import json, sys, xml.etree.ElementTree as et
suite = et.parse(sys.argv[1] + "/junit").getroot()[0]
assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("22", "0", "20")
told = [case.text for case in suite.findall("testcase/system-out")]
assert len(told) == 2 and [t.startswith("warning: class") for t in told].count(True) == 1, told
assert [t.endswith("and 12 more") for t in told].count(True) == 1, told
results = json.load(open(sys.argv[1] + "/sarif"))["runs"][0]["results"]
assert all(len(r["locations"]) == 1 for r in results)
found = {r["ruleId"]: (1 + len(r.get("relatedLocations", [])), r["properties"]["count"]) for r in results}
assert found == {"failed-file": (20, 20), "ignored-mask": (8, 20), "absent-class": (1, 6)}, found
whole = [r for r in results if r["ruleId"] == "absent-class"][0]["locations"][0]
assert whole["physicalLocation"]["artifactLocation"]["uri"] == "many"
END
}

@test "github: every rule has an annotation before any has a second, with what the rule says; the rest is counted" {
    cd "$BATS_TEST_TMPDIR"
    tiny set
    rules=()
    for class in 0 1 2 3; do rules+=(--check min-pixels:$class=9 --check min-masks:$class=9); done
    mw set -n 4 --ignore-index 255 -qq "${rules[@]}" --check size:9 --check name:x -o doc --report github=github
    ended 1
    [ "$(wc -l <github)" -eq 10 ]
    [ "$(grep -c '^::error title=min-' github)" -eq 8 ]
    [ "$(sed -n 9p github)" = '::error file=set/a.png,title=size::4 x 2 pixels, not 9 (masks have a size that is not allowed: 4)' ]
    # 4 sizes but one, 4 names, and the mask that is ignored
    [ "$(tail -n 1 github)" = '::notice title=maskweight::10 errors, 0 warnings, 1 info; not annotated: 2 findings and 8 places; the document has them' ]
    mw set -n 4 --ignore-index 255 -qq --check size:9 --check name:x --check max-empty=0 -o doc --max-places 2 --report github=github
    ended 1
    same github - <<'END'
::error file=set/a.png,title=size::4 x 2 pixels, not 9 (masks have a size that is not allowed: 4)
::error file=set/a.png,title=name::no name as x (files have a name that is not allowed: 4)
::error file=set/b.png,title=max-empty::no pixel is foreground (too many masks have no foreground: 25 %25; limit: at most 0 %25)
::notice file=set/d.png,title=ignored-mask::no pixel carries a class
::error file=set/b.png,title=size::2 x 2 pixels, not 9
::error file=set/b.png,title=name::no name as x
::notice title=maskweight::3 errors, 0 warnings, 1 info; not annotated: 4 places; the document has them, with --max-places 4 all of them
END
}

@test "SARIF: what is in brackets is no link" {
    cd "$BATS_TEST_TMPDIR"
    tiny set
    printf 'a\n[b](https:\\x)\nc\nd\n' >names.txt
    mw set -c names.txt --ignore-index 255 -qq --check 'min-masks:[b](https:\x)=9' -o doc --report sarif=sarif
    ended 1
    python <<'END'
import json
text = json.load(open("sarif"))["runs"][0]["results"]
text = [r["message"]["text"] for r in text if r["ruleId"] == "min-masks"][0]
assert r"(\[b\](https:\\x))" in text, text
END
}

@test "a member of an archive stands at the archive, with its name in the message" {
    cd "$BATS_TEST_TMPDIR"
    mkdir -p a/sub
    echo none >a/sub/bad.png
    echo none >a/worse.png
    tar -cf shard.tar -C a sub worse.png
    mkdir other
    echo none >'other/x.tar:y.png'
    mask other/a.png --rows "0 1"
    mw shard.tar other -qq --check unreadable -o doc --report sarif=sarif --report github=github
    ended 1
    grep -q '^::error file=shard.tar,title=unreadable::sub/bad.png: not a mask' github
    grep -q '^::error file=shard.tar,title=unreadable::worse.png: not a mask' github
    grep -q '^::error file=other/x.tar%3Ay.png,title=unreadable::not a mask' github
    python <<'END'
import json
result = json.load(open("sarif"))["runs"][0]["results"][0]
places = result["locations"] + result["relatedLocations"]
uris = sorted(p["physicalLocation"]["artifactLocation"]["uri"] for p in places)
assert uris == ["other/x.tar%3Ay.png", "shard.tar", "shard.tar"], uris
texts = sorted(p["message"]["text"].split(": ")[0] for p in places)
assert texts == ["not a mask", "sub/bad.png", "worse.png"], texts
assert result["message"]["text"].endswith("(3 in all)"), result["message"]
END
    head -c 2560 shard.tar >cut.tar # itself is what is damaged
    mw cut.tar other/a.png -qq --check unreadable -o doc --report github=github
    ended 1
    grep -q '^::error file=cut.tar,title=unreadable::.*no end' github
}

@test "markdown has the weight of every scheme" {
    mw tiny --ignore-index 255 -c tiny.txt -s balanced -s enet -o "$dir/doc" --report markdown
    clean
    [[ $output == *'| id | name | pixels | fraction | masks | balanced | enet |'* ]]
    [[ $output == *'| 0 | background | 8 | 0.5 | 3 | 0.5 |'* ]]
    [[ $output == *'| 2 | "sign", old | 2 | 0.125 | 1 | 2 |'* ]]
}

@test "standard output holds the document or one report" {
    refuses '--report junit|standard output holds the document|--report junit=FILE|-o FILE' tiny --report junit
    refuses '--report junit|document' tiny --report junit=-
    refuses '--report junit|document' tiny --report junit -o -
    refuses '--report text|the report junit' tiny -o "$dir/doc" --report junit --report text
    holds_only "$dir"
    mw tiny --ignore-index 255 -o "$dir/doc" --report text
    clean
    [ "$output" = 'tiny/d.png: ignored-mask: no pixel carries a class' ]
}

@test "a report that is unknown or has no name is refused" {
    refuses "--report|'junit'" tiny --report junt=x
    refuses '--report|text, junit, sarif, github, markdown' tiny --report quux
    refuses '--report junit=|name of a file' tiny --report junit=
    refuses '--report|--list-files' tiny --list-files --report junit=x
}

@test "no file is written twice, however it is named" {
    mkdir "$dir/sub"
    for other in doc ./doc sub/../doc; do
        refuses "--report text|--output too" tiny --ignore-index 255 -o "$dir/doc" --report text="$dir/$other"
    done
    echo old >"$dir/old"
    ln -s old "$dir/link"
    refuses '--report text|--report junit too' tiny --report junit="$dir/old" --report text="$dir/link"
    [ "$(cat "$dir/old")" = old ]
    holds_only "$dir" link old sub
}

@test "a report replaces neither a mask nor what the run reads" {
    cp -r tiny tiny.txt "$dir"
    cd "$dir"
    echo tiny/a.png >list
    "$MASKWEIGHT" tiny -qq --ignore-index 255 -o counts.json
    cp counts.json kept.json
    refuses '--report text: tiny/a.png|a mask' tiny --ignore-index 255 --report text=tiny/a.png
    refuses '--report text: tiny.txt|class map' tiny -c tiny.txt --report text=tiny.txt
    refuses '--report text: list|list of files' --files-from list --report text=list
    refuses '--report text: counts.json|a source' counts.json --report text=counts.json
    same counts.json kept.json
}

@test "reports are no masks, even in the directory that is counted" {
    cp -r tiny "$dir/set"
    cd "$dir"
    for _ in 1 2; do
        mw set --ignore-index 255 -o set/doc.pgm --report junit=set/junit.png --report text=set/text.tif
        ended 0
        expect_file set/doc.pgm 'data["files"] == 4'
        rm set/junit.png set/text.tif set/doc.pgm
        touch set/junit.png set/text.tif set/doc.pgm
    done
    holds_only set a.png b.png d.png doc.pgm junit.png notes.txt sub text.tif
}

@test "after another error no report is written, and old ones stay" {
    echo old >"$dir/text"
    mw tiny --ignore-index 255 -n 300 --zero-class error -o "$dir/doc" --report text="$dir/text" \
        --report junit="$dir/junit"
    ended 2
    [ "$(cat "$dir/text")" = old ]
    holds_only "$dir" text
    mw tiny --inspect --report text="$dir/text" --report junit
    ended 0
    [ "$(cat "$dir/text")" = old ]
}

@test "full standard output: neither document nor report is replaced" {
    [ -w /dev/full ] || skip "no /dev/full here"
    echo old >"$dir/doc"
    status=0
    stderr=$("$MASKWEIGHT" tiny --ignore-index 255 -o "$dir/doc" --report text --report junit="$dir/junit" \
        2>&1 >/dev/full) || status=$?
    ended 2
    told 'standard output' 'No space left'
    [ "$(cat "$dir/doc")" = old ]
    holds_only "$dir" doc
}

@test "a signal leaves the old files intact and nothing beside them" {
    mkdir "$dir/there"
    echo old >"$dir/doc"
    echo old >"$dir/there/junit"
    "$MASKWEIGHT" slow -j 1 -o "$dir/doc" --report junit="$dir/there/junit" --report text="$dir/text" 3>&- &
    pid=$!
    for _ in {1..100}; do
        [ "$(find "$dir" -name '.*.tmp' | wc -l)" -lt 3 ] || break
        sleep 0.05
    done
    [ "$(find "$dir" -name '.*.tmp' | wc -l)" -eq 3 ]
    kill -s TERM $pid
    status=0
    wait $pid || status=$?
    ended 143
    [ "$(cat "$dir/doc" "$dir/there/junit")" = $'old\nold' ]
    holds_only "$dir" doc there
    holds_only "$dir/there" junit
}

@test "standard output that is a report's file too is refused; /dev/null is not" {
    cd "$BATS_TEST_TMPDIR"
    tiny masks
    status=0
    "$MASKWEIGHT" masks --ignore-index 255 --report text=doc.json >doc.json 2>err || status=$?
    [ "$status" -eq 2 ]
    grep -q 'doc.json is written by --output too' err
    status=0
    "$MASKWEIGHT" masks --ignore-index 255 -q --report text=/dev/stdout >doc.json 2>err || status=$?
    [ "$status" -eq 2 ]
    "$MASKWEIGHT" masks --ignore-index 255 -qq -o /dev/null --report text=/dev/null
}

@test "a report to a descriptor that is open, such as /dev/stdout, goes behind what its file holds" {
    cd "$BATS_TEST_TMPDIR"
    tiny masks
    line='masks/d.png: ignored-mask: no pixel carries a class'
    for name in /dev/stdout /dev/fd/1 /proc/self/fd/1; do
        echo before >log
        (echo first; "$MASKWEIGHT" masks --ignore-index 255 -o doc --report text=$name; echo last) >>log
        [ "$(cat log)" = "before"$'\n'"first"$'\n'"$line"$'\n'"last" ]
    done
    for name in /dev/stderr /dev/fd/2; do
        (echo first >&2; "$MASKWEIGHT" masks --ignore-index 255 -qq -o doc --report text=$name; echo last >&2) 2>log
        [ "$(cat log)" = "first"$'\n'"$line"$'\n'"last" ]
    done
    (echo first; "$MASKWEIGHT" masks --ignore-index 255 -o /dev/fd/7; echo last >&7) 7>log >/dev/null
    [ "$(head -n 1 log)$(tail -n 1 log)" = '{last' ]
    status=0
    stderr=$("$MASKWEIGHT" masks --ignore-index 255 -o /dev/fd/77 2>&1) || status=$?
    ended 2
    told '/dev/fd/77: Bad file descriptor'
    ls -A | grep tmp && false
    ln -s kept link
    echo old >kept
    "$MASKWEIGHT" masks --ignore-index 255 -qq -o link # a link is followed, as ever
    [ -L link ]
    [ "$(head -c 1 kept)" = '{' ]
}
