#!/usr/bin/env python3
"""Makes the corpus of the fuzz targets: seeds.py DIRECTORY writes DIRECTORY/TARGET/NAME.

Masks come from tests/masks.py, which uses neither libpng nor libtiff; everything else is written out
below. Small on purpose: one input for each branch that a fuzzer would need long to find."""

import json
import pathlib
import sys
import zlib

FOLDER = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(FOLDER.parent))
import audited  # noqa: E402
import masks  # noqa: E402

LARGEST = 3000  # bytes of a mask

OWN = {"maskweight_class_map": 1, "source": "by hand", "classes": [
    {"id": 3, "name": "road", "color": [128, 64, 128], "values": [7, [8, 10]]},
    {"id": 0, "color": "#00ff0A", "background": True},
    {"name": "void", "ignore": True, "values": [-1, 255]}]}

CLASS_MAPS = {
    "names": "road\ncar\ntraffic light\n",
    "names-bom-crlf": "\ufeffroad\r\nv\u00e9lo\r\n",
    "colours": "# r g b name\n128 64 128 road\n0 0 255\tcar\n",
    "labelmap": "# label:color_rgb:parts:actions\nroad:128,64,128::\ncar:0,0,255:door:drive\n",
    "labelmap-bare": "a:1,2,3::\nb:::\nc:\n",
    "csv": "name,r,g,b\nroad,128,64,128\n\"a \"\"b\"\", c\",0,0,255\n",
    "csv-bad": "name,r,g,b\nroad,128,64,256\n",
    "csv-extra": "id,name,r,g,b\n0,road,128,64,128\n",
    "csv-semicolons": "name;r;g;b\nroad;128;64;128\n",
    "rows": "road,128,64,128\ncar,0,0,255\n",
    "hex": "background #000000\nroad #804080\n",
    "list": "[\"road\", \"car\"]",
    "ids": "{\"7\": \"road\",\n \"26\": \"car\"}",
    "ids-twice": "{\"7\": \"road\",\n \"7\": \"car\"}",
    "mmseg": "{\"classes\": [\"a\", \"b\"], \"palette\": [[1, 2, 3], [255, 0, 128]]}",
    "mmseg-old": "{\"CLASSES\": [\"a\"], \"PALETTE\": [\"#010203\"]}",
    "datumaro": "{\"label_map\": {\"0\": \"a\", \"5\": \"b\"}, \"segmentation_colors\": "
                "[[0, 0, 0], [64, 0, 128]]}",
    "huggingface": "{\"id2label\": {\"0\": \"wall\"}, \"label2id\": {\"wall\": 0}}",
    "own": json.dumps(OWN),
    "own-lines": json.dumps(OWN, indent=1),
    "cut": "{\"0\": \"a\"",
}

RULES = ["255", "0,250-255,-1", "0=255,11-33=1,*=ignore", "-5--3", "-9223372036854775808",
         "-9223372036854775807-9223372036854775807", "9223372036854775806,9223372036854775807",
         "*=0", "1=2,1=3", "3-1", "5=-7", "1-3=ignore,*=9223372036854775807", "", ","]

SCHEMES = ["fraction", "inverse:power=0.5", "log:c=2", "log:of=fraction,c=2", "balanced",
           "median-frequency", "enet:c=1.1,power=2", "effective:of=pixels,beta=0.9", "dice:power=1",
           "pos-weight", "enet:c=nan", "enet:c=1e999", "effectve", "enet:c=1.1,c=1.2", "log:of=fraction"]


CHECK_RULES = ["min-masks=50", "min-masks:car=50", "max-empty=20%", "max-drift:2=0.05", "unreadable",
               "unreadable=1", "max-emty=1", "max-empty=nan", "max-empty=-1", "max-empty=1e999",
               '["min-masks=1", {"check": "min-pixels", "class": "1", "limit": 7, "severity": "info"}]',
               '[{"check": "max-empty", "limit": "20%"}, "max-empty=1"]', '[{"check": 1}]', "[]", "{}",
               '[{"check": "min-masks", "class": 1, "limit": 1e999, "severity": "fatal"}]']

ARGUMENTS = ["tiny", "tiny -n 4 --ignore-index 255 -s enet:c=1.1 -s dice -o out.json",
             "--files-from - -0 -L -j 8 --keep-going -qq", "a --report junit=a.xml --report sarif -o b",
             "--encoding rgb --class-map c.txt --map #FF0000=#000000 a.png --alpha use",
             "--shard 2/3 a -o part-%k-of-%n.json", "--shard auto a", "-s all --normalize mean a -f npy",
             "a --check min-masks:car=50 --baseline b.json --rules r.json --check max-empty=20%",
             "--max-pixels 1 --max-values 2 --max-text 3 --max-seconds 4 a --max-row-bytes x",
             "--per-mask a.csv --sampling repeat-factor:t=0.1 --csv-safe a", "--explain all", "-hV",
             "--thresh 5 --binary a", "--unknwon error a", "-n -1 a", "-- --help", "-", "", "--color=alw",
             "--encoding instance --divisor 256 --small-values divide --reduce-zero-label a --inspect"]


def tally(pixels, count, mask_pixels, ignored):
    """The four numbers of one class."""
    return {"pixels": pixels, "masks": count, "mask_pixels": mask_pixels,
            "mask_ignored_pixels": ignored}


def document(**labels):
    """A document of three masks: 0 0 1 / 0 0 0 / 255 2 2 2, its label settings changed."""
    settings = {"kind": "single-label", "encoding": "index", "declared": False, "classes": None,
                "values": None, "map": None, "reduce_zero_label": False, "ignore_index": [255],
                "binary": None, "background": [0], "unknown": "error", "nodata": "auto",
                "alpha": "ignore", **labels}
    rows = [(0, tally(5, 2, 6, 0), tally(3, 1, 3, 0)), (1, tally(1, 1, 3, 0), tally(0, 0, 0, 0)),
            (2, tally(3, 1, 3, 1), tally(0, 0, 0, 0))]
    name = "class {}" if settings["declared"] else None
    classes = [{"id": id, "name": name and name.format(id), **all, "in_empty_masks": empty,
                "fraction": all["pixels"] / 9} for id, all, empty in rows]
    return {"maskweight": "0.1.0", "schema": 1, "complete": False, "labels": settings,
            "dataset": {"files": 3, "masks": 3, "empty_masks": 1, "ignored_masks": 0, "pixels": 9,
                        "ignored_pixels": 1, "unknown_pixels": 0,
                        "in_empty_masks": {"pixels": 3, "ignored_pixels": 0, "first": [
                            {"path": "a.tif", "error": "number 2: no pixel is foreground"}]},
                        "in_ignored_masks": {"ignored_pixels": 0}, "most_ignored": {"masks": 2, "first": [
                            {"path": "c.png", "error": "50 %", "share": 0.5}]}, "skipped_files": 1,
                        "failed_files": 1, "paths": {"count": 3, "digest": "0123456789abcdef" * 2}},
            "classes": classes, "weights": [],
            "findings": [{"code": "trailing-data", "severity": "warning", "message": "more",
                          "count": 2, "first": [{"path": "a.png"}, {"source": 2, "path": "b.png"}]}],
            "failures": [{"path": "\ufffd.png", "path_bytes": "/y5wbmc=", "error": "damaged"}]}


def documents():
    """Pairs (name, document)."""
    yield "observed", document()
    yield "declared", document(declared=True, classes=3)
    yield "values", document(declared=True, classes=3, values=[[0, 4, 0], [7, 7, 1], [8, 8, 2],
                                                               [9, 9, None], ["*", None]])
    yield "mapped", document(map=[[5, 5, 0], ["*", 1]], ignore_index=[-1, [200, 255]], background=[])
    binary = document(binary=128, nodata="use", alpha="use", unknown="ignore", declared=True,
                      classes=2)
    binary["classes"][1:] = [{"id": 1, "name": "class 1", **tally(4, 2, 6, 1), "in_empty_masks":
                              tally(0, 0, 0, 0), "fraction": 4 / 9}]
    yield "binary", binary
    yield "instance", document(encoding="instance", divisor=1000, small_values="class")
    part = document()
    paths = {"count": 4, "digest": "0123456789abcdef" * 2}
    part["shard"] = {"index": 2, "count": 3, "paths": paths, "all_paths": {**paths, "count": 9}}
    yield "shard", part
    yield "shards", {**part, "shard": {**part["shard"], "index": [[1, 2]]}}
    planes = document(kind="multi-label", encoding="planes", background=[])
    for row in planes["classes"]:
        for part in (row, row["in_empty_masks"]):
            part.update(valid_pixels=part["mask_pixels"], planes=part["masks"])
    planes["dataset"].update(pixels=12, in_empty_masks={"pixels": 3, "ignored_pixels": 0, "first": []})
    yield "planes", planes


def mask_seeds():
    """Pairs (target, bytes): small variants, at most one of each kind by its name."""
    suffixes = {"png": "png", "tif": "tiff", "npy": "npy", "pgm": "netpbm", "ppm": "netpbm",
                "pam": "netpbm"}
    families = [masks.good(), masks.colour(), masks.bad()]
    for family in families:
        for name, data, *_ in family:
            target = suffixes.get(name.rsplit(".", 1)[-1])
            if target and len(data) <= LARGEST:
                yield target, name, data


def thinned(seeds, most):
    """At most `most` of every target, spread over all of them."""
    by_target = {}
    for target, name, data in seeds:
        by_target.setdefault(target, []).append((name, data))
    for target, entries in by_target.items():
        step = max(1, len(entries) / most)
        picked = sorted({int(i * step) for i in range(min(most, len(entries)))})
        yield from ((target, *entries[i]) for i in picked)


def streams():
    """Pairs (name, bytes): deflate streams behind the byte that the target wants first."""
    flat = b"".join(bytes([i % 3]) * (50 + 7 * i) for i in range(12))
    rows = b"".join(b"\0" + bytes([5]) * (20 + i) + bytes([7]) * (80 - i) for i in range(30))
    noise = bytes(i * i * 31 % 251 for i in range(300))
    strategies = {"default": zlib.Z_DEFAULT_STRATEGY, "rle": zlib.Z_RLE, "fixed": zlib.Z_FIXED,
                  "huffman": zlib.Z_HUFFMAN_ONLY}
    for name, data in (("flat", flat), ("rows", rows), ("noise", noise), ("far", rows * 20 + flat)):
        for strategy, number in strategies.items():
            encoder = zlib.compressobj(9, zlib.DEFLATED, -15, 9, number)
            yield f"{name}-{strategy}", b"\xff" + encoder.compress(data) + encoder.flush()
    encoder = zlib.compressobj(0, zlib.DEFLATED, -15)
    yield "stored", b"\x03" + encoder.compress(flat) + encoder.flush(zlib.Z_FULL_FLUSH) + encoder.flush()


def bits(*fields):
    """Bytes of (value, width) fields, least significant bit first, as Deflate has them."""
    number = place = 0
    for value, width in fields:
        number |= value << place
        place += width
    return number.to_bytes(place // 8 + 9, "little")


def dynamic(literals, distances, lengths, *codes):
    """A last block with codes of its own: how many there are, the lengths of the codes of lengths by symbol,
    and then bits (value, width)."""
    order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    return bits((1, 1), (2, 2), (literals - 257, 5), (distances - 1, 5), (len(order) - 4, 4),
                *((lengths.get(symbol, 0), 3) for symbol in order), *codes)


def odd_blocks():
    """Pairs (name, bytes): blocks whose codes are none, or not enough. With two lengths of one bit, the
    lesser symbol has the bit 0, the greater one 1."""
    many = (127, 7)  # 138 times, behind symbol 18
    yield "literals-287", dynamic(287, 1, {0: 1, 18: 1})
    yield "distances-31", dynamic(257, 31, {0: 1, 18: 1})
    yield "repeat-nothing", dynamic(257, 1, {0: 1, 16: 1}, (1, 1), (0, 2))
    yield "too-many-lengths", dynamic(257, 1, {0: 1, 18: 1}, (1, 1), many, (1, 1), many)
    yield "lengths-oversubscribed", dynamic(257, 1, {0: 1, 1: 1, 18: 1})
    yield "lengths-incomplete", dynamic(257, 1, {0: 2, 18: 2})
    yield "no-code-at-all", dynamic(257, 1, {0: 1, 18: 1}, (1, 1), many, (1, 1), (109, 7), (0, 1))
    # lengths 1 and 18 have codes of one bit: a literal 0, then zeros, then the end or distances
    yield "literals-one", dynamic(257, 1, {1: 1, 18: 1}, (0, 1), (1, 1), many, (1, 1), (107, 7), (0, 1))
    yield "literals-oversubscribed", dynamic(257, 1, {1: 1, 18: 1}, (0, 1), (0, 1), (0, 1), (1, 1), many,
                                             (1, 1), (104, 7), (0, 1), (0, 1))
    yield "literals-incomplete", dynamic(257, 1, {2: 1, 18: 1}, (0, 1), (1, 1), many, (1, 1), (106, 7), (0, 1),
                                         (0, 1))
    yield "distances-incomplete", dynamic(257, 1, {1: 1, 2: 2, 18: 2}, (0, 1), (3, 2), many, (3, 2), (106, 7),
                                          (0, 1), (1, 2))
    yield "end-only", dynamic(257, 1, {1: 1, 18: 1}, (1, 1), many, (1, 1), (107, 7), (0, 1), (0, 1), (0, 1))
    yield "distances-oversubscribed", dynamic(257, 3, {1: 1, 18: 1}, (0, 1), (1, 1), many, (1, 1), (106, 7),
                                              (0, 1), (0, 1), (0, 1), (0, 1))
    yield "block-type-3", bits((1, 1), (3, 2))
    yield "stored-wrong-length", bits((1, 1), (0, 2), (0, 5), (5, 16), (5, 16))


def seeds():
    """Triples (target, name, bytes)."""
    for name, text in CLASS_MAPS.items():
        yield "class_map", name, text.encode()
    for i, text in enumerate(RULES):
        yield "rules", f"{i:02}", text.encode()
    for i, text in enumerate(CHECK_RULES):
        yield "check_rules", f"{i:02}", text.encode()
    for i, text in enumerate(ARGUMENTS):
        yield "argv", f"{i:02}", text.replace(" ", "\n").encode()
    for i, text in enumerate(SCHEMES):
        yield "scheme", f"{i:02}", text.encode()
    for name, value in documents():
        yield "document", name, json.dumps(value).encode()
    for target, name, data in thinned(mask_seeds(), 60):
        yield target, name.replace("/", "-"), data
        if target == "png":
            yield "png_decoders", name.replace("/", "-"), data
    for name, data in streams():
        yield "edges", name, data
    for name, data in odd_blocks():
        yield "edges", name, b"\xff" + data
        yield "png", name, masks.png_parts([[0] * 9] * 5, stream=b"\x78\x01" + data)
    yield "image", "jpeg", audited.jpeg(30, 20)
    yield "image", "jpeg-turned", audited.jpeg(30, 20, 6, True, "II")
    yield "image", "png", audited.photo_png(3, 2, 8)
    for order in ("II", "MM"):
        page = {"rows": masks.constant(3, 2, 0)}
        yield "image", f"tiff-{order}", masks.tiff([page], order)
        yield "image", f"bigtiff-{order}", masks.tiff([page], order, bigtiff=True)
    bits_1 = masks.scene(9, 5, [0, 1], seed=1)
    yield "png", "tiny", masks.png(bits_1, 1)


def main():
    """Writes the corpus."""
    for target, name, data in seeds():
        masks.save(pathlib.Path(sys.argv[1]) / target / name, data)


if __name__ == "__main__":
    main()
