#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Units of systemd."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "read by hand from the lines in build.py"
case(__file__, "service", b"[Unit]\nDescription=Sync to the cloud\n\n[Service]\nUser=svc\nExecStartPre=-/bin/mkdir -p /run/x\nExecStart=/usr/bin/rclone sync \\\n  /srv remote:\n\n[Install]\nWantedBy=multi-user.target\n", path="/etc/systemd/system/sync.service", expected_from=HAND, covers="two commands, one of two lines, the account, the target")
case(__file__, "timer", b"# every night\n[Timer]\nOnCalendar=*-*-* 02:00:00\nOnBootSec=5min\nUnit=sync.service\n", path="/home/suzuki/.config/systemd/user/night.timer", expected_from=HAND, covers="a timer of an account")
case(__file__, "drop-in", b"[Service]\nExecStart=\nExecStart=/tmp/x\n", path="/etc/systemd/system/ssh.service.d/override.conf", expected_from=HAND, covers="a drop-in changes another unit; an empty value clears and is no command")
case(__file__, "damaged-cut", b"garbage before\n[Service]\nExecStart=/bin/a \\\n", path="/etc/systemd/system/a.service", expected_from=HAND, covers="a line outside a section, the last line should go on")
