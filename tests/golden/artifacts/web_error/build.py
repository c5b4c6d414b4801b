#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Error logs of Apache 2.2, 2.4 and nginx."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "read by hand from the lines in build.py"
APACHE = b"""[Wed Oct 11 14:32:52 2000] [error] [client 127.0.0.1] client denied by server configuration: /export/home/live/ap/htdocs/test
[Fri Sep 09 10:42:29.902022 2011] [core:error] [pid 35708:tid 4328636416] [client 192.0.2.15:51234] File does not exist: /srv/www/../etc
[Fri Sep 09 10:42:30.000001 2011] [mpm_event:notice] [pid 1:tid 2] AH00489: Apache/2.4.57 configured
PHP Stack trace:
"""
NGINX = b"""2026/04/09 14:49:34 [error] 1234#0: *17 open() "/srv/www/.env" failed (2: No such file or directory), client: 192.0.2.7, server: _, request: "GET /.env HTTP/1.1", host: "www.example"
2026/04/09 14:49:35 [notice] 1234#0: signal process started
"""
case(__file__, "apache", APACHE, path="/var/log/apache2/error.log", expected_from=HAND, covers="2.2 and 2.4, a line that goes on")
case(__file__, "nginx", NGINX, path="/var/log/nginx/error.log", expected_from=HAND, covers="a request that failed, a message without one")
case(__file__, "damaged-line", b"garbage first\n[Wed Oct 91 14:32:52 2000] [error] [client 127.0.0.1] x\n" + APACHE[:60], path="/var/log/httpd/error_log", expected_from=HAND, covers="garbage, a day of 91, a line cut inside its message")
