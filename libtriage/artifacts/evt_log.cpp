// SPDX-License-Identifier: Apache-2.0
// Event logs of Windows NT 4 to 2003 (*.evt). Little-endian, seconds since 1970 UTC.
//   file := u32 0x30, "LfLe", u32 major, minor, first, end, next number, oldest number, size, flags, retention, 0x30
//   record := u32 size, "LfLe", u32 number, generated, written, event id, u16 type, strings, category, flags, u32,
//             strings at, SID bytes, SID at, data bytes, data at, source (UTF-16), computer, SID, strings, data, u32
//             size
// The file is a ring: a record may go on behind the header. Records that the ring no longer holds are recovered.
// Spec: Microsoft Learn, "Event Log File Format", EVENTLOGRECORD; libyal/libevt.
#include <fmt/format.h>

#include <array>
#include <string>
#include <vector>

#include "artifacts/parser.h"
#include "bytes/text.h"
#include "formats/peek.h"
#include "formats/windows_sid.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t kHeader = 48;
constexpr std::size_t kFixed = 56;
constexpr std::uint32_t kMaxRecord = 1 << 20;
constexpr std::size_t kMaxStrings = 256;

struct Row {
  std::string_view source;
  std::uint32_t id;
  std::string_view what, how;
};
constexpr Row kRows[] = {{"Security", 528, action::kLogonSucceeded, "logon"},
                         {"Security", 540, action::kLogonSucceeded, "logon over the network"},
                         {"Security", 529, action::kLogonFailed, "logon failed: name or password"},
                         {"Security", 530, action::kLogonFailed, "logon failed: time"},
                         {"Security", 531, action::kLogonFailed, "logon failed: account disabled"},
                         {"Security", 532, action::kLogonFailed, "logon failed: account expired"},
                         {"Security", 533, action::kLogonFailed, "logon failed: not here"},
                         {"Security", 534, action::kLogonFailed, "logon failed: not this way"},
                         {"Security", 535, action::kLogonFailed, "logon failed: password expired"},
                         {"Security", 539, action::kLogonFailed, "logon failed: account locked"},
                         {"Security", 538, action::kLogonEnded, "logoff"},
                         {"Security", 551, action::kLogonEnded, "logoff by the user"},
                         {"Security", 592, action::kProgramRun, "process created"},
                         {"Security", 517, action::kLogCleared, "audit log cleared"},
                         {"Security", 624, action::kAccountChanged, "account created"},
                         {"Security", 630, action::kAccountChanged, "account deleted"},
                         {"Security", 520, action::kClockChanged, "system time changed"},
                         {"EventLog", 6005, action::kSystemStarted, "event log started"},
                         {"EventLog", 6006, action::kSystemStopped, "event log stopped"},
                         {"EventLog", 6008, action::kSystemStopped, "unexpected shutdown"},
                         {"Service Control Manager", 7036, action::kServiceStarted, "service changed its state"}};

std::string_view type_name(std::uint16_t type) {
  switch (type) {
    case 0: return "success";
    case 1: return "error";
    case 2: return "warning";
    case 4: return "information";
    case 8: return "audit success";
    case 16: return "audit failure";
    default: return "";
  }
}

std::string take_text(Bytes record, std::size_t& at) {
  const std::string out = utf16le_zstring(part(record, at, record.size()));
  while (holds(record, at, 2) && le_at<std::uint16_t>(record, at) != 0) at += 2;
  at += 2;
  return out;
}

class EvtReader {
 public:
  EvtReader(const Artifact& in, EventSink& out) : in_(in), out_(out) {}
  Outcome read();

 private:
  void make_ring(std::uint32_t first);
  [[nodiscard]] std::size_t in_file(std::size_t ring_at) const {
    return ring_at < tail_ ? first_ + ring_at : kHeader + (ring_at - tail_);
  }
  /// Bytes of the record; 0 when there is none.
  std::size_t give(std::size_t ring_at, bool live);
  void describe(Bytes record, Event& event) const;

  const Artifact& in_;
  EventSink& out_;
  std::vector<std::byte> ring_;  ///< from the first record to the end of the file, then from behind the header
  std::size_t first_ = kHeader, tail_ = 0;
  std::uint64_t events_ = 0, bad_ = 0;
  std::size_t bad_at_ = 0;
};

void EvtReader::make_ring(std::uint32_t first) {
  first_ = first >= kHeader && first < in_.data.size() ? first : kHeader;
  const Bytes tail = in_.data.subspan(first_);
  const Bytes head = in_.data.subspan(kHeader, first_ - kHeader);
  tail_ = tail.size();
  ring_.assign(tail.begin(), tail.end());
  ring_.insert(ring_.end(), head.begin(), head.end());
}

void EvtReader::describe(Bytes record, Event& event) const {
  const auto id = le_at<std::uint32_t>(record, 20);
  const auto type = le_at<std::uint16_t>(record, 24);
  std::size_t at = kFixed;
  const std::string source = take_text(record, at);
  const std::string computer = take_text(record, at);
  if (!computer.empty()) event.host = computer;
  if (!source.empty()) event.program = source;
  const auto sid_bytes = le_at<std::uint32_t>(record, 40);
  const auto sid_at = le_at<std::uint32_t>(record, 44);
  if (sid_bytes >= 8 && holds(record, sid_at, sid_bytes))
    if (const std::string sid = sid_text(record.subspan(sid_at, sid_bytes)); !sid.empty()) event.sid = sid;
  event.what = action::kLogRecorded;
  event.how = "event log: " + (source.empty() ? std::string("unknown source") : source);
  for (const Row& row : kRows)
    if (row.source == source && row.id == (id & 0xffff)) {
      event.what = row.what;
      event.how = std::string(row.how);
    }
  std::string strings;
  std::size_t text_at = le_at<std::uint32_t>(record, 36);
  const std::size_t count = std::min<std::size_t>(le_at<std::uint16_t>(record, 26), kMaxStrings);
  for (std::size_t i = 0; i < count && text_at < record.size(); ++i) {
    const std::string text = take_text(record, text_at);
    if (i == 0 &&
        (event.what == action::kLogonSucceeded || event.what == action::kLogonFailed ||
         event.what == action::kLogonEnded) &&
        !text.empty())
      event.who = text;
    strings += (i == 0 ? "" : "\n") + text;
  }
  event.attribute("event_id", std::uint64_t{id & 0xffff});
  if (const auto name = type_name(type); !name.empty()) event.attribute("type", name);
  if (const auto category = le_at<std::uint16_t>(record, 28); category != 0)
    event.attribute("category", std::uint64_t{category});
  if (!strings.empty()) event.attribute("strings", strings);
}

/// The record whose size stands at `ring_at`.
std::size_t EvtReader::give(std::size_t ring_at, bool live) {
  const Bytes ring = ring_;
  const auto size = le_at<std::uint32_t>(ring, ring_at);
  if (size < kFixed + 4 || size > kMaxRecord || size % 4 != 0 || !holds(ring, ring_at, size)) return 0;
  if (!has_at(ring, ring_at + 4, "LfLe")) return 0;
  Bytes record = ring.subspan(ring_at, size);
  const bool whole = le_at<std::uint32_t>(record, size - 4) == size;
  if (!whole) {  // overwritten from behind, perhaps by a record
    std::size_t next = as_chars(record).find("LfLe", 8);
    while (next != std::string_view::npos && next % 4 != 0) next = as_chars(record).find("LfLe", next + 1);
    if (next != std::string_view::npos) record = record.first(next - 4);
    if (record.size() < kFixed) return 0;
  }
  Event event;
  event.partial = !whole;
  event.when = from_unix(le_at<std::uint32_t>(record, 12));
  event.when_meaning = Meaning::kLogged;
  event.object_kind = "event";
  event.record = le_at<std::uint32_t>(record, 8);
  event.recovered = !live;
  const std::size_t at = in_file(ring_at);
  event.locator = in_.at(at, std::min<std::size_t>(record.size(), in_.data.size() - at));
  if (live && !whole && bad_++ == 0) bad_at_ = at;
  describe(record, event);
  const auto written = le_at<std::uint32_t>(record, 16);
  if (written != le_at<std::uint32_t>(record, 12))
    if (const auto text = from_unix(written).text()) event.attribute("written", *text);
  ++events_;
  out_.event(std::move(event));
  return record.size();
}

Outcome EvtReader::read() {
  make_ring(le_at<std::uint32_t>(in_.data, 16));
  const Bytes ring = ring_;
  std::size_t at = 0;
  bool live = true;  // until the mark of the end
  while (holds(ring, at, 8)) {
    const auto size = le_at<std::uint32_t>(ring, at);
    if (live && size == 0x28 && le_at<std::uint32_t>(ring, at + 4) == 0x11111111) {
      live = false;
      at += 0x28;
    } else if (const std::size_t taken = has_at(ring, at + 4, "LfLe") ? give(at, live) : 0; taken != 0) {
      at += taken;
    } else {
      if (live && has_at(ring, at + 4, "LfLe") && bad_++ == 0) bad_at_ = in_file(at);
      at += 4;
    }
  }
  if (bad_ > 0) out_.damage(DamageKind::kRange, bad_at_, "record", fmt::format("{} records are not whole", bad_));
  if (live) out_.damage(DamageKind::kTruncated, in_.data.size(), "end", "the mark behind the last record is missing");
  return bad_ == 0 && !live ? Outcome::kComplete : Outcome::kPartial;
}

Outcome parse_evt(const Artifact& in, EventSink& out) {
  if (in.data.size() < kHeader || le_at<std::uint32_t>(in.data, 0) != kHeader) return Outcome::kNotMine;
  return EvtReader(in, out).read();
}

constexpr std::array kMagics = {Magic{4, "LfLe"}};
constexpr std::array kFields = {FieldSpec{"event_id", "count", "number of the event"},
                                FieldSpec{"type", "", "error, warning, information, audit …"},
                                FieldSpec{"category", "count", "category of the source"},
                                FieldSpec{"strings", "", "what is put into the message, one a line"},
                                FieldSpec{"written", "", "when it was written where that is later, UTC"}};
constexpr std::array kReferences = {
    "https://learn.microsoft.com/windows/win32/eventlog/event-log-file-format"sv,
    "https://github.com/libyal/libevt/blob/main/documentation/Windows%20Event%20Log%20(EVT)%20format.asciidoc"sv};

}  // namespace

extern const ArtifactParser evt_log;
constinit const ArtifactParser evt_log{
    .id = "windows.event_log_old",
    .version = 1,
    .title_en = "Event logs of Windows XP and 2003 (EVT)",
    .title_ja = "Windows XP・2003 のイベントログ（EVT）",
    .magics = kMagics,
    .paths = {},
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{512 << 20},
    .parse = parse_evt,
};

}  // namespace triage
