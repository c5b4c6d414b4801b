#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Event logs made by evtx_writer.py after libevtx's format documentation; data names after the providers' manifests."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case, filetime  # noqa: E402
from evtx_writer import *  # noqa: E402,F403

AUDIT, AUDIT_GUID = "Microsoft-Windows-Security-Auditing", "54849625-5478-4994-a5ba-3e3b0328c30d"
USER, ADMIN, LOCAL = "S-1-5-21-1004336348-1177238915-682003330-1105", "S-1-5-21-1004336348-1177238915-682003330-500", "S-1-5-18"
VALUES = "the values that build.py packed, MS-EVEN6 and the provider's documentation for their meaning"
BASE = filetime("2026-04-10 08:31:07.1234567")
MINUTE = 600000000


def strings(*pairs):
    return [(name, STRING, value) for name, value in pairs]


def subject(name="suzuki.test", who=USER):
    return [("SubjectUserSid", SID, who), ("SubjectUserName", STRING, name), ("SubjectDomainName", STRING, "EXAMPLE"),
            ("SubjectLogonId", HEX64, 0x3e7a1)]


def logon(kind, address, name="suzuki.test"):
    return subject("HOST1$", LOCAL) + [
        ("TargetUserSid", SID, USER), ("TargetUserName", STRING, name), ("TargetDomainName", STRING, "EXAMPLE"),
        ("TargetLogonId", HEX64, 0x5f2c1), ("LogonType", UINT32, kind), ("LogonProcessName", STRING, "User32 "),
        ("AuthenticationPackageName", STRING, "Negotiate"), ("WorkstationName", STRING, "HOST1"),
        ("ProcessName", STRING, "C:\\Windows\\System32\\svchost.exe"), ("IpAddress", STRING, address), ("IpPort", STRING, "49712")]


def audit(chunk, number, identifier, data, **more):
    event(chunk, number, BASE + number * MINUTE, AUDIT, identifier, data, guid_text=AUDIT_GUID, **more)


def security():
    c = Chunk()
    audit(c, 1, 4624, logon(10, "192.0.2.44"), version=2, activity="7a0e11d4-0a9b-4c3e-9f12-0123456789ab")
    audit(c, 2, 4624, logon(3, "-"), version=2)
    audit(c, 3, 4625, subject("HOST1$", LOCAL) + [("TargetUserSid", SID, "S-1-0-0")] + strings(
        ("TargetUserName", "root"), ("TargetDomainName", "EXAMPLE")) + [
            ("Status", HEX32, 0xc000006d), ("FailureReason", STRING, "%%2313"), ("SubStatus", HEX32, 0xc000006a),
            ("LogonType", UINT32, 3), ("IpAddress", STRING, "198.51.100.9"), ("IpPort", STRING, "0")],
          keywords=0x8010000000000000)
    audit(c, 4, 4672, subject() + strings(("PrivilegeList", "SeSecurityPrivilege\r\n\t\t\tSeBackupPrivilege")))
    audit(c, 5, 4688, subject() + [("NewProcessId", HEX64, 0x1a2c), ("NewProcessName", STRING, "C:\\Tools\\7z.exe"),
          ("TokenElevationType", STRING, "%%1938"), ("ProcessId", HEX64, 0x9f0),
          ("CommandLine", STRING, "7z a -p\"秘密\" E:\\out.7z C:\\顧客\\*"), ("TargetUserSid", SID, "S-1-0-0"),
          ("TargetUserName", STRING, "-"), ("ParentProcessName", STRING, "C:\\Windows\\explorer.exe")], version=2)
    audit(c, 6, 4663, subject() + [("ObjectServer", STRING, "Security"), ("ObjectType", STRING, "File"),
          ("ObjectName", STRING, "E:\\out.7z"), ("HandleId", HEX64, 0x3c8), ("AccessList", STRING, "%%4417"),
          ("AccessMask", HEX32, 2), ("ProcessName", STRING, "C:\\Tools\\7z.exe")])
    audit(c, 7, 4656, subject() + [("ObjectType", STRING, "Key"), ("ObjectName", STRING, "\\REGISTRY\\MACHINE\\SAM")])
    audit(c, 8, 5145, subject() + strings(("IpAddress", "192.0.2.7"), ("IpPort", "50123"), ("ShareName", "\\\\*\\設計"),
          ("ShareLocalPath", "\\??\\D:\\share"), ("RelativeTargetName", "図面\\a.dwg")) + [("AccessMask", HEX32, 0x120089)])
    audit(c, 9, 6416, subject() + strings(("DeviceId", "USBSTOR\\Disk&Ven_TEST&Prod_STICK\\0123456789&0"),
          ("DeviceDescription", "TEST STICK USB Device"), ("ClassName", "DiskDrive"), ("LocationInformation", "Port_#0001")))
    audit(c, 10, 4720, strings(("TargetUserName", "backdoor"), ("TargetDomainName", "HOST1")) +
          [("TargetSid", SID, ADMIN)] + subject())
    audit(c, 11, 4768, strings(("TargetUserName", "suzuki.test"), ("TargetDomainName", "EXAMPLE")) +
          [("Status", HEX32, 0), ("IpAddress", STRING, "::ffff:192.0.2.44"), ("ServiceName", STRING, "krbtgt")])
    audit(c, 12, 4771, strings(("TargetUserName", "suzuki.test"), ("ServiceName", "krbtgt/EXAMPLE")) + [("Status", HEX32, 0x18)])
    audit(c, 13, 4616, subject() + [("PreviousTime", FILETIME, BASE), ("NewTime", FILETIME, BASE - 9 * 60 * MINUTE),
          ("ProcessName", STRING, "C:\\Windows\\System32\\rundll32.exe")])
    audit(c, 14, 4779, strings(("AccountName", "suzuki.test"), ("AccountDomain", "EXAMPLE"), ("LogonID", "0x5f2c1"),
          ("SessionName", "RDP-Tcp#3"), ("ClientName", "CLIENT7"), ("ClientAddress", "192.0.2.44")))
    event(c, 15, BASE + 15 * MINUTE, "Microsoft-Windows-Eventlog", 1102,
          [("SubjectUserSid", SID, ADMIN), ("SubjectUserName", STRING, "Administrator"),
           ("SubjectDomainName", STRING, "HOST1"), ("SubjectLogonId", HEX64, 0x99)], wrap="LogFileCleared")
    audit(c, 16, 59999, strings(("Unheard", "of")))
    return c


def system():
    c = Chunk()
    scm = "Service Control Manager"
    put = lambda number, provider, identifier, data, **more: event(  # noqa: E731
        c, number, BASE + number * MINUTE, provider, identifier, data, channel="System", keywords=0x80000000000000, **more)
    put(1, scm, 7045, strings(("ServiceName", "PSEXESVC"), ("ImagePath", "%SystemRoot%\\PSEXESVC.exe"),
        ("ServiceType", "user mode service"), ("StartType", "demand start"), ("AccountName", "LocalSystem")), user=ADMIN)
    put(2, scm, 7036, strings(("param1", "Print Spooler"), ("param2", "実行中")) + [("Binary", BINARY, utf16("Spooler/4\0"))])
    put(3, scm, 7036, strings(("param1", "Print Spooler"), ("param2", "停止")) + [("Binary", BINARY, utf16("Spooler/1\0"))])
    put(4, "EventLog", 6008, [("", STRING | ARRAY, ["8:15:02", "2026/04/09", "", "", "12345"])])
    put(5, "Microsoft-Windows-Kernel-General", 1, [("NewTime", FILETIME, BASE), ("OldTime", FILETIME, BASE + 5), ("Reason", UINT32, 2)])
    put(6, "Microsoft-Windows-Eventlog", 104, strings(("SubjectUserName", "Administrator"), ("SubjectDomainName", "HOST1"),
        ("Channel", "Application"), ("BackupPath", "")), wrap="LogFileCleared", user=ADMIN)
    put(7, "USER32", 1074, strings(("param1", "C:\\Windows\\System32\\RuntimeBroker.exe (HOST1)"), ("param2", "HOST1"),
        ("param3", "その他 (計画外)"), ("param4", "0x0"), ("param5", "電源を切る"), ("param6", ""), ("param7", "HOST1\\suzuki.test")))
    put(8, "Microsoft-Windows-Windows Defender", 1116, strings(("Threat Name", "EICAR_Test"), ("Severity Name", "Severe"),
        ("Path", "file:_E:\\eicar.com"), ("Detection User", "EXAMPLE\\suzuki.test"), ("Process Name", "C:\\Windows\\explorer.exe")))
    put(9, "Microsoft-Windows-TaskScheduler", 200, strings(("TaskName", "\\copy"), ("ActionName", "robocopy.exe")) +
        [("TaskInstanceId", GUID, "11111111-2222-3333-4444-555555555555")])
    return c


def traces():
    c = Chunk()
    put = lambda number, provider, identifier, data, **more: event(  # noqa: E731
        c, number, BASE + number * MINUTE, provider, identifier, data, channel="Operational", **more)
    disk = lambda size: [("DiskNumber", UINT32, 2), ("Capacity", UINT64, size), ("Manufacturer", STRING, "TEST"),  # noqa: E731
                         ("Model", STRING, "STICK"), ("SerialNumber", STRING, "0123456789"), ("BusType", UINT32, 7),
                         ("ParentId", STRING, "USB\\VID_0951&PID_1666\\0123456789")]
    put(1, "Microsoft-Windows-Partition", 1006, disk(15518924800))
    put(2, "Microsoft-Windows-Partition", 1006, disk(0))
    put(3, "Microsoft-Windows-Kernel-PnP", 410, strings(("DeviceInstanceId", "SWD\\WPDBUSENUM\\x"), ("DriverName", "wpdfs.inf")))
    put(4, "Microsoft-Windows-DriverFrameworks-UserMode", 2003, strings(("@instance", "WPDBUSENUMROOT\\UMB\\2&37C186B&0&STORAGE"),
        ("@lifetime", "{AA}")), wrap="UMDFHostDeviceArrivalBegin", user=LOCAL)
    put(5, "Microsoft-Windows-DriverFrameworks-UserMode", 2100, strings(("@instance", "USB\\VID_0951"), ("@lifetime", "{AA}"),
        ("RequestMajorCode", "27"), ("RequestMinorCode", "23")), wrap="UMDFHostDeviceRequest")
    put(6, "Microsoft-Windows-PrintService", 307, [("Param1", UINT32, 12)] + strings(("Param2", "見積書.docx"),
        ("Param3", "suzuki.test"), ("Param4", "\\\\HOST1"), ("Param5", "PRN-3F"), ("Param6", "IP_192.0.2.90")) +
        [("Param7", UINT64, 70000), ("Param8", UINT32, 4)], wrap="DocumentPrinted", user=USER)
    put(7, "Microsoft-Windows-TerminalServices-RemoteConnectionManager", 1149, strings(("Param1", "suzuki.test"),
        ("Param2", "EXAMPLE"), ("Param3", "192.0.2.44")), wrap="EventXML")
    put(8, "Microsoft-Windows-TerminalServices-LocalSessionManager", 21, strings(("User", "EXAMPLE\\suzuki.test")) +
        [("SessionID", UINT32, 3), ("Address", STRING, "192.0.2.44")], wrap="EventXML")
    put(9, "PowerShell", 400, [("", STRING | ARRAY, ["Available", "None",
        "\tNewEngineState=Available\r\n\tHostName=ConsoleHost\r\n\tHostApplication=powershell -nop -w hidden\r\n\tEngineVersion=5.1"])])
    put(10, "Microsoft-Windows-PowerShell", 4104, [("MessageNumber", INT32, 1), ("MessageTotal", INT32, 1),
        ("ScriptBlockText", STRING, "Compress-Archive C:\\顧客 E:\\a.zip # \"引用\""),
        ("ScriptBlockId", STRING, "aaaa"), ("Path", STRING, "")], user=USER, level=5)
    put(11, "Microsoft-Windows-Sysmon", 1, strings(("RuleName", "-"), ("Image", "C:\\Tools\\rclone.exe"),
        ("CommandLine", "rclone copy C:\\顧客 remote:"), ("User", "EXAMPLE\\suzuki.test"),
        ("Hashes", "MD5=" + "0" * 32 + ",SHA256=" + "AB" * 32 + ",IMPHASH=" + "1" * 32)) + [("ProcessId", UINT32, 4242)])
    put(12, "Microsoft-Windows-Sysmon", 3, strings(("Image", "C:\\Tools\\rclone.exe"), ("Protocol", "tcp")) + [("Initiated", BOOL, 1)] +
        strings(("SourceIp", "192.0.2.10"), ("DestinationIp", "203.0.113.5"), ("DestinationHostname", "-")) + [("DestinationPort", UINT16, 443)])
    put(13, "Microsoft-Windows-WLAN-AutoConfig", 8001, strings(("ProfileName", "guest"), ("SSID", "guest"), ("BSSType", "Infrastructure")))
    put(14, "Microsoft-Windows-Shell-Core", 9707, strings(("Command", "C:\\Tools\\run.exe /q")), user=USER)
    put(15, "MsiInstaller", 11707, [("", STRING, "Product: Sync Client -- Installation completed successfully."), ("", STRING, "(NULL)")])
    put(16, "Microsoft-Windows-Bits-Client", 59, [("transferId", GUID, "11111111-2222-3333-4444-555555555555")] + strings(
        ("name", "upload"), ("url", "https://files.example/up")) + [("fileLength", UINT64, 1234)])
    return c


def all_values():
    """Every type, arrays, literals of every sort, and attributes in the data."""
    c = Chunk()
    typed = [("int8", INT8, -1), ("uint8", UINT8, 255), ("int16", INT16, -2), ("uint16", UINT16, 65535), ("int32", INT32, -3),
             ("uint32", UINT32, 4294967295), ("int64", INT64, -4), ("uint64", UINT64, 2**64 - 1), ("float", FLOAT, 1.5),
             ("double", DOUBLE, -0.25), ("true", BOOL, 1), ("false", BOOL, 0), ("binary", BINARY, b"\x00\xff\x10"),
             ("guid", GUID, "01234567-89ab-cdef-0123-456789abcdef"), ("size4", SIZET, struct.pack("<I", 0x1234)),
             ("size8", SIZET, struct.pack("<Q", 0x123456789a)), ("filetime", FILETIME, BASE), ("no time", FILETIME, 0),
             ("systemtime", SYSTIME, struct.pack("<8H", 2026, 4, 5, 10, 8, 31, 7, 123)), ("sid", SID, USER),
             ("hex32", HEX32, 0xdead), ("hex64", HEX64, 0xfeedface0), ("ansi", ANSI, "plain"), ("empty", STRING, ""),
             ("strings", STRING | ARRAY, ["a", "", "c"]), ("numbers", UINT16 | ARRAY, [1, 2, 3]), ("sids", SID | ARRAY, [USER, LOCAL]),
             ("bad guid", GUID, b"\x01\x02"), ("lone", STRING, b"\x00\xd8"), ("escape", STRING, "\"\\\n\x01")]
    event(c, 1, BASE, "Values", 1, typed, computer="HOST1", channel="Test")
    mixed = element("EventData", element("Data", "a", Raw(b"\x08" + utf16("&")), Sub(0, UINT8), Raw(b"\x07\x02\x00" + utf16("<x")), Name="mixed"),
                    element("Data", Sub(0, UINT8), Name=Sub(1, STRING)), element("Data", Name="nothing"),
                    element("List", element("Item", "1"), element("Item", "2"), count=Sub(0, UINT8)))
    event(c, 2, BASE + 1, "Values", 2, [("", UINT8, 7), ("", STRING, "named by a value")], tree=mixed, computer="HOST1", channel="Test")

    def plain():  # no template at all
        c.put("BBBB", 0x0f, 1, 1, 0)
        c.element(element("Event", element("System", element("Provider", Name="Plain"), element("EventID", "77"),
                  element("TimeCreated", SystemTime="2026-04-10T08:31:07.1234567Z")), element("EventData", element("Data", "x"))))
    c.record(3, BASE + 2, plain)
    inner = lambda: (c.put("BBBB", 0x0f, 1, 1, 0), c.element(element("Inner", element("Value", "5")), dependency=False))  # noqa: E731
    event(c, 4, BASE + 3, "Values", 4, [("wrapped", BINXML, inner)], computer="HOST1", channel="Test")
    return c


def simple(numbers, at=0, **more):
    c = Chunk()
    for n in numbers:
        audit(c, n, 4634, [("TargetUserSid", SID, USER), ("TargetUserName", STRING, f"user{n}"), ("LogonType", UINT32, 2)], **more)
    return c


def build():
    case(__file__, "security", log([security().finish()], 17), path="/Windows/System32/winevt/Logs/Security.evtx",
         expected_from=VALUES, covers="logons, processes, objects, shares, devices, accounts, clock, a cleared log, an event without a row")
    case(__file__, "system", log([system().finish()], 10), path="/Windows/System32/winevt/Logs/System.evtx", expected_from=VALUES,
         covers="services, unnamed data in an array, clock, cleared log, shutdown, protection, task")
    case(__file__, "traces", log([traces().finish()], 17), path="/Windows/System32/winevt/Logs/x%4Operational.evtx", expected_from=VALUES,
         covers="disks, plug and play, print, remote desktop, PowerShell, Sysmon, wireless, installer, BITS")
    case(__file__, "values", log([all_values().finish()], 5), path="/v.evtx", expected_from=VALUES,
         covers="every value type, arrays, literals, names by value, no template, a nested fragment without template")
    old, new = simple(range(1, 9)), simple(range(21, 24))
    first, second = old.finish(), new.finish(slack=bytes(old.data[len(new.data):]))
    case(__file__, "slack", log([second], 24), path="/s.evtx", expected_from=VALUES,
         covers="a chunk used again: three live records, the old ones behind them")
    case(__file__, "ring", log([simple([9, 10]).finish(), simple([3, 4, 7]).finish(), bytes(65536)], 11, flags=3), path="/r.evtx",
         expected_from=VALUES, covers="the newest chunk stands first, numbers 5, 6 and 8 are missing, an unused chunk, an open full log")
    clock = Chunk()
    for n, time in ((1, BASE), (2, BASE - 5 * MINUTE), (3, BASE + 1440 * 3 * MINUTE)):
        event(clock, n, time, AUDIT, 4608, [], guid_text=AUDIT_GUID)
    case(__file__, "clock", log([clock.finish()], 4), path="/c.evtx", expected_from=VALUES,
         covers="five minutes back, then three days of silence")
    case(__file__, "carved-chunk", first, path="/carved/1", expected_from=VALUES, covers="a chunk without its file")

    good = bytearray(log([simple(range(1, 5)).finish()], 5))
    starts = [at for _, at in simple(range(1, 5)).records]
    broken = bytearray(good)
    broken[4096 + starts[2] + 60] ^= 0xff
    case(__file__, "damaged-checksum", bytes(broken), path="/d.evtx", expected_from=VALUES, covers="a flipped byte in the third record")
    broken = bytearray(good)
    broken[4096 + starts[1]] = 0x2b
    case(__file__, "damaged-record", bytes(broken), path="/d.evtx", expected_from=VALUES,
         covers="the second record has lost its signature: the live walk ends, the others are recovered")
    case(__file__, "damaged-cut", bytes(good[:4096 + starts[2] + 100]), path="/d.evtx", expected_from=VALUES, covers="the file ends in the third record")
    broken = bytearray(good)
    broken[4096:4104] = b"\0" * 8
    case(__file__, "damaged-chunk-magic", bytes(broken), path="/d.evtx", expected_from=VALUES, covers="the chunk has lost its signature")
    broken = bytearray(good)
    at = good.index(b"\x0c\x01", 4096)
    broken[at + 14:at + 18] = b"\x11\x22\x33\x44"  # the template's identifier
    case(__file__, "damaged-template", bytes(broken), path="/d.evtx", expected_from=VALUES, covers="the first template is not the one records name")
    loop = Chunk()

    def endless():  # a value that holds the fragment it stands in
        begin = len(loop.data)
        loop.put("BBBB", 0x0f, 1, 1, 0)
        loop.put("BBII", 0x0c, 1, 5, len(loop.data) + 10)
        loop.put("II", 0, 5)
        loop.data += bytes(12)
        loop.put("I", 0)
        size_at = len(loop.data)
        loop.element(element("A", *[element(tag, Sub(0, BINXML)) for tag in "BCD"]))
        struct.pack_into("<I", loop.data, size_at - 4, len(loop.data) - size_at)
        loop.put("IHBBHBB", 2, 60, BINXML, 0, 4, UINT32, 0)
        inner = len(loop.data)
        loop.put("BBBB", 0x0f, 1, 1, 0)
        loop.put("BBII", 0x0c, 1, 5, begin + 14)
        loop.put("IHBB", 1, 40, BINXML, 0)
        loop.put("BBBB", 0x0f, 1, 1, 0)
        loop.put("BBII", 0x0c, 1, 5, begin + 14)
        loop.put("IHBB", 1, 18, BINXML, 0)
        loop.data += bytes(60 - (len(loop.data) - inner))
        loop.put("I", 9)
    loop.record(1, BASE, endless)
    case(__file__, "damaged-nesting", log([loop.finish()], 2), path="/d.evtx", expected_from="no value can be read", covers="fragments in fragments")
    case(__file__, "damaged-version", log([simple([1]).finish()], 2, version=(0, 4)), path="/d.evtx", expected_from="version 4.0", covers="a version that is not read")
    case(__file__, "damaged-header", bytes(good[:100]), path="/d.evtx", expected_from="100 bytes", covers="not even the header")


build()
