// SPDX-License-Identifier: Apache-2.0
// systemd journal: one event an entry, with the facts journald itself adds (fields that begin with "_") told from what
// the program says. Layout: formats/journal.h.
// Spec: systemd, "Journal File Format" and systemd.journal-fields(7).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "artifacts/linux_messages.h"
#include "bytes/json.h"
#include "bytes/text.h"
#include "formats/journal.h"
#include "formats/log_line.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t kMaxItems = 1024;       // of one entry; journald's own limit
constexpr std::size_t kMaxName = 64;          // journald's own limit
constexpr std::size_t kMaxMessage = 1 << 20;  // bytes kept
constexpr std::size_t kMaxOther = 4096;       // bytes of a value among the other fields

/// The fields that have a place of their own.
struct Fields {
  std::string_view message, priority, identifier, comm, pid, uid, hostname, unit, exe, command_line, transport, session,
      message_id, own_unit;
  std::string others = "{";
};

struct Slot {
  std::string_view name;
  std::string_view Fields::*field;
};
constexpr Slot kSlots[] = {{"MESSAGE", &Fields::message},
                           {"PRIORITY", &Fields::priority},
                           {"SYSLOG_IDENTIFIER", &Fields::identifier},
                           {"_COMM", &Fields::comm},
                           {"_PID", &Fields::pid},
                           {"_UID", &Fields::uid},
                           {"_HOSTNAME", &Fields::hostname},
                           {"_SYSTEMD_UNIT", &Fields::unit},
                           {"_EXE", &Fields::exe},
                           {"_CMDLINE", &Fields::command_line},
                           {"_TRANSPORT", &Fields::transport},
                           {"_SYSTEMD_SESSION", &Fields::session},
                           {"_AUDIT_SESSION", &Fields::session},
                           {"MESSAGE_ID", &Fields::message_id},
                           {"UNIT", &Fields::own_unit},
                           {"USER_UNIT", &Fields::own_unit}};

/// Where the message came from in the source, and what syslog had in its header: no facts of the event.
bool is_noise(std::string_view name) {
  return name.starts_with('_') || name.starts_with("CODE_") || name.starts_with("SYSLOG_") || name == "TID";
}

void place(std::string_view pair, Fields& out) {
  const std::size_t end = pair.substr(0, kMaxName + 1).find('=');
  if (end == std::string_view::npos) return;
  const std::string_view name = pair.substr(0, end);
  const std::string_view value = pair.substr(end + 1);
  for (const Slot& slot : kSlots) {
    if (slot.name != name) continue;
    if ((out.*slot.field).empty()) out.*slot.field = value;
    return;
  }
  if (is_noise(name) || out.others.size() > kMaxMessage) return;
  if (out.others.size() > 1) out.others.push_back(',');
  append_json_string(out.others, log_text(name));
  out.others.push_back(':');
  append_json_string(out.others, log_text(value.substr(0, kMaxOther)));
}

void set(std::optional<std::string>& field, std::string_view text) {
  if (!text.empty()) field = log_text(text);
}
void add(Event& event, std::string_view name, std::string_view text) {
  if (!text.empty()) event.attributes.push_back({std::string(name), log_text(text), false});
}

Event make_event(const JournalEntry& entry, const Fields& fields) {
  Event event;
  event.attributes.reserve(12);
  event.when = from_unix_micros(static_cast<std::int64_t>(entry.realtime));
  event.when_meaning = Meaning::kLogged;
  event.record = entry.seqnum;
  set(event.host, fields.hostname);
  set(event.session, fields.session);
  if (const auto uid = decimal(fields.uid); uid && *uid <= 0xffffffffU) event.uid = static_cast<std::uint32_t>(*uid);
  const std::string program = log_text(fields.identifier.empty() ? fields.comm : fields.identifier);
  if (!program.empty()) event.program = program;
  const std::string message = log_text(fields.message.substr(0, kMaxMessage));
  describe_linux_message(program, message, event);
  if (!message.empty()) event.attributes.push_back({"message", message, false});
  if (const auto priority = decimal(fields.priority)) event.attribute("priority", *priority);
  add(event, "pid", fields.pid);
  add(event, "unit", fields.unit);
  add(event, "about_unit", fields.own_unit);
  add(event, "exe", fields.exe);
  add(event, "command_line", fields.command_line);
  add(event, "transport", fields.transport);
  add(event, "message_id", fields.message_id);
  event.attribute("boot_id", to_hex(entry.boot_id));
  if (fields.others.size() > 1) event.attributes.push_back({"fields", fields.others + '}', false});
  return event;
}

class Journal {
 public:
  Journal(const Artifact& in, EventSink& out) : in_(in), out_(out), reader_(in.data) {}
  Outcome read();

 private:
  void emit(const JournalEntry& entry);
  void tell_faults();
  void check_end();

  const Artifact& in_;
  EventSink& out_;
  JournalReader reader_;
  std::uint64_t entries_ = 0, missing_ = 0;
  std::size_t first_missing_at_ = 0;
  bool complete_ = true;
};

void Journal::emit(const JournalEntry& entry) {
  Fields fields;
  std::size_t missing = 0;
  for (std::size_t i = 0; i < std::min(entry.item_count, kMaxItems); ++i) {
    if (const auto pair = reader_.item(entry, i)) {
      place(*pair, fields);
    } else {
      ++missing;
    }
  }
  if (!reader_.spend(std::min(fields.message.size(), kMaxMessage) + fields.others.size() + entry.size)) ++missing;
  Event event = make_event(entry, fields);
  event.locator = in_.at(entry.at, entry.size);
  event.partial = missing > 0;
  if (missing > 0) {
    if (missing_ == 0) first_missing_at_ = entry.at;
    ++missing_;
  }
  ++entries_;
  out_.event(std::move(event));
}

void Journal::tell_faults() {
  while (const auto fault = reader_.take_fault()) {
    complete_ = false;
    out_.damage(fault->truncated ? DamageKind::kTruncated : DamageKind::kRange, fault->at, fault->field,
                fault->truncated ? "the file ends before its last object"
                                 : "no object begins here; the next one is looked for");
  }
}

void Journal::check_end() {
  const JournalHeader& header = *reader_.header();
  if (missing_ > 0) {
    complete_ = false;
    out_.damage(reader_.exhausted() ? DamageKind::kLimit : DamageKind::kRange, first_missing_at_, "data",
                fmt::format("{} entries lack some of their fields", missing_));
  }
  if (entries_ < header.entry_count) {
    complete_ = false;
    out_.damage(DamageKind::kTruncated, in_.data.size(), "entries",
                fmt::format("the header counts {} entries, {} are there", header.entry_count, entries_));
  }
}

Outcome Journal::read() {
  if (!reader_.header()) return Outcome::kNotMine;
  if ((reader_.header()->incompatible_flags & ~kJournalKnownFlags) != 0) {
    out_.damage(DamageKind::kVersion, 12, "incompatible flags",
                fmt::format("flags {:#x} hold some that are not known", reader_.header()->incompatible_flags));
    return Outcome::kUnsupportedVersion;
  }
  JournalEntry entry;
  while (reader_.next(entry)) {
    tell_faults();
    emit(entry);
  }
  tell_faults();
  check_end();
  return complete_ ? Outcome::kComplete : Outcome::kPartial;
}

Outcome parse_journal(const Artifact& in, EventSink& out) { return Journal(in, out).read(); }

constexpr std::array kMagics = {Magic{0, "LPKSHHRH"sv}};
constexpr std::array kOwnFields = {
    FieldSpec{"message", "", "text of the message"},
    FieldSpec{"priority", "count", "0 emergency to 7 debug"},
    FieldSpec{"pid", "", "process that wrote it"},
    FieldSpec{"unit", "", "systemd unit the process belongs to"},
    FieldSpec{"about_unit", "", "systemd unit the message is about"},
    FieldSpec{"exe", "", "program of the process, as the kernel knows it"},
    FieldSpec{"command_line", "", "command line of the process"},
    FieldSpec{"transport", "", "how journald got it: kernel, syslog, stdout, audit, journal …"},
    FieldSpec{"message_id", "", "identifier of the kind of message"},
    FieldSpec{"boot_id", "", "identifier of the system's run since its last start"},
    FieldSpec{"fields", "", "further fields the program gave, as JSON"}};
constexpr auto kFields = [] {
  std::array<FieldSpec, kOwnFields.size() + kMessageFields.size()> out{};
  std::copy(kOwnFields.begin(), kOwnFields.end(), out.begin());
  std::copy(kMessageFields.begin(), kMessageFields.end(), out.begin() + kOwnFields.size());
  return out;
}();
constexpr std::array kReferences = {"https://systemd.io/JOURNAL_FILE_FORMAT/"sv,
                                    "https://man7.org/linux/man-pages/man7/systemd.journal-fields.7.html"sv};

}  // namespace

extern const ArtifactParser systemd_journal;
constinit const ArtifactParser systemd_journal{
    .id = "linux.journal",
    .version = 1,
    .title_en = "systemd journal",
    .title_ja = "systemd ジャーナル",
    .magics = kMagics,
    .paths = {},
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{8ULL << 30},
    .parse = parse_journal,
};

}  // namespace triage
