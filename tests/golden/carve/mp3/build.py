#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""MP3: ten frames of 128 kbit/s and an ID3v1 tag."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import cases  # noqa: E402

FRAME = b"\xff\xfb\x90\x64" + bytes(413)
TAG = b"ID3\4\0\0\0\0\0\x14" + bytes(20)
GOOD = TAG + FRAME * 10 + b"TAG" + b"demo".ljust(125, b"\0")
cases(__file__, "tags", GOOD, covers="ID3v2, ten frames of 417 bytes, ID3v1", decoy=(b"\xff\xfb\x90\x64" + bytes(300)) * 10,
      why="ISO/IEC 11172-3 2.4.3.1: at 128 kbit/s and 44.1 kHz a frame has 417 bytes")
