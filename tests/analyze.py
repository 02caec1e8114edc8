#!/usr/bin/env python3
"""gcc's static analyzer over src/ and man/: tests/analyze.py COMPILER_FLAG...

Prints every warning that is not argued away below, and every argument that no longer has a warning; exit
status 1 if there is any. The tests are left out: the analyzer does not know that an assertion of cmocka
does not return.
"""

import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

LEAK = "-Wanalyzer-malloc-leak"
UNSET = "-Wanalyzer-use-of-uninitialized-value"
NULL = "-Wanalyzer-possible-null-argument"

# (file, warning, part of the line it stands at): why it is wrong.
ARGUED = {
    ("src/audit/path_store.c", UNSET, "struct mw_text swap = last;"):
        "both texts are whole before they are exchanged: `last` is zeroed, `path` is the caller's",
    ("src/count/class_map.c", LEAK, "if (!labels->names[i])"):
        "it is in labels->names, which mw_labels_free frees, after an error too",
    ("src/count/counts.c", LEAK, "if (!classes_grow(counts)) return NULL;"):
        "it is in counts->groups, which mw_counts_free frees",
    ("src/count/survey_walk.c", LEAK, "}"):
        "it is in the list of the walker, which goes to the queue, and every item of that is released",
    ("src/count/settings.c", LEAK, "to->names[i] = strdup"):
        "it is in to->names, which mw_labels_free frees, after an error too",
    ("src/read/edges.c", UNSET, "lengths[i - 1]"):
        "symbol 16 is refused at i == 0, and memset has written all below i",
    ("src/read/tiff_share.c", UNSET, "page->err = *err"):
        "what fails has written its error: that is the convention of all that takes one",
    ("src/write/inspection.c", UNSET, "ranked[kept - 1]"):
        "all below `kept` are written",
    ("src/write/output.c", NULL, "stat(second, &other)"):
        "`first && second` stands before it; -O2 joins the two into one test",
}


def warnings_of(source, flags):
    """The analyzer's warnings about one file: (file, warning, line, message)."""
    done = subprocess.run(
        ["gcc", *flags, "-O2", "-fanalyzer", "-fdiagnostics-format=json", "-c", source, "-o",
         os.devnull], capture_output=True, text=True, check=False)
    text = done.stderr.strip()
    found = []
    for entry in json.loads(text.splitlines()[-1]) if text else []:
        place = entry["locations"][0]["caret"] if entry["locations"] else {"file": source, "line": 0}
        found.append((place["file"], entry.get("option", entry["kind"]), place["line"],
                      entry["message"]))
    return found


def argument_for(warning, lines):
    """The key of ARGUED that speaks of a warning, or None."""
    file, option, line, _ = warning
    for key in ARGUED:
        if key[:2] == (file, option) and key[2] in lines(file)[line - 1]:
            return key
    return None


def main():
    cache = {}

    def lines(file):
        if file not in cache:
            cache[file] = pathlib.Path(file).read_text(encoding="utf-8").splitlines()
        return cache[file]

    sources = sorted(str(path) for root in ("src", "man") for path in pathlib.Path(root).rglob("*.c"))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(lambda source: warnings_of(source, sys.argv[1:]), sources)
    left, used = [], set()
    for warning in sorted({warning for several in found for warning in several}):
        key = argument_for(warning, lines)
        used.add(key)
        if not key:
            left.append("{0}:{2}: {3} [{1}]".format(*warning))
    left += [f"{key[0]}: no longer warned of, drop it from ARGUED: {key[2]}"
             for key in ARGUED if key not in used]
    print("\n".join(left), end="\n" if left else "")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
