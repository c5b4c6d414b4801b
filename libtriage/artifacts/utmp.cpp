// SPDX-License-Identifier: Apache-2.0
// utmp, wtmp, btmp of Linux (glibc): logins, log-outs, failed logins, starts, stops and clock changes, newest last.
// Records have no signature: the layout whose values fit best is taken (384 bytes on x86 and most; 400 bytes with
// 64-bit session and time on aarch64, s390x and others; either byte order).
//   record := type(16) pad(2) pid(32) line[32] id[4] user[32] host[256] exit(16,16) session(32|64) seconds(32|64)
//             micros(32|64) address[16] unused[20]
// Spec: utmp(5), glibc bits/utmp.h.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "artifacts/parser.h"
#include "bytes/text.h"

namespace triage {
namespace {

using namespace std::string_view_literals;

enum Type : std::uint16_t {
  kEmpty,
  kRunLevel,
  kBootTime,
  kNewTime,
  kOldTime,
  kInitProcess,
  kLoginProcess,
  kUserProcess,
  kDeadProcess,
  kAccounting
};
constexpr auto kTypeNames =
    std::to_array<std::string_view>({"empty", "run_level", "boot_time", "new_time", "old_time", "init_process",
                                     "login_process", "user_process", "dead_process", "accounting"});

struct Layout {
  std::size_t record_size;
  bool big;
};
constexpr std::size_t kMaxEmpty = 1000;  // records of zeros that are told one by one

constexpr auto kLayouts = std::to_array<Layout>({{384, false}, {400, false}, {400, true}, {384, true}});

struct Record {
  std::uint16_t type = 0;
  std::uint32_t pid = 0;
  std::string line, id, user, host;
  std::uint16_t exit_termination = 0, exit_status = 0;
  std::uint64_t session = 0;
  std::uint64_t seconds = 0;
  std::uint64_t micros = 0;
  Bytes address;
  bool clean_text = true;  ///< nothing but zeros after the NUL of line and user
};

std::string text_field(Bytes raw, bool* clean = nullptr) {
  const std::string_view chars = as_chars(raw);
  const std::size_t end = std::min(chars.find('\0'), chars.size());
  if (clean != nullptr) *clean = chars.find_first_not_of('\0', end) == std::string_view::npos;
  return to_valid_utf8(chars.substr(0, end));
}

Record read_record(Bytes data, Layout layout) {
  ByteCursor cursor(data);
  const auto u16 = [&](std::string_view f) {
    return layout.big ? cursor.be<std::uint16_t>(f) : cursor.le<std::uint16_t>(f);
  };
  const auto u32 = [&](std::string_view f) {
    return layout.big ? cursor.be<std::uint32_t>(f) : cursor.le<std::uint32_t>(f);
  };
  const auto word = [&](std::string_view f) -> std::uint64_t {
    if (layout.record_size == 384) return u32(f);
    return layout.big ? cursor.be<std::uint64_t>(f) : cursor.le<std::uint64_t>(f);
  };
  Record r;
  bool clean_line = false;
  bool clean_user = false;
  r.type = u16("type");
  cursor.skip(2, "padding");
  r.pid = u32("pid");
  r.line = text_field(cursor.take(32, "line"), &clean_line);
  r.id = text_field(cursor.take(4, "id"));
  r.user = text_field(cursor.take(32, "user"), &clean_user);
  r.host = text_field(cursor.take(256, "host"));
  r.exit_termination = u16("exit_termination");
  r.exit_status = u16("exit_status");
  r.session = word("session");
  r.seconds = word("seconds");
  r.micros = word("micros");
  r.address = cursor.take(16, "address");
  r.clean_text = clean_line && clean_user;
  return r;
}

bool is_zero(Bytes raw) {
  return std::all_of(raw.begin(), raw.end(), [](std::byte b) { return b == std::byte{0}; });
}

/// How well a record of this layout fits: 0 to 3.
int fit(const Record& r) {
  constexpr std::uint64_t kYear2100 = 4102444800;
  const bool time = r.micros < 1'000'000 && r.seconds > 0 && r.seconds < kYear2100;
  if (r.type > kAccounting || r.micros >= 1'000'000 || r.seconds >= kYear2100) return 0;
  return 1 + (time ? 1 : 0) + (r.clean_text ? 1 : 0);
}

/// The layout that fits best, nullptr when the first records are none.
const Layout* choose_layout(Bytes data) {
  constexpr std::size_t kProbed = 64;
  const Layout* best = nullptr;
  std::size_t best_score = 0;  // in thousandths of what is possible
  for (const Layout& layout : kLayouts) {
    const std::size_t count = std::min(data.size() / layout.record_size, kProbed);
    if (count == 0) continue;
    std::size_t score = 0;
    for (std::size_t i = 0; i < count; ++i)
      score +=
          static_cast<std::size_t>(fit(read_record(data.subspan(i * layout.record_size, layout.record_size), layout)));
    score = score * 1000 / (3 * count);
    if (score > best_score) {
      best = &layout;
      best_score = score;
    }
  }
  return best_score >= 700 ? best : nullptr;
}

/// Address in network byte order; IPv4 stands in the first four bytes. nullopt when not set.
std::optional<std::string> address_text(Bytes raw) {
  std::array<unsigned, 16> b{};
  for (std::size_t i = 0; i < raw.size() && i < b.size(); ++i) b[i] = std::to_integer<unsigned>(raw[i]);
  if (std::all_of(b.begin(), b.end(), [](unsigned x) { return x == 0; })) return std::nullopt;
  if (std::all_of(b.begin() + 4, b.end(), [](unsigned x) { return x == 0; }))
    return fmt::format("{}.{}.{}.{}", b[0], b[1], b[2], b[3]);
  std::string out;
  for (std::size_t i = 0; i < 16; i += 2) out += fmt::format("{}{:x}", i == 0 ? "" : ":", b[i] << 8 | b[i + 1]);
  return out;
}

std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

struct Meaningful {
  std::string_view what;
  std::string_view how;
  Meaning meaning;
};

Meaningful meaning_of(const Record& r, bool failed_logins) {
  if (failed_logins && r.type != kEmpty) return {action::kLogonFailed, "failed login", Meaning::kLogged};
  switch (r.type) {
    case kRunLevel:
      if (r.user == "shutdown") return {action::kSystemStopped, "shutdown", Meaning::kEnded};
      return {action::kOther, "change of run level", Meaning::kLogged};
    case kBootTime: return {action::kSystemStarted, "boot", Meaning::kStarted};
    case kNewTime: return {action::kClockChanged, "clock after the change", Meaning::kLogged};
    case kOldTime: return {action::kClockChanged, "clock before the change", Meaning::kLogged};
    case kInitProcess: return {action::kOther, "process started by init", Meaning::kLogged};
    case kLoginProcess: return {action::kOther, "login prompt", Meaning::kLogged};
    case kUserProcess: return {action::kLogonSucceeded, "login", Meaning::kConnected};
    case kDeadProcess: return {action::kLogonEnded, "end of session", Meaning::kDisconnected};
    case kAccounting: return {action::kOther, "accounting", Meaning::kLogged};
    default: return {action::kOther, "empty record", Meaning::kLogged};
  }
}

void set_if(std::optional<std::string>& field, const std::string& value) {
  if (!value.empty()) field = value;
}

Event make_event(const Record& r, bool failed_logins) {
  const Meaningful meaning = meaning_of(r, failed_logins);
  Event event;
  event.what = meaning.what;
  event.how = std::string(meaning.how);
  event.when_meaning = meaning.meaning;
  const bool possible = r.micros < 1'000'000;
  event.when = from_unix(static_cast<std::int64_t>(std::min<std::uint64_t>(r.seconds, INT64_MAX)),
                         possible ? static_cast<std::uint32_t>(r.micros) * 1000 : 0, Precision::kMicrosecond);
  const bool person = failed_logins || r.type == kUserProcess || r.type == kDeadProcess || r.type == kLoginProcess;
  const std::optional<std::string> address = address_text(r.address);
  if (person) {
    set_if(event.session, r.line);
    set_if(event.who, r.user);
    set_if(event.remote, r.host);
    if (!event.remote) event.remote = address;
    event.object_kind = "session";
    set_if(event.object, r.line);
    if (event.remote) event.channel = "remote";
  } else {
    if (!r.line.empty()) event.attribute("line", r.line);
    if (!r.user.empty()) event.attribute("user_field", r.user);
    if (!r.host.empty()) event.attribute("host_field", r.host);
  }
  event.attribute("type", r.type < kTypeNames.size() ? std::string(kTypeNames[r.type]) : std::to_string(r.type));
  event.attribute("pid", std::uint64_t{r.pid});
  if (!r.id.empty()) event.attribute("terminal_id", r.id);
  if (address) event.attribute("address", *address);
  if (r.session != 0) event.attribute("session_id", r.session);
  if (r.exit_termination != 0) event.attribute("exit_termination", std::uint64_t{r.exit_termination});
  if (r.exit_status != 0) event.attribute("exit_status", std::uint64_t{r.exit_status});
  return event;
}

Outcome parse_utmp(const Artifact& in, EventSink& out) {
  const Layout* layout = choose_layout(in.data);
  if (layout == nullptr) return Outcome::kNotMine;
  const bool failed_logins = ascii_lower(file_name(in.stream.path)).starts_with("btmp");
  const std::size_t size = layout->record_size;
  bool whole = true;
  std::size_t empty_count = 0;
  const std::size_t count = in.data.size() / size;
  for (std::size_t i = 0; i < count; ++i) {
    const Bytes raw = in.data.subspan(i * size, size);
    if (is_zero(raw) && ++empty_count > kMaxEmpty) continue;
    const Record record = read_record(raw, *layout);
    if (record.type > kAccounting || record.micros >= 1'000'000) {
      out.damage(DamageKind::kRange, i * size, "record",
                 fmt::format("type {} and {} microseconds cannot be", record.type, record.micros));
      whole = false;
      continue;
    }
    Event event = make_event(record, failed_logins);
    event.locator = in.at(i * size, size);
    event.record = i;
    out.event(std::move(event));
  }
  if (empty_count > kMaxEmpty) {
    out.damage(DamageKind::kLimit, 0, "record", fmt::format("{} empty records, {} are told", empty_count, kMaxEmpty));
    whole = false;
  }
  if (const std::size_t left = in.data.size() - count * size; left != 0) {
    out.damage(DamageKind::kTruncated, count * size, "record",
               fmt::format("a record needs {} bytes, {} are left", size, left));
    whole = false;
  }
  return whole ? Outcome::kComplete : Outcome::kPartial;
}

constexpr std::array kPaths = {"**/utmp"sv, "**/wtmp*"sv, "**/btmp*"sv};
constexpr std::array kFields = {
    FieldSpec{"type", "", "kind of the record: user_process, dead_process, boot_time …"},
    FieldSpec{"pid", "count", "process id"},
    FieldSpec{"terminal_id", "", "id of the terminal line"},
    FieldSpec{"address", "", "address of the other side"},
    FieldSpec{"session_id", "count", "session id"},
    FieldSpec{"exit_termination", "count", "signal that ended the process"},
    FieldSpec{"exit_status", "count", "exit status of the process"},
    FieldSpec{"line", "", "what stands in place of a terminal line in records that are about no session"},
    FieldSpec{"user_field", "", "what stands in place of a user in records that are about no user"},
    FieldSpec{"host_field", "", "what stands in place of a host there; at a start the kernel's version"}};
constexpr std::array kReferences = {"https://man7.org/linux/man-pages/man5/utmp.5.html"sv,
                                    "https://sourceware.org/git/?p=glibc.git;a=blob;f=bits/utmp.h"sv};

}  // namespace

extern const ArtifactParser utmp;
constinit const ArtifactParser utmp{
    .id = "linux.utmp",
    .version = 1,
    .title_en = "Linux logins (utmp, wtmp, btmp)",
    .title_ja = "Linux のログイン記録（utmp・wtmp・btmp）",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{1ULL << 30},
    .parse = parse_utmp,
};

}  // namespace triage
