#!/usr/bin/env bats
# Faults of the system and hostile files. tests/faults/run makes every call fail; here is what needs a
# case of its own. tests/faults/README.md says which test covers what.

load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    tiny tiny
    # More than the window of the input: several reads.
    masks <<'END'
set/a.png --size 1300x1300 --noise 1 --values 4
set/b.png --size 1300x1300 --noise 2 --values 4
set/sub/c.tif --size 1300x1300 --noise 3 --values 4 --rows-per-strip 50
END
    mkdir outside
    echo secret >outside/secret
    echo spare >outside/victim
    cp set/a.png outside/other.png
    "$MASKWEIGHT" set >set.json
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return
    work=$BATS_TEST_TMPDIR/work
}

# at CALL:N COMMAND ARGUMENT...: runs the program as `mw` does, and COMMAND in a shell just before call
# number N, in whichever thread that is.
at() {
    local LD_PRELOAD=$MW_BUILD/tests/faults.so MW_FAULT_COMMAND=$2
    [[ $MW_BUILD != */tsan ]] || skip "nothing is preloaded below the thread sanitizer"
    status=0
    output=$(export LD_PRELOAD MW_FAULT_COMMAND ASAN_OPTIONS=verify_asan_link_order=0 MW_FAULT="$1:0:run"
        exec "$MASKWEIGHT" "${@:3}" 2>"$BATS_TEST_TMPDIR/stderr") || status=$?
    unset LD_PRELOAD
    IFS= read -rd '' stderr <"$BATS_TEST_TMPDIR/stderr" || true
    stderr=${stderr%$'\n'}
}

# Files that change while they are read.

@test "a file that vanishes before it is opened is a failure" {
    cp -r set "$work"
    # The first files that are opened are the sandbox's; the directory is read by then.
    at readdir:4 "rm '$work/b.png'" "$work" -j 1
    ended 2
    told 'b.png: error: cannot open: No such file' '1 of 3 files'
    [ -z "$output" ]
    cp -r set "$work.2"
    at readdir:4 "rm '$work.2/b.png'" "$work.2" -j 1 --keep-going
    ended 3
    expect 'data["masks"] == 2' 'paths == ["b.png"]' 'd["complete"] is False'
}

@test "a file that is cut while it is read is a failure, and counts for nothing" {
    cp -r set "$work"
    at read:2 "truncate -s 1000 '$work/a.png'" "$work" -j 1 --keep-going
    ended 3
    told 'a.png: error: '
    expect 'data["masks"] == 2' 'paths == ["a.png"]' 'sum(px.values()) == 2 * 1690000'
}

@test "a file that grows or is written again while it is read is a failure" {
    for change in "echo more >>a.png" "cat b.png >a.png" "touch a.png"; do
        rm -rf "$work"
        cp -r set "$work"
        at read:2 "cd '$work' && $change" "$work" -j 1
        ended 2
        told 'a.png: error: ' 'of 3 files'
        [ -z "$output" ] || fail "$change"
    done
}

@test "a file that is replaced while it is read counts as it was" {
    cp -r set "$work"
    at read:2 "cp '$work/b.png' '$work/new' && mv '$work/new' '$work/a.png'" "$work" -j 1
    clean
    [ "$output" = "$(cat set.json)" ]
}

@test "a directory that is moved or removed in mid-walk is a failure, never a shorter document" {
    for change in "mv sub gone" "rm -r sub"; do
        rm -rf "$work"
        cp -r set "$work"
        at readdir:5 "cd '$work' && $change" "$work" -j 1
        ended 2
        told 'sub/' 'No such file'
        [ -z "$output" ] || fail "$change"
    done
}

@test "what is replaced by a link in mid-walk leads nowhere outside the source" {
    "$MASKWEIGHT" "$SAMPLE" --sandbox require --list-files >/dev/null 2>&1 || skip "no Landlock here"
    rm -rf "$work"
    cp -r set "$work"
    at readdir:5 "cd '$work' && rm -r sub && ln -s '$PWD/outside' sub" "$work" -j 1
    ended 2
    told 'sub/' 'Permission denied'
    rm -rf "$work"
    cp -r set "$work"
    at readdir:4 "cd '$work' && ln -sf '$PWD/outside/other.png' b.png" "$work" -j 1
    ended 2
    told 'b.png' 'Permission denied'
    [ -z "$output" ]
}

@test "a FIFO in the place of a file never blocks" {
    cp -r set "$work"
    at readdir:4 "cd '$work' && rm b.png && mkfifo b.png" "$work" -j 1
    ended 2
    told 'b.png: error: not a regular file'
}

@test "a slow file holds up no other" {
    cp -r set "$work"
    for i in {1..40}; do cp tiny/b.png "$work/z$i.png"; done
    at read:1 'sleep 1' "$work" -j 2 --progress always
    ended 0
    # Long before the end, all but the slow one are counted.
    [[ $stderr == *'42 masks'*'42 masks'* ]] || fail "$stderr"
    expect 'data["masks"] == 43'
}

# Limits.

@test "every limit is told with the option that raises it, and raising it helps" {
    [ -d limits ] || masks <<'END'
limits/a.png --size 300x20 --fill 1
limits/b.tif --size 300x20 --fill 1 --rows-per-strip 20
limits/c.tif --size 30x20 --fill 1 --pages 3
limits/d.tif --size 30x20 --fill 1 --tile 64x64 --compression lzw
limits/e.npy --size 30x20 --fill 1 --pages 3
limits/f.pgm --size 30x20 --fill 1 --pages 3
limits/g.png --rows "0 1 2 3 4;5 6 7 8 9"
limits/h.png --rows "#000000 #010101 #020202;#030303 #040404 #050505"
limits/i.tif --rows "#000000 #010101 #020202;#030303 #040404 #050505"
limits/j.tif --rows "70000 70001 70002" --bits 32
END
    limit() {
        refuses_mask "$1" "--$2 $3" "--$2" "$3" || return
        mw "limits/$1" "--$2" "$4"
        ended 0
    }
    refuses_mask() {
        mw "limits/$1" "${@:3}"
        ended 2 || return
        told "limits/$1: error: " "$2"
    }
    limit a.png max-pixels 5999 6000
    limit a.png max-row-bytes 299 300
    limit b.tif max-row-bytes 299 6000 # what is not compressed is counted row by row
    limit d.tif max-row-bytes 4000 5000
    limit c.tif max-pages 2 3
    limit e.npy max-pages 2 3
    limit f.pgm max-pages 2 3
    limit c.tif max-metadata 100 10000
    for mask in 'g.png 9 10' 'j.tif 2 3'; do
        read -r mask less enough <<<"$mask"
        refuses_mask $mask "more than $less distinct values (--max-values)" --max-values $less
        mw limits/$mask --max-values $enough -qq
        ended 0
    done
    printf '%s\n' '0 0 0 a' '1 1 1 b' '2 2 2 c' '3 3 3 d' '4 4 4 e' '5 5 5 f' >limits/colours
    for mask in h.png i.tif; do
        for decoder in fast reference; do
            refuses_mask $mask 'more than 5 distinct values (--max-values)' --decoder $decoder \
                --encoding rgb -c limits/colours --max-values 5
            mw limits/$mask --decoder $decoder --encoding rgb -c limits/colours --max-values 6 -qq
            ended 0
        done
    done
}

@test "texts have a limit of their size" {
    "$MASKWEIGHT" tiny -n 4 --ignore-index 255 -qq -o counted.json
    echo '["min-masks=1"]' >rules.json
    tall() { # FILE ARGUMENT...
        local bytes
        bytes=$(stat -c %s "$1")
        refuses "$1: |more than $((bytes - 1)) bytes (--max-text)" "${@:2}" --max-text $((bytes - 1))
        mw "${@:2}" -qq --max-text 99999
        ended 0
    }
    tall counted.json counted.json
    tall counted.json tiny -n 4 --ignore-index 255 --baseline counted.json --check max-drift=1
    tall rules.json tiny -n 4 --ignore-index 255 --rules rules.json
    tall tiny.txt tiny --ignore-index 255 -c tiny.txt
    refuses 'standard input: more than 99 bytes (--max-text)' - --max-text 99 <counted.json
    printf '{"maskweight": 1, ' >huge.json
    truncate -s 1025M huge.json # a hole, which is read and costs no disk
    refuses 'huge.json: more than 1073741824 bytes (--max-text)' huge.json
    truncate -s 17M huge.txt
    refuses 'huge.txt: more than 16777216 bytes (--max-text)' tiny -c huge.txt
}

@test "a file that takes longer than --max-seconds is refused, and holds up no other" {
    cp -r set "$work"
    at read:2 'sleep 1.2' "$work" -j 1 --max-seconds 1 --keep-going
    ended 3
    told 'error: it takes longer than --max-seconds 1'
    expect 'data["masks"] == 2' 'data["failed_files"] == 1'
    mw "$work" -j 1 --max-seconds 600
    ended 0
}

@test "a TIFF whose tags claim 3 GB stays below 64 MB" {
    sanitized && skip "the sanitizer needs memory of its own"
    "$PYTHON" -S - "$MW_SOURCE/tests" <<'END'
import sys
sys.path.insert(0, sys.argv[1])
import masks
# 3000 unknown tags, each the same MiB of the file.
data = bytearray(masks.tiff([{"rows": masks.constant(16, 16, 1)}]))
place = len(data)
size = 1 << 20
entries = {256: 16, 257: 16, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: 16, 279: 256}
directory = b"".join(tag.to_bytes(2, "little") + (4).to_bytes(2, "little") +
                     (1).to_bytes(4, "little") + value.to_bytes(4, "little")
                     for tag, value in entries.items())
count = 3000
directory += b"".join((tag + 40000).to_bytes(2, "little") + (1).to_bytes(2, "little") +
                      size.to_bytes(4, "little") + place.to_bytes(4, "little")
                      for tag in range(count))
data += bytes(size)
data[4:8] = len(data).to_bytes(4, "little")
data += (len(entries) + count).to_bytes(2, "little") + directory + bytes(4)
open("fat.tif", "wb").write(data)
END
    peak "$MASKWEIGHT" fat.tif
    ended 2
    told 'fat.tif: error: the TIFF directories have more bytes than --max-metadata 33554432'
    [ "$peak" -lt 65536 ] || fail "$peak KiB"
    mw fat.tif --max-metadata 100000000
    ended 2
    told '--max-metadata 100000000'
}

@test "chunks of text that unpack to half a gigabyte, and 5000 of them, are not unpacked" {
    sanitized && skip "the sanitizer needs memory of its own"
    "$PYTHON" -S - "$MW_SOURCE/tests" <<'END'
import sys, zlib
sys.path.insert(0, sys.argv[1])
import masks
pack = zlib.compressobj(9)
bomb = b"".join(pack.compress(bytes(1 << 20)) for _ in range(256)) + pack.flush()
png = masks.png([[0, 1], [2, 3]])
begin = 8 + 25
chunks = masks.chunk(b"iCCP", b"x\0\0" + bomb) + masks.chunk(b"zTXt", b"y\0\0" + bomb)
chunks += masks.chunk(b"tEXt", b"key\0value") * 5000
open("bomb.png", "wb").write(png[:begin] + chunks + png[begin:])
END
    for decoder in fast reference; do
        peak "$MASKWEIGHT" bomb.png --decoder $decoder
        ended 0
        [ "$peak" -lt 40000 ] || fail "$decoder: $peak KiB"
    done
}

@test "an image of 400 megapixels in less than a megabyte is counted in little memory, or refused" {
    sanitized && skip "slow below a sanitizer"
    "$PYTHON" -S "$MW_SOURCE/tests/masks.py" large-png bomb.png 20000 20000 >bomb.expected
    [ "$(stat -c %s bomb.png)" -lt 1000000 ]
    peak "$MASKWEIGHT" bomb.png -j 1
    ended 0
    [ "$peak" -lt 65536 ] || fail "$peak KiB"
    mw bomb.png --max-pixels 399999999
    ended 2
    told '20000 x 20000' '--max-pixels'
    rm bomb.png
}

@test "memory stays within what the manual states, at 1 and at 8 jobs" {
    sanitized && skip "the sanitizer needs memory of its own"
    # A PNG of just under 32 MiB, compressed and inflated, in many copies.
    mkdir whole
    "$PYTHON" -S - "$MW_SOURCE/tests" <<'END'
import os, sys
sys.path.insert(0, sys.argv[1])
import masks
rows = [bytes(range(256)) * 20] * 6000
raw = b"".join(b"\0" + row for row in rows)
import zlib
data = (masks.PNG_SIGNATURE + masks.chunk(b"IHDR", masks.png_header(5120, 6000, 8, 0)) +
        masks.chunk(b"IDAT", zlib.compress(raw, 1)) + masks.chunk(b"IEND"))
masks.save(__import__("pathlib").Path("whole/0.png"), data)
for i in range(1, 10):
    os.link("whole/0.png", f"whole/{i}.png")
END
    peak "$MASKWEIGHT" tiny/b.png -j 1
    base=$peak
    for jobs in 1 8; do
        peak "$MASKWEIGHT" whole -j $jobs
        ended 0
        [ "$peak" -lt $((base + jobs * 36 * 1024)) ] || fail "$jobs jobs: $peak KiB, $base without masks"
    done
    rm -r whole
}

@test "too little address space is an error of one line, and enough is enough" {
    sanitized && skip "the sanitizer needs address space of its own"
    # What it takes to start at all, in steps of 8 MiB.
    least=$((16 * 1024))
    until (ulimit -v $least && "$MASKWEIGHT" --version) >/dev/null 2>&1; do
        least=$((least + 8192))
        [ $least -lt 1000000 ] || fail "more than 1 GB of address space"
    done
    for extra in 0 2048 4096 8192 16384 32768; do
        status=0
        output=$( (ulimit -v $((least + extra)) && exec "$MASKWEIGHT" set -j 8) 2>err) || status=$?
        stderr=$(cat err)
        case $status in
        0) [ "$output" = "$(cat set.json)" ] || fail "$output" ;;
        2) [ -z "$output" ] && told 'maskweight: error: ' || fail "$stderr" ;;
        *) fail "$extra KiB: status $status: $stderr" ;;
        esac
    done
    output=$(ulimit -v $((least + 400000)) && "$MASKWEIGHT" set -j 8)
    [ "$output" = "$(cat set.json)" ]
}

# What the system runs short of.

@test "eight file descriptors are enough" {
    output=$(ulimit -n 8 && "$MASKWEIGHT" set -j 8) || fail "$output"
    [ "$output" = "$(cat set.json)" ]
    status=0
    output=$( (ulimit -n 8 && exec "$MASKWEIGHT" set -j 8 -o "$BATS_TEST_TMPDIR/out") 2>&1) || status=$?
    ended 0
    same set.json "$BATS_TEST_TMPDIR/out"
}

@test "a path longer than the system allows is a failure, named in one line, and ends" {
    "$PYTHON" -S - <<'END'
import os
os.mkdir("deep")
os.chdir("deep")
for _ in range(50):
    os.mkdir("d" * 200)
    os.chdir("d" * 200)
END
    mw deep
    ended 2
    [ -z "$output" ]
    told 'File name too long' 'deep/ddd'
    rm -rf deep
}

@test "with SIGPIPE ignored, a reader that stops early is an error of one line" {
    status=0
    mkfifo "$BATS_TEST_TMPDIR/pipe"
    head -c 1 "$BATS_TEST_TMPDIR/pipe" >/dev/null 3>&- &
    stderr=$(env --ignore-signal=PIPE "$MASKWEIGHT" set -n 3000 -s all -qq --unknown ignore \
        2>&1 >"$BATS_TEST_TMPDIR/pipe") || status=$?
    ended 2
    told 'standard output' 'Broken pipe'
    [ "$(wc -l <<<"$stderr")" -eq 1 ] || fail "$stderr"
}

@test "the document is written, synced, renamed, and its directory synced, in this order" {
    command -v strace >/dev/null || skip "no strace here"
    sanitized && skip "the sanitizer does not run below strace"
    strace -o trace -y -e trace=write,fsync,rename,renameat,renameat2,fdatasync true 2>/dev/null ||
        skip "strace may not trace here"
    mkdir "$work"
    strace -f -o trace -y -e trace=write,fsync,rename,renameat,renameat2 "$MASKWEIGHT" set -o "$work/out"
    sed -n "\\|$work|s/^[0-9]* *\\([a-z]*\\)[0-9a-z]*(.*/\\1/p" trace | uniq >order
    [ "$(tr '\n' ' ' <order)" = 'write fsync rename fsync ' ] || fail "$(cat order)"
}

# The sandbox.

# Words: 1, and the errno of making a file, unlinking, connecting, reading and writing outside, from within
# a worker.
attempts() {
    head -c 256 /dev/zero >record
    (
        [[ $MW_BUILD != */tsan ]] || exit 0
        export LD_PRELOAD=$MW_BUILD/tests/faults.so ASAN_OPTIONS=verify_asan_link_order=0
        export MW_FAULT=read:1:0:escape MW_FAULT_RECORD=record MW_FAULT_COMMAND=$PWD/outside
        exec "$MASKWEIGHT" "$@"
    ) >out 2>err || fail "$(cat err)" || return
    "$PYTHON" -S -c 'import struct
words = struct.unpack_from("20i", open("record", "rb").read())
print(words[14], *words[15:20])'
}

@test "from within a worker nothing can be written, removed, reached or read but the sources" {
    [[ $MW_BUILD != */tsan ]] || skip "nothing is preloaded below the thread sanitizer"
    "$MASKWEIGHT" tiny/b.png --sandbox require >/dev/null 2>&1 || skip "no Landlock here"
    mkdir -p "$work"
    for arguments in set 'set -j 3' 'tiny/b.png' 'set --inspect' "set -o $work/out"; do
        # shellcheck disable=SC2086 # arguments
        got=$(attempts $arguments)
        [ "$got" = '1 13 13 13 13 13' ] || fail "$arguments: $got" # EACCES, each time
        [ ! -e outside/new ]
        [ -e outside/victim ]
    done
    same set.json "$work/out"
    # With links that lead anywhere, reading is free, and nothing else.
    [ "$(attempts set -L)" = '1 13 13 13 0 13' ]
    # The attempts do work where there is no sandbox: ECONNREFUSED is the network's.
    [ "$(attempts set --sandbox off)" = '1 0 0 111 0 0' ]
    [ -e outside/new ]
    rm outside/new
    echo spare >outside/victim
}

@test "a kernel without Landlock: auto goes on and -v says so, require stops" {
    command -v strace >/dev/null || skip "no strace here"
    sanitized && skip "the sanitizer does not run below strace"
    without() {
        strace -f -o /dev/null -e trace=444 -e "inject=444:error=$1" "$MASKWEIGHT" "${@:2}"
    }
    without ENOSYS --version >/dev/null 2>&1 || skip "strace may not trace here"
    output=$(without ENOSYS set 2>err)
    [ "$output" = "$(cat set.json)" ]
    [ ! -s err ]
    stderr=$(without EOPNOTSUPP set -v 2>&1 >/dev/null)
    told 'no sandbox: Landlock is switched off'
    status=0
    stderr=$(without ENOSYS set --sandbox require 2>&1 >out) || status=$?
    ended 2
    told 'maskweight: error: --sandbox require: the kernel has no Landlock'
    [ ! -s out ]
}

# Interrupts and many racers; `make torture` runs more of them.

@test "runs that are killed at random moments leave the old file or the new one, whole" {
    "$MW_SOURCE/tests/faults/kill" "$MASKWEIGHT" 12
}

@test "runs that are killed while they write a cache leave a whole one, and the next run is as a clean one" {
    [[ $MW_BUILD != */tsan ]] || skip "too slow"
    "$MW_SOURCE/tests/faults/kill-cache" "$MASKWEIGHT" 8
}

@test "files that are removed, cut, renamed and replaced at random never crash it or count half" {
    "$MW_SOURCE/tests/faults/race" "$MASKWEIGHT" 2
}

# The same bytes everywhere.

@test "neither jobs, the order of directories, locale, time zone, umask nor closed streams change a byte" {
    run_same() {
        "$@" >got 2>/dev/null || fail "$*: status $?" || return
        same want got || fail "$*"
    }
    for arguments in 'tiny --ignore-index 255 -s all' 'tiny --ignore-index 255 -f csv' 'set --inspect' \
        'tiny --list-files' 'set.json -s enet -f table --color never'; do
        # shellcheck disable=SC2086 # arguments
        set -- $arguments
        "$MASKWEIGHT" "$@" >want 2>/dev/null
        for jobs in 1 2 3 8 64; do run_same "$MASKWEIGHT" "$@" -j $jobs; done
        for locale in C POSIX C.UTF-8 de_DE.UTF-8 tr_TR.UTF-8; do
            run_same env LC_ALL=$locale LANG=$locale LANGUAGE=de "$MASKWEIGHT" "$@"
        done
        for zone in UTC Pacific/Kiritimati America/St_Johns; do run_same env TZ=$zone "$MASKWEIGHT" "$@"; done
        run_same env -i "$MASKWEIGHT" "$@"
        run_same env -u HOME "$MASKWEIGHT" "$@"
        (umask 077 && run_same "$MASKWEIGHT" "$@")
        "$MASKWEIGHT" "$@" >got 2>&- <&- || fail "closed: $?"
        same want got
        if command -v taskset >/dev/null; then run_same taskset -c 0 "$MASKWEIGHT" "$@"; fi
        [[ $MW_BUILD != */tsan ]] || continue
        for seed in 1 2 3 4; do
            run_same env LD_PRELOAD="$MW_BUILD/tests/faults.so" ASAN_OPTIONS=verify_asan_link_order=0 \
                MW_FAULT=readdir:$seed:0:shuffle "$MASKWEIGHT" "$@"
        done
        run_same env LD_PRELOAD="$MW_BUILD/tests/faults.so" ASAN_OPTIONS=verify_asan_link_order=0 \
            MW_FAULT=readdir:1:0:unknown "$MASKWEIGHT" "$@"
    done
}

@test "a storm of alarms changes nothing, whatever the program waits for" {
    [[ $MW_BUILD != */tsan ]] || skip "nothing is preloaded below the thread sanitizer"
    storm() { # three alarms a millisecond, whose handler lets no call go on by itself
        LD_PRELOAD=$MW_BUILD/tests/faults.so ASAN_OPTIONS=verify_asan_link_order=0 MW_FAULT_ALARMS=300 \
            "$MASKWEIGHT" "$@"
    }
    "$MASKWEIGHT" set -s all -qq >want
    storm set -s all -qq -j 3 >got
    same want got
    "$MASKWEIGHT" want -s enet -qq >again
    { head -c 100 want; sleep 0.2; tail -c +101 want; } | storm - -s enet -qq >got
    same again got
    find set -name '*.*' | sort >list
    "$MASKWEIGHT" --files-from list -qq >listed
    while IFS= read -r path; do echo "$path"; sleep 0.05; done <list | storm --files-from - -qq >got
    same listed got
    storm set -s all -qq | { sleep 0.2; cat; } >got
    same want got
    rm -f slow
    mkfifo slow
    { sleep 0.2; cat slow; } 3>&- >got &
    storm set -s all -qq -o slow
    wait $!
    same want got
    storm set -s all -qq -o got
    same want got
}

@test "argv may be empty" {
    "$PYTHON" - "$MASKWEIGHT" <<'END'
import ctypes, os, sys
child = os.fork()
if child == 0:
    os.close(2)
    ctypes.CDLL(None).execve(sys.argv[1].encode(), (ctypes.c_char_p * 1)(None), None)
    os._exit(99)
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
sys.exit(status != 2)
END
}

# How the program is built.

@test "the release build is hardened" {
    [[ $(basename "$MW_BUILD") = build ]] || skip "of the release build"
    command -v readelf >/dev/null || skip "no readelf here"
    readelf -hW "$MASKWEIGHT" | grep -q 'Type: *DYN' # position-independent
    readelf -lW "$MASKWEIGHT" | grep -q GNU_RELRO
    readelf -dW "$MASKWEIGHT" | grep -q BIND_NOW
    readelf -lW "$MASKWEIGHT" | grep GNU_STACK | grep -q 'RW ' # no executable stack
    readelf -sW "$MASKWEIGHT" | grep -q __stack_chk_fail
    readelf -sW "$MASKWEIGHT" | grep -q '_chk@' # fortified
    readelf -W --debug-dump=info "$MW_BUILD/obj/src/main.o" | grep -m 1 producer |
        grep -q -- -fstack-clash-protection
    [ "$(uname -m)" = x86_64 ] || return 0
    # Control-flow enforcement: the linker drops it where the C library's own start-up code has none.
    readelf -nW "$MW_BUILD/obj/src/main.o" | grep -q 'IBT, SHSTK'
}

# Names.

@test "--csv-safe guards class names that look like formulas, and no other cell" {
    printf '%s\n' '=1+2' '+x' '-y' '@SUM(A1)' plain ' =z' >names.txt
    mask formula/a.png --rows "0 1 2 3 4 5"
    mw formula -c names.txt -f csv --csv-safe
    clean
    read_names() {
        "$PYTHON" -S -c 'import csv, sys
print(*[row[1] for row in csv.reader(sys.stdin)][1:], sep="|")' <<<"$output"
    }
    [ "$(read_names)" = "'=1+2|'+x|'-y|'@SUM(A1)|plain|' =z" ] || fail "$(read_names)"
    [ "$(cut -d, -f1,3- <<<"$output")" = "$("$MASKWEIGHT" formula -c names.txt -f csv | cut -d, -f1,3-)" ]
    mw formula -c names.txt -f csv
    [ "$(read_names)" = '=1+2|+x|-y|@SUM(A1)|plain| =z' ]
    mw formula -c names.txt # and the document has the names as they are
    expect '[c["name"] for c in d["classes"]] == ["=1+2", "+x", "-y", "@SUM(A1)", "plain", " =z"]'
    refuses '--csv-safe|--format csv' formula -c names.txt --csv-safe
}

@test "names of 255 bytes, with control characters or invalid UTF-8, in every output" {
    mkdir long
    names=("$(printf 'x%.0s' {1..251}).png" "$(printf '\xff%.0s' {1..251}).png" $'\e]0;title\a.png' '=cmd()|.png' ' .png')
    for name in "${names[@]}"; do cp tiny/b.png "long/$name"; done
    printf 'bad' >"long/$(printf 'y%.0s' {1..251}).png"
    printf 'bad' >"long/$(printf '\e%.0s' {1..251}).png"
    mw long --keep-going -v
    ended 3
    expect 'data["masks"] == 5' 'data["failed_files"] == 2' \
        'sorted(len(p) for p in paths) == [255, 255]'
    if [[ $(LC_ALL=C tr -d '\n\40-\176' <<<"$stderr") ]]; then fail "raw bytes: $stderr"; fi
    for format in json csv list npy lut keras yaml table; do
        mw long --keep-going -qq -n 1 -f $format -o "$BATS_TEST_TMPDIR/out"
        ended 3
        [ "$format" = npy ] || [ "$format" = lut ] || "$PYTHON" -S -c 'import sys
text = open(sys.argv[1], "rb").read().decode("utf-8")
assert not [c for c in text if ord(c) < 32 and c not in "\n\t"], text' "$BATS_TEST_TMPDIR/out"
    done
    mw long --inspect -q
    ended 3
    if [[ $(LC_ALL=C tr -d '\n\40-\176' <<<"$output$stderr") ]]; then fail "raw bytes: $output"; fi
    # A list may be of any bytes, and is read back.
    "$MASKWEIGHT" long --list-files -0 >list0
    [ "$(tr -dc '\0' <list0 | wc -c)" -eq 7 ]
    mw --files-from list0 -0 --keep-going
    ended 3
    expect 'data["masks"] == 5'
}

@test "70,000 pages, and 100,000 directories of the same two pixels, are refused" {
    "$PYTHON" -S - "$MW_SOURCE/tests" <<'END'
import sys
sys.path.insert(0, sys.argv[1])
import masks
page = {"rows": [[1, 2]]}
open("pages.tif", "wb").write(masks.tiff([page] * 70000))
# One directory, the next of which is the following one, all over the same two pixels.
head = masks.tiff([page])
start = int.from_bytes(head[4:8], "little")
size = 2 + 12 * int.from_bytes(head[start:start + 2], "little") + 4
body = head[start:start + size - 4]
data = bytearray(head[:start])
for i in range(100000):
    data += body + (start + (i + 1) * size if i < 99999 else 0).to_bytes(4, "little")
open("thumbnails.tif", "wb").write(data)
END
    for file in pages.tif thumbnails.tif; do
        began=${EPOCHREALTIME/./}
        mw $file
        took=$((${EPOCHREALTIME/./} - began))
        ended 2
        told "$file: error: " '--max-pages 65536'
        [ $took -lt 60000000 ] || fail "$took microseconds"
    done
}
