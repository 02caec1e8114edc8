#!/usr/bin/env bats
# --cache: the same bytes as without, and no mask is opened that did not change.

load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    tiny tiny
    masks <<'END'
pages/a.tif --pages 3 --rows "0 1 2;255 1 1"
pages/b.npy --pages 2 --rows "0 0;0 3"
planes/a.tif --samples-per-pixel 2 --rows "#0101 #0100;#0000 #0001"
planes/b.tif --samples-per-pixel 2 --rows "#0000 #0000"
alpha/a.png --colour grey-alpha --rows "#0100 #02ff #00ff"
alpha/b.png --colour grey-alpha --rows "#01ff #0200"
nodata/a.tif --nodata 255 --rows "0 1 255"
bad.png --rows "0 9;1 1"
END
    { printf 'P5 40 50 65535\n'; "$PYTHON" -c 'import sys; sys.stdout.buffer.write(b"".join(i.to_bytes(2, "big") for i in range(2000)))'; } >large.pgm
    mkdir copies
    cp tiny/a.png copies/one.png
    cp tiny/a.png copies/two.png
    cp tiny/b.png copies/odd$'\n'name-$'\xe9'.png
    printf '%s\n' tiny/sub/c.tif tiny/a.png tiny/b.png >list
    [ -n "${MW_VARIANTS:-}" ] || "$PYTHON" "$MW_SOURCE/tests/masks.py" variants variants >/dev/null
    [ -z "${MW_VARIANTS:-}" ] || cp -r "$MW_VARIANTS" variants
    rm -rf variants/corpus # no masks: files that are passed over are told between the others
    sleep 2.2 # what is younger is not kept
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return
    cache=$BATS_TEST_TMPDIR/cache.db
    dir=$BATS_TEST_TMPDIR
}

# run_into NAME ARGUMENT...: all that a run says, in $dir/NAME.
run_into() {
    local name=$1 status=0
    shift
    mkdir -p "$dir/$name"
    (rm -f "$dir/now" && ln -s "$dir/$name" "$dir/now")
    "$MASKWEIGHT" "$@" >"$dir/$name/stdout" 2>"$dir/$name/stderr" || status=$?
    sed -i '/cache.db: [0-9]* files taken from the cache, /d' "$dir/$name/stderr" # -v
    echo "$status" >"$dir/$name/status"
}

# law ARGUMENT...: a run without a cache, one that fills it, one that uses it and one with other jobs say the same.
# The second one opens no mask of which it said nothing bad.
law() {
    rm -f "$dir"/cache.db*
    run_into without "$@"
    [ "$(cat "$dir/without/status")" -ne 2 ] || fail "$*: $(cat "$dir/without/stderr")" || return
    run_into filling "$@" --cache "$cache"
    run_into cached "$@" --cache "$cache" -j 1
    run_into again "$@" --cache "$cache" -j 8
    for name in filling cached again; do
        diff -r "$dir/without" "$dir/$name" >&2 || fail "$name: $*" || return
    done
    rm -rf "$dir"/{without,filling,cached,again}
}

# The masks that a run opened; standard output is in $output.
opened() {
    strace -f -qq -e trace=openat,open -o "$dir/trace" "$MASKWEIGHT" "$@" >"$dir/out" 2>"$dir/err" || true
    grep -oE '"[^"]*\.(png|tif|npy|pgm)"' "$dir/trace" | grep -v ENOENT | sort -u | tr '\n' ' '
}

# What sqlite3 answers.
ask() {
    sqlite3 -readonly "$cache" "$@"
}

has_strace() {
    strace -o /dev/null true 2>/dev/null || skip "no strace here"
}

@test "a cached run writes the bytes of one without a cache, for every kind of mask" {
    local all=('' '-n 4' '--unknown ignore -n 2' '--binary' '--threshold 2' '--reduce-zero-label'
        '--ignore-index 0,250-255 --background none' '--encoding planes' '--encoding planes --binary'
        '--encoding instance' '--nodata count' '--nodata use' '--alpha use' '--map 0=255,*=1'
        '--decoder reference' '--max-pixels 100' '--max-values 3')
    (sanitized || emulated) && all=('--unknown ignore -n 2' '--encoding planes' '--alpha use') # ten times as slow
    for more in "${all[@]}"; do
        # shellcheck disable=SC2086 # arguments
        law variants --keep-going -v -j 3 $more
    done
    printf 'name,r,g,b\nroad,9,9,9\ncar,0,128,255\n' >"$dir/map.csv"
    law variants --keep-going -j 2 --encoding rgb -c "$dir/map.csv" --unknown ignore
    law variants --keep-going -j 2 --encoding ade20k --unknown ignore
}

@test "the same for each mask, reports, samples, shards, lists, several sources, and what is skipped" {
    law tiny pages -n 4 --keep-going --per-mask "$dir/now/masks.csv"
    law variants --keep-going --unknown ignore -n 5 --per-mask "$dir/now/masks.ndjson" --sampling inverse
    law tiny -n 4 --ignore-index 255 --sampling-files "$dir/now" --per-mask "$dir/now/masks.csv" --check size:/1
    law planes --encoding planes --per-mask "$dir/now/masks.ndjson"
    law tiny --ignore-index 255 --skip-empty -s all --check max-empty=1 -o "$dir/now/doc" \
        --report junit="$dir/now/junit.xml" --report sarif="$dir/now/s.sarif"
    law tiny copies pages --check duplicates --check encoding --check size:4x2 --check 'name:?.png' -o "$dir/now/doc"
    law variants --keep-going --check encoding --check duplicates --check size:/1 --report text -o "$dir/now/doc"
    law variants --keep-going --unknown ignore -n 5 --check unknown-labels --check max-empty=0 --check max-ignored=0 \
        -o "$dir/now/doc"
    law variants --keep-going --sample 50%
    law variants --keep-going --sample 40 --unknown ignore -n 3
    law --files-from list
    law --files-from list pages copies/one.png --ignore-index 255
    law tiny/a.png tiny/b.png tiny/sub
    for shard in 1/3 2/3 3/3; do law variants --keep-going --shard $shard; done
    law tiny --include '*.png' --exclude 'b*'
    ln -sfn "$PWD/tiny" "$dir/link"
    mkdir -p "$dir/links" && ln -sfn "$PWD/tiny/sub" "$dir/links/sub" && ln -sfn "$PWD/tiny/b.png" "$dir/links/b.png"
    law "$dir/links" -L
    law "$dir/link"
}

@test "a second run opens no mask, whatever it is asked" {
    has_strace
    for more in '' "--per-mask $dir/masks.ndjson" '-s all --skip-empty' '--check size:/1' '--check encoding -j 8' '-q -j 1'; do
        "$MASKWEIGHT" tiny pages --ignore-index 255 --cache "$cache" -qq >/dev/null
        # shellcheck disable=SC2086 # arguments
        found=$(opened tiny pages --ignore-index 255 --cache "$cache" $more)
        [ -z "$found" ] || fail "$more: opened $found"
        grep -q '"masks":' "$dir/out" || fail "nothing was written: $(cat "$dir/err")"
    done
    # Digests were not asked for before: once.
    [ -n "$(opened copies --cache "$cache")" ]
    [ -n "$(opened copies --cache "$cache" --check duplicates)" ]
    [ -z "$(opened copies --cache "$cache" --check duplicates)" ]
    [ -z "$(opened copies --cache "$cache")" ]
}

@test "values that are no class fail out of the cache as well, and a large entry is like a small one" {
    "$MASKWEIGHT" bad.png -n 4 --unknown ignore --cache "$cache" -qq >/dev/null
    mw bad.png -n 4 --cache "$cache"
    ended 2
    told 'bad.png: error: value 9 is no class (0 to 3): 1 pixel, first at x 1, y 0'
    echo '{"0": "road", "9": "car"}' >"$dir/ids.json" # no class between
    law bad.png tiny -c "$dir/ids.json" --unknown ignore
    law tiny large.pgm --ignore-index 255
    law large.pgm tiny -j 3
}

@test "masks that a list passes over keep their entries, and cost those that it names nothing" {
    mkdir "$dir/many"
    for i in $(seq 10 69); do printf 'P5 2 1 9\n%b' "\\00$((i % 7))\\00$((i / 10))" >"$dir/many/$i.pgm"; done
    (cd "$dir" && printf 'many/%s.pgm\n' 10 11 12 13 14 15 16 17 30 31 32 33 50 69 20 10) >"$dir/some"
    sleep 2.2
    "$MASKWEIGHT" "$dir/many" --cache "$cache" -qq >/dev/null
    (cd "$dir" && "$MASKWEIGHT" --files-from some -qq >plain)
    for verify in '' --cache-verify=1; do
        # shellcheck disable=SC2086 # none or one
        (cd "$dir" && "$MASKWEIGHT" --files-from some --cache "$cache" $verify -qq) | same "$dir/plain" /dev/stdin
    done
    [ "$(ask 'select count(*) from entries')" = 60 ]
    mkdir "$dir/many/sub"
    cp -p "$dir/many/10.pgm" "$dir/many/sub"
    sleep 2.2
    "$MASKWEIGHT" "$dir/many" --cache "$cache" -qq >/dev/null
    [ "$(ask 'select count(*) from entries')" = 61 ]
    rm -r "$dir/many/sub"
    echo text >"$dir/many/sub" # what was a directory is a file
    "$MASKWEIGHT" "$dir/many" --cache "$cache" -qq >/dev/null
    [ "$(ask 'select count(*) from entries')" = 60 ]
}

@test "a database that is empty, but marked as that of another program, is refused" {
    command -v sqlite3 >/dev/null || skip "no sqlite3 here"
    for mark in application_id user_version; do
        sqlite3 "$dir/$mark" "pragma $mark = 7"
        refuses "$mark: a database of another program" tiny --cache "$dir/$mark"
    done
}

@test "what changed is read again, and nothing else" {
    has_strace
    cp -rp tiny "$dir/set"
    sleep 2.2
    run_into old "$dir/set" --cache "$cache"
    mask "$dir/set/b.png" --rows "1 1;1 1"
    touch -d '2001-02-03 04:05:06' "$dir/set/sub/c.tif"
    chmod 600 "$dir/set/a.png"
    found=$(opened "$dir/set" --cache "$cache")
    [ "$found" = "\"$dir/set/a.png\" \"$dir/set/b.png\" \"$dir/set/sub/c.tif\" " ] || fail "opened $found"
    run_into plain "$dir/set"
    same "$dir/plain/stdout" "$dir/out"
    # They are younger than two seconds, so that they are read once more, and then kept.
    sleep 2.2
    [ -n "$(opened "$dir/set" --cache "$cache")" ]
    [ -z "$(opened "$dir/set" --cache "$cache")" ]
    same "$dir/plain/stdout" "$dir/out"
    # Same size, same time of modification: the time of change and the inode tell.
    touch -r "$dir/set/b.png" "$dir/stamp"
    mask "$dir/new.png" --rows "2 2;2 2"
    cp "$dir/new.png" "$dir/set/b.png"
    touch -r "$dir/stamp" "$dir/set/b.png"
    run_into plain "$dir/set"
    run_into cached "$dir/set" --cache "$cache"
    same "$dir/plain/stdout" "$dir/cached/stdout"
}

@test "no entry passes a lower limit, and none from before --max-seconds" {
    "$MASKWEIGHT" variants --keep-going --cache "$cache" -qq >"$dir/standard" 2>/dev/null || [ $? -eq 3 ]
    for limit in pixels=20 row-bytes=8 metadata=100 pages=1 values=2; do
        cp "$cache" "$dir/standard.db"
        run_into plain variants --keep-going --max-$limit
        run_into cached variants --keep-going --max-$limit --cache "$cache"
        diff -r "$dir/plain" "$dir/cached" >&2 || fail "$limit"
        ! cmp -s "$dir/standard" "$dir/cached/stdout" || fail "$limit refuses nothing"
        run_into cached variants --keep-going --max-$limit --cache "$cache" # its own entries
        diff -r "$dir/plain" "$dir/cached" >&2 || fail "$limit, again"
        mv "$dir/standard.db" "$cache"
    done
    has_strace
    "$MASKWEIGHT" tiny --cache "$cache" -qq >/dev/null
    [ -n "$(opened tiny --cache "$cache" --max-seconds 600)" ]
    [ -z "$(opened tiny --cache "$cache" --max-seconds 600)" ]
    [ -n "$(opened tiny --cache "$cache" --max-seconds 599)" ]
    [ -z "$(opened tiny --cache "$cache")" ]
}

@test "what fails is not kept, and what failed before or fails now is gone from the cache" {
    cp -rp tiny "$dir/set"
    cp -p bad.png "$dir/set/bad.png"
    sleep 2.2
    mw "$dir/set" --ignore-index 255 -n 4 --cache "$cache"
    ended 2
    told 'bad.png' 'value 9'
    [ "$(ask 'select count(*) from masks')" = 4 ]
    mw "$dir/set" --ignore-index 255 -n 4 --cache "$cache"
    ended 2
    told 'bad.png' 'value 9'
    echo nothing >"$dir/set/b.png"
    mw "$dir/set" --ignore-index 255 -n 4 --cache "$cache"
    ended 2
    told 'bad.png' 'b.png'
    [ "$(ask 'select count(*) from masks')" = 3 ]
}

@test "masks that vanish leave the counts and the cache, but not those that are merely not asked for" {
    cp -rp tiny "$dir/set"
    cp -rp pages "$dir/other"
    sleep 2.2
    "$MASKWEIGHT" "$dir/set" "$dir/other" --cache "$cache" -qq >/dev/null
    [ "$(ask 'select count(distinct path) from masks')" = 6 ]
    rm -r "$dir/set/sub" "$dir/other/a.tif"
    "$MASKWEIGHT" "$dir/set" --include 'a*' --cache "$cache" -qq >"$dir/doc"
    expect_file "$dir/doc" 'd["dataset"]["files"] == 1'
    [ "$(ask 'select count(distinct path) from masks')" = 5 ] # but of set/sub
    "$MASKWEIGHT" "$dir/other" --shard 1/2 --cache "$cache" -qq >/dev/null
    "$MASKWEIGHT" "$dir/other" --shard 2/2 --cache "$cache" -qq >/dev/null
    [ "$(ask 'select count(distinct path) from masks')" = 4 ]
    "$MASKWEIGHT" "$dir/set/a.png" --cache "$cache" -qq >/dev/null
    [ "$(ask 'select count(distinct path) from masks')" = 4 ]
    # Under other settings, too.
    "$MASKWEIGHT" "$dir/set" --binary --cache "$cache" -qq >/dev/null
    rm "$dir/set/b.png"
    "$MASKWEIGHT" "$dir/set" --cache "$cache" -qq >/dev/null
    [ "$(ask "select count(*) from entries where path like '%b.png'")" = 0 ]
}

@test "whatever changes what is counted, or refused, has entries of its own" {
    printf 'name,r,g,b\nroad,9,9,9\ncar,0,128,255\n' >"$dir/map.csv"
    local all=('' '-n 4' '-n 5' '--class-map voc' "--encoding rgb --class-map $dir/map.csv"
        '--encoding planes' '--encoding planes --binary' '--encoding ade20k' '--encoding instance'
        '--encoding instance --divisor 256' '--encoding instance --small-values divide' '--alpha use' '--nodata use'
        '--nodata count' '--map 0=255' '--map *=1' '--ignore-index 0' '--ignore-index 255' '--background none'
        '--background 1' '--reduce-zero-label' '--binary' '--threshold 2' '--max-pixels 100' '--max-row-bytes 100'
        '--max-metadata 1000' '--max-pages 3' '--max-values 3' '--max-seconds 3' '--decoder reference')
    set -f # *=1
    for more in "${all[@]}"; do
        rm -f "$cache" "$cache-journal"
        # shellcheck disable=SC2086 # arguments
        mw tiny --keep-going -qq --cache "$cache" $more
        ask 'select settings from settings' >>"$dir/settings"
    done
    [ "$(sort -u "$dir/settings" | wc -l)" = ${#all[@]} ] || fail "$(sort "$dir/settings" | uniq -d)"
    # Those that are missing: names of classes, what is unknown (counted apart), how many places are named, and what no file of a directory meets.
    "$MASKWEIGHT" --help >"$dir/help"
    for name in $(sed -n '/^What a sample means/,/^Weights/s/^ *\(-., \)\?--\([a-z-]*\).*/\2/p; s/^ *--\(max-[a-z-]*\).*/\1/p' "$dir/help"); do
        [[ " ${all[*]} " == *" --$name "* || " classes unknown max-weight max-member max-members max-text max-places " == *" $name "* ]] ||
            fail "no case for --$name"
    done
}

@test "-v says in one line what came out of the cache, what was read and what went" {
    cp -rp tiny "$dir/set"
    cp -p bad.png "$dir/set/bad.png"
    sleep 2.2
    says() { # LINE ARGUMENT...
        mw "$dir/set" -n 4 --ignore-index 255 --keep-going --cache "$cache" -v "${@:2}"
        [ "$(grep -c 'the cache' <<<"$stderr")" = 1 ]
        told "maskweight: $cache: $1"$'\n' || return
    }
    says '0 files taken from the cache, 5 read, 0 that are no more removed'
    says '4 files taken from the cache, 1 read, 0 that are no more removed'
    says '0 files taken from the cache, 5 read, 0 that are no more removed' --cache-verify=1
    rm "$dir/set/bad.png" "$dir/set/a.png" "$dir/set/d.png"
    says '2 files taken from the cache, 0 read, 2 that are no more removed'
    says '2 files taken from the cache, 0 read, 0 that are no more removed' -j 1
    mw "$dir/set" -n 4 --ignore-index 255 --cache "$cache"
    untold 'the cache'
}

@test "settings that other runs push out meanwhile leave no entries behind" {
    command -v sqlite3 >/dev/null || skip "no sqlite3 here"
    mkfifo "$dir/list"
    "$MASKWEIGHT" --files-from "$dir/list" --cache "$cache" -q >"$dir/out" 2>"$dir/err" &
    exec 9>"$dir/list"
    echo tiny/a.png >&9
    for _ in {1..100}; do
        sleep 0.1
        [ "$(ask 'select count(*) from entries' 2>/dev/null)" != 1 ] || break
    done
    [ "$(ask 'select count(*) from entries')" = 1 ]
    for t in 2 3 4 5; do "$MASKWEIGHT" tiny --threshold $t --cache "$cache" -qq >/dev/null; done
    printf '%s\n' tiny/b.png tiny/d.png tiny/sub/c.tif >&9
    exec 9>&-
    wait $!
    grep -q 'the settings of later runs took the place of these; what is counted is not kept' "$dir/err"
    "$MASKWEIGHT" tiny/a.png tiny/b.png tiny/d.png tiny/sub/c.tif -f csv >"$dir/right"
    "$MASKWEIGHT" "$dir/out" -f csv -qq | same - "$dir/right"
    [ "$(ask 'select count(*) from entries where settings not in (select id from settings)')" = 0 ]
    [ "$(ask 'select count(*), count(distinct settings) from entries')" = '16|4' ]
}

@test "entries of other settings are not used; four settings are kept side by side" {
    has_strace
    "$MASKWEIGHT" tiny --cache "$cache" -qq >/dev/null
    [ -n "$(opened tiny --cache "$cache" --ignore-index 255)" ]
    [ -z "$(opened tiny --cache "$cache" --ignore-index 255)" ]
    [ -z "$(opened tiny --cache "$cache")" ]
    # Weights and names are no label settings.
    [ -z "$(opened tiny --cache "$cache" -s enet -f csv --skip-empty)" ]
    [ -n "$(opened tiny --cache "$cache" -c tiny.txt --ignore-index 255)" ]
    sed 's/car/lorry/' tiny.txt >"$dir/names.txt"
    [ -z "$(opened tiny --cache "$cache" -c "$dir/names.txt" --ignore-index 255)" ]
    [ -n "$(opened tiny --cache "$cache" --binary)" ]
    [ -n "$(opened tiny --cache "$cache" --threshold 2)" ]
    [ "$(ask 'select count(*) from settings')" = 4 ]
    [ "$(ask 'select count(distinct settings) from entries')" = 4 ]
    [ -n "$(opened tiny --cache "$cache" --ignore-index 9)" ]
    [ "$(ask 'select count(*) from settings')" = 4 ]
    [ -n "$(opened tiny --cache "$cache")" ] # the one used longest ago went
    [ -z "$(opened tiny --cache "$cache" --threshold 2)" ]
}

@test "the tables can be asked, and show the settings that were used last" {
    command -v sqlite3 >/dev/null || skip "no sqlite3 here"
    "$MASKWEIGHT" tiny copies pages --cache "$cache" -qq >/dev/null
    "$MASKWEIGHT" tiny copies pages --ignore-index 255 --cache "$cache" -qq >/dev/null
    [ "$(ask "select path from masks where empty and path like '%/tiny/%'")" = "$PWD/tiny/b.png" ]
    [ "$(ask "select path from masks where ignored")" = "$PWD/tiny/d.png" ]
    [ "$(ask "select class, sum(pixels) from classes where path like '%/tiny/%' group by class")" = $'0|8\n1|4\n2|2\n3|2' ]
    [ "$(ask "select page, width, height, bits, pixels, ignored_pixels from masks where path like '%/pages/a.tif' limit 1")" = '1|3|2|8|5|1' ]
    "$MASKWEIGHT" planes --encoding planes --cache "$cache" -qq >/dev/null
    [ "$(ask "select class, pixels from classes where path like '%/a.tif'")" = $'0|2\n1|2' ]
    "$MASKWEIGHT" tiny copies pages --cache "$cache" -qq >/dev/null
    [ "$(ask "select count(*) from masks where ignored")" = 0 ]
}

@test "another file, another program's database and a newer cache are refused and stay as they are" {
    command -v sqlite3 >/dev/null || skip "no sqlite3 here"
    head -c 5000 /dev/urandom >"$dir/noise"
    refuses 'noise: not a cache of maskweight: name another file' tiny --cache "$dir/noise"
    cp tiny/a.png "$dir/mask.png"
    refuses 'mask.png: not a cache' tiny --cache "$dir/mask.png"
    same tiny/a.png "$dir/mask.png"
    sqlite3 "$dir/other" 'create table t (x); insert into t values (1)'
    cp "$dir/other" "$dir/other.old"
    refuses 'other: a database of another program' tiny --cache "$dir/other"
    same "$dir/other.old" "$dir/other"
    "$MASKWEIGHT" tiny --cache "$cache" -qq >/dev/null
    head -c 3000 "$cache" >"$dir/cut"
    refuses 'cut: the cache is damaged: delete it' tiny --cache "$dir/cut"
    sqlite3 "$cache" 'pragma user_version = 2'
    cp "$cache" "$dir/newer"
    refuses 'a cache of version 2, which a newer maskweight wrote' tiny --cache "$cache"
    same "$dir/newer" "$cache"
    rm -f "$cache-journal" # of the run that made it
    holds_only "$dir" cache.db cut mask.png newer noise other other.old stderr
    refuses 'directory' tiny --cache "$dir"
    refuses 'No such file or directory' tiny --cache "$dir/none/cache.db"
    refuses '--cache is given twice' tiny --cache a --cache b
    refuses '--cache-verify is for --cache' tiny --cache-verify
    for share in 0 -1 1.5 x; do refuses '--cache-verify' tiny --cache "$cache" --cache-verify=$share; done
    refuses '--output: ' tiny --cache "$dir/new" -o "$dir/new"
    refuses 'is the cache; a document would replace it' tiny --cache "$dir/new" -o "$dir/new"
}

@test "damage is told in one line, or changes nothing" {
    "$MASKWEIGHT" variants --keep-going --unknown ignore -n 3 --cache "$cache" -qq >"$dir/right" 2>/dev/null || [ $? -eq 3 ]
    cp "$cache" "$dir/whole"
    "$PYTHON" -S - "$dir" <<'END'
import os, random, subprocess, sys
folder = sys.argv[1]
whole = open(f"{folder}/whole", "rb").read()
right = open(f"{folder}/right", "rb").read()
chance = random.Random(7)
command = [os.environ["MASKWEIGHT"], "variants", "--keep-going", "--unknown", "ignore", "-n", "3", "-qq",
           "--cache", f"{folder}/cache.db"]
told = 0
for turn in range(60):
    data = bytearray(whole)
    if turn % 3 == 0:
        del data[chance.randrange(len(data)):]
    for _ in range(turn % 3 * 40):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    open(f"{folder}/cache.db", "wb").write(data)
    done = subprocess.run(command, capture_output=True)
    lines = done.stderr.decode().splitlines()
    if done.returncode == 2:
        told += 1
        errors = [line for line in lines if line.startswith("maskweight: error: ")]
        assert len(errors) == 1 and f"{folder}/cache.db: " in errors[0] and not done.stdout, (turn, lines[-3:])
    else:
        assert done.returncode == 3 and done.stdout == right, (turn, done.returncode, lines)
assert told > 10, told
END
    sqlite3 "$dir/whole" "update entries set pixels = pixels - 1, ignored_pixels = ignored_pixels + 1 where path like '%good%' or 1"
    cp "$dir/whole" "$cache"
    mw variants --keep-going --unknown ignore -n 3 --cache "$cache" -qq
    ended 2
    told 'delete the cache'
}

@test "--cache-verify reads a share of the masks, and stops where the cache holds something else" {
    has_strace
    "$MASKWEIGHT" variants --keep-going --unknown ignore -n 3 --cache "$cache" -qq >"$dir/right" 2>/dev/null || [ $? -eq 3 ]
    before=$(opened variants --keep-going --unknown ignore -n 3 --cache "$cache" -qq | wc -w)
    all=$(opened variants --keep-going --unknown ignore -n 3 --cache "$cache" -qq --cache-verify=1 | wc -w)
    same "$dir/right" "$dir/out"
    some=$(opened variants --keep-going --unknown ignore -n 3 --cache "$cache" -qq --cache-verify=0.5 | wc -w)
    again=$(opened variants --keep-going --unknown ignore -n 3 --cache "$cache" -qq --cache-verify=0.5 -j 1 | wc -w)
    few=$(opened variants --keep-going --unknown ignore -n 3 --cache "$cache" -qq --cache-verify | wc -w)
    [ "$some" -eq "$again" ] && [ "$few" -lt "$some" ] && [ "$some" -lt "$all" ] && [ "$before" -le "$few" ]
    same "$dir/right" "$dir/out"
    # A file that changed without a trace: its entry gets the state of the new one, and a checksum.
    cp -rp tiny "$dir/set"
    sleep 2.2
    rm "$cache"
    "$MASKWEIGHT" "$dir/set" --cache "$cache" -qq >/dev/null
    mask "$dir/set/b.png" --rows "1 1;1 1"
    sleep 2.2
    "$MASKWEIGHT" "$dir/set" --cache "$dir/two.db" -qq >/dev/null
    "$PYTHON" - "$cache" "$dir" <<'END'
import sqlite3, sys
cache = sqlite3.connect(sys.argv[1])
row = cache.execute("select settings, path, page from entries where path like '%/b.png'").fetchone()
new = sqlite3.connect(sys.argv[2] + "/two.db").execute("select * from entries where path like '%/a.png'").fetchone()
state = sqlite3.connect(sys.argv[2] + "/two.db").execute(
    "select size, inode, mtime_ns, ctime_ns from entries where path like '%/b.png'").fetchone()
cache.execute("update entries set size = ?, inode = ?, mtime_ns = ?, ctime_ns = ? where path = ?", (*state, row[1]))
cache.commit()
END
    mw "$dir/set" --cache "$cache" -qq --cache-verify=1
    ended 2
    told "$cache: what the cache holds of $dir/set/b.png is not what the file holds: delete the cache"
    [ -z "$output" ]
}

@test "in the sandbox the cache is written, beside no other file" {
    "$MASKWEIGHT" --sandbox require tiny --ignore-index 255 -q >/dev/null 2>&1 || skip "there is no sandbox here"
    has_strace
    mkdir "$dir/box"
    mw tiny --sandbox require --cache "$dir/box/cache.db" -qq
    clean
    holds_only "$dir/box" cache.db cache.db-journal
    [ -z "$(opened tiny --sandbox require --cache "$dir/box/cache.db")" ]
    mw tiny --binary --sandbox require --cache "$dir/box/cache.db" -o "$dir/box/doc.json" -qq
    clean
    holds_only "$dir/box" cache.db cache.db-journal doc.json
}

@test "a mask that is named as a link has an entry of its own" {
    mkdir "$dir/links"
    cp tiny/a.png "$dir/links/real.png"
    ln -s real.png "$dir/links/link.tif"
    sleep 2.2
    for mask in link.tif real.png link.tif .; do
        run_into plain "$dir/links/$mask"
        run_into cached "$dir/links/$mask" --cache "$cache" --cache-verify=1
        diff -r "$dir/plain" "$dir/cached" >&2
        run_into cached "$dir/links/$mask" --cache "$cache"
        diff -r "$dir/plain" "$dir/cached" >&2
    done
}

@test "a directory that is empty for once does not empty the cache" {
    cp -rp tiny "$dir/mount"
    sleep 2.2
    "$MASKWEIGHT" "$dir/mount" --cache "$cache" -qq >/dev/null
    before=$(ask 'select count(*) from entries')
    [ "$before" -gt 0 ]
    mv "$dir/mount" "$dir/away"
    mkdir "$dir/mount"
    refuses 'no mask' "$dir/mount" --cache "$cache"
    [ "$(ask 'select count(*) from entries')" -eq "$before" ]
}

@test "a cache that cannot be made says why" {
    refuses 'nowhere/cache.db: the cache: No such file or directory' tiny --cache nowhere/cache.db
    refuses '/dev/null: the cache is a directory or a device' tiny --cache /dev/null
}

@test "a cache that cannot be written is read, and a cache below the source is no file of the dataset" {
    cp -rp tiny "$dir/set"
    sleep 2.2
    run_into plain "$dir/set"
    run_into one "$dir/set" --cache "$dir/set/cache.db"
    run_into two "$dir/set" --cache "$dir/set/cache.db"
    same "$dir/plain/stdout" "$dir/one/stdout"
    same "$dir/plain/stdout" "$dir/two/stdout"
    chmod 400 "$dir/set/cache.db"
    if [ "$(id -u)" -ne 0 ]; then
        run_into three "$dir/set" --binary --cache "$dir/set/cache.db"
        grep -q 'read-only; what is counted is not kept' "$dir/three/stderr"
        run_into three "$dir/set" --cache "$dir/set/cache.db"
        same "$dir/plain/stdout" "$dir/three/stdout"
    fi
}

@test "%k gives each shard a cache of its own" {
    cp -rp variants "$dir/set"
    sleep 2.2
    run_into plain "$dir/set" --keep-going
    mkdir "$dir/caches"
    for turn in 0 1; do
        for k in 1 2 3; do
            "$MASKWEIGHT" "$dir/set" --keep-going --shard $k/3 --cache "$dir/caches/%k-of-%n%%.db" -qq -o "$dir/part-%k" \
                2>"$dir/told.$k" &
        done
        wait
        holds_only "$dir/caches" {1,2,3}-of-3%.db{,-journal}
        mw "$dir"/part-? --keep-going -qq
        same "$dir/plain/stdout" <(printf '%s\n' "$output")
    done
    # What one has, no other has.
    "$PYTHON" -S - "$dir"/caches/*.db <<'END'
import sqlite3, sys
paths = [row[0] for name in sys.argv[1:] for row in sqlite3.connect(name).execute("select distinct path from entries")]
assert len(paths) == len(set(paths)) > 100, (len(paths), len(set(paths)))
END
    mw "$dir/set" --keep-going --shard 2/3 --cache "$dir/caches/%k-of-%n%%.db" -v
    [[ $stderr =~ /caches/2-of-3%\.db:\ [1-9][0-9]+\ files\ taken ]] || fail "$stderr"
    "$MASKWEIGHT" tiny -qq --cache "$dir/caches/%k.db" >/dev/null # no shard, no meaning
    [ -e "$dir/caches/%k.db" ]
    for wrong in %x c-% %3k; do
        refuses "--cache: '$wrong': with --shard, % begins %k" tiny --shard 1/2 --cache "$wrong"
    done
}

@test "two runs that start together on a new cache both fill it" {
    run_into plain tiny pages -n 4 --ignore-index 255
    for turn in {1..20}; do
        rm -f "$cache"*
        for i in 1 2; do
            "$MASKWEIGHT" tiny pages -n 4 --ignore-index 255 --cache "$cache" -q >"$dir/out.$i" 2>"$dir/err.$i" &
            eval "run_$i=$!"
        done
        # shellcheck disable=SC2154 # made above
        wait "$run_1" && wait "$run_2" || fail "turn $turn: $(cat "$dir"/err.?)"
        for i in 1 2; do
            same "$dir/plain/stdout" "$dir/out.$i"
            [ ! -s "$dir/err.$i" ] || fail "turn $turn: $(cat "$dir/err.$i")"
        done
        mw tiny pages -n 4 --ignore-index 255 --cache "$cache" -v
        told ': 6 files taken from the cache, 0 read, 0 that are no more removed'
        holds_only "$dir" cache.db cache.db-journal err.1 err.2 now out.1 out.2 plain stderr
    done
}

@test "what a run that was killed left in its journal holds up no later one" {
    cp -rp tiny "$dir/set"
    sleep 2.2
    "$MASKWEIGHT" "$dir/set" --cache "$cache" -qq -o "$dir/right"
    # In the middle of a transaction that is partly in the database.
    "$PYTHON" - "$cache" "$dir/killed.db" <<'END'
import shutil, sqlite3, sys
cache = sqlite3.connect(sys.argv[1], isolation_level=None)
cache.executescript("pragma cache_size = 1; begin immediate; update entries set pixels = pixels + 1")
for i in range(100):
    cache.execute("insert into settings (settings, used) values (?, 0)", (str(i) * 2000,))
for more in ("", "-journal"):
    shutil.copy(sys.argv[1] + more, sys.argv[2] + more)
END
    [ "$(wc -c <"$dir/killed.db")" -gt 100000 ]
    [ -s "$dir/killed.db-journal" ]
    for more in '0 files taken from the cache, 4 read --binary' '4 files taken from the cache, 0 read' \
        '4 files taken from the cache, 0 read --binary'; do
        option=${more##*read}
        # shellcheck disable=SC2086 # an option or none
        mw "$dir/set" --cache "$dir/killed.db" -v $option
        ended 0
        told "${more%"$option"}"
        untold 'not kept'
        [ -n "$option" ] || same "$dir/right" <(printf '%s\n' "$output")
        [ "$(stat -c %s "$dir/killed.db-journal")" = 0 ]
    done
}

@test "several runs may use one cache at a time" {
    run_into plain variants --keep-going
    for i in 1 2 3 4 5 6; do
        ("$MASKWEIGHT" variants --keep-going --cache "$cache" -q >"$dir/out.$i" 2>"$dir/err.$i" || true) &
    done
    wait
    for i in 1 2 3 4 5 6; do
        ! grep -F cache.db "$dir/err.$i" || fail "$(cat "$dir/err.$i")"
        same "$dir/plain/stdout" "$dir/out.$i"
    done
    run_into cached variants --keep-going --cache "$cache"
    same "$dir/plain/stdout" "$dir/cached/stdout"
}

@test "archives, standard input, documents, --inspect and --list-files are not cached" {
    tar -cf "$dir/tiny.tar" -C tiny .
    law "$dir/tiny.tar" --ignore-index 255
    "$MASKWEIGHT" "$dir/tiny.tar" --cache "$cache" -qq >/dev/null
    [ "$(ask 'select count(*) from entries')" = 0 ]
    "$MASKWEIGHT" tiny -qq -o "$dir/doc.json"
    law "$dir/doc.json"
    rm -f "$cache"
    mw tiny --inspect --cache "$cache"
    mw tiny --list-files --cache "$cache"
    mw --help --cache "$cache"
    [ ! -e "$cache" ]
}
