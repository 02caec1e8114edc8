# shellcheck shell=bash disable=SC2012 # ls: the names are ours
# Shared by all cases: `load helper`.
#
# MASKWEIGHT is the program under test, MW_SOURCE the source tree; tests/run sets both.

bats_require_minimum_version 1.5.0

: "${MW_SOURCE:=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}"
: "${MASKWEIGHT:=$MW_SOURCE/build/maskweight}"
: "${MW_BUILD:=$MW_SOURCE/build}"
[ -x /usr/bin/python3 ] && : "${PYTHON:=/usr/bin/python3}" # a wrapper in front of it is slow
: "${PYTHON:=python3}"
export MW_SOURCE MW_BUILD MASKWEIGHT PYTHON PYTHONDONTWRITEBYTECODE=1
export SAMPLE=$MW_SOURCE/data/sample
export GOLDEN=$MW_SOURCE/tests/cli/golden
export EXPECT=$MW_SOURCE/tests/cli/expect.py

# What would change how the program speaks.
unset NO_COLOR CLICOLOR_FORCE CI
export TERM=dumb LC_ALL=C.UTF-8

# Masks from standard input, one a line: FILE and the arguments of `masks.py write`. One start of
# Python for all of them.
masks() {
    "$PYTHON" -S -c '
import shlex, sys
sys.path.insert(0, sys.argv[1])
import masks
for line in sys.stdin:
    if line.strip():
        masks.main(["write", *shlex.split(line)])
' "$MW_SOURCE/tests"
}

# Runs the Python program on standard input; skips the test where it cannot import one of MODULE...
consume() {
    status=0
    (printf 'import sys\ntry:\n'; printf '    import %s\n' "$@"
        printf 'except ImportError as problem:\n    print(problem.name)\n    sys.exit(77)\n'; cat) |
        /usr/bin/python3 - >"$BATS_TEST_TMPDIR/missing" || status=$?
    [ "$status" -ne 77 ] || skip "no Python module $(cat "$BATS_TEST_TMPDIR/missing")"
    return "$status"
}

# One mask: FILE and the arguments of `masks.py write`.
mask() {
    "$PYTHON" -S "$MW_SOURCE/tests/masks.py" write "$@"
}

# The dataset whose numbers are worked out by hand, in DIRECTORY; its names stand in DIRECTORY.txt.
#
#   a.png       0 0 1 1 / 2 2 255 0            0: 3  1: 2  2: 2        255: 1
#   b.png       0 0 / 0 0                      0: 4                            empty
#   d.png       255 255                                                255: 2  ignored
#   sub/c.tif   0 1 1 3 / 3 255 255 255        0: 1  1: 2        3: 2  255: 3
#   all         N = 16, ignored 6              0: 8  1: 4  2: 2  3: 2
#   I           pixels of the masks with it    0: 16 1: 12 2: 7  3: 5
#   ignored     in the masks with it           0: 4  1: 4  2: 1  3: 3
tiny() {
    masks <<END
$1/a.png --rows "0 0 1 1;2 2 255 0"
$1/b.png --rows "0 0;0 0"
$1/d.png --rows "255 255"
$1/sub/c.tif --rows "0 1 1 3;3 255 255 255"
END
    echo "no mask" >"$1/notes.txt"
    printf '%s\n' background car '"sign", old' fence >"$1.txt"
}

# slow DIRECTORY: hard links to one mask of noise, together half a minute of work for one job or more.
slow() {
    "$PYTHON" -S - "$1" "$MW_SOURCE/tests" <<'END'
import os, pathlib, sys, zlib
sys.path.insert(0, sys.argv[2])
import masks
folder, side = pathlib.Path(sys.argv[1]), 2000
pack = zlib.compressobj(1)
stream = b"".join(pack.compress(b"\0" + os.urandom(side)) for _ in range(side)) + pack.flush()
data = (masks.PNG_SIGNATURE + masks.chunk(b"IHDR", masks.png_header(side, side, 8, 0)) +
        masks.chunk(b"IDAT", stream) + masks.chunk(b"IEND"))
masks.save(folder / "0.png", data)
for i in range(1, 3000):
    os.link(folder / "0.png", folder / f"{i}.png")
END
}

# Runs the program: $status, $output (standard output), $stderr. As `run --separate-stderr` does, with
# fewer processes: most of the time of these tests goes there.
mw() {
    status=0
    output=$("$MASKWEIGHT" "$@" 2>"$BATS_TEST_TMPDIR/stderr") || status=$?
    IFS= read -rd '' stderr <"$BATS_TEST_TMPDIR/stderr" || true
    stderr=${stderr%$'\n'}
}

# peak COMMAND...: runs it as `mw` does; $peak is the most memory that it held, in KiB.
peak() {
    status=0
    output=$("$PYTHON" -S - "$@" 2>"$BATS_TEST_TMPDIR/stderr" <<'END'
import resource, subprocess, sys
status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(status)
END
    ) || status=$?
    peak=$output
    stderr=$(<"$BATS_TEST_TMPDIR/stderr")
}

# Stops the test with a message.
fail() {
    printf '%s\n' "$@" >&2
    return 1
}

# The last run ended with STATUS.
ended() {
    [ "$status" -eq "$1" ] || fail "status $status instead of $1" "stdout: $output" "stderr: $stderr"
}

# The last run succeeded with nothing on standard error.
clean() {
    ended 0 || return
    [ -z "$stderr" ] || fail "standard error is not empty: $stderr"
}

# Each TEXT stands in standard error of the last run.
told() {
    local text
    for text; do
        [[ $stderr == *"$text"* ]] || fail "not on standard error: $text" "stderr: $stderr" || return
    done
}

# No TEXT stands in standard error of the last run.
untold() {
    local text
    for text; do
        [[ $stderr != *"$text"* ]] || fail "on standard error: $text" "stderr: $stderr" || return
    done
}

# refuses TEXT ARGUMENT...: the program ends with status 2, writes nothing on standard output and
# exactly one line, which holds TEXT (parts of it divided by |), on standard error.
refuses() {
    local texts
    IFS='|' read -ra texts <<<"$1"
    shift
    mw "$@"
    ended 2 || return
    [ -z "$output" ] || fail "standard output is not empty: $output" || return
    [[ -n $stderr && $stderr != *$'\n'* ]] || fail "not one line: $stderr" || return
    [[ $stderr == 'maskweight: error: '* ]] || fail "no error line: $stderr" || return
    told "${texts[@]}"
}

# expect EXPRESSION...: each Python expression holds for the JSON document in $output.
# See expect.py for the names that they may use.
expect() {
    "$PYTHON" -S "$EXPECT" "$@" <<<"$output"
}

# expect_file FILE EXPRESSION...: the same for the document in FILE.
expect_file() {
    "$PYTHON" -S "$EXPECT" "${@:2}" <"$1"
}

# same FILE FILE: the bytes are equal; if not, shows the difference.
same() {
    diff -u "$1" "$2" >&2
}

# golden NAME ARGUMENT...: standard output is the file golden/NAME, at any number of jobs. The version in
# a document stands there as VERSION.
golden() {
    local name=$1 jobs
    shift
    for jobs in 1 2 3 8; do
        "$MASKWEIGHT" -j "$jobs" "$@" >"$BATS_TEST_TMPDIR/written" || return
        sed '2s/"maskweight":\t"[0-9.]*"/"maskweight":\t"VERSION"/' "$BATS_TEST_TMPDIR/written" \
            >"$BATS_TEST_TMPDIR/got"
        same "$GOLDEN/$name" "$BATS_TEST_TMPDIR/got" || return
    done
}

# Only these names stand in DIRECTORY, in order of bytes.
holds_only() {
    local found
    found=$(cd "$1" && LC_ALL=C ls -A | tr '\n' ' ')
    [ "$found" = "${*:2}${2:+ }" ] || fail "$1 holds: $found"
}

# Whether the program under test has a sanitizer, which takes memory and time of its own.
sanitized() {
    grep -qE 'lib[at]san\.so' "$MASKWEIGHT"
}

# Whether it is run by an emulator, which takes time too (tests/qemu/run).
emulated() {
    [[ $MASKWEIGHT == */emulated ]]
}
