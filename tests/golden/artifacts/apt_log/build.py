#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""APT's history.log and term.log."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "read by hand from the lines in build.py"
HISTORY = """
Start-Date: 2026-04-09  10:00:00
Commandline: apt install rclone
Requested-By: suzuki (1000)
Install: rclone:amd64 (1.60.1, automatic), fuse3:amd64 (3.14.0-4)
Upgrade: libc6:amd64 (2.36-9, 2.36-10)
End-Date: 2026-04-09  10:00:21

Start-Date: 2026-04-10  09:00:00
Commandline: apt-get purge auditd
Purge: auditd:amd64 (1:3.0.9-1)
Error: Sub-process returned an error code
End-Date: 2026-04-10  09:00:02
"""
TERM = "Log started: 2026-04-09  10:00:00\nSelecting previously unselected package rclone.\r\nUnpacking rclone (1.60.1) ...\nLog ended: 2026-04-09  10:00:21\n"
case(__file__, "history", HISTORY.encode(), path="/var/log/apt/history.log", modified="2026-04-10T00:00:02Z", expected_from=HAND, covers="install, upgrade, purge; who asked; the zone follows from the file's time: UTC+9")
case(__file__, "term", TERM.encode(), path="/var/log/apt/term.log", expected_from=HAND, covers="begin and end of a run")
case(__file__, "damaged-cut", HISTORY[:HISTORY.index("Upgrade")].encode(), path="/var/log/apt/history.log", expected_from=HAND, covers="a run that does not end")
case(__file__, "damaged-line", HISTORY.replace("2026-04-10  09:00:00", "2026-04-31  09:00:00").replace("Install: ", "%%%%").encode(), path="/var/log/apt/history.log", expected_from=HAND, covers="31 April, a line without a name")
