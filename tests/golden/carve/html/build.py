#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Web page."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import broken, cases  # noqa: E402

PAGE = b"<!DOCTYPE html>\n<html><head><title>demo</title></head>\n<body><p>text</p>\n"
ZEROS = bytes(1024)
cases(__file__, "page", PAGE + b"</body></html>\n\n", covers="zeros to the end of the sector", after=ZEROS, decoy=b"<!-- a comment in a program -->\n" * 8,
      why="no tag of a page")
broken(__file__, "open", PAGE, covers="nothing closes the page", why="the text's end", after=ZEROS)
