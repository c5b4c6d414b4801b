# SPDX-License-Identifier: Apache-2.0
"""Decompression bombs inside a FAT volume. All are stored as ordinary files beside keep.txt."""
import functools
import zlib

from fat import FatVolume
from kit import KEEP, MIB, item, le

GIB = 1 << 30
DOS_STAMP = 0x576E_B1AA
BOMB = {"keep": True, "exit": (0, 1), "files_min": 2, "seconds": 180}


def carrier(name, data, size=8 * MIB):
    volume = FatVolume(size)
    volume.add("/keep.txt", KEEP)
    volume.add("/" + name, data)
    return volume.image()


@functools.lru_cache
def deflated_zeros(total):
    """(raw deflate stream, CRC-32) of `total` zero bytes; one block is repeated, so it is quick."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    out, checksum, piece = [], 0, bytes(4 * MIB)
    for _ in range(total // len(piece)):
        out.append(packer.compress(piece))
        checksum = zlib.crc32(piece, checksum)
    return b"".join(out) + packer.flush(), checksum


def zip_archive(members, central=None):
    """`members`: (name, raw deflate or stored bytes, method, CRC, plain size)."""
    out, directory, count = bytearray(), bytearray(), 0
    for name, data, method, checksum, plain in members:
        fields = le("HHHIIIIHH", 20, 0, method, DOS_STAMP, checksum, len(data), plain & 0xFFFFFFFF,
                    len(name), 0)
        directory += (b"PK\x01\x02" + le("H", 20) + fields + le("HHHII", 0, 0, 0, 0, len(out))
                      + name)
        out += b"PK\x03\x04" + fields + name + data
        count += 1
    if central is not None:
        directory, count = central(bytes(out))
    start = len(out)
    return bytes(out + directory + b"PK\x05\x06" + le("HHHHIIH", 0, 0, count & 0xFFFF,
                                                      count & 0xFFFF, len(directory), start, 0))


def zeros_zip(total=GIB):
    packed, checksum = deflated_zeros(total)
    return zip_archive([(b"zeros.bin", packed, 8, checksum, total)])


@item("zip-bomb", "A ZIP of 1 MB that holds 1 GiB of zeros.", **BOMB)
def zip_bomb():
    return carrier("bomb.zip", zeros_zip())


@item("zip-bomb-nested", "A ZIP in a ZIP in a ZIP, ten of each: 1 TiB of zeros.", **BOMB)
def zip_nested():
    data = zeros_zip()
    for level in range(3):
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(data) + packer.flush()
        checksum = zlib.crc32(data)
        data = zip_archive([(b"level%d-%d.zip" % (level, number), packed, 8, checksum, len(data))
                            for number in range(10)])
    return carrier("nested.zip", data)


@item("zip-bomb-overlapping", "60,000 central entries share one local entry of 16 MiB zeros: 1 TB "
      "out of 4 MB.", **BOMB)
def zip_overlapping():
    packed, checksum = deflated_zeros(16 * MIB)

    def central(_):
        rows = bytearray()
        for number in range(60_000):
            name = b"f%05d" % number
            rows += (b"PK\x01\x02" + le("HHHHIIIIHHHHHII", 20, 20, 0, 8, DOS_STAMP, checksum,
                                        len(packed), 16 * MIB, len(name), 0, 0, 0, 0, 0, 0) + name)
        return rows, 60_000
    return carrier("overlap.zip", zip_archive([(b"f00000", packed, 8, checksum, 16 * MIB)],
                                              central))


@item("zip-names",
      "ZIP members named ../../zevil, /tmp/zevil_abs, with 65,535 bytes, with escapes, "
      "and one that claims 65,535 bytes at the end of the file.", **BOMB)
def zip_names():
    text = b"member\n"
    names = [b"../../zevil", b"/tmp/zevil_abs", b"..\\..\\zevil.txt", b"C:\\zevil.txt",
             b"\x1B]0;owned\x07\x1B[2J.txt", "\u202Efdp.exe".encode(), b"=cmd()|' /C calc'!A0",
             b"<script>alert(1)</script>", b"L" * 65_535, b""]
    data = zip_archive([(name, text, 0, zlib.crc32(text), len(text)) for name in names])
    tail = b"PK\x03\x04" + le("HHHIIIIHH", 20, 0, 0, DOS_STAMP, 0, 0, 0, 0xFFFF, 0xFFFF) + b"cut"
    return carrier("names.zip", data + tail)


@item("gzip-bomb", "A gzip file of 1 MB that holds 1 GiB of zeros, said to be 7 bytes.", **BOMB)
def gzip_bomb():
    packed, checksum = deflated_zeros(GIB)
    return carrier("bomb.gz", b"\x1F\x8B\x08\x00\x00\x00\x00\x00\x02\x03" + packed
                   + le("II", checksum, 7))


@item("gzip-header-endless", "A gzip file whose file name and comment never end.", **BOMB)
def gzip_header():
    return carrier("name.gz", b"\x1F\x8B\x08\x1C\x00\x00\x00\x00\x02\x03\xFF\xFF" + b"N" * 2 * MIB)


@item("zstd-bomb", "A zstd file of 33 KB that holds 1 GiB of zeros, no size in its header.", **BOMB)
def zstd_bomb():
    run = le("I", (128 * 1024) << 3 | 1 << 1)[:3] + b"\0"
    last = le("I", (128 * 1024) << 3 | 1 << 1 | 1)[:3] + b"\0"
    return carrier("bomb.zst", b"\x28\xB5\x2F\xFD\x00\x58" + run * (8 * 1024 - 1) + last)


@item("zstd-window-huge", "A zstd frame that asks for a window of 2 TiB.", **BOMB)
def zstd_window():
    return carrier("window.zst", b"\x28\xB5\x2F\xFD\x00\xFF" + b"\x01\x00\x00" + bytes(64))


@item("docx-bomb", "An OOXML document whose document.xml is a billion-laughs entity and 1 GiB of "
      "blanks.", **BOMB)
def docx_bomb():
    laughs = b"<?xml version='1.0'?><!DOCTYPE d [<!ENTITY a0 'ha'>" + b"".join(
        b"<!ENTITY a%d '%s'>" % (level, b"&a%d;" % (level - 1) * 10) for level in range(1, 12)
    ) + b"<!ENTITY x SYSTEM 'file:///etc/passwd'>]><d>&a11;&x;</d>"
    packed, checksum = deflated_zeros(GIB)
    return carrier("bomb.docx", zip_archive([
        (b"[Content_Types].xml", laughs, 0, zlib.crc32(laughs), len(laughs)),
        (b"word/document.xml", packed, 8, checksum, GIB)]))


@item("pdf-flate-bomb", "A PDF whose content stream inflates to 1 GiB, filtered twice.", **BOMB)
def pdf_bomb():
    packed, _ = deflated_zeros(GIB)
    twice = zlib.compress(b"\x78\x9C" + packed + b"\0\0\0\0", 9)
    head = b"%PDF-1.4\n1 0 obj\n<</Length " + b"%d" % len(twice)
    return carrier("bomb.pdf", head + b"/Filter[/FlateDecode/FlateDecode]>>\nstream\n" + twice
                   + b"\nendstream\nendobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n")
