#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""PDF files with counted cross-reference tables: plain, incrementally updated, with an embedded PDF."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

GARBAGE = b"\0" * 100 + b"nothing here %%EOF\n" + b"\x55" * 300


def section(base, objects, previous=None):
    """Objects, table and trailer that begin `base` bytes into the file; `objects` maps number to body."""
    out, places = b"", {}
    for number, body in objects.items():
        places[number] = base + len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    at = base + len(out)
    out += b"xref\n" + b"".join(b"%d 1\n%010d 00000 n \n" % (n, p) for n, p in places.items())
    prev = b" /Prev %d" % previous if previous else b""
    return out + b"trailer\n<< /Size 4 /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF\n" % (prev, at), at


def document(title, extra=b""):
    head = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [] /Count 0 >>", 3: b"(" + title + b")"}
    if extra:
        objects[4] = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(extra), extra)
    body, at = section(len(head), objects)
    return head + body, at


PLAIN, PLACE = document(b"plain")
UPDATE, _ = section(len(PLAIN), {3: b"(updated)"}, PLACE)
OUTER, _ = document(b"outer", PLAIN)
LENGTH = "the length of the bytes that build.py put before the garbage"
case(__file__, "plain", PLAIN + GARBAGE, covers="one section, then zeros and a stray marker", expected_from=LENGTH)
case(__file__, "updated", PLAIN + UPDATE + GARBAGE, covers="an incremental update after the first end", expected_from=LENGTH)
case(__file__, "embedded", OUTER + GARBAGE, covers="a PDF inside a stream of the outer one", expected_from=LENGTH)
# Linearized: the first section's startxref is 0, the last one names the first table (annex F.3.3).
FIRST = PLAIN[:PLAIN.rindex(b"startxref")] + b"startxref\n0\n%%EOF\n"
LINEAR = FIRST + b"3 0 obj\n(rest)\nendobj\nstartxref\n%d\n%%%%EOF\n" % PLACE
case(__file__, "linearized", LINEAR + GARBAGE, covers="a first end with startxref 0", expected_from=LENGTH)
case(__file__, "damaged-cut", PLAIN[:-20], covers="a file without its end", expected_from="the bytes at hand")
case(__file__, "damaged-startxref", PLAIN.replace(b"startxref\n%d" % PLACE, b"startxref\n%d" % (PLACE - 40)) + GARBAGE,
     covers="startxref that names no section", expected_from="ISO 32000-1 7.5.5: it names the last xref section")
PADDED = PLAIN[:200] + b" " * (512 - 200)
case(__file__, "damaged-overwritten", PADDED + PLAIN, covers="the header of another file on the next sector",
     expected_from="the place of the second header")
