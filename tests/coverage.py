#!/usr/bin/env python3
"""What the tests reach: tests/coverage.py BUILD, after they ran with the profile `cov`.

Prints a line a file, writes the sources with their counts to BUILD/html, and holds each branch in
src/read and src/count that was not taken against tests/uncovered.txt, which gives a reason for each. Exit
status 1 where a reason is missing, or where one speaks of what is taken after all or is no longer there.

A branch is one outcome of one condition, as clang sees them in the source: `T` was never true, `F` never
false, `-` was never asked. It is named by its file and its text, so that it keeps its reason when lines move.
"""

import collections
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
REASONS = ROOT / "tests" / "uncovered.txt"
FOLDERS = ("src/read", "src/count")


def objects(build):
    """The programs that were counted, as arguments of llvm-cov."""
    programs = [build / "maskweight", *sorted((build / "tests").glob("test_*")),
                *sorted((build / "tests").glob("replay_*"))]
    programs = [str(path) for path in programs if path.suffix == ""]
    return [programs[0], *(word for path in programs[1:] for word in ("-object", path))]


def llvm_cov(command, build, *arguments):
    return subprocess.run(
        ["llvm-cov", command, *objects(build), f"-instr-profile={build}/all.profdata", *arguments],
        cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True).stdout


def text_of(lines, first_line, first, last_line, last):
    """The text of a region, on one line."""
    if first_line == last_line:
        text = lines[first_line - 1][first - 1:last - 1]
    else:
        text = " ".join([lines[first_line - 1][first - 1:], *lines[first_line:last_line - 1],
                         lines[last_line - 1][:last - 1]])
    return re.sub(r"\s+", " ", text).strip()


def untaken(build):
    """{(file, outcome, text): lines} of all branches that were not taken."""
    exported = json.loads(llvm_cov("export", build, *FOLDERS))
    found = collections.defaultdict(list)
    for entry in exported["data"][0]["files"]:
        path = pathlib.Path(entry["filename"])
        lines = path.read_text(encoding="utf-8").splitlines()
        taken = collections.defaultdict(lambda: [0, 0])  # one place may be compiled several times
        for *place, true, false, _, _, _ in entry["branches"]:
            taken[tuple(place)][0] += true
            taken[tuple(place)][1] += false
        for place, (true, false) in taken.items():
            if not true or not false:
                outcome = "-" if true == false else "F" if true else "T"
                key = (str(path.relative_to(ROOT)), outcome, text_of(lines, *place))
                found[key].append(place[0])
    return found


def reasons():
    """{(file, outcome, text): whether it may be taken at times} of uncovered.txt."""
    known, reason, file = {}, None, None
    for number, line in enumerate(REASONS.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#") or not line.strip():
            continue
        branch = re.fullmatch(r"    ([TF-])(\??) (.+)", line)
        if branch and file and reason:
            known[file, branch[1], branch[3]] = bool(branch[2])
        elif re.fullmatch(r"  \S+\.[ch]", line):
            file = line.strip()
        elif not line.startswith(" "):
            reason, file = line, None
        else:
            sys.exit(f"tests/uncovered.txt:{number}: neither a reason, a file nor a branch")
    return known


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    profiles = sorted(map(str, build.glob("*.profraw")))
    subprocess.run(["llvm-profdata", "merge", "-sparse", *profiles, "-o", build / "all.profdata"],
                   check=True)
    print(llvm_cov("report", build, "src", "-show-region-summary=false"))
    llvm_cov("show", build, "src", "-format=html", f"-output-dir={build}/html",
             "-show-branches=count")
    found, known = untaken(build), reasons()
    missing = sorted(key for key in found if key not in known)
    stale = sorted(key for key, at_times in known.items() if key not in found and not at_times)
    for file, outcome, text in missing:
        place = f"{file}:{found[file, outcome, text][0]}"
        print(f"{place}: not taken, and tests/uncovered.txt has no reason: {outcome} {text}")
    for file, outcome, text in stale:
        print(f"{file}: taken, or no longer there; drop it from tests/uncovered.txt: {outcome} {text}")
    print(f"{sum(map(len, found.values()))} branches of {' and '.join(FOLDERS)} are not taken; "
          f"{len(missing)} without a reason, {len(stale)} reasons without a branch. "
          f"The sources, with counts: {build.relative_to(ROOT)}/html/index.html")
    return 1 if missing or stale else 0


if __name__ == "__main__":
    sys.exit(main())
