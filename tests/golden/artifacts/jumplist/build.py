#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Automatic and custom destinations: links from the lnk folder's builder, compound files from cfb_builder.py."""
import pathlib
import struct
import sys

HERE = pathlib.Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[2]))
from cfb_builder import cfb
from golden_builder import case, filetime

text = (HERE.parents[1] / "lnk" / "build.py").read_text()
lnk = {"__file__": str(HERE.parents[1] / "lnk" / "build.py")}
exec(text[:text.index("\ndef put(")], lnk)  # the builders of links, without writing that folder's cases

HAND = "the values given to build.py; layout from libyal/dtformats \"Jump lists format\" and MS-SHLLINK"
FOLDER = "/Users/sales01/AppData/Roaming/Microsoft/Windows/Recent/"


def link(path, serial, drive_type=2, machine="SALES-PC7"):
    return lnk["header"](0x82) + lnk["link_info"](path, drive_type, serial, "BACKUP") + struct.pack("<I", 0)


def entry(version, number, path, when, machine="sales-pc7", pin=-1, accesses=3):
    out = bytes(8) + bytes(range(64)) + machine.encode().ljust(16, b"\0")
    out += struct.pack("<IIfQi", number, 0, 1.0, filetime(when), pin)
    if version >= 3:
        out += struct.pack("<IIQ", 0xFFFFFFFF, accesses, 0)
    out += struct.pack("<H", len(path)) + path.encode("utf-16-le")
    return out + (bytes(4) if version >= 3 else b"")


def dest_list(version, *entries):
    return struct.pack("<IIIfQQ", version, len(entries), 0, 1.0, len(entries), 9) + b"".join(entries)


first = link(r"E:\顧客名簿.xlsx", 0xA1B2C3D4)
second = link(r"C:\work\b.xlsx", 0x11223344, 3)
ten = cfb({"1": first, "2": second, "DestList": dest_list(
    4, entry(4, 2, r"C:\work\b.xlsx", "2026-04-09 01:02:03", pin=0), entry(4, 1, r"E:\顧客名簿.xlsx", "2026-04-10 10:31:09.5"))})
path = FOLDER + "AutomaticDestinations/9839aec31243a928.automaticDestinations-ms"
case(__file__, "automatic-10", ten, path=path, expected_from=HAND, covers="Windows 10: two entries, one pinned")
seven = cfb({"1": first, "a": second, "DestList": dest_list(1, entry(1, 1, r"E:\顧客名簿.xlsx", "2026-04-10 10:31:09"))})
case(__file__, "automatic-7", seven, path=path, expected_from=HAND, covers="Windows 7, and a link that DestList has dropped")
big = cfb({"1": first + bytes(5000), "DestList": dest_list(4, entry(4, 1, r"E:\a.txt", "2026-04-10 10:31:09"))})
case(__file__, "automatic-large-stream", big, path=path, expected_from=HAND, covers="a link in whole sectors")
custom = struct.pack("<III", 2, 1, 0) + struct.pack("<I", 2) + first + second + struct.pack("<I", 0xBABFFBAB)
case(__file__, "custom", custom, path=FOLDER + "CustomDestinations/9839aec31243a928.customDestinations-ms", expected_from=HAND,
     covers="two links and the footer")
case(__file__, "damaged-custom-cut", custom[:len(first) + 60], path=FOLDER + "CustomDestinations/9839aec31243a928.customDestinations-ms",
     expected_from=HAND, covers="the second link is cut off")
spoilt = bytearray(ten)
at = ten.index(b"sales-pc7") + 16 + 36
spoilt[at + 4:at + 6] = b"\xff\x7f"
case(__file__, "damaged-destlist", bytes(spoilt), path=path, expected_from=HAND, covers="an entry whose path is longer than the list")
loop = bytearray(ten)
struct.pack_into("<I", loop, 512 + 4, 1)
case(__file__, "damaged-chain-loop", bytes(loop), path=path, expected_from=HAND, covers="the mini stream's chain leads to itself")
