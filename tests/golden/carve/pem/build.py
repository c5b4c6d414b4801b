#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A key and an armoured OpenPGP block."""
import base64
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import broken, cases, whole  # noqa: E402

def crc24(data):
    value = 0xB704CE
    for b in data:
        value ^= b << 16
        for _ in range(8):
            value = value << 1 ^ 0x1864CFB if value & 0x800000 else value << 1
    return (value & 0xFFFFFF).to_bytes(3, "big")


def lines(data):
    text = base64.b64encode(data)
    return b"".join(text[i:i + 64] + b"\n" for i in range(0, len(text), 64))


KEY = b"-----BEGIN PRIVATE KEY-----\n" + lines(bytes(range(150))) + b"-----END PRIVATE KEY-----\n"
DATA = bytes(range(200))


def armour(total):
    return b"-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: demo\n\n" + lines(DATA) + b"=" + base64.b64encode(total) + b"\n-----END PGP PRIVATE KEY BLOCK-----\n"


cases(__file__, "key-and-certificate", KEY + KEY.replace(b"PRIVATE KEY", b"CERTIFICATE"), covers="two blocks behind one another", after=bytes(600), cut=120,
      decoy=b"-----BEGIN PRIVATE KEY-----\nthis is !! no base64 at all !!\n-----END PRIVATE KEY-----\n", why="RFC 7468 3: lines of base64")
whole(__file__, "openpgp", armour(crc24(DATA)), covers="armour with its CRC-24", after=bytes(600))
broken(__file__, "openpgp", armour(b"\0\0\0"), covers="a CRC-24 that does not hold", why="RFC 4880 6.1", after=bytes(600))
