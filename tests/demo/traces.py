#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What Windows leaves behind, byte by byte from the public format descriptions.

LNK: MS-SHLLINK.  `$I`: version 2 (Windows 10).  Prefetch: libscca's "Windows Prefetch File (PF)
format", version 30, not compressed.  USN_RECORD_V2: MS-FSCC 2.3.  Times go in as JST text
"2026-04-10 19:31:07.1234567" and come out as FILETIME.
"""
import datetime
import struct

SID = "S-1-5-21-1004336348-1177238915-682003330-1104"
USB_SERIAL = 0xA1B2C3D4
SYSTEM_SERIAL = 0x5E0D1A2B
JST = datetime.timezone(datetime.timedelta(hours=9))
USN_REASONS = {"extend": 0x2, "create": 0x100, "delete": 0x200, "old_name": 0x1000,
               "new_name": 0x2000, "close": 0x80000000}


def unix_ticks(text):
    """JST text to 100 ns units since 1970, exactly (no floats)."""
    whole, _, fraction = text.partition(".")
    moment = datetime.datetime.strptime(whole, "%Y-%m-%d %H:%M:%S").replace(tzinfo=JST)
    return int(moment.timestamp()) * 10**7 + int((fraction + "0000000")[:7])


def filetime(text):
    return unix_ticks(text) + 116444736000000000


def recycled(path, size, when):
    """`$I` file, version 2: size and path of the deleted file, and when."""
    return (struct.pack("<QQQI", 2, size, filetime(when), len(path) + 1)
            + (path + "\0").encode("utf-16-le"))


def link_info(path, serial, label, drive_type):
    """LinkInfo with a VolumeID and the path both in CP932 and in UTF-16."""
    volume = struct.pack("<IIII", 0, drive_type, serial, 16) + label.encode("ascii") + b"\0"
    volume = struct.pack("<I", len(volume)) + volume[4:]
    base = path.encode("cp932") + b"\0"
    wide = (path + "\0").encode("utf-16-le")
    head = 36
    at_base = head + len(volume)
    at_suffix = at_base + len(base)
    pad = (at_suffix + 1) % 2
    at_wide = at_suffix + 1 + pad
    size = at_wide + len(wide) + 2
    return (struct.pack("<IIIIIIIII", size, head, 1, head, at_base, 0, at_suffix, at_wide,
                        at_wide + len(wide))
            + volume + base + b"\0" + b"\0" * pad + wide + b"\0\0")


def shortcut(path, size, times, serial, label, drive_type=2, relative=None):
    """A shell link as Explorer writes it in Recent; times = (created, accessed, written)."""
    flags = 0x02 | 0x80 | (0x08 if relative else 0)
    created, accessed, written = (filetime(text) for text in times)
    header = struct.pack("<I16sIIQQQIIIHHII", 0x4C,
                         bytes.fromhex("0114020000000000c000000000000046"), flags, 0x20,
                         created, accessed, written, size, 0, 1, 0, 0, 0, 0)
    text = b""
    if relative:
        text = struct.pack("<H", len(relative)) + relative.encode("utf-16-le")
    droid = bytes.fromhex("d0d1d2d3d4d5d6d7a8a9aaabacadaeaf") + bytes.fromhex(
        "101112131415f1118a1b020000000001")
    tracker = struct.pack("<IIII16s", 0x60, 0xA0000003, 0x58, 0, b"demo-pc01") + droid * 2
    return header + link_info(path, serial, label, drive_type) + text + tracker + b"\0" * 4


def prefetch(executable, path_hash, run_count, runs, volume, loaded):
    """SCCA version 30; runs = newest first, loaded = device paths of files, volume = (path, time)."""
    names, metrics = b"", b""
    for index, name in enumerate(loaded):
        metrics += struct.pack("<IIIIIIQ", index, 1, 1, len(names), len(name), 0x200,
                               (1 << 48) | (100 + index))
        names += (name + "\0").encode("utf-16-le")
    chains = struct.pack("<IBBH", 16, 1, 1, 1) * len(loaded)
    at_metrics = 304
    at_chains = at_metrics + len(metrics)
    at_names = at_chains + len(chains)
    at_volumes = (at_names + len(names) + 7) // 8 * 8
    device, created = volume
    references = struct.pack("<IIQ", 3, len(loaded), 0) + b"".join(
        struct.pack("<Q", (1 << 48) | (100 + i)) for i in range(len(loaded)))
    folders = sorted({name.rpartition("\\")[0] for name in loaded})
    strings = b"".join(struct.pack("<H", len(f)) + (f + "\0").encode("utf-16-le") for f in folders)
    at_device = 96
    at_references = (at_device + 2 * len(device) + 2 + 7) // 8 * 8
    at_strings = at_references + len(references)
    info = struct.pack("<IIQIIIIII28sI24s", at_device, len(device), filetime(created), SYSTEM_SERIAL,
                       at_references, len(references), at_strings, len(folders), 0, b"", 0, b"")
    info = info.ljust(96, b"\0") + (device + "\0").encode("utf-16-le")
    info = info.ljust(at_references, b"\0") + references + strings
    total = at_volumes + len(info)
    stamps = [filetime(text) for text in runs] + [0] * (8 - len(runs))
    header = struct.pack("<I4sII60sII", 30, b"SCCA", 0x11, total,
                         executable.encode("utf-16-le"), path_hash, 0)
    body = struct.pack("<IIIIIIIIIQ8Q16sIII", at_metrics, len(loaded), at_chains, len(loaded),
                       at_names, len(names), at_volumes, 1, len(info), 0, *stamps, b"", run_count,
                       1, 3)
    fixed = (header + body).ljust(at_metrics, b"\0")
    return (fixed + metrics + chains + names).ljust(at_volumes, b"\0") + info


def usn_record(usn, when, file, parent, reasons, name, attributes=0x20):
    """One USN_RECORD_V2; file and parent are 64-bit file references."""
    text = name.encode("utf-16-le")
    length = (60 + len(text) + 7) // 8 * 8
    mask = 0
    for reason in reasons:
        mask |= USN_REASONS[reason]
    return (struct.pack("<IHHQQQQIIIIHH", length, 2, 0, file, parent, usn, filetime(when), mask, 0,
                        0, attributes, len(text), 60) + text).ljust(length, b"\0")


def usn_journal(entries, lead=4096):
    """`$J`: a page of zeros (what is left of the purged head), then the records in order."""
    data = b"\0" * lead
    for when, file, parent, reasons, name in entries:
        data += usn_record(len(data), when, file, parent, reasons, name)
    return data


def usn_max(created):
    """`$Max`: maximum size, allocation delta, journal id, lowest valid USN."""
    return struct.pack("<QQQQ", 32 << 20, 8 << 20, filetime(created), 0)


def without_unnamed_data(record):
    """A 1024-byte MFT record without its empty unnamed $DATA: ntfscp makes one with every file, but
    the journal of Windows has only named streams (and libtsk then reads the wrong one)."""
    record = bytearray(record)
    usa_at, usa_count = struct.unpack_from("<HH", record, 4)
    for i in range(1, usa_count):  # undo the fixups
        record[512 * i - 2:512 * i] = record[usa_at + 2 * i:usa_at + 2 * i + 2]
    used = struct.unpack_from("<I", record, 24)[0]
    at = struct.unpack_from("<H", record, 20)[0]
    while struct.unpack_from("<I", record, at)[0] != 0xFFFFFFFF:
        kind, length, resident, name_length = struct.unpack_from("<IIBB", record, at)
        if kind == 0x80 and resident == 0 and name_length == 0:
            record = record[:at] + record[at + length:used] + bytes(len(record) - used + length)
            struct.pack_into("<I", record, 24, used - length)
            break
        at += length
    for i in range(1, usa_count):
        record[usa_at + 2 * i:usa_at + 2 * i + 2] = record[512 * i - 2:512 * i]
        record[512 * i - 2:512 * i] = record[usa_at:usa_at + 2]
    return bytes(record)
