# SPDX-License-Identifier: Apache-2.0
"""Compound files sector by sector, from MS-CFB: cfb({"name": bytes, …}) with streams of the root, in sectors of 512."""
import struct

SECTOR, MINI, CUTOFF = 512, 64, 4096
END, FREE, FAT_SECTOR = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def pad(data, size, fill=b"\0"):
    return data + fill * (-len(data) % size)


def chain(first, count):
    """FAT entries of `count` sectors one after another from `first`."""
    return [first + i + 1 for i in range(count - 1)] + [END]


def directory(rows):
    out = b""
    for i, (name, kind, start, size, child) in enumerate(rows):
        raw = (name + "\0").encode("utf-16-le")
        right = i + 1 if 0 < i < len(rows) - 1 else FREE  # one long branch to the right
        out += raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw), kind, 1, FREE, right, child)
        out += bytes(16) + struct.pack("<IQQIQ", 0, 0, 0, start, size)
    return pad(out, SECTOR)


def cfb(streams):
    small = {n: d for n, d in streams.items() if len(d) < CUTOFF}
    large = {n: d for n, d in streams.items() if len(d) >= CUTOFF}
    mini, mini_fat, places = b"", [], {}
    for name, data in small.items():
        count = (len(data) + MINI - 1) // MINI
        places[name] = len(mini_fat) if count else END
        mini_fat += chain(len(mini_fat), count) if count else []
        mini += pad(data, MINI)
    body, fat = b"", [FAT_SECTOR]  # sector 0 is the FAT

    def put(data):
        nonlocal body
        data = pad(data, SECTOR)
        first = len(fat)
        fat.extend(chain(first, len(data) // SECTOR))
        body += data
        return first

    for name, data in large.items():
        places[name] = put(data)
    mini_start = put(mini) if mini else END
    mini_fat_start = put(pad(struct.pack(f"<{len(mini_fat)}I", *mini_fat), SECTOR, b"\xff")) if mini_fat else END
    rows = [("Root Entry", 5, mini_start, len(mini), 1)]
    rows += [(name, 2, places[name], len(data), FREE) for name, data in streams.items()]
    start = put(directory(rows))
    table = pad(struct.pack(f"<{len(fat)}I", *fat), SECTOR, b"\xff")
    assert len(table) == SECTOR, "more than one FAT sector"
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIIII", 0, 1, start, 0, CUTOFF, mini_fat_start, 1 if mini_fat else 0, END, 0, 0)
    header += struct.pack("<108I", *[FREE] * 108)
    return header + table + body
