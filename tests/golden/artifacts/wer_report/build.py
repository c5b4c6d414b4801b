#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Report.wer as Windows 10 writes it."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case, filetime  # noqa: E402

HAND = "read by hand from the lines in build.py; the FILETIME is 2026-04-09T01:02:03.4567891Z by golden_builder"
TEXT = """Version=1
EventType=APPCRASH
EventTime=%d
ReportIdentifier=0c5e
Sig[0].Name=Application Name
Sig[0].Value=rclone.exe
Sig[1].Name=Exception Code
Sig[1].Value=c0000005
AppName=rclone
AppPath=C:\\Users\\suzuki\\Downloads\\rclone.exe
TargetAppId=W:0006aabb!0000da39a3ee5e6b4b0d3255bfef95601890afd80709!rclone.exe
""".replace("\n", "\r\n")
WHEN = filetime("2026-04-09 01:02:03.4567891")
PATH = "/ProgramData/Microsoft/Windows/WER/ReportArchive/AppCrash_rclone/Report.wer"
case(__file__, "crash", b"\xff\xfe" + (TEXT % WHEN).encode("utf-16-le"), path=PATH, expected_from=HAND, covers="a program that crashed: path, SHA-1, signature")
case(__file__, "damaged-time", (TEXT % WHEN).replace("EventTime", "EventXime").encode(), path=PATH, expected_from=HAND, covers="no time")
