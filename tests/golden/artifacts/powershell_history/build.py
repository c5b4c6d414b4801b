#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""PSReadLine histories."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "read by hand from the lines in build.py"
PATH = "/Users/suzuki/AppData/Roaming/Microsoft/Windows/PowerShell/PSReadLine/ConsoleHost_history.txt"
case(__file__, "normal", "whoami\r\nGet-ChildItem D:\\ -Recurse |`\r\nSelect-Object FullName\r\nCompress-Archive C:\\顧客 d.zip\r\n".encode(), path=PATH, expected_from=HAND, covers="three commands, one of two lines, Japanese")
case(__file__, "damaged-cut", b"ipconfig /all\nGet-Process |`\n", path=PATH, expected_from=HAND, covers="the last command should go on")
case(__file__, "damaged-binary", b"\x00\x01\x02\x03" * 32, path=PATH, expected_from="not text", covers="another format of the same name")
