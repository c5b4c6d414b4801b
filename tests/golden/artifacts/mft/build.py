#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A master file table as a file of its own, entry by entry from libfsntfs' documentation."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case
from ntfs_builder import data, far_data, file_name, record, reference, stamps, standard

HAND = "the values given to build.py; layout from libfsntfs' NTFS documentation, sections 5 to 9"
BORN = stamps("2026-04-10 09:00:00.1234567")
ROOT = (5, 5)
TABLE = 80


def table(entries):
    out = bytearray(1024 * TABLE)
    for number, raw in entries.items():
        out[1024 * number:1024 * (number + 1)] = raw
    return bytes(out)


ENTRIES = {
    0: record(0, [standard(BORN, 6), file_name("$MFT", ROOT, BORN, flags=6), far_data(TABLE * 1024, b"\x11\x14\x04\0")]),
    5: record(5, [standard(BORN, 6), file_name(".", ROOT, BORN, flags=0x10000006)], sequence=5, directory=True),
    64: record(64, [standard(BORN, 0x10), file_name("資料", ROOT, BORN, flags=0x10000010)], directory=True),
    # A download, later pushed back: its own stamps are older than those of its name, and have no fraction.
    65: record(65, [standard(stamps("2020-01-01 00:00:00.0", modified="2026-04-10 10:00:00.5"), 0x20, 264, 4096),
                    file_name("KOKYAK~1.XLS", (64, 1), BORN, space=2), file_name("顧客一覧.xlsx", (64, 1), BORN, space=1),
                    data(b"PK\3\4" + bytes(20)),
                    data("[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=https://files.example/a\r\n".encode(), "Zone.Identifier")],
               sequence=3),
    # Deleted: NTFS has counted its sequence on, and that of its folder.
    66: record(66, [standard(BORN, 0x10), file_name("old", (64, 1), BORN, flags=0x10000010)], sequence=8, used=False,
               directory=True),
    67: record(67, [standard(stamps("2026-04-10 11:00:00.25")), file_name("draft.txt", (66, 7), BORN), data(b"secret")],
               sequence=2, used=False),
    # Its folder's entry is another folder now: the path is not known.
    68: record(68, [standard(BORN), file_name("lost.bin", (64, 9), BORN), far_data(9000, b"\x11\3\x28\0", last=2)]),
    # Attributes in two records, and two hard links.
    70: record(70, [standard(BORN), file_name("link-a", ROOT, BORN)], sequence=4, links=2),
    71: record(71, [file_name("link-b", (64, 1), stamps("2026-04-12 08:00:00.75")),
                    far_data(1 << 20, b"\x21\0\1\x30\0", last=255)], base=reference(70, 4)),
    72: record(72, [standard(stamps("0", modified="2026-04-10 12:00:00.0", changed="2026-04-10 12:00:00.0",
                                    accessed="2026-04-10 12:00:00.0")), file_name("zero", ROOT, BORN), data(b"")]),
    # A chain of folders that bites its tail.
    73: record(73, [standard(BORN), file_name("loop-a", (74, 1), BORN)], directory=True),
    74: record(74, [standard(BORN), file_name("loop-b", (73, 1), BORN)], directory=True),
}
GOOD = table(ENTRIES)
case(__file__, "normal", GOOD, path="/collected/C/$MFT", expected_from=HAND,
     covers="Both stamp sets, a named stream, a deleted folder and file, a reused folder, extension records, hard links, "
            "odd stamps, a loop of folders.")
case(__file__, "cut-out", GOOD[64 * 1024:67 * 1024], path="/carved.mft", expected_from=HAND,
     covers="A run of records that begins with entry 64: entries have their own numbers.")
torn = bytearray(GOOD)
torn[65 * 1024 + 510] ^= 0xff
torn[72 * 1024:72 * 1024 + 4] = b"BAAD"
torn[68 * 1024:68 * 1024 + 4] = b"\1\2\3\4"
case(__file__, "damaged-records", bytes(torn), path="/$MFT", expected_from=HAND,
     covers="A torn record, one that NTFS marked as bad and one overwritten: named, the others are read.")
case(__file__, "damaged-cut", GOOD[:65 * 1024 + 700], path="/$MFT", expected_from=HAND, covers="The file ends within a record.")
