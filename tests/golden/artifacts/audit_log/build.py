#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Audit records in the words of the Linux audit documentation."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "read by hand from the lines in build.py"
LOG = '''type=USER_LOGIN msg=audit(1775779867.123:41): pid=812 uid=0 auid=1000 ses=3 msg='op=login acct="suzuki" exe="/usr/sbin/sshd" hostname=? addr=192.0.2.44 terminal=ssh res=success'
type=USER_AUTH msg=audit(1775779868.000:42): pid=813 uid=0 auid=4294967295 ses=4294967295 msg='op=PAM:authentication acct="root" exe="/usr/sbin/sshd" hostname=198.51.100.9 addr=198.51.100.9 terminal=ssh res=failed'
node=gw type=USER_CMD msg=audit(1775779869.5:43): pid=900 uid=1000 auid=1000 ses=3 msg='cwd="/srv" cmd=746172202D637A66206B exe="/usr/bin/sudo" terminal=pts/0 res=success'
type=EXECVE msg=audit(1775779870.001:44): argc=3 a0="cp" a1="-r" a2=2F7372762FE9A1A7E5AEA2
type=PATH msg=audit(1775779870.001:44): item=0 name="/srv/a.txt" inode=12 dev=08:01 mode=0100644 ouid=0
type=ADD_USER msg=audit(1775779871.000:45): pid=950 uid=0 auid=1000 ses=3 msg='op=add-user acct="backdoor" exe="/usr/sbin/useradd" hostname=? addr=? terminal=pts/0 res=success'
'''
case(__file__, "records", LOG.encode(), path="/var/log/audit/audit.log", expected_from=HAND, covers="logons, sudo with a hex command, execve, path, account")
case(__file__, "damaged-line", (LOG + "type=LOGIN msg=audit(17757798").encode(), path="/var/log/audit/audit.log.1", expected_from=HAND, covers="the last line is cut")
