#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""make_archives.py FOLDER: archives made by Python's own modules and by ar, and damaged twins of them."""
import bz2
import gzip
import io
import lzma
import os
import subprocess
import sys
import tarfile
import zipfile

TEXT = b"customer list, third quarter\n" * 40
NOISE = bytes((i * i * 31 + i * 7) >> 3 & 255 for i in range(5000))
DATE = (2026, 1, 2, 3, 4, 6)


def zipped(members, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, DATE)
            info.compress_type = method
            archive.writestr(info, data)
    return out.getvalue()


def tarred(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def flipped(data, at):
    return data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1:]


def main():
    members = [("docs/list.txt", TEXT), ("noise.bin", NOISE)]
    plain = zipped(members)
    long_name = "deep/" * 30 + "end.txt"
    tar = tarred(members + [(long_name, b"far away")])
    packed = gzip.compress(TEXT, mtime=0)
    files = {
        "plain.zip": plain,
        "stored.zip": zipped(members, zipfile.ZIP_STORED),
        "shifted.zip": b"#!/bin/sh\nexit\n" + plain,
        "japanese.zip": zipped([("顧客名簿.txt", TEXT)]),
        "cut.zip": plain[:len(plain) - 60],
        "broken.zip": flipped(plain, plain.index(b"docs/list.txt") + 20),
        "bomb.zip": zipped([("zeros", bytes(16 << 20)), ("after.txt", TEXT)]),
        "plain.tar": tar,
        "cut.tar": tar[:1000],
        "broken.tar": flipped(tar, 1536 + 512 * 1),
        "list.txt.gz": packed,
        "two.gz": packed + gzip.compress(NOISE, mtime=0),
        "broken.gz": flipped(packed, len(packed) - 6),
        "cut.gz": packed[:-20],
        "list.txt.xz": lzma.compress(TEXT),
        "list.txt.bz2": bz2.compress(TEXT),
        "cut.bz2": bz2.compress(NOISE)[:1000],
    }
    encrypted = bytearray(plain)
    encrypted[6] |= 1
    encrypted[plain.index(b"PK\x01\x02") + 8] |= 1
    files["encrypted.zip"] = bytes(encrypted)
    for name, data in files.items():
        with open(os.path.join(sys.argv[1], name), "wb") as out:
            out.write(data)
    for name, data in members:
        with open(os.path.join(sys.argv[1], os.path.basename(name)), "wb") as out:
            out.write(data)
    subprocess.run(["ar", "rcD", "plain.a", "list.txt", "noise.bin"], cwd=sys.argv[1], check=True)


if __name__ == "__main__":
    main()
