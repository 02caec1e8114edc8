"""Runs the steps of a composite action as GitHub does, and ends with the status of the step that fails.

usage: action.py ACTION NAME=INPUT... (the working directory is that of the workflow; GITHUB_STEP_SUMMARY
and RUNNER_TEMP are those of the environment)
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml


def expand(text, contexts):
    """Replaces ${{ a.b.c }}, the one form of expression that is allowed here."""
    return re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda found: contexts[found[1]], text)


def read_outputs(path):
    return dict(line.split("=", 1) for line in path.read_text().splitlines())


def main():
    action = pathlib.Path(sys.argv[1]).resolve()
    wanted = yaml.safe_load(action.read_text())
    given = dict(argument.split("=", 1) for argument in sys.argv[2:])
    assert not set(given) - set(wanted["inputs"]), given
    missing = [name for name, one in wanted["inputs"].items() if one.get("required") and name not in given]
    assert not missing, missing
    assert wanted["runs"]["using"] == "composite"
    contexts = {"github.action_path": str(action.parent)}
    for name, one in wanted["inputs"].items():
        contexts[f"inputs.{name}"] = given.get(name, one.get("default", ""))
    for step in wanted["runs"]["steps"]:
        assert step["shell"] == "bash" and "${{" not in step["run"], "inputs never become a part of the script"
        with tempfile.TemporaryDirectory() as directory:
            script, output = pathlib.Path(directory, "script.sh"), pathlib.Path(directory, "output")
            script.write_text(step["run"])
            output.touch()
            environment = dict(os.environ, GITHUB_OUTPUT=str(output), CI="true", GITHUB_ACTIONS="true")
            environment |= {name: expand(value, contexts) for name, value in step["env"].items()}
            status = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
                                    env=environment).returncode
            for name, value in read_outputs(output).items():
                contexts[f"steps.{step.get('id')}.outputs.{name}"] = value
        if status:
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
