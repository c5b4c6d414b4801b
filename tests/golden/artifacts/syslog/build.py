#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""System logs in the words of the services' sources; times by hand."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "read by hand from the lines in build.py"
AUTH = """\
Dec 31 23:58:01 gw sshd[812]: Accepted publickey for suzuki from 192.0.2.44 port 50412 ssh2: ED25519 SHA256:abcdEFGH
Dec 31 23:58:01 gw sshd[812]: pam_unix(sshd:session): session opened for user suzuki(uid=1000) by (uid=0)
Dec 31 23:59:30 gw sudo:   suzuki : TTY=pts/0 ; PWD=/home/suzuki ; USER=root ; COMMAND=/usr/bin/tar czf /media/usb/k.tgz /srv/顧客
Dec 31 23:59:40 gw sudo:     eve : user NOT in sudoers ; TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=/bin/cat /etc/shadow
Jan  1 00:00:02 gw sshd[900]: Failed password for invalid user admin from 198.51.100.9 port 4022 ssh2
Jan  1 00:00:03 gw sshd[901]: Failed password for root from 2001:db8::7 port 4023 ssh2
Jan  1 00:01:00 gw useradd[950]: new user: name=backdoor, UID=1001, GID=1001, home=/home/backdoor, shell=/bin/bash, from=/dev/pts/0
Jan  1 00:01:05 gw usermod[951]: add 'backdoor' to group 'sudo'
Jan  1 00:01:09 gw passwd[952]: pam_unix(passwd:chauthtok): password changed for backdoor
Jan  1 00:02:00 gw su[960]: FAILED SU (to root) eve on pts/1
Jan  1 00:02:10 gw su[961]: (to root) suzuki on pts/0
Jan  1 00:05:01 gw CRON[970]: (root) CMD (   cd / && run-parts --report /etc/cron.hourly)
Jan  1 00:06:00 gw systemd-logind[500]: New session 3 of user suzuki.
Jan  1 00:06:30 gw systemd-logind[500]: Removed session 3.
Jan  1 00:07:00 gw sshd[812]: Disconnected from user suzuki 192.0.2.44 port 50412
Jan  1 00:07:01 gw sshd[812]: pam_unix(sshd:session): session closed for user suzuki
Jan  1 00:08:00 gw login[1000]: pam_unix(login:auth): authentication failure; logname=LOGIN uid=0 euid=0 tty=/dev/tty1 ruser= rhost= user=root
"""
case(__file__, "auth-new-year", AUTH.encode(), path="/var/log/auth.log", expected_from=HAND, modified="2026-01-01T00:08:00+09:00",
     covers="a log over new year: year by the file's time, zone +09:00 by the last line; logons, sudo, accounts, cron")
case(__file__, "no-file-time", AUTH.encode(), path="/var/log/auth.log.1", expected_from=HAND, covers="neither year nor zone can be known")
KERNEL = """\
Mar 10 21:34:55 ws kernel: [    0.000000] Linux version 6.1.0-18-amd64 (debian-kernel@lists.debian.org)
Mar 10 21:34:56 ws kernel: [    1.020000] rtc_cmos 00:01: setting system clock to 2024-03-10T12:34:56 UTC (1710074096)
Mar 10 21:40:00 ws kernel: [  300.1] usb 1-2: New USB device found, idVendor=0951, idProduct=1666, bcdDevice= 1.10
Mar 10 21:40:00 ws kernel: [  300.2] usb 1-2: SerialNumber: 0123456789
Mar 10 21:45:00 ws kernel: [  600.3] usb 1-2: USB disconnect, device number 5
Mar 10 21:50:00 ws systemd[1]: Started cron.service - Regular background program processing daemon.
Mar 10 21:50:01 ws systemd[1]: Startup finished in 3.1s (kernel) + 8.2s (userspace) = 11.3s.
Mar 10 22:00:00: --- last message repeated 5 times ---
Mar 10 22:00:01 ws app[77]: first line
second line of it
\tand a third
Mar 10 22:00:02 ws a line without a tag
"""
case(__file__, "kernel", KERNEL.encode(), path="/var/log/syslog", expected_from=HAND, modified="2030-01-01T00:00:00Z",
     covers="the kernel states UTC once: year and zone by it, not by the file's time; USB; continued lines")
MODERN = """\
<86>1 2026-04-10T08:31:07.123456+09:00 gw sshd 812 - - Accepted password for root from 192.0.2.9 port 22022 ssh2
<13>1 2026-04-10T08:31:08Z gw app - ID47 [exampleSDID@32473 iut="3"] structured
2026-04-10T08:31:09.5+00:00 gw sudo: suzuki : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/true
2026-11-01T01:30:00-04:00 ny sshd[5]: Failed password for root from 192.0.2.9 port 1 ssh2
2026-11-01T01:30:00-05:00 ny sshd[6]: Failed password for root from 192.0.2.9 port 1 ssh2
"""
case(__file__, "iso", MODERN.encode(), path="/var/log/syslog", expected_from=HAND, covers="RFC 5424 and ISO stamps with their zones, the hour that comes twice in New York")
case(__file__, "damaged-middle", AUTH.encode()[40:900] + b"\xff\xfe broken \x80\n" + AUTH.encode()[900:], path="/var/log/auth.log", expected_from=HAND,
     covers="begins within a message, bytes that are no UTF-8 in the middle", modified="2026-01-01T00:08:00+09:00")
case(__file__, "damaged-date", AUTH.replace("Jan  1 00:02:00", "Feb 30 00:02:00").encode(), path="/var/log/auth.log", expected_from=HAND,
     covers="30 February", modified="2026-01-01T00:08:00+09:00")
case(__file__, "damaged-binary", bytes(range(256)) * 8, path="/var/log/messages", expected_from="no line is a message", covers="another format of the same name")
