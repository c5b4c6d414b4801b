#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tables of cron."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "read by hand from the lines in build.py"
case(__file__, "system", b"SHELL=/bin/sh\n# m h dom mon dow user command\n17 *\t* * *\troot    cd / && run-parts --report /etc/cron.hourly\n@reboot  www-data /tmp/.x/run\n", path="/etc/crontab", expected_from=HAND, covers="fields and a word, each with its account")
case(__file__, "account", b"MAILTO=\"\"\n*/5 0-6 * * mon,fri rsync -a /srv/ backup@198.51.100.7:/x\n", path="/var/spool/cron/crontabs/suzuki", expected_from=HAND, covers="the account is the file's name")
case(__file__, "anacron", b"START_HOURS_RANGE=3-22\n1\t5\tcron.daily\tnice run-parts /etc/cron.daily\n@monthly 15 monthly x.sh\n", path="/etc/anacrontab", expected_from=HAND, covers="anacron")
case(__file__, "damaged-line", b"17 * * * * root first\n\xff\xfe\x01garbage\n5 4 * *\n0 1 * * * root last\n", path="/etc/cron.d/job", expected_from=HAND, covers="garbage and a short line between two good ones")
