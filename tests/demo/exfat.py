#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Puts files into the root folder of a fresh exFAT volume, and deletes them, as Windows does.

For volumes that mkfs.exfat just made: one-cluster root folder, contiguous files (NoFatChain), times
in JST with the UTC offset written (0xA4 = valid, +9 h).  Microsoft's "exFAT file system
specification", sections 3.1 boot sector, 6.3 entry sets, 7.1 bitmap, 7.4 file, 7.6 stream, 7.7 name.
"""
import struct
import time

FILE, STREAM, NAME, BITMAP, IN_USE = 0x85, 0xC0, 0xC1, 0x81, 0x80
JST_OFFSET = 0x80 | 36  # quarters of an hour


def name_hash(name):
    """7.6.4, over the up-cased name (ASCII letters are the only cased ones used here)."""
    value = 0
    for byte in name.upper().encode("utf-16-le"):
        value = ((value >> 1) | ((value & 1) << 15)) + byte & 0xFFFF
    return value


def set_checksum(entries):
    """6.3.3: rotates over all bytes but the checksum's own two."""
    value = 0
    for at, byte in enumerate(entries):
        if at not in (2, 3):
            value = ((value >> 1) | ((value & 1) << 15)) + byte & 0xFFFF
    return value


def stamp(text):
    """JST text "2026-04-09 17:40:26.45" to (DOS date and time, 10 ms steps within its 2 s)."""
    whole, _, fraction = text.partition(".")
    t = time.strptime(whole, "%Y-%m-%d %H:%M:%S")
    dos = ((t.tm_year - 1980) << 25 | t.tm_mon << 21 | t.tm_mday << 16 | t.tm_hour << 11
           | t.tm_min << 5 | t.tm_sec // 2)
    return dos, t.tm_sec % 2 * 100 + int((fraction + "00")[:2])


class ExfatVolume:
    def __init__(self, path):
        self.file = open(path, "r+b")
        boot = self.read(0, 512)
        if boot[3:11] != b"EXFAT   ":
            raise SystemExit(f"build_demo: {path} is not an exFAT volume")
        heap, self.clusters, root = struct.unpack_from("<III", boot, 88)
        sector = 1 << boot[108]
        self.cluster_size = sector << boot[109]
        self.heap = heap * sector
        self.root = self.place(root)
        folder = self.read(self.root, self.cluster_size)
        slots = [folder[i:i + 32] for i in range(0, len(folder), 32)]
        self.slot = next(i for i, entry in enumerate(slots) if entry[0] == 0)
        bitmap = next(entry for entry in slots if entry[0] == BITMAP)
        self.bitmap = self.place(struct.unpack_from("<I", bitmap, 20)[0])
        self.sets = {}

    def close(self):
        self.file.close()

    def place(self, cluster):
        return self.heap + (cluster - 2) * self.cluster_size

    def read(self, at, count):
        self.file.seek(at)
        return self.file.read(count)

    def write_at(self, at, data):
        self.file.seek(at)
        self.file.write(data)

    def mark(self, first, count, used):
        bits = bytearray(self.read(self.bitmap, (self.clusters + 7) // 8))
        for bit in range(first - 2, first - 2 + count):
            bits[bit // 8] = bits[bit // 8] | 1 << bit % 8 if used else bits[bit // 8] & ~(1 << bit % 8)
        self.write_at(self.bitmap, bits)

    def first_free(self):
        """The cluster behind the last used one, so that a deleted file stays whole."""
        bits = self.read(self.bitmap, (self.clusters + 7) // 8)
        return 2 + max(i for i in range(self.clusters) if bits[i // 8] >> i % 8 & 1) + 1

    def add(self, name, data, created, modified):
        count = -(-len(data) // self.cluster_size)
        first = self.first_free()
        self.write_at(self.place(first), data)
        self.mark(first, count, True)
        made, written = stamp(created), stamp(modified)
        text = name.encode("utf-16-le")
        names = -(-len(text) // 30)
        entries = bytearray(struct.pack(
            "<BBHHHIIIBBBBB7x", FILE, 1 + names, 0, 0x20, 0, made[0], written[0], made[0], made[1],
            written[1], JST_OFFSET, JST_OFFSET, JST_OFFSET))
        entries += struct.pack("<BBBBHHQIIQ", STREAM, 3, 0, len(name), name_hash(name), 0, len(data),
                               0, first, len(data))
        for i in range(names):
            entries += bytes([NAME, 0]) + text[30 * i:30 * i + 30].ljust(30, b"\0")
        struct.pack_into("<H", entries, 2, set_checksum(entries))
        self.write_at(self.root + 32 * self.slot, entries)
        self.sets[name] = (self.slot, len(entries) // 32, first, count)
        self.slot += len(entries) // 32

    def delete(self, name):
        slot, entries, first, count = self.sets[name]
        for i in range(slot, slot + entries):
            kind = self.read(self.root + 32 * i, 1)[0]
            self.write_at(self.root + 32 * i, bytes([kind & ~IN_USE]))
        self.mark(first, count, False)
