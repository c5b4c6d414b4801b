#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Logs as dpkg, yum and dnf write them."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "read by hand from the lines in build.py"
DPKG = """2026-04-10 17:25:53 startup archives install
2026-04-10 17:35:39 install rclone:amd64 <none> 1.60.1
2026-04-10 17:35:40 status half-installed rclone:amd64 1.60.1
2026-04-10 17:36:00 upgrade curl:amd64 7.88.1 7.88.2
2026-04-10 17:37:00 remove auditd:amd64 1:3.0.9 <none>
"""
case(__file__, "dpkg", DPKG.encode(), path="/var/log/dpkg.log", expected_from=HAND, covers="local times of an unknown zone")
case(__file__, "yum", b"Dec 31 23:00:00 Installed: rclone-1.60.x86_64\nJan 01 00:10:00 Erased: audit-3.0\n", path="/var/log/yum.log", expected_from=HAND, modified="2025-12-31T15:10:00Z", covers="no year: by the file's time, over new year; zone +09:00")
case(__file__, "dnf", b"2026-04-10T08:31:07+0900 INFO --- logging initialized ---\n2026-04-10T08:31:08+0900 SUBDEBUG Installed: rclone-1.60.x86_64\n", path="/var/log/dnf.rpm.log", expected_from=HAND, covers="the zone is said")
case(__file__, "damaged-line", (DPKG + "2026-04-1").encode(), path="/var/log/dpkg.log", expected_from=HAND, covers="the last line is cut")
