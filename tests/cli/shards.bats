#!/usr/bin/env bats
# Shards: a dataset that is counted in parts is the dataset that is counted at once.

load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    tiny tiny
    masks <<'END'
kind/0.png --rows "0 0 1;0 255 1"
kind/1.png --rows "0 0;0 0" --trailing 3
kind/2.tif --rows "0 1 2 3;7 7 7 7" --bits 16
kind/3.png --rows "0 7 7" --colour palette --palette 5
END
    # 60 masks of four kinds in directories, names of all kinds, a finding here and there, files that are
    # passed over; and beside them damaged masks, a link to itself and one that leads nowhere.
    local kinds=(kind/0.png kind/1.png kind/2.tif kind/3.png) i kind
    for i in {00..59}; do
        kind=${kinds[10#$i % 4]}
        mkdir -p "good/$((10#$i % 7))"
        cp "$kind" "good/$((10#$i % 7))/$i.${kind##*.}"
    done
    mkdir 'good/a b' good/$'\xfc'
    cp kind/0.png 'good/a b/100%.png'
    cp kind/2.tif good/$'\xfc'/ü.tif
    for i in {0..9}; do echo text >"good/$((i % 7))/$i.txt"; done
    cp -r good bad
    for i in {0..8}; do echo "no mask" >"bad/$((i % 7))/bad-$i.png"; done
    for i in 0 1 2; do
        ln -s .. "bad/$i/loop"
        ln -s nowhere "bad/$i/lost.png"
    done
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return
    t=$BATS_TEST_TMPDIR
    unset "${!SLURM_@}" "${!SGE_@}" "${!PBS_@}" "${!LSB_@}" "${!AWS_@}" "${!OMPI_@}" "${!PMI_@}"
    unset JOB_COMPLETION_INDEX
}

# shards N PREFIX ARGUMENT...: all N parts, into PREFIX1 to PREFIXN; the status of each is as the first,
# or 0 and 3.
shards() {
    local k
    for ((k = 1; k <= $1; k++)); do
        "$MASKWEIGHT" -qq --shard "$k/$1" "${@:3}" >"$2$k" 2>"$t/err" || [ $? -eq 3 ] ||
            fail "shard $k of $1: $(cat "$t/err")" || return
    done
}

@test "the parts of a dataset merge to what one run writes, whatever their number and the jobs" {
    "$MASKWEIGHT" -qq good -s all >"$t/whole"
    for n in 1 2 3 5 16; do
        shards "$n" "$t/part$n-" good -j $((n % 4 + 1))
        "$MASKWEIGHT" -qq "$t/part$n-"* -s all >"$t/merged"
        same "$t/whole" "$t/merged"
        for k in $(seq "$n"); do
            "$MASKWEIGHT" -qq good --shard "$k/$n" -j 8 | cmp - "$t/part$n-$k"
        done
    done
    "$MASKWEIGHT" -qq good --scheme enet -f csv >"$t/whole"
    "$MASKWEIGHT" -qq "$t/part5-"* --scheme enet -f csv >"$t/merged"
    same "$t/whole" "$t/merged"
}

@test "parts merge in any order and grouping" {
    "$MASKWEIGHT" -qq good >"$t/whole"
    shards 5 "$t/" good
    cd "$t"
    "$MASKWEIGHT" -qq 4 2 5 1 3 | cmp - whole
    "$MASKWEIGHT" -qq --keep-going 4 2 >42 || [ $? -eq 3 ]
    "$MASKWEIGHT" -qq --keep-going 2 4 >24 || [ $? -eq 3 ]
    same 42 24
    "$MASKWEIGHT" -qq --keep-going 5 1 >51 || [ $? -eq 3 ]
    "$MASKWEIGHT" -qq --keep-going 42 51 >4251 || [ $? -eq 3 ]
    expect_file 42 'd["shard"]["index"] == [2, 4]' 'd["shard"]["count"] == 5' 'd["complete"] is False'
    expect_file 4251 'd["shard"]["index"] == [[1, 2], [4, 5]]'
    "$MASKWEIGHT" -qq 3 4251 | cmp - whole
    "$MASKWEIGHT" -qq 42 3 51 | cmp - whole
}

@test "failures, skipped files, links and findings merge to those of one run" {
    "$MASKWEIGHT" -qq bad --keep-going --follow >"$t/whole" || [ $? -eq 3 ]
    expect_file "$t/whole" 'data["failed_files"] >= 12' 'data["skipped_files"] == 10' \
        'f("symlink-loop")["count"] >= 3' 'f("trailing-data")["count"] == 15'
    for n in 2 7 40; do
        shards "$n" "$t/part$n-" bad --keep-going --follow
        "$MASKWEIGHT" -qq "$t/part$n-"* --keep-going >"$t/merged" || [ $? -eq 3 ]
        same "$t/whole" "$t/merged"
    done
    mw "$t"/part2-*
    ended 2
    [ -z "$output" ]
    told 'error: 12 of 74 files could not be counted: nothing was written'
}

@test "lists, several sources and masks named by themselves are divided, too" {
    find good -name '*.png' | sort >list
    for arguments in '--files-from list' 'tiny good' 'tiny/a.png good/1 --files-from list2' \
        'tiny/a.png tiny/b.png' "--include *1.png good"; do
        find good/2 -name '*.tif' >list2
        # shellcheck disable=SC2086 # arguments
        (set -f && "$MASKWEIGHT" -qq $arguments >"$t/whole" && shards 4 "$t/part" $arguments)
        "$MASKWEIGHT" -qq "$t"/part[1-4] | cmp - "$t/whole"
    done
    "$MASKWEIGHT" -qq - <tiny/a.png >"$t/whole"
    for k in 1 2 3; do "$MASKWEIGHT" -qq - --shard $k/3 <tiny/a.png >"$t/part$k"; done
    "$MASKWEIGHT" -qq "$t"/part[1-3] | cmp - "$t/whole"
}

@test "masks fall to the shards of the documented hash, wherever they lie" {
    cp -r good "$t/moved"
    ln -s "$t/moved" "$t/linked"
    "$PYTHON" -S - "$t" <<'END'
import os, sys
def fnv(path):
    h = 0xcbf29ce484222325
    for byte in path:
        h = (h ^ byte) * 0x100000001b3 % 2**64
    h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9 % 2**64
    h = (h ^ h >> 27) * 0x94d049bb133111eb % 2**64
    return h ^ h >> 31
paths = sorted(os.path.relpath(os.path.join(folder, name), b"good")
               for folder, _, names in os.walk(b"good") for name in names
               if not name.endswith(b".txt"))
assert len(paths) == 62
for n in 3, 100, 1000000:
    for k in {fnv(path) % n + 1 for path in paths}:
        with open(f"{sys.argv[1]}/{k}-{n}", "wb") as file:
            file.writelines(path + b"\n" for path in paths if fnv(path) % n + 1 == k)
END
    [ "$(ls "$t" | grep -c -- '-1000000$')" -gt 50 ]
    for expected in "$t"/*-3 "$t"/*-100 $(ls "$t"/*-1000000 | head -n 5); do
        name=${expected##*/}
        for source in good good/ "$PWD/good" "$t/moved" "$t/linked"; do
            LC_ALL=C "$MASKWEIGHT" "$source" --shard "${name%-*}/${name#*-}" --list-files |
                sed "s|^${source%/}/||" >"$t/listed"
            same "$expected" "$t/listed"
        done
    done
    "$MASKWEIGHT" "$t/moved" -qq --shard 2/3 >"$t/there"
    "$MASKWEIGHT" good -qq --shard 2/3 | cmp - "$t/there"
}

@test "the masks of other shards are not opened" {
    whole=$("$MASKWEIGHT" bad --list-files | grep -c 'bad-')
    [ "$whole" -eq 9 ]
    told=0
    for k in 1 2 3 4 5 6; do
        mine=$("$MASKWEIGHT" bad --shard $k/6 --list-files | grep -c 'bad-') || true
        mw bad --shard $k/6 -v
        if [ "$mine" -eq 0 ]; then ended 0; else ended 2; fi
        [ "$(grep -c 'bad-.*error' <<<"$stderr")" -eq "$mine" ]
        told=$((told + mine))
    done
    [ "$told" -eq 9 ]
    command -v strace >/dev/null || return 0
    strace -f -e trace=openat,open -o "$t/trace" "$MASKWEIGHT" good --shard 2/6 -qq >/dev/null || return 0
    "$MASKWEIGHT" good --shard 2/6 --list-files | sort >"$t/mine"
    grep -oE '"good/[^"]*\.(png|tif)"' "$t/trace" | tr -d '"' | sort -u >"$t/opened"
    grep -v '[^ -~]' "$t/mine" | same /dev/stdin "$t/opened"
}

@test "a shard without a mask is a part; a dataset without one is still an error" {
    for k in 1 2 3 4; do
        mw tiny/a.png --shard $k/4 -qq
        clean
        expect 'd["complete"]' "d['shard']['index'] == $k" 'd["weights"] == []' \
            'data["files"] == d["shard"]["paths"]["count"]' 'd["shard"]["all_paths"]["count"] == 1'
        printf '%s\n' "$output" >"$t/$k"
    done
    [ "$(grep -c '"files":.0' "$t"/[1-4] | grep -c ':1')" -eq 3 ]
    "$MASKWEIGHT" -qq tiny/a.png | cmp - <("$MASKWEIGHT" -qq "$t"/[1-4])
    mkdir "$t/nothing"
    refuses 'no mask in it' "$t/nothing" --shard 1/4
    for options in '--classes 4 --ignore-index 255' '--encoding planes --binary' '--binary'; do
        # shellcheck disable=SC2086 # options
        shards 4 "$t/" tiny/a.png $options
        # shellcheck disable=SC2086 # options
        "$MASKWEIGHT" -qq tiny/a.png $options | cmp - <("$MASKWEIGHT" -qq "$t"/[1-4])
    done
}

@test "a part is not weighed, and every option of weighing has its effect on the whole" {
    shards 3 "$t/" good -n 300 -s enet --zero-class error
    expect_file "$t/1" 'd["weights"] == []' '"absent-class" not in codes'
    refuses 'zero-class' -qq "$t"/[1-3] --zero-class error
    "$MASKWEIGHT" -qq good -n 300 --zero-class one -s enet | cmp - \
        <("$MASKWEIGHT" -qq "$t"/[1-3] --zero-class one -s enet)
    refuses '--format csv when the parts are merged' good --shard 1/3 -f csv
}

@test "missing shards are named; with --keep-going the others are merged, and marked incomplete" {
    shards 6 "$t/" good
    cd "$t"
    refuses 'of 6 shards these are missing: 2,4-5|nothing was written|--keep-going' 1 3 6
    mw 1 3 6 --keep-going -qq
    ended 3
    told 'of 6 shards these are missing: 2,4-5'
    expect 'd["complete"] is False' 'd["shard"]["index"] == [1, 3, 6]' 'len(d["weights"]) == 1' \
        'd["failures"] == []' 'data["files"] == d["shard"]["paths"]["count"] < 62' \
        'd["shard"]["all_paths"]["count"] == 62'
    printf '%s\n' "$output" >136
    refuses 'of 6 shards these are missing: 2,4-5' 136
    mw 136 --keep-going -f csv -qq
    ended 3
    refuses 'of 6 shards these are missing: 2-6' 1
}

@test "parts that are not of one dataset are refused, with their names" {
    shards 3 "$t/" good
    cp -r good "$t/changed"
    cp kind/0.png "$t/changed/1/new.png"
    "$MASKWEIGHT" -qq "$t/changed" --shard 3/3 >"$t/changed3"
    "$MASKWEIGHT" -qq good --shard 3/4 >"$t/of4"
    "$MASKWEIGHT" -qq good --shard 3/3 --ignore-index 7 >"$t/ignored3"
    "$MASKWEIGHT" -qq good --include '*.png' --shard 3/3 >"$t/included3"
    "$MASKWEIGHT" -qq good >"$t/whole"
    "$MASKWEIGHT" -qq tiny >"$t/tiny"
    cp "$t/2" "$t/copy"
    cd "$t"
    refuses '2 and copy hold the same shard' 1 2 copy
    refuses '1 is a part of 62 paths, and changed3 of 63|count all shards again' 1 2 changed3
    refuses '1 is a part of 62 paths, and included3 of' 1 included3 2
    refuses '1 is one of 3 shards, and of4 one of 4' 1 of4
    refuses 'ignored3: was counted with --ignore-index 7|1 with no --ignore-index' 1 2 ignored3
    refuses '1 is a part of a dataset|whole is not' 1 2 whole
    refuses '1 is a part of a dataset|tiny is not' tiny 1
    refuses 'is a part of a dataset|changed is not' 1 2 3 changed
    refuses 'is a part of a dataset|list is not' 1 2 3 --files-from list
    refuses '1: a document holds counts; there are no masks to divide' 1 --shard 1/2
    # counts that somebody changed contradict themselves, or each other
    sed 's/"schema":.1/"schema":\t2/' 1 >newer
    refuses 'newer: schema 2' newer 2 3
    "$PYTHON" -S - <<'END'
import json
for name in "1", "2", "3":
    part = json.load(open(name))
    part["shard"]["all_paths"]["digest"] = "0" * 32
    json.dump(part, open("wrong" + name, "w"))
END
    refuses 'wrong1, wrong2, wrong3: together they hold 62 paths, which are not' wrong1 wrong2 wrong3
}

@test "the merged document is added to others like any other" {
    shards 3 "$t/" good
    "$MASKWEIGHT" -qq "$t"/[1-3] >"$t/merged"
    "$MASKWEIGHT" -qq good >"$t/whole"
    "$MASKWEIGHT" -qq tiny >"$t/tiny"
    "$MASKWEIGHT" -qq "$t/whole" "$t/tiny" | cmp - <("$MASKWEIGHT" -qq "$t/tiny" "$t/merged")
}

@test "a shard is K/N with 1 <= K <= N <= 1000000, once" {
    for wrong in '' 1 / 0/1 1/0 2/1 -1/2 1/-2 +1/2 ' 1/2' '1/2 ' 1//2 1/2/3 1.5/2 0x1/2 a/b 1/1000001 \
        99999999999999999999/99999999999999999999 auto/ auto/0 auto/x auto/1000001 auto3 Auto; do
        refuses "--shard: '$wrong' is neither K/N" good "--shard=$wrong"
    done
    refuses '--shard is given twice' good --shard 1/2 --shard 2/2
    refuses '--shard needs K/N' good --shard
    mw good -qq --shard 1000000/1000000
    ended 0
    mw good -qq --shard 01/02 # zeros in front mean nothing
    ended 0
    expect 'd["shard"]["index"] == 1' 'd["shard"]["count"] == 2'
}

@test "-o puts the shard into the name" {
    cd "$t"
    ln -s "$BATS_FILE_TMPDIR/tiny" tiny
    mkdir out
    "$MASKWEIGHT" -qq tiny --shard 2/3 -o out/part-%k.json
    "$MASKWEIGHT" -qq tiny --shard 2/10 -o out/part-%k-of-%n.json
    "$MASKWEIGHT" -qq tiny --shard 10/1000000 -o out/%k%%
    "$MASKWEIGHT" -qq tiny --shard 3/3 --output=out/plain.json
    "$MASKWEIGHT" -qq tiny -o out/%k%n%%%.json # no shard, no meaning
    holds_only out %k%n%%%.json 0000010% part-02-of-10.json part-2.json plain.json
    expect_file out/part-02-of-10.json 'd["shard"]["index"] == 2' 'd["shard"]["count"] == 10'
    for wrong in %x part-% %K '%%%' %3k; do
        refuses "--output: '$wrong': with --shard, % begins %k" tiny --shard 1/2 -o "$wrong"
    done
    "$MASKWEIGHT" -qq tiny --shard 1/2 -o - >out/standard
    [ -s out/standard ]
}

@test "--shard auto asks the environment, and -v tells what said it" {
    "$MASKWEIGHT" -qq good --shard 3/4 >"$t/three"
    SLURM_ARRAY_TASK_ID=2 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=3 SLURM_ARRAY_TASK_COUNT=4 \
        "$MASKWEIGHT" -qq good --shard auto | cmp - "$t/three"
    SGE_TASK_ID=3 SGE_TASK_FIRST=1 SGE_TASK_LAST=4 SGE_TASK_STEPSIZE=1 \
        "$MASKWEIGHT" -qq good --shard auto | cmp - "$t/three"
    PBS_ARRAY_INDEX=3 "$MASKWEIGHT" -qq good --shard auto/4 | cmp - "$t/three"
    LSB_JOBINDEX=3 LSB_JOBINDEX_END=4 "$MASKWEIGHT" -qq good --shard auto | cmp - "$t/three"
    AWS_BATCH_JOB_ARRAY_INDEX=2 AWS_BATCH_JOB_ARRAY_SIZE=4 \
        "$MASKWEIGHT" -qq good --shard auto | cmp - "$t/three"
    JOB_COMPLETION_INDEX=2 "$MASKWEIGHT" -qq good --shard auto/4 | cmp - "$t/three"
    OMPI_COMM_WORLD_RANK=2 OMPI_COMM_WORLD_SIZE=4 \
        "$MASKWEIGHT" -qq good --shard auto | cmp - "$t/three"
    PMI_RANK=2 PMI_SIZE=4 "$MASKWEIGHT" -qq good --shard auto | cmp - "$t/three"
    SLURM_PROCID=2 SLURM_NTASKS=4 "$MASKWEIGHT" -qq good --shard auto -o "$t/p-%k-%n"
    same "$t/three" "$t/p-3-4"
    export JOB_COMPLETION_INDEX=2
    mw good --shard auto/4 -v --list-files
    ended 0
    told 'maskweight: shard 3 of 4, as JOB_COMPLETION_INDEX says'
    mw good --shard 3/4 -v --list-files
    untold 'as JOB'
    refuses '--shard auto/N' good --shard auto
    unset JOB_COMPLETION_INDEX
    refuses 'this is no task of any of|pass --shard K/N' good --shard auto
    refuses 'this is no task of any of' good --shard auto/4
    export SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=7 SLURM_ARRAY_TASK_COUNT=3
    refuses 'no row from 1 to 7|pass --shard K/N, or number the tasks from 1 to N' good --shard auto
}

@test "--inspect looks at the masks of the shard, and its command counts them" {
    mw --inspect good --shard 2/3
    ended 0
    [[ $output == *"Try: maskweight "*"--shard 2/3"* ]] || fail "$output"
    [[ $output == "masks     "*"$("$MASKWEIGHT" good --shard 2/3 --list-files | wc -l) files"* ]] ||
        fail "$output"
}

@test "more shards than files may be open are merged" {
    shards 60 "$t/" good
    (ulimit -n 20 && "$MASKWEIGHT" -qq -j 1 "$t"/[1-9] "$t"/[1-9][0-9]) | cmp - <("$MASKWEIGHT" -qq good)
}
