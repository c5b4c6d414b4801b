#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Access logs in the words of Apache's and nginx's documentation."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "read by hand from the lines in build.py"
LOG = '''127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326 "http://www.example.com/start.html" "Mozilla/4.08 [en] (Win98; I ;Nav)"
192.0.2.7 - - [10/Apr/2026:08:31:07 +0900] "POST /upload.php?f=\\"x\\" HTTP/1.1" 201 - "-" "curl/8.0"
shop.example:443 2001:db8::9 - suzuki [10/Apr/2026:08:31:08 +0900] "-" 408 0
'''
case(__file__, "combined", LOG.encode(), path="/var/log/apache2/access.log", expected_from=HAND, covers="the documentation's example, an upload, a virtual host, a request that never came")
case(__file__, "damaged-line", (LOG[:300] + "\n" + LOG).encode() + b"\xff\x80 [99/Foo/2026\n", path="/var/log/nginx/access.log.1", expected_from=HAND, covers="a cut line, bytes that are no line")
case(__file__, "damaged-date", LOG.replace("10/Apr/2026:08:31:08", "31/Feb/2026:08:31:08").encode(), path="/var/log/httpd/access_log", expected_from=HAND, covers="31 February")
case(__file__, "damaged-other", b"\x00\x01\x02 not text" * 20, path="/access.log", expected_from="no line is a request", covers="another format of the same name")
