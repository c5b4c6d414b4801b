#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""setupapi.dev.log and setupapi.log."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "read by hand from the lines in build.py"
PATH = "/Windows/INF/setupapi.dev.log"
LOG = r"""[Device Install Log]
     OS Version = 10.0.19045

[BeginLog]

[Boot Session: 2026/04/09 08:31:02.500]

>>>  [Device Install (Hardware initiated) - USBSTOR\Disk&Ven_SanDisk&Prod_Ultra&Rev_1.00\4C530001230101117192&0]
>>>  Section start 2026/04/09 09:15:07.125
     cmd: "C:\Windows\System32\svchost.exe" -k DcomLaunch
     dvi: {Core Device Install}
<<<  Section end 2026/04/09 09:15:08.250
<<<  [Exit status: SUCCESS]


>>>  [Import Driver Package - C:\drv\x.inf]
>>>  Section start 2026/04/09 09:20:00.000
<<<  Section end 2026/04/09 09:20:00.000
<<<  [Exit status: FAILURE(0xe0000219)]

>>>  [Setup Plug and Play Device Install]
>>>  Section start 2026/04/09 09:21:00.000
<<<  Section end 2026/04/09 09:21:01.001
<<<  [Exit status: SUCCESS]
""".replace("\n", "\r\n")
XP = r"""[SetupAPI Log]
OS Version = 5.1.2600 Service Pack 3
[2009/03/04 10:11:12 1048.3 Driver Install]
#-019 Searching for hardware ID(s): usb\vid_0781&pid_5406&rev_0200,usb\vid_0781&pid_5406
#-018 Searching for compatible ID(s): usb\class_08
[2009/03/04 10:11:20 1048.7]
#-198 Command line processed: C:\WINDOWS\system32\services.exe
""".replace("\n", "\r\n")
case(__file__, "normal", LOG.encode(), path=PATH, expected_from=HAND, covers="boot, a USB disk, a driver package, a section of the setup")
case(__file__, "file-time", LOG.encode(), path=PATH, modified="2026-04-09T00:21:01Z", expected_from=HAND, covers="the zone follows from the file's time: UTC+9")
case(__file__, "xp", XP.encode(), path="/WINDOWS/setupapi.log", expected_from=HAND, covers="the older form")
case(__file__, "damaged-cut", LOG[:LOG.index("     dvi:")].encode(), path=PATH, expected_from=HAND, covers="a section without its end")
case(__file__, "damaged-lost-end", LOG.replace("<<<  [Exit status: SUCCESS]\r\n", "", 1).replace("2026/04/09 09:20", "2026/14/09 09:20").encode(), path=PATH, expected_from=HAND, covers="a section begins inside another; a month of 14")
case(__file__, "boot-only", LOG[:LOG.index(">>>")].encode(), path=PATH, expected_from=HAND, covers="a log without sections yet")
