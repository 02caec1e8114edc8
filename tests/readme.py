"""Runs the ```console blocks of a Markdown file and compares what they print. Output is TAP.

A line "$ COMMAND" is run by bash in the root of the project, with the program under test first in
PATH; the lines up to the next one are its output, standard error included. "..." as a line of its
own stands for any lines. Files that the commands make are removed afterwards.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def blocks(text):
    """Yields (line number, command, expected output) for each command of the console blocks."""
    for block in re.finditer(r"^```console\n(.*?)^```", text, re.M | re.S):
        line = text[: block.start(1)].count("\n") + 1
        for part in re.finditer(r"^\$ (.*(?:\\\n.*)*)\n((?:(?!\$ ).*\n)*)", block[1], re.M):
            yield line + block[1][: part.start()].count("\n"), part[1], part[2]


def matches(expected, output):
    pattern = "".join(
        "(?:.*\n)*" if line == "...\n" else re.escape(line)
        for line in expected.splitlines(keepends=True)
    )
    return re.fullmatch(pattern, output)


def main():
    text = (ROOT / sys.argv[1]).read_text(encoding="utf-8")
    program = os.environ.get("MASKWEIGHT", str(ROOT / "build" / "maskweight"))
    failed = 0
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        (work / "bin").mkdir()
        (work / "bin" / "maskweight").symlink_to(program)
        shutil.copytree(ROOT / "data", work / "data")
        environment = dict(os.environ, PATH=f"{work / 'bin'}:{os.environ['PATH']}", LC_ALL="C.UTF-8")
        for number, (line, command, expected) in enumerate(blocks(text), 1):
            if command.startswith("make "):
                print(f"ok {number} {sys.argv[1]}:{line} # skip {command} is run by CI")
                continue
            missing = re.match(r"(sqlite3) ", command)
            if missing and not shutil.which(missing[1]):
                print(f"ok {number} {sys.argv[1]}:{line} # skip no {missing[1]} here")
                continue
            result = subprocess.run(
                ["bash", "-c", command], cwd=work, env=environment, text=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )
            good = matches(expected, result.stdout)
            failed += not good
            print(f"{'ok' if good else 'not ok'} {number} {sys.argv[1]}:{line} {command}")
            if not good:
                print("".join(f"# {row}\n" for row in result.stdout.splitlines()), end="")
    return failed > 0


sys.exit(main())
