#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Shell links part by part from MS-SHLLINK; shell items from libfwsi's "Windows Shell Item format"."""
import pathlib
import struct
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case, filetime

HAND = "the values given to build.py; layout from MS-SHLLINK and libfwsi's description"
RECENT = "/Users/sales01/AppData/Roaming/Microsoft/Windows/Recent/"
CLASS = bytes.fromhex("0114020000000000c000000000000046")
STAMPS = ("2026-04-10 10:31:07.1234567", "2026-04-10 10:31:08.0", "2026-03-01 00:00:01.0")
MY_COMPUTER = uuid.UUID("20d04fe0-3aea-1069-a2d8-08002b30309d")


def header(flags, stamps=STAMPS, size=4096, attributes=0x20):
    created, accessed, written = (filetime(text) if text else 0 for text in stamps)
    return struct.pack("<I16sIIQQQIIIHHII", 0x4C, CLASS, flags, attributes, created, accessed, written, size,
                       0, 1, 0, 0, 0, 0)


def fat(year, month, day, hour, minute, second):
    return struct.pack("<HH", (year - 1980) << 9 | month << 5 | day, hour << 11 | minute << 5 | second // 2)


def item(content):
    return struct.pack("<H", len(content) + 2) + content


def file_item(short, long, size, directory, reference):
    kind = b"\x31" if directory else b"\x32"
    name = short.encode("ascii") + b"\0"
    name += b"\0" * (len(name) % 2)
    stamp = fat(2026, 4, 10, 10, 31, 8)
    head = kind + b"\0" + struct.pack("<I", size) + stamp + struct.pack("<H", 0x10 if directory else 0x20) + name
    wide = (long + "\0").encode("utf-16-le")
    block = struct.pack("<HI", 9, 0xBEEF0004) + stamp + stamp + struct.pack("<HHQQHII", 0x2E, 0, reference, 0, 0, 0, 0)
    block += wide + struct.pack("<H", 2 + len(head))
    return item(head + struct.pack("<H", len(block) + 2) + block)


def id_list(*items):
    data = b"".join(items) + b"\0\0"
    return struct.pack("<H", len(data)) + data


def volume_id(drive_type, serial, label):
    return struct.pack("<IIII", 17 + len(label), drive_type, serial, 16) + label.encode("cp932") + b"\0"


def link_info(path, drive_type, serial, label):
    volume = volume_id(drive_type, serial, label)
    base = path.encode("cp932", "replace") + b"\0"
    wide = (path + "\0").encode("utf-16-le")
    at_base = 0x24 + len(volume)
    at_suffix = at_base + len(base)
    at_wide = at_suffix + 1
    return struct.pack("<9I", at_wide + len(wide) + 2, 0x24, 1, 0x24, at_base, 0, at_suffix, at_wide,
                       at_wide + len(wide)) + volume + base + b"\0" + wide + b"\0\0"


def share_info(share, device, suffix):
    names = share.encode("ascii") + b"\0" + device.encode("ascii") + b"\0"
    link = struct.pack("<5I", 20 + len(names), 3, 20, 20 + len(share) + 1, 0x20000) + names
    at_suffix = 0x1C + len(link)
    tail = suffix.encode("ascii") + b"\0"
    return struct.pack("<7I", at_suffix + len(tail), 0x1C, 2, 0, 0, 0x1C, at_suffix) + link + tail


def text(value):
    return struct.pack("<H", len(value)) + value.encode("utf-16-le")


def tracker(machine, droid):
    ids = uuid.UUID("d3d2d1d0-d5d4-d7d6-a8a9-aaabacadaeaf").bytes_le + droid.bytes_le
    return struct.pack("<IIII16s", 0x60, 0xA0000003, 0x58, 0, machine.encode("ascii")) + ids * 2


def property_store(format_id, number, value):
    units = len(value) + 1
    body = struct.pack("<HHI", 0x1F, 0, units) + (value + "\0").encode("utf-16-le")
    body += b"\0" * (-len(body) % 4)
    entry = struct.pack("<IIB", 9 + len(body), number, 0) + body
    storage = struct.pack("<I4s", 24 + len(entry) + 4, b"1SPS") + uuid.UUID(format_id).bytes_le + entry + b"\0" * 4
    return struct.pack("<II", 8 + len(storage) + 4, 0xA0000009) + storage + b"\0" * 4


MADE = uuid.UUID("13121110-1514-11f1-8a1b-020000000001")
ITEMS = id_list(item(b"\x1f\x50" + MY_COMPUTER.bytes_le), item(b"\x2fE:\\".ljust(23, b"\0")),
                file_item("KOKYAKU", "顧客", 0, True, (2 << 48) | 41),
                file_item("KOKYAK~1.XLS", "顧客名簿.xlsx", 4096, False, (7 << 48) | 1234))
SID = property_store("46588ae2-4cbc-4338-bbfc-139326986dce", 4, "S-1-5-21-1004336348-1177238915-682003330-1104")
END = b"\0" * 4
USB = (header(0x83 | 8) + ITEMS + link_info("E:\\顧客\\顧客名簿.xlsx", 2, 0xA1B2C3D4, "SALES") +
       text("..\\..\\..\\顧客名簿.xlsx") + tracker("sales-pc01", MADE) + SID + END)
SHARE = (header(0x82 | 0x20, stamps=(STAMPS[0],) * 3, size=10) +
         share_info("\\\\FILESV01\\SALES", "S:", "2026\\price.csv") + text("/e /p") + END)
FOLDER = header(0x82, attributes=0x10, size=0) + link_info("C:\\Work", 3, 0x5E0D1A2B, "") + END
BARE = header(0x81, stamps=("", "", ""), size=0, attributes=0) + id_list(
    item(b"\x1f\x50" + MY_COMPUTER.bytes_le), item(b"\x2fC:\\".ljust(23, b"\0"))) + END


def put(name, data, covers):
    case(__file__, name, data, path=RECENT + "target.lnk", expected_from=HAND, covers=covers)


put("usb-file", USB, "A file on a stick: items, volume, tracker with a card's address, the user's SID; three stamps.")
put("share", SHARE, "A file on a share with arguments; all three stamps are equal.")
put("folder", FOLDER, "A folder on a fixed disk, no items.")
put("no-stamps", BARE, "Items only, no stamp at all: seen, at an unknown time.")
ENVIRONMENT = struct.pack("<II260s520s", 0x314, 0xA0000001, b"%windir%\\system32\\calc.exe",
                          "%windir%\\system32\\calc.exe".encode("utf-16-le"))
put("environment", header(0x281, stamps=("", "", ""), size=0, attributes=0) + id_list(
    item(b"\x1f\x50" + MY_COMPUTER.bytes_le)) + ENVIRONMENT + END, "The target is known by a variable only.")
put("no-terminator", USB[:-4], "The writer left the terminator out.")
put("damaged-header", USB[:60], "Cut inside the header: no event.")
put("damaged-link-info", FOLDER[:76] + struct.pack("<I", 0xFFFFFF) + FOLDER[80:], "LinkInfo larger than the file.")
AT_INFO = 76 + len(ITEMS)
put("damaged-volume", USB[:AT_INFO + 12] + struct.pack("<I", 0xFFFF) + USB[AT_INFO + 16:],
    "The volume lies outside LinkInfo: path, texts and tracker are still read.")
put("damaged-items", USB[:78] + b"\x01\x00" + USB[80:], "An item of one byte: the rest of the link is still read.")
put("damaged-tracker", USB[:len(USB) - len(SID) - 50], "Cut inside the tracker block.")
