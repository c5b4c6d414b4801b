#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Histories of python, mysql and less."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "read by hand from the lines in build.py"
case(__file__, "python", "import shutil\nshutil.copytree('/srv/顧客', '/media/usb')\n".encode(), path="/home/suzuki/.python_history", expected_from=HAND, covers="a line a command")
case(__file__, "mysql", b"_HiStOrY_V2_\nselect\\040*\\040from\\040customers;\nexit\n", path="/root/.mysql_history", expected_from=HAND, covers="libedit's blanks")
case(__file__, "less", b".less-history-file:\n.search\n\"password\n.shell\n\"id\n.mark\nm a 1 0 /etc/passwd\n", path="/home/suzuki/.lesshst", expected_from=HAND, covers="search, shell command, mark")
case(__file__, "damaged-less", b".less-history-file:\n.search\n\"first\nnot quoted\n\"last\n", path="/home/suzuki/.lesshst", expected_from=HAND, covers="a line that is no entry between two")
case(__file__, "damaged-binary", b"\x00\x01" * 50, path="/home/suzuki/.python_history", expected_from="not text", covers="another format of the same name")
