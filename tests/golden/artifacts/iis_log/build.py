#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""W3C extended logs as IIS writes them."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "read by hand from the lines in build.py"
LOG = """#Software: Microsoft Internet Information Services 10.0\r
#Version: 1.0\r
#Date: 2026-04-10 00:00:21\r
#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status sc-bytes\r
2026-04-10 00:00:21 192.0.2.1 GET /owa/ a=1&b=2 443 EXAMPLE\\suzuki 198.51.100.9 Mozilla/5.0+(X) 200 5120\r
2026-04-10 23:59:59 192.0.2.1 PUT /dav/顧客.zip - 80 - 198.51.100.9 - 201 0\r
#Fields: time c-ip cs-method cs-uri-stem sc-status\r
10:00:00 198.51.100.10 GET / 404\r
"""
case(__file__, "columns", LOG.encode(), path="/inetpub/logs/LogFiles/W3SVC1/u_ex260410.log", expected_from=HAND, covers="two sets of columns, the second without a date: the last #Date's")
case(__file__, "damaged-columns", (LOG + "10:00:01 only three\r\n" + "2").encode(), path="/iis.log", expected_from=HAND, covers="lines with too few columns")
case(__file__, "damaged-no-fields", "2026-04-10 00:00:21 192.0.2.1 GET /\n".encode(), path="/iis.log", expected_from="columns are not known", covers="no #Fields line")
