#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Matroska: a segment of known size."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import broken, cases  # noqa: E402

def element(ident, body):
    return ident + (len(body) | 1 << 14).to_bytes(2, "big") + body


HEAD = element(b"\x1a\x45\xdf\xa3", element(b"\x42\x86", b"\1") + element(b"\x42\x82", b"matroska"))
CLUSTER = element(b"\x1f\x43\xb6\x75", element(b"\xe7", b"\0") + element(b"\xa3", b"\x81\0\0\x80" + bytes(range(100))))
BODY = element(b"\x15\x49\xa9\x66", element(b"\x4d\x80", b"demo")) + CLUSTER
cases(__file__, "one-cluster", HEAD + element(b"\x18\x53\x80\x67", BODY), covers="information and one cluster",
      decoy=HEAD + bytes(200), why="RFC 9559 5.1: a segment follows the EBML header")
bad = HEAD + element(b"\x18\x53\x80\x67", BODY + b"\x42\x42" + bytes(60))
broken(__file__, "element", bad, covers="an element that a segment cannot have", why="the children before it hold")
