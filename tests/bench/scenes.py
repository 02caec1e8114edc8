"""Label masks that look like real ones: objects with outlines of straight edges, painted over each
other, as annotators draw them.

A mask is a list of rows [bytearray, a byte a pixel]. The same seed makes the same mask everywhere:
only `random()` is drawn, which Python promises not to change.
"""

import math
import random


def ground(width, height, value):
    """A mask [height rows of width bytes] of one value."""
    return [bytearray([value]) * width for _ in range(height)]


def fill(rows, points, value):
    """Paints a polygon [(x, y) of its corners, also outside the mask] by the even-odd rule."""
    width, height = len(rows[0]), len(rows)
    crossings = {}
    for (x0, y0), (x1, y1) in zip(points, points[1:] + points[:1]):
        if y0 > y1:
            x0, y0, x1, y1 = x1, y1, x0, y0
        for y in range(max(0, y0), min(height, y1)):
            crossings.setdefault(y, []).append(x0 + (x1 - x0) * (y - y0) // (y1 - y0))
    for y, edges in crossings.items():
        edges = sorted(min(max(x, 0), width) for x in edges)
        for left, right in zip(edges[::2], edges[1::2]):
            rows[y][left:right] = bytes([value]) * (right - left)


def draw(numbers, low, high):
    """A number from low to high [without it]."""
    return low + (high - low) * numbers.random()


def outline(numbers, size, corners, flat=1.0):
    """A closed outline around (0, 0) as [(angle, radius)...]; `flat` is height by width."""
    return [(2 * math.pi * (i + numbers.random() * 0.8) / corners, draw(numbers, 0.6, 1.1) * size,
             flat) for i in range(corners)]


def place(shape, x, y, grow=0.0):
    """The corners of an outline at (x, y), every radius longer by `grow` [pixels]."""
    return [(round(x + (radius + grow) * math.cos(angle)),
             round(y + (radius * flat + grow) * math.sin(angle))) for angle, radius, flat in shape]


def skyline(numbers, width, level, jump, step):
    """Corners from left to right, about every `step`, up to `jump` above or below `level`."""
    points, x = [], 0
    while x < width:
        points.append((round(x), round(level + draw(numbers, -jump, jump))))
        x += draw(numbers, step / 2, step * 3 / 2)
    return points + [(width, round(level))]


# --- Streets, as in Cityscapes ------------------------------------------------------------------

BUILDING, SKY, ROAD, SIDEWALK, TERRAIN, VEGETATION = 11, 23, 7, 8, 22, 21
POLE, LIGHT, SIGN, FENCE, WALL, STATIC, EGO, FRAME = 17, 19, 20, 13, 12, 4, 1, 3
PERSON, RIDER, CAR, TRUCK, BUS, BICYCLE = 24, 25, 26, 27, 28, 33
# (class, how many, least and largest radius, corners, height by width, from and to where in height)
STREET_OBJECTS = (
    (VEGETATION, 6, 40, 150, 90, 0.8, 0.30, 0.44), (WALL, 1, 40, 120, 16, 0.3, 0.46, 0.52),
    (FENCE, 2, 30, 110, 16, 0.3, 0.46, 0.54), (POLE, 4, 60, 160, 0, 0.0, 0.30, 0.46),
    (SIGN, 6, 6, 24, 12, 1.0, 0.25, 0.44), (LIGHT, 4, 6, 16, 12, 2.0, 0.20, 0.40),
    (BUS, 1, 40, 90, 20, 0.8, 0.44, 0.50), (TRUCK, 1, 30, 80, 20, 0.8, 0.45, 0.50),
    (CAR, 9, 12, 80, 50, 0.6, 0.46, 0.58), (STATIC, 5, 6, 30, 16, 1.0, 0.46, 0.58),
    (BICYCLE, 3, 12, 40, 44, 0.9, 0.50, 0.60), (PERSON, 8, 6, 26, 36, 2.4, 0.46, 0.56),
    (RIDER, 2, 8, 20, 24, 2.2, 0.46, 0.54))
THINGS = (PERSON, RIDER, CAR, TRUCK, BUS, BICYCLE)


def street(seed, width=2048, height=1024):
    """A street: (mask of object numbers, class of every object). Numbers are below 256."""
    numbers = random.Random(seed)
    rows, classes = ground(width, height, 0), [BUILDING]

    def add(points, kind):
        fill(rows, points, len(classes))
        classes.append(kind)

    add([(0, 0)] + skyline(numbers, width, height * 0.2, height * 0.1, 40) + [(width, 0)], SKY)
    corners = [(0, height), (width, height)]
    add(corners + skyline(numbers, width, height * 0.5, 10, 60)[::-1], SIDEWALK)
    add(corners + skyline(numbers, width, height * 0.58, 8, 60)[::-1], ROAD)
    add(place(outline(numbers, 260, 14, 0.25), width * numbers.random(), height * 0.6), TERRAIN)
    for kind, many, least, most, sides, flat, top, bottom in STREET_OBJECTS:
        for _ in range(many):
            size = least * (most / least) ** numbers.random()
            x, y = draw(numbers, 0, width), draw(numbers, top, bottom) * height
            add(place(outline(numbers, size, sides, flat), x, y) if sides
                else post(x, y, size, draw(numbers, 3, 11)), kind)
    add([(0, height)] + skyline(numbers, width, height * 0.91, 12, 260) + [(width, height)], EGO)
    for points in frame(width, height, 5):
        add(points, FRAME)
    return rows, classes


def post(x, y, size, wide):
    """A pole that leans by a pixel or two."""
    top, foot = round(y - size), round(y + size)
    return [(round(x), top), (round(x + wide), top), (round(x + wide + 2), foot),
            (round(x - 1), foot)]


def frame(width, height, wide):
    """The border of a rectified image: four bars."""
    bars = ((0, 0, width, wide), (0, height - wide, width, height), (0, 0, wide, height),
            (width - wide, 0, width, height))
    return [[(x0, y0), (x1, y0), (x1, y1), (x0, y1)] for x0, y0, x1, y1 in bars]


def instances(classes):
    """The instance id of every object: class * 1000 + n of things, else the class itself."""
    met, ids = {}, []
    for kind in classes:
        met[kind] = met.get(kind, -1) + 1
        ids.append(kind * 1000 + met[kind] if kind in THINGS else kind)
    return ids


# --- Other masks --------------------------------------------------------------------------------


def few_objects(seed, width=500, height=375):
    """One to four objects of 20 classes on background 0, each in a border of 255, as in VOC."""
    numbers = random.Random(seed)
    rows = ground(width, height, 0)
    for _ in range(1 + int(draw(numbers, 0, 4))):
        shape = outline(numbers, draw(numbers, 25, 110), 24, draw(numbers, 0.6, 1.6))
        x, y = draw(numbers, 0, width), draw(numbers, 0.3, 0.8) * height
        fill(rows, place(shape, x, y, 2.5), 255)
        fill(rows, place(shape, x, y, -2.5), 1 + int(draw(numbers, 0, 20)))
    return rows


def blobs(seed, width, height, many, values, least, most):
    """A number of objects of these values on the first one; radii [pixels] from least to most."""
    numbers = random.Random(seed)
    rows = ground(width, height, values[0])
    for _ in range(many):
        size = least * (most / least) ** numbers.random()
        shape = outline(numbers, size, 16 + int(size / 40), draw(numbers, 0.6, 1.5))
        value = values[int(numbers.random() * len(values))]
        fill(rows, place(shape, draw(numbers, 0, width), draw(numbers, 0, height)), value)
    return rows


def add_noise(rows, share, values, seed):
    """Replaces this share of the pixels, in place."""
    numbers = random.Random(seed)
    width = len(rows[0])
    for row in rows:
        for _ in range(round(width * share)):
            row[int(numbers.random() * width)] = values[int(numbers.random() * len(values))]
    return rows
