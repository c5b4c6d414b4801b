#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Mail message with two parts."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import broken, cases, whole  # noqa: E402

HEAD = b"From: a@example.org\r\nTo: b@example.org\r\nSubject: demo\r\nDate: Fri, 10 Apr 2026 10:31:07 +0000\r\nMIME-Version: 1.0\r\n"
PARTS = b'Content-Type: multipart/mixed;\r\n boundary="bound"\r\n\r\n--bound\r\n\r\nhello\r\n--bound\r\n\r\nworld\r\n'
ZEROS = bytes(1024)
cases(__file__, "two-parts", HEAD + PARTS + b"--bound--\r\n", covers="closing boundary, zeros to the end of the sector", after=ZEROS,
      decoy=b"From: nobody in particular, who wrote this sentence.\r\n" * 8, why="one field only, and no empty line behind it")
broken(__file__, "open", HEAD + PARTS, covers="the closing boundary is missing", why="the text's end", after=ZEROS)
whole(__file__, "mbox", b"From a@example.org Fri Apr 10 10:31:07 2026\n" + HEAD.replace(b"\r\n", b"\n") + b"\nhello\n\nFrom b Fri Apr 10 11:00:00 2026\n\nbye\n",
      covers="two messages of an mbox", after=ZEROS)
