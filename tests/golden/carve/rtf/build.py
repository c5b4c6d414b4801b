#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""RTF with nested groups, an escaped brace and binary data."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import cases  # noqa: E402

GOOD = b"{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}\\f0 braces \\{ and \\} in text {\\pict\\bin5 }}}{{} end\\par}\r\n"
cases(__file__, "nested", GOOD, covers="escaped braces, five bytes of binary data that hold braces, a line end",
      decoy=b"{\\rtf\0" + bytes(50), why="a NUL right behind the signature", after=b"\0" * 500)
