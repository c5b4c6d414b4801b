#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""TeamViewer's lists and log."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "read by hand from the lines in build.py"
IN = b"\r\n1660360496\tRIVAL-PC\t16-02-2026 14:16:32\t16-02-2026 14:18:36\tsuzuki\tRemoteControl\t{b3a4df33-d027-44d5-b50f-4e61115494d4}\r\n"
OUT = b"987654321\t17-02-2026 01:00:00\t17-02-2026 01:30:00\tsuzuki\tFileTransfer\t{aaaa}\r\n"
LOG = b"2026/02/16 06:05:19.349  2136       3688  0   Logger started.\r\n  goes on\r\n2026/02/16 23:16:30.100  2136       4000 S0   CLoginServer: session\r\n"
case(__file__, "incoming", IN, path="/Program Files/TeamViewer/Connections_incoming.txt", expected_from=HAND, covers="a session from elsewhere")
case(__file__, "outgoing", OUT, path="/Users/suzuki/AppData/Roaming/TeamViewer/Connections.txt", expected_from=HAND, covers="a file transfer to elsewhere")
case(__file__, "log", LOG, path="/Program Files/TeamViewer/TeamViewer15_Logfile.log", expected_from=HAND, covers="the program's log")
case(__file__, "damaged-line", IN + b"99\tcut\t16-02-20\r\n" + IN, path="/Program Files/TeamViewer/Connections_incoming.txt", expected_from=HAND, covers="a line that is cut between two")
