#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""MPLog of Microsoft Defender."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "read by hand from the lines in build.py; shapes of the lines as in the article that the parser names"
TEXT = """MPLog start
2026-04-09T01:02:03.456Z ProcessImageName: rclone.exe, Pid: 4242, TotalTime: 15010, Count: 7, MaxTime: 3000, MaxTimeFile: \\Device\\HarddiskVolume3\\顧客.zip, EstimatedImpact: 18%
2026-04-09T01:02:04.000Z DETECTIONEVENT MPSOURCE_REALTIME HackTool:Win32/Mimikatz.D file:C:\\tools\\m.exe;file:C:\\tools\\m2.exe
2026-04-09T01:02:05.100Z SDN:Issuing SDN query for nothing
2026-04-09T01:02:05.200Z SDN:Issuing low sdn query for \\\\?\\C:\\Users\\suzuki\\a.exe (x) sha1=da39a3ee5e6b4b0d3255bfef95601890afd80709, sha2=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
2026-04-09T01:02:06.300Z Engine:EMS scan for process: powershell pid: 77, sigseq: 0x0
  goes on
""".replace("\n", "\r\n")
PATH = "/ProgramData/Microsoft/Windows Defender/Support/MPLog-20260409-010203.log"
case(__file__, "normal", b"\xff\xfe" + TEXT.encode("utf-16-le"), path=PATH, expected_from=HAND, covers="a program, a threat, a file with its digests, a memory scan")
case(__file__, "damaged-cut", b"\xff\xfe" + TEXT.encode("utf-16-le")[:-401], path=PATH, expected_from=HAND, covers="the file ends inside a character")
