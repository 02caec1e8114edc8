"""PNG and TIFF as the programs write them that people make masks with, in seconds for a hundred
masks: rows are worked on as one long integer each, a byte of it a byte of the row.

The arithmetic on bytes inside of a long integer is the usual one: LOW adds seven bits of every byte
without a carry into the next, HIGH is the eighth, which has no carry to give.
"""

import functools
import pathlib
import sys
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import masks  # noqa: E402  (tests/masks.py)

NONE, SUB, UP, PAETH = 0, 1, 2, 4
MAGNITUDE = bytes(min(i, 256 - i) for i in range(256))


@functools.lru_cache(maxsize=None)
def lanes(size):
    """(LOW, HIGH, ALL) for rows of `size` bytes."""
    return tuple(int.from_bytes(bytes([part]) * size, "little") for part in (0x7F, 0x80, 0xFF))


def minus(row, other, size):
    """row - other, byte by byte, modulo 256."""
    low, high, everything = lanes(size)
    return ((row | high) - (other & low)) ^ ((row ^ other ^ everything) & high)


def differs(row, other, size):
    """0xFF in every byte where two rows differ, else 0."""
    low, high, _ = lanes(size)
    change = row ^ other
    marks = ((change & low) + low | change) & high
    return (marks << 1) - (marks >> 7)


def paeth_guess(row, above, step, size):
    """What Paeth predicts: above where left equals corner, left where above equals corner or left;
    the few other bytes one by one."""
    everything = lanes(size)[2]
    left, corner = row << 8 * step & everything, above << 8 * step & everything
    sideways = differs(left, corner, size)
    guess = above ^ (above ^ left) & sideways
    hard = sideways & differs(above, corner, size) & differs(left, above, size)
    if not hard:
        return guess
    guess, hard = bytearray(guess.to_bytes(size, "little")), hard.to_bytes(size, "little")
    lefts, aboves, corners = (part.to_bytes(size, "little") for part in (left, above, corner))
    i = hard.find(0xFF)
    while i >= 0:
        guess[i] = masks.paeth(lefts[i], aboves[i], corners[i])
        i = hard.find(0xFF, i + 1)
    return int.from_bytes(guess, "little")


def residual(kind, row, above, step, size):
    """A row after one filter [size bytes]."""
    if kind == NONE:
        rest = row
    elif kind == UP:
        rest = minus(row, above, size)
    elif kind == SUB:
        rest = minus(row, row << 8 * step & lanes(size)[2], size)
    else:
        rest = minus(row, paeth_guess(row, above, step, size), size)
    return rest.to_bytes(size, "little")


def pillow_filter(row, above, step, size):
    """Pillow's choice: the first of None, Up, Sub and Paeth with the least sum of magnitudes."""
    best = None
    for kind in (NONE, UP, SUB, PAETH):
        rest = residual(kind, row, above, step, size)
        cost = sum(rest.translate(MAGNITUDE, b"\0"))
        if best is None or cost < best[0]:
            best = cost, kind, rest
        if best[0] == 0:
            break
    return best[1:]


def scanlines(rows, step, kind):
    """What IDAT compresses, row by row; `kind` is one filter, or None: Pillow's choice."""
    above = 0
    for row in rows:
        now = int.from_bytes(row, "little")
        chosen, rest = (pillow_filter(now, above, step, len(row)) if kind is None
                        else (kind, residual(kind, now, above, step, len(row))))
        yield bytes([chosen]) + rest
        above = now


# How a program compresses: (filter or None, level, memory level, strategy, bytes of an IDAT)
PILLOW = (None, 6, 9, zlib.Z_FILTERED, 1 << 16)
PILLOW_PALETTE = (NONE, 6, 9, zlib.Z_DEFAULT_STRATEGY, 1 << 16)
OPENCV = (SUB, 1, 8, zlib.Z_RLE, 1 << 13)
OPTIPNG = (NONE, 9, 8, zlib.Z_DEFAULT_STRATEGY, 1 << 30)


def png(size, rows, writer, colour="grey", bits=8):
    """A PNG, piece by piece, of size (width, height) and rows [bytes as stored, any iterable], as
    one of the programs above writes it."""
    kind, channels = masks.PNG_COLOURS[colour]
    choice, level, memory, strategy, idat = writer
    yield masks.PNG_SIGNATURE + masks.chunk(b"IHDR", masks.png_header(*size, bits, kind))
    if colour == "palette":
        yield masks.palette_chunk(256)
    packer = zlib.compressobj(level, zlib.DEFLATED, 15, memory, strategy)
    pending = bytearray()
    for line in scanlines(rows, channels * bits // 8, choice):
        pending += packer.compress(line)
        while len(pending) > idat:
            yield masks.chunk(b"IDAT", bytes(pending[:idat]))
            del pending[:idat]
    yield masks.idat_chunks(bytes(pending + packer.flush()), idat) + masks.chunk(b"IEND")


# --- TIFF ---------------------------------------------------------------------------------------

UNCOMPRESSED, LZW, DEFLATE = 1, 5, 8
CLEAR, END, FIRST, LAST = 256, 257, 258, 4094


def lzw(data):
    """LZW as in TIFF 6.0: codes of 9 to 12 bits, most significant bit first, early change."""
    codes, table, width, free = [(CLEAR, 9)], {}, 9, FIRST
    prefix = data[0]
    for value in memoryview(data)[1:]:
        longer = prefix << 8 | value
        known = table.get(longer)
        if known is not None:
            prefix = known
            continue
        codes.append((prefix, width))
        table[longer] = free
        free += 1
        prefix = value
        if free == LAST:
            codes.append((CLEAR, width))
            table, width, free = {}, 9, FIRST
        elif free == 1 << width:
            width += 1
    codes.append((prefix, width))
    if free + 1 == 1 << width and width < 12:
        width += 1
    return masks.bits_to_bytes("".join(f"{code:0{bits}b}" for code, bits in codes + [(END, width)]))


def packed(lines, compression, predictor):
    """One strip or tile of equally long lines."""
    if predictor == 2:
        lines = [residual(SUB, int.from_bytes(line, "little"), 0, 1, len(line)) for line in lines]
    data = b"".join(lines)
    return {UNCOMPRESSED: bytes, LZW: lzw, DEFLATE: zlib.compress}[compression](data)


def blocks(size, rows, tile):
    """The lines of every block from top to bottom, of rows [any iterable]. `tile` is (width,
    height); a width of 0 makes strips. Tiles at an edge are filled up with zeros."""
    wide, high = tile
    rows = iter(rows)
    for top in range(0, size[1], high):
        lines = [bytes(next(rows)) for _ in range(min(high, size[1] - top))]
        for left in range(0, size[0], wide or size[0]):
            block = [line[left:left + wide].ljust(wide, b"\0") if wide else line for line in lines]
            yield block + [bytes(wide)] * (high - len(lines) if wide else 0)


def tiff(size, rows, tile, compression, predictor=1, big=False):
    """An 8-bit TIFF, piece by piece, its directory last. The last piece is (0, bytes): the header
    again, to be written at the start, with the place of the directory."""
    where, offsets, sizes = 16 if big else 8, [], []
    yield masks.tiff_header("II", big, 0)
    for lines in blocks(size, rows, tile):
        data = packed(lines, compression, predictor)
        offsets.append(where)
        sizes.append(len(data))
        where += len(data)
        yield data
    yield bytes(where % 2)
    where += where % 2
    layout = ({322: (masks.LONG, [tile[0]]), 323: (masks.LONG, [tile[1]]),
               324: (masks.LONG8 if big else masks.LONG, offsets), 325: (masks.LONG, sizes)}
              if tile[0] else
              {273: (masks.LONG, offsets), 278: (masks.LONG, [tile[1]]), 279: (masks.LONG, sizes)})
    tags = {256: (masks.LONG, [size[0]]), 257: (masks.LONG, [size[1]]), 258: (masks.SHORT, [8]),
            259: (masks.SHORT, [compression]), 262: (masks.SHORT, [1]), 277: (masks.SHORT, [1]),
            **layout}
    if predictor != 1:
        tags[317] = masks.SHORT, [predictor]
    blob, place = masks.directory(dict(sorted(tags.items())), where, "II", big)
    yield blob
    yield 0, masks.tiff_header("II", big, place)
