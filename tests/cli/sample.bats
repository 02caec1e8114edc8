#!/usr/bin/env bats
# --sample: some of the masks stand for all, and it is said how well.

load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    # 800 masks of 3 classes, of which one in 400 masks has class 3 too, in directories; empty ones; a void value.
    "$PYTHON" -S - "$MW_SOURCE/tests" <<'END'
import pathlib, random, sys
sys.path.insert(0, sys.argv[1])
import masks
draw = random.Random(4)
for i in range(800):
    pixels = [draw.choice([0, 0, 0, 1, 1, 2, 255]) if i % 8 else 0 for _ in range(48)]
    if i % 400 == 3: pixels[5] = 3
    path = pathlib.Path(f"set/{i % 7}/{i:03}.pgm")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"P5 8 6 255\n" + bytes(pixels))
END
    echo text >set/1/notes.txt
    tar -cf set.tar set
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return
    t=$BATS_TEST_TMPDIR
}

# hashes: the hash of each path on standard input, as the manual page describes it, and the path.
hashes() {
    "$PYTHON" -S -c '
import sys
def mix(h):
    h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9 % 2**64
    h = (h ^ h >> 27) * 0x94d049bb133111eb % 2**64
    return h ^ h >> 31
for line in sys.stdin:
    h = 0xcbf29ce484222325
    for byte in line.strip().encode():
        h = (h ^ byte) * 0x100000001b3 % 2**64
    print(mix((mix(h) + 0x9e3779b97f4a7c15) % 2**64), line.strip())
'
}

@test "the masks of a share, and of a number, are those of the documented hash, wherever they lie" {
    cp -r set "$t/moved"
    (cd set && find . -name '*.pgm' | cut -c 3-) | hashes | sort -n >"$t/hashed"
    for share in 0.25 25% 0.7%; do
        last=$("$PYTHON" -c "print(int(float('$share'.replace('%', 'e-2')) * 2**64) - 1)")
        "$PYTHON" -c "
import sys
print(*sorted(line.split()[1] for line in open(sys.argv[1]) if int(line.split()[0]) <= $last), sep='\n')" \
            "$t/hashed" >"$t/wanted"
        (cd set && "$MASKWEIGHT" . --sample "$share" --list-files | sed 's|^./||') | same /dev/stdin "$t/wanted"
        "$MASKWEIGHT" "$t/moved" --sample "$share" --list-files | sed "s|^$t/moved/||" | same /dev/stdin "$t/wanted"
    done
    head -n 100 "$t/hashed" | cut -d ' ' -f 2 | LC_ALL=C sort >"$t/wanted"
    "$MASKWEIGHT" set --sample 100 --list-files | sed 's|^set/||' | same /dev/stdin "$t/wanted"
    "$MASKWEIGHT" set --sample 100 -qq >"$t/document"
    last=$(printf '%016x' "$(sed -n '100s/ .*//p' "$t/hashed")")
    expect_file "$t/document" "d['sample']['last_hash'] == '$last'" 'd["sample"]["masks"] == 100' \
        'd["sample"]["fraction"] is None' 'data["files"] == d["sample"]["taken"] == 100' 'd["sample"]["seen"] == 800'
}

@test "a document says what was asked, taken and seen, and its groups add up" {
    mw set --sample 30% -s balanced -qq --ignore-index 255
    clean
    printf '%s\n' "$output" >"$t/document"
    "$PYTHON" -S - "$t/document" <<'END'
import json, sys
d = json.load(open(sys.argv[1]))
sample, data = d["sample"], d["dataset"]
assert list(sample) == ["fraction", "masks", "last_hash", "taken", "seen", "groups"]
assert sample["fraction"] == 0.3 and sample["masks"] is None and sample["seen"] == 800
assert 200 < sample["taken"] == data["files"] < 280
assert [g["group"] for g in sample["groups"]] == sorted({g["group"] for g in sample["groups"]})
for key in "files", "masks", "empty_masks", "ignored_masks", "pixels", "ignored_pixels", "unknown_pixels":
    assert sum(g[key] for g in sample["groups"]) == data[key], key
for row in d["classes"]:
    counts = [row[k] for k in ("pixels", "masks", "mask_pixels", "mask_ignored_pixels")]
    counts += row["in_empty_masks"].values()
    parts = [c[1:] for g in sample["groups"] for c in g["classes"] if c[0] == row["id"]]
    assert [sum(column) for column in zip(*parts)] == counts
END
    for jobs in 1 2 3 8; do
        "$MASKWEIGHT" set --sample 30% -s balanced -qq --ignore-index 255 -j $jobs | same /dev/stdin "$t/document"
    done
}

@test "sampling in shards and merging is sampling once, to the byte" {
    for sample in 0.3 150; do
        "$MASKWEIGHT" -qq set --sample $sample -s all >"$t/whole"
        for n in 1 3 8; do
            for ((k = 1; k <= n; k++)); do
                "$MASKWEIGHT" -qq set --sample $sample --shard $k/$n -j $((k % 3 + 1)) >"$t/part$n-$k"
                expect_file "$t/part$n-$k" 'd["sample"]["taken"] == data["files"] <= d["sample"]["seen"]' \
                    'd["sample"]["seen"] == d["shard"]["paths"]["count"]'
            done
            "$MASKWEIGHT" -qq "$t/part$n-"* -s all | same /dev/stdin "$t/whole"
        done
        "$MASKWEIGHT" -qq --keep-going "$t"/part8-[135] >"$t/some" || [ $? -eq 3 ]
        "$MASKWEIGHT" -qq --keep-going "$t"/part8-[2478] >"$t/others" || [ $? -eq 3 ]
        "$MASKWEIGHT" -qq "$t/some" "$t/part8-6" "$t/others" -s all | same /dev/stdin "$t/whole"
    done
}

@test "the intervals are those of the formula, by another program" {
    "$MASKWEIGHT" set --sample 50% -qq --ignore-index 255 -s balanced -s enet -s median-frequency -s dice -s effective \
        >"$t/plain"
    "$MASKWEIGHT" "$t/plain" -qq --normalize mean --skip-empty -s inverse >"$t/mean"
    "$PYTHON" -S - "$t" <<'END'
import json, math, statistics, sys
T = 2.0395134463964077
def tallies(d, without, skip):
    rows = {}
    for group in d["sample"]["groups"]:
        for c in group["classes"] if group["group"] != without else []:
            n, m, i = (a - b if skip else a for a, b in zip(c[1:4], c[5:8]))
            old = rows.get(c[0], (0, 0, 0))
            rows[c[0]] = (old[0] + n, old[1] + m, old[2] + i)
    files = sum(g["files"] for g in d["sample"]["groups"] if g["group"] != without)
    return dict(sorted(rows.items())), d["sample"]["seen"] / files
def weights(name, rows, expansion, k):
    N = sum(n for n, m, i in rows.values())
    if name == "fraction": return [n / N for n, m, i in rows.values()]
    if name == "balanced": return [N / k / n for n, m, i in rows.values()]
    if name == "enet": return [1 / math.log(1.02 + n / N) for n, m, i in rows.values()]
    if name == "dice": return [(n * expansion) ** -2 for n, m, i in rows.values()]
    if name == "effective": return [0.001 / (1 - 0.999 ** (m * expansion)) for n, m, i in rows.values()]
    if name == "inverse":
        inverse = [N / n for n, m, i in rows.values()]
        return [w / statistics.fmean(inverse) for w in inverse]
    g = [n / i for n, m, i in rows.values()]
    return [statistics.median(g) / x for x in g]
def check(d, name, values, intervals, skip):
    rows, expansion = tallies(d, None, skip)
    middle = weights(name, rows, expansion, len(rows))
    unseen = 1 - d["sample"]["taken"] / d["sample"]["seen"]
    for place, (id, row) in enumerate(rows.items()):
        assert math.isclose(middle[place], values[place], rel_tol=1e-12), (name, id)
        if row[1] < 50:
            assert intervals[place] is None
            continue
        squares = 0
        for group in range(32):
            rest, more = tallies(d, group, skip)
            if id in rest and rest.keys() == rows.keys():
                squares += math.log(weights(name, rest, more, len(rows))[place] / middle[place]) ** 2
            else: # a class of one mask is gone
                value = dict(zip(rest, weights(name, rest, more, len(rows))))[id]
                squares += math.log(value / middle[place]) ** 2
        width = T * math.sqrt(unseen * 31 / 32 * squares)
        wanted = [middle[place] * math.exp(-width), middle[place] * math.exp(width)]
        assert all(math.isclose(a, b, rel_tol=1e-9) for a, b in zip(wanted, intervals[place])), (name, id)
for file, skip in ("plain", False), ("mean", True):
    d = json.load(open(f"{sys.argv[1]}/{file}"))
    check(d, "fraction", [c["fraction"] for c in d["classes"]], [c["fraction_interval"] for c in d["classes"]], False)
    for w in d["weights"]:
        check(d, w["scheme"], w["class_weight"], w["class_weight_interval"], skip)
END
}

@test "schemes that feel how many masks there are get estimates for all of them" {
    "$MASKWEIGHT" set -qq -s dice -s effective >"$t/all"
    "$MASKWEIGHT" set -qq -s dice -s effective --sample 50% >"$t/half"
    "$PYTHON" -S - "$t" <<'END'
import json, sys
whole, half = (json.load(open(f"{sys.argv[1]}/{name}"))["weights"] for name in ("all", "half"))
for a, b in zip(whole, half):
    for true, found, interval in zip(a["class_weight"], b["class_weight"], b["class_weight_interval"]):
        assert interval is None or abs(found / true - 1) < 0.3, (a["scheme"], true, found)
END
}

@test "csv, table and the formats of weights alone" {
    mw set --sample 50% --ignore-index 255 -s enet:c=1.1,power=2 -s balanced -f csv
    ended 0
    [ "$(head -n 1 <<<"$output")" = 'id,name,pixels,masks,mask_pixels,fraction,fraction_low,fraction_high,"enet:c=1.1,power=2","enet:c=1.1,power=2_low","enet:c=1.1,power=2_high",balanced,balanced_low,balanced_high' ]
    told 'the weights are estimates from a sample of' 'of 800 files: with 95 % confidence' '[estimated-weights]' \
        'class 3 is in fewer than 50 masks of the sample' '[few-sampled-masks]'
    [[ $(tail -n 1 <<<"$output") == 3,,*,,,*,,,*,, ]]
    mw set --sample 50% --ignore-index 255 -f table
    [[ $output == *'95 % interval'*'a sample: '*' of 800 files'* ]] || fail "$output"
    [[ $(grep '^    3' <<<"$output") == *' %                -  '* ]] || fail "$output"
    for format in list npy keras yaml lut; do
        "$MASKWEIGHT" set --sample 50% --ignore-index 255 -f $format -o "$t/$format" 2>"$t/told"
        grep -F 'the weights are estimates' "$t/told"
    done
    "$MASKWEIGHT" set --sample 50% --ignore-index 255 -qq >"$t/document"
    expect_file "$t/document" '[c["id"] for c in d["classes"] if not c["fraction_interval"]] == [3]' \
        'codes[-2:] == ["estimated-weights", "few-sampled-masks"]' "w() == $(cat "$t/list")"
}

@test "a class that the sample does not have is not said never to occur" {
    mw set --sample 5 -n 256 --unknown ignore
    ended 0
    untold 'never occur'
    told 'not occur in the sample'
}

@test "archives: what is not taken is not decoded; a stream cannot be read twice" {
    "$MASKWEIGHT" set.tar --sample 20% --list-files | sed 's/^set.tar://' | sort >"$t/listed"
    [ "$(wc -l <"$t/listed")" -gt 100 ]
    mw set.tar --sample 100 -qq
    clean
    expect 'data["files"] == 100' 'd["sample"]["seen"] == 800'
    "$MASKWEIGHT" - --sample 20% -qq <set.tar | expect_file /dev/stdin 'd["sample"]["seen"] == 800'
    refuses 'standard input: a number of masks (--sample) is chosen in a first pass' - --sample 100 <set.tar
    refuses 'standard input: a number of masks' --files-from - --sample 100 <<<set/1/001.pgm
    mkfifo "$t/list"
    refuses 'can be read only once: make it a file' --files-from "$t/list" --sample 100
    # broken members are told only where they are taken
    mkdir "$t/bad"
    for i in {0..39}; do echo broken >"$t/bad/$i.png"; done
    cp set/1/*.pgm "$t/bad"
    tar -cf "$t/bad.tar" -C "$t/bad" .
    for source in bad bad.tar; do
        (cd "$t" && "$MASKWEIGHT" "$source" --sample 50% --list-files | grep -c 'png$') >"$t/taken"
        (cd "$t" && "$MASKWEIGHT" "$source" --sample 50% --keep-going -qq >document 2>err || [ $? -eq 3 ])
        expect_file "$t/document" "data['failed_files'] == $(cat "$t/taken") < 40" \
            'd["sample"]["taken"] == data["files"] + data["failed_files"]'
    done
}

@test "what cannot be read is told once, with a share and with a number" {
    mkdir -p "$t/bad"
    cp -r set/1 set/2 "$t/bad"
    ln -s nowhere "$t/bad/1/lost.png"
    head -c 20000 set.tar >"$t/cut.tar"
    cd "$t"
    for sample in 50% 60; do
        mw bad cut.tar --sample $sample --follow --keep-going
        ended 3
        [ "$(grep -c ': error: ' <<<"$stderr")" -eq 2 ] || fail "$stderr"
        expect 'data["failed_files"] == 2' 'd["sample"]["taken"] == data["files"]'
    done
}

@test "failures of the walk that chooses join their shard once, however many they are" {
    mkdir "$t/lost"
    cp set/1/* "$t/lost"
    (cd "$t/lost" && for i in {1..1500}; do ln -s nowhere $i.png; done)
    cd "$t"
    mw lost --sample 6 --follow --keep-going -qq -o whole.json
    ended 3
    for k in 1 2; do
        "$MASKWEIGHT" lost --sample 6 --follow --keep-going -qq --shard $k/2 -o part-$k.json || [ $? -eq 3 ]
    done
    "$MASKWEIGHT" part-*.json --keep-going -qq -o merged.json || [ $? -eq 3 ]
    same whole.json merged.json
    expect_file whole.json 'data["failed_files"] == 1500' 'data["masks"] == 6'
}

@test "fewer masks than asked for are all masks, with intervals of no width" {
    mw set --sample 5000 -qq --ignore-index 255
    clean
    expect 'd["sample"]["taken"] == d["sample"]["seen"] == 800' 'd["sample"]["last_hash"] == "f" * 16' \
        'all(near(c["fraction_interval"], [c["fraction"]] * 2) for c in d["classes"])' \
        'f("estimated-weights")["severity"] == "info"' 'len(d["findings"]) == 1'
    mw set --sample 5000 --ignore-index 255 -f table
    clean # as without --sample
    [[ $output == *$'\na sample of all files: nothing is estimated\n'* ]] || fail "$output"
    mw set --sample 5000 --ignore-index 255 -v -o /dev/null
    told 'info: the sample is all 800 files: nothing is estimated [estimated-weights]'
}

@test "what is no sample is refused, and so is 1, which may be a mask or all" {
    for wrong in '' 0 1 1.0 100% -1 0.0 5x 1e-3 1000000001; do
        refuses "--sample: '$wrong' is neither a share of the masks below 1, as in 0.01 or 1%" set "--sample=$wrong"
    done
    refuses "neither a share" set --sample "0.$(printf %040d 1)"
    refuses '--sample is given twice' set --sample 5 --sample 5
    refuses 'took none of 800 files: take a larger share' set --sample 0.00001
}

@test "samples add up with what was sampled alike, and with nothing else" {
    mkdir "$t/other"
    cp set/[123]/*.pgm "$t/other"
    cd "$t"
    "$MASKWEIGHT" -qq "$BATS_FILE_TMPDIR/set" --sample 0.5 >half
    "$MASKWEIGHT" -qq other --sample 50% >other-half
    "$MASKWEIGHT" -qq other --sample 25% >quarter
    "$MASKWEIGHT" -qq other >all
    "$MASKWEIGHT" -qq other --sample 100 >hundred
    "$MASKWEIGHT" -qq "$BATS_FILE_TMPDIR/set" --sample 100 >hundred-of-set
    "$MASKWEIGHT" -qq half other-half >both
    "$MASKWEIGHT" -qq other-half half | same both /dev/stdin
    "$MASKWEIGHT" -qq half other --sample 50% >mixed
    expect_file both "d['sample']['seen'] == 800 + $(ls other | wc -l)" 'data["files"] == d["sample"]["taken"]'
    expect_file mixed "d['sample']['seen'] == 800 + $(ls other | wc -l)"
    refuses 'quarter counts a sample of 0.25 of the masks, and half a sample of 0.5 of the masks' half quarter
    "$MASKWEIGHT" -qq "$BATS_FILE_TMPDIR/set" --sample 101 >more
    refuses 'more counts a sample of 101 masks, and hundred a sample of 100 masks' hundred more
    refuses 'all counts all masks, and half a sample of 0.5 of the masks' half all
    refuses 'half counts a sample of 0.5 of the masks, and all all masks' all half
    refuses 'half counts a sample of 0.5 of the masks, and this run all masks' half other
    refuses 'hundred-of-set counts a sample of 100 masks, and hundred a sample of as many out of others' hundred hundred-of-set
    refuses 'half: a document holds counts; there are no masks to choose from' half --sample 50%
    refuses 'half: a document holds counts; there are no masks to choose from (--sample with a number' half other --sample 9
}

@test "a sample that contradicts its document is refused" {
    "$MASKWEIGHT" set --sample 20% -qq --ignore-index 255 >"$t/good"
    cd "$t"
    "$PYTHON" -S - <<'END'
import copy, json
good = json.load(open("good"))
sample = good["sample"]
changes = {
    "share": lambda s: s.update(fraction=0.3), "both": lambda s: s.update(masks=5), "none": lambda s: s.update(fraction=None),
    "hash": lambda s: s.update(last_hash="3333"), "taken": lambda s: s.update(taken=s["taken"] + 1),
    "fewer": lambda s: s.update(taken=s["taken"] - 1), "seen": lambda s: s.update(seen=5),
    "number": lambda s: s["groups"][-1].update(group=32), "order": lambda s: s["groups"].reverse(),
    "twice": lambda s: s["groups"].append(s["groups"][-1]), "gone": lambda s: s["groups"].pop(),
    "pixels": lambda s: s["groups"][3].update(pixels=s["groups"][3]["pixels"] + 1),
    "class": lambda s: s["groups"][3]["classes"].pop(), "id": lambda s: s["groups"][3]["classes"].reverse(),
    "short": lambda s: s["groups"][3]["classes"][0].pop(), "long": lambda s: s["groups"][3]["classes"][0].append(0),
    "list": lambda s: s["groups"][3]["classes"].append(7), "negative": lambda s: s["groups"][3]["classes"][0].__setitem__(2, -1),
    "moved": lambda s: (s["groups"][3]["classes"][0].__setitem__(1, s["groups"][3]["classes"][0][1] - 1),
                        s["groups"][4]["classes"][0].__setitem__(1, s["groups"][4]["classes"][0][1] + 1)),
    "text": lambda s: s.update(groups="x"), "bare": lambda s: s.pop("groups"), "nothing": lambda s: s.clear(),
    "whole": lambda s: s.update(fraction=1, last_hash="f" * 16), "word": lambda s: s.update(fraction="0.2"),
    "digits": lambda s: s.update(last_hash="333333333333333z"), "many": lambda s: s.update(fraction=None, masks=10**9 + 1),
    "real": lambda s: s["groups"][3]["classes"][0].__setitem__(2, 1.5), "named": lambda s: s["groups"][3]["classes"][0].__setitem__(0, "a"),
    "below": lambda s: s["groups"][3]["classes"][0].__setitem__(0, -1),
    "above": lambda s: s["groups"][3]["classes"][-1].__setitem__(0, 2**32),
    "empty": lambda s: s["groups"][3].update(empty_masks=s["groups"][3]["masks"] + 1),
    "other": lambda s: s["groups"][3]["classes"][-1].__setitem__(0, 200),
    "less": lambda s: s["groups"][3]["classes"][0].__setitem__(4, s["groups"][3]["classes"][0][4] - 1),
    "more": lambda s: s["groups"][3]["classes"][1].__setitem__(2, s["groups"][3]["classes"][1][2] + 1),
    "nameless": lambda s: s["groups"][3].pop("group"), "classless": lambda s: s["groups"][3].pop("classes"),
    "void": lambda s: s["groups"][i_of(s)]["classes"][0].__setitem__(6, s["groups"][i_of(s)]["classes"][0][6] - 1),
}
i_of = lambda s: next(i for i, group in enumerate(s["groups"]) if group["empty_masks"] > 1)
for name, change in changes.items():
    document = copy.deepcopy(good)
    change(document["sample"])
    json.dump(document, open(name + ".json", "w"))
END
    [ "$(ls ./*.json | wc -l)" -eq 37 ]
    for wrong in *.json; do refuses "$wrong: \"sample\"" "$wrong"; done
}

@test "a shard of a sample that contradicts its document is refused" {
    for part in 1 2; do "$MASKWEIGHT" set --sample 20% --shard $part/2 -qq --ignore-index 255 >"$t/part$part"; done
    "$MASKWEIGHT" set --shard 1/2 -qq --ignore-index 255 >"$t/whole1"
    cd "$t"
    "$PYTHON" -S - <<'END'
import copy, json
good = json.load(open("part1"))
taken, seen = good["sample"]["taken"], good["sample"]["seen"]
changes = {"seen": lambda d: d["sample"].update(seen=d["shard"]["paths"]["count"] + 1),
           "lost": lambda d: (d["sample"].update(seen=taken), d["shard"]["paths"].update(count=taken - 1)),
           "beyond": lambda d: d["shard"]["all_paths"].update(count=d["shard"]["paths"]["count"] - 1)}
for name, change in changes.items():
    document = copy.deepcopy(good)
    change(document)
    json.dump(document, open(name + ".json", "w"))
END
    "$PYTHON" -S - <<'END'
import json
document = json.load(open("whole1")) # nothing was chosen: all of the shard was counted
document["shard"]["paths"]["count"] += 1
json.dump(document, open("whole.json", "w"))
END
    for wrong in *.json; do refuses "$wrong: |\"shard\" contradicts" "$wrong"; done
    mw part1 part2
    ended 0
}

@test "rules that some masks can answer are judged, others are refused" {
    cd "$t"
    ln -s "$BATS_FILE_TMPDIR/set" set
    for rule in min-masks=1 min-pixels=1 duplicates missing-classes; do
        refuses "--check $rule is about all masks, and a sample (--sample) says nothing about the others" \
            set --sample 50% -n 256 --check $rule
    done
    "$MASKWEIGHT" set --sample 50% -qq >half
    "$MASKWEIGHT" set -qq >all
    refuses '--check min-masks=1 is about all masks' half --check min-masks=1
    refuses '--check lost-classes is about all masks' half --baseline all --check lost-classes
    refuses '--baseline: half: it is a sample (--sample): count all masks' all --baseline half --check max-drift
    mw half --baseline all --check max-drift=0.1 --check max-empty=99% -qq
    ended 0
    mw set --sample 50% --check size:9x9 -qq
    ended 1
    # images of masks that were not taken are not without a mask
    mkdir images
    for i in set/*/*.pgm; do
        mkdir -p "images/$(basename "$(dirname "$i")")"
        cp "$SAMPLE/day/avenue-1.png" "images/${i#set/}.png"
    done
    mw set --sample 50% --images images --image-name '*=*.png' -qq
    ended 1
    expect '"missing-masks" not in broken' '"image-size" in broken' \
        '"missing-masks" not in [r["rule"] for r in d["rules"]]' \
        'f("not-judged")["message"].startswith("missing-masks is not judged: a sample (--sample)")'
    mw set --sample 50% --images images --image-name '*=*.png' -q -o document
    told 'warning: missing-masks is not judged' '[not-judged]'
    # a sample of all masks can judge it
    cp "$SAMPLE/day/avenue-1.png" images/alone.png
    mw set --sample 5000 --images images --image-name '*=*.png' -qq -o document
    ended 1
    told 'broken: images have no mask: 1; limit: at most 0: images/alone.png (no mask) [missing-masks]'
    untold 'not-judged'
    refuses '--check missing-masks is about all masks' set --sample 50% --images images --check missing-masks
    refuses '--sampling and --sampling-files are about every mask' set --sample 50% -n 4 --per-mask x.csv --sampling inverse
}

@test "--per-mask, --list-files and --inspect are about the sample" {
    "$MASKWEIGHT" set --sample 50 -n 256 --per-mask "$t/masks.csv" -qq -o "$t/document"
    "$MASKWEIGHT" set --sample 50 --list-files | sed 's|^set/||' >"$t/listed"
    tail -n +2 "$t/masks.csv" | cut -d , -f 1 | same /dev/stdin "$t/listed"
    mw --inspect set --sample 50
    ended 0
    [[ $output == 'masks     50 in 50 files'* && $output == *' --sample 50 '* ]] || fail "$output"
}

@test "a number of masks is chosen from a list, and a loop of links is told once" {
    (cd set && find . -name '*.pgm' | cut -c 3- | LC_ALL=C sort | sed 's|^|set/|') >"$t/list"
    cp -r set "$t/set"
    ln -s .. "$t/set/1/up"
    cd "$t"
    "$MASKWEIGHT" --files-from list --sample 40 --list-files | sort >listed
    [ "$(wc -l <listed)" -eq 40 ]
    hashes <list | sort -n | head -n 40 | cut -d ' ' -f 2 | sort | same /dev/stdin listed
    mw -L set --sample 40 --ignore-index 255
    ended 0
    expect 'f("symlink-loop")["count"] == 1' 'data["masks"] == 40'
}

@test "the same path below two sources falls to one group, and is taken in both" {
    cp -r set "$t/again"
    "$MASKWEIGHT" set "$t/again" --sample 100 -qq >"$t/document"
    expect_file "$t/document" 'd["sample"]["seen"] == 1600' 'data["files"] == 100' \
        'all(g["files"] % 2 == 0 for g in d["sample"]["groups"])'
}
