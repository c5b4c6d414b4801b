#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""MIDI: two tracks."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import broken, cases  # noqa: E402

TRACK = b"\0\x90\x40\x40\x60\x80\x40\x40\0\xff\x2f\0"


def chunk(name, body):
    return name + struct.pack(">I", len(body)) + body


GOOD = chunk(b"MThd", struct.pack(">HHH", 1, 2, 96)) + chunk(b"MTrk", TRACK) * 2
cases(__file__, "two-tracks", GOOD, covers="two tracks that end with their last event", decoy=chunk(b"MThd", struct.pack(">HHH", 1, 2, 96)) + bytes(60), why="no track")
broken(__file__, "track", chunk(b"MThd", struct.pack(">HHH", 1, 2, 96)) + chunk(b"MTrk", TRACK) + chunk(b"MTrk", bytes(40)), covers="a track without its last event",
       why="RP-001: every track ends with FF 2F 00")
