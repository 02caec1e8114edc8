#!/usr/bin/env python3
"""Made-up repositories of masks and images: a clean one, and for every check one with a single fault.

    audited.py make DIR           DIR/clean, DIR/CHECK for each check, and DIR/rules.json
    audited.py look DIR CHECK     what every output of CHECK says: exactly that fault, or none of clean

The clean one keeps every rule of rules.json, and is its own baseline. Ten masks of 16 x 16 pixels: class 0 is
background, the others have 24 or 6 pixels in each of nine masks, at places of their own; the tenth is empty.
20 pixels are ignored. Images are JPEG, PNG and TIFF in turn.
"""

import json
import pathlib
import random
import re
import struct
import sys
import xml.etree.ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import masks as made  # noqa: E402

SIDE, PIXELS = 16, {1: 24, 2: 24, 3: 24, 4: 6, 5: 6, 6: 24}

RULES = [
    "unreadable", "unknown-labels", "missing-classes:4", "min-pixels:1=150", "min-masks:2=7",
    "min-fraction:3=5%", "max-imbalance=40", "max-empty=20%", "max-ignored=5%", "lost-classes:5",
    "new-classes", "max-drift:0=5%", "max-divergence=0.03", "removed-masks=1",
    "size:16x16,/8", "encoding", "name:*_mask.png|*_mask.tif", "duplicates", "missing-images",
    "missing-masks", "image-size", {"check": "image-orientation", "severity": "error"}]

# Findings that are no rule, beside a fault; and those that only the document has.
BESIDE = {"missing-classes": {"absent-class"}, "lost-classes": {"absent-class"},
          "max-divergence": {"absent-class"}}
STORED = {"unknown-labels": {"unknown-label"}}

# Statements of the advice that a fault adds, or, where the ignored pixels were in the masks that are gone, takes away.
ADVICE = {"unreadable": {"incomplete"}, "missing-classes": {"absent"}, "lost-classes": {"absent"},
          "max-divergence": {"absent"}, "removed-masks": {"left-out"}}


# --- Images: headers, which is all that is read ---------------------------------------------------

def exif(orientation, order="MM"):
    """An EXIF block [bytes] with one entry."""
    end = ">" if order == "MM" else "<"
    return (order.encode() + struct.pack(end + "HIH", 42, 8, 1) +
            struct.pack(end + "HHIHH", 0x0112, 3, 1, orientation, 0) + struct.pack(end + "I", 0))


def segment(marker, data):
    """A JPEG segment with its length."""
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def jpeg(width, height, orientation=None, progressive=False, order="MM"):
    """A JPEG up to its first scan, which is empty."""
    parts = [b"\xff\xd8", segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")]
    if orientation:
        parts.append(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>"))
        parts.append(b"\xff" + segment(0xE1, b"Exif\0\0" + exif(orientation, order)))
    parts.append(segment(0xDB, bytes([0] + [1] * 64)))
    parts.append(segment(0xC4, bytes([0] + [0] * 16)))
    parts.append(segment(0xC2 if progressive else 0xC0,
                         struct.pack(">BHHB", 8, height, width, 1) + bytes([1, 0x11, 0])))
    parts.append(segment(0xDA, bytes([1, 1, 0, 0, 63, 0])) + b"\xff\xd9")
    return b"".join(parts)


def photo_png(width, height, orientation=None):
    """A black colour PNG."""
    before = made.chunk(b"eXIf", exif(orientation)) if orientation else b""
    return made.png(made.constant(width, height, 0), colour="rgb", before=before)


def photo_tiff(width, height):
    """A TIFF of one page."""
    return made.tiff([{"rows": made.constant(width, height, 0)}])


PHOTOS = {".jpg": jpeg, ".png": photo_png, ".tif": photo_tiff}


# --- The clean repository -------------------------------------------------------------------------

class Repository:
    """Masks as lists of rows and images as bytes, by their path below masks/ and images/."""

    def __init__(self):
        self.labels, self.images, self.stored = {}, {}, {}
        for number in range(10):
            values = [0] * (SIDE * SIDE)
            if number < 9:
                values = [c for c, pixels in PIXELS.items() for _ in range(pixels)]
                values += [0] * (SIDE * SIDE - len(values))
                random.Random(number).shuffle(values)
            folder = "left/" if number < 5 else "right/"
            suffix = list(PHOTOS)[number % 3]
            self.labels[f"{folder}{number}_mask.png"] = [
                values[i:i + SIDE] for i in range(0, len(values), SIDE)]
            self.images[f"{folder}{number}{suffix}"] = PHOTOS[suffix](SIDE, SIDE)
        self.change(0, 255, 20)

    def change(self, old, new, count, first=0):
        """Makes `count` pixels of one value another one, from mask number `first` on."""
        for rows in list(self.labels.values())[first:9]:
            for row in rows:
                for i, value in enumerate(row):
                    if value == old and count > 0:
                        row[i], count = new, count - 1
        assert count == 0

    def rename(self, old, new):
        """Gives a mask another name."""
        self.labels[new] = self.labels.pop(old)

    def save(self, folder):
        """Writes everything below a folder."""
        for name, rows in self.labels.items():
            made.save(folder / "masks" / name, self.stored.get(name) or made.png(rows))
        for name, data in self.images.items():
            made.save(folder / "images" / name, data)


# --- One fault for each check ---------------------------------------------------------------------

def plant_unreadable(repository):
    repository.stored["left/2_mask.png"] = b"version https://git-lfs.github.com/spec/v1\n"


def plant_unknown(repository):
    repository.change(0, 9, 1)


def plant_min_masks(repository):
    for rows in list(repository.labels.values())[:3]:
        rows[:] = [[0 if value == 2 else value for value in row] for row in rows]


def plant_imbalance(repository):
    repository.change(5, 1, 16)


def plant_empty(repository):
    for number in range(3):
        repository.labels[f"right/more{number}_mask.png"] = made.constant(8, 8, 0)
        repository.images[f"right/more{number}.jpg"] = jpeg(8, 8)


def plant_removed(repository):
    for number in (0, 1):
        del repository.labels[f"left/{number}_mask.png"]
    del repository.images["left/0.jpg"], repository.images["left/1.png"]


def plant_size(repository):
    for row in repository.labels["right/9_mask.png"]:
        row.append(0)
    repository.images["right/9.jpg"] = jpeg(17, 16)


def plant_encoding(repository):
    repository.stored["right/6_mask.png"] = made.png(
        repository.labels["right/6_mask.png"], colour="palette")


def plant_duplicate(repository):
    repository.labels["left/2_mask.png"] = repository.labels["left/3_mask.png"]


def remove_image(repository):
    del repository.images["left/2.tif"]


def add_image(repository):
    repository.images["right/alone.jpeg"] = jpeg(16, 16)


def plant_image_size(repository):
    repository.images["left/0.jpg"] = jpeg(16, 15, progressive=True)


def plant_orientation(repository):
    repository.images["left/3.jpg"] = jpeg(16, 16, orientation=6)


FAULTS = {
    "unreadable": plant_unreadable,
    "unknown-labels": plant_unknown,
    "missing-classes": lambda repository: repository.change(4, 1, 54),
    "min-pixels": lambda repository: repository.change(1, 0, 67),
    "min-masks": plant_min_masks,
    "min-fraction": lambda repository: repository.change(3, 0, 107),
    "max-imbalance": plant_imbalance,
    "max-empty": plant_empty,
    "max-ignored": lambda repository: repository.change(0, 255, 130, first=3),
    "lost-classes": lambda repository: repository.change(5, 1, 54),
    "new-classes": lambda repository: repository.change(0, 7, 65),
    "max-drift": lambda repository: repository.change(0, 1, 140),
    "max-divergence": lambda repository: repository.change(6, 1, 216),
    "removed-masks": plant_removed,
    "size": plant_size,
    "encoding": plant_encoding,
    "name": lambda repository: repository.rename("left/4_mask.png", "left/4.png"),
    "duplicates": plant_duplicate,
    "missing-images": remove_image,
    "missing-masks": add_image,
    "image-size": plant_image_size,
    "image-orientation": plant_orientation,
}

# The masks that the finding names: those with the fault. Others name none.
NAMED = {
    "unreadable": ["masks/left/2_mask.png"],
    "unknown-labels": ["masks/left/0_mask.png"],
    "max-empty": ["masks/right/9_mask.png", "masks/right/more0_mask.png",
                  "masks/right/more1_mask.png", "masks/right/more2_mask.png"],
    "max-ignored": ["masks/left/3_mask.png", "masks/left/0_mask.png"],
    "size": ["masks/right/9_mask.png"],
    "encoding": ["masks/right/6_mask.png"],
    "name": ["masks/left/4.png"],
    "duplicates": ["masks/left/3_mask.png"],
    "missing-images": ["masks/left/2_mask.png"],
    "missing-masks": ["images/right/alone.jpeg"],
    "image-size": ["masks/left/0_mask.png"],
    "image-orientation": ["masks/left/3_mask.png"],
}


def make(folder):
    """Everything below a folder."""
    Repository().save(folder / "clean")
    for name, plant in FAULTS.items():
        repository = Repository()
        plant(repository)
        repository.save(folder / name)
    (folder / "rules.json").write_text(json.dumps(RULES), encoding="utf-8")


# --- What the outputs say -------------------------------------------------------------------------

def read_json(path):
    """{code: first paths} of a document, of broken rules and of the rest."""
    document = json.loads(path.read_text(encoding="utf-8"))
    broken = {rule["rule"] for rule in document["rules"] if rule["broken"]}
    assert broken == {f["rule"] for f in document["findings"] if "rule" in f}, broken
    return {f["code"] for f in document["findings"]}


def read_text(path):
    return set(re.findall(r"^[^:]*: ([a-z-]+): ", path.read_text(encoding="utf-8"), re.M))


def read_junit(path):
    """The checks of test cases that fail or warn; files that failed are errors beside them."""
    suites = xml.etree.ElementTree.parse(path).getroot()
    for element in (suites, suites.find("testsuite")):
        for name, found in (("tests", "testcase"), ("failures", "testcase/failure"),
                            ("errors", "testcase/error")):
            assert int(element.get(name)) == len(suites.findall("testsuite/" + found)), name
    return {re.match("[a-z-]+", case.get("name")).group()
            for case in suites.iter("testcase")
            if case.find("failure") is not None or case.findtext("system-out", "").startswith("warning: ")}


def read_sarif(path):
    run = json.loads(path.read_text(encoding="utf-8"))["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"], result
    return {result["ruleId"] for result in run["results"]}


def read_github(path):
    titles = set(re.findall("^::.*title=([a-z-]+)::", path.read_text(encoding="utf-8"), re.M))
    return titles - {"maskweight"}


def read_markdown(path):
    return set(re.findall(r"^\| [a-z]+ \| `([a-z-]+)` \|", path.read_text(encoding="utf-8"), re.M))


def read_advice(path):
    """The statements, without those of the clean repository: advice is about weights, and follows a fault only where
    that changes what is weighed."""
    def statements(advice):
        return set(re.findall("^([a-z-]+): ", advice.read_text(encoding="utf-8"), re.M)) - {"maskweight"}
    return statements(path) ^ statements(path.with_name("clean.advice"))


READERS = {"json": read_json, "text": read_text, "junit": read_junit, "sarif": read_sarif,
           "github": read_github, "markdown": read_markdown, "advice": read_advice}


def look(folder, name):
    """Compares every output with what was planted."""
    wanted = set() if name == "clean" else {name} | BESIDE.get(name, set())
    for output, read in READERS.items():
        found = read(folder / f"{name}.{output}")
        stored = STORED.get(name, set()) if output == "json" else set()
        expected = ADVICE.get(name, set()) if output == "advice" else wanted | stored
        assert found == expected, f"{output} of {name}: {found}"
    document = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    text = (folder / f"{name}.text").read_text(encoding="utf-8")
    for finding in document["findings"]:
        paths = [re.sub("^masks/|^images/", "", path) for path in NAMED.get(name, [])]
        got = [re.sub(f"^{name}/images/", "", place["path"]) for place in finding["first"]]
        assert got == paths, f"{name}: {got}"
    for path in NAMED.get(name, []):
        assert f"{name}/{path}: {name}: " in text, text


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(pathlib.Path(sys.argv[2]))
    else:
        for each in sys.argv[3:]:
            look(pathlib.Path(sys.argv[2]), each)
