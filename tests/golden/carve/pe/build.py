#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Windows program: one section and a certificate."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import broken, cases  # noqa: E402

def program(certificates, revision=0x200):
    head = b"MZ" + bytes(58) + struct.pack("<I", 64)
    image = struct.pack("<4sHHIIIHH", b"PE\0\0", 0x8664, 1, 0, 0, 0, 240, 0x22)
    optional = struct.pack("<H", 0x20B) + bytes(106) + struct.pack("<I", 16)
    directories = bytearray(128)
    struct.pack_into("<II", directories, 32, 1024, certificates)
    optional = bytearray(optional + directories)
    struct.pack_into("<I", optional, 60, 512)
    section = b".text\0\0\0" + struct.pack("<IIIIIIHHI", 512, 0x1000, 512, 512, 0, 0, 0, 0, 0x60000020)
    body = (head + image + bytes(optional) + section).ljust(512, b"\0") + b"\xcc" * 512
    return body + struct.pack("<IHH", certificates, revision, 2) + bytes(certificates - 8)


cases(__file__, "signed", program(200), covers="headers, one section, one certificate", decoy=b"MZ" + bytes(58) + struct.pack("<I", 64) + b"NE" + bytes(300),
      why="another kind of program stands where the PE header should")
broken(__file__, "certificate", program(200, 0x999), covers="a certificate of no known revision", why="1024: the end of the section")
