// SPDX-License-Identifier: Apache-2.0
// Last login of every account (/var/log/lastlog): an array by user id, with holes. Little-endian.
//   record := u32 seconds since 1970 UTC, char line[32], char host[256]        never logged in: all zero
// Spec: lastlog(8), glibc bits/utmp.h (struct lastlog). Not read: lastlog2 (SQLite).
#include <fmt/format.h>

#include <array>
#include <string>

#include "artifacts/parser.h"
#include "bytes/text.h"
#include "formats/peek.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t kRecord = 292;
constexpr std::size_t kMaxBad = 100;

/// Text up to the first NUL; nullopt when what follows is not zero or a control byte stands in it.
std::optional<std::string> field_text(Bytes raw) {
  const std::string_view all = as_chars(raw);
  const std::string_view text = all.substr(0, all.find('\0'));
  if (all.find_first_not_of('\0', text.size()) != std::string_view::npos) return std::nullopt;
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20) return std::nullopt;
  return decode_name(text);
}

Outcome parse_lastlog(const Artifact& in, EventSink& out) {
  // A sparse file is given from its first real byte, which need not begin a record.
  const std::uint64_t first = (in.begin + kRecord - 1) / kRecord;
  std::size_t events = 0, bad = 0, bad_at = 0;
  std::uint64_t at = first * kRecord - in.begin;
  for (; holds(in.data, at, kRecord); at += kRecord) {
    const Bytes raw = in.data.subspan(static_cast<std::size_t>(at), kRecord);
    if (is_filled(raw, 0)) continue;
    ByteCursor c(raw);
    const auto seconds = c.le<std::uint32_t>("seconds");
    const auto line = field_text(c.take(32, "line"));
    const auto host = field_text(c.take(256, "host"));
    if (seconds == 0 || !line || !host) {
      if (bad++ == 0) bad_at = static_cast<std::size_t>(at);
      if (events == 0 && bad >= kMaxBad) return Outcome::kNotMine;
      continue;
    }
    Event event;
    event.what = action::kLogonSucceeded;
    event.how = "last login of the account";
    event.when = from_unix(seconds);
    event.when_meaning = Meaning::kConnected;
    event.object_kind = "session";
    const std::uint64_t uid = (in.begin + at) / kRecord;
    if (uid < 0xffffffffU) event.uid = static_cast<std::uint32_t>(uid);
    if (!line->empty()) event.session = event.object = *line;
    if (!host->empty()) event.remote = *host;
    if (event.remote) event.channel = "remote";
    event.record = uid;
    event.locator = in.at(at, kRecord);
    out.event(std::move(event));
    ++events;
  }
  const bool rest = at < in.data.size() && !is_filled(part(in.data, at, kRecord), 0);
  if (events == 0) return in.data.empty() || (bad == 0 && !rest) ? Outcome::kComplete : Outcome::kNotMine;
  if (bad > 0) out.damage(DamageKind::kRange, bad_at, "record", fmt::format("{} records cannot be logins", bad));
  if (rest) out.damage(DamageKind::kTruncated, at, "record", "the last record is cut off");
  return bad == 0 && !rest ? Outcome::kComplete : Outcome::kPartial;
}

constexpr std::array kPaths = {"**/var/log/lastlog"sv, "**/lastlog"sv};
constexpr std::array kReferences = {"https://man7.org/linux/man-pages/man8/lastlog.8.html"sv,
                                    "https://sourceware.org/git/?p=glibc.git;a=blob;f=bits/utmp.h"sv};

}  // namespace

extern const ArtifactParser lastlog;
constinit const ArtifactParser lastlog{
    .id = "linux.lastlog",
    .version = 1,
    .title_en = "Last login of each account (lastlog)",
    .title_ja = "アカウントごとの最終ログイン（lastlog）",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = {},
    .references = kReferences,
    .max_input = ByteCount{1ULL << 30},
    .parse = parse_lastlog,
};

}  // namespace triage
