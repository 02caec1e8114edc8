#!/usr/bin/env bats
# Where the document goes: standard output, or a file that is replaced as a whole or not at all.

load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    tiny tiny
    mkdir broken
    echo "no mask" >broken/bad.png
    "$MASKWEIGHT" tiny --ignore-index 255 -o counts.json
    slow slow
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return
    want=$(cat counts.json)
    dir=$BATS_TEST_TMPDIR/out
    mkdir "$dir"
}

@test "-o writes the same bytes as standard output, and nothing to standard output" {
    mw tiny --ignore-index 255 -o "$dir/new"
    clean
    [ -z "$output" ]
    same counts.json "$dir/new"
    "$MASKWEIGHT" tiny --ignore-index 255 >"$dir/stdout"
    same counts.json "$dir/stdout"
    "$MASKWEIGHT" tiny --ignore-index 255 -o - >"$dir/dash"
    same counts.json "$dir/dash"
    holds_only "$dir" dash new stdout
}

@test "after an error the old file is intact and nothing is left beside it" {
    echo old >"$dir/out"
    for case in 'broken' 'tiny -n 1' 'missing' 'tiny -s enet -s balanced -f list' \
        'tiny -n 300 --zero-class error --ignore-index 255' 'tiny -f keras'; do
        # shellcheck disable=SC2086 # arguments
        mw -qq $case -o "$dir/out"
        ended 2
        [ "$(cat "$dir/out")" = old ] || fail "$case"
        holds_only "$dir" out || fail "$case"
        # shellcheck disable=SC2086 # arguments
        mw -qq $case -o "$dir/new"
        ended 2
        holds_only "$dir" out || fail "$case"
    done
}

@test "a signal leaves the old file intact and nothing beside it" {
    echo old >"$dir/out"
    for signal in INT TERM HUP; do
        # Children of a shell without job control ignore SIGINT; env gives it back.
        env --default-signal=INT "$MASKWEIGHT" slow -j 1 -o "$dir/out" 3>&- &
        pid=$!
        for _ in {1..100}; do
            holds_only "$dir" out 2>/dev/null || break
            sleep 0.05
        done
        if holds_only "$dir" out; then fail "no temporary file to remove"; fi
        kill -s $signal $pid
        status=0
        wait $pid || status=$?
        [ "$status" -eq $((128 + $(kill -l $signal))) ] || fail "$signal: $status"
        [ "$(cat "$dir/out")" = old ]
        holds_only "$dir" out
    done
}

@test "the mode of an old file is kept, and a new one follows the umask" {
    echo old >"$dir/old"
    chmod 640 "$dir/old"
    (umask 022 && "$MASKWEIGHT" counts.json -o "$dir/old")
    [ "$(stat -c %a "$dir/old")" = 640 ]
    [ "$(cat "$dir/old")" = "$want" ]
    (umask 027 && "$MASKWEIGHT" counts.json -o "$dir/new")
    [ "$(stat -c %a "$dir/new")" = 640 ]
    (umask 022 && "$MASKWEIGHT" counts.json -o "$dir/wide")
    [ "$(stat -c %a "$dir/wide")" = 644 ]
}

@test "-o through a symbolic link replaces the file that it names, and stays a link" {
    mkdir "$dir/there"
    echo old >"$dir/there/file"
    ln -s there/file "$dir/link"
    mw counts.json -o "$dir/link"
    clean
    [ -L "$dir/link" ]
    [ "$(cat "$dir/there/file")" = "$want" ]
    holds_only "$dir/there" file
    ln -s nowhere "$dir/lost"
    refuses 'lost: |link' broken -o "$dir/lost"
}

@test "-o to a device or a pipe writes into it" {
    mw counts.json -o /dev/null
    clean
    [ -c /dev/null ]
    mkfifo "$dir/pipe"
    timeout 10 cat "$dir/pipe" >"$dir/got" 3>&- &
    reader=$!
    mw counts.json -o "$dir/pipe"
    clean
    wait $reader
    [ -p "$dir/pipe" ]
    [ "$(cat "$dir/got")" = "$want" ]
}

@test "-o to a directory or into a missing one is refused before any mask is read" {
    refuses "$dir: |directory" broken -o "$dir"
    refuses 'missing/out: ' broken -o "$dir/missing/out"
    refuses 'twice' broken -o "$dir/one" -o "$dir/two"
    refuses 'out' broken -o counts.json/out
    holds_only "$dir"
}

@test "-o without a name is refused before any mask is read" {
    refuses 'output' broken -o ''
}

@test "a source may be replaced by its own document" {
    cp counts.json "$dir/doc"
    mw "$dir/doc" -s enet -o "$dir/doc"
    clean
    expect_file "$dir/doc" 'd["weights"][0]["scheme"] == "enet"' 'data["masks"] == 4'
}

# full ARGUMENTS: standard output that is full is told in one line.
full() {
    status=0
    # shellcheck disable=SC2086 # arguments
    stderr=$("$MASKWEIGHT" $1 2>&1 >/dev/full) || status=$?
    ended 2 || return
    [ "$(wc -l <<<"$stderr")" -eq 1 ] || fail "$stderr" || return
    told 'maskweight: error: ' 'standard output' 'No space left'
}

@test "full standard output is an error of one line" {
    [ -w /dev/full ] || skip "no /dev/full here"
    for arguments in 'tiny --ignore-index 255' '--help' '--version'; do
        full "$arguments"
    done
    refuses '/dev/full|No space left' counts.json -o /dev/full
}

@test "full standard output is the same error for --list-files" {
    [ -w /dev/full ] || skip "no /dev/full here"
    full 'tiny --list-files'
}

@test "closed standard output is an error, closed standard input and error are not" {
    for arguments in broken counts.json --help; do
        status=0
        stderr=$("$MASKWEIGHT" $arguments 2>&1 >&-) || status=$?
        ended 2
        [ "$(wc -l <<<"$stderr")" -eq 1 ] || fail "$stderr" # and broken is not read for it
        told 'standard output'
    done
    "$MASKWEIGHT" counts.json -o "$dir/out" >&-
    same counts.json "$dir/out"
    "$MASKWEIGHT" tiny --ignore-index 255 >"$dir/out" <&-
    same counts.json "$dir/out"
    "$MASKWEIGHT" tiny --ignore-index 255 -n 5 >"$dir/out" 2>&- # there is a warning to lose
    expect_file "$dir/out" 'codes == ["ignored-mask", "absent-class"]'
    "$MASKWEIGHT" tiny --ignore-index 255 -o "$dir/all" <&- >&- 2>&-
    same counts.json "$dir/all"
    status=0
    stderr=$("$MASKWEIGHT" - 2>&1 >/dev/null <&-) || status=$?
    ended 2
    told 'standard input'
}

@test "a reader that stops early ends the program silently" {
    status=0
    stderr=$({ "$MASKWEIGHT" "$SAMPLE" -n 300 -s all -qq | head -c 1 >/dev/null; } 2>&1) || status=$?
    [ "$status" -eq 0 ]
    [ -z "$stderr" ] || fail "$stderr"
    first=$("$MASKWEIGHT" tiny --ignore-index 255 2>&1 | head -c 1)
    [ "$first" = '{' ]
}

@test "a full disk is an error of one line, and the old file stays" {
    echo old >"$dir/out"
    status=0
    # 1 KiB a file; the document is larger
    stderr=$(bash -c 'ulimit -f 1; exec "$MASKWEIGHT" counts.json -o "$1"' - "$dir/out" 2>&1) || status=$?
    ended 2
    [ "$(wc -l <<<"$stderr")" -eq 1 ] || fail "$stderr"
    told 'out: ' 'File too large'
    [ "$(cat "$dir/out")" = old ]
    holds_only "$dir" out
}

@test "an incomplete document is published only with --keep-going" {
    mw tiny -n 3 -o "$dir/out"
    ended 2
    holds_only "$dir"
    mw tiny -n 3 -o "$dir/out" --keep-going
    ended 3
    expect_file "$dir/out" 'd["complete"] is False'
}

@test "-o replaces neither a mask nor what the run reads, and nothing that may not be written" {
    cd "$BATS_TEST_TMPDIR"
    mkdir set
    cp "$MW_SOURCE/data/sample/day/avenue-1.png" set/a.png
    cp "$MW_SOURCE/data/sample/day/avenue-2.png" set/b.png
    cp "$MW_SOURCE/data/sample/day/bridge-2.tif" set/c.tif
    cp "$MW_SOURCE/data/names.txt" names.txt
    printf 'set/a.png\n' >list
    cp -r set kept
    refuses 'set/a.png|a mask' set --ignore-index 255 -o set/a.png
    refuses 'set/a.png|a mask' set/a.png --ignore-index 255 -o set/a.png
    refuses 'set/c.tif|a mask' set --ignore-index 255 -o set/c.tif
    refuses 'names.txt|class map' set --ignore-index 255 -c names.txt -o names.txt
    refuses 'list|list of files' --files-from list --ignore-index 255 -o list
    diff -r set kept
    cmp names.txt "$MW_SOURCE/data/names.txt"
    [ "$(cat list)" = set/a.png ]
    # What the program wrote is written again: arrays, and the document that is its source.
    for _ in 1 2; do
        mw set --ignore-index 255 -n 4 -f npy -o weights.npy
        ended 0
        mw set --ignore-index 255 -o set.json
        ended 0
        mw set.json -s enet -o set.json
        ended 0
    done
    [ "$(id -u)" -ne 0 ] || return 0 # who may write everything is not refused
    echo old >read-only
    chmod 444 read-only
    refuses 'read-only' set --ignore-index 255 -o read-only
    [ "$(cat read-only)" = old ]
}
