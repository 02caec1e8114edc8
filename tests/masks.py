#!/usr/bin/env python3
"""Makes label masks whose histograms are known by construction.

Nothing here uses libpng, libtiff or NumPy: chunks, filters, interlacing, directories and every
codec are written out below (the standard library gives Deflate and CRC-32), so that a decoder under
test is never compared with itself. The same arguments make the same samples, and with the same zlib
the same bytes.

A label image is a list of rows of ints: the samples as stored, negative where a mask is signed. A
pixel of a colour image may be a tuple instead: its samples, (red, green, blue) or with alpha.

    masks.py write FILE --rows "0 0 1;1 255 2"     one small mask, format by suffix
    masks.py large-png FILE WIDTH HEIGHT           a large mask in bands, with little memory
    masks.py large-tiff FILE WIDTH HEIGHT          the same as a tiled Deflate BigTIFF
    masks.py variants DIR                          every variant, good and bad, and expected.json
    masks.py dataset DIR N                         many small masks, for measurements
"""

import argparse
import json
import os
import pathlib
import re
import struct
import sys
import zlib

# ---------------------------------------------------------------------------------------------
# Label images
# ---------------------------------------------------------------------------------------------


def constant(width, height, value):
    """A label image [height rows of width samples] of one value."""
    return [[value] * width for _ in range(height)]


def random_numbers(seed):
    """Endless 31-bit numbers, the same on every machine and for every version of Python."""
    state = (seed * 2654435761 + 12345) & 0xFFFFFFFF
    while True:
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        yield state >> 1 ^ state >> 17


def noise(width, height, values, seed=1):
    """A label image [height rows of width samples], each sample drawn from `values`."""
    numbers = random_numbers(seed)
    return [[values[next(numbers) % len(values)] for _ in range(width)] for _ in range(height)]


def scene(width, height, values, seed=1):
    """A label image [height rows of width samples]: rectangles on a ground, a little noise.

    Half the rows repeat the one above, so that every codec and filter finds runs and matches.
    """
    numbers = random_numbers(seed)
    rows = constant(width, height, values[0])
    for i in range(len(values) * 2):
        left, top = next(numbers) % width, next(numbers) % height
        right = left + 1 + next(numbers) % max(1, width // 2)
        bottom = top + 1 + next(numbers) % max(1, height // 2)
        for row in rows[top:bottom]:
            row[left:right] = [values[i % len(values)]] * (min(right, width) - left)
    for _ in range(width * height // 16 + 1):
        rows[next(numbers) % height][next(numbers) % width] = values[next(numbers) % len(values)]
    return [rows[y - 1 if y % 4 == 3 else y] for y in range(height)]


def count(*images):
    """The histogram of label images: {value or tuple: pixels}, in order of value."""
    counts = {}
    for rows in images:
        for row in rows:
            for value in row:
                counts[value] = counts.get(value, 0) + 1
    return dict(sorted(counts.items()))


def facts(rows, bits=8, signed=False, nodata=None):
    """What a decoder must find in one mask: a JSON object with width, height, bits, counts.

    nodata: the whole number that the file names as nodata; its pixels are in the counts
    """
    found = describe(len(rows[0]), len(rows), bits, signed, count(rows))
    return found if nodata is None else {**found, "nodata": nodata}


def describe(width, height, bits, signed, counts):
    """The JSON object of one mask; `counts` is {value: pixels}."""
    return {"width": width, "height": height, "bits": bits, "signed": signed,
            "counts": {str(value): pixels for value, pixels in sorted(counts.items())}}


def colours(*images):
    """The histogram of images of (red, green, blue) tuples of 8 bits: {"#RRGGBB": pixels}."""
    return {"#%02X%02X%02X" % value[:3]: pixels for value, pixels in count(*images).items()}


def samples_of(value, channels, opaque=()):
    """The samples [channels] of one pixel: those of a tuple, or the label in every channel; what is
    missing at the end is `opaque`."""
    if isinstance(value, tuple):
        samples = (list(value) + list(opaque))[:channels]
        assert len(samples) == channels, f"a pixel of {len(value)} samples where {channels} belong"
        return samples
    return [value] * (channels - len(opaque)) + list(opaque)


def pack_row(samples, bits, order="big"):
    """One row [samples] as bytes: most significant bit first, padded with zero bits to a byte.

    `order` is the byte order of samples of 16 and 32 bits; negative samples are two's complement.
    """
    mask = (1 << bits) - 1
    if bits == 8:
        return bytes(value & mask for value in samples)
    if bits > 8:
        return b"".join((value & mask).to_bytes(bits // 8, order) for value in samples)
    return bits_to_bytes("".join(format(value & mask, f"0{bits}b") for value in samples))


def pack_reals(samples, bits, order, predictor=1):
    """One row [samples] as IEEE numbers of 32 or 64 bits. Predictor 3 (TIFF Technical Note 3): all
    most significant bytes first, then the next ones, and of these the differences."""
    letter, end = {32: "f", 64: "d"}[bits], "<" if order == "little" else ">"
    data = struct.pack(f"{'>' if predictor == 3 else end}{len(samples)}{letter}", *samples)
    if predictor != 3:
        return data
    apart = b"".join(data[i::bits // 8] for i in range(bits // 8))
    return bytes((apart[i] - (apart[i - 1] if i else 0)) & 255 for i in range(len(apart)))


def bits_to_bytes(text):
    """A string of the digits 0 and 1 as bytes, most significant bit first, padded with zeros."""
    size = (len(text) + 7) // 8
    return int(text.ljust(size * 8, "0") or "0", 2).to_bytes(size, "big")


# ---------------------------------------------------------------------------------------------
# PNG
# ---------------------------------------------------------------------------------------------

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_COLOURS = {"grey": (0, 1), "rgb": (2, 3), "palette": (3, 1), "grey-alpha": (4, 2),
               "rgba": (6, 4)}  # name: (colour type, channels)
PNG_FILTERS = ("none", "sub", "up", "average", "paeth")
ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
         (0, 1, 1, 2))  # x and y of the first pixel, step in x and y


def chunk(kind, data=b"", crc=None):
    """One PNG chunk: length, kind, data, CRC-32 (or the given, wrong one)."""
    crc = zlib.crc32(kind + data) if crc is None else crc
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)


def png_header(width, height, bits, colour_type, interlaced=False):
    """The data of an IHDR chunk [13 bytes]."""
    return struct.pack(">IIBBBBB", width, height, bits, colour_type, 0, 0, int(interlaced))


def paeth(left, above, corner):
    """The neighbour that is nearest to left + above - corner."""
    estimate = left + above - corner
    distances = abs(estimate - left), abs(estimate - above), abs(estimate - corner)
    return (left, above, corner)[distances.index(min(distances))]


def filter_row(kind, row, above, step):
    """One row [bytes] filtered and led by its filter number; `step` is the bytes of a pixel."""
    out = bytearray([kind])
    for i, value in enumerate(row):
        left = row[i - step] if i >= step else 0
        corner = above[i - step] if i >= step else 0
        guess = (0, left, above[i], (left + above[i]) // 2, paeth(left, above[i], corner))[kind]
        out.append((value - guess) & 255)
    return bytes(out)


def filter_rows(rows, filters, step):
    """Rows [equally long bytes] filtered: one name of PNG_FILTERS, or row y takes filter y % 5."""
    out, above = [], bytes(len(rows[0])) if rows else b""
    for y, row in enumerate(rows):
        kind = y % 5 if filters == "mixed" else PNG_FILTERS.index(filters)
        out.append(filter_row(kind, row, above, step))
        above = row
    return b"".join(out)


def png_scanlines(rows, bits, colour, interlaced, filters):
    """The bytes that IDAT compresses: every pass, filtered. Passes without pixels have no rows."""
    channels = PNG_COLOURS[colour][1]
    opaque = [(1 << bits) - 1] if "alpha" in colour or colour == "rgba" else []
    out = []
    for left, top, step_x, step_y in ADAM7 if interlaced else ((0, 0, 1, 1),):
        passed = [row[left::step_x] for row in rows[top::step_y]]
        packed = [pack_row([sample for value in row
                            for sample in samples_of(value, channels, opaque)], bits)
                  for row in passed if row]
        out.append(filter_rows(packed, filters, max(1, channels * bits // 8)))
    return b"".join(out)


def palette_chunk(entries):
    """A PLTE chunk of a number of made-up colours, or of a list of (red, green, blue)."""
    if isinstance(entries, int):
        entries = [(i * 67 % 256, i * 131 % 256, i * 197 % 256) for i in range(entries)]
    return chunk(b"PLTE", bytes(part for entry in entries for part in entry))


def idat_chunks(stream, size=None):
    """A zlib stream as IDAT chunks of `size` bytes each (None: one chunk)."""
    size = size or max(1, len(stream))
    return b"".join(chunk(b"IDAT", stream[i:i + size]) for i in range(0, len(stream), size))


def png(rows, bits=8, colour="grey", palette=None, interlaced=False, filters="none",
        idat_size=None, trns=None, before=b"", after=b""):
    """A label image as PNG. In colour images each channel repeats a label that is no tuple, and
    alpha is opaque where it is not given.

    palette: entries of PLTE (a number or a list of colours; None: 2^bits of them)
    idat_size: bytes of compressed data per IDAT chunk; trns: data of a tRNS chunk
    before, after: whole chunks to place before the first and after the last IDAT
    """
    kind = PNG_COLOURS[colour][0]
    parts = [PNG_SIGNATURE,
             chunk(b"IHDR", png_header(len(rows[0]), len(rows), bits, kind, interlaced))]
    if colour == "palette":
        parts.append(palette_chunk(palette or 1 << bits))
    if trns is not None:
        parts.append(chunk(b"tRNS", trns))
    stream = zlib.compress(png_scanlines(rows, bits, colour, interlaced, filters))
    return b"".join(parts + [before, idat_chunks(stream, idat_size), after, chunk(b"IEND")])


# ---------------------------------------------------------------------------------------------
# TIFF codecs: each takes rows of bytes and the same rows of samples, and returns one strip or tile
# ---------------------------------------------------------------------------------------------


def encode_none(packed, _samples):
    """Rows as they are."""
    return b"".join(packed)


def encode_deflate(packed, _samples):
    """One zlib stream."""
    return zlib.compress(b"".join(packed))


def packbits_row(row):
    """One row [bytes] as PackBits: runs of three and more, literals between them."""
    out, i, literal = bytearray(), 0, bytearray()
    while i < len(row):
        run = 1
        while run < 128 and i + run < len(row) and row[i + run] == row[i]:
            run += 1
        if literal and (run >= 3 or len(literal) + run > 128):
            out += bytes([len(literal) - 1]) + literal
            literal.clear()
        if run >= 3:
            out += bytes([257 - run, row[i]])
        else:
            literal += row[i:i + run]
        i += run
    return bytes(out + (bytes([len(literal) - 1]) + literal if literal else b""))


def encode_packbits(packed, _samples):
    """Every row by itself, as the specification wants it."""
    return b"".join(packbits_row(row) for row in packed)


def encode_lzw(packed, _samples):
    """LZW as in TIFF 6.0: codes of 9 to 12 bits, most significant bit first, early change."""
    clear, end, first, last = 256, 257, 258, 4094
    table, width, free = {}, 9, first
    codes, prefix = [format(clear, "09b")], b""
    for value in b"".join(packed):
        longer = prefix + bytes([value])
        if len(longer) == 1 or longer in table:
            prefix = longer
            continue
        codes.append(format(table[prefix] if len(prefix) > 1 else prefix[0], f"0{width}b"))
        table[longer] = free
        free += 1
        if free == last:
            codes.append(format(clear, f"0{width}b"))
            table, width, free = {}, 9, first
        elif free == 1 << width:
            width += 1
        prefix = bytes([value])
    codes.append(format(table[prefix] if len(prefix) > 1 else prefix[0], f"0{width}b"))
    if free + 1 == 1 << width and width < 12:
        width += 1
    return bits_to_bytes("".join(codes) + format(end, f"0{width}b"))


def zstd_blocks(data):
    """Pairs (is a run, bytes of at most 128 KiB): the longest runs of one byte, and the rest."""
    largest = 1 << 17
    for match in re.finditer(rb"(?s)(.)\1{31,}|(?:(.)(?!\2{31}))+", data):
        part, is_run = match.group(), match.group(1) is not None
        for i in range(0, len(part), largest):
            yield is_run, part[i:i + largest]


def encode_zstd(packed, _samples):
    """A Zstandard frame (RFC 8878) of raw and run-length blocks only, its content size stated."""
    data = b"".join(packed)
    out = [struct.pack("<IBI", 0xFD2FB528, 0xA0, len(data))]  # single segment, 4-byte size
    blocks = list(zstd_blocks(data))
    for i, (is_run, part) in enumerate(blocks):
        header = int(i + 1 == len(blocks)) | int(is_run) << 1 | len(part) << 3
        out.append(header.to_bytes(3, "little") + (part[:1] if is_run else part))
    return b"".join(out)


# The run lengths of ITU-T T.4: codes of 0..63, then of 64, 128, ... 1728, white and black; then
# those of 1792, 1856, ... 2560, which both share.
WHITE = """
    00110101 000111 0111 1000 1011 1100 1110 1111 10011 10100 00111 01000 001000 000011 110100
    110101 101010 101011 0100111 0001100 0001000 0010111 0000011 0000100 0101000 0101011 0010011
    0100100 0011000 00000010 00000011 00011010 00011011 00010010 00010011 00010100 00010101
    00010110 00010111 00101000 00101001 00101010 00101011 00101100 00101101 00000100 00000101
    00001010 00001011 01010010 01010011 01010100 01010101 00100100 00100101 01011000 01011001
    01011010 01011011 01001010 01001011 00110010 00110011 00110100
    11011 10010 010111 0110111 00110110 00110111 01100100 01100101 01101000 01100111 011001100
    011001101 011010010 011010011 011010100 011010101 011010110 011010111 011011000 011011001
    011011010 011011011 010011000 010011001 010011010 011000 010011011""".split()
BLACK = """
    0000110111 010 11 10 011 0011 0010 00011 000101 000100 0000100 0000101 0000111 00000100
    00000111 000011000 0000010111 0000011000 0000001000 00001100111 00001101000 00001101100
    00000110111 00000101000 00000010111 00000011000 000011001010 000011001011 000011001100
    000011001101 000001101000 000001101001 000001101010 000001101011 000011010010 000011010011
    000011010100 000011010101 000011010110 000011010111 000001101100 000001101101 000011011010
    000011011011 000001010100 000001010101 000001010110 000001010111 000001100100 000001100101
    000001010010 000001010011 000000100100 000000110111 000000111000 000000100111 000000101000
    000001011000 000001011001 000000101011 000000101100 000001011010 000001100110 000001100111
    0000001111 000011001000 000011001001 000001011011 000000110011 000000110100 000000110101
    0000001101100 0000001101101 0000001001010 0000001001011 0000001001100 0000001001101
    0000001110010 0000001110011 0000001110100 0000001110101 0000001110110 0000001110111
    0000001010010 0000001010011 0000001010100 0000001010101 0000001011010 0000001011011
    0000001100100 0000001100101""".split()
LONG_RUNS = """
    00000001000 00000001100 00000001101 000000010010 000000010011 000000010100 000000010101
    000000010110 000000010111 000000011100 000000011101 000000011110 000000011111""".split()
RUN_CODES = (WHITE + LONG_RUNS, BLACK + LONG_RUNS)
END_OF_LINE = "000000000001"
VERTICAL = {0: "1", 1: "011", 2: "000011", 3: "0000011", -1: "010", -2: "000010", -3: "0000010"}


def run_code(colour, length):
    """The code of a run of white (0) or black (1) pixels, of any length."""
    codes = RUN_CODES[colour]
    text = codes[63 + 40] * (length // 2560)
    length %= 2560
    if length >= 64:
        text += codes[63 + length // 64]
    return text + codes[length % 64]


def find_from(row, value, start):
    """Where `value` next occurs in a row [bytes] at or after `start`; the row's width if never."""
    place = row.find(value, start)
    return len(row) if place < 0 else place


def huffman_row(row):
    """The codes of one row [bytes of 0 and 1]: alternating runs, the first one white."""
    text, place, colour = "", 0, 0
    while place < len(row):
        after = find_from(row, 1 - colour, place)
        text += run_code(colour, after - place)
        place, colour = after, 1 - colour
    return text


def two_dimensional_row(row, above):
    """The codes of one row [bytes of 0 and 1] against the one above it (ITU-T T.6)."""
    text, a0, colour = "", -1, 0
    while a0 < len(row):
        a1 = find_from(row, 1 - colour, a0 + 1)
        behind = a0 >= 0 and above[a0] != colour
        start = find_from(above, colour, a0 + 1) if behind else a0 + 1
        b1 = find_from(above, 1 - colour, start)
        b2 = find_from(above, colour, b1 + 1)
        if b2 < a1:
            text, a0 = text + "0001", b2
        elif abs(a1 - b1) <= 3:
            text, a0, colour = text + VERTICAL[a1 - b1], a1, 1 - colour
        else:
            a2 = find_from(row, colour, a1 + 1)
            text += "001" + run_code(colour, a1 - max(a0, 0)) + run_code(1 - colour, a2 - a1)
            a0 = a2
    return text


def encode_ccitt_rle(_packed, samples):
    """Modified Huffman: every row by itself, from a whole byte on, without ends of line."""
    return b"".join(bits_to_bytes(huffman_row(bytes(row))) for row in samples)


def encode_ccitt_g3(_packed, samples):
    """Group 3, one-dimensional: an end of line before each row, rows not aligned to bytes."""
    return bits_to_bytes("".join(END_OF_LINE + huffman_row(bytes(row)) for row in samples))


def encode_ccitt_g4(_packed, samples):
    """Group 4: every row against the one above, the first one against white."""
    rows = [bytes(row) for row in samples]
    above = [bytes(len(rows[0]))] + rows
    text = "".join(two_dimensional_row(row, above[y]) for y, row in enumerate(rows))
    return bits_to_bytes(text + END_OF_LINE * 2)


COMPRESSIONS = {"none": (1, encode_none), "ccitt-rle": (2, encode_ccitt_rle),
                "ccitt-g3": (3, encode_ccitt_g3), "ccitt-g4": (4, encode_ccitt_g4),
                "lzw": (5, encode_lzw), "deflate": (8, encode_deflate),
                "packbits": (32773, encode_packbits), "old-deflate": (32946, encode_deflate),
                "zstd": (50000, encode_zstd)}  # name: (value of tag 259, encoder)

# ---------------------------------------------------------------------------------------------
# TIFF
# ---------------------------------------------------------------------------------------------

BYTE, ASCII, SHORT, LONG, LONG8 = 1, 2, 3, 4, 16
REAL = 3  # value of tag 339
TYPE_CODES = {BYTE: "B", ASCII: "B", SHORT: "H", LONG: "I", LONG8: "Q"}
REVERSED_BITS = bytes(int(format(i, "08b")[::-1], 2) for i in range(256))

PAGE = {
    "rows": None,            # the label image
    "bits": 8,               # 1, 2, 4, 8, 16 or 32 bits a sample; 32 or 64 of real ones
    "signed": False,         # samples are two's complement, and SampleFormat says so
    "compression": "none",   # a name of COMPRESSIONS
    "predictor": 1,          # 2: horizontal differences (8, 16 and 32 bits); 3: those of reals
    "rows_per_strip": None,  # None: one strip
    "full_strips": False,    # the last strip has as many rows as the others, padded
    "tile": None,            # (width, height) in pixels; None: strips
    "fill_order": 1,         # 2: the bits of every stored byte reversed
    "photometric": 1,        # 0 min-is-white, 1 min-is-black, 2 RGB, 3 palette, 4 mask
    "samples_per_pixel": 1,  # every sample of a pixel repeats its label, if that is no tuple
    "extra_samples": None,   # value of tag 338 for those behind the colour: 0 unknown, 2 alpha
    "palette": None,         # colours of tag 320, (red, green, blue) of 8 bits; None: made up
    "planar": 1,             # 2: a plane per sample
    "sample_format": "auto",  # value of tag 339, None: no such tag; auto: 2 if signed, else 1;
                              # REAL: samples are floating-point numbers
    "subfile_type": None,    # value of tag 254: 1 reduced, 2 page, 4 transparency mask
    "nodata": None,          # text of tag 42113 (GDAL)
    "sparse": (),            # numbers of strips or tiles that are not stored: offset and size 0
    "stored": {},            # {number of a strip or tile: bytes to store in place of the codec's}
    "tags": {},              # {tag: (type, values[, count to claim]) or None to leave it out}
}


def padding_value(rows, bits, signed):
    """A value that fits and does not occur, to fill edge tiles with; 1 where all values occur."""
    used = {sample for row in rows for value in row
            for sample in (value if isinstance(value, tuple) else (value,))}
    top = (1 << (bits - 1 if signed else bits)) - 1
    return next((value for value in range(top, max(-1, top - 4096), -1) if value not in used), 1)


def planes(page):
    """The rows of samples of each plane: one plane, or with planar 2 one for every sample."""
    per_pixel = page["samples_per_pixel"]
    if page["planar"] == 2:
        return [[[samples_of(value, per_pixel)[i] for value in row] for row in page["rows"]]
                for i in range(per_pixel)]
    return [[[sample for value in row for sample in samples_of(value, per_pixel)]
             for row in page["rows"]]]


def blocks(page):
    """The rows of samples of every strip or tile, in file order; edge tiles are padded."""
    step = page["samples_per_pixel"] if page["planar"] == 1 else 1
    for rows in planes(page):
        if not page["tile"]:
            height = page["rows_per_strip"] or len(rows)
            padding = [[1] * len(rows[0])] * (height if page["full_strips"] else 0)
            yield from ((rows[y:y + height] + padding)[:height]
                        for y in range(0, len(rows), height))
            continue
        width, height = page["tile"][0] * step, page["tile"][1]
        fill = padding_value(page["rows"], page["bits"], page["signed"])
        for y in range(0, len(rows), height):
            for x in range(0, len(rows[0]), width):
                cut = [(row[x:x + width] + [fill] * width)[:width] for row in rows[y:y + height]]
                yield cut + [[fill] * width] * (height - len(cut))


def fill_sparse(page):
    """The page with the pixels of its sparse strips or tiles set to what a reader must count.

    That is the nodata value if the page names one, else 0. Only for pages of one sample.
    """
    page = {**PAGE, **page}
    if not page["sparse"]:
        return page
    height = page["tile"][1] if page["tile"] else page["rows_per_strip"] or len(page["rows"])
    width = page["tile"][0] if page["tile"] else len(page["rows"][0])
    across = -(-len(page["rows"][0]) // width)
    fill = int(page["nodata"] or 0)
    rows = [[fill if y // height * across + x // width in page["sparse"] else value
             for x, value in enumerate(row)] for y, row in enumerate(page["rows"])]
    return {**page, "rows": rows}


def encode_block(rows, page, byte_order):
    """One strip or tile [rows of samples] as the bytes that are stored."""
    step = page["samples_per_pixel"] if page["planar"] == 1 else 1
    if page["predictor"] == 2:
        rows = [row[:step] + [row[i] - row[i - step] for i in range(step, len(row))]
                for row in rows]
    order = "little" if byte_order == "II" else "big"
    if page["sample_format"] == REAL:
        packed = [pack_reals(row, page["bits"], order, page["predictor"]) for row in rows]
    else:
        packed = [pack_row(row, page["bits"], order) for row in rows]
    data = COMPRESSIONS[page["compression"]][1](packed, rows)
    return data.translate(REVERSED_BITS) if page["fill_order"] == 2 else data


def colour_map(palette, bits):
    """The values of tag 320: 2^bits reds, greens and blues of 16 bits, v = 257 v8."""
    if not isinstance(palette, list):
        return [i * 40503 % 65536 for i in range(3 << bits)]
    entries = (list(palette) + [(0, 0, 0)] * (1 << bits))[:1 << bits]
    return [entry[part] * 257 for part in range(3) for entry in entries]


def page_tags(page, offsets, sizes, bigtiff):
    """The tags of one page: {tag: (type, values)}; offsets and sizes are those of its blocks."""
    per_pixel, bits = page["samples_per_pixel"], page["bits"]
    offset_type = LONG8 if bigtiff else LONG
    tags = {256: (LONG, [len(page["rows"][0])]), 257: (LONG, [len(page["rows"])]),
            258: (SHORT, [bits] * per_pixel),
            259: (SHORT, [COMPRESSIONS[page["compression"]][0]]),
            262: (SHORT, [page["photometric"]]), 277: (SHORT, [per_pixel])}
    if page["tile"]:
        tags.update({322: (LONG, [page["tile"][0]]), 323: (LONG, [page["tile"][1]]),
                     324: (offset_type, offsets), 325: (offset_type, sizes)})
    else:
        tags.update({278: (LONG, [page["rows_per_strip"] or len(page["rows"])]),
                     273: (offset_type, offsets), 279: (offset_type, sizes)})
    sample_format = page["sample_format"]
    if sample_format == "auto":
        sample_format = 2 if page["signed"] else 1
    if page["photometric"] == 3:
        tags[320] = (SHORT, colour_map(page["palette"], bits))
    if page["extra_samples"] is not None:
        tags[338] = (SHORT, [page["extra_samples"]])
    if page["nodata"] is not None:
        tags[42113] = (ASCII, list(page["nodata"].encode() + b"\0"))
    for tag, kind, value, default in ((254, LONG, page["subfile_type"], None),
                                      (266, SHORT, page["fill_order"], 1),
                                      (284, SHORT, page["planar"], None),
                                      (317, SHORT, page["predictor"], 1),
                                      (339, SHORT, sample_format, None)):
        if value != default:
            tags[tag] = (kind, [value] * (per_pixel if tag == 339 else 1))
    tags.update(page["tags"])
    return {tag: entry for tag, entry in sorted(tags.items()) if entry is not None}


def directory(tags, position, byte_order, bigtiff):
    """A directory to place at `position` [byte]: (its bytes, the offset of its entries).

    Values that do not fit an entry come first; the last 4 (BigTIFF: 8) bytes link to no other.
    """
    end, word = "<" if byte_order == "II" else ">", "Q" if bigtiff else "I"
    room = 8 if bigtiff else 4
    values, entries = bytearray(), bytearray()
    for tag, (kind, numbers, *claimed) in tags.items():
        data = struct.pack(f"{end}{len(numbers)}{TYPE_CODES[kind]}", *numbers)
        if len(data) > room or claimed:
            values += bytes(-(position + len(values)) % 8)
            place = position + len(values)
            values += data
            data = struct.pack(end + word, place)
        entries += struct.pack(end + "HH" + word, tag, kind, (claimed or [len(numbers)])[0])
        entries += data.ljust(room, b"\0")
    values += bytes(-(position + len(values)) % 8)
    head = struct.pack(end + ("Q" if bigtiff else "H"), len(tags))
    return bytes(values + head + entries + bytes(room)), position + len(values)


def tiff_header(byte_order, bigtiff, first):
    """The header of a TIFF [8 bytes] or BigTIFF [16 bytes]; `first` is the first directory."""
    end = "<" if byte_order == "II" else ">"
    if bigtiff:
        return byte_order.encode() + struct.pack(end + "HHHQ", 43, 8, 0, first)
    return byte_order.encode() + struct.pack(end + "HI", 42, first)


def tiff(pages, byte_order="II", bigtiff=False, loop=False):
    """Pages (dicts, see PAGE for keys and defaults) as one TIFF; `loop`: the last links to the
    first."""
    end, word = "<" if byte_order == "II" else ">", "Q" if bigtiff else "I"
    room = struct.calcsize(word)
    out, first, link = bytearray(tiff_header(byte_order, bigtiff, 0)), 0, 8 if bigtiff else 4
    for given in pages:
        page = {**PAGE, **given}
        offsets, sizes = [], []
        for i, rows in enumerate(blocks(page)):
            data = page["stored"].get(i) or encode_block(rows, page, byte_order)
            data = b"" if i in page["sparse"] else data
            out += bytes(len(out) % 2)
            offsets.append(len(out) if data else 0)
            sizes.append(len(data))
            out += data
        blob, place = directory(page_tags(page, offsets, sizes, bigtiff), len(out), byte_order,
                                bigtiff)
        out += blob
        struct.pack_into(end + word, out, link, place)
        first, link = first or place, len(out) - room
    if loop:
        struct.pack_into(end + word, out, link, first)
    return bytes(out)


# ---------------------------------------------------------------------------------------------
# NPY and netpbm
# ---------------------------------------------------------------------------------------------

NPY_KINDS = {"b1": (8, False), "u1": (8, False), "u2": (16, False), "u4": (32, False),
             "i1": (8, True), "i2": (16, True), "i4": (32, True), "i8": (64, True)}
# kind: (bits, signed)


def npy_header(descr, fortran, shape):
    """The text of an NPY header as NumPy writes it, without padding."""
    return f"{{'descr': '{descr}', 'fortran_order': {bool(fortran)}, 'shape': {shape}, }}"


def npy_file(header, data, version=1, pad=True, claim=None):
    """An NPY file of a header [text] and data [bytes].

    pad: the data begins at a multiple of 64 bytes
    claim: the length of the header to state, if not its own
    """
    word = "H" if version == 1 else "I"
    start = 8 + struct.calcsize("<" + word)
    text = header.encode()
    if pad:
        text += b" " * (-(start + len(text) + 1) % 64) + b"\n"
    length = len(text) if claim is None else claim
    return b"\x93NUMPY" + struct.pack("<BB" + word, version, 0, length) + text + data


def npy_data(images, kind, byte_order, fortran):
    """The elements of label images [equally large] as bytes: C or Fortran order of (mask, y, x)."""
    bits = NPY_KINDS[kind][0]
    order = "big" if byte_order == ">" else "little"
    height, width = len(images[0]), len(images[0][0])
    if fortran:
        values = [rows[y][x] for x in range(width) for y in range(height) for rows in images]
    else:
        values = [value for rows in images for row in rows for value in row]
    mask = (1 << bits) - 1
    return b"".join((value & mask).to_bytes(bits // 8, order) for value in values)


def npy(images, kind="u1", byte_order="<", fortran=False, version=1, stack=False):
    """Label images [equally large] as a NumPy array: of two dimensions, or with `stack` of three.

    kind: a name of NPY_KINDS; byte_order: "<" or ">", without meaning for one byte
    """
    height, width = len(images[0]), len(images[0][0])
    shape = (len(images), height, width) if stack else (height, width)
    descr = ("|" if NPY_KINDS[kind][0] == 8 else byte_order) + kind
    return npy_file(npy_header(descr, fortran, shape),
                    npy_data(images, kind, byte_order, fortran), version)


def npy_facts(rows, kind):
    """The facts of one mask of an NPY file: elements of 64 bits are read as 32."""
    bits, signed = NPY_KINDS[kind]
    return facts(rows, min(bits, 32), signed)


def netpbm_data(rows, maximum=255):
    """The samples of a label image as netpbm stores them: one byte, or with a maximum above 255
    two, the most significant first."""
    size = 2 if maximum > 255 else 1
    return b"".join(sample.to_bytes(size, "big") for row in rows for value in row
                    for sample in (value if isinstance(value, tuple) else (value,)))


PAM_KINDS = {1: "GRAYSCALE", 2: "GRAYSCALE_ALPHA", 3: "RGB", 4: "RGB_ALPHA"}


def netpbm(rows, kind="pgm", maximum=255):
    """A label image as raw PGM, PPM (of tuples) or PAM. A file may hold several, one behind the
    other."""
    height, width = len(rows), len(rows[0])
    if kind != "pam":
        magic = {"pgm": "P5", "ppm": "P6"}[kind]
        return f"{magic}\n{width} {height}\n{maximum}\n".encode() + netpbm_data(rows, maximum)
    depth = len(rows[0][0]) if isinstance(rows[0][0], tuple) else 1
    header = (f"P7\nWIDTH {width}\nHEIGHT {height}\nDEPTH {depth}\nMAXVAL {maximum}\n"
              f"TUPLTYPE {PAM_KINDS[depth]}\nENDHDR\n")
    return header.encode() + netpbm_data(rows, maximum)


# ---------------------------------------------------------------------------------------------
# Large masks, written as they are made
# ---------------------------------------------------------------------------------------------

BANDS = 5


def band_edges(length):
    """The first pixel of each of BANDS bands over `length` pixels, and the end."""
    return [length * i // BANDS for i in range(BANDS + 1)]


def band_runs(length):
    """(band, pixels) of the bands over `length` pixels, those without pixels left out."""
    edges = band_edges(length)
    return [(i, edges[i + 1] - edges[i]) for i in range(BANDS) if edges[i + 1] > edges[i]]


def banded_row(width, line_band):
    """One row [width bytes] of a banded mask: the class of column band i is min(i, line_band)."""
    return b"".join(bytes([min(i, line_band)]) * size for i, size in band_runs(width))


def banded_counts(width, height):
    """The histogram {class: pixels} of a banded mask, about 9 : 7 : 5 : 3 : 1."""
    counts = {}
    for i, columns in band_runs(width):
        for j, lines in band_runs(height):
            counts[min(i, j)] = counts.get(min(i, j), 0) + columns * lines
    return counts


def write_large_png(path, width, height):
    """Writes a banded 8-bit grey mask [pixels]; needs memory for about one row."""
    packer, piece = zlib.compressobj(6), 1 << 16
    with open(path, "wb") as file:
        file.write(PNG_SIGNATURE + chunk(b"IHDR", png_header(width, height, 8, 0)))
        pending = b""
        for band, lines in band_runs(height):
            row = b"\0" + banded_row(width, band)
            for _ in range(lines):
                pending += packer.compress(row)
                if len(pending) >= piece:
                    file.write(chunk(b"IDAT", pending))
                    pending = b""
        file.write(chunk(b"IDAT", pending + packer.flush()) + chunk(b"IEND"))


def write_large_tiff(path, width, height, side=512):
    """Writes a banded 8-bit mask [pixels] as a BigTIFF of Deflate tiles of side x side.

    Edge tiles are padded with a value that is no class; equal tiles are compressed once.
    """
    bands_y = [band for band, lines in band_runs(height) for _ in range(lines)]
    rows = {band: banded_row(width, band) for band in range(BANDS)}
    packed, offsets, sizes = {}, [], []
    with open(path, "wb") as file:
        file.write(tiff_header("II", True, 0))
        for y in range(0, height, side):
            for x in range(0, width, side):
                lines = [rows[band][x:x + side].ljust(side, b"\xee")
                         for band in bands_y[y:y + side]]
                key = b"".join(lines).ljust(side * side, b"\xee")
                if key not in packed:
                    packed[key] = zlib.compress(key)
                offsets.append(file.tell())
                sizes.append(len(packed[key]))
                file.write(packed[key])
        tags = {256: (LONG, [width]), 257: (LONG, [height]), 258: (SHORT, [8]), 259: (SHORT, [8]),
                262: (SHORT, [1]), 277: (SHORT, [1]), 322: (LONG, [side]), 323: (LONG, [side]),
                324: (LONG8, offsets), 325: (LONG8, sizes), 339: (SHORT, [1])}
        blob, place = directory(tags, file.tell(), "II", True)
        file.write(blob)
        file.seek(0)
        file.write(tiff_header("II", True, place))


# ---------------------------------------------------------------------------------------------
# Variants that must count: (path, bytes, facts of the masks, notes)
# ---------------------------------------------------------------------------------------------

PNG_KINDS = [("grey", 1), ("grey", 2), ("grey", 4), ("grey", 8), ("grey", 16), ("palette", 1),
             ("palette", 2), ("palette", 4), ("palette", 8)]


def sample_values(bits, signed=False):
    """Values [up to nine] for a depth: both ends of its range, and bytes that differ."""
    if signed:
        top = 1 << (bits - 1)
        return sorted({value for value in (0, 1, -1, 3, -2, -top, top - 1, -300, 70000)
                       if -top <= value < top})
    top = (1 << bits) - 1
    return [value for value in (0, 1, 2, 3, 11, 258, 513, 65537, 3000000000)
            if value <= top and value != top] + [top]


def good_png_kinds():
    """Every colour and depth, plain and Adam7, with every filter and in several sizes."""
    sizes = [(1, 1), (1, 13), (13, 1), (3, 5), (2, 2), (5, 3), (8, 8), (9, 17), (33, 20)]
    for (colour, bits), interlaced in ((kind, way) for kind in PNG_KINDS for way in (0, 1)):
        name = f"png/{colour}{bits}{'-adam7' if interlaced else ''}"
        rows = scene(37, 23, sample_values(bits), seed=bits)
        yield f"{name}.png", png(rows, bits, colour, interlaced=interlaced), [facts(rows, bits)], []
        for filters in PNG_FILTERS[1:] + ("mixed",):
            data = png(rows, bits, colour, interlaced=interlaced, filters=filters)
            yield f"{name}-{filters}.png", data, [facts(rows, bits)], []
        for idat_size in (1, 7, 64):
            data = png(rows, bits, colour, interlaced=interlaced, idat_size=idat_size)
            yield f"{name}-idat{idat_size}.png", data, [facts(rows, bits)], []
        for width, height in sizes:
            rows = noise(width, height, sample_values(bits), seed=width * height)
            data = png(rows, bits, colour, interlaced=interlaced, filters="mixed")
            yield f"{name}-{width}x{height}.png", data, [facts(rows, bits)], []


def good_png_extras():
    """What surrounds the samples and must not change them: alpha, tRNS, text, palettes, tails."""
    for bits, interlaced in ((8, 0), (8, 1), (16, 0), (16, 1)):
        rows = scene(21, 14, sample_values(bits), seed=5)
        data = png(rows, bits, "grey-alpha", interlaced=interlaced, filters="mixed")
        name = f"png/grey-alpha{bits}{'-adam7' if interlaced else ''}.png"
        yield name, data, [facts(rows, bits)], []
    rows = scene(29, 19, [0, 1, 2, 3], seed=7)
    found = [facts(rows)]
    yield "png/grey8-trns.png", png(rows, trns=b"\0\1"), found, []
    yield "png/grey16-trns.png", png(rows, 16, trns=b"\0\1"), [facts(rows, 16)], []
    yield "png/palette8-trns.png", png(rows, 8, "palette", 4, trns=b"\0\x80\xff"), found, []
    yield "png/palette8-short-palette.png", png(rows, 8, "palette", 4), found, []
    clear = chunk(b"tRNS", b"\0\1")
    yield "png/grey8-trns-twice.png", png(rows, before=clear * 2), found, []
    yield "png/grey8-trns-long.png", png(rows, before=chunk(b"tRNS", bytes(300))), found, []
    text = chunk(b"tEXt", b"Comment\0class 1 is road")
    packed = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(200000)))
    yield "png/text-before.png", png(rows, before=text * 1500 + packed * 20), found, []
    yield "png/text-after.png", png(rows, after=text * 1500 + packed * 20), found, []
    gamma = chunk(b"gAMA", struct.pack(">I", 45455)) + chunk(b"sBIT", b"\2")
    yield "png/gamma-sbit.png", png(rows, before=gamma), found, []
    yield "png/idat-empty.png", png(rows, before=chunk(b"IDAT"), after=chunk(b"IDAT")), found, []
    for interlaced in (0, 1):
        name = f"png/palette8-index-out-of-range{'-adam7' if interlaced else ''}.png"
        data = png(scene(29, 19, [0, 1, 2, 200]), 8, "palette", 3, interlaced)
        yield name, data, [facts(scene(29, 19, [0, 1, 2, 200]))], ["palette-index-out-of-range"]
    data = png(rows, 2, "palette", 3)
    yield "png/palette2-index-out-of-range.png", data, [facts(rows, 2)], [
        "palette-index-out-of-range"]
    yield "png/trailing-text.png", png(rows) + b"made by hand\n", found, ["trailing-data"]
    yield "png/trailing-png.png", png(rows) + png(rows), found, ["trailing-data"]
    yield "png/trailing-zero.png", png(rows) + b"\0", found, ["trailing-data"]
    stream = zlib.compress(png_scanlines(rows, 8, "grey", 0, "none"))
    yield "png/window-too-small.png", png_parts(rows, stream=b"\x08\x1d" + stream[2:]), found, []
    yield "png/stream-stored.png", png_parts(rows, stream=zlib.compress(
        png_scanlines(rows, 8, "grey", 0, "none"), 0)), found, []
    indexed = png_parts(scene(29, 19, [0, 1, 2]), png_header(29, 19, 8, 3),
                        before=chunk(b"PLTE", bytes(768)))
    yield "png/palette-with-all-colours.png", indexed, [facts(scene(29, 19, [0, 1, 2]))], []
    yield "png/one-value.png", png(constant(300, 200, 4)), [facts(constant(300, 200, 4))], []
    rows = noise(300, 2, sample_values(8), seed=3)
    yield "png/wide.png", png(rows, filters="paeth", idat_size=100), [facts(rows)], []


def tiff_case(name, pages, notes=(), **file):
    """One good TIFF; pages of reduced resolution and transparency masks are not in its facts."""
    pages = [{**PAGE, **page} for page in pages]
    masks = [facts(page["rows"], page["bits"], page["signed"],
                   None if page["nodata"] is None else int(page["nodata"])) for page in pages
             if not (page["subfile_type"] or 0) & 5]
    return f"tiff/{name}.tif", tiff(pages, **file), masks, list(notes)


SHAPES = {"strips": {"rows_per_strip": 6}, "tiles": {"tile": (16, 16)}}


def good_tiff_layouts():
    """Every depth and sign in strips and tiles, both byte orders, classic and BigTIFF."""
    for bits in (1, 2, 4, 8, 16, 32):
        for signed in (False, True):
            rows = scene(37, 23, sample_values(bits, signed), seed=bits)
            page = {"rows": rows, "bits": bits, "signed": signed}
            for shape, way in SHAPES.items():
                for byte_order in ("II", "MM"):
                    for big in (False, True):
                        name = (f"{'s' if signed else 'u'}{bits}-{shape}-{byte_order.lower()}"
                                f"{'-big' if big else ''}")
                        yield tiff_case(name, [{**page, **way}], byte_order=byte_order,
                                        bigtiff=big)


def good_tiff_codecs():
    """Every codec in strips and tiles, with the predictor where there is one."""
    for codec in ("lzw", "deflate", "old-deflate", "packbits", "zstd"):
        for bits in (1, 2, 4, 8, 16, 32):
            page = {"rows": scene(53, 31, sample_values(bits), seed=bits + 1), "bits": bits,
                    "compression": codec}
            for shape, way in SHAPES.items():
                yield tiff_case(f"{codec}-u{bits}-{shape}", [{**page, **way}])
    for codec in ("lzw", "deflate", "old-deflate", "zstd"):
        for bits, signed in ((8, False), (16, False), (32, False), (8, True), (16, True)):
            page = {"rows": scene(53, 31, sample_values(bits, signed), seed=bits + 2),
                    "bits": bits, "signed": signed, "compression": codec, "predictor": 2}
            for shape, way in SHAPES.items():
                for byte_order in ("II", "MM"):
                    name = f"{codec}-predictor-{'s' if signed else 'u'}{bits}-{shape}"
                    yield tiff_case(f"{name}-{byte_order.lower()}", [{**page, **way}],
                                    byte_order=byte_order)
    rows = noise(200, 100, list(range(200)), seed=9)
    yield tiff_case("lzw-table-full", [{"rows": rows, "compression": "lzw"}])
    rows = constant(500, 200, 3) + constant(500, 300, 9) + noise(500, 20, [3, 9])
    yield tiff_case("zstd-long-runs", [{"rows": rows, "compression": "zstd"}])
    yield tiff_case("lzw-one-value", [{"rows": constant(700, 500, 5), "compression": "lzw"}])


def ccitt_rows():
    """A 1-bit label image [rows of 5300]: every run that has a code, white then black."""
    lengths = list(range(64)) + list(range(64, 2561, 64)) + [2561, 2623, 2640]
    rows = [[0] * run + [1] * run + [0] * (5300 - 2 * run) for run in lengths]
    return rows + constant(5300, 1, 1) + constant(5300, 1, 0)


def good_tiff_ccitt():
    """Fax codecs, 1 bit, as white-is-0 (usual, and a note) and as black-is-0."""
    rows = scene(61, 40, [0, 1], seed=4)
    for codec in ("ccitt-rle", "ccitt-g3", "ccitt-g4"):
        page = {"rows": rows, "bits": 1, "compression": codec}
        yield tiff_case(f"{codec}-strips", [{**page, "rows_per_strip": 7}])
        yield tiff_case(f"{codec}-one-strip", [page], byte_order="MM")
        yield tiff_case(f"{codec}-fill-order", [{**page, "fill_order": 2}])
        yield tiff_case(f"{codec}-min-is-white", [{**page, "photometric": 0}], ["min-is-white"])
        yield tiff_case(f"{codec}-runs", [{**page, "rows": ccitt_rows()}])
        yield tiff_case(f"{codec}-noise", [{**page, "rows": noise(61, 40, [0, 1], seed=8)}])
    page = {"rows": rows, "bits": 1, "compression": "ccitt-g4", "tile": (16, 16)}
    yield tiff_case("ccitt-g4-tiles", [page])


def good_tiff_tags():
    """Fill order, strips that do not divide the height, photometrics, sizes, absent tags."""
    for bits in (1, 2, 4, 8):
        page = {"rows": scene(37, 23, sample_values(bits), seed=3), "bits": bits}
        yield tiff_case(f"fill-order-u{bits}", [{**page, "fill_order": 2, "rows_per_strip": 5}])
        yield tiff_case(f"palette-u{bits}", [{**page, "photometric": 3}])
        yield tiff_case(f"min-is-white-u{bits}", [{**page, "photometric": 0}], ["min-is-white"])
    page = {"rows": scene(37, 23, [0, 1], seed=3), "bits": 1, "fill_order": 2}
    yield tiff_case("fill-order-packbits", [{**page, "compression": "packbits"}])
    yield tiff_case("fill-order-lzw", [{**page, "compression": "lzw"}])
    rows = scene(37, 23, sample_values(8), seed=6)
    for height in (1, 2, 22, 23):
        yield tiff_case(f"rows-per-strip-{height}", [{"rows": rows, "rows_per_strip": height}])
    page = {"rows": rows, "photometric": 3}
    yield tiff_case("palette-absent", [{**page, "tags": {320: None}}])
    yield tiff_case("palette-of-8-bits", [{**page, "tags": {320: (SHORT, list(range(256)) * 3)}}])
    yield tiff_case("rgb-of-one-sample", [{"rows": rows, "photometric": 2}])
    yield tiff_case("nodata-no-text", [{"rows": rows, "tags": {42113: (SHORT, [255])}}])
    yield tiff_case("nodata-long", [{"rows": rows, "nodata": "1" * 100}])
    yield tiff_case("nodata-plus", [{"rows": rows, "nodata": "+11"}])
    yield tiff_case("rows-per-strip-huge", [{"rows": rows, "tags": {278: (LONG, [2**32 - 1])}}])
    yield tiff_case("rows-per-strip-absent", [{"rows": rows, "tags": {278: None}}])
    yield tiff_case("sample-format-absent", [{"rows": rows, "sample_format": None}])
    yield tiff_case("short-offsets", [{"rows": rows, "tags": {273: (SHORT, [8])}}])
    yield tiff_case("photometric-mask", [{"rows": noise(9, 9, [0, 1]), "bits": 1,
                                          "photometric": 4}])
    for width, height in ((1, 1), (1, 13), (13, 1), (3, 5), (16, 16), (17, 33), (64, 48)):
        rows = noise(width, height, sample_values(8), seed=width)
        page = {"rows": rows, "compression": "lzw"}
        yield tiff_case(f"strips-{width}x{height}", [{**page, "rows_per_strip": 4}])
        yield tiff_case(f"tiles-{width}x{height}", [{**page, "tile": (16, 32)}])
    for bits, tile in ((1, (1, 16)), (1, (12, 5)), (2, (3, 5)), (4, (13, 16)), (8, (5, 3))):
        page = {"rows": scene(53, 31, sample_values(bits), seed=bits), "bits": bits, "tile": tile}
        yield tiff_case(f"tiles-of-{tile[0]}-at-{bits}-bits", [page])
    rows = scene(40, 40, [0, 70000, 2**32 - 1, 65536], seed=2)
    yield tiff_case("u32-large-values", [{"rows": rows, "bits": 32, "compression": "lzw"}])
    rows = scene(40, 40, [0, -70000, -2**31, 2**31 - 1, -1], seed=2)
    yield tiff_case("s32-large-values", [{"rows": rows, "bits": 32, "signed": True}])
    rows = scene(40, 40, [0, 1, -9999], seed=2)
    yield tiff_case("s16-nodata", [{"rows": rows, "bits": 16, "signed": True, "nodata": "-9999"}])


def good_tiff_pages():
    """Several pages: sizes and depths that differ, and pages that are no masks of their own."""
    first = {"rows": scene(37, 23, [0, 1, 2], seed=1), "rows_per_strip": 5}
    second = {"rows": scene(16, 9, [0, 300], seed=2), "bits": 16, "compression": "lzw",
              "predictor": 2}
    third = {"rows": scene(70, 35, [0, 1], seed=3), "bits": 1, "compression": "ccitt-g4"}
    for byte_order in ("II", "MM"):
        for big in (False, True):
            name = f"pages-{byte_order.lower()}{'-big' if big else ''}"
            yield tiff_case(name, [first, second, third], byte_order=byte_order, bigtiff=big)
    full = {"rows": scene(64, 48, [0, 1, 2], seed=5), "tile": (16, 16), "compression": "deflate"}
    half = {**full, "rows": [row[::2] for row in full["rows"][::2]], "subfile_type": 1}
    mask = {"rows": constant(64, 48, 1), "bits": 1, "subfile_type": 4, "photometric": 4}
    yield tiff_case("page-of-pages", [{**full, "subfile_type": 2}, {**first, "subfile_type": 2}])
    yield tiff_case("subfile-zero", [{**full, "subfile_type": 0}])
    yield tiff_case("reduced-after", [full, half, {**half, "rows": constant(3, 2, 1)}])
    yield tiff_case("reduced-before", [half, full])
    yield tiff_case("transparency-mask", [full, mask, {**mask, "subfile_type": 5}])
    yield tiff_case("overviews-and-masks", [full, mask, half, {**mask, "subfile_type": 5},
                                            {**first, "subfile_type": 2}])


def good_tiff_sparse():
    """Strips and tiles that are not stored: nodata where the file names it, else 0."""
    tiles = {"rows": scene(50, 40, [1, 2, 3], seed=6), "tile": (16, 16), "sparse": (0, 5, 11)}
    strips = {"rows": scene(50, 40, [1, 2, 3], seed=6), "rows_per_strip": 7, "sparse": (1, 5)}
    for codec in ("none", "deflate"):
        for shape, page in (("tiles", tiles), ("strips", strips)):
            page = {**page, "compression": codec}
            name = f"sparse-{shape}-{codec}"
            yield tiff_case(name, [fill_sparse(page)])
            yield tiff_case(f"{name}-nodata", [fill_sparse({**page, "nodata": "255"})])
    page = {**tiles, "bits": 16, "signed": True, "nodata": "-9999", "compression": "lzw"}
    yield tiff_case("sparse-tiles-s16-nodata", [fill_sparse(page)], bigtiff=True)
    yield tiff_case("sparse-tiles-mm", [fill_sparse({**tiles, "bits": 16})], byte_order="MM")
    yield tiff_case("sparse-tiles-mm-big", [fill_sparse(tiles)], byte_order="MM", bigtiff=True)
    page = {**tiles, "sparse": range(12), "compression": "deflate"}
    yield tiff_case("sparse-all", [fill_sparse(page)])
    strip = {"rows": constant(150, 120, 9), "sparse": (0,)}  # libtiff makes several of it
    for height in (None, (LONG, [2**32 - 1]), (SHORT, [120]), (LONG8, [120])):
        for byte_order in ("II", "MM"):
            for big in (False, True) if height != (LONG8, [120]) else (True,):
                page = {**strip, "tags": {278: height}}
                name = f"{TYPE_CODES[height[0]] if height else 'absent'}-{byte_order.lower()}{'-big' if big else ''}"
                yield tiff_case(f"sparse-one-strip-{name}", [fill_sparse(page)],
                                byte_order=byte_order, bigtiff=big)
    yield tiff_case("sparse-one-strip-nodata", [fill_sparse({**strip, "bits": 16, "nodata": "7"})])


def good_tiff_full_strips():
    """Last strips that hold rows behind the end of the page, in files that libtiff decodes."""
    rows = scene(200, 130, [0, 1, 2, 3], seed=11)
    page = {"rows": rows, "rows_per_strip": 100, "full_strips": True}
    for codec in ("deflate", "old-deflate", "lzw", "packbits", "zstd"):
        full = {**page, "compression": codec}
        yield tiff_case(f"full-strips-{codec}", [full])
        yield f"tiff/full-strips-{codec}-real.tif", \
            tiff([{**full, "bits": 32, "sample_format": REAL}]), [facts(rows, 32, True)], []
        yield tiff_case(f"full-strips-{codec}-alpha", [{**full, "samples_per_pixel": 2,
                                                        "extra_samples": 2}])
        yield tiff_case(f"full-strips-{codec}-1", [{**full, "bits": 1,
                                                    "rows": scene(200, 130, [0, 1], seed=12)}])
    yield tiff_case("full-strips-predictor", [{**page, "compression": "deflate", "predictor": 2}])


def good_tiff_reals():
    """Floating-point samples that are whole numbers: they are read as signed ones of 32 bits."""
    rows = scene(37, 23, [0, 1, 2, 255, -1, -9999, 70000, 16777216], seed=4)
    found = [facts(rows, 32, True)]
    real = {"rows": rows, "sample_format": REAL}
    for bits in (32, 64):
        for shape, way in SHAPES.items():
            for byte_order in ("II", "MM"):
                data = tiff([{**real, **way, "bits": bits}], byte_order)
                yield f"tiff/f{bits}-{shape}-{byte_order.lower()}.tif", data, found, []
            for predictor in (1, 3):
                page = {**real, **way, "bits": bits, "compression": "deflate",
                        "predictor": predictor}
                yield f"tiff/f{bits}-deflate-predictor{predictor}-{shape}.tif", tiff([page]), \
                    found, []
    wide = [[-2**31, 2**31 - 1, 0, -0.0]]
    yield "tiff/f64-ends.tif", tiff([{**real, "rows": wide, "bits": 64}]), \
        [facts([[int(value) for value in row] for row in wide], 32, True)], []
    page = {**real, "bits": 32, "nodata": "-9999"}
    yield "tiff/f32-nodata.tif", tiff([page]), [facts(rows, 32, True, -9999)], []


def good_npy():
    """Every type, byte order and version, C and Fortran order, single masks and stacks."""
    for kind, (bits, signed) in NPY_KINDS.items():
        values = [0, 1] if kind == "b1" else sample_values(min(bits, 32), signed)
        for order, end in (("le", "<"), ("be", ">")) if bits > 8 else (("le", "<"),):
            for fortran in (False, True):
                name = f"npy/{kind}-{order}-{'fortran' if fortran else 'c'}"
                images = [scene(37, 23, values, seed) for seed in (1, 2, 3)]
                yield f"{name}.npy", npy(images[:1], kind, end, fortran), \
                    [npy_facts(images[0], kind)], []
                yield f"{name}-stack.npy", npy(images, kind, end, fortran, 2, stack=True), \
                    [npy_facts(rows, kind) for rows in images], []
    images = [noise(170, 131, sample_values(16), seed) for seed in (1, 2, 3)]  # several reads
    for kind in ("u2", "i4", "i8"):
        for fortran in (False, True):
            yield f"npy/{kind}-large-{'fortran' if fortran else 'c'}-stack.npy", \
                npy(images, kind, ">", fortran, stack=True), \
                [npy_facts(rows, kind) for rows in images], []
    rows = scene(29, 19, sample_values(16), seed=6)
    found, data = [npy_facts(rows, "u2")], npy_data([rows], "u2", "<", False)
    for version in (1, 2, 3):
        yield f"npy/version{version}.npy", npy([rows], "u2", version=version), found, []
    yield "npy/stack-of-one.npy", npy([rows], "u2", stack=True), found, []
    headers = {"spaces": "{ 'descr' : '<u2' , 'fortran_order' : False , 'shape' : ( 19 , 29 ) }",
               "no-spaces": "{'descr':'<u2','fortran_order':False,'shape':(19,29)}",
               "other-order": "{'shape': (19, 29), 'fortran_order': False, 'descr': '<u2'}",
               "python2": "{'descr': '<u2', 'fortran_order': False, 'shape': (19L, 29L), }"}
    for name, header in headers.items():
        yield f"npy/header-{name}.npy", npy_file(header, data), found, []
    header = npy_header("<u2", False, (19, 29))
    yield "npy/header-not-padded.npy", npy_file(header, data, pad=False), found, []
    yield "npy/header-long.npy", npy_file(header + " " * 5000, data), found, []
    order = os.environ.get("MW_BYTE_ORDER", sys.byteorder)  # of the processor that will read it
    native = npy_data([rows], "u2", "<" if order == "little" else ">", False)
    yield "npy/native-order.npy", npy_file(npy_header("=u2", False, (19, 29)), native), found, []
    yield "npy/one-pixel.npy", npy([[[7]]]), [npy_facts([[7]], "u1")], []
    yield "npy/trailing.npy", npy([rows], "u2") + b"\0", found, ["trailing-data"]
    yield "npy/trailing-stack.npy", npy([rows, rows], "u2", stack=True) + bytes(99), found * 2, [
        "trailing-data"]


def good_netpbm():
    """PGM and PAM of 8 and 16 bits, blanks and comments, several images in a file, tails."""
    for maximum, bits in ((1, 8), (4, 8), (255, 8), (256, 16), (1000, 16), (65535, 16)):
        rows = scene(37, 23, [0, 1] if maximum == 1 else [0, 2, 3, maximum], seed=maximum % 7)
        for kind in ("pgm", "pam"):
            yield f"netpbm/max{maximum}.{kind}", netpbm(rows, kind, maximum), \
                [facts(rows, bits)], []
    rows = scene(29, 19, [0, 1, 2, 3], seed=7)
    found, data = [facts(rows)], netpbm_data(rows)
    for name, header in (("one-line", b"P5 29 19 255\n"), ("lines", b"P5\n29\n19\n255\n"),
                         ("tabs", b"P5\t29\t19\t255\t"), ("blank-before-data", b"P5 29 19 255 "),
                         ("carriage-returns", b"P5\r29 19\r255\r"),
                         ("comment-first", b"P5\n# made by hand\n29 19\n255\n"),
                         ("comment-glued", b"P5#made by hand\n29 19 255\n"),
                         ("comments", b"P5 # a\n#\n  29 # b 99\n19 # c\n# d\n255\n"),
                         ("comment-long", b"P5\n#" + b"x" * 3000 + b"\n29 19\n255\n")):
        yield f"netpbm/{name}.pgm", header + data, found, []
    blanks = [[35, 10, 32], [49, 9, 13]]  # pixels that would be blanks, comments and digits
    yield "netpbm/blanks-as-pixels.pgm", netpbm(blanks), [facts(blanks)], []
    pam = b"P7\n# a\n\nMAXVAL 255\nDEPTH 1\n# b\nHEIGHT 19\nWIDTH  29 \nENDHDR\n"
    yield "netpbm/other-order.pam", pam + data, found, []
    alpha = [[(value, 255 - value) for value in row] for row in rows]
    yield "netpbm/grey-alpha.pam", netpbm(alpha, "pam"), found, []
    wide = [[(value * 257, 9) for value in row] for row in rows]
    yield "netpbm/grey-alpha-16.pam", netpbm(wide, "pam", 65535), \
        [facts([[value * 257 for value in row] for row in rows], 16)], []
    second = scene(8, 31, [0, 300], seed=2)
    yield "netpbm/several.pgm", netpbm(rows) + netpbm(second, "pgm", 300) + netpbm(rows, "pam"), \
        [facts(rows), facts(second, 16), facts(rows)], []
    yield "netpbm/trailing.pgm", netpbm(rows) + b"\n", found, ["trailing-data"]
    yield "netpbm/trailing-several.pam", netpbm(rows, "pam") * 2 + b"P5", found * 2, [
        "trailing-data"]


def good():
    """All variants that must count: (path, bytes, facts of the masks, notes)."""
    for family in (good_png_kinds, good_png_extras, good_tiff_layouts, good_tiff_codecs,
                   good_tiff_ccitt, good_tiff_tags, good_tiff_pages, good_tiff_sparse,
                   good_tiff_full_strips, good_tiff_reals, good_npy, good_netpbm):
        yield from family()


# ---------------------------------------------------------------------------------------------
# Colour-coded variants: (path, bytes, {"#RRGGBB": pixels}); they count with --encoding rgb only
# ---------------------------------------------------------------------------------------------

PAINTS = [(0, 0, 0), (255, 255, 255), (128, 64, 128), (128, 64, 0), (64, 128, 128), (1, 2, 3),
          (3, 2, 1), (255, 0, 0), (0, 0, 255)]


def widen(rows, extra=()):
    """An image of 8-bit tuples as 16-bit ones, v = 257 v8, with more samples behind each colour."""
    return [[tuple(part * 257 for part in value) + tuple(extra) for value in row] for row in rows]


def veil(rows, values):
    """An image of tuples with alpha behind each colour, drawn from `values`."""
    numbers = random_numbers(7)
    return [[value + (values[next(numbers) % len(values)],) for value in row] for row in rows]


def colour_png():
    """RGB and RGBA of 8 and 16 bits, plain and Adam7, filters, and palettes."""
    rows = scene(37, 23, PAINTS, seed=3)
    found = colours(rows)
    for bits, image in ((8, rows), (16, widen(rows))):
        for interlaced in (0, 1):
            for filters in ("none", "mixed", "paeth"):
                name = f"rgb{bits}{'-adam7' if interlaced else ''}-{filters}"
                yield f"colour/{name}.png", \
                    png(image, bits, "rgb", interlaced=interlaced, filters=filters), found
            seen = [[value + (0 if value[0] else 1,) for value in row] for row in image]
            yield f"colour/rgba{bits}{'-adam7' if interlaced else ''}.png", \
                png(seen, bits, "rgba", interlaced=interlaced, filters="mixed"), found
    indices = [[PAINTS.index(value) for value in row] for row in rows]
    for bits in (4, 8):
        for interlaced in (0, 1):
            name = f"palette{bits}{'-adam7' if interlaced else ''}"
            yield f"colour/{name}.png", png(indices, bits, "palette", PAINTS, interlaced), found
    doubled = PAINTS + PAINTS  # two indices of one colour
    twice = [[index + 9 * ((x + y) % 2) for x, index in enumerate(row)]
             for y, row in enumerate(indices)]
    yield "colour/palette-doubled.png", png(twice, 8, "palette", doubled), found
    yield "colour/grey8.png", png(scene(37, 23, [0, 255], seed=3)), \
        colours([[(value,) * 3 for value in row] for row in scene(37, 23, [0, 255], seed=3)])
    for trns in ((300, 300, 300), (257, 257, 257)):
        yield f"colour/rgb16-trns-{trns[0]}.png", \
            png(widen(rows), 16, "rgb", trns=struct.pack(">HHH", *trns)), found
    yield "colour/rgb8-palette.png", png(rows, 8, "rgb", before=chunk(b"PLTE", bytes(9))), found
    large = noise(300, 200, PAINTS, seed=5)
    yield "colour/rgb8-noise.png", png(large, 8, "rgb", filters="up"), colours(large)


def colour_tiff():
    """RGB in strips and tiles, contiguous and planar, both byte orders, codecs, 8 and 16 bits."""
    rows = scene(37, 23, PAINTS, seed=3)
    found = colours(rows)
    rgb = {"samples_per_pixel": 3, "photometric": 2}
    for bits, image in ((8, rows), (16, widen(rows))):
        for shape, way in SHAPES.items():
            for planar in (1, 2):
                page = {**rgb, **way, "rows": image, "bits": bits, "planar": planar}
                name = f"colour/u{bits}-{shape}-{'planar' if planar == 2 else 'contiguous'}"
                for byte_order in ("II", "MM"):
                    yield f"{name}-{byte_order.lower()}.tif", tiff([page], byte_order), found
                for codec in ("lzw", "deflate", "packbits", "zstd"):
                    yield f"{name}-{codec}.tif", tiff([{**page, "compression": codec}]), found
                page = {**page, "compression": "deflate", "predictor": 2}
                yield f"{name}-predictor.tif", tiff([page]), found
        one = {**rgb, "rows": image, "bits": bits}
        yield f"colour/u{bits}-one-strip.tif", tiff([one]), found
        yield f"colour/u{bits}-one-strip-planar.tif", tiff([{**one, "planar": 2}]), found
    for planar in (1, 2):
        for kind in (0, 1, 2):
            page = {**rgb, "rows": veil(rows, [0, 7, 255]), "samples_per_pixel": 4,
                    "extra_samples": kind, "planar": planar, "rows_per_strip": 5}
            yield f"colour/extra{kind}-{'planar' if planar == 2 else 'contiguous'}.tif", \
                tiff([page]), found
    for bits in (4, 8):
        indices = [[PAINTS.index(value) for value in row] for row in rows]
        page = {"rows": indices, "bits": bits, "photometric": 3, "palette": PAINTS}
        yield f"colour/palette{bits}.tif", tiff([page]), found
    holes = [[(0, 0, 0) if y // 16 == 0 and x // 16 == 1 else value
              for x, value in enumerate(row)] for y, row in enumerate(rows)]
    page = {**rgb, "rows": holes, "tile": (16, 16)}  # 3 x 2 tiles a plane
    yield "colour/sparse-contiguous.tif", tiff([{**page, "sparse": (1,)}]), colours(holes)
    yield "colour/sparse-planar.tif", tiff([{**page, "planar": 2, "sparse": (1, 7, 13)}]), \
        colours(holes)
    other = scene(20, 9, PAINTS[:4], seed=8)
    yield "colour/pages.tif", tiff([{**rgb, "rows": rows}, {**rgb, "rows": other}]), \
        colours(rows, other)


def colour_netpbm():
    """PPM and PAM of 8 and 16 bits."""
    rows = scene(37, 23, PAINTS, seed=3)
    found = colours(rows)
    for kind in ("ppm", "pam"):
        yield f"colour/rgb8.{kind}", netpbm(rows, kind), found
        yield f"colour/rgb16.{kind}", netpbm(widen(rows), kind, 65535), found
        yield f"colour/several.{kind}", netpbm(rows, kind) * 2, colours(rows, rows)
    yield "colour/rgba8.pam", netpbm(veil(rows, [0, 255]), "pam"), found
    yield "colour/rgba16.pam", netpbm(widen(rows, (0,)), "pam", 65535), found


def colour():
    """All colour-coded variants: (path, bytes, {"#RRGGBB": pixels})."""
    for family in (colour_png, colour_tiff, colour_netpbm):
        yield from family()


# ---------------------------------------------------------------------------------------------
# Variants that must be refused: (path, bytes, what a clear message matches, in lower case)
# ---------------------------------------------------------------------------------------------

ENDS_EARLY = r"truncat|end|short|incomplete|missing|enough|read|damaged|corrupt"
NO_FORMAT = r"not a|neither|no (png|tiff|known)|unknown|unrecogni|unsupported|signature|format"
LIMIT = r"limit|--max-|too (large|big|many|wide|high)|exceed|width|height|size|pixels|memory|" + ENDS_EARLY
BROKEN = r"decod|corrupt|damaged|invalid|inflate|zlib|deflate|lzw|zstd|packbits|data|code|check|" \
         + ENDS_EARLY
COLOUR = r"--encoding rgb"


def png_parts(rows, header=None, stream=None, before=b"", after=b"", end=chunk(b"IEND")):
    """A PNG from parts, any of which may be wrong: IHDR's data, the zlib stream, chunks."""
    header = header or png_header(len(rows[0]), len(rows), 8, 0)
    stream = zlib.compress(png_scanlines(rows, 8, "grey", 0, "none")) if stream is None else stream
    return b"".join([PNG_SIGNATURE, chunk(b"IHDR", header), before,
                     chunk(b"IDAT", stream) if stream else b"", after, end])


def bad_png_ends():
    """PNGs that end too early, from no byte at all to a missing IEND."""
    rows = scene(37, 23, sample_values(8), seed=1)
    whole = png(rows, idat_size=64)
    yield "empty", b"", ENDS_EARLY + "|empty|no data"
    yield "signature-only", PNG_SIGNATURE, ENDS_EARLY
    yield "signature-cut", PNG_SIGNATURE[:5], ENDS_EARLY + "|" + NO_FORMAT
    yield "header-only", whole[:33], ENDS_EARLY
    yield "header-cut", whole[:20], ENDS_EARLY
    yield "cut-in-chunk-length", whole[:35], ENDS_EARLY
    yield "cut-in-idat", whole[:33 + 12 + 64 + 30], ENDS_EARLY
    yield "cut-after-idat-data", whole[:33 + 12 + 64 - 4], ENDS_EARLY
    yield "cut-between-idats", whole[:33 + 12 + 64], ENDS_EARLY
    yield "cut-before-iend", whole[:-12], ENDS_EARLY
    yield "cut-in-iend", whole[:-6], ENDS_EARLY
    yield "cut-last-byte", whole[:-1], ENDS_EARLY
    yield "no-idat", png_parts(rows, stream=b""), ENDS_EARLY + "|idat|image data"
    palette = png_header(37, 23, 8, 3)
    yield "no-palette", png_parts(rows, palette), r"palette|plte"
    twice = idat_chunks(zlib.compress(png_scanlines(rows, 8, "grey", 0, "none")), 40)
    cut = PNG_SIGNATURE + whole[8:33] + twice[:52] + chunk(b"tEXt", b"a\0b") + twice[52:]
    yield "idats-apart", cut + chunk(b"IEND"), ENDS_EARLY + "|" + BROKEN + "|idat|order"


def bad_png_data():
    """PNGs whose checksums, streams or sizes do not fit."""
    rows = scene(37, 23, sample_values(8), seed=1)
    whole, lines = png(rows), png_scanlines(rows, 8, "grey", 0, "none")
    stream = zlib.compress(lines)
    crc = r"crc|checksum"
    header = chunk(b"IHDR", png_header(37, 23, 8, 0), crc=1)
    yield "ihdr-crc", PNG_SIGNATURE + header + whole[33:], crc
    yield "idat-crc", whole[:33] + chunk(b"IDAT", stream, 1) + chunk(b"IEND"), crc
    damaged = stream[:20] + bytes([stream[20] ^ 0x55]) + stream[21:]
    right = zlib.crc32(b"IDAT" + stream)
    yield "idat-data", whole[:33] + chunk(b"IDAT", damaged, right) + chunk(b"IEND"), \
        crc + "|" + BROKEN
    yield "iend-crc", whole[:-12] + chunk(b"IEND", crc=1), crc
    wrong = stream[:-1] + bytes([stream[-1] ^ 1])
    yield "adler", png_parts(rows, stream=wrong), r"adler|check|" + BROKEN
    yield "stream-damaged", png_parts(rows, stream=damaged), r"adler|check|" + BROKEN
    yield "stream-garbage", png_parts(rows, stream=b"garbage" * 9), BROKEN
    yield "stream-cut", png_parts(rows, stream=stream[:-10]), BROKEN
    yield "stream-of-a-byte", png_parts(rows, stream=stream[:1]), BROKEN
    yield "adler-missing", png_parts(rows, stream=stream[:-4]), BROKEN
    yield "rows-missing", png_parts(rows, stream=zlib.compress(lines[:-38])), BROKEN
    yield "byte-missing", png_parts(rows, stream=zlib.compress(lines[:-1])), BROKEN
    yield "rows-extra", png_parts(rows, stream=zlib.compress(lines + lines[:76])), \
        r"too much|extra|more|long|trailing|" + BROKEN
    yield "filter-unknown", png_parts(rows, stream=zlib.compress(b"\7" + lines[1:])), \
        r"filter|" + BROKEN
    for name, size, message in (("zero-width", (0, 23), r"width|zero|invalid|header|ihdr|pixel"),
                                ("zero-height", (37, 0), r"height|zero|invalid|header|ihdr|pixel"),
                                ("huge-width", (2**31 - 1, 1), LIMIT),
                                ("huge-height", (1, 2**31 - 1), LIMIT),
                                ("huge", (2**31 - 1, 2**31 - 1), LIMIT),
                                ("too-wide", (2**31 + 5, 1), LIMIT + "|invalid|range|ihdr")):
        yield name, png_parts(rows, png_header(*size, 8, 0)), message
    kind = r"invalid|unsupported|unknown|not (a )?valid|colou?r|depth|bit|header|ihdr"
    yield "colour-type-1", png_parts(rows, png_header(37, 23, 8, 1)), kind
    yield "bit-depth-3", png_parts(rows, png_header(37, 23, 3, 0)), kind
    yield "palette-16-bit", png_parts(rows, png_header(37, 23, 16, 3)), kind
    yield "bit-depth-32", png_parts(rows, png_header(37, 23, 32, 0)), kind
    yield "interlace-2", png_parts(rows, png_header(37, 23, 8, 0, 2)), kind + "|interlac"


def bad_png_chunks():
    """PNGs whose chunks are not those, not there or not as long as they have to be."""
    rows = scene(37, 23, sample_values(8), seed=1)
    stream = zlib.compress(png_scanlines(rows, 8, "grey", 0, "none"))
    header, colours = chunk(b"IHDR", png_header(37, 23, 8, 0)), chunk(b"PLTE", bytes(12))
    indexed = png_header(37, 23, 8, 3)
    order = r"order|place|second|duplicate|before|behind|allowed|missing|already|ihdr|plte|palette"
    yield "header-twice", png_parts(rows, before=header), order
    yield "header-long", PNG_SIGNATURE + chunk(b"IHDR", png_header(37, 23, 8, 0) + b"\0") + \
        png(rows)[33:], r"length|invalid|ihdr"
    yield "header-missing", PNG_SIGNATURE + png(rows)[33:], order
    for name, place in (("compression", 10), ("filter", 11)):
        other = bytearray(png_header(37, 23, 8, 0))
        other[place] = 1
        yield f"{name}-method-1", png_parts(rows, bytes(other)), r"method"
    yield "palette-first", PNG_SIGNATURE + colours + png(rows)[8:], order
    text = chunk(b"tEXt", b"a\0b")
    yield "idat-behind", png_parts(rows, after=text + chunk(b"IDAT", b"x")), order + "|apart|idat"
    yield "palette-in-grey", png_parts(rows, before=colours), order
    yield "palette-twice", png_parts(rows, indexed, before=colours * 2), order
    yield "palette-behind", png_parts(rows, indexed, before=colours, end=colours + chunk(b"IEND")), \
        order
    for length in (0, 4, 771):
        yield f"palette-{length}-bytes", \
            png_parts(rows, indexed, before=chunk(b"PLTE", bytes(length))), r"length|invalid|palette"
    yield "critical-unknown", png_parts(rows, before=chunk(b"CgBI", b"1234")), r"critical|unknown"
    yield "critical-behind", png_parts(rows, end=chunk(b"CgBI") + chunk(b"IEND")), \
        r"critical|unknown|allowed"
    yield "ancillary-crc", png_parts(rows, before=chunk(b"tEXt", b"a\0b", crc=1)), r"crc"
    yield "ancillary-crc-behind", png_parts(rows, end=chunk(b"tEXt", b"a\0b", 1) + chunk(b"IEND")), \
        r"crc"
    yield "chunk-name", png_parts(rows, before=chunk(b"t3Xt", b"a\0b")), r"chunk"
    yield "chunk-name-behind-z", png_parts(rows, before=chunk(b"t{Xt", b"a\0b")), r"chunk"
    yield "iend-long", png_parts(rows, end=chunk(b"IEND", b"x")), r"empty|invalid|iend"
    yield "bytes-behind-stream", png_parts(rows, stream=stream + b"x"), r"extra|behind"
    for name, head in (("method", b"\x77\x89"), ("window", b"\x88\x1c"), ("check", b"\x78\x9d"),
                       ("dictionary", b"\x78\xbb")):
        yield f"stream-{name}", png_parts(rows, stream=head + stream[2:]), \
            BROKEN + "|dictionary|header|window|method|stream"


def bad_disguises():
    """Files that are named .png and are something else."""
    whole = png(scene(37, 23, sample_values(8), seed=1))
    pointer = (b"version https://git-lfs.github.com/spec/v1\n"
               b"oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\n"
               b"size 12345\n")
    jpeg = b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0" + bytes(64) + b"\xff\xd9"
    gif = b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"
    yield "text", b"this is no mask\n", NO_FORMAT + "|text"
    yield "jpeg", jpeg, NO_FORMAT + "|jpe?g"
    yield "gif", gif, NO_FORMAT + "|gif"
    yield "lfs-pointer", pointer, NO_FORMAT + "|lfs|pointer"
    yield "html", b"<!DOCTYPE html>\n<html><body>404</body></html>\n", NO_FORMAT + "|html"
    yield "zeros", bytes(4096), NO_FORMAT
    yield "lf-conversion", whole.replace(b"\r\n", b"\n"), \
        NO_FORMAT + "|line end|conver|text mode|ascii|damaged|corrupt"
    yield "crlf-conversion", whole.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), \
        NO_FORMAT + "|line end|conver|text mode|ascii|damaged|corrupt"
    yield "seven-bit", bytes(value & 127 for value in whole), NO_FORMAT + "|damaged|corrupt"


def appended_strip(page, keep):
    """A TIFF of one strip at its very end, of which only `keep` bytes are left."""
    page = {**PAGE, **page}
    data = encode_block(page["rows"], page, "II")
    size = len(tiff([{**page, "tags": {273: (LONG, [8]), 279: (LONG, [len(data)])}}]))
    tags = {273: (LONG, [size]), 279: (LONG, [len(data)])}
    return tiff([{**page, "tags": tags}]) + data[:keep]


def bad_tiff_structure():
    """TIFFs whose header, directories or offsets lead nowhere."""
    rows = scene(37, 23, sample_values(8), seed=1)
    page = {"rows": rows, "rows_per_strip": 6}
    whole = tiff([page])
    cut = ENDS_EARLY + "|directory|tag|count|header|fetch|offset|strip|bytes|seek"
    yield "empty", b"", ENDS_EARLY + "|empty|no data"
    yield "header-cut", whole[:4], cut + "|" + NO_FORMAT
    yield "header-only", whole[:8], cut
    yield "big-header-cut", tiff([page], bigtiff=True)[:12], cut + "|" + NO_FORMAT
    yield "no-directory", tiff_header("II", False, 0), cut + "|page|image|mask"
    yield "directory-cut", whole[:-30], cut
    yield "directory-count-cut", whole[:struct.unpack("<I", whole[4:8])[0] + 1], cut
    yield "directory-beyond-end", tiff_header("II", False, 10**6) + bytes(100), cut
    yield "version-44", b"II\x2c\0" + whole[4:], NO_FORMAT + "|version|magic|bad"
    yield "loop", tiff([page, page], loop=True), r"loop|cycl|twice|again|link|director"
    yield "second-directory-cut", tiff([page, page])[:-30], cut
    yield "data-cut", appended_strip({"rows": rows}, 400), cut + "|" + BROKEN
    yield "data-cut-deflate", appended_strip({"rows": rows, "compression": "deflate"}, 60), \
        cut + "|" + BROKEN
    yield "data-absent", appended_strip({"rows": rows}, 0), cut + "|" + BROKEN
    missing = cut + "|absent|lack|" + BROKEN
    yield "strip-beyond-end", tiff([{**page, "tags": {
        273: (LONG, [8, 230, 452, 10**6]), 279: (LONG, [222, 222, 222, 185])}}]), missing
    yield "strip-offsets-short", tiff([{**page, "tags": {
        273: (LONG, [8, 230]), 279: (LONG, [222, 222])}}]), missing
    for byte_order in ("II", "MM"):
        for big in (False, True):
            for kind in ("none", "deflate"):
                sparse = {"rows": constant(150, 120, 0), "compression": kind, "tags": {
                    278: (LONG, [119]), 273: (LONG, [0]), 279: (LONG, [0])}}
                yield f"sparse-list-short-{byte_order.lower()}{'-big' if big else ''}-{kind}", \
                    tiff([sparse], byte_order, big), "list of strips is too short"
    counts = {"rows": constant(150, 120, 0), "tags": {
        278: (LONG, [60]), 273: (LONG, [0, 0]), 279: (LONG, [0])}}
    yield "sparse-counts-short", tiff([counts]), "list of strips is too short"
    sparse = {"rows": constant(150, 120, 0), "tags": {278: (BYTE, [120])}, "sparse": (0,)}
    yield "sparse-rows-of-another-type", tiff([sparse]), "list of strips is too short"
    yield "one-strip-offset-0", tiff([{"rows": constant(150, 120, 0), "tags": {273: (LONG, [0])}}]), \
        "no place"
    yield "strip-offset-0", tiff([{**page, "tags": {273: (LONG, [8, 230, 0, 674])}}]), "no place"
    yield "tile-offset-0", tiff([{"rows": rows, "tile": (16, 16), "tags": {
        324: (LONG, [8, 264, 0, 776, 1032, 1288])}}]), "no place"
    yield "tile-list-short", tiff([{"rows": rows, "tile": (16, 16), "tags": {
        324: (LONG, [8, 264, 520, 776])}}]), "list of tiles is too short"
    yield "strip-offsets-absent", tiff([{**page, "tags": {273: None}}]), missing
    yield "strip-size-short", tiff([{**page, "compression": "deflate", "tags": {
        279: (LONG, [20] * 4)}}]), missing
    yield "tile-offsets-absent", tiff([{"rows": rows, "tile": (16, 16), "tags": {324: None}}]), \
        missing
    yield "fat-tag", tiff([{**page, "tags": {258: (SHORT, [8], 1500000000)}}]), \
        cut + "|memory|limit|large|bits|sanity|entry"
    yield "only-reduced", tiff([{**page, "subfile_type": 1}] * 2), \
        r"reduced|full.resolution|no (mask|page|image)|page|thumbnail"


def bad_tiff_kinds():
    """TIFFs of samples, sizes and codecs that are not for labels."""
    rows = scene(37, 23, sample_values(8), seed=1)
    page = {"rows": rows, "rows_per_strip": 6}
    depth = r"bit|depth|unsupported|sample"
    yield "bits-3", tiff([{**page, "tags": {258: (SHORT, [3])}}]), depth
    yield "bits-0", tiff([{**page, "tags": {258: (SHORT, [0])}}]), depth + "|invalid|zero|" + BROKEN
    real = {**page, "bits": 32, "sample_format": REAL}
    nan, infinite = float("nan"), float("inf")
    for name, value, message in (("fraction", 1.5, r"1\.5"), ("tiny", 1e-30, "1e-30"),
                                 ("large", 2.0**40, r"1099511627776|1\.0995"),
                                 ("nan", nan, "nan"), ("infinite", infinite, "inf")):
        last = rows[:-1] + [rows[-1][:-1] + [value]]
        yield f"float-{name}", tiff([{**real, "rows": last}]), r"float.*(" + message + ")"
        yield f"double-{name}", tiff([{**real, "rows": last, "bits": 64}]), \
            r"float.*(" + message + ")"
    yield "half", tiff([{**page, "bits": 16, "sample_format": None, "tags": {
        339: (SHORT, [REAL])}}]), r"float|real|sample ?format"
    yield "complex", tiff([{**page, "bits": 32, "sample_format": 6}]), \
        r"complex|sample ?format|float|unsupported"
    yield "ycbcr", tiff([{**page, "samples_per_pixel": 3, "photometric": 6}]), r"YCbCr"
    for name, value, message in (("jpeg", 7, "JPEG .*lossy"), ("old-jpeg", 6, "JPEG .*lossy"),
                                 ("webp", 50001, "WebP .*lossy"), ("lerc", 34887, "LERC .*lossy"),
                                 ("jpeg-2000", 34712, "JPEG 2000 .*lossy"), ("unknown", 65000, "65000")):
        yield f"codec-{name}", tiff([{**page, "tags": {259: (SHORT, [value])}}]), message
    for code in (2, 3, 4, 32771):
        yield f"ccitt-{code}-of-8-bits", tiff([{**page, "tags": {259: (SHORT, [code])}}]), r"ccitt"
    yield "ccitt-of-two-samples", tiff([{**page, "rows": noise(9, 9, [0, 1]), "bits": 1,
                                         "samples_per_pixel": 2, "tags": {259: (SHORT, [4])}}]), \
        r"ccitt"
    yield "volume", tiff([{**page, "tags": {32997: (LONG, [2])}}]), r"volume"
    yield "predictor-of-4-bits", tiff([{**page, "bits": 4, "rows": noise(9, 9, [0, 1]),
                                        "compression": "lzw", "tags": {317: (SHORT, [2])}}]), \
        r"predictor|differenc"
    size = r"width|height|length|zero|size|dimension|pixel|missing"
    yield "zero-width", tiff([{**page, "tags": {256: (LONG, [0])}}]), size
    yield "zero-height", tiff([{**page, "tags": {257: (LONG, [0])}}]), size
    yield "width-absent", tiff([{**page, "tags": {256: None}}]), size + "|required|tag"
    more = "|offset|count|strip|" + BROKEN
    yield "huge-width", tiff([{"rows": rows, "tags": {256: (LONG, [2**31 - 1])}}]), LIMIT + more
    yield "huge-height", tiff([{"rows": rows, "compression": "deflate",
                                "tags": {257: (LONG, [2**32 - 1])}}]), LIMIT + more
    yield "huge-tile", tiff([{"rows": rows, "tile": (48, 32), "tags": {
        322: (LONG, [2**31 - 16]), 323: (LONG, [2**31 - 16])}}]), LIMIT + more + "|tile"
    yield "rows-per-strip-0", tiff([{**page, "tags": {278: (LONG, [0])}}]), \
        r"strip|zero|invalid|rows"


def bad_tiff_data():
    """TIFFs whose compressed data is garbage or too little."""
    rows = scene(37, 23, sample_values(8), seed=1)
    for codec, garbage in (("lzw", b"\xff" * 40), ("deflate", b"garbage" * 6),
                           ("zstd", b"garbage" * 6), ("packbits", b"\x80\x05garbage")):
        page = {"rows": rows, "rows_per_strip": 12, "compression": codec}
        yield f"{codec}-garbage", tiff([{**page, "stored": {1: garbage}}]), BROKEN
        short = {**PAGE, **page}
        less = encode_block(rows[12:20], short, "II")
        yield f"{codec}-rows-missing", tiff([{**page, "stored": {1: less}}]), BROKEN
    wide = scene(61, 40, [0, 1], seed=4)
    for codec in ("ccitt-rle", "ccitt-g4"):
        page = {"rows": wide, "bits": 1, "compression": codec}
        yield f"{codec}-garbage", tiff([{**page, "stored": {0: b"\0\0\0\x12garbage" * 3}}]), \
            BROKEN + "|ccitt|fax|line|row"
        less = encode_block(wide[:20], {**PAGE, **page}, "II")
        yield f"{codec}-rows-missing", tiff([{**page, "stored": {0: less}}]), \
            BROKEN + "|ccitt|fax|line|row"


def bad_npy():
    """NPY files that end early, of elements or shapes that are no masks, with headers that lie."""
    rows = scene(37, 23, sample_values(16), seed=1)
    whole, data = npy([rows], "u2"), npy_data([rows], "u2", "<", False)
    stack = npy([rows, rows], "u2", fortran=True, stack=True)
    yield "magic-only", whole[:6], NO_FORMAT + "|" + ENDS_EARLY
    yield "version-only", whole[:8], ENDS_EARLY
    yield "version-4", b"\x93NUMPY\4" + whole[7:], NO_FORMAT
    yield "version-0", b"\x93NUMPY\0" + whole[7:], NO_FORMAT
    yield "shape-too-wide", npy_file(npy_header("<u2", False, (1, 2**32)), data), r"rows or columns"
    yield "shape-too-high", npy_file(npy_header("<u2", False, (2**32, 1)), data), r"rows or columns"
    yield "descr-not-quoted", npy_file("{'descr': <u2, 'fortran_order': False, 'shape': (23, 37)}", data), \
        r"descr"
    yield "header-cut", whole[:40], ENDS_EARLY
    yield "header-only", whole[:-len(data)], ENDS_EARLY
    yield "data-cut", whole[:-100], ENDS_EARLY
    yield "last-byte-cut", whole[:-1], ENDS_EARLY
    yield "stack-cut", npy([rows, rows], "u2", stack=True)[:-1], ENDS_EARLY
    yield "stack-fortran-cut", stack[:-1], ENDS_EARLY
    kinds = r"type|descr"
    for descr in ("<f2", "<f4", "<f8", ">f4", "<u8", "<c8", "|O", "|S1", "<U1", "<M8[s]", "|b2",
                  "<i3", "<i16", "|V2", "x2", "<"):
        name = "".join(letter for letter in descr if letter.isalnum())
        yield f"type-{name}{'-be' if descr[0] == '>' else ''}", \
            npy_file(npy_header(descr, False, (23, 37)), bytes(23 * 37 * 16)), kinds
    yield "type-records", npy_file(
        "{'descr': [('a', '<u2')], 'fortran_order': False, 'shape': (23, 37)}", data), kinds
    shapes = r"dimension|empty|shape"
    for name, shape in (("0d", "()"), ("1d", "(851,)"), ("1d-no-comma", "(851)"),
                        ("4d", "(1, 1, 23, 37)"), ("5d", "(1, 1, 1, 23, 37)"),
                        ("no-rows", "(0, 37)"), ("no-columns", "(23, 0)"),
                        ("no-masks", "(0, 23, 37)"), ("negative", "(-23, 37)"),
                        ("negative-masks", "(-1, 23, 37)"), ("word", "(a, b)"),
                        ("real", "(2.5, 3)"), ("not-closed", "(23, 37"), ("none", "None"),
                        ("number-too-large", "(99999999999999999999, 1)")):
        yield f"shape-{name}", npy_file(npy_header("<u2", False, shape), data), shapes
    for name, shape in (("huge", (2**32 - 1, 2**32 - 1)), ("long", (2**31, 1)),
                        ("masks", (2**40, 1, 1)), ("wide", (1, 2**40)),
                        ("overflow", (2**62, 2**16, 2**16))):
        yield f"shape-{name}", npy_file(npy_header("<u2", False, shape), data), \
            LIMIT + "|masks|empty|dimension|columns"
    header = r"header|descr|shape|fortran|" + ENDS_EARLY
    for name, text in (("garbage", "this is no dictionary"), ("empty", ""),
                       ("no-descr", "{'fortran_order': False, 'shape': (23, 37), }"),
                       ("no-shape", "{'descr': '<u2', 'fortran_order': False, }"),
                       ("no-order", "{'descr': '<u2', 'shape': (23, 37), }"),
                       ("order-unknown", "{'descr': '<u2', 'fortran_order': 7, 'shape': (23, 37)}"),
                       ("zeros", "\0" * 60)):
        yield f"header-{name}", npy_file(text, data), header
    for name, text in (("key", "{'descr'"), ("colon", "{'descr': "), ("quote", "{'descr': '"),
                       ("order", "{'descr': '<"), ("letter", "{'descr': '<u"),
                       ("shape", "{'descr': '<u2', 'shape': "),
                       ("shape-open", "{'descr': '<u2', 'shape': ("),
                       ("shape-comma", "{'descr': '<u2', 'shape': (23, ")):
        yield f"header-ends-at-{name}", npy_file(text, b"", pad=False), header + "|dimension"
    text = npy_header("<u2", False, (23, 37))
    yield "header-length-huge", npy_file(text, data, 2, claim=2**32 - 1), header
    yield "header-length-beyond-end", npy_file(text, data, claim=60000), header
    yield "header-length-0", npy_file(text, data, claim=0), header
    for value in (2**31, -2**31 - 1, 2**62):
        rows = [[0, 1], [1, value]]
        yield f"i8-value-{'minus-' if value < 0 else ''}{abs(value)}", npy([rows], "i8"), \
            str(value)


def bad_netpbm():
    """Netpbm files that end early, whose headers are incomplete or lie; plain and 1-bit ones."""
    rows = scene(37, 23, [0, 1, 2], seed=1)
    whole, data = netpbm(rows), netpbm_data(rows)
    header = r"header|width|height|maximum|" + ENDS_EARLY
    yield "magic-only", b"P5\n", header
    yield "magic-cut", b"P5", NO_FORMAT + "|" + header
    yield "magic-8", b"P8" + whole[2:], NO_FORMAT
    yield "header-cut", whole[:6], header
    yield "header-only", whole[:-len(data)], ENDS_EARLY
    yield "data-cut", whole[:-1], ENDS_EARLY
    yield "16-bit-cut", netpbm(rows, "pgm", 300)[:-1], ENDS_EARLY
    yield "second-cut", whole + whole[:-1], ENDS_EARLY + "|image 2"
    yield "second-header-cut", whole + b"P5\n37 2", header
    for name, start in (("no-maximum", b"P5\n37 23\n"), ("zero-width", b"P5\n0 23\n255\n"),
                        ("zero-height", b"P5\n37 0\n255\n"), ("maximum-0", b"P5\n37 23\n0\n"),
                        ("maximum-65536", b"P5\n37 23\n65536\n"),
                        ("negative-width", b"P5\n-37 23\n255\n"),
                        ("no-blank", b"P5\n37 23\n255x"), ("words", b"P5\nwide high\n255\n"),
                        ("comment-open", b"P5\n# no end of line"),
                        ("number-too-large", b"P5\n99999999999999999999 1\n255\n")):
        yield name, start + (b"" if name == "comment-open" else data), header
    for name, start in (("huge", b"P5\n4294967295 4294967295\n255\n"),
                        ("wide", b"P5\n4294967295 1\n255\n"),
                        ("high", b"P5\n1 4294967295\n255\n")):
        yield name, start + data, LIMIT
    parts = {"WIDTH": 37, "HEIGHT": 23, "DEPTH": 1, "MAXVAL": 255}

    def pam(**changed):
        lines = [f"{key} {value}\n" for key, value in {**parts, **changed}.items()
                 if value is not None]
        return ("P7\n" + "".join(lines) + "ENDHDR\n").encode() + data

    for key in parts:
        yield f"pam-no-{key.lower()}", pam(**{key: None}), header
        yield f"pam-{key.lower()}-0", pam(**{key: 0}), header
        yield f"pam-{key.lower()}-word", pam(**{key: "many"}), header
    yield "pam-maximum-65536", pam(MAXVAL=65536), header
    yield "pam-depth-5", pam(DEPTH=5), r"samples per pixel.*one image behind the other"
    above = {"above-maximum": ([[0, 1], [4, 5]], "pgm", 4, r"sample 5 at x 1, y 1 is above 4, "),
             "above-maximum-16": ([[0, 1000], [1001, 2]], "pgm", 1000, r"sample 1001 at x 0, y 1"),
             "above-maximum-first": ([[2, 1]], "pgm", 1, r"sample 2 at x 0, y 0 is above 1, "),
             "above-maximum-alpha": ([[(0, 9), (0, 8), (1, 255)]], "pam", 9,
                                     r"sample 255 at x 2, y 0")}
    for name, (image, kind, maximum, why) in above.items():
        yield name, netpbm(image, kind, maximum), why
    yield "pam-no-end", pam().replace(b"ENDHDR\n", b""), header
    yield "pam-cut", pam()[:-1], ENDS_EARLY
    for name, magic in (("1-bit-plain", "P1"), ("plain", "P2"), ("colour-plain", "P3"),
                        ("1-bit", "P4")):
        yield name, f"{magic}\n3 2\n1\n0 1 1\n0 0 1\n".encode(), NO_FORMAT


def bad_colours():
    """Colour images: sound, and refused where samples become labels of --encoding index."""
    rows = scene(37, 23, sample_values(8), seed=1)
    paints = scene(37, 23, PAINTS, seed=1)
    yield "rgb.png", png(rows, 8, "rgb"), COLOUR
    yield "rgb-16.png", png(rows, 16, "rgb", interlaced=True), COLOUR
    yield "rgba.png", png(rows, 8, "rgba"), COLOUR
    page = {"rows": rows, "rows_per_strip": 6}
    rgb = {**page, "samples_per_pixel": 3, "photometric": 2}
    yield "rgb.tif", tiff([rgb]), COLOUR
    yield "rgb-planar.tif", tiff([{**rgb, "planar": 2}]), COLOUR
    yield "rgb-alpha.tif", tiff([{**rgb, "samples_per_pixel": 4, "extra_samples": 2}]), COLOUR
    yield "rgb-second-page.tif", tiff([page, rgb]), COLOUR
    yield "rgb.ppm", netpbm(paints, "ppm"), COLOUR
    yield "rgb.pam", netpbm(paints, "pam"), COLOUR
    yield "second-rgb.pam", netpbm(rows, "pam") + netpbm(paints, "pam"), COLOUR


def bad_planes():
    """Several samples a pixel that are no colour: sound, and refused but by --encoding planes."""
    page = {"rows": scene(37, 23, sample_values(8), seed=1), "rows_per_strip": 6}
    for name, wrong in (("two-samples", {"samples_per_pixel": 2}),
                        ("three-samples", {"samples_per_pixel": 3}),
                        ("cmyk", {"samples_per_pixel": 4, "photometric": 5}),
                        ("rgb-1-bit", {"samples_per_pixel": 3, "photometric": 2, "bits": 1,
                                       "rows": scene(37, 23, [0, 1])}),
                        ("rgb-32-bit", {"samples_per_pixel": 3, "photometric": 2, "bits": 32}),
                        ("rgb-float", {"samples_per_pixel": 3, "photometric": 2, "bits": 32,
                                       "sample_format": REAL})):
        yield f"{name}.tif", tiff([{**page, **wrong}]), r"samples per pixel.*--encoding planes"


def bad():
    """All variants that must be refused: (path, bytes, pattern of the message, decodes).

    decodes: the file is sound and decodes; it is refused where samples become labels
    """
    for folder, suffix, family in (
            ("png", "png", bad_png_ends), ("png", "png", bad_png_data),
            ("png", "png", bad_png_chunks),
            ("disguise", "png", bad_disguises), ("tiff", "tif", bad_tiff_structure),
            ("tiff", "tif", bad_tiff_kinds), ("tiff", "tif", bad_tiff_data),
            ("npy", "npy", bad_npy), ("netpbm", "pgm", bad_netpbm)):
        for name, data, message in family():
            yield f"bad/{folder}-{name}.{suffix}", data, message, False
    for name, data, message in bad_colours():
        yield f"bad/colour-{name}", data, message, True
    for name, data, message in bad_planes():
        yield f"bad/planes-{name}", data, message, True


# ---------------------------------------------------------------------------------------------
# The command
# ---------------------------------------------------------------------------------------------


def save(path, data):
    """Writes bytes to a path, making its folders."""
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def show(value):
    """Prints a value as one line of JSON."""
    print(json.dumps(value))


def parse_pixel(text):
    """"255" as a label; "#RRGGBB", "#RRGGBBAA" and "#GGAA" as a tuple, "#RRRRGGGGBBBB" and
    "#RRRRGGGGBBBBAAAA" as one of 16-bit samples."""
    if not text.startswith("#"):
        return int(text)
    size = {5: 2, 7: 2, 9: 2, 13: 4, 17: 4}[len(text)]
    return tuple(int(text[i:i + size], 16) for i in range(1, len(text), size))


def parse_palette(text):
    """"4" as a number of made-up colours; "#RRGGBB,#RRGGBB" as these."""
    return int(text) if text.isdigit() else [parse_pixel(word) for word in text.split(",")]


def parse_rows(text):
    """"0 0 1;1 255 2" as a label image; rows must be equally long."""
    rows = [[parse_pixel(word) for word in line.split()] for line in text.split(";")]
    if not rows[0] or any(len(row) != len(rows[0]) for row in rows):
        raise argparse.ArgumentTypeError("rows must have equally many values, at least one")
    return rows


def parse_size(text):
    """"WxH" as (width, height) in pixels."""
    width, height = (int(part) for part in text.split("x"))
    return width, height


def label_image(options):
    """The label image that the options of `write` describe."""
    if options.rows:
        return options.rows
    if options.noise is None:
        return constant(*options.size, options.fill)
    values = list(range(min(options.values, 1 << options.bits)))
    return noise(*options.size, values, options.noise)


def run_write(options):
    """masks.py write"""
    rows = label_image(options)
    suffix = options.file.suffix.lower()
    if suffix == ".png":
        data = png(rows, options.bits, options.colour, options.palette, options.interlaced,
                   options.filters, options.idat_size)
    elif suffix == ".npy":
        kind = f"{'i' if options.signed else 'u'}{options.bits // 8}"
        order = "<" if options.byte_order == "II" else ">"
        data = npy([rows] * options.pages, kind, order, options.fortran, stack=options.pages > 1)
    elif suffix in (".pgm", ".ppm", ".pam"):
        data = netpbm(rows, suffix[1:], (1 << options.bits) - 1) * options.pages
    else:
        page = {name: getattr(options, name) for name in PAGE if hasattr(options, name)}
        page = fill_sparse({**page, "rows": rows})
        rows = page["rows"]
        data = tiff([page] * options.pages, options.byte_order, options.bigtiff)
    save(options.file, data + b"\0" * options.trailing)
    if options.counts:
        show(facts(rows, options.bits, options.signed))


def run_large_png(options):
    """masks.py large-png"""
    write_large_png(options.file, options.width, options.height)
    counts = banded_counts(options.width, options.height)
    show(describe(options.width, options.height, 8, False, counts))


def run_large_tiff(options):
    """masks.py large-tiff"""
    write_large_tiff(options.file, options.width, options.height)
    counts = banded_counts(options.width, options.height)
    show(describe(options.width, options.height, 8, False, counts))


def run_variants(options):
    """masks.py variants"""
    expected = {"good": [], "bad": [], "colour": []}
    for name, data, masks, notes in good():
        save(options.directory / name, data)
        expected["good"].append({"file": name, "masks": masks, "notes": notes})
    for name, data, message, decodes in bad():
        save(options.directory / name, data)
        expected["bad"].append({"file": name, "error": message, "decodes": decodes})
    for name, data, found in colour():
        save(options.directory / name, data)
        expected["colour"].append({"file": name, "colours": found})
    names = [entry["file"] for entries in expected.values() for entry in entries]
    assert len(names) == len(set(names)), "two variants have the same name"
    save(options.directory / "expected.json", json.dumps(expected, indent=1).encode() + b"\n")


def run_dataset(options):
    """masks.py dataset"""
    width, height = options.size
    images = [scene(width, height, [0, 1, 2, 3, 255], seed) for seed in range(8)]
    files, totals = [png(rows) for rows in images], {}
    for i in range(options.number):
        if options.flat:
            folder = options.directory
        else:
            folder = options.directory / f"{i // 10000:03d}" / f"{i // 100:05d}"
        if i % 100 == 0:
            folder.mkdir(parents=True, exist_ok=True)
        with open(f"{folder}/{i:07d}.png", "wb") as file:
            file.write(files[i % 8])
    for i, rows in enumerate(images):
        for value, pixels in count(rows).items():
            copies = (options.number - i + 7) // 8
            totals[value] = totals.get(value, 0) + pixels * copies
    show({"files": options.number, "pixels": width * height * options.number,
          "counts": {str(value): totals[value] for value in sorted(totals) if totals[value]}})


def add_write(commands):
    """The options of `write`."""
    command = commands.add_parser("write", help="one mask; format by suffix (.png .tif .tiff .npy "
                                  ".pgm .ppm .pam)")
    command.set_defaults(run=run_write)
    command.add_argument("file", type=pathlib.Path)
    source = command.add_mutually_exclusive_group(required=True)
    source.add_argument("--rows", type=parse_rows,
                        help='samples: "0 0 1;1 255 2"; colours: "#FF0000 #00FF0080"')
    source.add_argument("--size", type=parse_size, metavar="WxH")
    command.add_argument("--fill", type=int, default=0, help="with --size: the one value")
    command.add_argument("--noise", type=int, metavar="SEED", help="with --size: values at random")
    command.add_argument("--values", type=int, default=5, help="with --noise: 0 to VALUES - 1")
    command.add_argument("--bits", type=int, default=8, choices=(1, 2, 4, 8, 16, 32, 64))
    command.add_argument("--counts", action="store_true", help="print the histogram as JSON")
    command.add_argument("--trailing", type=int, default=0, help="zero bytes after the end")
    image = command.add_argument_group("PNG")
    image.add_argument("--colour", choices=tuple(PNG_COLOURS), default="grey")
    image.add_argument("--palette", type=parse_palette, metavar="ENTRIES or COLOURS")
    image.add_argument("--interlaced", action="store_true")
    image.add_argument("--filters", choices=PNG_FILTERS + ("mixed",), default="none")
    image.add_argument("--idat-size", type=int, metavar="BYTES")
    page = command.add_argument_group("TIFF")
    page.add_argument("--signed", action="store_true")
    page.add_argument("--compression", choices=tuple(COMPRESSIONS), default="none")
    page.add_argument("--predictor", type=int, choices=(1, 2, 3), default=1)
    page.add_argument("--rows-per-strip", type=int, metavar="ROWS")
    page.add_argument("--tile", type=parse_size, metavar="WxH")
    page.add_argument("--byte-order", choices=("II", "MM"), default="II")
    page.add_argument("--bigtiff", action="store_true")
    page.add_argument("--fill-order", type=int, choices=(1, 2), default=1)
    page.add_argument("--photometric", type=int, choices=(0, 1, 2, 3, 4), default=1)
    page.add_argument("--samples-per-pixel", type=int, default=1)
    page.add_argument("--extra-samples", type=int, choices=(0, 1, 2))
    page.add_argument("--reals", dest="sample_format", action="store_const", const=REAL,
                      default="auto", help="floating-point samples")
    page.add_argument("--planar", type=int, choices=(1, 2), default=1)
    page.add_argument("--subfile-type", type=int)
    page.add_argument("--nodata", metavar="TEXT")
    page.add_argument("--sparse", type=lambda text: [int(part) for part in text.split(",")],
                      default=(), metavar="LIST", help="numbers of strips or tiles not stored")
    page.add_argument("--pages", type=int, default=1, help="the same page this many times")
    command.add_argument("--fortran", action="store_true", help="NPY: Fortran order")


def parse_arguments(arguments):
    """The command line as a namespace whose `run` does it."""
    parser = argparse.ArgumentParser(description="Makes label masks with known histograms.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add_write(commands)
    for name, run, what in (("large-png", run_large_png, "a large banded mask, streamed"),
                            ("large-tiff", run_large_tiff, "the same as a tiled BigTIFF")):
        command = commands.add_parser(name, help=what + "; prints its histogram")
        command.set_defaults(run=run)
        command.add_argument("file", type=pathlib.Path)
        command.add_argument("width", type=int)
        command.add_argument("height", type=int)
    command = commands.add_parser("variants", help="every variant and what to expect of it")
    command.set_defaults(run=run_variants)
    command.add_argument("directory", type=pathlib.Path)
    command = commands.add_parser("dataset", help="many small masks; prints their histogram")
    command.set_defaults(run=run_dataset)
    command.add_argument("directory", type=pathlib.Path)
    command.add_argument("number", type=int)
    command.add_argument("--size", type=parse_size, default=(32, 24), metavar="WxH")
    command.add_argument("--flat", action="store_true", help="no folders below DIRECTORY")
    return parser.parse_args(arguments)


def main(arguments=None):
    """Runs the command line; returns the exit status."""
    options = parse_arguments(arguments)
    options.run(options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
