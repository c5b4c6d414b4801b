#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Logs of McAfee and Trend Micro."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "read by hand from the lines in build.py"
MCAFEE = ("9/27/2013\t2:42:26 PM\tBlocked by Access Protection rule \tCORP\\suzuki\tC:\\tools\\p.exe\tC:\\McAfee\\U.exe\tCommon Standard Protection:Prevent termination\tAction blocked : Terminate\r\n"
          "7/30/2013\t12:18:02 AM\tWould be blocked by port blocking rule  (rule is currently not enforced) \tC:\\F.exe\tCommon Maximum Protection:Prevent HTTP communication\t192.0.2.70:443\r\n").encode()
TREND = b"20180130<;>1445<;>Eicar_test_1<;>10<;>1<;>0<;>C:\\temp\\<;>eicar.com_.gstmp<;><;>1517323525<;><;>\r\n20180130<;>1446<;>Eicar_test_1<;>10<;>1<;>0<;>C:\\temp\\<;>eicar.com<;>"
case(__file__, "mcafee", b"\xef\xbb\xbf" + MCAFEE, path="/ProgramData/McAfee/DesktopProtection/AccessProtectionLog.txt", expected_from=HAND, covers="a blocked program in the afternoon, a connection at midnight")
case(__file__, "trend", TREND, path="/Program Files/Trend Micro/OfficeScan Client/Misc/pccnt35.log", expected_from=HAND, covers="with and without seconds since 1970")
case(__file__, "damaged-line", MCAFEE[:40] + b"\r\n" + MCAFEE, path="/McAfee/AccessProtectionLog.txt", expected_from=HAND, covers="a line that is cut")
