#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Zone.Identifier streams."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "read by hand from the lines in build.py"
case(__file__, "download", b"[ZoneTransfer]\r\nZoneId=3\r\nReferrerUrl=https://tools.example/x\r\nHostUrl=https://cdn.example/tool.zip\r\n", path="/Users/suzuki/Downloads/tool.zip:Zone.Identifier", expected_from=HAND, covers="a download with both addresses")
case(__file__, "trusted", b"[ZoneTransfer]\r\nZoneId=1\r\n", path="/Users/suzuki/a.doc:Zone.Identifier", expected_from=HAND, covers="a file of the intranet is no download from elsewhere")
case(__file__, "damaged-zone", b"[ZoneTransfer]\r\nZoneId=x\r\nHostUrl=about:internet\r\n", path="/Users/suzuki/b.zip:Zone.Identifier", expected_from=HAND, covers="a zone that is none")
