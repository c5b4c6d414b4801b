#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Hives of each version and list kind, with deleted keys, big data and logs, from regf_builder.py."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case
from regf_builder import Hive, binary, dword, expand_sz, multi_sz, new_log, old_log, qword, sz, with_block

HAND = "the values given to build.py; the same hives read with the yarp library show the same keys"
PATH = "/Users/sales01/NTUSER.DAT"


def user(list_kind="lh", minor=5):
    hive = Hive(r"\??\C:\Users\sales01\ntuser.dat", list_kind=list_kind, minor=minor)
    hive.key(r"Software\Microsoft\One", "2026-04-10 10:31:07.1234567",
             {"": sz("default"), "Path": expand_sz("%TEMP%"), "Number": dword(17), "Long": qword(1 << 40),
              "Many": multi_sz(["a", "b"]), "Raw": binary(range(10))})
    hive.key("Software\\Microsoft\\日本語", "2026-04-11 00:00:00", {"値": sz("漢字")})
    hive.key(r"Software\Microsoft\Größe", "2026-04-12 00:00:00", {"big": binary(b"\xab" * 20000)})
    return hive


case(__file__, "lists-lh", user().build(), path=PATH, expected_from=HAND,
     covers="all value types, big data, names in Latin-1 and UTF-16, subkey lists lh")
case(__file__, "lists-ri", user("ri").build(), path=PATH, expected_from=HAND, covers="index roots over index leaves")
case(__file__, "lists-lf", user("lf", 3).build(), path=PATH, expected_from=HAND, covers="version 1.3 with lf lists")

gone = user()
gone.deleted(r"Software\Microsoft\Gone", "2026-03-01 09:00:00", {"Was": sz("here")})
gone.find(r"Software\Microsoft").subkeys[-1].subkeys.append(gone.deleted("Below", "2026-03-01 08:00:00"))
gone.root.subkeys.pop()
gone.lost_value("Forgotten", sz("C:\\Users\\sales01\\secret.xlsx"))
case(__file__, "deleted", gone.build(), path=PATH, expected_from=HAND,
     covers="a deleted key with its subkey and value, and a deleted value of no key")

before = user()
before.sequences = (9, 8)
old = before.build()
after = user()
after.sequences = (9, 8)
after.key(r"Software\Microsoft\One", "2026-04-20 01:02:03")
after.key(r"Software\New", "2026-04-20 01:02:04", {"x": dword(1)})
new = after.build()
case(__file__, "replayed-new", old, path=PATH, companions={".LOG1": new_log(old, new, 8)}, expected_from=HAND,
     covers="a dirty hive whose log (HvLE) changes a stamp and adds a key")
case(__file__, "replayed-old", old, path=PATH, companions={".LOG1": old_log(old, new)}, expected_from=HAND,
     covers="the same with a log of the old format (DIRT)")
case(__file__, "clean-ignores-log", with_block(old, second=9) + old[512:], path=PATH,
     companions={".LOG1": new_log(old, new, 8)}, expected_from=HAND, covers="a clean hive takes nothing from its log")
case(__file__, "log-is-no-hive", new_log(old, new, 8), path=PATH + ".LOG1", expected_from=HAND,
     covers="a log file is not read as a hive")

case(__file__, "damaged-log-hash", old, path=PATH, companions={".LOG1": new_log(old, new, 8, spoil=True)},
     expected_from=HAND, covers="an entry of the log whose hash does not hold is not applied")
cut = bytearray(user().build())
place = cut.index(b"lh\x03\x00")
cut[place:place + 2] = b"zz"
case(__file__, "damaged-list", bytes(cut), path=PATH, expected_from=HAND,
     covers="a spoilt subkey list: its keys are found by their cells and marked recovered")
case(__file__, "damaged-cut", user().build()[:8192], path=PATH, expected_from=HAND, covers="the hive ends too early")
spoilt = bytearray(user().build())
spoilt[36] ^= 8
case(__file__, "damaged-base-block", bytes(spoilt), path=PATH, expected_from=HAND,
     covers="root offset and checksum of the base block are wrong: the root is found by its flag")
case(__file__, "damaged-version", with_block(user().build()[:512]).replace(b"", b"", 0)[:24] + b"\x01\0\0\0" +
     user().build()[28:], path=PATH, expected_from=HAND, covers="a hive of Windows NT 3.1 is named, not read")

loop = bytearray(user().build())
place = loop.index(b"lh\x03\x00")
loop[place + 4:place + 8] = (32 + 40).to_bytes(4, "little")  # the first child is a cell that holds no key
root_at = int.from_bytes(loop[36:40], "little")
loop[place + 12:place + 16] = root_at.to_bytes(4, "little")  # the second is the root
case(__file__, "damaged-loop", bytes(loop), path=PATH, expected_from=HAND,
     covers="a subkey list that leads to no key and back to the root")

# msuhanov/regf, "Key node": the number of values stands 36 bytes into the record, their list 40.
claims = bytearray(user().build())
node = next(at for at in range(0x1000, len(claims), 8) if claims[at + 4:at + 6] == b"nk" and
            int.from_bytes(claims[at + 40:at + 44], "little"))
claims[node + 40:node + 44] = (70000).to_bytes(4, "little")
case(__file__, "damaged-values", bytes(claims), path=PATH, expected_from=HAND,
     covers="a key claims more values than its list holds: those it holds are read, the rest is named")
