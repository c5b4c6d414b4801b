#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Histories as bash, zsh and fish write them."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "read by hand from the lines in build.py"
case(__file__, "bash-times", b"ls before any time\n#1775779867\ntar czf /tmp/k.tgz /srv\n#1775779900\ncat <<X\ntwo lines\nX\n", path="/home/suzuki/.bash_history", expected_from=HAND, covers="a command without time, one of several lines")
case(__file__, "bash-plain", "cd /media/usb\ncp -r /srv/顧客 .\n".encode(), path="/root/.bash_history", expected_from=HAND, covers="no times at all")
case(__file__, "zsh", b": 1775779867:0;cd plaso\n: 1775779868:12;echo one \\\\\ntwo\n", path="/home/eve/.zsh_history", expected_from=HAND, covers="extended history, a command of two lines")
case(__file__, "fish", b"- cmd: ll\n  when: 1775779867\n- cmd: cp *.txt test\n  when: 1775779868\n  paths:\n    - test\n", path="/home/eve/.local/share/fish/fish_history", expected_from=HAND, covers="fish")
case(__file__, "damaged-binary", b"\x00\x01\x02" * 40, path="/home/eve/.bash_history", expected_from="not text", covers="another format of the same name")
