// SPDX-License-Identifier: Apache-2.0
// Firefox's cache: what was fetched and when. Big-endian, seconds since 1970 UTC.
//   cache2/entries/<SHA-1> := body, u32 hash, u16 hash of each 256 KiB of body, u32 version (1–3), fetched, last
//   fetched,
//     modified, frecency, expires, key bytes, [u32 flags from version 2], key NUL, {name NUL value NUL}, u32 body bytes
//   _CACHE_001_ to 003 (before version 32) := blocks of 256, 1024 or 4096 bytes; an entry begins a block:
//     u16 major (1), minor, u32 place, fetched, last fetched, modified, expires, body bytes, key bytes, info bytes, key
//     NUL
// Reference: mozilla-central netwerk/cache2/CacheFileMetadata.h; libyal/dtformats, "Firefox cache file format".
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

constexpr std::size_t kChunk = 256 << 10;
constexpr std::uint32_t kMaxKey = 1 << 16;
constexpr std::uint32_t k1995 = 788918400;
constexpr std::uint32_t kNever = 0xffffffff;
constexpr std::size_t kOldHeader = 36;

struct Entry {
  std::uint32_t fetches = 0, fetched = 0, modified = 0, expires = 0;
  std::string_view key;
  std::uint64_t body = 0;
  std::uint64_t at = 0, length = 0;
};

/// "O^partitionKey=…,:https://a/x", "a,p,:https://…", "HTTP:http://…": the address behind the tags.
std::string url_of(std::string_view key) {
  std::size_t at = key.find(",:");
  if (at != std::string_view::npos) return to_valid_utf8(key.substr(at + 2));
  if (key.starts_with(":")) return to_valid_utf8(key.substr(1));
  at = key.find(':');
  const bool client =
      at != std::string_view::npos && key.find("://") != at && key.find("://", at + 1) != std::string_view::npos;
  return to_valid_utf8(client ? key.substr(at + 1) : key);
}

void give(const Entry& entry, const Artifact& in, EventSink& out) {
  const BrowserProfile profile = browser_profile(in.stream.path);
  Event event;
  event.what = action::kUrlVisited;
  event.how = "cache";
  event.who = profile.user;
  event.program = profile.program;
  event.object_kind = "url";
  const std::string url = url_of(entry.key);
  if (!url.empty()) event.object = url;
  event.remote = url_host(url);
  if (is_web_url(url)) event.channel = "web";
  if (entry.body > 0) event.object_size = entry.body;
  event.attribute("fetches", std::uint64_t{entry.fetches});
  if (entry.expires > k1995 && entry.expires != kNever)
    if (const auto text = from_unix(entry.expires).text()) event.attribute("expires", *text);
  event.locator = in.at(entry.at, entry.length);
  Event fetched = event;
  fetched.when = from_unix(entry.fetched);
  fetched.when_meaning = Meaning::kAccessed;
  if (entry.fetched == entry.modified) fetched.when_meaning.add(Meaning::kModified);
  out.event(std::move(fetched));
  if (entry.fetched == entry.modified || entry.modified == 0) return;
  event.when = from_unix(entry.modified);
  event.when_meaning = Meaning::kModified;
  out.event(std::move(event));
}

bool clean(std::string_view key) {
  if (key.empty()) return false;
  for (const char c : key)
    if (static_cast<unsigned char>(c) < 0x20) return false;
  return true;
}

Outcome parse_entry(const Artifact& in, EventSink& out) {
  if (in.data.size() < 40) return Outcome::kNotMine;
  const std::uint64_t body = be_at<std::uint32_t>(in.data, in.data.size() - 4);
  const std::uint64_t chunks = (body + kChunk - 1) / kChunk;
  const std::uint64_t at = body + 4 + 2 * chunks;
  const auto version = be_at<std::uint32_t>(in.data, at);
  if (!holds(in.data, at, 32) || version == 0 || version > 16) return Outcome::kNotMine;
  if (version > 3) {
    out.damage(DamageKind::kVersion, at, "version", fmt::format("version {} is not read", version));
    return Outcome::kUnsupportedVersion;
  }
  Entry entry;
  entry.fetches = be_at<std::uint32_t>(in.data, at + 4);
  entry.fetched = be_at<std::uint32_t>(in.data, at + 8);
  entry.modified = be_at<std::uint32_t>(in.data, at + 12);
  entry.expires = be_at<std::uint32_t>(in.data, at + 20);
  const auto key_bytes = be_at<std::uint32_t>(in.data, at + 24);
  const std::uint64_t key_at = at + (version >= 2 ? 32 : 28);
  entry.body = body;
  entry.at = at;
  entry.length = in.data.size() - at;
  entry.key = as_chars(part(in.data, key_at, std::min(key_bytes, kMaxKey)));
  entry.key = entry.key.substr(0, entry.key.find('\0'));
  if (!clean(entry.key) || entry.fetched < k1995) return Outcome::kNotMine;
  give(entry, in, out);
  if (entry.key.size() == key_bytes) return Outcome::kComplete;
  out.damage(DamageKind::kRange, key_at, "key", "the key is shorter than it says");
  return Outcome::kPartial;
}

Outcome parse_old(const Artifact& in, EventSink& out, std::size_t block) {
  std::size_t entries = 0, bad = 0, bad_at = 0;
  for (std::size_t at = 0; holds(in.data, at, kOldHeader); at += block) {
    ByteCursor c(in.data.subspan(at));
    const auto major = c.be<std::uint16_t>("major");
    const auto minor = c.be<std::uint16_t>("minor");
    if (major != 1 || minor == 0 || minor > 64) continue;
    c.skip(4, "place");
    Entry entry;
    entry.fetches = c.be<std::uint32_t>("fetched");
    entry.fetched = c.be<std::uint32_t>("last fetched");
    entry.modified = c.be<std::uint32_t>("modified");
    entry.expires = c.be<std::uint32_t>("expires");
    entry.body = c.be<std::uint32_t>("body bytes");
    const auto key_bytes = c.be<std::uint32_t>("key bytes");
    c.skip(4, "info bytes");
    if (entry.fetched < k1995 || key_bytes == 0 || key_bytes > kMaxKey) continue;
    const bool whole = key_bytes <= c.remaining();
    const std::string_view key = as_chars(c.take(std::min<std::size_t>(key_bytes, c.remaining()), "key"));
    entry.key = key.substr(0, key.find('\0'));
    if (!clean(entry.key)) continue;
    entry.at = at;
    entry.length = c.position();
    if (!whole && bad++ == 0) bad_at = at;
    ++entries;
    give(entry, in, out);
  }
  if (entries == 0) return Outcome::kNotMine;
  if (bad > 0) out.damage(DamageKind::kTruncated, bad_at, "key", fmt::format("{} keys are cut off", bad));
  return bad == 0 ? Outcome::kComplete : Outcome::kPartial;
}

Outcome parse_cache(const Artifact& in, EventSink& out) {
  const std::string_view path = in.stream.path;
  for (const auto& [name, block] :
       {std::pair{"_CACHE_001_"sv, 256}, std::pair{"_CACHE_002_"sv, 1024}, std::pair{"_CACHE_003_"sv, 4096}})
    if (path.ends_with(name)) return parse_old(in, out, static_cast<std::size_t>(block));
  return parse_entry(in, out);
}

constexpr std::array kPaths = {"**/cache2/entries/*"sv, "**/cache2/doomed/*"sv, "**/_CACHE_00?_"sv};
constexpr std::array kFields = {FieldSpec{"fetches", "count", "how often it was fetched or taken from the cache"},
                                FieldSpec{"expires", "", "when it was to be fetched anew, UTC"}};
constexpr std::array kReferences = {
    "https://searchfox.org/mozilla-central/source/netwerk/cache2/CacheFileMetadata.h"sv,
    "https://github.com/libyal/dtformats/blob/main/documentation/Firefox%20cache%20file%20format.asciidoc"sv};

}  // namespace

extern const ArtifactParser firefox_cache;
constinit const ArtifactParser firefox_cache{
    .id = "browser.firefox_cache",
    .version = 1,
    .title_en = "Firefox: cache",
    .title_ja = "Firefox のキャッシュ",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{1ULL << 30},
    .parse = parse_cache,
};

}  // namespace triage
