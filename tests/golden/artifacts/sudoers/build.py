#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""/etc/sudoers."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "read by hand from the lines in build.py"
TEXT = b"""# comment
Defaults\tenv_reset
Defaults:eve !lecture
User_Alias ADMINS = eve, bob
root\tALL=(ALL:ALL) ALL
%sudo ALL=(ALL:ALL) NOPASSWD: SETENV: ALL
eve  host1 = /bin/cat /etc/shadow, \\
   /usr/bin/rsync
@includedir /etc/sudoers.d
"""
case(__file__, "normal", TEXT, path="/etc/sudoers", expected_from=HAND, covers="defaults, an alias, accounts and groups, tags, a rule of two lines, an include")
case(__file__, "damaged-line", b"eve ALL=\nbob ALL=(root) /bin/sh\nnothing here\nmal ALL=(root) \\\n", path="/etc/sudoers.d/x", expected_from=HAND, covers="rules without a command, a good one, a last line that should go on")
