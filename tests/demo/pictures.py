#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Valid pictures without an image library: a baseline JPEG of flat 8x8 blocks, and a PNG.

JPEG (ITU-T T.81): SOI, APP0, APP1 Exif, DQT, SOF0, DHT x2, SOS, entropy-coded data, EOI.  Each
block carries only its DC difference and an end-of-block, so two tiny Huffman tables are enough:
DC categories 0..11 are the 4-bit codes 0000..1011, the only AC symbol (EOB) is the 1-bit code 0.
"""
import struct
import zlib


def noise(seed):
    """A fixed stream of numbers 0..32767 (the ANSI C example generator)."""
    state = seed
    while True:
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        yield state >> 16


def segment(marker, body):
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def exif(taken):
    """APP1 body: little-endian TIFF with Make, Model and DateTimeOriginal."""
    make, model, stamp = b"DEMO\0", b"Demo Camera 1\0", taken.encode() + b"\0"
    sub_ifd = 8 + 2 + 3 * 12 + 4
    data = sub_ifd + 2 + 12 + 4
    entry = lambda tag, kind, count, value: struct.pack("<HHII", tag, kind, count, value)
    body = struct.pack("<2sHI", b"II", 42, 8) + struct.pack("<H", 3)
    body += entry(0x010F, 2, len(make), data) + entry(0x0110, 2, len(model), data + len(make))
    body += entry(0x8769, 4, 1, sub_ifd) + struct.pack("<I", 0)
    body += struct.pack("<H", 1)
    body += entry(0x9003, 2, len(stamp), data + len(make) + len(model)) + struct.pack("<I", 0)
    return b"Exif\0\0" + body + make + model + stamp


def entropy(blocks):
    """Huffman-codes DC values, one per block, components interleaved; pads with ones, stuffs 0xFF."""
    bits, last = [], [0, 0, 0]
    for index, value in enumerate(blocks):
        diff, last[index % 3] = value - last[index % 3], value
        size = abs(diff).bit_length()
        bits.append(f"{size:04b}")
        if size:
            bits.append(f"{diff if diff > 0 else diff + (1 << size) - 1:0{size}b}")
        bits.append("0")
    text = "".join(bits)
    text += "1" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8, "big").replace(b"\xff", b"\xff\x00")


def jpeg(width, height, seed, taken):
    """A colour JPEG without subsampling; width and height are multiples of 8."""
    random, blocks = noise(seed), []
    for y in range(height // 8):
        for x in range(width // 8):
            grain = next(random) % 32
            blocks += [(x + y) % 96 - 64 + grain, x % 64 - 32, y % 64 - 32 + grain % 4]
    frame = struct.pack(">BHHB", 8, height, width, 3) + bytes([1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0])
    dc_table = bytes([0x00, 0, 0, 0, 12] + [0] * 12) + bytes(range(12))
    ac_table = bytes([0x10, 1] + [0] * 15) + b"\0"
    return (b"\xff\xd8" + segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
            + segment(0xE1, exif(taken)) + segment(0xDB, b"\0" + b"\x08" * 64)
            + segment(0xC0, frame) + segment(0xC4, dc_table) + segment(0xC4, ac_table)
            + segment(0xDA, bytes([3, 1, 0, 2, 0, 3, 0, 0, 63, 0])) + entropy(blocks) + b"\xff\xd9")


def png(width, height, seed):
    """An 8-bit RGB PNG: a grid on noise, so that it does not compress to nothing."""
    random, rows = noise(seed), bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(0, width, 4):
            line = x % 64 == 0 or y % 48 == 0
            shade = 20 if line else 200 + next(random) % 48
            rows += bytes([shade, shade, 255 - shade % 16]) * 4
    chunk = lambda kind, body: (struct.pack(">I", len(body)) + kind + body
                                + struct.pack(">I", zlib.crc32(kind + body)))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(bytes(rows), 6)) + chunk(b"IEND", b""))
