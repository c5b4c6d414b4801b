// SPDX-License-Identifier: Apache-2.0
// What mlocate saw (mlocate.db): folders with the time of their last change and the names in them, as they were when
// the index was made. Names of files that are gone stay until the next run. Big-endian.
//   file := 0 "mlocate", u32 bytes of settings, u8 version (0), u8, u16, root NUL, settings, folder…
//   folder := u64 seconds, u32 nanoseconds, u32, path NUL, {u8 kind (0 file, 1 folder) name NUL}, u8 2
// Spec: mlocate.db(5).
#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>

#include "artifacts/parser.h"
#include "bytes/text.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t kMaxPath = 4096 * 4;
constexpr std::size_t kMaxNames = 5'000'000;

std::optional<std::string> take_name(ByteCursor& c, std::string_view field) {
  const std::string_view rest = as_chars(c.data()).substr(c.position(), kMaxPath);
  const std::size_t end = rest.find('\0');
  if (end == std::string_view::npos) {
    c.skip(rest.size(), field);
    c.reject(field);
    return std::nullopt;
  }
  std::string out = decode_name(as_chars(c.take(end, field)));
  c.skip(1, field);
  return out;
}

class LocateReader {
 public:
  LocateReader(const Artifact& in, EventSink& out) : in_(in), out_(out) {}
  Outcome read();

 private:
  bool folder(ByteCursor& c);
  const Artifact& in_;
  EventSink& out_;
  std::uint64_t names_ = 0;
};

bool LocateReader::folder(ByteCursor& c) {
  const std::size_t at = c.position();
  const auto seconds = c.be<std::uint64_t>("seconds");
  const auto nanos = c.be<std::uint32_t>("nanoseconds");
  c.skip(4, "padding");
  const auto path = take_name(c, "path");
  if (!path || seconds > (std::uint64_t{1} << 40) || nanos > 999'999'999) {
    c.reject("folder");
    return false;
  }
  Event event;
  event.what = action::kFileSeen;
  event.how = "mlocate index";
  event.object_kind = "directory";
  if (!path->empty()) event.object = event.path = *path;
  event.when = from_unix(static_cast<std::int64_t>(seconds), nanos, Precision::kNanosecond);
  event.when_meaning = Meaning::kModified;
  event.locator = in_.at(at, c.position() - at);
  out_.event(std::move(event));
  while (c.ok() && names_ < kMaxNames) {
    const std::size_t entry = c.position();
    const auto kind = c.le<std::uint8_t>("kind");
    if (!c.ok() || kind == 2) return c.ok();
    const auto name = take_name(c, "name");
    if (!name || kind > 2) {
      c.reject("kind");
      return false;
    }
    Event one;
    one.what = action::kFileSeen;
    one.how = "mlocate index";
    one.object_kind = kind == 1 ? "directory" : "file";
    one.path = (path->ends_with('/') ? *path : *path + "/") + *name;
    one.object = one.path;
    one.record = ++names_;
    one.locator = in_.at(entry, c.position() - entry);
    out_.event(std::move(one));
  }
  return false;
}

Outcome LocateReader::read() {
  ByteCursor c(in_.data);
  c.skip(8, "signature");
  const auto settings = c.be<std::uint32_t>("settings");
  const auto version = c.le<std::uint8_t>("version");
  if (c.ok() && version != 0) {
    out_.damage(DamageKind::kVersion, 12, "version", "only version 0 is read");
    return Outcome::kUnsupportedVersion;
  }
  c.skip(3, "visibility, padding");
  (void)take_name(c, "root");  // the folders name themselves
  c.skip(settings, "settings");
  while (c.ok() && !c.at_end() && names_ < kMaxNames)
    if (!folder(c)) break;
  if (names_ >= kMaxNames)
    out_.damage(DamageKind::kLimit, c.position(), "names", fmt::format("only {} names are told", kMaxNames));
  out_.fault(c);
  return c.ok() && names_ < kMaxNames ? Outcome::kComplete : Outcome::kPartial;
}

Outcome parse_locate(const Artifact& in, EventSink& out) { return LocateReader(in, out).read(); }

constexpr std::array kMagics = {Magic{0, "\0mlocate"sv}};
constexpr std::array kReferences = {"https://linux.die.net/man/5/mlocate.db"sv};

}  // namespace

extern const ArtifactParser locate_db;
constinit const ArtifactParser locate_db{
    .id = "linux.locate",
    .version = 1,
    .title_en = "Index of file names (mlocate)",
    .title_ja = "ファイル名の索引（mlocate）",
    .magics = kMagics,
    .paths = {},
    .companions = {},
    .fields = {},
    .references = kReferences,
    .max_input = ByteCount{512 << 20},
    .parse = parse_locate,
};

}  // namespace triage
