# SPDX-License-Identifier: Apache-2.0
"""A small FAT16/FAT32 writer with long names: the carrier of most items, easy to bend.

Layout: reserved sectors, one or two FATs, FAT16 root area, clusters of one sector.
Spec: Microsoft "FAT32 File System Specification" 1.03 (fatgen103).
"""
from kit import MIB, le, patch

SECTOR = 512
DOS_DATE = (2023 - 1980) << 9 | 11 << 5 | 14
DOS_TIME = 22 << 11 | 13 << 5 | 10


class FatVolume:
    """Add files, then call image(); clusters, entries and the FAT can be bent afterwards."""

    def __init__(self, size=8 * MIB, bits=16):
        self.bits = bits
        self.sectors = size // SECTOR
        self.reserved = 32 if bits == 32 else 1
        self.root_entries = 0 if bits == 32 else 512
        self.fat_sectors = (self.sectors * (bits // 8) + SECTOR - 1) // SECTOR
        self.fat_at = self.reserved * SECTOR
        self.root_at = self.fat_at + 2 * self.fat_sectors * SECTOR
        self.data_at = self.root_at + self.root_entries * 32
        self.clusters = self.sectors - self.data_at // SECTOR
        self.bytes = bytearray(self.sectors * SECTOR)
        self.next_free = 2
        self.first_cluster = {}
        self.tree = {}
        self._boot()
        self.set_fat(0, 0x0FFFFFF8 if bits == 32 else 0xFFF8)
        self.set_fat(1, 0x0FFFFFFF if bits == 32 else 0xFFFF)

    def _boot(self):
        small = self.bits == 16 and self.sectors < 65536
        boot = bytearray(SECTOR)
        patch(boot, 0, b"\xEB\x58\x90MSDOS5.0")
        patch(boot, 11, le("HBHBHHBHHHII", SECTOR, 1, self.reserved, 2, self.root_entries,
                           self.sectors if small else 0, 0xF8,
                           self.fat_sectors if self.bits == 16 else 0, 63, 255, 0,
                           0 if small else self.sectors))
        if self.bits == 32:
            patch(boot, 36, le("IHHIHH", self.fat_sectors, 0, 0, 2, 1, 6))
            patch(boot, 64, b"\x80\x00\x29" + le("I", 0x1234ABCD) + b"HOSTILE    FAT32   ")
            patch(self.bytes, SECTOR, b"RRaA")
            patch(self.bytes, SECTOR + 484, b"rrAa" + le("II", 0xFFFFFFFF, 0xFFFFFFFF))
            patch(self.bytes, SECTOR + 510, b"\x55\xAA")
        else:
            patch(boot, 36, b"\x80\x00\x29" + le("I", 0x1234ABCD) + b"HOSTILE    FAT16   ")
        patch(boot, 510, b"\x55\xAA")
        patch(self.bytes, 0, boot)
        if self.bits == 32:
            patch(self.bytes, 6 * SECTOR, boot)

    def set_fat(self, cluster, value):
        width = self.bits // 8
        for copy in range(2):
            at = self.fat_at + copy * self.fat_sectors * SECTOR + cluster * width
            patch(self.bytes, at, value.to_bytes(width, "little"))

    def cluster_at(self, cluster):
        return self.data_at + (cluster - 2) * SECTOR

    def store(self, data):
        """Puts `data` into free clusters as one chain; returns the first (0 for nothing)."""
        count = (len(data) + SECTOR - 1) // SECTOR
        if count == 0:
            return 0
        first = self.next_free
        if first + count > self.clusters:
            raise ValueError("volume full")
        patch(self.bytes, self.cluster_at(first), data)
        for cluster in range(first, first + count - 1):
            self.set_fat(cluster, cluster + 1)
        self.set_fat(first + count - 1, 0x0FFFFFFF if self.bits == 32 else 0xFFFF)
        self.next_free = first + count
        return first

    def unallocated(self, data):
        """Puts `data` into clusters that stay free; returns its place in the image."""
        at = self.cluster_at(self.next_free)
        patch(self.bytes, at, data)
        self.next_free += (len(data) + SECTOR - 1) // SECTOR + 8
        return at

    def add(self, path, data):
        """Adds a file; folders on the way are made. `path` is str, '/' parts it."""
        parts = path.strip("/").split("/")
        folder = self.tree
        for part in parts[:-1]:
            folder = folder.setdefault(part, {})
        first = self.store(data)
        self.first_cluster[path] = first
        folder[parts[-1]] = (first, len(data))

    def add_entry(self, name, first, size):
        """Adds a root entry that points wherever the caller says."""
        self.tree[name] = (first, size)

    def image(self):
        """Writes the folders and returns the whole volume."""
        root = self._folder(self.tree, 0, 0, "")
        if self.bits == 32:
            first = self.store(root)
            self.first_cluster["/"] = first
            for boot in (0, 6 * SECTOR):
                patch(self.bytes, boot + 44, le("I", first))
            patch(self.bytes, 0, self.bytes[0:SECTOR])
        else:
            patch(self.bytes, self.root_at, root)
        return self.bytes

    def _folder(self, tree, own, parent, path):
        out = bytearray()
        if path:
            out += entry(b".          ", 0x10, own, 0) + entry(b"..         ", 0x10, parent, 0)
        index = 0
        for name, node in tree.items():
            index += 1
            short = b"F%07dBIN" % index if not isinstance(node, dict) else b"D%07d   " % index
            if isinstance(node, dict):
                first = self._subfolder(node, own, f"{path}/{name}")
                out += named_entry(name, short, 0x10, first, 0)
            else:
                out += named_entry(name, short, 0x20, node[0], node[1])
        return out

    def _subfolder(self, tree, parent, path):
        size = 64 + sum(32 * (2 + (len(name) + 12) // 13) for name in tree)
        first = self.store(bytes(size + 32))
        self.first_cluster[path] = first
        patch(self.bytes, self.cluster_at(first), self._folder(tree, first, parent, path))
        return first


def entry(short, attributes, first, size):
    return le("11sBBBHHHHHHHI", short, attributes, 0, 0, DOS_TIME, DOS_DATE, DOS_DATE, first >> 16,
              DOS_TIME, DOS_DATE, first & 0xFFFF, size & 0xFFFFFFFF)


def named_entry(name, short, attributes, first, size):
    """The long-name entries of `name` followed by its short entry."""
    total = 0
    for byte in short:
        total = ((total >> 1) + ((total & 1) << 7) + byte) & 0xFF
    units = name.encode("utf-16-le", "surrogatepass") + b"\0\0"
    pieces = [units[at:at + 26].ljust(26, b"\xFF") for at in range(0, len(units), 26)]
    if len(units) % 26 == 2 and len(pieces) > 1:
        pieces.pop()  # a name of exactly 13n characters has no terminator
    out = b""
    for number in range(len(pieces), 0, -1):
        piece = pieces[number - 1]
        last = 0x40 if number == len(pieces) else 0
        out += le("B10sBBB12sH4s", number | last, piece[:10], 0x0F, 0, total, piece[10:22], 0,
                  piece[22:])
    return out + entry(short, attributes, first, size)
