#!/usr/bin/env bats
# Tar and zip archives as sources. They are written by Python's tarfile, zipfile and its compressors.

load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    tiny tiny
    pack <<'EOF'
import shutil, subprocess
members = sorted(path for path in pathlib.Path("tiny").rglob("*") if path.is_file())
for mode, suffix in (("w", "tar"), ("w:gz", "tar.gz"), ("w:xz", "tar.xz"), ("w:bz2", "tar.bz2")):
    for shape, name in ((tarfile.PAX_FORMAT, "pax"), (tarfile.GNU_FORMAT, "gnu"), (tarfile.USTAR_FORMAT, "ustar")):
        with tarfile.open(f"{name}.{suffix}", mode, format=shape) as archive:
            archive.add("tiny", ".")
if shutil.which("zstd"):
    subprocess.run(["zstd", "-q", "pax.tar", "-o", "pax.tar.zst"], check=True)
for method, name in ((zipfile.ZIP_STORED, "stored"), (zipfile.ZIP_DEFLATED, "deflated")):
    with zipfile.ZipFile(f"{name}.zip", "w", method) as archive:
        for path in members:
            archive.write(path, path.relative_to("tiny"))
EOF
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return
}

# Runs Python on standard input, with what archives are made of.
pack() {
    "$PYTHON" -S -c 'import sys; exec("import io, pathlib, tarfile, zipfile\n" + sys.stdin.read())'
}

@test "an archive counts as the directory that it was made of, whatever it is packed with" {
    mw tiny --ignore-index 255 -f csv
    clean
    local expected=$output
    for archive in *.tar *.tar.* *.zip; do
        mw "$archive" --ignore-index 255 -f csv
        clean
        [ "$output" = "$expected" ] || fail "$archive: $output"
        [ "${archive##*.}" != zip ] || continue
        mw - --ignore-index 255 -f csv <"$archive"
        clean
        [ "$output" = "$expected" ] || fail "$archive on standard input: $output"
    done
    # Its heads have no checksums: a damaged one would be passed over.
    mw - --ignore-index 255 <stored.zip
    ended 2
    told '-: error: a zip on standard input: which files it holds stands at its end'
    mw pax.tar --ignore-index 255
    expect 'data["files"] == 4' 'data["masks"] == 4' 'data["skipped_files"] == 1' \
        'data["empty_masks"] == 1' 'px == {0: 8, 1: 4, 2: 2, 3: 2}'
}

@test "the same bytes for any number of jobs" {
    mw pax.tar.gz stored.zip --ignore-index 255 --per-mask one.csv -n 4 -j 1
    local expected=$output
    for jobs in 2 8; do
        mw pax.tar.gz stored.zip --ignore-index 255 --per-mask many.csv -n 4 -j $jobs
        [ "$output" = "$expected" ] || fail "$jobs jobs"
        cmp one.csv many.csv
    done
}

@test "a mask in an archive is named by both" {
    mw pax.tar --list-files
    clean
    [ "$output" = "$(printf 'pax.tar:%s\n' a.png b.png d.png sub/c.tif)" ] || fail "$output"
    mw pax.tar -n 2 --ignore-index 255
    ended 2
    told 'pax.tar:a.png: error: ' 'value 2 is no class (0 to 1)'
    mw - --list-files <pax.tar.gz
    [[ $output == *-:sub/c.tif* ]] || fail "$output"
    mw pax.tar --ignore-index 255 -n 4 --per-mask masks.csv
    grep -q '^pax.tar:sub/c.tif,' masks.csv
}

@test "what is counted in an archive: include, exclude, hidden names, links, kinds" {
    pack <<'EOF'
mask = pathlib.Path("tiny/b.png").read_bytes()
with tarfile.open("kinds.tar", "w") as archive:
    for name in ("a.seg.png", "./b.seg.png", "b.jpg", "old/c.seg.png", "old/in/d.seg.png", "._a.seg.png", "g/.git/i.seg.png",
                 ".git/e.seg.png", "f.seg.png.txt", "g/h.seg.PNG", "a.other.png"):
        info = tarfile.TarInfo(name)
        info.size = len(mask)
        archive.addfile(info, io.BytesIO(mask))
    for kind, name in ((tarfile.SYMTYPE, "s.seg.png"), (tarfile.LNKTYPE, "l.seg.png"),
                       (tarfile.FIFOTYPE, "p.seg.png"), (tarfile.DIRTYPE, "dir.seg.png")):
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, "a.seg.png"
        archive.addfile(info)
EOF
    mw kinds.tar --include '*.seg.???' --exclude old --exclude l.seg.png --list-files
    clean
    [ "$output" = "$(printf 'kinds.tar:%s\n' a.seg.png b.seg.png g/h.seg.PNG)" ] || fail "$output"
    mw kinds.tar --include '*.seg.???' --exclude old --exclude l.seg.png -v
    ended 0
    expect 'data["files"] == 3' 'data["skipped_files"] == 11'
    told 'kinds.tar:s.seg.png: ' 'a symbolic link'
    told 'kinds.tar:p.seg.png: ' 'not a regular file'
    told 'kinds.tar:._a.seg.png: ' 'hidden'
    told 'kinds.tar:g/.git/i.seg.png: ' 'hidden'
    told 'kinds.tar:old/in/d.seg.png: ' 'excluded'
    told 'kinds.tar:b.jpg: ' 'no suffix of a mask format'
    mw kinds.tar --include l.seg.png
    ended 2
    told 'kinds.tar:l.seg.png: error: a hard link to a.seg.png, ' 'tar --hard-dereference'
    mw kinds.tar --include '*.tif'
    ended 2
    told 'kinds.tar: no mask in it: 14 other files' "--include '*.tif'"
}

@test "a file without a name is damage, and a name in another script is one in any locale" {
    pack <<'EOF'
mask = pathlib.Path("tiny/b.png").read_bytes()
for archive, name in (("named.tar", "m\u00fcll.png"), ("nameless.tar", "")):
    with tarfile.open(archive, "w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo(name)
        info.size = len(mask)
        archive.addfile(info, io.BytesIO(mask))
EOF
    LC_ALL=C mw named.tar --list-files
    clean
    [ "$output" = named.tar:müll.png ]
    mw nameless.tar
    ended 2
    told 'nameless.tar: error: damaged archive: a file has no name'
}

@test "a hard link that brings its bytes along is a mask" {
    pack <<'EOF'
mask = pathlib.Path("tiny/b.png").read_bytes()
with tarfile.open("brought.tar", "w", format=tarfile.PAX_FORMAT) as archive:
    for name, kind in (("a.png", tarfile.REGTYPE), ("b.png", tarfile.LNKTYPE)):
        info = tarfile.TarInfo(name)
        info.type, info.linkname, info.size = kind, "a.png", len(mask)
        info.pax_headers = {"comment": "its size is meant"}
        archive.addfile(info, io.BytesIO(mask))
EOF
    mw brought.tar
    clean
    expect 'data["files"] == 2' 'px == {0: 8}'
}

@test "archives in a list, by their suffix, and never in a directory" {
    mkdir -p both
    cp pax.tar tiny/b.png both
    mw both
    ended 0
    expect 'data["files"] == 1' 'data["skipped_files"] == 1'
    printf '%s\n' pax.tar tiny/b.png stored.zip >list.txt
    mw --files-from list.txt --ignore-index 255
    expect 'data["files"] == 9'
}

@test "shards divide the masks of archives, and merge to the bytes of one run" {
    mw pax.tar gnu.tar.gz --ignore-index 255 -o whole.json
    clean
    for k in 1 2 3; do
        mw pax.tar gnu.tar.gz --ignore-index 255 --shard $k/3 -o "shard-$k.json"
        clean
    done
    mw shard-?.json
    clean
    [ "$output" = "$(cat whole.json)" ] || fail "$output"
}

@test "an archive that fails, and masks in it that do, fail in one shard" {
    "$PYTHON" -S - <<'EOF'
import io, tarfile
with tarfile.open("failing.tar", "w", format=tarfile.USTAR_FORMAT) as archive:
    for name in ("a.png", "b.png", "c.png"):
        data = open("tiny/b.png", "rb").read() if name != "b.png" else bytes(3000)
        info = tarfile.TarInfo(name)
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
data = open("failing.tar", "rb").read().rstrip(b"\0")
open("failing.tar", "wb").write(data + bytes(-len(data) % 512))
EOF
    mw failing.tar --max-member 2000 --keep-going -o whole.json
    ended 3
    told 'failing.tar:b.png: error: ' '--max-member 2000'
    told 'failing.tar: error: ' 'cut off'
    for k in 1 2 3; do
        mw failing.tar --max-member 2000 --keep-going --shard $k/3 -o "shard-$k.json"
    done
    mw shard-?.json --keep-going
    ended 3
    [ "$output" = "$(cat whole.json)" ] || fail "$output"
}

@test "names that are no UTF-8 or hold a newline" {
    pack <<'EOF'
mask = pathlib.Path("tiny/b.png").read_bytes()
for shape, file in ((tarfile.PAX_FORMAT, "odd-pax.tar"), (tarfile.GNU_FORMAT, "odd-gnu.tar")):
    with tarfile.open(file, "w", format=shape, errors="surrogateescape") as archive:
        for name in ("ä ö.png", "bad\udcff.png", "new\nline.png", "x" * 250 + ".png"):
            info = tarfile.TarInfo(name)
            info.size = len(mask)
            archive.addfile(info, io.BytesIO(mask))
EOF
    for archive in odd-pax.tar odd-gnu.tar; do
        for locale in C C.UTF-8; do
            LC_ALL=$locale mw "$archive"
            clean
            expect 'data["files"] == 4'
            mw "$archive" --list-files --null
            [[ $output == *'ä ö.png'*bad$'\xff'.png*new$'\n'line.png* ]] || fail "$output"
        done
    done
}

@test "an archive that is cut anywhere, or has a flipped bit, is refused or counted right" {
    cat >damage.py <<'EOF'
import csv, io, os, subprocess, sys, random
random.seed(7)
def run(data):
    with open("damaged", "wb") as file:
        file.write(data)
    got = subprocess.run([os.environ["MASKWEIGHT"], "-q", "-j1", "-f", "csv", "--ignore-index", "255", "--exclude", "*.tif", "damaged"],
                         capture_output=True)
    return got.returncode, got.stdout, got.stderr
for name in sys.argv[1:]:
    data = open(name, "rb").read()
    status, right, _ = run(data)
    assert status == 0, name
    refused = 0
    tries = [data[:n] for n in range(0, len(data), max(1, len(data) // 40))]
    for _ in range(60):
        n = random.randrange(len(data))
        tries.append(data[:n] + bytes([data[n] ^ 1 << random.randrange(8)]) + data[n + 1:])
    for number, broken in enumerate(tries):
        status, got, why = run(broken)
        assert status == 2 and why or status == 0 and got == right, (name, number, status, got, why)
        refused += status == 2
    assert refused > 20, (name, refused)
EOF
    # Within a TIFF without compression nothing would notice, and neither is there a checksum over names
    # in a zip.
    "$PYTHON" -S damage.py pax.tar gnu.tar pax.tar.gz pax.tar.xz pax.tar.bz2
    if [ -e pax.tar.zst ]; then "$PYTHON" -S damage.py pax.tar.zst; fi
}

@test "names in a zip are UTF-8, whatever the locale, and a damaged head of a member is no silence" {
    pack <<'EOF'
mask = pathlib.Path("tiny/b.png").read_bytes()
with zipfile.ZipFile("names.zip", "w") as archive:
    for name in ("a.png", "l\u00e9ame.txt", "stra\u00dfe/\u732b.png", "b.png"):
        archive.writestr(name, mask)
data = bytearray(pathlib.Path("names.zip").read_bytes())
head = data.index(b"PK\3\4", 1)
data[head] ^= 1
pathlib.Path("head.zip").write_bytes(data)
data = data.replace("\u732b".encode(), b"\xff\xfe\xfd")
data[head] ^= 1
pathlib.Path("invalid.zip").write_bytes(data)
EOF
    if emulated; then # its locales are not there
        mw names.zip -n 4
        ended 2
        told 'names.zip: error: a name that is not ASCII, and this system has no locale C.UTF-8'
        return
    fi
    for locale in C C.UTF-8 tr_TR.UTF-8; do
        LC_ALL=$locale mw names.zip --list-files
        clean
        [ "$output" = "$(printf 'names.zip:%s\n' a.png straße/猫.png b.png)" ] || fail "$locale: $output"
    done
    mw names.zip -n 4
    expect 'data["files"] == 3' 'data["skipped_files"] == 1'
    mw head.zip -n 4
    ended 2
    told 'head.zip: error: damaged archive: '
    mw invalid.zip -n 4
    ended 2
    told 'invalid.zip: error: damaged archive: '
}

@test "members that fail are part of a sample as files in a directory are" {
    pack <<'EOF'
mask = pathlib.Path("tiny/b.png").read_bytes()
with tarfile.open("failing.tar", "w") as archive:
    for number in range(200):
        info = tarfile.TarInfo(f"{number}.png")
        info.size = len(mask)
        if number % 4:
            archive.addfile(info, io.BytesIO(mask))
        else:
            info.type, info.size, info.linkname = tarfile.LNKTYPE, 0, "1.png"
            archive.addfile(info)
EOF
    mw failing.tar --sample 50% --keep-going -s dice
    ended 3
    expect 'd["sample"]["seen"] == 200' '0 < data["failed_files"] < 50' \
        'd["sample"]["taken"] == data["files"] + data["failed_files"]'
}

@test "a name in an archive is what rules of names are about" {
    pack <<'EOF'
with tarfile.open("top.tar", "w") as archive:
    archive.add("tiny/b.png", "m0.png")
    archive.add("tiny/b.png", "sub/m1.png")
EOF
    mw top.tar -n 4 --check 'name:m*.png'
    ended 0
    mw top.tar -n 4 --check 'name:n*.png'
    ended 1
    mw top.tar -n 4 --check 'name:sub/*'
    ended 1
    told ': 1: top.tar:m0.png (no name as sub/*)'
}

@test "a tar without its end is refused, and so is what follows a gzip" {
    "$PYTHON" -S - <<'EOF'
import gzip
data = open("ustar.tar", "rb").read().rstrip(b"\0")
data += bytes(-len(data) % 512)
open("endless.tar", "wb").write(data)
open("block.tar", "wb").write(data + bytes(512))
packed = gzip.compress(open("ustar.tar", "rb").read())
open("padded.tar.gz", "wb").write(packed + bytes(1000))
open("followed.tar.gz", "wb").write(packed + b"more")
half = len(data) // 2
open("members.tar.gz", "wb").write(gzip.compress(data[:half]) + gzip.compress(data[half:] + bytes(1024)))
flipped = bytearray(packed)
flipped[-6] ^= 1
open("crc.tar.gz", "wb").write(flipped)
EOF
    mw endless.tar
    ended 2
    told 'endless.tar: error: ' 'cut off'
    for whole in block.tar padded.tar.gz members.tar.gz; do
        mw "$whole" --ignore-index 255
        clean
        expect 'data["files"] == 4'
    done
    mw crc.tar.gz
    ended 2
    told 'crc.tar.gz: error: damaged gzip data: '
    mw followed.tar.gz
    ended 2
    told 'followed.tar.gz: error: damaged gzip data: '
}

@test "tars one after the other are one, and what follows a tar is no secret" {
    cat pax.tar gnu.tar >both.tar
    cat pax.tar.gz gnu.tar.gz >both.tgz
    for archive in both.tar both.tgz; do
        mw "$archive" --ignore-index 255
        clean
        expect 'data["files"] == 8'
        mw - --ignore-index 255 <"$archive"
        expect 'data["files"] == 8'
    done
    { cat pax.tar; head -c 5000 tiny.txt; } >followed.tar
    mw followed.tar
    ended 2
    told 'followed.tar: error: damaged archive: '
}

@test "what is no archive, has no mask, is empty, locked or too large" {
    echo text >text.tar
    mw text.tar
    ended 2
    told 'text.tar: error: '
    pack <<'EOF'
tarfile.open("empty.tar", "w").close()
zipfile.ZipFile("empty.zip", "w").close()
with tarfile.open("bomb.tar.gz", "w:gz") as archive:
    info = tarfile.TarInfo("zeros.npy")
    info.size = 1 << 30
    class Zeros:
        def read(self, size): return bytes(size)
    archive.addfile(info, Zeros())
EOF
    mw empty.tar
    ended 2
    told 'empty.tar: no mask in it: 0 other files'
    mw empty.zip
    ended 2
    told 'empty.zip: no mask in it: 0 other files'
    gzip -c tiny/a.png >a.png.gz
    mw a.png.gz
    ended 2
    told 'a.png.gz: error: no tar or zip archive'
    (sanitized || emulated || ulimit -v 400000; "$MASKWEIGHT" bomb.tar.gz --max-member 10000000 -q 2>why) && fail "counted"
    grep -q 'bomb.tar.gz:zeros.npy: error: .*--max-member 10000000' why
    # Made by hand: bit 0 of the flags says that a member is encrypted.
    "$PYTHON" -S - <<'EOF'
data = bytearray(open("stored.zip", "rb").read())
for magic, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
    data[data.index(magic) + flags] |= 1
open("locked.zip", "wb").write(data)
EOF
    mw locked.zip --ignore-index 255
    ended 2
    told 'locked.zip:a.png: error: it is encrypted'
}

@test "an archive of more than --max-members files and directories is refused" {
    # Of each: four masks, notes.txt; tars also hold "." and sub, zips have no directories.
    for archive in pax.tar:7 gnu.tar.gz:7 ustar.tar.xz:7 stored.zip:5 deflated.zip:5; do
        IFS=: read -r archive count <<<"$archive"
        mw "$archive" --ignore-index 255 --max-members "$count"
        clean
        expect 'data["files"] == 4'
        for less in $((count - 1)) 1; do
            refuses_archive "$archive" "$archive" --max-members "$less"
        done
        [ "${archive##*.}" != zip ] || continue
        mw - --ignore-index 255 --max-members "$count" <"$archive"
        clean
        refuses_archive - - --max-members $((count - 1)) <"$archive"
    done
    # What came before it is counted, and the archive stays a failure.
    mw pax.tar --ignore-index 255 --max-members 6 --keep-going
    ended 3
    expect 'not d["complete"]' 'len(d["failures"]) == 1' 'd["failures"][0]["path"] == "pax.tar"' 'data["files"] > 0'
}

refuses_archive() { # NAME ARGUMENT...
    mw "${@:2}" --ignore-index 255
    ended 2 || return
    told "$1: error: more files and directories than --max-members ${*: -1}"
    [ -z "$output" ]
}

@test "a tar of very many members, empty or not there, takes no memory for them" {
    "$PYTHON" -S - <<'EOF'
import gzip, tarfile
for name, kind in (("n.txt", tarfile.REGTYPE), ("n.png", tarfile.REGTYPE), ("n", tarfile.DIRTYPE)):
    info = tarfile.TarInfo(name)
    info.type = kind
    with gzip.open(f"many-{name}.tar.gz", "wb", 1) as archive:
        for _ in range(600):
            archive.write(info.tobuf(tarfile.USTAR_FORMAT) * 500)
        archive.write(bytes(1024))
EOF
    for name in n.txt n.png n; do
        for more in '' --max-members=299999 --max-members=300000; do
            # shellcheck disable=SC2086 # arguments
            peak "$MASKWEIGHT" "many-$name.tar.gz" -q -j 2 $more
            ended 2
            sanitized || emulated || [ "$peak" -lt 24000 ] || fail "$name: $peak KiB" # 80 bytes of each would be as much
            case $name:$more in
            n.png:*) told 'no mask could be counted' ;;
            *=299999) told 'more files and directories than --max-members 299999' ;;
            *) told 'no mask in it: ' ;;
            esac
        done
    done
}

@test "without libarchive an archive is refused, by the package that is missing" {
    mkdir -p nothing
    : >nothing/libarchive.so.13
    LD_LIBRARY_PATH=$PWD/nothing mw pax.tar
    ended 2
    told 'pax.tar: error: ' 'the package libarchive13'
    LD_DEBUG=files LD_DEBUG_OUTPUT=$PWD/loaded mw tiny --ignore-index 255
    ended 0
    ! grep -q libarchive loaded.*
}

@test "an archive that changes while it is read is refused" {
    pack <<'EOF'
mask = pathlib.Path("tiny/b.png").read_bytes()
with tarfile.open("changing.tar", "w") as archive:
    for i in range(20000):
        info = tarfile.TarInfo(f"{i}.png")
        info.size = len(mask)
        archive.addfile(info, io.BytesIO(mask))
EOF
    mw changing.tar -j 1
    clean
    expect 'data["files"] == 20000'
    # It cannot reach the end before it is touched: nobody reads the names that it prints.
    { "$MASKWEIGHT" changing.tar --list-files 2>why || echo $? >status; } |
        (read -r _ && touch changing.tar && cat >rest)
    [ "$(cat status)" = 2 ] || fail "status $(cat status)"
    grep -q 'changing.tar: error: .*changed while it was read' why
}
