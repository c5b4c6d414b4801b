// SPDX-License-Identifier: Apache-2.0
// Package managers' logs: dpkg.log, yum.log and dnf.rpm.log. Local time of an unknown zone unless the log says it.
//   dpkg := "2016-08-06 17:35:39 " action " " package " " old version " " new version
//   yum  := "Mar 11 09:39:38 Installed: package"      dnf := "2024-05-01T10:00:00+0900 SUBDEBUG Installed: package"
// Spec: dpkg(1) --log; yum's logginglevels; dnf's rpm transaction log.
#include <array>

#include "artifacts/line_log.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

std::optional<LogTime> take_time(LineScan& scan) {
  auto time = scan_iso_time(scan);
  if (!time) time = scan_month_name_time(scan);
  if (time) (void)scan.skip(' ');
  return time;
}

/// "Installed: bash-5.2-1.x86_64", after a level of dnf's.
bool rpm(LineScan scan, Event& event) {
  for (const std::string_view level : {"SUBDEBUG "sv, "INFO "sv, "DEBUG "sv, "DDEBUG "sv})
    if (scan.skip(level)) break;
  const auto done = scan.until(": ");
  if (!done || scan.empty()) return false;
  const bool installed = *done == "Installed" || *done == "Upgraded" || *done == "Updated" || *done == "Upgrade";
  const bool removed = *done == "Erased" || *done == "Removed" || *done == "Erase" || *done == "Obsoleted";
  if (!installed && !removed) return false;
  event.what = installed ? action::kProgramInstalled : action::kConfigChanged;
  event.how = "package " + log_text(*done);
  set_text(event.object, scan.rest());
  return true;
}

bool dpkg(LineScan scan, Event& event) {
  const std::string_view done = scan.word();
  if (done == "startup" || done == "conffile" || done == "status") {
    event.what = action::kLogRecorded;
    event.how = "dpkg " + log_text(done);
    if (done != "status") {
      set_text(event.object, scan.rest());
      return true;
    }
    add_text(event, "state", scan.word());
    set_text(event.object, scan.word());
    add_text(event, "version", scan.word());
    return true;
  }
  const bool known = done == "install" || done == "upgrade" || done == "remove" || done == "purge" ||
                     done == "configure" || done == "trigproc" || done == "disappear";
  if (!known) return false;
  event.what = done == "install" || done == "upgrade" ? action::kProgramInstalled
               : done == "remove" || done == "purge"  ? action::kConfigChanged
                                                      : action::kLogRecorded;
  event.how = "dpkg " + log_text(done);
  set_text(event.object, scan.word());
  const std::string_view old = scan.word();
  if (old != "<none>") add_text(event, "old_version", old);
  if (const std::string_view next = scan.word(); next != "<none>") add_text(event, "version", next);
  return true;
}

class PackageLog final : public LineLog {
 public:
  std::optional<LogTime> time_of(std::string_view line) override {
    LineScan scan(line);
    return take_time(scan);
  }
  LineSays read(const LogLine& line, LogClock& clock, Event& event) override {
    if (line.text.empty()) return LineSays::kNothing;
    LineScan scan(line.text);
    const auto time = take_time(scan);
    if (!time) return LineSays::kNoise;
    if (!dpkg(scan, event) && !rpm(scan, event)) return LineSays::kNothing;  // dnf's other messages
    std::string_view raw = line.text.substr(0, line.text.size() - scan.rest().size());
    if (raw.ends_with(' ')) raw.remove_suffix(1);
    event.when = clock.stamp(*time, raw);
    event.when_meaning = event.what == action::kProgramInstalled ? Meaning::kInstalled : Meaning::kLogged;
    event.object_kind = "package";
    note_inference(*time, clock, event);
    return LineSays::kEvent;
  }
};

Outcome parse_packages(const Artifact& in, EventSink& out) {
  PackageLog log;
  return read_line_log(in, out, log);
}

constexpr std::array kPaths = {"**/dpkg.log*"sv, "**/yum.log*"sv, "**/dnf.rpm.log*"sv};
constexpr std::array kFields = {FieldSpec{"version", "", "version after the change"},
                                FieldSpec{"old_version", "", "version before the change"},
                                FieldSpec{"state", "", "state dpkg put the package into"}, kYearFrom, kZoneFrom};
constexpr std::array kReferences = {"https://man7.org/linux/man-pages/man1/dpkg.1.html"sv,
                                    "https://dnf.readthedocs.io/en/latest/"sv};

}  // namespace

extern const ArtifactParser package_log;
constinit const ArtifactParser package_log{
    .id = "linux.packages",
    .version = 1,
    .title_en = "Package manager logs (dpkg, yum, dnf)",
    .title_ja = "パッケージ管理のログ（dpkg・yum・dnf）",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{1ULL << 30},
    .parse = parse_packages,
};

}  // namespace triage
