#!/usr/bin/env bats
# --inspect: what masks hold and probably mean. The command that it suggests is run, and its counts are
# compared with those that the masks were made of.

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    load helper
    mkdir bin
    ln -s "$MASKWEIGHT" bin/maskweight
    tiny tiny
    {
        # VOC's first four colours, and its void
        printf 'voc/a.png --rows "0 0 1 2;3 255 0 0" --colour palette --palette '
        printf '%s' '#000000,#800000,#008000,#808000'
        printf ',#010101%.0s' {4..254}
        printf '%s\n' ',#E0E0C0' 'voc-rgb/a.png --rows "#000000 #000000 #800000 #008000;#808000 #E0E0C0 #000000 #000000" --colour rgb' \
            'voc-grey/a.png --rows "0 0 75 15;133 0 0 0"' \
            'ambiguous/a.png --rows "0 38 75 113"'
        printf '%s\n' 'ids/a.png --rows "0 1 2;3 3 0"' 'from-one/a.png --rows "1 2 3;3 3 1"' \
            'bits/a.png --rows "0 1 1 0 1" --bits 1' 'high/a.png --rows "0 255;255 255"' \
            'high/b.tif --rows "0 0 0 255"' 'wide/a.png --rows "0 65535 0" --bits 16' \
            'spread/a.png --rows "0 85 170 255 0"' \
            'instance/a.png --rows "7 7 11 24000 24001 26005 7" --bits 16' \
            'kitti/a.png --rows "0 256 257 1792 1793 1794 2048 2049 6656 6657" --bits 16' \
            'real/a.tif --rows "0 3 3 2" --bits 32 --reals' \
            'negative/a.tif --rows "0 -1 1 1 2" --bits 16 --signed' \
            'nodata/a.tif --rows "0 2 2 5" --nodata 0' 'nodata-binary/a.tif --rows "0 1 1" --nodata 0' \
            'nodata-255/a.tif --rows "0 255 2 5" --nodata 255' \
            'pages/a.tif --rows "0 1 2 3" --pages 3' \
            'colours/a.png --rows "#000000 #00FF00 #00FF00 #FF0000" --colour rgb' \
            'colours/b.png --rows "#000000 #0000FF00" --colour rgba' \
            'bright/a.png --rows "#102030 #405060 #405060" --colour rgb' \
            'ade/a.png --rows "#000000 #0A0001 #0A0002 #0A0501 #140701 #140702 #1E0901 #281101" --colour rgb' \
            'mixed/a.png --rows "#000000 #00FF00" --colour rgb' 'mixed/b.png --rows "0 1 1"'
        printf '%s\n' '"it'\''s $odd/-a b.png" --rows "0 255 255"'
        # two tones with a smooth edge between them
        printf 'smooth/a.png --rows "'
        printf '0 %.0s' {1..60}
        printf '255 %.0s' {1..60}
        printf '64 128 191"\n'
        # objects with an id each
        printf 'objects/a.tif --bits 16 --rows "'
        printf '0 %.0s' {1..30}
        printf '%s ' {5..200..9}
        printf '5"\n'
    } | masks
    echo "no mask" >ids/notes.txt
    mkdir broken empty
    cp tiny/a.png broken/a.png
    head -c 60 tiny/b.png >broken/b.png
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return
    load helper
}

# Runs the last command line that was suggested, as a shell reads it.
try() {
    local command=${output##*$'\n'Try: }
    [[ $output == *$'\n'Try:* ]] || fail "no command: $output" || return
    status=0
    output=$(PATH=$BATS_FILE_TMPDIR/bin:$PATH bash -c "$command" 2>"$BATS_TEST_TMPDIR/stderr") || status=$?
    IFS= read -rd '' stderr <"$BATS_TEST_TMPDIR/stderr" || true
}

# guesses DIRECTORY NAME OPTIONS EXPRESSION...: --inspect names the encoding, suggests the options, and
# the command that it suggests counts as the expressions say.
guesses() {
    mw --inspect "$1"
    clean || return
    [[ $output == *$'\n'"encoding  $2: "* ]] || fail "$1 is no $2: $output" || return
    [[ ${output##*$'\n'} == "Try: "*"maskweight${3:+ }$3 $1" ]] || fail "$1: not $3: $output" || return
    try
    ended 0 || return
    expect "${@:4}"
}

@test "each encoding is named, and the suggested command counts what the masks were made of" {
    guesses ids index '' 'px == {0: 2, 1: 1, 2: 1, 3: 2}'
    guesses from-one 'index from 1' --reduce-zero-label 'px == {0: 2, 1: 1, 2: 3}'
    guesses tiny 'index with void' '--ignore-index 255' 'px == {0: 8, 1: 4, 2: 2, 3: 2}'
    guesses bits binary '' 'px == {0: 2, 1: 3}'
    guesses high 'binary, high' --binary 'px == {0: 4, 1: 4}'
    guesses wide 'binary, high' --binary 'px == {0: 2, 1: 1}'
    guesses smooth 'binary with blended edges' '--threshold 128' 'px == {0: 61, 1: 62}'
    guesses spread 'spread ids' '--map 85=1,170=2,255=3' 'px == {0: 2, 1: 1, 2: 1, 3: 1}'
    guesses instance 'instance, divisor 1000' '--encoding instance' 'px == {7: 3, 11: 1, 24: 2, 26: 1}'
    guesses kitti 'instance, divisor 256' '--encoding instance --divisor 256' \
        'px == {0: 1, 1: 2, 7: 3, 8: 2, 26: 2}'
    guesses objects 'instance ids' --binary 'px == {0: 30, 1: 23}'
    guesses real index '' 'px == {0: 1, 2: 1, 3: 2}'
    guesses negative index '--ignore-index -1' 'px == {0: 1, 1: 2, 2: 1}' 'data["ignored_pixels"] == 1'
    guesses nodata index '--nodata use' 'px == {2: 2, 5: 1}' 'data["ignored_pixels"] == 1'
    guesses nodata-binary binary '--nodata count' 'px == {0: 1, 1: 2}'
    guesses nodata-255 index '' 'px == {0: 1, 2: 1, 5: 1}'
    guesses pages index '' 'px == {0: 3, 1: 3, 2: 3, 3: 3}' 'data["masks"] == 3'
}

@test "the colours of a class map that came along are known, as palette, RGB and grey" {
    guesses voc "index, a class map's palette" '--class-map voc' 'n(0) == 4' 'n(1) == 1' 'n(3) == 1' \
        'c(3)["name"] == "bird"' 'data["ignored_pixels"] == 1'
    guesses voc-rgb "rgb, a class map's colours" '--encoding rgb --class-map voc' 'n(0) == 4' \
        'n(1) == 1' 'n(3) == 1' 'data["ignored_pixels"] == 1'
    guesses voc-grey 'colours turned grey' '--map 0=0,15=4,75=2,133=11' 'px == {0: 5, 2: 1, 4: 1, 11: 1}'
    mw --inspect ambiguous # aeroplane #800000 and potted plant #004000
    clean
    [[ $output == *'several classes have the grey 38'*$'\n\nNothing to try.' ]] || fail "$output"
    guesses ade ade20k '--encoding ade20k' 'px == {0: 1, 256: 2, 261: 1, 519: 2, 777: 1, 1041: 1}'
}

@test "other colours get a class map that the command brings along" {
    guesses colours rgb '--encoding rgb --class-map /dev/stdin' 'px == {0: 2, 1: 1, 2: 2, 3: 1}' \
        'c(3)["name"] == "class-3"'
    guesses bright rgb '--encoding rgb --background none --class-map /dev/stdin' 'px == {0: 1, 1: 2}' \
        'lab["background"] == []'
    mw --inspect colours/a.png
    [[ $output == *$'\n0 0 0 class-0\n0 255 0 class-1\n255 0 0 class-2\n'* ]] || fail "$output"
}

@test "the text is the same for any number of jobs" {
    golden inspect-tiny.txt --inspect tiny
    golden inspect-voc.txt --inspect voc nodata-255 pages
}

@test "masks of colours among others are mixed, and the others are counted" {
    mw --inspect mixed
    clean
    [[ $output == *$'\nencoding  mixed: '* ]]
    try
    ended 3
    expect 'px == {0: 1, 1: 2}' 'paths == ["a.png"]'
}

@test "a file that cannot be read is a failure, and the rest is shown" {
    mw --inspect broken
    ended 3
    told 'broken/b.png: error: the file ends too early'
    [[ $output == *$'\nfailed    1 file, '* ]] || fail "$output"
    try
    ended 3
    expect 'data["failed_files"] == 1' 'px == {0: 3, 1: 2, 2: 2}'
    mw --inspect broken/b.png
    ended 2
    told 'error: no mask could be read: nothing was written'
    [ -z "$output" ]
}

@test "it reads single masks, several, lists and standard input, and repeats how they were named" {
    mw --inspect tiny/a.png tiny/b.png
    clean
    [[ ${output##*$'\n'} == 'Try: maskweight --ignore-index 255 tiny/a.png tiny/b.png' ]] || fail "$output"
    printf '%s\0' high/a.png high/b.tif >list
    mw --inspect --files-from list -0
    [[ ${output##*$'\n'} == 'Try: maskweight --binary --files-from list --null' ]] || fail "$output"
    try
    expect 'px == {0: 4, 1: 4}'
    mw --inspect tiny --include '*.png' --exclude 'd*' --follow --max-pixels 1000
    try
    ended 0
    expect 'data["files"] == 2' 'px == {0: 7, 1: 2, 2: 2}'
    limits=(--max-row-bytes 99999 --max-metadata 88888 --max-pages 7 --max-member 99 --max-members 77 --max-values 66 --max-text 555 --max-places 33 --max-seconds 44)
    mw --inspect tiny "${limits[@]}"
    [[ ${output##*$'\n'} == *" ${limits[*]} tiny" ]] || fail "$output"
    mw --inspect - <colours/a.png
    clean
    [[ $output == *"--class-map <(printf '%s\\n' '0 0 0 class-0' "*" -" ]] || fail "$output"
    try <colours/a.png
    ended 0
    expect 'px == {0: 1, 1: 2, 2: 1}'
}

@test "the command is quoted for the shell" {
    mw --inspect "it's \$odd"
    clean
    [[ ${output##*$'\n'} == "Try: maskweight --binary 'it'\\''s \$odd'" ]] || fail "$output"
    try
    ended 0
    expect 'px == {0: 1, 1: 2}'
    cd "it's \$odd" || return
    mw --inspect -- '-a b.png'
    try
    ended 0
    expect 'px == {0: 1, 1: 2}'
    cp -- '-a b.png' $'line\nbreak.png'
    mw --inspect $'line\nbreak.png'
    [[ $output == *"  \$'line\\nbreak.png'"$'\n'* ]] || fail "$output"
    try
    ended 0
    rm $'line\nbreak.png'
}

@test "it can be added to a command line that failed; label settings are not looked at" {
    mw tiny -n 3 --encoding rgb -c missing --ignore-index 7
    ended 2
    mw tiny -n 3 --encoding rgb -c missing --ignore-index 7 --inspect
    clean
    first=$output
    mw tiny --inspect
    [ "$output" = "$first" ]
}

@test "it writes no document, and --output holds the text" {
    mw --inspect tiny -o text
    clean
    [ -z "$output" ]
    mw --inspect tiny
    [ "$(cat text)" = "$output" ]
    mw tiny --ignore-index 255 -o counts.json
    refuses 'a document holds counts; there are no masks to inspect' --inspect counts.json
    refuses 'no mask in it' --inspect empty
    refuses '--inspect and --list-files exclude each other' --inspect --list-files tiny
}

@test "a run that fails for unknown values ends with all of them, and what they probably mean" {
    mw tiny -n 3
    ended 2
    told $'\nmaskweight: value 255 is no class: 6 pixels in 3 masks, first in tiny/a.png at x 2, y 1\n' \
        $'\nmaskweight: value 3 is no class: 2 pixels in 1 mask, first in tiny/sub/c.tif at x 3, y 0\n' \
        $'\nmaskweight: no known encoding explains all of these: --inspect shows'
    mw tiny -n 4
    told $'\nmaskweight: value 255 is no class: 6 pixels in 3 masks, first in tiny/a.png at x 2, y 1\n' \
        $'\nmaskweight: probably ids from 0 to 3, and 255 for void: ignored; try --ignore-index 255\n'
    first=$stderr
    for jobs in 1 2 3 8; do
        mw tiny -n 4 -j $jobs
        [ "$stderr" = "$first" ]
    done
    mw high/a.png -n 2
    told 'error: value 255 is no class (0 to 1): 3 pixels, first at x 1, y 0' 'try --binary'
    untold 'first in' # one mask: its failure says it all
    mw objects -n 3
    told 'and 12 values more that are no class' '16 bits: instance ids' || fail "$stderr"
    mw voc-rgb --encoding rgb -c camvid
    told 'try --encoding rgb --class-map voc'
    mw - -n 4 <tiny/a.png
    told 'value 255 is no class (0 to 3): 1 pixel, first at x 2, y 1' 'try --ignore-index 255'
}

@test "several values a pixel are planes when all are binary, and else no masks" {
    masks <<END
channels.tif --samples-per-pixel 3 --rows "#010001 #000000;#010100 #000001"
bands.tif --samples-per-pixel 3 --rows "#070001 #000000;#010100 #000001"
END
    mw --inspect channels.tif
    clean
    [[ $output == *"8-bit values, 3 a pixel"*"planes: 3 binary planes a file"*"Try: maskweight --encoding planes channels.tif" ]]
    mw --encoding planes channels.tif -f csv
    [[ $output == *$'\n0,,2,'*$'\n1,,1,'*$'\n2,,2,'* ]]
    mw --inspect bands.tif
    [[ $output == *"no masks, several bands"*"--threshold T"*"Nothing to try." ]]
}

@test "what other masks may hold is not guessed from those that failed" {
    masks <<END
shift/a.png --rows "0 1 2"
shift/b.png --rows "1 2 3"
END
    mw shift -n 3
    ended 2
    untold 'try --reduce-zero-label'
    mw shift/b.png -n 3
    told 'probably ids from 1 to 3' 'try --reduce-zero-label'
}

@test "planes with a nodata value get a command that counts them" {
    masks <<END
planes-nodata.tif --samples-per-pixel 2 --nodata 255 --rows "#00FF #FF00;#FFFF #0000"
END
    mw --inspect planes-nodata.tif
    clean
    [[ $output == *"Try: maskweight --encoding planes --nodata count planes-nodata.tif" ]]
    mw --encoding planes --nodata count planes-nodata.tif -f csv
    [[ $output == *$'\n0,,2,'*$'\n1,,2,'* ]]
}

@test "planes may hold void or nodata, and 65535 may say yes" {
    masks <<END
void.tif --samples-per-pixel 3 --rows "#0100FF #0001FF;#010100 #000001"
nine.tif --samples-per-pixel 3 --nodata 9 --rows "#090909 #010000;#000100 #000001"
END
    mask high.tif --bits 16 --photometric 1 --rows "0 65535;65535 0" --pages 2
    guesses void.tif planes '--encoding planes --ignore-index 255' 'px == {0: 2, 1: 2, 2: 1}' \
        'c(2)["valid_pixels"] == 2'
    guesses nine.tif planes '--encoding planes' 'px == {0: 1, 1: 1, 2: 1}' 'c(2)["valid_pixels"] == 3'
    guesses high.tif planes '--encoding planes' 'px == {0: 2, 1: 2}'
}

@test "void that is not 255, and ids from one beside void, are counted as they are" {
    masks <<END
void-254/a.png --rows "0 1 1 2 2 2 2 254"
void-65535/a.png --bits 16 --rows "0 1 1 2 2 2 2 65535"
one-255/a.png --rows "1 1 2 3 3 255"
one-250/a.png --rows "1 1 2 3 3 3 250"
END
    guesses void-254 'index with void' '--ignore-index 254' 'px == {0: 1, 1: 2, 2: 4}'
    guesses void-65535 'index with void' '--ignore-index 65535' 'px == {0: 1, 1: 2, 2: 4}'
    guesses one-255 'index from 1' '--reduce-zero-label' 'px == {0: 2, 1: 1, 2: 2}'
    guesses one-250 'index from 1' '--reduce-zero-label --ignore-index 249' 'px == {0: 2, 1: 1, 2: 3}'
    mw one-255 -n 3
    told 'try --reduce-zero-label'
    mw void-254 -n 3
    told 'try --ignore-index 254'
}

@test "blended edges are told between any two values, and between several" {
    {
        printf 'dim/a.png --rows "'
        printf '40 %.0s' {1..60}
        printf '101 %.0s' {1..60}
        printf '60 70 85"\n'
        printf 'three/a.png --rows "'
        printf '0 %.0s' {1..60}
        printf '50 %.0s' {1..60}
        printf '100 %.0s' {1..60}
        printf '12 25 70 88"\n'
    } | masks
    guesses dim 'binary with blended edges' '--threshold 71' 'px == {0: 62, 1: 61}'
    mw --inspect three
    try
    ended 0
    expect 'px == {0: 60, 1: 60, 2: 60}' 'data["ignored_pixels"] == 4'
}

@test "the label ids of Cityscapes with 19 classes are told by the name of the class map" {
    masks <<END
labels/a.png --rows "$(echo {0..33}) 7 7 7"
labels/b.png --rows "7 7 7 4 0 1"
END
    mw labels -n 19
    ended 2
    told 'of which the class map cityscapes-train makes 19 classes, in place of --classes; try --class-map cityscapes-train'
    mw labels -c cityscapes-train
    clean
    expect 'n(0) == 7' 'n(18) == 1' 'data["ignored_pixels"] == 18'
}

@test "one class more than declared is told as that" {
    masks <<<'four/a.png --rows "0 1 2 3 3"'
    mw four -n 3
    ended 2
    told 'probably ids from 0 to 3, which are 4 classes' '; try --classes 4'
}

@test "a 16-bit picture and an array with its channels last are no masks" {
    mask photo.png --size 300x300 --noise 1 --values 60000 --bits 16
    mw --inspect photo.png
    clean
    [[ $output == *$'\nencoding  no masks: '*'a picture or measured values'*'Nothing to try.' ]] || fail "$output"
    "$PYTHON" -S - <<'END'
import os, pathlib, sys
sys.path.insert(0, os.environ["MW_SOURCE"] + "/tests")
import masks
pages = [[[(x + y) % 3, 0, 1] for x in range(20)] for y in range(16)]
masks.save(pathlib.Path("hwc.npy"), masks.npy(pages, stack=True))
END
    mw --inspect hwc.npy
    clean
    [[ $output == *'arrays of (H, W, C), as 16 x 20 x 3, '*'numpy.moveaxis(array, -1, 0)'*'Nothing to try.' ]] || fail "$output"
}

@test "a page has one number, whoever names it: that of its directory; planes of an array are planes" {
    "$PYTHON" -S - <<'END'
import os, pathlib, sys
sys.path.insert(0, os.environ["MW_SOURCE"] + "/tests")
import masks
half, full = {"rows": [[0]], "subfile_type": 1}, {"rows": [[0, 1], [1, 9]]}
plain = {"rows": [[0, 1], [1, 1]]}
numbered = pathlib.Path("numbered")
numbered.mkdir()
masks.save(numbered / "first.tif", masks.tiff([half, full]))
masks.save(numbered / "second.tif", masks.tiff([half, plain, half, {"rows": [[7, 7], [0, 9]]}]))
masks.save(pathlib.Path("both.npy"), masks.npy([[[0, 1]], [[1, 255]]], stack=True))
masks.save(pathlib.Path("stack.npy"), masks.npy([[[0, 1]], [[1, 9]]], stack=True))
END
    mw numbered -n 2
    ended 2
    told 'numbered/first.tif: error: page 2: value 9 is no class (0 to 1): 1 pixel, first at x 1, y 1' \
        'numbered/second.tif: error: page 4: 2 values' \
        'value 7 is no class: 2 pixels in 1 mask, first in numbered/second.tif page 4 at x 0, y 0' \
        'value 9 is no class: 2 pixels in 2 masks, first in numbered/first.tif page 2 at x 1, y 1'
    mw --inspect numbered
    [[ $output == *'  numbered/first.tif page 2'$'\n'* ]] || fail "$output"
    mw both.npy --encoding planes
    ended 2
    told 'both.npy: error: plane 2: both 1 and 255 say yes'
    mw --inspect stack.npy
    [[ $output == *'  stack.npy mask 2'$'\n'* ]] || fail "$output"
}

@test "planes are called so, and a 0 that is nodata is not said never to occur" {
    masks <<END
bands.tif --samples-per-pixel 3 --rows "#010001 #000000;#010100 #000001"
low-nodata.tif --nodata 0 --rows "0 1 2 2"
END
    mw --inspect bands.tif
    [[ $output == $'planes    3 in 1 file, 3 each\nsamples   TIFF, 8-bit values, 3 a pixel: 3 planes\n'* ]] || fail "$output"
    [[ $output == *'share  planes  first in'* ]] || fail "$output"
    mw --inspect low-nodata.tif
    [[ $output == *'ids from 1 to 2, and 0 is nodata: --reduce-zero-label'* ]] || fail "$output"
}

@test "palettes that give an index several colours are told, where pixels have it" {
    masks <<END
palettes/a.png --colour palette --bits 2 --palette "#000000,#800000,#0000FF" --rows "0 1 1"
palettes/b.png --colour palette --bits 2 --palette "#000000,#008000,#0000EE" --rows "0 1 1"
alike/a.png --colour palette --bits 2 --palette "#000000,#800000,#0000FF" --rows "0 1 1"
alike/b.png --colour palette --bits 2 --palette "#000000,#800000" --rows "0 1 1"
END
    mw --inspect palettes
    clean
    [[ $output == *$'\npalette   3 colours, not the same in all masks: index 1 is #008000 and #800000\n'* ]] || fail "$output"
    [[ $output == *'; but the palettes differ, so that an index may be several classes: --encoding rgb '* ]] || fail "$output"
    mw --inspect alike
    clean
    [[ $output == *$'\npalette   3 colours, the same in all masks for every index that occurs\n'* ]] || fail "$output"
    [[ $output != *'several classes'* ]]
}
