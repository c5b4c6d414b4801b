#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lines of PostgreSQL as Debian configures it."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "read by hand from the lines in build.py"
LOG = b"""2026-04-12 00:16:05.562 UTC [7755] LOG:  database system is ready to accept connections
2026-04-12 00:24:24.741 UTC [9158] postgres@customers FATAL:  password authentication failed for user "postgres"
        Connection matched pg_hba.conf line 96: "host all all"
2026-04-12 09:25:37.732 JST [9163-1] eve@customers LOG:  connection authorized: user=eve database=customers
2026-04-12 09:25:38 JST [9163-2] [unknown]@[unknown] LOG:  connection received: host=192.0.2.7 port=50000
2026-07-15 23:04:27 AEST [203851-1] user@databasename LOG:  could not receive data from client
"""
case(__file__, "normal", LOG, path="/var/log/postgresql/postgresql-15-main.log", expected_from=HAND, covers="UTC, JST and an unknown zone; logins, a line that goes on")
case(__file__, "damaged-line", LOG[:60] + b"\n" + b"garbage\n" + LOG[90:200] + b"\n2026-13-45 00:00:00 UTC [1] LOG:  x\n", path="/var/log/postgresql/postgresql-15-main.log", expected_from=HAND, covers="garbage, a month of 13")
