#!/usr/bin/env bats
# --check, --rules and --baseline: what is planted is found, and nothing else.

load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    tiny tiny
    "$MASKWEIGHT" tiny -n 5 --ignore-index 255 -q >tiny.json
    masks <<END
odd/a.png --rows "0 0 1 1;2 2 9 0"
odd/b.png --rows "0 0;0 9"
END
    echo "no mask" >odd/broken.png
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return
}

# audit RULE...: tiny, held against rules.
audit() {
    local rules=()
    for rule; do rules+=(--check "$rule"); done
    mw tiny -n 4 --ignore-index 255 -q "${rules[@]}"
}

# breaks CODE MEASURED RULE: exactly this rule is broken, by what is known of tiny.
breaks() {
    audit "$3"
    ended 1 || return
    expect "list(broken) == ['$3']" "broken['$3']['code'] == '$1'" \
        "near(broken['$3']['measured'], $2)" \
        "[r['rule'] for r in d['rules'] if r['broken']] == ['$3']" "d['complete']"
}

# keeps RULE: it is kept, and the document says so.
keeps() {
    audit "$1"
    ended 0 || return
    [ -z "$stderr" ] || fail "$stderr" || return
    expect "not broken" \
        "[r['rule'] for r in d['rules']] == ['$1', 'unreadable', 'unknown-labels']" \
        "not any(r['broken'] for r in d['rules'])"
}

# tiny: N = 16, 0: 8  1: 4  2: 2  3: 2 pixels, in 3, 2, 1 and 1 of 4 masks, of which one is empty and one
# is all ignored; 6 pixels are ignored.
@test "each check of the counts breaks beyond its limit, and not at it" {
    breaks min-pixels 2 min-pixels=3
    keeps min-pixels=2
    breaks min-pixels 4 min-pixels:1=5
    keeps min-pixels:1=4
    breaks min-masks 1 min-masks=2
    keeps min-masks:0=3
    breaks min-masks 3 min-masks:0=4
    breaks min-fraction 0.125 min-fraction=0.126
    keeps min-fraction=12.5%
    breaks max-imbalance 4 max-imbalance=3.9
    keeps max-imbalance=4
    breaks max-empty 0.25 max-empty=0.249
    keeps max-empty=25%
    breaks max-ignored 6/22 max-ignored=27%
    keeps max-ignored=0.2728
    keeps missing-classes
}

@test "a declared class that never occurs is missing, and is named" {
    mw tiny -n 6 --ignore-index 255 -q --check missing-classes -o missing.json
    ended 1
    told '0 of class 4, 0 of class 5 [missing-classes]'
    expect_file missing.json "broken['missing-classes']['count'] == 2"
    mw tiny -n 6 --ignore-index 255 -q --check missing-classes:3
    ended 0
    refuses 'needs declared classes' tiny --check missing-classes
}

@test "a rule may name a class by its name, whatever stands in the name" {
    mw tiny -c tiny.txt --ignore-index 255 -q --check 'min-masks:"sign", old=2' -o /dev/null
    ended 1
    told '1 of class 2 ("sign", old)'
    printf '%s\n' a:b c=d e f=1:g >odd.txt
    mw tiny -c odd.txt --ignore-index 255 -q --check min-pixels:a:b=9 --check min-pixels:c=d=4 -o /dev/null
    ended 1
    told '8 of class 0 (a:b)'
    untold 'c=d'
    refuses "'cra' is unknown; did you mean 'car'" tiny -c tiny.txt --check min-masks:cra=2
    refuses "'car' is no class" tiny --check min-masks:car=2
    refuses "'9'" tiny -c tiny.txt --check min-masks:9=2
}

@test "unreadable masks and unknown values break rules that need not be asked for" {
    mw odd -n 4 --check max-empty=1 -o odd.json
    ended 1
    told 'odd/broken.png: error: not a mask' '[unreadable]' \
        'odd/a.png (value 9 is no class (0 to 3): 1 pixel, first at x 2, y 1) and 1 more [unknown-labels]'
    expect_file odd.json "d['complete'] is False" "d['dataset']['unknown_pixels'] == 2" \
        "{r: (b['measured'], b['count']) for r, b in broken.items()} ==
         {'unreadable': (1, 1), 'unknown-labels': (2, 2)}" \
        "broken['unreadable']['first'][0]['path'] == 'broken.png'"
    mw odd -n 4 -q --check unreadable=1 --check unknown-labels=2 -o /dev/null
    ended 0
    mw odd -n 4 -q --check unreadable=1 --unknown ignore -o /dev/null # as asked for
    ended 0
    mw odd -n 4 -q --check unreadable=2 --unknown error -o /dev/null # they fail, and are too many
    ended 1
}

@test "where all masks fail, the document and the reports say so; allowed or not, there is no dataset" {
    mkdir broken
    for name in a b; do echo "no mask" >broken/$name.png; done
    mw broken -q --check max-empty=1 -o broken.json --report text=broken.txt
    ended 1
    expect_file broken.json "list(broken) == ['unreadable']" "data['masks'] == 0" "data['failed_files'] == 2"
    same broken.txt - <<'END'
maskweight: unreadable: files could not be counted: 2; limit: at most 0
broken/a.png: unreadable: not a mask: none of the known formats by its content
broken/b.png: unreadable: not a mask: none of the known formats by its content
maskweight: nothing-to-weigh: no pixel carries a class: every weight follows --zero-class zero
END
    mw broken.json -q --check max-empty=1 -o /dev/null
    ended 1
    mw broken.json
    ended 2
    told 'no mask could be counted'
    mw broken -q --check unreadable=2
    ended 2
    told 'no mask could be counted'
    mw broken -q -n 2 --format list --check unreadable --report text=broken.txt -o /dev/null
    ended 2
    [ "$(grep -c 'broken/[ab].png: failed-file' broken.txt)" -eq 2 ]
}

@test "masks with unknown values are told once each, with value, place and pixels" {
    masks <<END
unknown/a.png --rows "0 0 1 1;2 7 9 7"
unknown/b.tif --rows "0 9" --pages 3
unknown/c.png --rows "0 1"
END
    mw unknown -n 3 -q --check unknown-labels -o unknown.json --report text=unknown.txt
    ended 1
    [ "$(grep -c 'unknown-label' <<<"$stderr")" -eq 1 ]
    same unknown.txt - <<'END'
maskweight: unknown-labels: pixels have a value that is no class: 6; limit: at most 0; probably ids from 0 to 9, of which 5 occur; try --classes 10
unknown/a.png: unknown-labels: 2 values are no class (0 to 2): 7 (2 pixels, first at x 1, y 1), 9 (1 pixel, first at x 2, y 1)
unknown/b.tif: unknown-labels: number 1: value 9 is no class (0 to 2): 1 pixel, first at x 1, y 0
unknown/b.tif: unknown-labels: number 2: value 9 is no class (0 to 2): 1 pixel, first at x 1, y 0
unknown/b.tif: unknown-labels: number 3: value 9 is no class (0 to 2): 1 pixel, first at x 1, y 0
END
    expect_file unknown.json "broken['unknown-labels']['count'] == 4" \
        "broken['unknown-labels']['first'] == f('unknown-label')['first']" # a source later
    mw unknown.json -q --check unknown-labels=6 -o /dev/null --report text=unknown.txt
    ended 0 # a note where the rule is kept
    [ "$(grep -c ': unknown-label: ' unknown.txt)" -eq 4 ]
    mask voids.tif --rows "0 0 255;9 255 0" --pages 12
    mw voids.tif --encoding planes -q --check unknown-labels -o /dev/null --report text=unknown.txt
    ended 1
    grep -q '^voids.tif: unknown-labels: plane 1: value 9 is neither.* first at x 0, y 1; and in 11 more planes$' unknown.txt
}

@test "what unknown values probably are is told as without rules, on standard error and in every report" {
    local i jobs
    for i in {1..5}; do echo "void/$i.png --rows \"0 1 2 $((i % 2 ? 255 : 0)) 3\""; done | masks
    mw void -n 4 -q
    ended 2
    plain=$(grep -E '^maskweight: (value|probably)' <<<"$stderr")
    [ "$(wc -l <<<"$plain")" -eq 2 ]
    hint='probably ids from 0 to 3, and 255 for void: ignored; try --ignore-index 255'
    for jobs in 1 2 8; do
        mw void -j $jobs -n 4 -q --check max-empty=1 -o void.json --report text=void.text --report junit=void.junit \
            --report sarif=void.sarif --report github=void.github --report markdown=void.markdown
        ended 1
        [ "$(grep -E '^maskweight: (value|probably)' <<<"$stderr")" = "$plain" ]
        [[ $plain == *"$hint" ]]
        for name in text junit sarif github markdown; do
            [ "$(grep -c -- "at most 0; $hint" void.$name)" -eq 1 ] || fail "$name: $(cat void.$name)"
        done
        "$MASKWEIGHT" void -j $jobs -n 4 -q --cache void.db --check max-empty=1 -o cached.json 2>cached.err || [ $? -eq 1 ]
        [ "$(cat cached.err)" = "$stderr" ] # read again where it is in the cache
        same void.json cached.json
    done
    if grep -q probably void.json; then fail "documents are merged, and have no hint"; fi
    mw void -n 4 -qq --check unknown-labels=3
    clean # kept
    mw void -n 4 -qq --unknown ignore --check max-empty=1
    clean # asked for
    "$MASKWEIGHT" void -n 4 --unknown ignore -qq -o counted.json
    mw counted.json -q --check unknown-labels -o void.json # no masks to look at
    ended 1
    untold probably
}

@test "rules about the whole name the first masks, the same ones of merged shards" {
    local i rules=(--check max-empty=10% --check max-ignored=1%)
    for i in {10..29}; do
        echo "whole/$i.png --rows \"$((i % 2)) $(printf '0 %.0s' $(seq "$i"))255\""
    done | masks
    masks <<END
whole/stack.tif --rows "0 0" --pages 11
whole/unknown.png --rows "9 1"
END
    mw whole -n 2 --ignore-index 255 -q "${rules[@]}" -o whole.json
    ended 1
    expect_file whole.json "broken['max-empty=10%']['count'] == data['empty_masks'] == 21" \
        "[p['path'] for p in broken['max-empty=10%']['first']] == [f'{i}.png' for i in range(10, 26, 2)]" \
        "broken['max-ignored=1%']['count'] == 20" \
        "[(p['path'], p['share']) for p in broken['max-ignored=1%']['first']] ==
         [(f'{i}.png', 1 / (i + 2)) for i in range(10, 18)]"
    for i in 1 2 3; do
        "$MASKWEIGHT" whole -n 2 --ignore-index 255 --unknown ignore --shard $i/3 -qq -o whole-$i.json
    done
    for order in '1 2 3' '3 1 2'; do
        # shellcheck disable=SC2046,SC2086 # words
        mw $(printf 'whole-%s.json ' $order) -q "${rules[@]}" -o merged.json
        ended 1
        same whole.json merged.json
    done
    mw whole/stack.tif -n 2 -q --check max-empty=0 -o /dev/null --report text=stack.txt
    ended 1
    [ "$(grep -c 'max-empty: number [1-8]: no pixel is foreground' stack.txt)" -eq 8 ] || fail "$(cat stack.txt)"
    grep -qx 'maskweight: max-empty: and 3 more' stack.txt
}

# What a document says of the masks of each finding: how many are named, of how many.
lengths() {
    "$PYTHON" -c 'if True:
        import json, sys
        d = json.load(open(sys.argv[1]))
        print(*sorted({(f["code"], len(f["first"]), f["count"]) for f in d["findings"] if f["first"]}))' "$1"
}

@test "--max-places says how many masks a finding names, in every output; 8 without it" {
    local i n rules=(--check max-empty=10% --check max-ignored=1% --check size:3x1 --check duplicates)
    for i in {10..69}; do
        echo "long/$i.png --rows \"$((i % 2)) $(printf '0 %.0s' $(seq $((i * 7 % 60 + 1))))255 $((i % 3 ? 9 : 0))\""
    done | masks
    cp long/11.png long/twin.png
    mw long -n 2 --ignore-index 255 -q "${rules[@]}" -o long.json
    ended 1
    [ "$(lengths long.json)" = "('duplicates', 1, 1) ('max-empty', 8, 30) ('max-ignored', 8, 61) \
('size', 8, 61) ('unknown-label', 8, 41) ('unknown-labels', 8, 41)" ] || fail "$(lengths long.json)"
    for n in 1 20 1000; do
        for jobs in 1 2 8; do
            "$MASKWEIGHT" long -j $jobs -n 2 --ignore-index 255 -q "${rules[@]}" --max-places $n -o long-$n-$jobs.json \
                --report text=long.txt --report junit=long.xml --report sarif=long.sarif \
                --report markdown=long.md 2>"long-$n-$jobs.err" || [ $? -eq 1 ]
            same long-$n-1.json "long-$n-$jobs.json"
            same long-$n-1.err "long-$n-$jobs.err"
        done
    done
    for name in text junit markdown sarif; do
        case $name in text) file=long.txt ;; junit) file=long.xml ;; markdown) file=long.md ;; *) file=long.sarif ;; esac
        for i in {10..69}; do grep -q "long/$i.png" $file || fail "$i is not in $file"; done
    done
    grep ' more' long.txt long.xml long.md && false
    # the larger lists begin with the smaller ones, and hold what was planted
    "$PYTHON" <<'END'
import json
docs = [json.load(open(name)) for name in
        ("long-1-1.json", "long.json", "long-20-1.json", "long-1000-1.json")]
for many in zip(*(d["findings"] for d in docs)):
    full = many[-1]["first"]
    if not full:
        continue
    assert len(full) == many[-1]["count"], full
    for finding, limit in zip(many, (1, 8, 20, 1000)):
        assert finding["first"] == full[:limit] and finding["count"] == many[-1]["count"]
    paths = [p["path"] for p in full]
    if finding["code"] == "max-ignored":
        assert [p["share"] for p in full] == sorted((p["share"] for p in full), reverse=True)
    else:
        assert paths == sorted(paths)
    if finding["code"] == "max-empty":
        assert paths == [f"{i}.png" for i in range(10, 70, 2)], paths
for d in docs:
    d.pop("findings"), d["dataset"].pop("most_ignored"), d["dataset"].pop("in_empty_masks")
assert all(d == docs[0] for d in docs)
END
}

@test "--max-places: shards merge to one run, and parts of other lengths to what all of them know" {
    local i n rules=(--check max-empty=10% --check max-ignored=1%)
    for i in {10..69}; do
        echo "parts/$i.png --rows \"$((i % 2)) $(printf '0 %.0s' $(seq $((i * 7 % 60 + 1))))255 $((i % 3 ? 9 : 0))\""
    done | masks
    for n in 1 8 20 1000; do
        mw parts -n 2 --ignore-index 255 -q "${rules[@]}" --max-places $n -o whole-$n.json
        for i in 1 2 3; do
            "$MASKWEIGHT" parts -n 2 --ignore-index 255 --unknown ignore --shard $i/3 --max-places $n -qq -o parts-$n-$i.json
        done
        for order in '1 2 3' '3 1 2'; do
            # shellcheck disable=SC2046,SC2086 # words
            mw $(printf "parts-$n-%s.json " $order) -q "${rules[@]}" --max-places $n -o merged.json
            ended 1
            same whole-$n.json merged.json
        done
        mw parts-$n-[123].json -q "${rules[@]}" -o merged.json # at most 8 without the option
        same whole-$((n < 8 ? n : 8)).json merged.json
    done
    # the second left out more than it kept, so that nobody knows what comes behind its first eight
    for order in '1000-1 8-2 20-3' '20-3 1000-1 8-2'; do
        # shellcheck disable=SC2046,SC2086 # words
        mw $(printf 'parts-%s.json ' $order) -q "${rules[@]}" --max-places 1000 -o merged.json
        ended 1
        same whole-8.json merged.json
    done
    # merged step by step it is the same
    mw parts-1000-1.json parts-8-2.json --keep-going -q --max-places 1000 -o step.json
    mw step.json parts-20-3.json -q "${rules[@]}" --max-places 1000 -o merged.json
    same whole-8.json merged.json
    refuses '--max-places|1' parts --max-places 0
    refuses '--max-places|x' parts --max-places x
}

@test "the judgement does not depend on the jobs" {
    for jobs in 1 2 3 8; do
        "$MASKWEIGHT" -j $jobs odd tiny -n 4 --ignore-index 255 --check min-pixels=9 --check max-empty=0 \
            >"judged-$jobs" 2>"told-$jobs" || [ $? -eq 1 ]
        same judged-1 "judged-$jobs"
        same told-1 "told-$jobs"
    done
}

@test "documents can be audited; the findings of their own audit are not taken over" {
    mw odd -n 4 -q --check unreadable -o odd.json
    ended 1
    mw odd.json -q --check min-pixels:1=2 -o again.json
    ended 1 # what failed then is not there now either
    expect_file again.json "list(broken) == ['unreadable', 'unknown-labels']"
    mw odd.json -q --keep-going
    ended 3
    expect "'rules' not in d" "not broken"
}

@test "rules stand in files too, as text and as objects, with a severity" {
    cat >rules.json <<'END'
["max-empty=0", {"check": "min-masks", "class": 1, "limit": 3, "severity": "warning"},
 {"check": "min-pixels", "class": "background", "limit": "9", "severity": "info"}, {"check": "unreadable"}]
END
    mw tiny -c tiny.txt --ignore-index 255 --rules rules.json -o ruled.json
    ended 1
    told 'broken: too many masks' 'warning: classes occur in too few masks: 2 of class 1 (car)'
    untold 'min-pixels'
    expect_file ruled.json "[(r['rule'], r['severity'], r['broken']) for r in d['rules']] ==
        [('max-empty=0', 'error', True), ('min-masks:1=3', 'warning', True),
         ('min-pixels:background=9', 'info', True), ('unreadable', 'error', False),
         ('unknown-labels', 'error', False)]"
    sed -i 's/"max-empty=0", //' rules.json
    mw tiny -c tiny.txt --ignore-index 255 --rules rules.json -q -o /dev/null
    ended 0
}

@test "a file of rules that is wrong is refused with the file and the rule" {
    for rules in '{"check": "min-masks"}|a JSON array' '["foo"]|rule 1|foo' '["unreadable", 7]|rule 2' \
        '[{"chekc": "unreadable"}]|rule 1|did you mean' '[{"limit": 3}]|check' \
        '[{"check": "unreadable", "severity": "bad"}]|severity' '[{"check": "min-masks", "limit": [3]}]|limit' \
        '["unreadable", "unreadable=2"]|rule 2|is a rule already' '["min-masks=1"|line' \
        '[{"check": "min-masks", "limit": 3, "limit": 4}]|rule 1|"limit" stands twice' \
        '["unreadable", "min-masks:7=5"]|rule 2: min-masks:7=5|the classes are 0 to 3' \
        '["unreadable", {"check": "min-masks", "class": "car", "limit": 3}]|rule 2: min-masks:car=3|no class' \
        '["max-drift:0.05"]|rule 1: max-drift:0.05|--baseline'; do
        echo "${rules%%|*}" >wrong.json
        refuses "wrong.json|${rules#*|}" tiny -n 4 --rules wrong.json
    done
    refuses 'none.json' tiny -n 4 --rules none.json
}

@test "rules that cannot be are refused before anything is read" {
    refuses "did you mean 'min-masks'" nothere --check min-mask=3
    refuses 'needs a limit' nothere --check min-masks
    refuses 'needs a limit' nothere --check min-masks:car
    refuses 'a whole number' nothere --check min-masks=1.5
    refuses 'a whole number' nothere --check min-masks=-1
    refuses 'a whole number' nothere --check min-masks=
    refuses 'from 0 to 1' nothere --check max-empty=30
    refuses 'at least 1' nothere --check max-imbalance=0.5
    refuses 'takes no limit' nothere --check missing-classes=3
    refuses 'about all classes' nothere --check max-empty:car=0.5
    refuses 'no class follows' nothere --check min-masks:=3
    refuses 'is a rule already' nothere --check min-masks=3 --check min-masks=4
}

@test "--baseline: lost and new classes, drift, divergence and removed masks" {
    masks <<END
now/a.png --rows "0 0 1 1;2 2 255 0"
now/b.png --rows "0 0;0 4"
END
    # before 0: 8 1: 4 2: 2 3: 2 of 16, 4 masks; now 0: 6 1: 2 2: 2 4: 1 of 11, 2 masks
    mw now -n 5 --ignore-index 255 -q --baseline tiny.json --check lost-classes --check new-classes \
        --check max-drift --check max-drift:0=0.0455 --check max-divergence=0.09 --check removed-masks=1 \
        -o now.json
    ended 1
    expect_file now.json "{r: (b['count'], round(b['measured'], 12)) for r, b in broken.items()} == {
        'lost-classes': (1, 2), 'new-classes': (1, 1), 'max-drift': (4, 0.125), 'removed-masks=1': (1, 2),
        'max-divergence=0.09': (1, round(js([8/16, 4/16, 2/16, 2/16, 0], [6/11, 2/11, 2/11, 0, 1/11]), 12))}"
    mw now -n 5 --ignore-index 255 -q --baseline tiny.json --check lost-classes:0 --check max-drift=12.5% \
        --check removed-masks=2
    ended 0
    mw now --ignore-index 255 -q --baseline tiny.json --check max-drift -o now.json # classes of either one
    ended 1
    expect_file now.json "{r: (b['count'], b['measured']) for r, b in broken.items()} == {'max-drift': (4, 0.125)}"
    # a share may follow the colon, where no class can be meant
    mw now -n 5 --ignore-index 255 -q --baseline tiny.json --check max-drift:12.4% --check max-divergence:0.09 \
        --check max-drift:0=0.0455 --check max-empty:0.5 -o now.json
    ended 1
    expect_file now.json "{r: b['limit'] for r, b in broken.items()} == {'max-drift:12.4%': 0.124,
        'max-divergence:0.09': 0.09}"
    refuses 'is a rule already' now --baseline tiny.json --check max-drift:0.05 --check max-drift=0.1
    refuses "'5' is no class" now -n 5 --ignore-index 255 --baseline tiny.json --check max-drift:5
    mw tiny -n 5 --ignore-index 255 -q --baseline tiny.json --check lost-classes --check new-classes \
        --check max-drift=0 --check max-divergence=0 --check removed-masks
    ended 0
}

@test "a baseline that cannot be compared is refused" {
    refuses 'name it with --baseline' tiny -n 5 --check max-drift
    refuses 'without a rule that compares' tiny -n 5 --ignore-index 255 --baseline tiny.json
    refuses 'without a rule that compares' tiny -n 5 --ignore-index 255 --baseline tiny.json --check min-masks=1
    refuses 'tiny.json: was counted with --ignore-index 255' tiny -n 5 --baseline tiny.json --check max-drift
    refuses '--baseline: tiny/a.png' tiny -n 5 --baseline tiny/a.png --check max-drift
    refuses 'none.json' tiny -n 5 --baseline none.json --check max-drift
    cp tiny.json kept.json
    refuses 'kept.json is the baseline' tiny -n 5 --baseline kept.json --check max-drift -o kept.json
    same tiny.json kept.json
}

@test "--explain says of each check how it is written; --list checks names them" {
    mw --list checks
    clean
    for name in $(cut -d' ' -f1 <<<"$output"); do
        mw --explain "$name"
        clean
        [[ $output == "$name"* && $output == *'  measures  '* && $output == *'  why  '* ]]
    done
    mw --explain all
    clean
    [ "$(grep -c '^  why' <<<"$output")" -eq "$("$MASKWEIGHT" --list checks | wc -l)" ]
    all=$output
    refuses "did you mean 'max-drift'" --explain max-drfit
    refuses "did you mean 'max-drift'" --explain size,max-drfit
    refuses "--explain" --explain size,
    for written in 'size,max-drift,size' 'size --explain max-drift'; do
        # shellcheck disable=SC2086 # words
        mw --explain $written
        clean
        [ "$output" = "$("$MASKWEIGHT" --explain size; echo; "$MASKWEIGHT" --explain max-drift)" ]
    done
    mw --explain size,all
    [ "$(wc -l <<<"$output")" -eq "$(wc -l <<<"$all")" ]
    mw --list checks # unit, limit where none is given, meaning
    grep -qx 'max-drift          share   at most 0.05    difference of the share from the baseline' <<<"$output"
    grep -qx 'min-masks          number  at least LIMIT  masks with the class' <<<"$output"
    grep -qx 'size               -       :SIZES          masks of another size than those allowed' <<<"$output"
    [ "$(awk 'NF < 4' <<<"$output")" = '' ]
}

@test "shards that are missing are none of the rules' business" {
    for k in 1 2 3; do "$MASKWEIGHT" tiny -n 4 --ignore-index 255 -q --shard $k/3 -o part-$k.json; done
    refuses 'shards' part-1.json part-3.json --check max-empty=1
    mw part-1.json part-3.json --check max-empty=1 --keep-going
    ended 3
    mw part-1.json part-2.json part-3.json -q --check min-pixels:1=5
    ended 1
    expect "broken['min-pixels:1=5']['measured'] == 4"
}

@test "every report tells of broken rules once, and of kept ones where it has a place for them" {
    mw odd -n 4 -q --check max-empty=0.9 --check min-pixels:3=2 -o odd.json --report text=odd.txt \
        --report junit=odd.xml --report sarif=odd.sarif --report github=odd.github --report markdown=odd.md
    ended 1
    for name in unreadable unknown-labels min-pixels; do
        [ "$(grep -c "$name" odd.txt)" -ge 1 ] || fail "text: $name"
        grep -q "title=$name\|$name" odd.github
        grep -q "\`$name\`" odd.md
    done
    [ "$(grep -c 'broken.png' odd.txt)" -eq 1 ] # not a second time as a failed file
    if grep failed-file odd.txt odd.github odd.md; then fail "failed-file"; fi
    "$PYTHON" -S - <<'END'
import json, xml.etree.ElementTree as tree
suite = tree.parse("odd.xml").getroot().find("testsuite")
cases = {case.get("name"): [child.tag for child in case] for case in suite}
assert cases["max-empty=0.9"] == [] and cases["min-pixels:3=2"] == ["failure"], cases
assert cases["unreadable"] == ["failure"] and cases["odd/broken.png"] == ["error"], cases
assert cases["unknown-labels"] == ["failure"], cases
assert suite.get("tests") == str(len(suite.findall("testcase"))), suite.attrib
results = json.load(open("odd.sarif"))["runs"][0]["results"]
rules = [(r["ruleId"], r["level"]) for r in results]
for name in ("unreadable", "unknown-labels", "min-pixels"):
    assert rules.count((name, "error")) == 1, rules
END
}

@test "files that may fail are no error in a report" {
    mw odd -n 4 -q --check unreadable=1 --check unknown-labels=2 -o ok.json --report junit=ok.xml \
        --report github=ok.github --report sarif=ok.sarif
    ended 0
    grep -q 'errors="0"' ok.xml
    grep -q 'name="unreadable=1"/>' ok.xml
    if grep '::error' ok.github; then fail "an error"; fi
    "$PYTHON" -c '
import json
levels = {r["level"] for r in json.load(open("ok.sarif"))["runs"][0]["results"]}
assert "error" not in levels, levels'
}

@test "a limit that is met exactly is kept, whatever rounding says" {
    masks <<END
four/a.png --rows "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 1 1"
now20/a.png --rows "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 1 1 1"
END
    "$MASKWEIGHT" four -n 2 -q >four.json
    mw now20 -n 2 -q --baseline four.json --check max-drift:1=5% # 4/20 and 3/20
    ended 0
    mw tiny -n 4 --ignore-index 255 -q --check max-ignored=0.2727 -o /dev/null
    ended 1
    told '27.27272727272727 %; limit: at most 27.27 %'
    for pixels in 3 5 6 7 10 11 13 14; do
        mask "left$pixels/a.png" --rows "$(printf '0 1 %.0s' $(seq "$pixels"))"
        mask "right$pixels/a.png" --rows "$(printf '2 3 2 %.0s' $(seq "$pixels"))"
        "$MASKWEIGHT" "left$pixels" -n 4 -q >left.json
        mw "right$pixels" -n 4 -q --baseline left.json --check max-divergence=1 -o /dev/null
        ended 0
    done
}

@test "a baseline is a whole: no part, nothing incomplete, of the same kind" {
    "$MASKWEIGHT" tiny -n 4 --ignore-index 255 -q --shard 1/2 -o half.json
    refuses 'half.json: it is a part' tiny -n 4 --ignore-index 255 --baseline half.json --check max-drift
    "$MASKWEIGHT" odd -n 4 --unknown ignore -qq --keep-going -o some.json 2>/dev/null || [ $? -eq 3 ]
    refuses 'some.json: it is incomplete' odd/a.png -n 4 --baseline some.json --check max-drift
    refuses 'judge the whole' tiny -n 4 --shard 1/2 --check unreadable
    mask one.png --rows "0 1;1 1"
    "$MASKWEIGHT" one.png --encoding planes -q >planes.json
    refuses 'planes.json: is multi-label' one.png --baseline planes.json --check max-drift
}

@test "rules as objects may name a class that has an equals sign" {
    printf '%s\n' a=b x=0.5 y z >equals.txt
    echo '[{"check": "missing-classes", "class": "a=b"}, {"check": "max-drift", "class": "x=0.5"}]' >equals.json
    "$MASKWEIGHT" tiny -c equals.txt --ignore-index 255 -q >equal.json
    mw tiny -c equals.txt --ignore-index 255 -q --rules equals.json --baseline equal.json
    clean
    expect "[r['rule'] for r in d['rules']][:2] == ['missing-classes:a=b', 'max-drift:x=0.5']"
    mw tiny -c equals.txt --ignore-index 255 -q --check missing-classes:a=b
    clean
    echo '[{"check": "min-masks", "class": "", "limit": 3}]' >empty.json
    refuses 'no class follows' tiny -c equals.txt --rules empty.json
}
