#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""recently-used.xbel as GTK writes it."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "read by hand from the lines in build.py"
PATH = "/home/suzuki/.local/share/recently-used.xbel"
XML = """<?xml version="1.0" encoding="UTF-8"?>
<xbel version="1.0" xmlns:bookmark="http://www.freedesktop.org/standards/desktop-bookmarks" xmlns:mime="http://www.freedesktop.org/standards/shared-mime-info">
  <!-- <bookmark href="file:///not"> -->
  <bookmark href="file:///media/usb/%E9%A1%A7%E5%AE%A2%20A.ods" added="2026-04-09T01:02:03.123456Z" modified="2026-04-09T01:05:00Z" visited="2026-04-09T01:05:00Z">
    <info><metadata owner="http://freedesktop.org">
      <mime:mime-type type="application/x-ods"/>
      <bookmark:applications>
        <bookmark:application name="LibreOffice &amp; co" exec="&apos;soffice %u&apos;" modified="2026-04-09T01:05:00Z" count="3"/>
      </bookmark:applications>
    </metadata></info>
  </bookmark>
  <bookmark href="smb://srv/share/a.txt" added="2026-04-10T00:00:00Z" modified="2026-04-10T00:00:00Z" visited="1969-12-31T23:59:59Z"/>
</xbel>
"""
case(__file__, "normal", XML.encode(), path=PATH, expected_from=HAND, covers="a local file with a Japanese name, a share, equal times, a comment")
case(__file__, "damaged-cut", XML[:XML.index("count=")].encode(), path=PATH, expected_from=HAND, covers="cut inside a tag")
case(__file__, "damaged-time", XML.replace("2026-04-10T00", "2026-99-10T00").encode(), path=PATH, expected_from=HAND, covers="a month of 99")
