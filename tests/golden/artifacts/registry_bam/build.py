#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""BAM and DAM entries."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from regf_builder import Hive, binary, dword, plugin_cases, stamp

hive = Hive("SYSTEM")
hive.key("Select", values={"Current": dword(1)})
user = "S-1-5-21-1-2-3-1001"
hive.key(rf"ControlSet001\Services\bam\State\UserSettings\{user}", "2026-04-10 10:40:00",
         {"Version": dword(1), "SequenceNumber": dword(9),
          r"\Device\HarddiskVolume3\Users\sales01\rclone.exe": binary(stamp("2026-04-10 10:39:01.0000001") + bytes(16))})
hive.key(rf"ControlSet001\Services\dam\UserSettings\{user}", "2026-04-10 10:40:00",
         {"Microsoft.WindowsCalculator_8wekyb3d8bbwe": binary(stamp("2026-04-01 00:00:00") + bytes(16))})
bad = Hive("SYSTEM")
bad.key("Select", values={"Current": dword(1)})
bad.key(rf"ControlSet001\Services\bam\State\UserSettings\{user}", "2026-04-10 10:40:00", {"x.exe": binary(b"\1\2\3\4\5")})
plugin_cases(__file__, hive, "/Windows/System32/config/SYSTEM", "a program and an app", bad)
