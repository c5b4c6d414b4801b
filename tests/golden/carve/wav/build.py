#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""WAV: format and samples."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import cases  # noqa: E402

def chunk(name, body):
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


FORMAT = chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8))
GOOD = chunk(b"RIFF", b"WAVE" + FORMAT + chunk(b"LIST", b"INFOINAM\4\0\0\0demo") + chunk(b"data", bytes(range(200))))
cases(__file__, "pcm", GOOD, covers="8-bit samples with an information list",
      decoy=chunk(b"RIFF", b"WAVE" + chunk(b"data", bytes(300))), why="samples without a format before them")
