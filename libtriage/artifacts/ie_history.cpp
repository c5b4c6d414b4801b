// SPDX-License-Identifier: Apache-2.0
// Internet Explorer 5 to 9: index.dat of history, cache, cookies and feeds. Little-endian, FILETIME in UTC but for
// weekly and daily history, whose first stamp is local.
//   file := "Client UrlCache MMF Ver 5.2" NUL, u32 size @28, …, allocation bits @0x250, blocks of 128 bytes from 0x4000
//   url  := "URL " u32 blocks, FILETIME modified @8, FILETIME accessed @16, u32 size @32, u32 location @52,
//           u32 file name @60, u32 data @68, u32 bytes of data @72, u32 hits @84       offsets from the record
//   redr := "REDR" u32 blocks, …, address @16        leak := "LEAK" u32 blocks, …, u32 size @32, u32 file name @60
// Records of blocks that are not allocated are given as recovered. Spec: libyal/libmsiecf, "MSIE Cache File format".
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

constexpr std::size_t kBitmap = 0x250;
constexpr std::size_t kFirstBlock = 0x4000;
constexpr std::size_t kBlock = 128;
constexpr std::uint32_t kMaxBlocks = 4096;
constexpr std::size_t kMaxText = 16384;

enum class IndexKind : std::uint8_t { kCache, kHistory, kPeriod, kCookies };

/// Text from `at` to its NUL; nullopt when it is empty or does not lie inside.
std::optional<std::string> text_at(Bytes record, std::uint64_t at) {
  if (at == 0 || at >= record.size()) return std::nullopt;
  std::string_view text = as_chars(record.subspan(static_cast<std::size_t>(at)));
  text = text.substr(0, std::min(text.find('\0'), kMaxText));
  if (text.empty()) return std::nullopt;
  return decode_name(text);
}

struct Location {
  std::string url;
  std::optional<std::string> user;
  IndexKind kind = IndexKind::kCache;
};

/// "Visited: eve@http://…", ":2013110420131105: eve@…", "Cookie:eve@site/" or the address alone.
Location location_of(const std::string& text) {
  Location out;
  std::string_view rest = text;
  if (rest.starts_with("Visited: ")) {
    out.kind = IndexKind::kHistory;
    rest.remove_prefix(9);
  } else if (rest.starts_with("Cookie:")) {
    out.kind = IndexKind::kCookies;
    rest.remove_prefix(7);
  } else if (rest.size() > 19 && rest.front() == ':' && rest.substr(17, 2) == ": ") {
    out.kind = IndexKind::kPeriod;
    rest.remove_prefix(19);
  }
  const std::size_t at = rest.find('@');
  if (out.kind != IndexKind::kCache && at != std::string_view::npos &&
      rest.substr(0, at).find_first_of(":/") == std::string_view::npos) {
    if (at > 0) out.user = std::string(rest.substr(0, at));
    rest.remove_prefix(at + 1);
  }
  out.url = std::string(rest);
  return out;
}

class IndexReader {
 public:
  IndexReader(const Artifact& in, EventSink& out) : in_(in), out_(out), profile_(browser_profile(in.stream.path)) {}
  Outcome read();

 private:
  [[nodiscard]] bool allocated(std::size_t at) const {
    const std::size_t block = (at - kFirstBlock) / kBlock;
    const auto bits = le_at<std::uint8_t>(in_.data, kBitmap + block / 8);
    return kBitmap + block / 8 < kFirstBlock && (bits >> (block % 8) & 1) != 0;
  }
  Event start(Bytes record, std::size_t at) const;
  void url(Bytes record, std::size_t at);
  void redirect(Bytes record, std::size_t at);
  void leak(Bytes record, std::size_t at);
  void stamp(Event event, std::uint64_t filetime, Meaning meaning, bool local);
  void set_url(Event& event, const std::string& url) const;

  const Artifact& in_;
  EventSink& out_;
  BrowserProfile profile_;
  std::uint64_t records_ = 0, bad_ = 0;
  std::size_t bad_at_ = 0;
};

Event IndexReader::start(Bytes record, std::size_t at) const {
  Event event;
  event.who = profile_.user;
  event.program = "internet explorer";
  event.locator = in_.at(at, record.size());
  event.record = records_;
  event.recovered = !allocated(at);
  return event;
}

void IndexReader::set_url(Event& event, const std::string& url) const {
  if (url.empty()) return;
  event.object_kind = "url";
  event.object = url;
  event.remote = url_host(url);
  if (is_web_url(url)) event.channel = "web";
}

void IndexReader::stamp(Event event, std::uint64_t filetime, Meaning meaning, bool local) {
  event.when = from_filetime(filetime);
  if (event.when.status == TimeStatus::kNotSet) return;
  event.when_meaning = meaning;
  if (local) event.when.basis = TimeBasis::kUnknown;
  out_.event(std::move(event));
}

void IndexReader::url(Bytes record, std::size_t at) {
  const auto modified = le_at<std::uint64_t>(record, 8);
  const auto accessed = le_at<std::uint64_t>(record, 16);
  const auto text = text_at(record, le_at<std::uint32_t>(record, 52));
  if (!text && bad_++ == 0) bad_at_ = at;
  Event event = start(record, at);
  event.what = action::kUrlVisited;
  event.partial = !text;
  const Location location = location_of(text.value_or(""));
  set_url(event, location.url);
  if (location.user) event.who = location.user;
  if (const auto name = text_at(record, le_at<std::uint32_t>(record, 60)); name && location.kind != IndexKind::kHistory)
    event.attribute("cache_file", *name);
  if (const auto size = le_at<std::uint32_t>(record, 32); size != 0 && location.kind == IndexKind::kCache)
    event.object_size = size;
  if (const auto hits = le_at<std::uint32_t>(record, 84); hits != 0) event.attribute("hits", std::uint64_t{hits});
  const bool period = location.kind == IndexKind::kPeriod;
  const bool cache = location.kind == IndexKind::kCache;
  event.how = cache                                  ? "cache"
              : location.kind == IndexKind::kCookies ? "cookie"
              : period                               ? "history of a day or week"
                                                     : "history";
  if (modified == 0 && accessed == 0) {
    out_.event(std::move(event));
    return;
  }
  if (cache || location.kind == IndexKind::kCookies) {
    stamp(event, accessed, Meaning::kAccessed, false);
    stamp(std::move(event), modified, Meaning::kModified, false);
    return;
  }
  stamp(event, period ? modified : accessed, Meaning::kVisited, period);  // the local time of the last visit
  if (period && accessed != modified) stamp(std::move(event), accessed, Meaning::kCreated, false);
}

void IndexReader::redirect(Bytes record, std::size_t at) {
  Event event = start(record, at);
  event.what = action::kUrlVisited;
  event.how = "redirected";
  const auto text = text_at(record, 16);
  if (!text && bad_++ == 0) bad_at_ = at;
  event.partial = !text;
  set_url(event, text.value_or(""));
  out_.event(std::move(event));
}

void IndexReader::leak(Bytes record, std::size_t at) {
  Event event = start(record, at);
  event.what = action::kFileSeen;
  event.object_kind = "file";
  event.how = "cache file that could not be deleted";
  event.object = text_at(record, le_at<std::uint32_t>(record, 60));
  event.partial = !event.object;
  if (const auto size = le_at<std::uint32_t>(record, 32); size != 0 && size != 0xdeadbeef) event.object_size = size;
  out_.event(std::move(event));
}

Outcome IndexReader::read() {
  const auto promised = le_at<std::uint32_t>(in_.data, 28);
  for (std::size_t at = kFirstBlock; holds(in_.data, at, kBlock);) {
    const auto blocks = le_at<std::uint32_t>(in_.data, at + 4);
    const std::string_view kind = as_chars(in_.data.subspan(at, 4));
    const bool known = kind == "URL " || kind == "REDR" || kind == "LEAK" || kind == "HASH";
    if (!known || blocks == 0 || blocks > kMaxBlocks) {
      at += kBlock;
      continue;
    }
    const Bytes record = part(in_.data, at, std::uint64_t{blocks} * kBlock);
    if (kind != "HASH") ++records_;
    if (kind == "URL ") url(record, at);
    if (kind == "REDR") redirect(record, at);
    if (kind == "LEAK") leak(record, at);
    at += std::size_t{blocks} * kBlock;
  }
  if (bad_ > 0) out_.damage(DamageKind::kRange, bad_at_, "location", fmt::format("{} records have no address", bad_));
  const bool cut = promised > in_.data.size();
  if (cut)
    out_.damage(DamageKind::kTruncated, in_.data.size(), "size",
                fmt::format("the file says it has {} bytes", promised));
  return bad_ == 0 && !cut ? Outcome::kComplete : Outcome::kPartial;
}

Outcome parse_index(const Artifact& in, EventSink& out) {
  if (!has_at(in.data, 0, "Client UrlCache MMF Ver 5.")) {
    out.damage(DamageKind::kVersion, 0, "signature", "only version 5 is read");
    return Outcome::kUnsupportedVersion;
  }
  return IndexReader(in, out).read();
}

constexpr std::array kMagics = {Magic{0, "Client UrlCache MMF Ver "}};
constexpr std::array kFields = {FieldSpec{"cache_file", "", "file in the folder of the cache or of the cookies"},
                                FieldSpec{"hits", "count", "times the entry was used"}};
constexpr std::array kReferences = {
    "https://github.com/libyal/libmsiecf/blob/main/documentation/MSIE%20Cache%20File%20(index.dat)%20format.asciidoc"sv};

}  // namespace

extern const ArtifactParser ie_history;
constinit const ArtifactParser ie_history{
    .id = "browser.internet_explorer",
    .version = 1,
    .title_en = "Internet Explorer: index.dat",
    .title_ja = "Internet Explorer の履歴・キャッシュ（index.dat）",
    .magics = kMagics,
    .paths = {},
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{1ULL << 30},
    .parse = parse_index,
};

}  // namespace triage
