#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""ZIP files made by the zipfile module with fixed dates, and one with data descriptors and no signature."""
import io
import pathlib
import struct
import sys
import zipfile
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

GARBAGE = b"PK after the end" * 30


class Unseekable(io.RawIOBase):
    """Makes zipfile write data descriptors."""

    def __init__(self):
        self.data = bytearray()

    def writable(self):
        return True

    def write(self, data):
        self.data += data
        return len(data)


def archive(entries, target=None, comment=b""):
    target = io.BytesIO() if target is None else target
    with zipfile.ZipFile(target, "w") as out:
        for name, content, method in entries:
            info = zipfile.ZipInfo(name, (2026, 4, 10, 12, 0, 0))
            info.compress_type = method
            out.writestr(info, content)
        out.comment = comment
    return bytes(target.data) if isinstance(target, Unseekable) else target.getvalue()


STORED, DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
PLAIN = archive([("a.txt", b"alpha " * 50, DEFLATED), ("dir/", b"", STORED), ("dir/b.bin", bytes(range(256)), STORED)],
                comment=b"a comment")
DOCX = archive([("[Content_Types].xml", b"<Types/>", DEFLATED), ("word/document.xml", b"<w:document/>" * 9, DEFLATED)])
ODT = archive([("mimetype", b"application/vnd.oasis.opendocument.text", STORED), ("content.xml", b"<x/>", DEFLATED)])
NESTED = archive([("inner.zip", PLAIN, STORED), ("z.txt", b"zulu", STORED)], Unseekable())


def zip64():
    """One stored entry with zip64 sizes in its local and central header, and the zip64 end records."""
    body, name = b"sixty-four", b"big.bin"
    crc = zlib.crc32(body)
    extra = struct.pack("<HHQQ", 1, 16, len(body), len(body))
    fixed = struct.pack("<HHHHHI", 45, 0, 0, 0, 0x5C8A, crc) + b"\xff" * 8
    local = b"PK\3\4" + fixed + struct.pack("<HH", len(name), len(extra)) + name + extra + body
    central = (b"PK\1\2" + struct.pack("<H", 45) + fixed + struct.pack("<HHHHHII", len(name), len(extra), 0, 0, 0, 0, 0)
               + name + extra)
    end64 = b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 1, 1, len(central), len(local))
    locator = b"PK\6\7" + struct.pack("<IQI", 0, len(local) + len(central), 1)
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return local + central + end64 + locator + end


LENGTH = "the length of the bytes that build.py put before the garbage"
case(__file__, "plain", PLAIN + GARBAGE, covers="stored, deflated and directory entries, a comment", expected_from=LENGTH)
case(__file__, "docx", DOCX + GARBAGE, covers="the extension of a Word document", expected_from=LENGTH)
case(__file__, "odt", ODT + GARBAGE, covers="the extension of an OpenDocument text", expected_from=LENGTH)
case(__file__, "descriptors", NESTED + GARBAGE, covers="data descriptors behind a ZIP stored in the ZIP", expected_from=LENGTH)
case(__file__, "zip64", zip64() + GARBAGE, covers="sizes and ends of zip64", expected_from=LENGTH)
case(__file__, "damaged-cut", PLAIN[:-60], covers="the central directory is cut", expected_from="the bytes at hand")
broken = bytearray(PLAIN)
broken[PLAIN.index(b"PK\5\6") + 16] ^= 8
case(__file__, "damaged-end", bytes(broken) + GARBAGE, covers="an end record that names another place",
     expected_from="APPNOTE 4.3.16: the offset of the start of the central directory")
case(__file__, "damaged-middle", PLAIN[:100] + bytes(400), covers="zeros where the second entry should be",
     expected_from="the end of the first entry")
