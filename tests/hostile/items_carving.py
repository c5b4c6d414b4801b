# SPDX-License-Identifier: Apache-2.0
"""Traps for carvers and for scanners: absurd headers in unallocated clusters of a FAT volume."""
import zlib

from fat import FatVolume
from kit import KEEP, MIB, be, item, le, noise, patch

TRAP = {"keep": True, "exit": (0, 1), "seconds": 120}


def free_space(*pieces, size=8 * MIB):
    volume = FatVolume(size)
    volume.add("/keep.txt", KEEP)
    for piece in pieces:
        volume.unallocated(piece)
    return volume.image()


def png_chunk(kind, data, length=None):
    body = kind + data
    return be("I", len(data) if length is None else length) + body + be("I", zlib.crc32(body))


@item("carve-png-lengths", "PNG headers with chunk length 2^32-1, 2^31 and 0, with 2^31 x 2^31 "
      "pixels.", **TRAP)
def png():
    magic = b"\x89PNG\r\n\x1A\n"
    head = png_chunk(b"IHDR", be("IIBBBBB", 0x7FFFFFFF, 0x7FFFFFFF, 8, 6, 0, 0, 0))
    return free_space(magic + head + png_chunk(b"IDAT", noise(100), 0xFFFFFFFF),
                      magic + head + png_chunk(b"IDAT", noise(100), 0x80000000),
                      magic + png_chunk(b"IHDR", b"", 0) + png_chunk(b"IDAT", b"", 0) * 50_000,
                      magic + head + png_chunk(b"tEXt", b"", 0xFFFFFFF4))


@item("carve-jpeg-markers", "JPEGs of endless markers: fill bytes, segments of length 0 and 1, "
      "restart markers for megabytes, thumbnails within thumbnails.", **TRAP)
def jpeg():
    start = b"\xFF\xD8\xFF\xE0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    nested = b""
    for _ in range(500):
        nested = b"\xFF\xD8\xFF\xE1" + be("H", min(len(nested) + 8, 0xFFFF)) + b"Exif\0\0" + nested
    return free_space(start + b"\xFF" * MIB, start + b"\xFF\xE1\x00\x00" * 50_000,
                      start + b"\xFF\xE1\x00\x01" * 1000, start + b"\xFF\xE2\x00\x02" * 200_000,
                      start + b"\xFF\xDA\x00\x0C" + b"\xFF\xD0\xFF\x00" * 300_000, nested)


def end_record(count, size, at, comment=0):
    return b"PK\x05\x06" + le("HHHHIIH", 0, 0, count, count, size, at, comment)


@item("carve-zip-directory",
      "ZIP end records with 65,535 entries that point back to themselves, to "
      "2^32-1 and before the file.", **TRAP)
def zip_directory():
    local = b"PK\x03\x04" + le("HHHIIIIHH", 20, 0, 0, 0, 0, 4, 4, 1, 0) + b"adata"
    entry = b"PK\x01\x02" + le("HHHHIIIIHHHHHII", 20, 20, 0, 0, 0, 0, 0xFFFFFFFF, 0xFFFFFFFF, 1,
                               0xFFFF, 0xFFFF, 0, 0, 0, 0) + b"a"
    itself = local + entry + end_record(0xFFFF, len(entry), len(local), 0xFFFF)
    back = local + end_record(0xFFFF, 0xFFFFFFFF, len(local))
    zip64 = (local + b"PK\x06\x06" + le("QHHIIQQQQ", 44, 45, 45, 0, 0, 1 << 63, 1 << 63, 1 << 63,
                                        1 << 63) + b"PK\x06\x07" + le("IQI", 0, len(local), 1)
             + end_record(0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF))
    descriptor = b"PK\x03\x04" + le("HHHIIIIHH", 20, 8, 8, 0, 0, 0, 0, 1, 0) + b"a" + noise(MIB, 5)
    return free_space(itself, back, zip64, descriptor, local * 60_000 + end_record(1, 1, 1))


@item("carve-sqlite-pages",
      "SQLite headers with 2^32-1 pages, page size 1, 3 and 65536, free lists "
      "that point to themselves.", **TRAP)
def sqlite():
    def header(page_size, pages, free=0, free_count=0):
        head = b"SQLite format 3\0" + be("HBBBBBB", page_size, 1, 1, 0, 64, 32, 32)
        head += be("IIII", 7, pages, free, free_count)
        return (head.ljust(92, b"\0") + be("II", 7, 3040001)).ljust(4096, b"\0")
    return free_space(header(4096, 0xFFFFFFFF), header(1, 0xFFFFFFFF), header(3, 100),
                      header(4096, 0x7FFFFFFF, 1, 0xFFFFFFFF), header(0, 0xFFFFFFFF),
                      header(512, 4) + be("II", 1, 0xFFFFFFFF) + b"\xFF" * 2000)


@item("carve-pdf-xref-loop",
      "A PDF whose cross-reference table and streams name each other as /Prev, "
      "20,000 %%EOF marks, a length of 10^30.", **TRAP)
def pdf():
    body = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\n"
    table = b"xref\n0 4294967295\n0000000000 65535 f \n"
    table += b"trailer<</Size 4294967295/Prev %d/Root 1 0 R>>\n"
    first = len(body)
    second = first + len(table % 99999)
    text = body + table % second + table % first + b"startxref\n%d\n%%%%EOF\n" % first
    return free_space(text, b"%PDF-1.4\n" + b"%%EOF\n%PDF-1.4\n" * 20_000,
                      b"%PDF-1.4\n1 0 obj<</Length 1" + b"0" * 30 + b">>stream\n" + noise(MIB, 6),
                      b"%PDF-1.4\n" + b"<<" * 300_000, b"%PDF-1.4\n" + b"[" * 300_000)


@item("carve-header-storm", "Every sector of 6 MiB begins with the header of another file type: a "
      "carver that looks for the end of each reads the volume 12,000 times.", **TRAP)
def storm():
    heads = (b"\xFF\xD8\xFF\xE0\x00\x10JFIF\0", b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR", b"%PDF-1.4\n",
             b"PK\x03\x04\x14\0\0\0\0\0", b"SQLite format 3\0\x10\0\1\1", b"GIF89a", b"BM",
             b"RIFF\xFF\xFF\xFF\xFFAVI ", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b"Rar!\x1A\7\0")
    data = bytearray(6 * MIB)
    for number in range(len(data) // 512):
        patch(data, number * 512, heads[number % len(heads)])
    return free_space(bytes(data))


@item("scan-match-storm", "6 MiB of the same test string and of web-shell fragments: millions of "
      "matches.", keep=True, exit=(0, 1), seconds=240)
def match_storm():
    eicar = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
    shell = b"<?php @eval(base64_" + b"decode($_POST['x'])); system($_GET['c']); ?>"
    line = eicar + b"\n" + shell + b"\n"
    volume = FatVolume(16 * MIB)
    volume.add("/keep.txt", KEEP)
    volume.add("/storm.php", line * (6 * MIB // len(line)))
    return volume.image()


@item("scan-nested-mail", "A MIME message nested 5,000 deep and an XML of 400,000 open tags.",
      keep=True, exit=(0, 1))
def nested_mail():
    mail = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (number, number)
                    for number in range(5000))
    volume = FatVolume()
    volume.add("/keep.txt", KEEP)
    volume.add("/deep.eml", b"From: a@example.invalid\n" + mail)
    volume.add("/deep.xml", b"<?xml version='1.0'?>" + b"<a>" * 400_000)
    volume.add("/deep.json", b"[" * 1_000_000)
    return volume.image()
