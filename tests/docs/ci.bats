#!/usr/bin/env bats
# What a CI runs: the hooks under the real pre-commit, the steps of the action as GitHub runs them, and the
# stages of the README. Skipped where pre-commit, git or python3-yaml is not installed.

bats_require_minimum_version 1.5.0

setup() {
    work=$BATS_TEST_TMPDIR/work
    mkdir -p "$work" "$BATS_TEST_TMPDIR/bin"
    ln -s "$MASKWEIGHT" "$BATS_TEST_TMPDIR/bin/maskweight"
    cp -r "$MW_SOURCE/data/sample" "$work/masks"
    cd "$work" || return
    export PATH=$BATS_TEST_TMPDIR/bin:$PATH PYTHONDONTWRITEBYTECODE=1
    unset CI
}

needs() {
    command -v "$1" >/dev/null || skip "$1 is not installed"
}

needs_yaml() {
    /usr/bin/python3 -c 'import yaml' 2>/dev/null || skip "python3-yaml is not installed"
}

# block FILE: the README's block that begins with "# FILE".
block() {
    awk -v head="# $1" '$0 == head { inside = 1 } /^```$/ { inside = 0 } inside' "$MW_SOURCE/README.md"
}

# A mask of one row of 0 and 9, where the README declares 4 classes.
plant_fault() {
    python3 -S "$MW_SOURCE/tests/masks.py" write "$1" --rows "0 9"
}

# --- pre-commit -----------------------------------------------------------------------------------

# A repository of masks under the hooks of the README.
make_repository() {
    needs git
    needs pre-commit
    export HOME=$BATS_TEST_TMPDIR PRE_COMMIT_HOME=$BATS_TEST_TMPDIR/cache PRE_COMMIT_COLOR=never
    export GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@t GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@t
    local hooks=$BATS_TEST_TMPDIR/hooks
    mkdir "$hooks"
    cp "$MW_SOURCE/.pre-commit-hooks.yaml" "$hooks"
    git init -q "$hooks"
    git -C "$hooks" add -A
    git -C "$hooks" commit -qm hooks
    git -C "$hooks" tag v0.1.0
    git init -q .
    block .pre-commit-config.yaml | sed "s|repo: .*|repo: $hooks|" >.pre-commit-config.yaml
    git add -A
    git commit -qm masks
    pre-commit install >/dev/null
}

@test "pre-commit: the manifest is valid, and its pattern is for every suffix of a mask" {
    needs pre-commit
    pre-commit validate-manifest "$MW_SOURCE/.pre-commit-hooks.yaml"
    needs_yaml
    grep '^\.Pa \.png ' "$MW_BUILD/maskweight.1" | grep -o '\.[a-z]\{3,4\}\b' | sort -u >suffixes
    [ "$(wc -l <suffixes)" -ge 7 ]
    /usr/bin/python3 - "$MW_SOURCE/.pre-commit-hooks.yaml" suffixes <<'END'
import re, sys, yaml
hooks = yaml.safe_load(open(sys.argv[1]))
suffixes = open(sys.argv[2]).read().split()
assert hooks[1]["always_run"] and "files" not in hooks[1]
for hook in hooks[:1]:
    named = set(re.search(r"\(([a-z|]+)\)\$$", hook["files"])[1].split("|"))
    assert named == {suffix[1:] for suffix in suffixes}, (named, suffixes)
    for name in ("a/b.png", "a.PNG", "m/-x.tif"):
        assert re.search(hook["files"], name), name
    assert not re.search(hook["files"], "a.png.txt")
assert not re.search(hooks[0]["files"], "--output=x.png")
END
}

@test "pre-commit: a commit of sound masks passes, one of a faulty mask fails and names it" {
    make_repository
    cp masks/day/avenue-1.png masks/day/new.png
    git add -A
    run git commit -m sound
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$(grep -c Passed <<<"$output")" -eq 2 ]
    [ "$(git log --oneline | wc -l)" -eq 2 ]

    plant_fault masks/day/fault.png
    echo none >masks/day/broken.png
    git add -A
    run git commit -m faulty
    echo "$output"
    [ "$status" -ne 0 ]
    [ "$(grep -c Failed <<<"$output")" -eq 2 ]
    grep -qx 'masks/day/broken.png: unreadable: not a mask: none of the known formats by its content' <<<"$output"
    grep -q '^masks/day/fault.png: unknown-labels: ' <<<"$output"
    [ "$(git log --oneline | wc -l)" -eq 2 ]
    [ -z "$(git status --short | grep -v '^A')" ] # the hooks wrote nothing
}

@test "pre-commit: the one hook reads what is changed, the other one counts all" {
    make_repository
    plant_fault masks/day/old.png
    git add -A
    git commit -qnm 'without hooks'
    run pre-commit run
    [ "$(grep -c 'no files to check' <<<"$output")" -eq 1 ]
    cp masks/day/avenue-1.png masks/day/new.png
    git add -A
    run pre-commit run maskweight
    [ "$status" -eq 0 ]
    run pre-commit run maskweight-dataset
    [ "$status" -eq 1 ]
    grep -q '^masks/day/old.png: unknown-labels: ' <<<"$output"
    git rm -qf masks/day/old.png
    run pre-commit run --all-files
    echo "$output"
    [ "$status" -eq 0 ]
    sed -i 's/max-empty=20%/max-empty=10%/' .pre-commit-config.yaml
    git add -A
    run pre-commit run maskweight-dataset
    [ "$status" -eq 1 ]
    grep -q '^masks/day/courtyard.png: max-empty: ' <<<"$output"
}

@test "pre-commit: a commit that only removes masks is checked too" {
    make_repository
    git rm -q masks/night/* masks/day/avenue*
    run git commit -m fewer
    echo "$output"
    [ "$status" -ne 0 ]
    grep -q '^maskweight: min-masks: ' <<<"$output"
}

@test "pre-commit: a name that is an option is not handed over" {
    make_repository
    sed -i '/files: ^masks.*png/d' .pre-commit-config.yaml # the pattern of the hook itself
    cp masks/day/avenue-1.png ./--output=victim.png
    cp masks/day/avenue-1.png ./-x.png
    git add -A
    run pre-commit run maskweight
    echo "$output"
    [ "$status" -eq 0 ]
    grep -q 'no files to check' <<<"$output"
    [ ! -e victim.png ]
}

# --- GitHub ---------------------------------------------------------------------------------------

# action INPUT...: the steps of the action, in the working directory.
action() {
    needs_yaml
    export GITHUB_STEP_SUMMARY=$BATS_TEST_TMPDIR/summary RUNNER_TEMP=$BATS_TEST_TMPDIR/runner
    mkdir -p "$RUNNER_TEMP"
    touch "$GITHUB_STEP_SUMMARY"
    run --separate-stderr /usr/bin/python3 "$MW_SOURCE/tests/docs/action.py" "$MW_SOURCE/action.yml" "$@"
    echo "$output"
    # shellcheck disable=SC2154 # `run` sets it
    echo "$stderr"
}

# The inputs of the README's workflow, one an argument of `action`.
readme_inputs() {
    block .github/workflows/masks.yml >workflow.yml
    /usr/bin/python3 - <<'END'
import yaml
workflow = yaml.safe_load(open("workflow.yml"))
assert workflow[True] == ["push", "pull_request"]  # YAML 1.1: on
steps = workflow["jobs"]["masks"]["steps"]
ours = [step for step in steps if "/maskweight@" in step["uses"]]
assert len(ours) == 1 and steps[-1]["if"] == "always()"
assert steps[-1]["with"]["sarif_file"] == "maskweight.sarif"
for name, value in ours[0]["with"].items():
    print(f"{name}={value}", end="\0")
END
}

@test "action: as in the README, sound masks pass with a document, a summary and SARIF" {
    needs_yaml # skipping within <(...) would skip nothing
    mapfile -d '' -t inputs < <(readme_inputs)
    [ "${#inputs[@]}" -eq 3 ]
    echo before >"$BATS_TEST_TMPDIR/summary"
    action "${inputs[@]}"
    [ "$status" -eq 0 ]
    [ "${lines[0]%% *}" = maskweight ] # the version
    [ "${lines[-1]}" = 'maskweight: no findings' ]
    grep -qx before "$BATS_TEST_TMPDIR/summary"
    grep -qx '## maskweight' "$BATS_TEST_TMPDIR/summary"
    python3 - <<'END'
import json
assert json.load(open("maskweight.json"))["dataset"]["masks"] == 12
assert json.load(open("maskweight.sarif"))["runs"][0]["results"] == []
END
    [ "$(find . -newer workflow.yml -type f | sort | tr '\n' ' ')" = './maskweight.json ./maskweight.sarif ' ]
}

@test "action: a broken rule fails the step, with annotations, a summary and SARIF" {
    plant_fault masks/day/fault.png
    needs_yaml # skipping within <(...) would skip nothing
    mapfile -d '' -t inputs < <(readme_inputs)
    action "${inputs[@]}"
    [ "$status" -eq 1 ]
    grep -q '^::error file=masks/day/fault.png,title=unknown-labels::' <<<"$output"
    grep -q 'unknown-labels' "$BATS_TEST_TMPDIR/summary"
    grep -q '"uri": *"masks/day/fault.png"' <<<"$(tr -d '\t' <maskweight.sarif)"
    [ -s maskweight.json ]
}

@test "action: an error is no success, and what an earlier step summed up is not told again" {
    action masks=masks arguments=--classes=4 checks=max-empty=1%
    [ "$status" -eq 1 ]
    lines_before=$(wc -l <"$BATS_TEST_TMPDIR/summary")
    action masks=absent
    [ "$status" -eq 2 ]
    [[ $stderr == *'absent'* ]]
    [ "$(wc -l <"$BATS_TEST_TMPDIR/summary")" -eq "$lines_before" ]
}

@test "action: inputs are words, whatever is in them" {
    mv masks "it's \$(touch pwned) & more"
    action "masks=it's \$(touch pwned) & more" $'arguments=--ignore-index=255\n\n--classes=4' 'document=a b.json'
    [ "$status" -eq 0 ]
    [ -s 'a b.json' ]
    [ ! -e pwned ]
    mv -- it* -x
    action masks=-x arguments=--ignore-index=255
    [ "$status" -eq 0 ]
}

@test "action: blanks and carriage returns around a line are no part of a word" {
    plant_fault masks/day/fault.png
    action $'masks=  masks \r\n' $'arguments=--classes=4\r\n\t--ignore-index=255 \r\n \r\n' \
        $'checks= unreadable\r\n\tmax-empty=50% \r\n'
    [ "$status" -eq 1 ]
    [[ $output == *'::error file=masks/day/fault.png,title=unknown-labels::'* ]]
}

@test "action: without checks what can be counted is counted, and the step still fails" {
    echo none >masks/day/broken.png
    for checks in '' $' \r\n'; do
        rm -f maskweight.json
        action masks=masks arguments=--ignore-index=255 "checks=$checks"
        [ "$status" -eq 3 ]
        [ -s maskweight.json ]
    done
}

@test "action: the SARIF file of an earlier run does not stay, but another file does" {
    action masks=masks arguments=--ignore-index=255
    [ -s maskweight.sarif ]
    action masks=absent
    [ "$status" -eq 2 ]
    [ ! -e maskweight.sarif ]
    action masks=masks arguments=--ignore-index=255 sarif=masks/day/avenue-1.png
    [ "$status" -eq 2 ]
    [ -s masks/day/avenue-1.png ]
}

@test "action: the path of a program is one line, and sets no other output" {
    action masks=masks "program=$MASKWEIGHT"$'\n'"other=pwned"
    [ "$status" -eq 2 ]
    [[ $stderr == 'program: the path of a program is one line' ]]
}

@test "action: an installed program is used, and where there is none it is built" {
    needs_yaml
    mkdir elsewhere
    cp "$MASKWEIGHT" elsewhere/mw
    rm "$BATS_TEST_TMPDIR/bin/maskweight"
    command -v maskweight >/dev/null && skip "maskweight is installed"
    # make as it is called, in a copy of the action
    mkdir copy
    cp "$MW_SOURCE/action.yml" copy
    cat >"$BATS_TEST_TMPDIR/bin/make" <<END
#!/bin/bash
echo "\$*" >>"$work/called"
mkdir -p "$work/copy/build"
cp "$work/elsewhere/mw" "$work/copy/build/maskweight"
END
    chmod +x "$BATS_TEST_TMPDIR/bin/make"
    action masks=masks program="$PWD/elsewhere/mw" arguments=--ignore-index=255
    [ "$status" -eq 0 ]
    [ ! -e called ]
    run /usr/bin/python3 "$MW_SOURCE/tests/docs/action.py" copy/action.yml masks=masks arguments=--ignore-index=255
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$(cat called)" = "-C $work/copy deps-build"$'\n'"-C $work/copy -j2 build/maskweight" ]
    for target in deps-build build/maskweight; do
        command make -n -C "$MW_SOURCE" "$target" >/dev/null # they are there
    done
}

# --- Stages ---------------------------------------------------------------------------------------

@test "make: the stage of the README runs once a mask changes, and keeps nothing of a broken dataset" {
    block Makefile >Makefile
    make
    [ -s weights.json ]
    make -q
    sleep 1.1
    cp masks/day/avenue-1.png masks/day/new.png
    run make -q
    [ "$status" -eq 1 ]
    make
    sleep 1.1
    rm masks/night/* masks/day/avenue*
    run make
    echo "$output"
    [ "$status" -ne 0 ]
    [[ $output == *'broken: '*'[min-masks]'* ]]
    [ ! -e weights.json ]
}

@test "DVC: the stage of the README makes its outputs from its dependencies, the same bytes each time" {
    needs_yaml
    block dvc.yaml >dvc.yaml
    /usr/bin/python3 - >stage <<'END'
import os, yaml
stage = yaml.safe_load(open("dvc.yaml"))["stages"]["weights"]
assert all(os.path.exists(path) for path in stage["deps"]) and stage["outs"] == ["weights.json"]
print(stage["cmd"])
END
    sh -e stage
    mv weights.json first.json
    sh -e stage
    cmp first.json weights.json
}
