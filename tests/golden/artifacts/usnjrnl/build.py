#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""$UsnJrnl:$J, record by record from MS-FSCC 2.3."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case, filetime
from ntfs_builder import file_name, stamps, standard
from ntfs_builder import record as file_record

HAND = "the values given to build.py; layout from MS-FSCC 2.3, reason values from winioctl.h"
PATH = "/$Extend/$UsnJrnl:$J"
CREATE, DELETE, OLD, NEW, EXTEND, CLOSE, BASIC = 0x100, 0x200, 0x1000, 0x2000, 0x2, 0x80000000, 0x8000


def reference(inode, sequence):
    return (sequence << 48) | inode


def record(usn, when, reason, name, inode, parent=5, attributes=0x20, major=2, source=0, high=0, sequence=3,
           parent_sequence=5):
    text = name.encode("utf-16-le", "surrogatepass")
    head = 60 if major == 2 else 76
    length = (head + len(text) + 7) // 8 * 8
    ids = (struct.pack("<QQ", reference(inode, sequence), reference(parent, parent_sequence)) if major == 2 else
           struct.pack("<QQQQ", reference(inode, sequence), high, reference(parent, parent_sequence), high))
    return (struct.pack("<IHH", length, major, 0) + ids +
            struct.pack("<QQIIIIHH", usn, filetime(when), reason, source, 0, attributes, len(text), head) +
            text).ljust(length, b"\0")


def range_record(usn):
    """USN_RECORD_V4 with one extent: length 80."""
    return (struct.pack("<IHH", 80, 4, 0) + struct.pack("<QQQQ", reference(70, 3), 0, reference(5, 5), 0) +
            struct.pack("<QIIIHH", usn, EXTEND, 0, 0, 1, 16) + struct.pack("<QQ", 0, 4096))


def journal(lead, steps):
    data = b"\0" * lead
    for make in steps:
        data += make(len(data))
    return data


def at(when, reason, name, inode, **more):
    return lambda usn: record(usn, when, reason, name, inode, **more)


STORY = [
    at("2026-04-10 10:31:07.1234567", CREATE, "顧客名簿.zip", 70),
    at("2026-04-10 10:31:08.0000001", CREATE | EXTEND | CLOSE, "顧客名簿.zip", 70),
    at("2026-04-10 10:32:00.0", OLD, "顧客名簿.zip", 70),
    at("2026-04-10 10:32:00.0", NEW | CLOSE, "holiday.zip", 70, parent=41),
    at("2026-04-10 10:33:00.5", 0x1 | CLOSE, "notes.txt", 71),
    at("2026-04-10 10:34:00.5", BASIC | CLOSE, "notes.txt", 71, source=1),
    at("2026-04-10 10:35:00.0", CREATE | CLOSE, "stage", 72, attributes=0x10),
    at("2026-04-10 10:36:00.0", DELETE | CLOSE, "holiday.zip", 70, parent=41),
    at("2026-04-10 10:36:30.0", CLOSE | 0x08000000, "odd", 73),
]
GOOD = journal(4096, STORY)
V3 = journal(0, [at("2026-04-11 01:00:00.0", CREATE, "a.docx", 100, major=3),
                 at("2026-04-11 01:00:01.0", DELETE | CLOSE, "refs.bin", 1, major=3, high=0x1234)])
case(__file__, "version-2", GOOD, path=PATH, expected_from=HAND,
     covers="A sparse head, then create, write, rename, change and delete of files and a folder; an unknown reason.")
case(__file__, "version-3", V3, path="/C/$Extend/$UsnJrnl:$J", expected_from=HAND,
     covers="128-bit references: an NTFS one and one of ReFS.")
case(__file__, "empty", b"\0" * 12288, path=PATH, expected_from=HAND, covers="Nothing but zeros: no events, no damage.")
case(__file__, "damaged-version-4", journal(0, [STORY[0], range_record, STORY[1]]), path=PATH, expected_from=HAND,
     covers="A range record between two records is stepped over and said.")
FIRST = 4096 + len(record(0, "2026-04-10 10:31:07.1", CREATE, "顧客名簿.zip", 70))
case(__file__, "damaged-middle", GOOD[:FIRST] + b"\xff" * 24 + GOOD[FIRST + 24:], path=PATH, expected_from=HAND,
     covers="The second record's head is overwritten: reading goes on with the third.")
case(__file__, "damaged-name", GOOD[:FIRST + 58] + b"\xff\x7f" + GOOD[FIRST + 60:], path=PATH, expected_from=HAND,
     covers="A name offset outside its record.")
case(__file__, "damaged-cut", GOOD[:-30], path=PATH, expected_from=HAND, covers="The last record is cut.")
case(__file__, "damaged-noise", bytes((i * 37 + 11) % 256 for i in range(2048)), path=PATH, expected_from=HAND,
     covers="Bytes that are no journal: nothing is made of them.")

# Rewinding. Entry 40 was the folder "old" (sequence 3), then "taken" (sequence 4); "plans" was called "secret" and was
# moved; "kept" appears in the table only, as does the name that the reused entry has now.
FOLDER = 0x10
REWIND = [
    at("2026-04-10 08:00:00.0", CREATE, "a.txt", 80, parent=41, parent_sequence=2),              # /plans was /secret
    at("2026-04-10 08:01:00.0", CREATE, "b.txt", 81, parent=40, parent_sequence=3),              # /old
    at("2026-04-10 08:02:00.0", OLD, "secret", 41, sequence=2, attributes=FOLDER),
    at("2026-04-10 08:02:00.0", NEW | CLOSE, "plans", 41, sequence=2, attributes=FOLDER, parent=42, parent_sequence=1),
    at("2026-04-10 08:03:00.0", CREATE, "c.txt", 82, parent=41, parent_sequence=2),              # /kept/plans
    at("2026-04-10 08:04:00.0", DELETE | CLOSE, "old", 40, sequence=3, attributes=FOLDER),
    at("2026-04-10 08:05:00.0", CREATE | CLOSE, "taken", 40, sequence=4, attributes=FOLDER, parent=41, parent_sequence=2),
    at("2026-04-10 08:06:00.0", CREATE, "d.txt", 83, parent=40, parent_sequence=4),              # /kept/plans/taken
    at("2026-04-10 08:07:00.0", CREATE, "e.txt", 84, parent=43, parent_sequence=6),              # gone before, reused now
    at("2026-04-10 08:08:00.0", CREATE, "f.txt", 85, parent=44, parent_sequence=1),              # /gone, by the table
]
BORN = stamps("2026-04-01 00:00:00.0")
ENTRIES = {0: ("$MFT", 1, True), 42: ("kept", 1, True), 43: ("newcomer", 7, True), 44: ("gone", 2, False)}
TABLE = b"".join(file_record(n, [standard(BORN), file_name(ENTRIES[n][0], (5, 5), BORN)], sequence=ENTRIES[n][1],
                             used=ENTRIES[n][2], directory=n != 0) if n in ENTRIES else bytes(1024) for n in range(48))
case(__file__, "rewound", journal(0, REWIND), path=PATH, companions={"$MFT": TABLE}, expected_from=HAND,
     covers="Paths as they were: a folder renamed and moved, an entry reused by another folder, a folder of the table only, "
            "a deleted one, and one whose entry is another now.")
case(__file__, "rewound-alone", journal(0, REWIND), path=PATH, expected_from=HAND,
     covers="The same without the table: what the journal does not say stays unknown, with the end of the path.")
case(__file__, "damaged-table", journal(0, REWIND[:2] + [range_record]), path=PATH,
     companions={"$MFT": TABLE[:1024] + b"\xff" * 3000}, expected_from=HAND, covers="A table cut in a record is used as far as it goes.")
