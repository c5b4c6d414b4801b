// SPDX-License-Identifier: Apache-2.0
// How events must stand to each other: windows, order, joins, absence, thresholds, and what makes a claim almost
// certain.
#include "reason_fixture.h"

using namespace triage;
using namespace triage::reason_test;

namespace {

const std::string kTwo = "  a: {what: file.created}\n  b: {what: file.deleted}\n";
const std::string kTimeA = "2026-04-10T10:00:00Z";

std::string a(const std::string& when, const std::string& more = "") {
  return event("fs.times", "file.created", when, more);
}
std::string b(const std::string& when, const std::string& more = "") {
  return event("ntfs.usnjrnl", "file.deleted", when, more);
}

}  // namespace

TEST_CASE("a leg is met from the window's first to its last moment and not a second beyond") {
  const std::string rule = rule_text(kTwo, "  any: a\n  with: [{is: b, order: after, within: 10m}]\n");
  CHECK(findings_of(rule, a(kTimeA) + b("2026-04-10T10:10:00Z")).size() == 1);
  CHECK(findings_of(rule, a(kTimeA) + b("2026-04-10T10:10:01Z")).empty());
  CHECK(findings_of(rule, a(kTimeA) + b("2026-04-10T09:59:59Z")).empty());
  CHECK(findings_of(rule, a(kTimeA) + b(kTimeA)).size() == 1);
}

TEST_CASE("apart keeps near events out, before looks back") {
  const std::string rule = rule_text(kTwo, "  any: a\n  with: [{is: b, order: before, apart: 5m}]\n");
  CHECK(findings_of(rule, b("2026-04-10T09:55:00Z") + a(kTimeA)).size() == 1);
  CHECK(findings_of(rule, b("2026-04-10T09:55:01Z") + a(kTimeA)).empty());
  CHECK(findings_of(rule, a(kTimeA) + b("2026-04-10T11:00:00Z")).empty());
}

TEST_CASE("a join needs values that are known and equal; letters of either case are equal") {
  const std::string rule = rule_text(kTwo, "  any: a\n  with: [{is: b, within: 1h, same: [name]}]\n");
  CHECK(findings_of(rule, a(kTimeA, R"("object":"X.zip")") + b(kTimeA, R"("object":"x.ZIP")")).size() == 1);
  CHECK(findings_of(rule, a(kTimeA, R"("object":"x.zip")") + b(kTimeA, R"("object":"y.zip")")).empty());
  CHECK(findings_of(rule, a(kTimeA) + b(kTimeA)).empty());
}

TEST_CASE("absence: an event that must not be there drops the anchor") {
  const std::string rule = rule_text(kTwo, "  any: a\n  without: [{is: b, within: 1h, same: [name]}]\n");
  const std::string file = a(kTimeA, R"("object":"x.zip")");
  CHECK(findings_of(rule, file).size() == 1);
  CHECK(findings_of(rule, file + b("2026-04-10T10:59:00Z", R"("object":"x.zip")")).empty());
  CHECK(findings_of(rule, file + b("2026-04-10T11:01:00Z", R"("object":"x.zip")")).size() == 1);
}

TEST_CASE("a sequence holds only in its order") {
  const std::string three = kTwo + "  c: {what: device.connected}\n";
  const std::string rule = rule_text(three, "  sequence: [a, b, c]\n  within: 10m\n");
  const auto c = [](const std::string& when) { return event("windows.evtx", "device.connected", when); };
  CHECK(findings_of(rule, a(kTimeA) + b("2026-04-10T10:05:00Z") + c("2026-04-10T10:12:00Z")).size() == 1);
  CHECK(findings_of(rule, a(kTimeA) + c("2026-04-10T10:05:00Z") + b("2026-04-10T10:06:00Z")).empty());
}

TEST_CASE("FAT times without a zone may be fourteen hours off and are joined so") {
  const std::string rule = rule_text(kTwo, "  any: a\n  with: [{is: b, within: 1h}]\n");
  const std::string fat = R"("when_basis":"unknown")";
  CHECK(findings_of(rule, a("2026-04-10T19:00:00Z", fat) + b(kTimeA)).size() == 1);
  CHECK(findings_of(rule, a("2026-04-10T19:00:00Z") + b(kTimeA)).empty());
  CHECK(findings_of(rule, a("2026-04-11T02:00:00Z", fat) + b(kTimeA)).empty());
}

TEST_CASE("an event without a time meets no window, but a leg without one") {
  const std::string no_time = R"({"artifact":"ntfs.usnjrnl","what":"file.deleted","object":"x"})"
                              "\n";
  const std::string file = a(kTimeA, R"("object":"x")");
  CHECK(findings_of(rule_text(kTwo, "  any: a\n  with: [{is: b, within: 1h}]\n"), file + no_time).empty());
  CHECK(findings_of(rule_text(kTwo, "  any: a\n  with: [{is: b, same: [name]}]\n"), file + no_time).size() == 1);
}

TEST_CASE("a threshold counts within its time, by different values, for each value of same") {
  const std::string rule =
      rule_text("  a: {what: file.opened}\n",
                "  any: a\n  at_least: 3\n  in: 1m\n  distinct: object\n  same: [account]\n", "group: [account]\n");
  const auto open = [](int second, const std::string& name, const std::string& who) {
    return event("windows.lnk", "file.opened", fmt::format("2026-04-10T10:00:{:02d}Z", second),
                 fmt::format(R"("object":"{}","who":"{}")", name, who));
  };
  const auto two = findings_of(rule, open(0, "a", "x") + open(1, "b", "x") + open(2, "c", "x") + open(3, "a", "y") +
                                         open(4, "b", "y") + open(5, "a", "y"));
  REQUIRE(two.size() == 1);
  CHECK(two[0].claim.en == "3 seen");
  CHECK(two[0].events.size() == 3);
  CHECK(findings_of(rule, open(0, "a", "x") + open(30, "b", "x") +
                              event("windows.lnk", "file.opened", "2026-04-10T10:01:01Z", R"("object":"c","who":"x")"))
            .empty());
}

TEST_CASE("almost certain needs two independent families and whole records, whatever the rule allows") {
  const std::string rule = rule_text("  a: {what: file.created}\n  b: {what: [file.deleted, program.run]}\n",
                                     "  any: a\n  supports: [{is: b, within: 1h}]\n");
  const auto one = [&](const std::string& lines) {
    auto out = findings_of(rule, lines);
    REQUIRE(out.size() == 1);
    return out[0];
  };
  CHECK(one(a(kTimeA)).likelihood == Likelihood::kLikely);
  // Two records of one file system are one family, however they are stored.
  CHECK(one(a(kTimeA) + b(kTimeA)).likelihood == Likelihood::kLikely);
  CHECK(one(a(kTimeA) + b(kTimeA)).quality == Quality::kMedium);
  const std::string run = event("windows.prefetch", "program.run", kTimeA);
  CHECK(one(a(kTimeA) + run).likelihood == Likelihood::kAlmostCertain);
  CHECK(one(a(kTimeA) + run).quality == Quality::kHigh);
  const std::string weak = R"("recovered":1)";
  const Finding recovered = one(a(kTimeA, weak) + event("windows.prefetch", "program.run", kTimeA, weak));
  CHECK(recovered.likelihood == Likelihood::kVeryLikely);
  CHECK(recovered.quality == Quality::kLow);
  // What is only context proves nothing.
  const std::string context = rule_text("  a: {what: file.created}\n  b: {what: program.run}\n",
                                        "  any: a\n  context: [{is: b, within: 1h}]\n");
  CHECK(findings_of(context, a(kTimeA) + run).at(0).likelihood == Likelihood::kLikely);
}

TEST_CASE("200,000 events in windows that are let go find the burst in their middle, and only that") {
  const std::string rule =
      rule_text("  a: {what: file.opened}\n  b: {what: file.deleted}\n",
                "  any: a\n  at_least: 50\n  in: 10s\n  with: [{is: b, order: after, within: 1m}]\n");
  const std::string many = R"({"repeat":100000,"step_ms":30000,"event":{"artifact":"windows.lnk","what":"file.opened",)"
                           R"("when":"2026-01-01T00:00:00Z","object":"{n}"}})"
                           "\n";
  const std::string more =
      R"({"repeat":100000,"step_ms":30000,"event":{"artifact":"ntfs.usnjrnl","what":"file.deleted",)"
      R"("when":"2026-01-01T00:00:05Z","object":"{n}"}})"
      "\n";
  const std::string burst = R"({"repeat":60,"step_ms":100,"event":{"artifact":"windows.lnk","what":"file.opened",)"
                            R"("when":"2026-01-20T00:00:01Z","object":"b{n}"}})"
                            "\n";
  CHECK(findings_of(rule, many + more).empty());
  const auto found = findings_of(rule, many + more + burst);
  REQUIRE(found.size() == 1);
  CHECK(found[0].claim.en == "61 seen");  // the burst and the one ordinary event inside its window
}

TEST_CASE("more records than are counted are told, in the claim and in the limits") {
  const std::string many = R"({"repeat":6000,"step_ms":1,"event":{"artifact":"windows.evtx","what":"log.cleared",)"
                           R"("when":"2026-01-01T00:00:00Z"}})"
                           "\n";
  const auto found = findings_of(rule_text("  a: {what: log.cleared}\n", "  any: a\n"), many);
  REQUIRE(found.size() == 1);
  CHECK(found[0].claim.en == "4096 or more seen");
  CHECK(found[0].limits.en.find("More matching records") != std::string::npos);
  CHECK(found[0].details.find(R"("capped":true)") != std::string::npos);
  CHECK(found[0].events.size() == 16);
}
