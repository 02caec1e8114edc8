#!/usr/bin/env bats
# How it runs: jobs, failures, exit statuses, signals, progress, colours, and what it tells the user.

load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    tiny tiny
    slow slow
    masks <<'END'
kind/small.png --rows "0 1 2"
kind/large.png --size 900x700 --fill 1
kind/tiled.tif --size 100x90 --fill 3 --tile 16x16 --compression deflate
kind/unknown.png --rows "0 77;1 77"
kind/trailing.png --rows "0 1" --trailing 4
zero-255/a.png --rows "0 255"
trailing/a.png --rows "0 1" --trailing 4
palette/a.png --rows "0 1 5 1" --colour palette --palette 4
white/a.tif --rows "0 1 1 0" --photometric 0 --bits 1
clean/a.png --rows "0 1 2 2"
clean/b.tif --rows "0 1 2 2"
END
    # 64 masks in folders, of very unequal cost; one in four fails.
    mkdir -p mixed/{a,a-b,b,b/c}
    folders=(mixed/a mixed/a-b mixed/b mixed/b/c)
    for i in {00..63}; do
        folder=${folders[10#$i % 4]}
        case $((10#$i % 9)) in
        0 | 5) echo "no mask" >"$folder/$i.png" ;;
        1) cp kind/unknown.png "$folder/$i.png" ;;
        2 | 6) cp kind/large.png "$folder/$i.png" ;;
        3) cp kind/tiled.tif "$folder/$i.tif" ;;
        4) cp kind/trailing.png "$folder/$i.png" ;;
        *) cp kind/small.png "$folder/$i.png" ;;
        esac
    done
    # Two tones with every step of a smooth edge between them.
    {
        printf 'lossy/a.png --rows "'
        printf '0 %.0s' {1..60}
        printf '255 %.0s' {1..60}
        printf '%s ' {1..12} {243..254} 40 80 120 160
        printf '"\n'
    } | masks
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return
}

# A list of one mask that takes half a second to write.
late_list() {
    echo tiny/b.png
    sleep 0.5
}

# Whether script(1) can make a pseudo-terminal.
has_terminals() {
    script -qefc true /dev/null </dev/null >/dev/null 2>&1
}

# terminal ARGUMENT...: runs the program with everything but standard input on a terminal; $output is
# what it showed.
terminal() {
    command -v script >/dev/null || skip "no script here"
    local command
    printf -v command '%q ' "$MASKWEIGHT" "$@"
    status=0
    output=$(TERM=xterm script -qefc "${before-}$command" /dev/null </dev/null) || status=$?
}

@test "the document and the messages are the same bytes at 1, 2, 3 and 8 jobs" {
    for jobs in 1 2 3 8 8 2; do
        status=0
        "$MASKWEIGHT" mixed -n 4 --keep-going -j $jobs >"$BATS_TEST_TMPDIR/$jobs.out" \
            2>"$BATS_TEST_TMPDIR/$jobs.err" || status=$?
        ended 3
        same "$BATS_TEST_TMPDIR/1.out" "$BATS_TEST_TMPDIR/$jobs.out"
        same "$BATS_TEST_TMPDIR/1.err" "$BATS_TEST_TMPDIR/$jobs.err"
    done
    # 0, 5: 15 no masks; 1: 7 unknown; 2, 6: 14 large; 3: 7 tiled; 4: 7 trailing; 7, 8: 14 small
    expect_file "$BATS_TEST_TMPDIR/1.out" 'data["failed_files"] == 22' 'data["masks"] == 42' \
        'px == {0: 21, 1: 14 * 630000 + 21, 2: 14, 3: 7 * 9000}' 'f("trailing-data")["count"] == 7' \
        'len(f("trailing-data")["first"]) == 7' 'd["complete"] is False'
}

@test "all failures are told with -v, in the order of the walk, and then how many" {
    mw mixed -n 4 -v
    ended 2
    [ -z "$output" ]
    want=$("$MASKWEIGHT" mixed --list-files | while read -r path; do
        i=${path##*/}
        case $((10#${i%.*} % 9)) in 0 | 1 | 5) echo "maskweight: $path" ;; esac
    done)
    [ "$(sed -n 's/: error: .*//p' <<<"$stderr" | head -n -1)" = "$want" ] || fail "$stderr"
    [ "$(grep -c ' is no class: .* first in mixed/' <<<"$stderr")" -eq 1 ] # of all masks together
    [ "$(wc -l <<<"$stderr")" -eq 25 ] # and what the masks probably hold
    [[ $(tail -n 1 <<<"$stderr") == 'maskweight: error: 22 of 64 files '*'--keep-going'* ]]
}

@test "without -v the first ten failures are told, and how many more there are" {
    mw mixed -n 4 -v
    all=$stderr
    for jobs in 1 3; do
        mw mixed -n 4 -j $jobs
        ended 2
        [ "$(head -n 10 <<<"$stderr")" = "$(head -n 10 <<<"$all")" ]
        [ "$(sed -n 11p <<<"$stderr")" = 'maskweight: ... and 12 more: -v names them all' ]
        [ "$(tail -n +12 <<<"$stderr")" = "$(tail -n +23 <<<"$all")" ]
    done
    mw kind -n 2 # 3 failures of 5
    ended 2
    untold '... and'
    mw mixed -n 4 --keep-going
    ended 3
    told '... and 12 more'
    expect 'len(d["failures"]) == 22'
}

@test "failures stand in the document with --keep-going, in the order of their paths" {
    mw mixed -n 4 --keep-going
    ended 3
    expect 'len(paths) == 22' 'paths == sorted(paths)' \
        'd["failures"][0].keys() == {"path", "error"}' \
        'sum("77" in e["error"] for e in d["failures"]) == 7' \
        'sum("not a mask" in e["error"] for e in d["failures"]) == 15'
}

@test "the exit status is 0, 2 or 3" {
    mw clean
    clean
    mw clean --keep-going # nothing failed
    clean
    expect 'd["complete"] is True'
    mw mixed -n 4
    ended 2
    mw mixed -n 4 --keep-going -qq
    ended 3
    mw zero-255 -n 2 --keep-going # nothing counted
    ended 2
    [ -z "$output" ]
}

@test "a mask or directory that may not be read is a failure, named with its reason" {
    mkdir -p shut/in
    cp kind/small.png shut
    cp kind/small.png shut/no.png
    cp kind/small.png shut/in
    chmod 000 shut/no.png shut/in
    without_rights() { # root may read anything, but for this
        if [ "$(id -u)" -eq 0 ]; then
            setpriv --bounding-set=-dac_override,-dac_read_search "$@"
        else
            "$@"
        fi
    }
    without_rights test ! -r shut/no.png 2>/dev/null || skip "cannot give up the rights of root here"
    status=0
    # shellcheck disable=SC2030 # a test of its own
    stderr=$(without_rights "$MASKWEIGHT" shut 2>&1 >/dev/null) || status=$?
    ended 2
    told 'shut/in/: error: ' 'shut/no.png: error: ' 'Permission denied'
    output=$(without_rights "$MASKWEIGHT" shut --keep-going 2>/dev/null) || status=$?
    ended 3
    expect 'data["failed_files"] == 2' 'data["masks"] == 1' 'paths == ["in/", "no.png"]'
    status=0
    output=$(without_rights "$MASKWEIGHT" shut --list-files 2>/dev/null) || status=$?
    ended 2
    [ "$output" = $'shut/no.png\nshut/small.png' ]
    status=0
    stderr=$(without_rights "$MASKWEIGHT" shut/in 2>&1 >/dev/null) || status=$?
    ended 2
    chmod 700 shut/in
}

@test "without libtiff a TIFF is refused, by the package that is missing, and PNG is counted" {
    mkdir -p nothing
    : >nothing/libtiff.so.6
    tiny two
    LD_LIBRARY_PATH=$PWD/nothing mw two --ignore-index 255 --keep-going
    ended 3
    told 'two/sub/c.tif: error: ' 'the package libtiff6'
    expect 'data["masks"] == 3' 'paths == ["sub/c.tif"]'
    LD_LIBRARY_PATH=$PWD/nothing mw --version
    clean
    [[ $output == *' no libtiff,'* ]] || fail "$output"
}

@test "a run without TIFF does not load libtiff" {
    tiny two
    LD_DEBUG=files LD_DEBUG_OUTPUT=$PWD/loaded mw two --ignore-index 255 --exclude '*.tif'
    ended 0
    grep -q libpng loaded.* || fail "the loader tells nothing"
    ! grep -q libtiff loaded.*
}

@test "a mask larger than --max-pixels is refused with both numbers" {
    mw kind/large.png --max-pixels 629999
    ended 2
    told 'kind/large.png: error: ' '900 x 700' '629999'
    mw kind/large.png --max-pixels 630000
    clean
}

@test "Ctrl-C ends within a second, with status 130 and no output; TERM and HUP likewise" {
    for signal in INT TERM HUP; do
        # Without job control a shell lets children ignore SIGINT; env gives it back.
        env --default-signal=INT "$MASKWEIGHT" slow -j 2 >"$BATS_TEST_TMPDIR/out" \
            2>"$BATS_TEST_TMPDIR/err" 3>&- &
        pid=$!
        sleep 0.5
        kill -s $signal $pid
        began=${EPOCHREALTIME/./}
        status=0
        wait $pid || status=$?
        took=$((${EPOCHREALTIME/./} - began)) # microseconds
        ended $((128 + $(kill -l $signal)))
        [ $took -lt 1000000 ] || fail "$took microseconds"
        [ ! -s "$BATS_TEST_TMPDIR/out" ]
        [ ! -s "$BATS_TEST_TMPDIR/err" ]
    done
}

@test "a signal that was ignored from the start stays ignored" {
    env --ignore-signal=HUP "$MASKWEIGHT" --files-from <(late_list 3>&-) >"$BATS_TEST_TMPDIR/out" 3>&- &
    pid=$!
    sleep 0.2
    kill -s HUP $pid
    wait $pid
    expect_file "$BATS_TEST_TMPDIR/out" 'data["masks"] == 1'
}

# What it tells.

@test "-q keeps warnings and failures, -qq only failures, -v tells more" {
    mw mixed -q -n 5 --keep-going
    told '[absent-class]' '[trailing-data]' 'not a mask'
    mw mixed -qq -n 5 --keep-going
    untold '[absent-class]' '[trailing-data]' 'warning'
    told 'not a mask'
    mw mixed -qq -n 4
    # shellcheck disable=SC2031 # set by mw
    [ "$(wc -l <<<"$stderr")" -eq 14 ] # 10, how many more, one value, the guess, the error
    mw tiny --ignore-index 255
    clean
    mw tiny --ignore-index 255 -v
    told 'notes.txt: skipped: ' '[ignored-mask]'
}

@test "progress is never written into a pipe or file unless it is asked for" {
    mw --files-from - < <(late_list)
    clean
    mw --files-from - --progress auto < <(late_list)
    clean
    mw --files-from - --progress always < <(late_list)
    ended 0
    told $'\r\e[K' '1 masks, ' 'tiny'
    expect 'data["masks"] == 1'
    for arguments in '--progress never' '--progress always -q'; do
        # shellcheck disable=SC2086 # an option with its value
        mw --files-from - $arguments < <(late_list)
        untold $'\r' $'\e'
    done
}

@test "on a terminal there is progress while it runs, and at the end a summary" {
    has_terminals || skip "no pseudo-terminal can be made here"
    before='{ echo tiny/b.png; sleep 0.5; } | ' terminal --files-from - -o "$BATS_TEST_TMPDIR/out"
    ended 0
    [[ $output == *'1 masks, '*'files/s'*tiny*$'\r\e[K'*'1 mask, 1 empty'* ]] || fail "$output"
    terminal tiny --ignore-index 255 -o "$BATS_TEST_TMPDIR/out"
    [[ $output == *'class '*'##'*'4 masks, 1 empty'*'imbalance'* ]] || fail "$output"
    "$MASKWEIGHT" tiny --ignore-index 255 >"$BATS_TEST_TMPDIR/piped"
    same "$BATS_TEST_TMPDIR/piped" "$BATS_TEST_TMPDIR/out"
    terminal tiny --ignore-index 255 -n 100 -s all -o "$BATS_TEST_TMPDIR/out"
    [[ $output == *'36 more classes'*'3 of 9 schemes'* ]] || fail "$output"
    terminal tiny --ignore-index 255 -q -o "$BATS_TEST_TMPDIR/out"
    [ -z "$output" ] || fail "$output"
    terminal tiny --ignore-index 255 -f table # which is the summary already
    [ "$(grep -c '4 masks, 1 empty' <<<"$output")" -eq 1 ] || fail "$output"
}

@test "messages are coloured when asked to be, or on a terminal without NO_COLOR" {
    local error=$'\e[1;31merror:\e[0m'
    mw zero-255 -n 2 --color always
    told "$error"
    mw zero-255 -n 2 --color never
    untold $'\e'
    mw zero-255 -n 2
    untold $'\e'
    NO_COLOR=1 mw zero-255 -n 2 --color always
    told "$error"
    CLICOLOR_FORCE=1 mw zero-255 -n 2
    told "$error"
    NO_COLOR=1 CLICOLOR_FORCE=1 mw zero-255 -n 2
    untold $'\e'
    has_terminals || skip "no pseudo-terminal can be made here"
    terminal zero-255 -n 2 --progress never
    [[ $output == *"$error"* ]] || fail "$output"
    NO_COLOR=1 terminal zero-255 -n 2 --progress never
    [[ $output != *$'\e'* ]] || fail "$output"
    terminal zero-255 -n 2 --progress never --color never
    [[ $output != *$'\e'* ]] || fail "$output"
}

# Findings.

@test "clean data have no finding" {
    mw clean -n 3
    clean
    expect 'd["findings"] == []'
    mw "$SAMPLE" -n 4 --ignore-index 255 -s balanced -s inverse -s enet -s mfb -s effective -s dice
    clean
    expect 'd["findings"] == []'
}

@test "what is wrong with single masks is found, and where" {
    finds() {
        mw "${@:2}"
        ended 0
        expect "codes == ['$1']" "f('$1')['severity'] == 'warning'" "f('$1')['count'] == 1" \
            "[e['path'][0] for e in f('$1')['first']] == ['a']"
        told "[$1]" 'a.'
    }
    finds trailing-data trailing
    finds palette-index-out-of-range palette
    finds min-is-white white
    mw lossy
    ended 0
    expect '"looks-lossy" in codes' 'f("looks-lossy")["first"] == [{"path": "a.png"}]'
    mw lossy --threshold 128
    ended 0
    expect 'codes == ["looks-lossy"]'
}

@test "values of exactly 0 and 255 look binary, 255 beside small ids looks like void" {
    mw zero-255
    ended 0
    expect 'codes == ["looks-binary"]'
    told '--binary' '[looks-binary]'
    for settings in --binary '--threshold 255' '--ignore-index 255'; do
        # shellcheck disable=SC2086 # an option with its value
        mw zero-255 $settings
        ended 0
        expect '"looks-binary" not in codes' '"looks-like-ignore-index" not in codes'
    done
    mw "$SAMPLE"
    ended 0
    expect 'codes == ["looks-like-ignore-index"]'
    told '255' '--ignore-index 255' '[looks-like-ignore-index]'
    mw "$SAMPLE" --ignore-index 255
    expect 'codes == []'
    mw "$SAMPLE" -n 256
    expect 'codes == ["absent-class"]' 'f("absent-class")["count"] == 251'
}

@test "weights that are upside down or all alike are warned of" {
    mw tiny --ignore-index 255 -s fraction
    expect '"weighs-frequent-classes-up" in codes'
    told 'fraction' '[weighs-frequent-classes-up]'
    mw tiny --ignore-index 255 -s log:of=fraction,c=16
    expect '"weighs-frequent-classes-up" in codes'
    mw tiny --ignore-index 255 -s log:c=0.15 # ln(0.15 * 8) < 1: every weight is 1
    expect 'w() == [1.0] * 4' 'codes == ["ignored-mask", "uniform-weights"]'
    mw "$SAMPLE" --ignore-index 255 -s effective:of=pixels,beta=0.9
    expect 'codes == ["uniform-weights"]'
    told 'effective:of=pixels,beta=0.9' '[uniform-weights]'
    mw "$SAMPLE" --ignore-index 255 -s effective:of=pixels,beta=0.99999
    clean
    mw "$SAMPLE" --ignore-index 255 -s all
    ended 0
    expect 'codes == ["weighs-frequent-classes-up"]'
}

@test "a declared class that never occurs is warned of by number and name" {
    mw clean -n 5
    ended 0
    expect 'f("absent-class")["count"] == 2' 'codes == ["absent-class"]'
    told '3, 4' '--zero-class zero'
    printf '%s\n' zero one two three >names.txt
    mw clean -c names.txt
    told '3 (three)'
    mw clean -n 3
    clean
}
