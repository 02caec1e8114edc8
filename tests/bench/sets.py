"""The sets of masks that are measured, each made once and kept: `SETS`, and `make` for one."""

import hashlib
import multiprocessing
import os
import pathlib
import shutil
import zlib
from dataclasses import dataclass

import encode
import scenes

HERE = pathlib.Path(__file__).resolve().parent
CAMVID = HERE.parents[2] / "shared" / "data" / "camvid_val"
COLOURS = [(i * 67 % 251, i * 131 % 241, i * 197 % 239) for i in range(34)]  # of the street classes


@dataclass
class Set:
    """A row of the table. `piece` makes the bytes of file i; `copies` are hard links to each file:
    they are as long to read and to count, and spare the disk."""
    title: str
    piece: object
    files: int
    copies: int = 1
    suffix: str = "png"
    floor: bool = True  # whether floor.c can read it
    decode: bool = False  # whether decoding alone is a row of its own
    colours: bool = False
    palette: bool = False
    bits: int = 8
    peer_files: int = 40  # the Python libraries get the first of them only: they take long
    optional: bool = False  # only if asked for


def through(rows, values):
    """Rows of object numbers as rows of these values, one byte each."""
    table = bytes(values).ljust(256, b"\0")
    return [row.translate(table) for row in rows]


def woven(*planes):
    """Rows whose bytes come from these masks in turn."""
    for parts in zip(*planes):
        row = bytearray(len(parts[0]) * len(parts))
        for i, part in enumerate(parts):
            row[i::len(parts)] = part
        yield row


def street(seed, writer, size=(2048, 1024)):
    rows, classes = scenes.street(seed, *size)
    return encode.png(size, through(rows, classes), writer)


def camvid(i):
    real = sorted(CAMVID.glob("*.png"))
    return [real[i].read_bytes()] if i < len(real) else street(i, encode.PILLOW, (480, 360))


def voc(i):
    return encode.png((500, 375), scenes.few_objects(i), encode.PILLOW_PALETTE, "palette")


def binary(i):
    rows = scenes.blobs(i, 512, 512, 5, (0, 255), 20, 130)
    return encode.png((512, 512), rows, encode.PILLOW)


def ids(i):
    rows, classes = scenes.street(i)
    numbers = scenes.instances(classes)
    rows = woven(through(rows, [n >> 8 for n in numbers]),
                 through(rows, [n & 255 for n in numbers]))
    return encode.png((2048, 1024), rows, encode.PILLOW, bits=16)


def noisy(i):
    values = range(20)
    rows = scenes.blobs(i, 1024, 1024, 40, values, 20, 200)
    return encode.png((1024, 1024), scenes.add_noise(rows, 0.08, values, i), encode.PILLOW)


def coloured(i):
    rows, classes = scenes.street(i)
    rows = woven(*(through(rows, [COLOURS[kind][part] for kind in classes]) for part in range(3)))
    return encode.png((2048, 1024), rows, encode.PILLOW, "rgb")


def small(i):
    return encode.png((96, 96), scenes.blobs(i, 96, 96, 3, range(5), 8, 30), encode.PILLOW)


def tall(width, height, band=3072):
    """Rows of a large mask of land cover: one band of it again and again, its classes exchanged
    each time, so that no two blocks with objects in them are equal."""
    rows = scenes.blobs(1, width, band, width // 60, range(12), 40, 900)
    for y in range(height):
        table = bytes((value + y // band) % 12 for value in range(12))
        yield rows[y % band].translate(table.ljust(256, b"\0"))


def land(i, tile, compression, predictor=1, side=4096):
    rows = scenes.blobs(i, side, side, 160, range(12), 30, side / 7)
    return encode.tiff((side, side), rows, tile, compression, predictor)


def of_land(title, piece):
    return Set(title, piece, 4, 4, "tif", floor=False, decode=True, peer_files=4)


SETS = {
    "camvid": Set("CamVid 480x360", camvid, 101, 8),
    "city": Set("Cityscapes-like, Pillow", lambda i: street(i, encode.PILLOW), 240),
    "city-opencv": Set("Cityscapes-like, OpenCV", lambda i: street(i, encode.OPENCV), 240),
    "city-optipng": Set("Cityscapes-like, optipng", lambda i: street(i, encode.OPTIPNG), 240),
    "voc": Set("VOC palette 500x375", voc, 1000, palette=True),
    "binary": Set("binary 512x512", binary, 1000),
    "ids": Set("16-bit ids 2048x1024", ids, 240, bits=16),
    "noisy": Set("noisy 1024x1024", noisy, 120, 2),
    "rgb": Set("RGB 2048x1024", coloured, 60, decode=True,
               colours=True, peer_files=4),
    "tiff-deflate": of_land("TIFF 4096x4096, Deflate tiles",
                            lambda i: land(i, (256, 256), encode.DEFLATE)),
    "tiff-lzw": of_land("TIFF 4096x4096, LZW strips", lambda i: land(i, (0, 2), encode.LZW)),
    "tiff-lzw2": of_land("TIFF 4096x4096, LZW + predictor tiles",
                         lambda i: land(i, (256, 256), encode.LZW, 2)),
    "tiff-none": of_land("TIFF 4096x4096, uncompressed strips",
                         lambda i: land(i, (0, 2), encode.UNCOMPRESSED)),
    "bigtiff": Set("BigTIFF 30,000x30,000, Deflate tiles",
                   lambda _: encode.tiff((30000, 30000), tall(30000, 30000), (512, 512),
                                         encode.DEFLATE, big=True), 1, 1, "tif", False, True),
    "large": Set("PNG 20,000x20,000",
                 lambda _: encode.png((20000, 20000), tall(20000, 20000), encode.PILLOW), 1,
                 floor=False),
    "small": Set("100,000 masks 96x96", small, 100000, optional=True),
}


def write_pieces(path, pieces):
    """Writes a mask; a piece may be (place, bytes)."""
    with open(path, "wb") as file:
        for piece in pieces:
            if isinstance(piece, tuple):
                file.seek(piece[0])
                piece = piece[1]
            file.write(piece)


def write(name, folder, i):
    """Writes file i of a set and its links, a thousand names to a folder."""
    asked = SETS[name]
    path = folder / f"{i // 1000:03d}" / f"{i:06d}-0.{asked.suffix}"
    path.parent.mkdir(exist_ok=True)
    write_pieces(path, asked.piece(i))
    for copy in range(1, asked.copies):
        os.link(path, path.with_name(f"{i:06d}-{copy}.{asked.suffix}"))


def version():
    """A digest of all that decides what the sets hold."""
    sources = [HERE / name for name in ("encode.py", "scenes.py", "sets.py")]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources))
    digest.update(f"{zlib.ZLIB_RUNTIME_VERSION} {CAMVID.exists()}".encode())
    return digest.hexdigest()


def make(name, cache):
    """Makes a set below `cache` unless it is there; returns (its folder, its class map of colours).
    Beside it NAME.list has the paths of its masks, one a line."""
    folder, stamp, colours = cache / name, cache / f"{name}.made", cache / f"{name}.csv"
    if not stamp.exists() or stamp.read_text() != version():
        stamp.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        with multiprocessing.Pool() as pool:
            pool.starmap(write, [(name, folder, i) for i in range(SETS[name].files)], 8)
        listed = sorted(str(path) for path in folder.rglob(f"*.{SETS[name].suffix}"))
        (cache / f"{name}.list").write_text("".join(f"{path}\n" for path in listed))
        colours.write_text("name,r,g,b\n" + "".join(
            f"class{i},{r},{g},{b}\n" for i, (r, g, b) in enumerate(COLOURS)))
        stamp.write_text(version())
    return folder, colours
