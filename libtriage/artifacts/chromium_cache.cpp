// SPDX-License-Identifier: Apache-2.0
// Chromium's cache: what was fetched and when. Two forms:
//   simple cache, a file an entry ("0123456789abcdef_0"): header(24) key, body, end record(24), answer, [SHA-256], end
//   record
//     header := u64 magic, u32 version, u32 key bytes, u32 key hash, u32      end := u64 magic, u32 flags, crc, bytes,
//     u32 answer := u32 bytes, u32 flags, [u32 more], i64 requested, i64 answered, [i64], u32 bytes, "HTTP/1.1 200 OK"
//     NUL …
//   block file (data_1): header(8192) with a map of used blocks @80, blocks of 256 bytes:
//     u32 hash, next, rankings, i32 reused, refetched, state, u64 created @24, i32 key bytes @32, u32 long key, …, key
//     @96
// Times are microseconds since 1601 UTC; little-endian. A block that is not in use is recovered.
// Reference: chromium/src net/disk_cache/simple/simple_entry_format.h, blockfile/disk_format.h,
// net/http/http_response_info.cc.
#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>

#include "artifacts/parser.h"
#include "bytes/text.h"
#include "formats/browser_profile.h"
#include "formats/peek.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::string_view kSimple = "\x30\x5c\x72\xa7\x1b\x6d\xfb\xfc"sv;
constexpr std::string_view kSimpleEnd = "\xd8\x41\x0d\x97\x45\x6f\xfa\xf4"sv;
constexpr std::string_view kBlockFile = "\xc3\xca\x04\xc1"sv;
constexpr std::size_t kSimpleHeader = 24;
constexpr std::size_t kEndRecord = 24;
constexpr std::size_t kDigest = 32;
constexpr std::size_t kBlockHeader = 8192;
constexpr std::size_t kMap = 80;
constexpr std::size_t kBlock = 256;
constexpr std::size_t kKey = 96;
constexpr std::uint32_t kMaxKey = 1 << 16;
constexpr std::uint32_t kMoreFlags = 0x80000000;
constexpr std::uint32_t kOriginalTime = 2;
constexpr std::int64_t k1995 = 12'433'392'000'000'000, k2100 = 15'746'918'400'000'000;  // microseconds since 1601

bool believable(std::int64_t micros) { return micros > k1995 && micros < k2100; }

/// The address in a key: "1/0/_dk_https://a https://a https://a/x" ends with it.
std::string url_of(std::string_view key) {
  const std::size_t blank = key.rfind(' ');
  std::string_view url = blank == std::string_view::npos ? key : key.substr(blank + 1);
  if (url.starts_with("1/0/") || url.starts_with("0/0/")) url.remove_prefix(4);
  return to_valid_utf8(url);
}

Event event_of(const Artifact& in, std::string_view key) {
  const BrowserProfile profile = browser_profile(in.stream.path);
  Event event;
  event.what = action::kUrlVisited;
  event.who = profile.user;
  event.program = profile.program;
  event.object_kind = "url";
  event.how = "cache";
  const std::string url = url_of(key);
  if (!url.empty()) event.object = url;
  event.remote = url_host(url);
  if (is_web_url(url)) event.channel = "web";
  return event;
}

struct Answer {
  std::int64_t requested = 0, answered = 0;
  std::string status, type;
};

/// The value of "name: " in the headers, which end with NUL bytes.
std::string header_of(std::string_view headers, std::string_view name) {
  const std::string lower = ascii_lower(headers);
  std::string wanted(1, '\0');
  wanted += name;
  wanted += ": ";
  const std::size_t at = lower.find(wanted);
  if (at == std::string::npos) return {};
  const std::string_view rest = headers.substr(at + wanted.size());
  return to_valid_utf8(rest.substr(0, rest.find('\0')));
}

std::optional<Answer> read_answer(Bytes data) {
  ByteCursor c(data);
  Answer out;
  c.skip(4, "bytes");
  const auto flags = c.le<std::uint32_t>("flags");
  const auto more = (flags & kMoreFlags) != 0 ? c.le<std::uint32_t>("more flags") : 0;
  out.requested = c.le<std::int64_t>("requested");
  out.answered = c.le<std::int64_t>("answered");
  if ((more & kOriginalTime) != 0) c.skip(8, "original answer");
  const auto bytes = c.le<std::uint32_t>("headers");
  if (!c.ok() || !believable(out.requested) || !believable(out.answered)) return std::nullopt;
  const std::string_view headers = as_chars(c.take(std::min<std::size_t>(bytes, c.remaining()), "headers"));
  out.status = to_valid_utf8(headers.substr(0, headers.find('\0')));
  out.type = header_of(headers, "content-type");
  return out;
}

void give_answered(Event event, const Answer& answer, EventSink& out) {
  if (!answer.status.empty()) event.attribute("status", answer.status);
  if (!answer.type.empty()) event.attribute("mime_type", answer.type);
  Event asked = event;
  asked.when = from_webkit(answer.requested);
  asked.when_meaning = Meaning::kSent;
  event.when = from_webkit(answer.answered);
  event.when_meaning = Meaning::kReceived;
  if (answer.requested == answer.answered) {
    event.when_meaning.add(Meaning::kSent);
  } else {
    out.event(std::move(asked));
  }
  out.event(std::move(event));
}

Outcome parse_simple(const Artifact& in, EventSink& out) {
  const auto key_bytes = le_at<std::uint32_t>(in.data, 12);
  if (key_bytes == 0 || key_bytes > kMaxKey || !holds(in.data, kSimpleHeader, key_bytes)) {
    out.damage(DamageKind::kTruncated, kSimpleHeader, "key", "the key is not whole");
    return Outcome::kPartial;
  }
  const std::string_view key = as_chars(in.data.subspan(kSimpleHeader, key_bytes));
  Event event = event_of(in, key);
  event.locator = in.at(0, in.data.size());
  const std::size_t body = kSimpleHeader + key_bytes;
  // From the end: the last end record says how long the answer before it is.
  const std::size_t end = in.data.size() < body + kEndRecord ? 0 : in.data.size() - kEndRecord;
  const auto flags = le_at<std::uint32_t>(in.data, end + 8);
  const std::size_t digest = (flags & 2) != 0 ? kDigest : 0;
  const std::size_t bytes = le_at<std::uint32_t>(in.data, end + 16);
  const bool ended = end != 0 && has_at(in.data, end, kSimpleEnd) && bytes + digest <= end - body;
  const auto answer = ended ? read_answer(in.data.subspan(end - digest - bytes, bytes)) : std::nullopt;
  if (answer) {
    const std::size_t first_end = end - digest - bytes;
    if (first_end >= body + kEndRecord) event.object_size = first_end - kEndRecord - body;
    give_answered(std::move(event), *answer, out);
    return Outcome::kComplete;
  }
  event.partial = true;
  out.event(std::move(event));
  out.damage(ended ? DamageKind::kRange : DamageKind::kTruncated, end, "answer",
             "the server's answer is missing or is none");
  return Outcome::kPartial;
}

/// One block of data_1; false when it is no entry.
bool give_block(const Artifact& in, EventSink& out, std::size_t at, bool used) {
  const auto created = le_at<std::int64_t>(in.data, at + 24);
  const auto key_bytes = le_at<std::uint32_t>(in.data, at + 32);
  const auto long_key = le_at<std::uint32_t>(in.data, at + 36);
  const auto state = le_at<std::int32_t>(in.data, at + 20);
  if (!believable(created) || key_bytes == 0 || key_bytes > kMaxKey || state < 0 || state > 2) return false;
  const Bytes inside = part(in.data, at + kKey, std::min<std::uint64_t>(key_bytes, 4 * kBlock - kKey));
  const std::string_view key = long_key == 0 ? as_chars(inside) : std::string_view{};
  for (const char c : key)
    if (static_cast<unsigned char>(c) < 0x20) return false;
  Event event = event_of(in, key);
  event.partial = key.size() < key_bytes;
  event.when = from_webkit(created);
  event.when_meaning = Meaning::kCreated;
  event.recovered = !used;
  event.locator = in.at(at, std::min<std::uint64_t>(kBlock, in.data.size() - at));
  event.attribute("state", state == 0 ? "in use" : state == 1 ? "evicted" : "doomed");
  if (const auto reused = le_at<std::int32_t>(in.data, at + 12); reused > 0)
    event.attribute("reused", static_cast<std::uint64_t>(reused));
  if (const auto body = le_at<std::int32_t>(in.data, at + 44); body > 0)
    event.object_size = static_cast<std::uint64_t>(body);
  out.event(std::move(event));
  return true;
}

Outcome parse_blocks(const Artifact& in, EventSink& out) {
  if (le_at<std::uint32_t>(in.data, 12) != kBlock) return Outcome::kNotMine;  // the other data_ files hold no entries
  std::size_t bad = 0, bad_at = 0;
  for (std::size_t at = kBlockHeader, block = 0; holds(in.data, at, kBlock); at += kBlock, ++block) {
    const auto bits = le_at<std::uint32_t>(in.data, kMap + block / 32 * 4);
    const bool used = kMap + block / 32 * 4 < kBlockHeader && (bits >> (block % 32) & 1) != 0;
    if (give_block(in, out, at, used) || !used || is_filled(in.data.subspan(at, kBlock), 0)) continue;
    // A key that is longer than its block goes on in the next ones; those are in use and no entries.
    const bool goes_on = at > kBlockHeader && le_at<std::uint32_t>(in.data, at - kBlock + 32) > kBlock - kKey;
    if (!goes_on && bad++ == 0) bad_at = at;
  }
  const std::size_t rest = (in.data.size() - std::min(in.data.size(), kBlockHeader)) % kBlock;
  if (bad > 0) out.damage(DamageKind::kRange, bad_at, "entry", fmt::format("{} blocks in use are no entries", bad));
  if (rest != 0 || in.data.size() < kBlockHeader)
    out.damage(DamageKind::kTruncated, in.data.size(), "block", "the file ends inside a block");
  return bad == 0 && rest == 0 && in.data.size() >= kBlockHeader ? Outcome::kComplete : Outcome::kPartial;
}

Outcome parse_cache(const Artifact& in, EventSink& out) {
  return has_at(in.data, 0, kSimple) ? parse_simple(in, out) : parse_blocks(in, out);
}

constexpr std::array kMagics = {Magic{0, kSimple}, Magic{0, kBlockFile}};
constexpr std::array kFields = {FieldSpec{"status", "", "first line of the answer"},
                                FieldSpec{"mime_type", "", "type the server named"},
                                FieldSpec{"state", "", "in use, evicted or doomed"},
                                FieldSpec{"reused", "count", "how often it was taken from the cache"}};
constexpr std::array kReferences = {
    "https://chromium.googlesource.com/chromium/src/+/main/net/disk_cache/simple/simple_entry_format.h"sv,
    "https://chromium.googlesource.com/chromium/src/+/main/net/disk_cache/blockfile/disk_format.h"sv,
    "https://chromium.googlesource.com/chromium/src/+/main/net/http/http_response_info.cc"sv};

}  // namespace

extern const ArtifactParser chromium_cache;
constinit const ArtifactParser chromium_cache{
    .id = "browser.chromium_cache",
    .version = 1,
    .title_en = "Chrome, Edge and others: cache",
    .title_ja = "Chrome・Edge などのキャッシュ",
    .magics = kMagics,
    .paths = {},
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{1ULL << 30},
    .parse = parse_cache,
};

}  // namespace triage
