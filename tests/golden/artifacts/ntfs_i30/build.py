#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An index of a folder with slack, record by record from libfsntfs' documentation."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case
from ntfs_builder import entry, index_record, name_value, reference, stamps

HAND = "the values given to build.py; layout from libfsntfs' NTFS documentation, section 9"
PATH = "/collected/$I30"
FOLDER = (64, 2)


def named(number, sequence, name, times, **more):
    return entry(name_value(name, FOLDER, times, **more), reference(number, sequence))


LIVE = [named(70, 1, "a.txt", stamps("2026-04-10 09:00:00.1", modified="2026-04-10 09:30:00.2"), size=1200),
        named(71, 4, "年度計画", stamps("2026-04-10 09:05:00.0"), flags=0x10000010)]
GONE = named(72, 2, "退職後_連絡先一覧.pdf", stamps("2026-04-11 18:00:00.7654321", accessed="2026-04-11 18:10:00.0"), size=88000)
# The last entry of a shorter listing lies over the head of this one.
HEADLESS = b"\0" * 16 + named(73, 5, "転職先.docx", stamps("2026-04-11 19:00:00.5"))[16:]
TWICE = named(70, 1, "a.txt", stamps("2026-04-10 09:00:00.1", modified="2026-04-10 09:30:00.2"), size=1200)
FIRST = index_record(LIVE, slack=b"\0" * 24 + GONE + HEADLESS + TWICE)
SECOND = index_record([named(74, 1, "z.bin", stamps("2026-04-12 00:00:00.0"), space=1)], vcn=1)
case(__file__, "normal", FIRST + SECOND, path=PATH, expected_from=HAND,
     covers="Live names, a name in slack, one whose entry head is overwritten, and a copy of a live one that is no news.")
torn = bytearray(FIRST + SECOND)
torn[1022] ^= 0xff
case(__file__, "damaged-torn", bytes(torn), path=PATH, expected_from=HAND,
     covers="The first record's sectors were not written together: only the second is read.")
endless = bytearray(SECOND)
endless[0x40 + 8:0x40 + 10] = b"\0\0"
case(__file__, "damaged-entry", FIRST + bytes(endless), path=PATH, expected_from=HAND,
     covers="An entry of no length ends the listing of its record; its name is found as slack.")
case(__file__, "damaged-cut", (FIRST + SECOND)[:6000], path=PATH, expected_from=HAND, covers="The second record is cut.")
