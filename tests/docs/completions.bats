#!/usr/bin/env bats
# The shell completions: every option and word that the program knows, and no other; and they work.

setup() {
    completions=$MW_BUILD/completions
    export HOME=$BATS_TEST_TMPDIR/home XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/config
    export XDG_DATA_HOME=$BATS_TEST_TMPDIR/share
    mkdir -p "$HOME" "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work" || return
    [ -d "$completions" ]
    [ -x "$MASKWEIGHT" ]
    touch names.txt 'my mask.png'
    mkdir night
}

needs() {
    command -v "$1" >/dev/null || skip "$1 is not installed"
}

# Tells the difference between two lists, whatever their order.
same() {
    diff <(printf '%s\n' "$1" | sort) <(printf '%s\n' "$2" | sort)
}

# "--scheme" and "-s" for each option of --help.
help_options() {
    "$MASKWEIGHT" --help | sed -n 's/^ \{2,6\}\(\(-[A-Za-z0-9]\), \)\{0,1\}\(--[a-z-]*\).*/\2\n\3/p' |
        grep .
}

# The words that an option names when it gets a wrong one.
known_words() {
    "$MASKWEIGHT" "$1" zzzzzzzzzzzzzzzzzzzz masks 2>&1 | sed 's/.*there are: //' | sed 's/, /\n/g'
}

# Every scheme, and the word that stands for all of them.
known_schemes() {
    known_words --scheme | grep -v '^all$'
    echo all
}

# What bash offers for the last of the words.
in_bash() {
    # shellcheck disable=SC2016
    bash --norc --noprofile -u -c '
        source "$1"
        shift
        COMP_WORDS=(maskweight "$@")
        COMP_CWORD=$#
        _maskweight
        if ((${#COMPREPLY[@]})); then printf "%s\n" "${COMPREPLY[@]}"; fi
    ' bash "$completions/maskweight.bash" "$@"
}

# What fish offers for the end of a line.
in_fish() {
    fish -N -c "source '$completions/maskweight.fish'; complete -C '$1'" | cut -f 1
}

# The specifications that zsh's _arguments gets.
zsh_arguments() {
    # shellcheck disable=SC2016
    zsh -f -c '_arguments() { print -rl -- "$@" }; f() { source "$1" }; f "$1"' zsh \
        "$completions/_maskweight"
}

# The line that zsh makes of the beginning of one, by the tabulator key.
in_zsh() {
    # shellcheck disable=SC2016
    timeout 60 zsh -f -c '
        zmodload zsh/zpty
        zpty shell zsh -f -i
        zpty -w shell "PS1=; TERM=dumb; fpath=(${(q)1} \$fpath); autoload -Uz compinit"
        zpty -w shell "compinit -u -d \$HOME/dump; show() { zle complete-word; print -r -- \"<\$BUFFER>\" }"
        zpty -w shell "zle -N show; bindkey \"^I\" show; print RE\"\"ADY"
        zpty -r shell line "*READY*"
        zpty -n -w shell "$2"$'\''\t'\''
        zpty -r shell line "*<maskweight*>*"
        zpty -d shell
        print -r -- ${${line##*<}%%>*}
    ' zsh "$completions" "$1"
}

# zsh_makes TYPED COMPLETED. A terminal that is slow to answer gets two more tries.
zsh_makes() {
    local try got='nothing in time'
    for try in 1 2 3; do
        got=$(in_zsh "$1") || continue
        [ "$got" != "$2" ] || return 0
    done
    fail "'$1' became '$got', not '$2'"
}

@test "bash: the options are those of --help" {
    same "$(help_options)" "$(in_bash -)"
}

@test "bash: words of options" {
    same "$(known_schemes)" "$(in_bash --scheme '')"
    same "$(known_schemes)" "$(in_bash -q -s '')"
    same "$(known_words --format)" "$(in_bash -f '')"
    same "$(known_words --report)" "$(in_bash --report '')"
    same "$(known_words --normalize)" "$(in_bash masks --normalize '')"
    same "$(known_words --zero-class)" "$(in_bash --zero-class '')"
    same "$(known_words --unknown)" "$(in_bash --unknown '')"
    same "$(known_words --color)" "$(in_bash --color '')"
    same "$(known_words --progress)" "$(in_bash --progress '')"
}

@test "bash: the beginning of a word is completed" {
    [ "$(in_bash --sch)" = --scheme ]
    [ "$(in_bash --scheme en)" = enet ]
    [ "$(in_bash masks --bi)" = --binary ]
    [ -z "$(in_bash --scheme zz)" ]
}

@test "bash: --option=word, with '=' as a word of its own and without" {
    [ "$(in_bash --format = c)" = csv ]
    same "$(known_words --format)" "$(in_bash --format =)"
    [ "$(in_bash --format=c)" = --format=csv ]
    [ "$(in_bash --class-map = na)" = names.txt ]
}

@test "bash: files, for options that take one and for sources" {
    [ "$(in_bash -o na)" = names.txt ]
    [ "$(in_bash --files-from na)" = names.txt ]
    [ "$(in_bash ni)" = night ]
    [ "$(in_bash --binary my)" = 'my mask.png' ]
    [ "$(in_bash -n 4 na)" = names.txt ]
}

@test "bash: the class maps that came with the program, and files" {
    PATH=$(dirname "$MASKWEIGHT"):$PATH
    [ "$(in_bash -c ci | tr '\n' ' ')" = 'cityscapes-train cityscapes ' ]
    [ "$(in_bash --class-map = vo)" = voc ]
    [ "$(in_bash -c nam)" = names.txt ]
    [ -z "$(in_bash -o vo)" ]
}

@test "bash: nothing for numbers, nothing but files behind --" {
    [ -z "$(in_bash -n '')" ]
    [ -z "$(in_bash --threshold '')" ]
    [ -z "$(in_bash -- --b)" ]
    [ "$(in_bash -- na)" = names.txt ]
}

@test "zsh: the syntax is right" {
    needs zsh
    zsh -n "$completions/_maskweight"
    [ "$(head -n 1 "$completions/_maskweight")" = '#compdef maskweight' ]
}

@test "zsh: the options are those of --help" {
    needs zsh
    offered=$(zsh_arguments | sed -n 's/^\*//; s/^([^)]*)//; s/^\(-[-a-zA-Z0-9]*[a-zA-Z0-9]\)\(=-\|[+=]\)\{0,1\}\[.*/\1/p')
    same "$(help_options)" "$offered"
}

@test "zsh: the words of options are those that the program knows" {
    needs zsh
    words=$(zsh_arguments | sed -n 's/^\*--scheme=\[.*\]:NAME:((\(.*\)))$/\1/p' |
        sed 's/\\:"[^"]*"//g; s/ /\n/g')
    same "$(known_schemes)" "$words"
    words=$(zsh_arguments | sed -n 's/.*--format=\[.*\]:NAME:((\(.*\)))$/\1/p' |
        sed 's/\\"//g; s/\\:"[^"]*"//g; s/ /\n/g')
    same "$(known_words --format)" "$words"
    words=$(zsh_arguments | sed -n 's/^--normalize=\[.*\]:MODE:(\(.*\))$/\1/p' | sed 's/ /\n/g')
    same "$(known_words --normalize)" "$words"
}

@test "zsh: it completes" {
    needs zsh
    zsh_makes 'maskweight --sch' 'maskweight --scheme='
    zsh_makes 'maskweight --scheme en' 'maskweight --scheme enet '
    zsh_makes 'maskweight --format=c' 'maskweight --format=csv '
    zsh_makes 'maskweight -f js' 'maskweight -f json '
    zsh_makes 'maskweight --scheme enet --scheme dic' 'maskweight --scheme enet --scheme dice '
    zsh_makes 'maskweight na' 'maskweight names.txt '
    zsh_makes 'maskweight -o na' 'maskweight -o names.txt '
}

@test "zsh: the class maps that came with the program, and files" {
    needs zsh
    PATH=$(dirname "$MASKWEIGHT"):$PATH
    zsh_makes 'maskweight -c vo' 'maskweight -c voc '
    zsh_makes 'maskweight --class-map=ade' 'maskweight --class-map=ade20k '
    zsh_makes 'maskweight -c nam' 'maskweight -c names.txt '
}

@test "fish: the syntax is right" {
    needs fish
    fish -n "$completions/maskweight.fish"
}

@test "fish: the options are those of --help" {
    needs fish
    same "$(help_options)" "$(in_fish 'maskweight -')"
}

@test "fish: words of options" {
    needs fish
    same "$(known_schemes)" "$(in_fish 'maskweight --scheme ')"
    same "$(known_words --format)" "$(in_fish 'maskweight -f ')"
    same "$(known_words --report)" "$(in_fish 'maskweight --report ')"
    same "$(known_words --normalize)" "$(in_fish 'maskweight --normalize ')"
    same "$(known_words --zero-class)" "$(in_fish 'maskweight --zero-class ')"
    same "$(known_words --unknown)" "$(in_fish 'maskweight --unknown ')"
}

@test "fish: it completes" {
    needs fish
    [ "$(in_fish 'maskweight --sch')" = --scheme ]
    [ "$(in_fish 'maskweight --format=c')" = --format=csv ]
    [ "$(in_fish 'maskweight -o na')" = names.txt ]
    [ "$(in_fish 'maskweight na')" = names.txt ]
    [ -z "$(in_fish 'maskweight -n ')" ]
}

@test "fish: the class maps that came with the program, and files" {
    needs fish
    PATH=$(dirname "$MASKWEIGHT"):$PATH
    [ "$(in_fish 'maskweight -c vo')" = voc ]
    [ "$(in_fish 'maskweight --class-map nam')" = names.txt ]
}

@test "fish: a word comes with its meaning" {
    needs fish
    meaning=$(fish -N -c "source '$completions/maskweight.fish'; complete -C 'maskweight --scheme ene'")
    [ "$meaning" = $'enet\t(1 / ln(c + n / N))^power' ]
    meaning=$(fish -N -c "source '$completions/maskweight.fish'; complete -C 'maskweight -f ker'")
    [ "$meaning" = $'keras\t{"0": 1.0, ...} for class_weight' ]
}
