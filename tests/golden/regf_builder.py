# SPDX-License-Identifier: Apache-2.0
"""Registry hives byte by byte, from msuhanov/regf "Windows registry file format specification".

    hive = Hive("NTUSER.DAT")
    hive.key(r"Software\\Microsoft\\X", "2026-04-10 10:31:07.1234567", {"Name": sz("text"), "": dword(1)})
    hive.deleted(r"Software\\Microsoft\\Gone", "2026-04-09 00:00:00", {…})     # its cells are free
    data = hive.build()                                                       # logs: old_log(), new_log()

Keys between are made with the stamp MIDDLE. Values keep the order in which they are given.
"""
import struct

from golden_builder import filetime

MIDDLE = "2026-01-01 00:00:00"
NOWHERE = 0xFFFFFFFF
SEGMENT = 16344


def sz(text):
    return 1, (text + "\0").encode("utf-16-le")


def expand_sz(text):
    return 2, (text + "\0").encode("utf-16-le")


def binary(data):
    return 3, bytes(data)


def dword(number):
    return 4, struct.pack("<I", number)


def multi_sz(texts):
    return 7, ("".join(t + "\0" for t in texts) + "\0").encode("utf-16-le")


def qword(number):
    return 11, struct.pack("<Q", number)


def stamp(text):
    """FILETIME as eight bytes."""
    return struct.pack("<Q", filetime(text))


def checksum(block):
    total = 0
    for (word,) in struct.iter_unpack("<I", block[:508]):
        total ^= word
    return {0xFFFFFFFF: 0xFFFFFFFE, 0: 1}.get(total, total)


def sid(text):
    parts = [int(p) for p in text.split("-")[2:]]
    return struct.pack(">BBHI", 1, len(parts) - 1, 0, parts[0]) + b"".join(struct.pack("<I", p) for p in parts[1:])


class Key:
    def __init__(self, name, written):
        self.name, self.written, self.values, self.subkeys, self.gone, self.kind = name, written, [], [], False, None


class Hive:
    def __init__(self, file_name="", root="ROOT", minor=5, list_kind="lh", owner="S-1-5-18"):
        self.file_name, self.minor, self.list_kind, self.owner = file_name, minor, list_kind, owner
        self.root = Key(root, MIDDLE)
        self.sequences = (7, 7)
        self.lost = []

    def find(self, path, written=MIDDLE):
        key = self.root
        for name in path.split("\\") if path else []:
            found = [k for k in key.subkeys if k.name.lower() == name.lower() and not k.gone]
            if not found:
                found = [Key(name, written)]
                key.subkeys.append(found[0])
            key = found[0]
        return key

    def key(self, path, written=MIDDLE, values=None):
        key = self.find(path)
        key.written = written
        key.values += list((values or {}).items())
        return key

    def deleted(self, path, written, values=None):
        parent, _, name = path.rpartition("\\")
        key = Key(name, written)
        key.gone = True
        key.values = list((values or {}).items())
        self.find(parent).subkeys.append(key)
        return key

    def lost_value(self, name, value):
        """A value in free space that no key names."""
        self.lost.append((name, value))

    # Cells
    def cell(self, content, free=False):
        size = (len(content) + 4 + 7) // 8 * 8
        at = len(self.bins)
        self.bins += struct.pack("<i", size if free else -size) + content + b"\0" * (size - 4 - len(content))
        return at

    def data(self, content, free):
        if len(content) > SEGMENT and self.minor > 3:
            parts = [self.cell(content[i:i + SEGMENT], free) for i in range(0, len(content), SEGMENT)]
            listed = self.cell(struct.pack(f"<{len(parts)}I", *parts), free)
            return self.cell(b"db" + struct.pack("<HI", len(parts), listed), free)
        return self.cell(content, free)

    def value(self, name, value, free=False):
        kind, content = value
        plain = all(ord(c) < 128 for c in name)
        raw = name.encode("latin-1") if plain else name.encode("utf-16-le")
        if len(content) <= 4:
            size, place = len(content) | 0x80000000, content.ljust(4, b"\0")
        else:
            size, place = len(content), struct.pack("<I", self.data(content, free))
        return self.cell(b"vk" + struct.pack("<HI", len(raw), size) + place +
                         struct.pack("<IHH", kind, 1 if plain else 0, 0) + raw, free)

    def subkey_list(self, offsets, names):
        if not offsets:
            return NOWHERE
        if self.list_kind == "ri":
            halves = [offsets[i:i + 2] for i in range(0, len(offsets), 2)]
            leaves = [self.cell(b"li" + struct.pack("<H", len(h)) + struct.pack(f"<{len(h)}I", *h)) for h in halves]
            return self.cell(b"ri" + struct.pack("<H", len(leaves)) + struct.pack(f"<{len(leaves)}I", *leaves))
        if self.list_kind == "li":
            return self.cell(b"li" + struct.pack("<H", len(offsets)) + struct.pack(f"<{len(offsets)}I", *offsets))
        rows = b""
        for offset, name in zip(offsets, names):
            number = 0
            for c in name.upper():
                number = (number * 37 + ord(c)) & 0xFFFFFFFF
            hint = struct.pack("<I", number) if self.list_kind == "lh" else name.encode("latin-1", "replace")[:4].ljust(4, b"\0")
            rows += struct.pack("<I", offset) + hint
        return self.cell(self.list_kind.encode() + struct.pack("<H", len(offsets)) + rows)

    def write_key(self, key, parent, free=False):
        free = free or key.gone
        plain = all(ord(c) < 256 for c in key.name)
        raw = key.name.encode("latin-1") if plain else key.name.encode("utf-16-le")
        at = self.cell(bytes(76) + raw, free)
        values = [self.value(name, value, free) for name, value in key.values]
        value_list = self.cell(struct.pack(f"<{len(values)}I", *values), free) if values else NOWHERE
        made = [(self.write_key(k, at, free), k) for k in key.subkeys]
        live = [(o, k) for o, k in made if not k.gone]
        listed = self.subkey_list([o for o, _ in live], [k.name for _, k in live])
        place = self.cell(key.kind.encode("utf-16-le"), free) if key.kind else NOWHERE
        flags = (0x20 if plain else 0) | (0x0C if parent is None else 0)
        self.bins[at + 4:at + 80] = b"nk" + struct.pack(
            "<HQIIIIIIIIII20xHH", flags, filetime(key.written), 0, parent or 0, len(live), 0, listed, NOWHERE,
            len(values), value_list, self.security, place, len(raw), len(key.kind or "") * 2)
        return at

    def build(self):
        self.bins = bytearray(32)
        owner = sid(self.owner)
        descriptor = struct.pack("<BBHIIII", 1, 0, 0x8000, 20, 0, 0, 0) + owner
        self.security = len(self.bins)
        self.cell(b"sk" + struct.pack("<HIIII", 0, self.security, self.security, 1, len(descriptor)) + descriptor)
        root = self.write_key(self.root, None)
        for name, value in self.lost:
            self.value(name, value, free=True)
        size = (len(self.bins) + 8 + 4095) // 4096 * 4096
        self.bins += struct.pack("<i", size - len(self.bins)).ljust(size - len(self.bins), b"\0")
        self.bins[:32] = b"hbin" + struct.pack("<IIQQI", 0, size, 0, filetime(MIDDLE), 0)
        return self.base_block(root, size, 0) + bytes(4096 - 512) + bytes(self.bins)

    def base_block(self, root, size, kind, sequences=None):
        first, second = sequences or self.sequences
        block = b"regf" + struct.pack("<IIQIIIIIII", first, second, filetime(MIDDLE), 1, self.minor, kind, 1, root, size, 1)
        block += self.file_name.encode("utf-16-le")[-62:].ljust(64, b"\0")
        block = block.ljust(508, b"\0")
        return block + struct.pack("<I", checksum(block))


def pages(before, after):
    """(offset from the first bin, new bytes) of each 4096-byte page of hive `after` that differs from `before`."""
    out = []
    for at in range(4096, len(after), 4096):
        if after[at:at + 4096] != before[at:at + 4096]:
            out.append((at - 4096, after[at:at + 4096]))
    return out


def with_block(block, **fields):
    """Base block (512) with fields changed and the checksum made anew: first, second, kind, size."""
    places = {"first": 4, "second": 8, "kind": 28, "size": 40}
    out = bytearray(block[:512])
    for name, number in fields.items():
        struct.pack_into("<I", out, places[name], number)
    struct.pack_into("<I", out, 508, checksum(bytes(out)))
    return bytes(out)


def marvin(data, seed=0x82EF4D887A4E55C5):
    """Marvin32 as dotnet/runtime describes it."""
    mask = 0xFFFFFFFF
    low, high = seed & mask, seed >> 32

    def rotate(x, n):
        return (x << n | x >> (32 - n)) & mask

    whole = len(data) // 4 * 4
    words = [w for (w,) in struct.iter_unpack("<I", data[:whole])]
    words += [int.from_bytes(data[whole:] + b"\x80", "little"), 0]
    for word in words:
        low = (low + word) & mask
        high ^= low
        low = (rotate(low, 20) + high) & mask
        high = rotate(high, 9) ^ low
        low = (rotate(low, 27) + high) & mask
        high = rotate(high, 19)
    return high << 32 | low


def new_log(before, after, sequence, spoil=False):
    """A log of Windows 8.1 and later with one entry that turns hive `before` into `after`."""
    dirty = pages(before, after)
    body = b"".join(struct.pack("<II", at, len(page)) for at, page in dirty) + b"".join(page for _, page in dirty)
    size = (40 + len(body) + 511) // 512 * 512
    body = body.ljust(size - 40, b"\0")
    head = b"HvLE" + struct.pack("<IIIII", size, 0, sequence, len(after) - 4096, len(dirty))
    head += struct.pack("<Q", marvin(body))
    head += struct.pack("<Q", marvin(head) ^ (1 if spoil else 0))
    return with_block(before, first=sequence, second=sequence, kind=6) + head + body


def old_log(before, after):
    """A log of Windows 8 and earlier: a bitmap of 512-byte pages, then the pages."""
    dirty = pages(before, after)
    bits = bytearray((len(after) - 4096) // 4096)
    content = b""
    for at, page in dirty:
        bits[at // 4096] = 0xFF
        content += page
    vector = b"DIRT" + bytes(bits)
    vector = vector.ljust((len(vector) + 511) // 512 * 512, b"\0")
    return with_block(before, first=9, second=9, kind=1, size=len(after) - 4096) + vector + content


def plugin_cases(script, hive, path, covers, spoilt=None):
    """Cases "normal" and "damaged-cut" (its last third is missing) of a plugin; `spoilt` is a hive for "damaged-value"."""
    from golden_builder import case
    source = "the values given to build.py; the layout is that of the plugin's references"
    data = hive.build()
    case(script, "normal", data, path=path, expected_from=source, covers=covers)
    keep = 4096 + (data.rindex(b"nk") - 4096) * 2 // 3
    case(script, "damaged-cut", data[:keep], path=path, expected_from=source, covers="the end of the hive is missing")
    if spoilt:
        case(script, "damaged-value", spoilt.build(), path=path, expected_from=source, covers="a value that cannot be one")
