#!/usr/bin/env bats
# What a message says besides what is wrong: where, and what to do next.

load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    tiny tiny
    masks <<'EOF'
gaps/a.png --rows "0 7;7 41"
fours/a.png --rows "0 1;2 3"
sets/one/a.png --rows "0 1"
sets/one/b.png --rows "1 1"
sets/two/a.png --rows "1 1"
sets/two/b.png --rows "0 0"
colours/a.png --colour rgb --rows "0 255"
EOF
    "$MASKWEIGHT" tiny -qq -o none.json
    "$MASKWEIGHT" tiny --ignore-index 255 -o 255.json
    "$MASKWEIGHT" tiny --map 255=ignore -o map.json
    "$MASKWEIGHT" sets/one -n 2 -o one.json
    "$MASKWEIGHT" sets/two -n 2 -o two.json
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return
}

# Runs the program with standard output and error on a terminal: $status, $output.
terminal() {
    status=0
    output=$(script -qefc "$(printf '%q ' "$MASKWEIGHT" "$@")" /dev/null </dev/null) || status=$?
}

needs_terminal() {
    script -qefc true /dev/null </dev/null >/dev/null 2>&1 || skip "no pseudo-terminal can be made here"
}

# Ids with gaps.

@test "the --map that closes gaps works, and --classes is told with what it means" {
    refuses '0, 7, 41|count with --map 7=1,41=2 to close|--classes 42|--zero-class' gaps -f list
    mw gaps -f list --map 7=1,41=2
    clean
    [ "$output" = '[1.3333333333333333, 0.6666666666666666, 1.3333333333333333]' ]
}

@test "gaps of a class map are closed in the class map" {
    echo '{"0": "a", "7": "b", "41": "c"}' >id2label.json
    refuses '0, 7, 41|number the classes of the class map 0 to 2' gaps -c id2label.json -f list
    untold '--classes' 'a class map' '--map'
}

# Documents that differ.

@test "documents that differ are both named, with what to do" {
    refuses 'none.json: was counted with no --ignore-index, and 255.json with --ignore-index 255: |count one of them again' \
        255.json none.json
    refuses '255.json: was counted with --ignore-index 255, and none.json with no --ignore-index: ' none.json 255.json
    refuses '255.json: was counted with no --map, and map.json with --map 255=ignore: ' map.json 255.json
    refuses '255.json: was counted with --ignore-index 255, and this run says --ignore-index 9: leave that out, or count' \
        255.json --ignore-index 9
}

@test "a document on standard input is called so" {
    # shellcheck disable=SC2031 # set by mw
    mw none.json - <255.json
    ended 2
    told 'standard input: was counted with --ignore-index 255, and none.json with'
}

@test "names that differ: both documents are named" {
    printf '%s\n' sky road >names-1.txt
    printf '%s\n' sky car >names-2.txt
    "$MASKWEIGHT" sets/one -c names-1.txt -o named-1.json
    "$MASKWEIGHT" sets/two -c names-2.txt -o named-2.json
    "$MASKWEIGHT" fours -n 2 --unknown ignore -qq -o bare.json
    refuses "was counted with --unknown error, and bare.json with --unknown ignore" bare.json named-1.json
    "$MASKWEIGHT" sets -n 2 -o bare.json
    refuses "named-2.json: class 1|'car', and 'road' in named-1.json|one class map" bare.json named-1.json named-2.json
    refuses "named-1.json: |'road', and 'car' in the class map of this run|leave --class-map out" \
        named-1.json -c names-2.txt
}

@test "a copy of a document is refused, and its twin in name only is added" {
    cp one.json copy.json
    refuses 'one.json and copy.json|count twice|leave one out' one.json copy.json
    refuses 'one.json and copy.json' two.json one.json copy.json
    mw one.json -s enet -o weighed.json # the same counts with other weights
    refuses 'one.json and weighed.json' one.json weighed.json
    mw one.json two.json # a.png and b.png in both
    clean
    expect 'px == {0: 3, 1: 5}' 'data["files"] == 4'
    mw one.json two.json -o both.json
    cp both.json copy-of-both.json
    refuses 'both.json and copy-of-both.json' both.json copy-of-both.json
}

@test "merging parts is associative" {
    masks <<<'sets/three/c.png --rows "0 0 1"'
    mw sets/three -n 2 -o three.json
    mw one.json two.json -o left.json
    mw two.json three.json -o right.json
    mw left.json three.json -o a.json
    mw one.json right.json -o b.json
    same a.json b.json
}

@test "failures of an earlier document name it" {
    masks <<<'part/a.png --rows "0 9"'
    masks <<<'part/b.png --rows "0 1"'
    mw part -n 2 --keep-going -o part.json
    ended 3
    mw part.json --keep-going
    ended 3
    told 'a.png: error: value 9 is no class (0 to 1): ' '(failed when part.json was written)'
    expect 'd["failures"][0]["error"].endswith("y 0")'
}

@test "a document with a byte order mark is read, from a file and from standard input" {
    printf '\xef\xbb\xbf' | cat - 255.json >marked.json
    mw marked.json
    clean
    [ "$output" = "$("$MASKWEIGHT" 255.json)" ]
    mw - <marked.json
    clean
    [ "$output" = "$("$MASKWEIGHT" 255.json)" ]
}

@test "what is no document, though we wrote it: only json is a source" {
    local format
    mw 255.json -f keras -o weights.keras
    refuses 'weights.keras: |--format json' weights.keras
    for format in list csv; do
        mw 255.json -f $format -o weights.$format
        mw weights.$format
        ended 2
        told "weights.$format: error: not a mask: " 'only what --format json wrote is a source'
    done
}

# Lists.

@test "a list written on Windows is read: carriage returns and a byte order mark" {
    printf '\xef\xbb\xbftiny/a.png\r\ntiny/b.png\r\n' >windows.txt
    mw --files-from windows.txt --ignore-index 255
    clean
    expect 'data["files"] == 2'
    mw --files-from windows.txt --list-files
    clean
    [ "$output" = $'tiny/a.png\ntiny/b.png' ]
    printf 'tiny/a.png\r\n\r\n' >blank.txt
    mw --files-from blank.txt
    ended 2
    told 'blank.txt: line 2 is empty'
    printf 'tiny/nowhere.png\r\n' >wrong.txt
    mw --files-from wrong.txt
    ended 2
    told 'maskweight: tiny/nowhere.png: error: '
}

@test "a carriage return that belongs to a name stays" {
    mkdir -p odd
    cp tiny/b.png odd/$'b.png\r'
    cp fours/a.png odd/b.png
    printf 'odd/b.png\r\n' >odd.txt
    mw --files-from odd.txt
    clean
    expect 'px == {0: 4}'
    printf 'fours/a.png\r\0' >zero.txt # NULs end these paths, nothing else
    mw --files-from zero.txt --null
    ended 2
    told 'fours/a.png\x0d'
}

@test "--null without a list that it could be for is refused" {
    refuses '--null|--files-from' tiny --null
    mw fours --null --list-files
    clean
}

# Words and options.

@test "a suggestion is near, whatever its case" {
    refuses "'ENET' is unknown; did you mean 'enet'?" tiny -s ENET
    refuses "'foo' is unknown; there are: fraction, " tiny -s foo
    untold 'did you mean'
    refuses "'JSON' is unknown; did you mean 'json'?" tiny -f JSON
}

@test "the same scheme twice is found, however it is written" {
    refuses '--scheme enet is given twice: enet:c=1.02 is the same' tiny -s enet -s enet:c=1.02
    refuses '--scheme inv is given twice: inverse is the same' tiny -s inv -s inverse
    refuses '--scheme enet is given twice' tiny -s enet -s all
    mw fours -s enet -s enet:c=1.03
    clean
}

@test "an option that was swallowed as an argument is told, and can be meant" {
    refuses "--include needs GLOB, and '-o' is an option|--include=-o" tiny --include -o out.json
    refuses "--output needs FILE, and '--format' is an option" tiny -o --format csv
    refuses "--class-map needs FILE, and '-s' is an option" tiny -c -s enet
    mkdir -p dashes
    cp tiny/b.png dashes/-o.png
    mw dashes --include=-o.png
    clean
    expect 'data["files"] == 1'
    mw fours --ignore-index -1
    clean
}

@test "a file that looks like options is told how to name it" {
    cp tiny/b.png ./-dash.png
    refuses '-d is not an option|./-dash.png|--' -dash.png
    cp tiny/b.png ./--dash.png
    refuses '--dash.png is not an option|./--dash.png' --dash.png
    refuses '-d is not an option; try --help' -d
    untold './'
    mw ./-dash.png
    clean
    mw -- -dash.png
    clean
}

@test "an --include that matches nothing is told as such" {
    mw tiny --include '*.foo' --include 'x*'
    ended 2
    told "no mask in it: 5 other files (-v says why)" "path below the source matches --include '*.foo' or 'x*'"
    mw tiny --include '*.foo' -v
    ended 2
    untold '-v says why'
    told 'not included'
}

@test "settings that no document could hold are refused" {
    refuses '--map: |2^53 - 1' tiny --map 9007199254740992=1
    refuses '--ignore-index: |2^53 - 1' tiny --ignore-index 9007199254740992
    mw fours --map 0-9007199254740991=1 -o large.json
    clean
    mw large.json
    clean
}

# Colours of the messages, and terminals.

@test "errors of the command line are coloured as all others" {
    mw --bogus --color always
    ended 2
    [ "$stderr" = $'maskweight: \e[1;31merror:\e[0m --bogus is not an option; try --help' ]
    mw --color always
    told $'\e[1;31merror:\e[0m no source'
    mw --bogus
    untold $'\e'
}

@test "binary formats are not written to a terminal" {
    needs_terminal
    for format in npy lut; do
        terminal fours -f $format
        [ "$status" -eq 2 ]
        [[ $output == *"--format $format is binary"*"-o FILE"* ]] || fail "$output"
        terminal fours -f $format -o pos.npy
        [ "$status" -eq 0 ]
        terminal fours -f $format --list-files
        [ "$status" -eq 0 ]
        terminal fours -f $format --inspect
        [ "$status" -eq 0 ]
    done
    terminal fours -f list
    [ "$status" -eq 0 ]
}

@test "standard input is called so" {
    mw - <<<'no mask'
    ended 2
    told 'maskweight: standard input: error: not a mask'
    mw --files-from - </dev/null
    ended 2
    told 'standard input: the list is empty'
    mw --list-files - <255.json
    ended 2
    told 'standard input: a document holds counts'
    printf '\0' | cat fours/a.png - >trailing.png
    mw - <trailing.png
    ended 0
    told ': standard input [trailing-data]'
}

@test "marks that change the direction of text are quoted" {
    local mark
    for mark in $'\u200e' $'\u200f' $'\u061c' $'\u202e'; do
        echo "not a mask" >"bidi$mark.png"
        mw "bidi$mark.png"
        ended 2
        untold "$mark"
        told "\$'bidi\\x"
    done
}

# What to do next.

@test "refusals say what to do next" {
    printf 'name,r,g,b\nblack,0,0,0\n' >black.csv
    mw colours --encoding rgb -c black.csv
    ended 2
    told 'colour #FFFFFF is no class: 1 pixel, ' '; add it to the class map, or leave it out with --unknown ignore'
    printf 'name,r,g,b\nblack,0,0,0\nwhite,255,255,255\n' >both.csv
    mw colours --encoding rgb -c both.csv -o colours.json
    clean
    refuses '--format lut|--encoding rgb|list or npy' colours.json -f lut
    refuses '--zero-class formula|use --zero-class max or one' -qq fours -n 5 --zero-class formula
}

@test "weights that are all alike: the finding names the parameters" {
    masks <<<'alike/a.png --size 400x400 --fill 0'
    masks <<<'alike/b.png --size 200x200 --fill 1'
    mw alike -s effective
    ended 0
    told 'effective weighs all classes alike (within 0.01 %)' 'use of=pixels, a beta other than 0.999, or another scheme'
    mw alike -s effective:of=pixels,beta=0.9
    told 'use of=masks, a beta other than 0.9, or another scheme'
    mw alike -s log:c=0.01
    told 'use a c other than 0.01, or another scheme'
    mw alike -s inverse
    clean
}
