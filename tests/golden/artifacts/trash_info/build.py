#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
""".trashinfo files."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "read by hand from the lines in build.py"
case(__file__, "home", b"[Trash Info]\nPath=/home/suzuki/%E9%A1%A7%E5%AE%A2.txt\nDeletionDate=2026-04-09T10:11:12\n", path="/home/suzuki/.local/share/Trash/info/x.txt.trashinfo", modified="2026-04-09T01:11:12Z", expected_from=HAND, covers="a trash in a home folder; the zone follows from the file's time: UTC+9")
case(__file__, "volume", b"[Trash Info]\nPath=docs/a.zip\nDeletionDate=2026-04-09T10:11:12\n", path="/media/usb/.Trash-1000/info/a.zip.trashinfo", expected_from=HAND, covers="a trash of a volume: a relative path and the user id")
case(__file__, "damaged-cut", b"[Trash Info]\nPath=/srv/a", path="/home/suzuki/.local/share/Trash/info/a.trashinfo", expected_from=HAND, covers="no date")
case(__file__, "damaged-date", b"[Trash Info]\nPath=/srv/a\nDeletionDate=2026-02-31T10:11:12\n", path="/home/suzuki/.local/share/Trash/info/a.trashinfo", expected_from=HAND, covers="31 February")
