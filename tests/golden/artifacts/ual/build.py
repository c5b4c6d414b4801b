#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Current.mdb and SystemIdentity.mdb, from ese_builder.py."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from ese_builder import DATETIME, GUID, I32, LONG_BINARY, TEXT, U16, U32, ese
from golden_builder import case, filetime

HAND = "the values given to build.py; column names as in the corpus's own databases"
FOLDER = "/Windows/System32/LogFiles/Sum/"
ROLE = bytes(range(16))
TABLES = [
    ("CLIENTS", [("RoleGuid", GUID), ("TenantId", GUID), ("TotalAccesses", U32), ("InsertDate", DATETIME), ("LastAccess", DATETIME),
                 ("Day164", U16), ("Day165", U16), ("Address", LONG_BINARY), ("AuthenticatedUserName", TEXT), ("ClientName", TEXT)],
     [{"RoleGuid": ROLE, "TenantId": ROLE, "TotalAccesses": 310, "InsertDate": filetime("2026-04-01 23:47:21.2323235"),
       "LastAccess": filetime("2026-04-10 10:44:08"), "Day164": 61, "Day165": 249, "Address": bytes([192, 168, 10, 23]),
       "AuthenticatedUserName": r"corp\sales01"},
      {"RoleGuid": ROLE, "TenantId": ROLE, "TotalAccesses": 1, "InsertDate": filetime("2026-04-02 00:00:00"), "LastAccess": filetime("2026-04-02 00:00:00"),
       "Address": bytes(15) + b"\1", "AuthenticatedUserName": r"corp\dc-1$"}]),
    ("ROLE_ACCESS", [("RoleGuid", GUID), ("FirstSeen", DATETIME), ("LastSeen", DATETIME)],
     [{"RoleGuid": ROLE, "FirstSeen": filetime("2026-01-01 00:00:00"), "LastSeen": filetime("2026-04-10 10:44:08")}]),
    ("DNS", [("LastSeen", DATETIME), ("Address", TEXT), ("HostName", TEXT)],
     [{"LastSeen": 46122.5, "Address": "192.168.10.23", "HostName": "sales-pc7"}])]
IDENTITY = [
    ("SYSTEM_IDENTITY", [("CreationTime", DATETIME), ("OSBuildNumber", I32), ("SystemDNSHostName", TEXT), ("SystemDomainName", TEXT), ("SystemProductName", TEXT)],
     [{"CreationTime": 46023.25, "OSBuildNumber": 17763, "SystemDNSHostName": "fs01", "SystemDomainName": "corp.example", "SystemProductName": "VM"}]),
    ("ROLE_IDS", [("RoleGuid", GUID), ("RoleName", TEXT)], [{"RoleGuid": ROLE, "RoleName": "File Server"}])]
case(__file__, "current", ese(TABLES), path=FOLDER + "Current.mdb", expected_from=HAND, covers="clients by IPv4 and IPv6, a role, a name")
case(__file__, "identity", ese(IDENTITY), path=FOLDER + "SystemIdentity.mdb", expected_from=HAND, covers="the server and the names of its roles")
case(__file__, "damaged-cut", ese(TABLES)[:12 * 8192], path=FOLDER + "Current.mdb", expected_from=HAND, covers="roles and names are missing")
