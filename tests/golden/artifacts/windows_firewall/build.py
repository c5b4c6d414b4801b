#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""pfirewall.log as Windows writes it."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "read by hand from the lines in build.py"
LOG = """#Version: 1.5
#Software: Microsoft Windows Firewall
#Time Format: Local
#Fields: date time action protocol src-ip dst-ip src-port dst-port size tcpflags tcpsyn tcpack tcpwin icmptype icmpcode info path

2026-04-10 08:05:57 DROP UDP 192.0.2.9 192.0.2.255 137 137 78 - - - - - - - RECEIVE
2026-04-10 08:05:58 ALLOW TCP 192.0.2.10 203.0.113.5 50123 443 0 - 0 0 0 - - - SEND
2026-04-10 08:31:07 INFO-EVENTS-LOST - - - - - - - - - - - - 59 -
"""
case(__file__, "local", LOG.encode(), path="/Windows/System32/LogFiles/Firewall/pfirewall.log", expected_from=HAND, modified="2026-04-09T23:31:08Z",
     covers="zone +09:00 by the file's time")
case(__file__, "damaged-line", (LOG + "2026-04-10 08:32:00 DR").encode(), path="/pfirewall.log", expected_from=HAND, covers="the last line is cut; the zone is not known")
