#!/usr/bin/env bats
# Which masks are counted: directories, files, lists, standard input, links, globs.

load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    tiny tiny
    masks <<'END'
names/ok.png --rows "0 1"
links/deep/a.png --rows "0 1"
links/b.png --rows "0 1"
outside/c.png --rows "1 1 1"
kinds/a.PNG --rows "0 1"
kinds/b.TiFf --rows "0 1"
kinds/c.png --rows "0 1"
kinds/.hidden.png --rows "0 1"
kinds/.git/d.png --rows "0 1"
kinds/e.mask --rows "0 1" 
END
    mkdir empty
    echo text >kinds/f.txt
    mask tif.tif --rows "0 1 1"
    mv tif.tif kinds/tif.png
    mkdir -p order/a order/a.b order/a-b order/B
    for path in a.png a/b.png a.b/c.png a-b/d.png B/e.png ab.png a/Z.png 'a/ä.png' a0.png; do
        cp kinds/c.png "order/$path"
    done
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return
}

# What a source is.

@test "a directory is counted with all below it, as data/expected.json says" {
    mw "$SAMPLE" --ignore-index 255
    clean
    expect 'd["complete"] is True' 'data["masks"] == sample["masks"] == 12' 'data["files"] == 12' \
        'data["pixels"] == sample["class_pixels"]' \
        'data["ignored_pixels"] == sample["ignored_pixels"]' \
        'data["empty_masks"] == sample["empty_masks"]' 'data["ignored_masks"] == 0' \
        'data["skipped_files"] == sample["skipped_files"]' 'data["failed_files"] == 0' \
        'data["paths"]["count"] == 12' 'data["unknown_pixels"] == 0' \
        '[c(e["id"])[k] for e in sample["classes"] for k in
          ("pixels", "masks", "mask_pixels", "mask_ignored_pixels")] ==
         [e[k] for e in sample["classes"] for k in
          ("pixels", "masks", "mask_pixels", "mask_ignored_pixels")]' \
        'sorted(px) == [0, 1, 2, 3]' \
        'n(0) / data["pixels"] == c(0)["fraction"]' \
        '{**data["in_empty_masks"], "first": 0} == {"pixels": 19200 + 18700, "ignored_pixels": 500, "first": 0}'
}

@test "every mask alone has the counts of data/expected.json" {
    for file in day/avenue-1.png day/bridge-2.tif night/bridge-3.tif night/courtyard.png; do
        mw "$SAMPLE/$file"
        ended 0
        expect 'data["masks"] == 1' 'data["skipped_files"] == 0' \
            "{str(k): v for k, v in px.items()} == sample['counts']['$file']"
    done
}

@test "a directory's documents do not depend on how the directory is written" {
    "$MASKWEIGHT" -qq tiny >"$BATS_TEST_TMPDIR/plain"
    for way in tiny/ ./tiny tiny/sub/.. "$PWD/tiny"; do
        "$MASKWEIGHT" -qq "$way" >"$BATS_TEST_TMPDIR/other"
        same "$BATS_TEST_TMPDIR/plain" "$BATS_TEST_TMPDIR/other"
    done
    (cd tiny && "$MASKWEIGHT" -qq .) >"$BATS_TEST_TMPDIR/other"
    same "$BATS_TEST_TMPDIR/plain" "$BATS_TEST_TMPDIR/other"
}

@test "with several sources, failures and findings carry the number of their source" {
    mkdir -p several/one several/two
    cp kinds/c.png several/one/good.png
    cp kinds/c.png several/two/good.png
    cp kinds/tif.png several/two/tif.png
    echo broken >several/one/bad.png
    echo broken >several/two/bad.png
    mw several/one several/two kinds/c.png --keep-going
    ended 3
    expect 'data["masks"] == 4' 'data["files"] == 4' 'data["failed_files"] == 2' \
        '[(e["source"], e["path"]) for e in d["failures"]] == [(1, "bad.png"), (2, "bad.png")]' \
        'f("suffix-mismatch")["first"] == [{"source": 2, "path": "tif.png"}]'
    told "several/one/bad.png: error: " "several/two/bad.png: error: "
    mw several/two --keep-going
    ended 3
    expect 'd["failures"][0].keys() == {"path", "error"}' \
        'f("suffix-mismatch")["first"] == [{"path": "tif.png"}]'
}

@test "a source that is another, or inside another, is refused with both names" {
    ln -sfn tiny link
    refuses 'tiny|tiny/' tiny tiny/
    refuses 'tiny|link|same' tiny link
    refuses 'tiny/sub|inside tiny' tiny tiny/sub
    refuses 'tiny/sub|inside tiny' tiny/sub tiny
    refuses 'tiny/a.png|inside tiny' tiny tiny/a.png
    refuses 'link/a.png|inside tiny' tiny link/a.png
    refuses 'tiny/a.png|./tiny/a.png' tiny/a.png ./tiny/a.png
    refuses 'standard input|twice' - -
    refuses 'standard input|twice' --files-from - -
    mkdir -p tiny2
    cp tiny/a.png tiny2
    mw tiny tiny2 --ignore-index 255 # only the name begins alike
    ended 0
    expect 'data["masks"] == 5'
}

@test "hard links are masks of their own" {
    mkdir -p hard
    cp kinds/c.png hard/a.png
    ln -f hard/a.png hard/b.png
    mw hard
    clean
    expect 'data["masks"] == 2' 'px == {0: 2, 1: 2}'
}

@test "a source without a mask, an empty or a missing one: one line that names it" {
    mkdir -p text
    echo text >text/notes.txt
    refuses 'empty' empty
    refuses 'text: |no mask|1 ' text
    refuses 'empty: no mask' tiny empty
    refuses 'empty: no mask' empty tiny --keep-going
    refuses 'missing: |No such file' tiny missing
    refuses 'empty name' ''
    refuses 'text: no mask' text --list-files
    mw text/notes.txt
    ended 2
    told 'text/notes.txt: error: not a mask'
    [ -z "$output" ]
}

@test "a mask on standard input is counted, PNG or TIFF" {
    mw - <tiny/a.png
    ended 0
    expect 'px == {0: 3, 1: 2, 2: 2, 255: 1}' 'data["masks"] == 1'
    mw - --ignore-index 255 -n 4 < <(cat tiny/sub/c.tif) # a pipe
    ended 0
    expect 'px == {0: 1, 1: 2, 2: 0, 3: 2}'
    mw - tiny/b.png --ignore-index 255 <tiny/a.png
    ended 0
    expect 'data["masks"] == 2' 'px == {0: 7, 1: 2, 2: 2}'
    mw - </dev/null
    ended 2
    told 'empty'
    head -c 40 tiny/a.png >"$BATS_TEST_TMPDIR/short"
    mw - <"$BATS_TEST_TMPDIR/short"
    ended 2
    told 'too early'
}

# Lists.

@test "--files-from counts the paths of a list, from a file or standard input, also with -0" {
    printf 'tiny/a.png\ntiny/sub/c.tif' >list # the last line may lack its end
    for from in list -; do
        mw --files-from "$from" --ignore-index 255 <list
        ended 0
        expect 'px == {0: 4, 1: 4, 2: 2, 3: 2}' 'data["masks"] == 2'
    done
    printf 'tiny/a.png\0tiny/sub/c.tif\0' >list0
    for flag in -0 --null; do
        mw --files-from list0 "$flag" --ignore-index 255
        ended 0
        expect 'px == {0: 4, 1: 4, 2: 2, 3: 2}'
    done
    mw --files-from list tiny/b.png --ignore-index 255
    ended 0
    expect 'px == {0: 8, 1: 4, 2: 2, 3: 2}'
    find tiny -name '*.png' -print0 | "$MASKWEIGHT" -qq --files-from - -0 >"$BATS_TEST_TMPDIR/out"
    expect_file "$BATS_TEST_TMPDIR/out" 'data["masks"] == 3'
}

@test "a listed mask that another source holds already is refused with its line" {
    printf 'kinds/c.png\ntiny/sub/c.tif\n' >list
    refuses 'list: line 2|tiny/sub/c.tif|tiny' tiny --files-from list
    refuses 'list: line 2|tiny/sub/c.tif|tiny' ./tiny/ --files-from list
    refuses 'list: line 2|tiny/sub/c.tif' tiny/sub/c.tif --files-from list
}

@test "a list does not depend on suffixes, and its failures stand as they were written" {
    printf 'kinds/e.mask\n./missing.png\ntiny\ntiny/a.png\n' >list
    mw --files-from list
    ended 2
    told './missing.png: error: ' 'tiny: error: a directory' '2 of 4 files'
    [ -z "$output" ]
    mw --files-from list --keep-going
    ended 3
    expect 'paths == ["./missing.png", "tiny"]' 'data["masks"] == 2' 'd["complete"] is False'
}

@test "a broken list is refused with its name and line" {
    printf 'tiny/a.png\n\ntiny/b.png\n' >list
    refuses 'list: line 2|empty' --files-from list
    printf 'tiny/a.png\0tiny/b.png\n' >list
    refuses 'list: line 1|NUL' --files-from list
    printf 'tiny/a.png\0\0tiny/b.png\0' >list
    refuses 'list: line 2|empty' --files-from list -0
    printf '%4096d\n' 1 >list
    refuses 'list: line 1|longer than a path can be, 4095 bytes (--null' --files-from list
    printf '%4096d\0' 1 >list
    refuses 'list: line 1|longer than a path can be, 4095 bytes' --files-from list -0
    [[ $stderr != *--null* ]]
    printf '%4095d\n' 1 >list
    mw --files-from list
    ended 2
    told 'cannot open: File name too long'
    : >list
    refuses 'list: |empty' --files-from list
    (sanitized || ulimit -v 400000; refuses '/dev/zero: line 1|4095 bytes' --files-from /dev/zero)
    refuses 'missing: ' --files-from missing
    refuses 'tiny: |directory' --files-from tiny
    refuses 'twice' --files-from list --files-from list
}

# What a walk takes.

@test "hidden files, other suffixes and links are skipped and counted as skipped" {
    mw kinds
    clean
    expect 'data["masks"] == 4' 'data["skipped_files"] == 3'
    mw -v kinds
    ended 0
    told 'kinds/.hidden.png: skipped: hidden' 'kinds/e.mask: skipped: ' 'kinds/f.txt: skipped: '
    untold .git
}

@test "the content decides the format, whatever the suffix or its case, and that is a finding" {
    mw kinds
    ended 0
    # 0 1 four times, but for one TIFF of 0 1 1 that is named .png
    expect 'px == {0: 4, 1: 5}' 'codes == ["suffix-mismatch"]' \
        'f("suffix-mismatch")["severity"] == "info"' 'f("suffix-mismatch")["count"] == 1' \
        'f("suffix-mismatch")["first"] == [{"path": "tif.png"}]'
    untold suffix-mismatch
    mw -v kinds
    told suffix-mismatch tif.png
}

@test "--include and --exclude match the path below the source, and repeat" {
    mw tiny --list-files --include '*.tif'
    [ "$output" = tiny/sub/c.tif ]
    mw tiny --list-files --include 'sub/*'
    [ "$output" = tiny/sub/c.tif ]
    mw tiny --list-files --include 'a*' --include '*/c.tif'
    [ "$output" = $'tiny/a.png\ntiny/sub/c.tif' ]
    mw tiny --list-files --exclude '*.png'
    [ "$output" = tiny/sub/c.tif ]
    mw tiny --list-files --exclude '[ab].png' --exclude d.png
    [ "$output" = tiny/sub/c.tif ]
    mw tiny --list-files --include '*.png' --exclude '?.png'
    ended 2
    mw tiny --include '[ad].png' --ignore-index 255
    ended 0
    expect 'data["masks"] == 2' 'data["skipped_files"] == 3' # b.png, notes.txt, sub/c.tif
    refuses 'no mask' tiny --include 'tiny/*'
    mw tiny/a.png --include '*.tif' --exclude '*' # what is named is counted
    ended 0
}

@test "a directory that --exclude matches is not entered" {
    mw tiny --exclude sub --ignore-index 255
    ended 0
    expect 'data["masks"] == 3' 'data["skipped_files"] == 1' # only notes.txt
    mkdir -p closed/in
    cp kinds/c.png closed
    echo broken >closed/in/bad.png
    mw closed --exclude in
    clean
    mw closed
    ended 2
}

@test "a finding on standard error shows the path as it was reached" {
    mw -v kinds tiny --ignore-index 255
    ended 0
    told 'kinds/tif.png [suffix-mismatch]' 'tiny/d.png [ignored-mask]'
}

@test "symbolic links are followed only with -L, and then count like the files they name" {
    ln -sfn ../outside links/dir
    ln -sfn ../outside/c.png links/file.png
    mw links
    clean
    expect 'data["masks"] == 2' 'data["skipped_files"] == 2'
    for flag in -L --follow; do
        mw "$flag" links
        clean
        expect 'data["masks"] == 4' 'px == {0: 2, 1: 8}'
    done
    ln -sfn links named # a link that is named is followed
    mw named
    clean
    expect 'data["masks"] == 2'
}

@test "directories may be as deep as the system takes paths; what is deeper fails by its name" {
    python3 - <<'END'
import os, shutil
place = os.open(".", os.O_RDONLY)
mask = open("tiny/a.png", "rb").read()
for depth in range(2100):
    name = "deep" if depth == 0 else "d"
    os.mkdir(name, dir_fd=place)
    place = os.open(name, os.O_RDONLY, dir_fd=place)
    if depth in (0, 2030, 2099):
        with open(os.open("mask.png", os.O_CREAT | os.O_WRONLY, dir_fd=place), "wb") as file:
            file.write(mask)
END
    mw deep --keep-going
    ended 3
    expect 'data["masks"] == 2' 'len(d["failures"]) == 1'
    told 'cannot open the directory: File name too long'
    rm -r deep
}

@test "a loop of links ends, is told once, and costs no mask" {
    mkdir -p loop/in
    cp kinds/c.png loop/in
    ln -sfn .. loop/in/up
    mw -L loop
    ended 0
    expect 'data["masks"] == 1' 'codes == ["symlink-loop"]' \
        'f("symlink-loop")["first"] == [{"path": "in/up/"}]' 'f("symlink-loop")["count"] == 1'
    told 'in/up' '[symlink-loop]'
    mw loop
    clean
    expect 'codes == []'
}

@test "with -L a link that leads nowhere is a failure, not a silence" {
    mkdir -p broken
    cp kinds/c.png broken
    ln -sfn nowhere broken/lost.png
    mw -L broken
    ended 2
    told 'broken/lost.png: error: '
    mw broken
    clean
    expect 'data["skipped_files"] == 1'
}

@test "--list-files lists the masks in the order of their paths and reads none of them" {
    mw order --list-files
    ended 0
    want=$(cd order && find . -name '*.png' | sed 's|^\./|order/|' | LC_ALL=C sort)
    [ "$output" = "$want" ]
    "$MASKWEIGHT" order --list-files -0 | tr '\0' '\n' >"$BATS_TEST_TMPDIR/list"
    [ "$(cat "$BATS_TEST_TMPDIR/list")" = "$want" ]
    "$MASKWEIGHT" order --list-files -0 | "$MASKWEIGHT" --files-from - -0 >"$BATS_TEST_TMPDIR/out"
    expect_file "$BATS_TEST_TMPDIR/out" 'data["masks"] == 9'
    mkdir -p unread
    echo broken >unread/bad.png
    mw unread --list-files
    clean
    [ "$output" = unread/bad.png ]
    mw unread tiny --list-files -o "$BATS_TEST_TMPDIR/paths"
    clean
    [ "$(wc -l <"$BATS_TEST_TMPDIR/paths")" -eq 5 ]
}

@test "a FIFO or a directory with a mask's name never blocks the walk" {
    local program=$MASKWEIGHT
    mkdir -p odd/folder.png
    mkfifo odd/pipe.png
    cp kinds/c.png odd/folder.png/
    cp kinds/c.png odd/
    # shellcheck disable=SC2030,SC2031 # for this test only
    MASKWEIGHT=$BATS_TEST_TMPDIR/timed
    printf '#!/bin/sh\nexec timeout 10 "%s" "$@"\n' "$program" >"$MASKWEIGHT"
    chmod +x "$MASKWEIGHT"
    mw odd
    clean
    expect 'data["masks"] == 2' 'data["skipped_files"] == 1'
    mw odd/pipe.png
    ended 2
    told 'odd/pipe.png: ' 'regular file'
    echo odd/pipe.png >list
    mw --files-from list
    ended 2
    told 'odd/pipe.png: error: not a regular file'
}

# Names.

@test "any name is counted, and never reaches the terminal or the document raw" {
    names=($'a\nb.png' $'c\x1b[31md.png' $'\xff\xfee.png' '-f.png' 'g"\h.png' $'i\tj.png' 'ü €.png')
    for name in "${names[@]}"; do
        cp names/ok.png "names/$name"
        echo broken >"names/bad $name"
    done
    mw names --keep-going
    ended 3
    # shellcheck disable=SC2154 # set by mw
    [ "$(wc -l <<<"$stderr")" -eq 7 ]
    expect 'data["masks"] == 8' 'px == {0: 8, 1: 8}' 'data["failed_files"] == 7' \
        'sorted(p for p in paths if "\ufffd" not in p) == sorted(["bad a\nb.png",
            "bad c\x1b[31md.png", "bad -f.png", "bad g\"\\h.png", "bad i\tj.png", "bad ü €.png"])' \
        '[__import__("base64").b64decode(e["path_bytes"]) for e in d["failures"]
          if "path_bytes" in e] == [b"bad \xff\xfee.png"]'
    if [[ $(LC_ALL=C tr -d '\n\40-\176' <<<"${stderr//bad ü €/}") ]]; then fail "raw bytes: $stderr"; fi
    told 'names/bad -f.png: error: ' "'names/bad a\\nb.png': error: " 'names/bad ü €.png: error: '
}

@test "what the user wrote never reaches the terminal raw either" {
    for way in missing --files-from= --output=missing/ --class-map= -c -s -f --nothing; do
        mw tiny "$way"$'\x1b[31m\n\x9b'
        ended 2
        if [[ $(LC_ALL=C tr -d '\40-\176' <<<"$stderr" | tr -d '\n') ]]; then
            fail "raw bytes after $way: $stderr"
        fi
    done
}

@test "the document of odd names is a source again" {
    mkdir -p back
    cp kinds/c.png $'back/\xff\n.png'
    echo broken >$'back/bad \xff\n.png'
    # shellcheck disable=SC2031
    "$MASKWEIGHT" -qq --keep-going back >"$BATS_TEST_TMPDIR/one" || [ $? -eq 3 ]
    # shellcheck disable=SC2031
    "$MASKWEIGHT" -qq --keep-going "$BATS_TEST_TMPDIR/one" >"$BATS_TEST_TMPDIR/two" || [ $? -eq 3 ]
    same "$BATS_TEST_TMPDIR/one" "$BATS_TEST_TMPDIR/two"
}

@test "-- ends the options; what follows is a source" {
    cd tiny
    cp a.png -- -a.png
    mw -q --ignore-index 255 -- -a.png
    ended 0
    expect 'px == {0: 3, 1: 2, 2: 2}'
    mw --ignore-index 255 -- -a.png b.png
    ended 0
    expect 'data["masks"] == 2'
    rm -- -a.png
}

# The output.

@test "an output inside the scanned tree is not counted, and the second run says the same" {
    cp -r tiny self
    mw self --ignore-index 255
    first=$output
    mw self --ignore-index 255 -o self/out.json
    clean
    cp self/out.json "$BATS_TEST_TMPDIR/one"
    [ "$(cat self/out.json)" = "$first" ]
    mw self --ignore-index 255 -o self/out.json
    clean
    same "$BATS_TEST_TMPDIR/one" self/out.json
    mw self --ignore-index 255 -o self/out.png # even with a mask's suffix
    mw self --ignore-index 255 -o self/out.png
    clean
    expect_file self/out.png 'data["masks"] == 4' 'data["skipped_files"] == 2' # notes.txt, out.json
}
