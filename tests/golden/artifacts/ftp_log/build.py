#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""vsftpd.log and xferlog."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "read by hand from the lines in build.py"
VSFTPD = b"""Mon Jun  6 18:43:28 2016 [pid 2] CONNECT: Client "192.0.2.9"
Mon Jun  6 18:43:30 2016 [pid 1] [jean] FAIL LOGIN: Client "192.0.2.9"
Mon Jun  6 18:43:32 2016 [pid 1] [jean] OK LOGIN: Client "192.0.2.9"
Mon Jun  6 18:43:41 2016 [pid 3] [jean] OK MKDIR: Client "192.0.2.9", "/home/jean/trains"
Mon Jun  6 18:43:59 2016 [pid 3] [jean] OK UPLOAD: Client "192.0.2.9", "/home/jean/trains/a b.png", 1884648 bytes, 41264.44Kbyte/sec
Mon Jun  6 18:44:00 2016 [pid 3] [jean] FAIL DOWNLOAD: Client "192.0.2.9", "/etc/shadow", 0.00Kbyte/sec
Mon Jun  6 18:44:01 2016 [pid 3] [jean] OK RENAME: Client "192.0.2.9", "/a /b"
Mon Jun  6 18:44:02 2016 [pid 3] [jean] FTP command: Client "192.0.2.9", "QUIT"
"""
XFER = b"""Thu Sep  2 09:52:00 2004 50 192.0.2.10 896242 /home/test/file1.tgz b _ o r suporte ftp 0 * c
Thu Sep  2 09:57:00 2004 3 192.0.2.11 12 /home/test/with a blank.txt a _ i g guest ftp 0 * i
"""
case(__file__, "vsftpd", VSFTPD, path="/var/log/vsftpd.log", expected_from=HAND, covers="connection, logins, folder, upload, a failed download, rename, a command")
case(__file__, "xferlog", XFER, path="/var/log/xferlog", expected_from=HAND, covers="to the client, and from it with blanks in the name and not complete")
case(__file__, "damaged-line", XFER[:60] + b"\n" + XFER + b"Mon Jun 36 18:43:28 2016 [pid 2] CONNECT: Client \"192.0.2.9\"\n", path="/var/log/xferlog", expected_from=HAND, covers="a line that is cut, a good one, a day of 36")
