#!/usr/bin/env python3
"""Makes the sample dataset: label masks of a made-up street, in several encodings.

    generate.py [DIR]    writes DIR/sample/, DIR/names.txt and DIR/expected.json
                         (DIR: the folder of this program)

The same zlib makes the same bytes. The histogram is known before a mask is encoded, and
the encoders are those of tests/masks.py, which use no image library.
"""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests"))
sys.dont_write_bytecode = True

import masks  # noqa: E402 (the path comes first)

WIDTH, HEIGHT = 160, 120  # pixels
BACKGROUND, ROAD, CAR, SIGN, VOID = 0, 1, 2, 3, 255
NAMES = ("background", "road", "car", "sign")
COLOURS = [(70, 70, 70), (128, 64, 128), (0, 0, 142), (220, 220, 0)]
PALETTE_16 = COLOURS + [(0, 0, 0)] * 12
PALETTE_256 = COLOURS + [(0, 0, 0)] * 251 + [(224, 224, 192)]

NOTES = "Drawn, not photographed. This file is no mask: it is to be skipped.\n"


def fill(rows, left, top, right, bottom, value):
    """Sets the pixels of a rectangle [left, right) x [top, bottom), cut to the image."""
    for row in rows[max(0, top):max(0, bottom)]:
        for x in range(max(0, left), min(right, len(row))):
            row[x] = value


def draw_road(rows, horizon, vanishing):
    """A road that widens from one point (vanishing [column], horizon [row]) to the lower edge."""
    for y in range(horizon, HEIGHT):
        half = 3 + (y - horizon) * 7 // 8
        fill(rows, vanishing - half, y, vanishing + half, y + 1, ROAD)


def draw_car(rows, left, top, width, void):
    """A car [width pixels wide, two thirds as high]; `void` leaves a border that is no class."""
    height, cabin = width * 2 // 3, width // 5
    if void:
        fill(rows, left - 1, top + height // 3 - 1, left + width + 1, top + height + 1, VOID)
    fill(rows, left + cabin, top, left + width - cabin, top + height // 3, CAR)
    fill(rows, left, top + height // 3, left + width, top + height, CAR)


def draw_sign(rows, column, top, radius):
    """A round sign [radius in pixels] on a pole of two pixels' width."""
    fill(rows, column - 1, top + radius, column + 1, top + radius * 4, SIGN)
    for y in range(-radius, radius + 1):
        for x in range(-radius, radius + 1):
            if x * x + y * y <= radius * radius:
                rows[top + y][column + x] = SIGN


def street(seed, cars=2, signs=0, void=True):
    """A street [HEIGHT rows of WIDTH samples]; with `void`, borders of cars and the bonnet."""
    numbers = masks.random_numbers(seed)
    rows = masks.constant(WIDTH, HEIGHT, BACKGROUND)
    horizon, vanishing = 50 + next(numbers) % 12, 60 + next(numbers) % 40
    draw_road(rows, horizon, vanishing)
    for _ in range(signs):
        draw_sign(rows, 8 + next(numbers) % 40, 24 + next(numbers) % 16, 4 + next(numbers) % 3)
    for i in range(cars):
        width = 14 + next(numbers) % 12
        draw_car(rows, vanishing - 34 + 36 * i + next(numbers) % 8, horizon + 12 + 9 * i, width,
                 void)
    if void:
        fill(rows, 30, HEIGHT - 5, 130, HEIGHT, VOID)
    return rows


def courtyard(void):
    """A scene without any foreground; with `void`, the bonnet is no class."""
    rows = masks.constant(WIDTH, HEIGHT, BACKGROUND)
    if void:
        fill(rows, 30, HEIGHT - 5, 130, HEIGHT, VOID)
    return rows


def tiff(rows, **page):
    """A label image as a TIFF of one page; `page` as in masks.PAGE."""
    return masks.tiff([{**page, "rows": rows}])


def sample():
    """The masks: (path below sample/, label image, bytes)."""
    rows = street(1, signs=1)
    yield "day/avenue-1.png", rows, masks.png(rows)
    rows = street(2, signs=1)
    yield "day/avenue-2.png", rows, masks.png(rows, interlaced=True, filters="up")
    rows = street(3, cars=3)
    yield "day/avenue-3.png", rows, masks.png(rows, 8, "palette", PALETTE_256)
    rows = street(4, cars=3, signs=1, void=False)
    yield "day/bridge-1.png", rows, masks.png(rows, 4, "palette", PALETTE_16)
    rows = street(5, signs=1)
    yield "day/bridge-2.tif", rows, tiff(rows, tile=(64, 64), compression="lzw")
    rows = courtyard(void=False)
    yield "day/courtyard.png", rows, masks.png(rows)
    rows = street(6, cars=1)
    yield "night/avenue-4.png", rows, masks.png(rows, 16)
    rows = street(7, signs=2)
    yield "night/avenue-5.png", rows, masks.png(rows, 8, "palette", PALETTE_256, interlaced=True)
    rows = street(8, cars=3)
    yield "night/bridge-3.tif", rows, tiff(rows, rows_per_strip=32, compression="deflate",
                                           predictor=2)
    rows = street(9, cars=1, void=False)
    yield "night/bridge-4.png", rows, masks.png(rows, 2, filters="sub")
    rows = street(10, cars=0, signs=1)
    yield "night/bridge-5.tif", rows, tiff(rows, rows_per_strip=50, compression="packbits")
    rows = courtyard(void=True)
    yield "night/courtyard.png", rows, masks.png(rows)


def expect(images):
    """What must be counted over {path: label image}, with 255 ignored and 0 as background."""
    counts = {path: masks.count(rows) for path, rows in images.items()}
    classes = []
    for value, name in enumerate(NAMES):
        holders = [found for found in counts.values() if value in found]
        classes.append({
            "id": value, "name": name, "pixels": sum(found[value] for found in holders),
            "masks": len(holders),
            "mask_pixels": sum(sum(found.values()) - found.get(VOID, 0) for found in holders),
            "mask_ignored_pixels": sum(found.get(VOID, 0) for found in holders)})
    empty = [path for path, found in counts.items() if set(found) - {VOID} == {BACKGROUND}]
    return {
        "ignore_index": [VOID], "background": [BACKGROUND], "masks": len(images),
        "class_pixels": sum(entry["pixels"] for entry in classes),
        "ignored_pixels": sum(found.get(VOID, 0) for found in counts.values()),
        "empty_masks": len(empty), "skipped_files": 1, "empty": empty, "classes": classes,
        "counts": {path: {str(value): pixels for value, pixels in found.items()}
                   for path, found in counts.items()}}


def main():
    """Writes everything below the folder that the command line names."""
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
    images = {}
    for path, rows, data in sample():
        masks.save(folder / "sample" / path, data)
        images[path] = rows
    masks.save(folder / "sample" / "day" / "notes.txt", NOTES.encode())
    masks.save(folder / "names.txt", "".join(name + "\n" for name in NAMES).encode())
    masks.save(folder / "expected.json", json.dumps(expect(images), indent=2).encode() + b"\n")


if __name__ == "__main__":
    main()
