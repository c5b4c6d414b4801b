#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Opera's typed_history.xml."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "read by hand from the lines in build.py"
XML = """<?xml version="1.0" encoding="utf-8"?>
<typed_history>
  <typed_history_item content="upload.example/a?b&amp;c" type="selected"
                      last_typed="2013-11-11T23:45:27Z"/>
  <typed_history_item content="https://portal.example/" type="text" last_typed="2013-11-11T22:58:24Z"/>
</typed_history>
"""
PATH = "/Users/suzuki/AppData/Roaming/Opera/Opera/typed_history.xml"
case(__file__, "normal", XML.encode(), path=PATH, expected_from=HAND, covers="chosen and typed, an entity")
case(__file__, "damaged-cut", XML[:-40].encode(), path=PATH, expected_from=HAND, covers="cut inside the second entry")
