// SPDX-License-Identifier: Apache-2.0
// What belongs together: spellings of one thing are one value, and contradicted or unsaid things stay unknown.
#include "reason_fixture.h"

using namespace triage;
using namespace triage::reason_test;

namespace {

/// The value of `field` of the last line, after learning all of them.
std::optional<std::string> value_of(const std::string& field, const std::string& lines) {
  auto input = case_lines_input(lines, "lines");
  REQUIRE(input);
  CaseJoins joins;
  joins.set_zone([](std::int64_t) { return 540; });
  REQUIRE((*input)->learn(joins));
  auto kinds = (*input)->kinds();
  REQUIRE(kinds);
  std::optional<std::string> out;
  REQUIRE((*input)->events(*kinds, joins, [&](const EventRef&, const EventFields& event) -> Status {
    out = event.value(*field_named(field));
    return {};
  }));
  return out;
}

const std::string kLnkE = R"({"artifact":"windows.lnk","what":"file.opened","path":"E:\\a.txt","object_kind":"file",)"
                          R"("when":"2026-01-01","volume":"A1B2-C3D4","attributes":{"drive_type":"removable"}})"
                          "\n";
const std::string kLnkFixed = R"({"artifact":"windows.lnk","what":"file.opened","path":"E:\\b.txt",)"
                              R"("when":"2026-01-01","volume":"a1b2c3d4","attributes":{"drive_type":"fixed"}})"
                              "\n";
const std::string kOnE = R"({"artifact":"windows.evtx","what":"file.accessed","path":"E:\\c.txt","when":"2026-01-02"})"
                         "\n";

}  // namespace

TEST_CASE("spellings of a path, a serial and a device are one value") {
  CHECK(path_key("C:\\Users\\A\\x.ZIP") == "/users/a/x.zip");
  CHECK(path_key("\\\\?\\C:\\Users\\A") == "/users/a");
  CHECK(path_key("file:///E:/x.xlsx") == "/x.xlsx");
  CHECK(path_key("/Users/A/x.zip") == "/users/a/x.zip");
  CHECK(last_part("C:\\a\\b.txt") == "b.txt");
  CHECK(last_part("/a/b.txt:Zone.Identifier") == "b.txt");
  CHECK(last_part("E:\\") == "E:");
  CHECK(volume_serial("A1B2-C3D4") == "a1b2c3d4");
  CHECK(volume_serial("24edea8f3d861e90") == "3d861e90");  // what a shortcut on that NTFS volume names
  CHECK_FALSE(volume_serial("{a1b2c3d4-0000-0000-0000-000000000001}"));
  CHECK_FALSE(volume_serial("00000000"));
  CHECK(device_number("USBSTOR\\Disk&Ven_SanDisk&Prod_Ultra&Rev_1.00\\4C5300012305&0") == "4C5300012305");
  CHECK(device_number("_??_USBSTOR#Disk&Ven_X#4c53&0#{53f56307-b6bf-11d0-94f2-00a0c91efb8b}") == "4C53");
  CHECK_FALSE(device_number("USBSTOR\\Disk&Ven_Generic\\6&1a2b3c4d&0&_&0"));  // made up by Windows
  CHECK(drive_letter("\\DosDevices\\E:") == 'E');
  CHECK(drive_letter("/e/x") == '\0');
}

TEST_CASE("a drive letter is removable where shortcuts say so, and unknown where they contradict each other") {
  CHECK(value_of("media", kLnkE + kOnE) == "removable");
  CHECK_FALSE(value_of("media", kLnkE + kLnkFixed + kOnE));
  CHECK_FALSE(value_of("media", kOnE));
}

TEST_CASE("a letter of one machine says nothing of another's") {
  std::string there = kOnE;
  there.insert(1, R"("evidence":"e0000000000000002",)");
  CHECK_FALSE(value_of("media", kLnkE + there));
}

TEST_CASE("the serial of a medium at hand is the one a shortcut names") {
  const std::string volume = R"({"volume":{"evidence":"e0000000000000002","offset":1048576,"serial":"A1B2-C3D4"}})"
                             "\n";
  const std::string file = R"({"artifact":"fs.times","what":"file.created","path":"/x.zip","when":"2026-01-02",)"
                           R"("evidence":"e0000000000000002","locator":"e0000000000000002/v1048576.i10.a1-0"})"
                           "\n";
  CHECK(value_of("serial", volume + kLnkE + file) == "a1b2c3d4");
  CHECK(value_of("media", volume + kLnkE + file) == "removable");
  CHECK_FALSE(value_of("serial", kLnkE + file));
}

TEST_CASE("an account comes from the name, else from the SID where the profile list knows it") {
  const std::string profile = R"({"artifact":"windows.registry.profilelist","what":"account.changed","who":"Sales01",)"
                              R"("sid":"S-1-5-21-1","when":"2026-01-01"})"
                              "\n";
  const std::string other = R"({"artifact":"windows.registry.profilelist","what":"account.changed","who":"other",)"
                            R"("sid":"S-1-5-21-1","when":"2026-01-01"})"
                            "\n";
  const std::string by_sid = event("windows.srum", "program.run", "2026-01-02", R"("sid":"S-1-5-21-1")");
  CHECK(value_of("account", profile + by_sid) == "sales01");
  CHECK_FALSE(value_of("account", by_sid));
  CHECK_FALSE(value_of("account", profile + other + by_sid));
  CHECK(value_of("account", event("windows.evtx", "program.run", "2026-01-02", R"("who":"CORP\\Sales01")")) ==
        "sales01");
}

TEST_CASE("hours are local and only of times in UTC; addresses and shifts are told apart") {
  CHECK(value_of("hour", event("windows.evtx", "program.run", "2026-01-02T16:30:00Z")) == "1");
  CHECK(value_of("weekday", event("windows.evtx", "program.run", "2026-01-02T16:30:00Z")) ==
        "6");  // a Saturday in Tokyo
  CHECK_FALSE(
      value_of("hour", event("windows.evtx", "program.run", "2026-01-02T16:30:00Z", R"("when_basis":"unknown")")));
  const auto scope = [](const std::string& address) {
    return value_of("remote_scope",
                    event("windows.evtx", "logon.succeeded", "2026-01-02", R"("remote":")" + address + "\""));
  };
  CHECK(scope("172.31.0.1") == "private");
  CHECK(scope("172.32.0.1") == "public");
  CHECK(scope("::ffff:192.0.2.44") == "public");
  CHECK(scope("::1") == "loopback");
  CHECK(scope("fe80::1") == "private");
  CHECK(scope("2001:db8::7") == "public");
  CHECK_FALSE(scope("pc7.example"));
  CHECK_FALSE(scope("999.1.2.3"));
  CHECK(value_of("shift",
                 event("windows.evtx", "clock.changed", "2026-01-02",
                       R"("attributes":{"old_time":"2026-04-10T08:31:07Z","new_time":"2026-04-10T08:21:07Z"})")) ==
        "600");
}
