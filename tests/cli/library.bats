#!/usr/bin/env bats
# The library as others meet it: what it shows, that it installs, and that it counts as the program does.

load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    tiny tiny
    [ "$MW_BUILD" = "$MW_SOURCE/build" ] || return 0
    # --no-print-directory and the like of an outer make are not for this one
    env -u MAKEFLAGS -u MAKELEVEL make -s -C "$MW_SOURCE" install "DESTDIR=$PWD/root" PREFIX=/opt/mw >make.log 2>&1 ||
        fail "$(cat make.log)"
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return
    t=$BATS_TEST_TMPDIR
    lib=$PWD/root/opt/mw/lib
    export PKG_CONFIG_PATH=$lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$PWD/root PKG_CONFIG_ALLOW_SYSTEM_LIBS=1
}

installed() {
    [ -d root ] || skip 'only the release build is installed'
}

shared() {
    ls "$MW_BUILD"/lib/libmaskweight.so.?.*
}

@test "the shared object shows the functions of the header, and nothing else" {
    grep -o 'MASKWEIGHT_API [^(]*' "$MW_SOURCE/src/maskweight.h" | grep -o 'mw_[a-z_]*$' | sort >"$t/declared"
    [ "$(wc -l <"$t/declared")" -ge 10 ]
    nm -D --defined-only "$(shared)" | awk '$2 ~ /[A-Z]/ { print $3 }' | grep -v '^\(__\(a\|ub\|t\|llvm\|start\|stop\)\|lprof\)' |
        sort | same "$t/declared" /dev/stdin
    # in a static library the others cannot be hidden, but they have the prefix
    nm -g --defined-only "$MW_BUILD/lib/libmaskweight.a" | awk 'NF == 3 && $2 ~ /[TDBRC]/ { print $3 }' |
        grep -v '^mw_' | grep -v '^\(__\|_ZTS\|asan\)' >"$t/others" || true
    [ ! -s "$t/others" ] || fail "$(cat "$t/others")"
}

@test "the shared object has its version, and is as hard as the program" {
    installed
    version=$("$MASKWEIGHT" --version | sed -n '1s/^maskweight //p')
    [ "$(readlink "$lib/libmaskweight.so")" = libmaskweight.so.0 ]
    [ "$(readlink "$lib/libmaskweight.so.0")" = "libmaskweight.so.${version%% *}" ]
    readelf -Wd "$lib/libmaskweight.so" >"$t/dynamic"
    grep -F 'Library soname: [libmaskweight.so.0]' "$t/dynamic"
    grep -E 'BIND_NOW|FLAGS_1.*NOW' "$t/dynamic"
    ! grep -F TEXTREL "$t/dynamic"
    readelf -Wl "$lib/libmaskweight.so" >"$t/segments"
    grep -F GNU_RELRO "$t/segments"
    grep -E 'GNU_STACK .* RW ' "$t/segments"
    nm -D "$lib/libmaskweight.so" | grep -F __stack_chk_fail
    nm -D "$lib/libmaskweight.so" | grep -F _chk@
    [ "$(pkg-config --modversion maskweight)" = "${version%% *}" ]
}

@test "the example builds against the installed copy, shared, static and as C++, and counts as the program" {
    installed
    warnings=(-std=c11 -Wall -Wextra -Wpedantic -Werror)
    read -ra flags <<<"$(pkg-config --cflags --libs maskweight)"
    cc "${warnings[@]}" "$MW_SOURCE/tests/example.c" -o "$t/shared" "${flags[@]}"
    unset PKG_CONFIG_SYSROOT_DIR # the libraries below it are those of the system
    read -ra flags <<<"$(pkg-config --static --libs maskweight | sed 's/-L[^ ]*//; s/-lmaskweight//')"
    cc "${warnings[@]}" -Iroot/opt/mw/include "$MW_SOURCE/tests/example.c" -o "$t/static" "$lib/libmaskweight.a" "${flags[@]}"
    ldd "$t/static" | grep -c maskweight && fail 'not static'
    "$MASKWEIGHT" tiny -n 4 --ignore-index 255 -f csv -s balanced | tail -n +2 |
        awk -F, '{ printf "%s\t%s\t%.6g\n", $1, $3, $7 }' >"$t/wanted"
    for program in shared static; do
        LD_LIBRARY_PATH=$lib "$t/$program" --classes=4 --ignore-index=255 tiny | same "$t/wanted" /dev/stdin
    done
    LD_LIBRARY_PATH=$lib "$t/shared" --classes=4 --ignore-index=255 tiny/a.png tiny/b.png tiny/d.png tiny/sub |
        same "$t/wanted" /dev/stdin
    command -v c++ >/dev/null || return 0
    printf '#include <maskweight.h>\nint main() { return mw_version()[0] == 0; }\n' >"$t/plus.cc"
    c++ -Wall -Werror "$t/plus.cc" -Iroot/opt/mw/include -o "$t/plus" "-L$lib" -lmaskweight
    LD_LIBRARY_PATH=$lib "$t/plus"
}

@test "errors are one line, in the words of the program" {
    example=$MW_BUILD/tests/example
    check() {
        status=0
        output=$("$example" "${@:2}" 2>"$t/err") || status=$?
        [ "$status" -eq 1 ] && [ -z "$output" ] && [ "$(wc -l <"$t/err")" -eq 1 ] || fail "$(cat "$t/err")" || return
        grep -F "example: $1" "$t/err" || fail "not '$1': $(cat "$t/err")"
    }
    check "the library has no option 'output'" --output=x tiny
    check "the library has no option 'help'" --help tiny
    check "the library has no option 'scheme'" --scheme=enet tiny
    check '--classes needs an argument' --classes tiny
    check '--binary takes no argument' --binary=1 tiny
    check "--classes: 'x' is not a whole number" --classes=x tiny
    check '2 of 3 files could not be counted, first a.png: value 255 is no class' --classes=3 --exclude=d.png tiny
    check 'nowhere' nowhere
    check '1 of 1 files could not be counted, first tiny.txt: not a mask' tiny.txt
    check 'no mask was counted' --sample=0.000001 tiny
    check '--min-weight 5 is above --max-weight 3' --min-weight=5 --max-weight=3 tiny
    "$example" --classes=3 --keep-going --jobs=2 tiny >"$t/some"
    [ "$(cut -f 2 "$t/some" | paste -sd ' ')" = '4 0 0' ]
}

@test "shards that are missing are an error, and one is not weighed" {
    example=$MW_BUILD/tests/example
    for k in 1 2 3; do "$MASKWEIGHT" tiny -n 4 --ignore-index 255 --shard $k/3 -qq -o "$t/part-$k.json"; done
    "$MASKWEIGHT" "$t"/part-[13].json --keep-going -qq -o "$t/two.json" || [ $? -eq 3 ]
    for parts in part-[13].json part-1.json two.json; do
        # shellcheck disable=SC2086 # a pattern
        ! "$example" "$t"/$parts >"$t/out" 2>"$t/err" || fail "$parts"
        grep -F 'example: of 3 shards these are missing: 2' "$t/err" || fail "$(cat "$t/err")"
        # shellcheck disable=SC2086
        "$example" --keep-going "$t"/$parts >"$t/out"
    done
    "$example" "$t"/part-?.json >"$t/merged"
    "$example" --classes=4 --ignore-index=255 tiny | same "$t/merged" /dev/stdin
    ! "$example" --shard=1/3 --classes=4 --ignore-index=255 tiny 2>"$t/err" || fail weighed
    grep -F 'a shard is not weighed' "$t/err"
}

@test "earlier documents are sources, class maps are found, planes are counted" {
    example=$MW_BUILD/tests/example
    "$MASKWEIGHT" tiny -n 4 --ignore-index 255 -qq -o "$t/document"
    "$example" --classes=4 --ignore-index=255 tiny >"$t/masks"
    "$example" "$t/document" | same "$t/masks" /dev/stdin
    "$example" --class-map=tiny.txt --ignore-index=255 tiny | same "$t/masks" /dev/stdin
    status=0
    "$example" --encoding=planes --binary tiny/b.png 2>"$t/err" || status=$?
    [ "$status" -eq 1 ]
    grep -F 'multi-label: use pos-weight' "$t/err"
}

@test "uninstall leaves nothing" {
    installed
    cp -r root "$t/root"
    env -u MAKEFLAGS -u MAKELEVEL make -s -C "$MW_SOURCE" uninstall "DESTDIR=$t/root" PREFIX=/opt/mw
    [ -z "$(find "$t/root" ! -type d)" ]
}

@test "Python: counts and weights are NumPy arrays of what the program says" {
    installed
    [ "$(wc -l <root/opt/mw/share/maskweight/python/maskweight.py)" -lt 150 ]
    "$MASKWEIGHT" tiny -c tiny.txt --ignore-index 255 -s enet -qq >"$t/document"
    mkdir "$t/many"
    for i in {0..199}; do cp "tiny/$([ $((i % 3)) -eq 0 ] && echo b || echo a).png" "$t/many/$i.png"; done
    "$MASKWEIGHT" "$t/many" -n 4 --ignore-index 255 --sample 90% -s enet -qq >"$t/sampled"
    export MASKWEIGHT_LIBRARY=$lib/libmaskweight.so PYTHONPATH=$PWD/root/opt/mw/share/maskweight/python T=$t
    consume numpy <<'END'
import json, os, sys
import numpy, maskweight
t = os.environ["T"]
wanted = json.load(open(t + "/document"))
data = maskweight.count("tiny", class_map="tiny.txt", ignore_index=255, jobs=2)
column = lambda key: [row[key] for row in wanted["classes"]]
assert data.pixels.dtype == numpy.uint64 and data.weights().dtype == numpy.float64
assert data.ids.tolist() == column("id") and data.names == column("name")
assert data.pixels.tolist() == column("pixels") and data.masks.tolist() == column("masks")
assert data.counts("mask_pixels").tolist() == column("mask_pixels")
assert data.total("files") == wanted["dataset"]["files"] and data.total("ignored_pixels") == 6
weights, low, high = data.weights("enet", intervals=True)
assert weights.tolist() == wanted["weights"][0]["class_weight"]
assert (low == weights).all() and (high == weights).all()
assert data.total("complete") == 1
try:
    data.set("encoding", "planes")
except maskweight.Error as problem:
    assert "--encoding says what is counted" in str(problem), problem
else:
    raise AssertionError("encoding")
data.set("normalize", "sum")
assert abs(data.weights("enet").sum() - 1) < 1e-12
sampled = json.load(open(t + "/sampled"))["weights"][0]
data = maskweight.count(t + "/many", classes=4, ignore_index=255, sample="90%", skip_empty=False)
weights, low, high = data.weights("enet", intervals=True)
assert weights.tolist() == sampled["class_weight"]
for a, b, interval in zip(low, high, sampled["class_weight_interval"]):
    assert [a, b] == interval if interval else numpy.isnan([a, b]).all()
def refused(error, text, *sources, **options):
    try:
        maskweight.count(*sources, **options)
    except error as problem:
        assert text in str(problem), problem
    else:
        raise AssertionError(text)
refused(maskweight.Error, "value 255 is no class", "tiny", classes=4)
refused(maskweight.Error, "no option 'format'", "tiny", format="csv")
refused((OSError, maskweight.Error), "nowhere", "nowhere")
assert maskweight.count("tiny", ignore_index=["255", 3], binary=True, keep_going=True).pixels.tolist() == [8, 6]
some = maskweight.count("tiny", classes=3, keep_going=True)
assert some.total("complete") == 0 and some.total("failed_files") == 3, some.total("failed_files")
try:
    data.counts("pixel")
except maskweight.Error as problem:
    assert "pixels" in str(problem)
assert maskweight.__version__ == wanted["maskweight"]
END
}
