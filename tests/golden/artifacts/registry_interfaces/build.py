#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An interface with a DHCP lease and a fixed one."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from regf_builder import Hive, dword, multi_sz, plugin_cases, sz

hive = Hive("SYSTEM")
hive.key("Select", values={"Current": dword(1)})
base = r"ControlSet001\Services\Tcpip\Parameters\Interfaces"
hive.key(base + r"\{11111111-0000-0000-0000-000000000001}", "2026-04-10 00:57:00",
         {"DhcpIPAddress": sz("192.168.10.23"), "DhcpServer": sz("192.168.10.1"), "DhcpDefaultGateway": multi_sz(["192.168.10.1"]),
          "DhcpNameServer": sz("192.168.10.1 8.8.8.8"), "LeaseObtainedTime": dword(1775782620), "LeaseTerminatesTime": dword(1775869020)})
hive.key(base + r"\{11111111-0000-0000-0000-000000000002}", "2026-01-05 00:00:00", {"IPAddress": multi_sz(["10.0.0.5"])})
hive.key(base + r"\{11111111-0000-0000-0000-000000000003}", "2026-01-05 00:00:00", {"EnableDHCP": dword(0)})
plugin_cases(__file__, hive, "/Windows/System32/config/SYSTEM", "a lease, a fixed address, and an interface without one")
