"""Evaluates expressions about the JSON document on standard input.

Usage: expect.py EXPRESSION... < document; every EXPRESSION must be true.

    d         the document
    lab, data d["labels"], d["dataset"]
    c(ID)     the object of a class
    n(ID)     its pixels
    px        {id: pixels} of all classes
    w(I)      the weights of the I-th scheme (0 when left out)
    share(I)  its weight shares
    codes     the codes of the findings, in order
    f(CODE)   the finding of that code
    broken    {rule: finding} of the rules that are broken
    js(p,q)   the Jensen-Shannon divergence of two distributions, in bits
    paths     the paths of the failures, in order
    near(a,b) numbers, or lists of them, that are equal but for the last two digits
    sample    data/expected.json
"""

import json
import math
import os
import sys


def refuse_constant(name):
    raise ValueError(f"{name} is not JSON")


def near(a, b):
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(near(x, y) for x, y in zip(a, b))
    return math.isclose(a, b, rel_tol=1e-14)


def finding(code):
    return next(entry for entry in d["findings"] if entry["code"] == code)


def entropy(shares):
    return -sum(share * math.log2(share) for share in shares if share)


def js(p, q):
    return entropy([(a + b) / 2 for a, b in zip(p, q)]) - (entropy(p) + entropy(q)) / 2


text = sys.stdin.buffer.read()
d = json.loads(text.decode("utf-8", "strict"), parse_constant=refuse_constant)
with open(os.environ["MW_SOURCE"] + "/data/expected.json", encoding="utf-8") as file:
    sample = json.load(file)

names = {"d": d, "math": math, "near": near, "js": js, "sample": sample, "text": text.decode()}
if isinstance(d, dict) and "classes" in d:
    classes = {entry["id"]: entry for entry in d["classes"]}
    names |= {
        "lab": d["labels"],
        "data": d["dataset"],
        "c": classes.get,
        "n": lambda identifier: classes[identifier]["pixels"],
        "px": {identifier: entry["pixels"] for identifier, entry in classes.items()},
        "w": lambda index=0: d["weights"][index]["class_weight"],
        "share": lambda index=0: d["weights"][index]["weight_share"],
        "codes": [entry["code"] for entry in d["findings"]],
        "f": finding,
        "broken": {entry["rule"]: entry for entry in d["findings"] if "rule" in entry},
        "paths": [entry["path"] for entry in d["failures"]],
    }
failed = False
for expression in sys.argv[1:]:
    try:
        if eval("(" + expression + ")", names):  # written in the cases beside this file
            continue
        why = "does not hold"
    except Exception as problem:
        why = f"{type(problem).__name__}: {problem}"
    failed = True
    print(f"{why}: {expression}", file=sys.stderr)
if failed:
    print(text.decode(), file=sys.stderr)
sys.exit(failed)
