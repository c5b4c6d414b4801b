# SPDX-License-Identifier: Apache-2.0
"""Structures of NTFS, byte by byte from libfsntfs' documentation: file records, index records, log pages.

    record(65, attributes=[standard(times), file_name("a.txt", parent=(64, 1), times=times), data(b"x")], sequence=3)
"""
import struct

from golden_builder import filetime

SECTOR = 512


def reference(number, sequence):
    return (sequence << 48) | number


def stamps(created, modified=None, changed=None, accessed=None):
    """Four FILETIMEs in the order of the format; texts as golden_builder.filetime() takes them, None = as created."""
    values = [created, modified or created, changed or created, accessed or created]
    return struct.pack("<4Q", *(0 if v == "0" else filetime(v) for v in values))


def fixed(block, number=0x0102):
    """Puts the update sequence in: the array's place and count stand in the header already."""
    block = bytearray(block)
    at, count = struct.unpack_from("<HH", block, 4)
    struct.pack_into("<H", block, at, number)
    for sector in range(1, count):
        tail = sector * SECTOR - 2
        block[at + 2 * sector:at + 2 * sector + 2] = block[tail:tail + 2]
        struct.pack_into("<H", block, tail, number)
    return bytes(block)


def pad8(data):
    return data + b"\0" * (-len(data) % 8)


def resident(kind, value, name="", identifier=0):
    text = name.encode("utf-16-le")
    at = 24 + len(pad8(text))
    head = struct.pack("<IIBBHHHIHBB", kind, at + len(pad8(value)), 0, len(name), 24, 0, identifier, len(value), at, 0, 0)
    return head + pad8(text) + pad8(value)


def standard(times, flags=0x20, security=0, usn=0):
    return resident(0x10, times + struct.pack("<IIIIIIQQ", flags, 0, 0, 0, 0, security, 0, usn))


def name_value(name, parent, times, space=3, flags=0x20, size=0):
    text = name.encode("utf-16-le")
    return (struct.pack("<Q", reference(*parent)) + times + struct.pack("<QQIIBB", (size + 4095) // 4096 * 4096, size,
            flags, 0, len(text) // 2, space) + text)


def file_name(name, parent, times, **more):
    return resident(0x30, name_value(name, parent, times, **more))


def data(content, name=""):
    return resident(0x80, content, name)


def far_data(size, runs, name="", first=0, last=0):
    text = name.encode("utf-16-le")
    at = 64 + len(pad8(text))
    head = struct.pack("<IIBBHHHQQHHIQQQ", 0x80, at + len(pad8(runs)), 1, len(name), 64, 0, 0, first, last, at, 0, 0,
                       (size + 4095) // 4096 * 4096, size, size)
    return head + pad8(text) + pad8(runs)


def record(number, attributes, sequence=1, used=True, directory=False, base=0, size=1024, links=1):
    body = b"".join(attributes) + struct.pack("<II", 0xffffffff, 0)
    flags = (1 if used else 0) | (2 if directory else 0)
    head = b"FILE" + struct.pack("<HHQHHHHIIQHHI", 0x30, size // SECTOR + 1, 0, sequence, links, 0x38, flags,
                                 0x38 + len(body), size, base, len(attributes), 0, number)
    return fixed((head.ljust(0x38, b"\0") + body).ljust(size, b"\0"))


def entry(value, target, flags=0):
    """One index entry; `value` is a file-name value, empty for the last one."""
    length = len(pad8(b"\0" * 16 + value))
    return (struct.pack("<QHHI", target, length, len(value), flags) + value).ljust(length, b"\0")


def index_record(entries, slack=b"", vcn=0, size=4096):
    """An INDX record; `slack` lies behind the last live entry."""
    live = b"".join(entries) + entry(b"", 0, 2)
    first = 0x40 - 0x18
    head = b"INDX" + struct.pack("<HHQQIIII", 0x28, size // SECTOR + 1, 0, vcn, first, first + len(live), size - 0x18, 0)
    return fixed((head.ljust(0x40, b"\0") + live + slack).ljust(size, b"\0"))


class LogFile:
    """$LogFile page by page from libfsntfs' documentation and fslog.c: restart pages, empty tail copies, a ring of pages."""

    def __init__(self, pages=16, major=1):
        self.size = pages * 4096
        self.bits = 67 - self.size.bit_length()
        self.pages = {}
        self.major = major
        self.at = (34 if major >= 2 else 4) * 4096 + 0x40
        self.turn = 1
        self.last = 0

    def lsn(self):
        return (self.turn << (64 - self.bits)) | (self.at >> 3)

    def _write(self, raw):
        """Puts the record at the next place; it may run over into the next page."""
        if 4096 - self.at % 4096 < 0x30:
            self.at = (self.at // 4096 + 1) * 4096 + 0x40
        own = self.lsn()
        raw = struct.pack("<QQQ", own, self.last, self.last) + raw[24:]
        self.last = own
        raw = pad8(raw)
        while raw:
            page = self.pages.setdefault(self.at // 4096, bytearray(4096))
            offset = self.at % 4096
            piece, raw = raw[:4096 - offset], raw[4096 - offset:]
            page[offset:offset + len(piece)] = piece
            self.at += len(piece)
            if self.at % 4096 == 0:
                self.at += 0x40
        return own

    def operation(self, redo_operation, undo_operation, redo=b"", undo=b"", transaction=0x18):
        body = pad8(redo)
        client = struct.pack("<HHHHHHHHHHHHQ", redo_operation, undo_operation, 0x20, len(redo), 0x20 + len(body), len(undo),
                             0x18, 0, 0, 0, 0, 0, 4) + body + undo
        head = struct.pack("<QQQIHHIIHHHH", 0, 0, 0, len(client), 0, 0, 1, transaction, 0, 0, 0, 0)
        return self._write(head + client)

    def bytes(self):
        area = struct.pack("<QHHHHIHHQIHH", self.last, 1, 0xffff, 0, 0, self.bits, 0xe0, 0x40, self.size, 0, 0x30, 0x40)
        head = b"RSTR" + struct.pack("<HHQIIHhh", 0x1e, 9, 0, 4096, 4096, 0x30, 1 if self.major == 1 else 0, self.major)
        restart = fixed((head.ljust(0x30, b"\0") + area).ljust(4096, b"\0"))
        out = bytearray(b"\xff" * self.size)
        out[0:8192] = restart * 2
        for number, page in self.pages.items():
            page[0:0x28] = b"RCRD" + struct.pack("<HHQIHHHHIQ", 0x28, 9, self.last, 1, 1, 1, 0, 0, 0, self.last)
            out[number * 4096:(number + 1) * 4096] = fixed(page)
        return bytes(out)
