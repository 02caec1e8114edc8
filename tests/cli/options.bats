#!/usr/bin/env bats
# The command line itself: every option works, and what is wrong is told in one line.

load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    tiny tiny
    "$MASKWEIGHT" --help >help.txt
    echo tiny/a.png >list
    printf 'tiny/a.png\0' >list0
    echo '["max-empty=1"]' >rules.json
    mkdir photos
    "$MASKWEIGHT" tiny --ignore-index 255 -q >old.json
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return
}

# The names of a section of --help, one a line: of the schemes or the formats.
section() {
    sed -n "/^$1/,/^\$/p" help.txt | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p'
}

# The names of all options, one a line.
option_names() {
    sed -n 's/^ *\(-., \)\?--\([a-z-]*\).*/\2/p' help.txt
}

@test "--help names every option, scheme, format and exit status, on standard output" {
    mw --help
    clean
    for name in classes class-map ignore-index background reduce-zero-label binary threshold unknown \
        encoding divisor small-values alpha nodata map list \
        scheme normalize zero-class min-weight max-weight skip-empty ignored-in-total foreground-only check rules baseline images image-name explain \
        files-from null include exclude follow shard sample list-files inspect format csv-safe output report per-mask sampling sampling-files jobs keep-going max-pixels max-row-bytes max-metadata max-pages max-member max-members max-values max-text max-places max-seconds sandbox decoder \
        progress quiet verbose color help version; do
        option_names | grep -qx -- "$name" || fail "--$name is missing"
    done
    [ "$(section Schemes | tr '\n' ' ')" = \
        'fraction inverse log balanced median-frequency enet effective dice pos-weight ' ]
    [ "$(section Checks | tr '\n' ' ')" = \
        "$("$MASKWEIGHT" --list checks | sed 's/ .*//' | tr '\n' ' ')" ]
    [ "$(section Formats | tr '\n' ' ')" = 'json csv list npy lut keras yaml table ' ]
    [ "$(section Reports | tr '\n' ' ')" = 'text junit sarif github markdown advice ' ]
    for text in 'Usage: maskweight' '0  done' '1  written, but a rule' '2  error' '3  written, but incomplete' '128 + n'; do
        [[ $output == *"$text"* ]] || fail "missing: $text"
    done
    [ "$(wc -L <<<"$output")" -le 100 ]
    first=$output
    mw -h
    [ "$output" = "$first" ]
    mw tiny -n 3 --help missing # whatever else is there
    clean
    [ "$output" = "$first" ]
}

@test "--version names the program's version and those of its libraries" {
    for option in --version -V; do
        mw $option
        clean
        [[ $(head -n 1 <<<"$output") =~ ^maskweight\ [0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "$output"
        for library in libpng libdeflate zlib libtiff libarchive SQLite cJSON; do
            [[ $output =~ $library\ [0-9]+\.[0-9]+ ]] || fail "$library: $output"
        done
    done
    version=$(head -n 1 <<<"$output")
    mw tiny/a.png -qq
    expect "d['maskweight'] == '${version#maskweight }'"
}

@test "every option that --help names works, by its name and by its letter" {
    # What to give each of them: arguments, after the option itself.
    declare -A use=(
        [files-from]=list [null]='--files-from list0' [include]='*.png tiny' [exclude]='*.tif tiny'
        [follow]=tiny [shard]='1/2 tiny' [sample]='50% tiny' [list-files]=tiny [inspect]=tiny [classes]='4 tiny' [class-map]='tiny.txt tiny'
        [ignore-index]='250-255 tiny' [background]='0,1 tiny' [reduce-zero-label]=tiny [binary]=tiny
        [threshold]='2 tiny' [encoding]='index tiny' [divisor]='256 --encoding instance tiny'
        [small-values]='class --encoding instance tiny' [alpha]='use tiny' [nodata]='use tiny'
        [map]='3=4 tiny' [list]='class-maps' [unknown]='ignore -n 2 tiny' [scheme]='enet tiny' [normalize]='mean tiny'
        [zero-class]='one tiny' [min-weight]='0.5 tiny' [max-weight]='2 tiny' [skip-empty]=tiny
        [ignored-in-total]=tiny [foreground-only]='-f list -n 4 tiny' [format]='csv tiny'
        [output]='out tiny' [report]='text=report tiny' [jobs]='2 tiny' [keep-going]=tiny [max-pixels]='100 tiny' [max-row-bytes]='2000 tiny'
        [max-metadata]='1000 tiny' [max-pages]='9 tiny' [max-member]='9 tiny' [max-members]='9 tiny' [max-values]='99 tiny' [max-text]='9999 tiny' [max-places]='20 tiny' [max-seconds]='600 tiny' [sandbox]='auto tiny' [csv-safe]='-f csv tiny'
        [decoder]='reference tiny' [check]='max-empty=1 tiny' [rules]='rules.json tiny'
        [baseline]='old.json --check lost-classes tiny' [explain]='all'
        [images]='photos tiny --check missing-masks=9 --check missing-images=9' [image-name]='*.png=*.jpg tiny --images photos --check missing-images=9'
        [cache]='cache.db tiny' [cache-verify]='--cache cache.db tiny' [per-mask]='masks.ndjson tiny' [sampling-files]='. tiny' [sampling]='inverse --per-mask masks.ndjson tiny'
        [progress]='always tiny' [quiet]=tiny [verbose]=tiny [color]='always tiny' [help]='' [version]=''
    )
    for name in $(option_names); do
        [ -n "${use[$name]+set}" ] || fail "no case for --$name"
        # shellcheck disable=SC2086 # arguments
        (set -f && "$MASKWEIGHT" --ignore-index 255 --$name ${use[$name]} >out.1 2>err) ||
            fail "--$name: $(cat err)"
        letter=$(sed -n "s/^ *-\(.\), --$name\( .*\|\$\)/\1/p" help.txt)
        [ -n "$letter" ] || continue
        # shellcheck disable=SC2086 # arguments
        (set -f && "$MASKWEIGHT" --ignore-index 255 -$letter ${use[$name]} >out.2 2>err) ||
            fail "-$letter: $(cat err)"
        same out.1 out.2
    done
    for scheme in $(section Schemes) all; do
        mw tiny --ignore-index 255 -s "$scheme"
        ended 0
    done
    for format in $(section Formats); do
        "$MASKWEIGHT" tiny --ignore-index 255 -f "$format" >out
        [ -s out ]
    done
}

@test "--name=value, -nvalue and letters together are understood" {
    mw tiny --ignore-index=255 --classes=4 --format=list
    clean
    [ "$output" = '[0.5, 1.0, 2.0, 2.0]' ]
    mw -qvn4 -flist --ignore-index 255 tiny
    [ "$output" = '[0.5, 1.0, 2.0, 2.0]' ]
    mw tiny -f list tiny2 -n 4 # options may follow sources
    ended 2
    told tiny2
}

@test "an unknown option is refused with the nearest right one" {
    refuses '--shceme|--scheme' tiny --shceme enet
    refuses '--ignore|--ignore-index' tiny --ignore 255
    refuses '--normalise|--normalize' tiny --normalise sum
    refuses '--colour|--color' tiny --colour never
    refuses '--output-file|--output' tiny --output-file x
    refuses '--qqqq|--help' tiny --qqqq
    refuses '-x|--help' tiny -x
    refuses '-y' tiny -qy
    refuses '--class |--class' tiny --class 3 # not cut short: it might be --class-map
}

@test "an argument that is missing, or not wanted, is told" {
    for name in $(option_names); do
        if grep -q -- "--$name\[=" help.txt; then
            continue # with or without
        elif grep -q -- "--$name [A-Z]" help.txt; then
            refuses "--$name|needs" tiny "--$name"
        else
            refuses "--$name|no argument" tiny "--$name=1"
        fi
    done
    refuses '--scheme|needs' tiny -s
    refuses 'source|--help'
    refuses 'source|--help' -n 3
}

@test "a number that is none, or out of range, is refused with its range" {
    for value in 0 -1 1025 abc 1.5 2x '' ' 2' 0x2 99999999999999999999; do
        refuses '--jobs|1 to 1024' tiny -j "$value"
    done
    for value in 0 -1 abc 1e3 '' 1048577; do
        refuses '--classes|1 to 1048576' tiny -n "$value"
    done
    for value in 0 -5 abc '' 9223372036854775808; do
        refuses '--max-pixels' tiny --max-pixels "$value"
    done
}

@test "a word that is none of those allowed is refused with those that are" {
    refuses "--format|'json'" tiny -f jsn
    refuses '--format|json|csv|npy|table' tiny -f quux
    refuses '--unknown|error, ignore' tiny --unknown skip
    refuses '--progress|auto, always, never' tiny --progress yes
    refuses "--color|'always'" tiny --color alway
    refuses "--zero-class|'formula'" tiny --zero-class formulae
    refuses '--normalize|none, sum, mean' tiny --normalize quux
}

@test "options that may be given once are refused twice; the last of the others counts" {
    refuses '--output|twice' tiny -o a -o b
    refuses '--class-map|twice' tiny -c tiny.txt -c tiny.txt
    refuses '--files-from|twice' --files-from list --files-from list
    mw tiny --ignore-index 255 -n 9 -n 4 -f csv -f list
    clean
    [ "$output" = '[0.5, 1.0, 2.0, 2.0]' ]
}
