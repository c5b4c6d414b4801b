// SPDX-License-Identifier: Apache-2.0
// INFO2: what lay in the recycle bin of Windows 95 to XP. Records of 280 (path in the code page) or 800 bytes (and in
// UTF-16LE). A path that begins with a NUL was restored or the bin was emptied: the record is left over.
//   header (20) := u32 version, u32 entries, u32 entries ever, u32 record bytes, u32 total size
//   record := path (260), u32 index, u32 drive, FILETIME deleted, u32 size [, path in UTF-16LE (520)]
// Spec: libyal/dtformats, "Windows Recycle Bin file formats".
#include <fmt/format.h>

#include <array>

#include "artifacts/parser.h"
#include "bytes/text.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t kHeader = 20, kShort = 280, kLong = 800;

void give_record(Bytes data, std::size_t at, const Artifact& in, EventSink& out) {
  ByteCursor c(data);
  const std::string_view raw = as_chars(c.take(260, "path"));
  const auto index = c.le<std::uint32_t>("index");
  const auto drive = c.le<std::uint32_t>("drive");
  const auto deleted = c.le<std::uint64_t>("deleted");
  const auto size = c.le<std::uint32_t>("size");
  const bool gone = !raw.empty() && raw[0] == '\0';
  std::string path = data.size() == kLong ? utf16le_zstring(c.take(520, "path")) : std::string{};
  if (path.empty()) path = decode_name(raw.substr(gone ? 1 : 0, raw.find('\0', 1) - (gone ? 1 : 0)));
  if (path.empty() && deleted == 0) return;  // never used
  Event event;
  event.what = action::kFileRecycled;
  event.when = from_filetime(deleted);
  event.when_meaning = Meaning::kDeleted;
  event.object_kind = "file";
  if (!path.empty()) {
    event.object = path;
    event.path = path;
  }
  event.object_size = size;
  event.how = gone ? "recycle bin: restored or emptied" : "recycle bin";
  event.record = index;
  event.locator = in.at(at, data.size());
  if (drive < 26) event.attribute("drive", std::string(1, static_cast<char>('A' + drive)) + ":");
  out.event(std::move(event));
}

Outcome parse_info2(const Artifact& in, EventSink& out) {
  ByteCursor c(in.data);
  c.skip(12, "version, entries");
  const std::size_t bytes = c.le<std::uint32_t>("record bytes");
  c.skip(4, "total size");
  if (!c.ok()) {
    out.fault(c);
    return Outcome::kPartial;
  }
  if (bytes != kShort && bytes != kLong) {
    out.damage(DamageKind::kRange, 12, "record bytes", fmt::format("records of {} bytes are not known", bytes));
    return Outcome::kUnsupportedVersion;
  }
  while (c.remaining() >= bytes) {
    const std::size_t at = c.position();
    give_record(c.take(bytes, "record"), at, in, out);
  }
  if (c.remaining() == 0) return Outcome::kComplete;
  out.damage(DamageKind::kTruncated, c.position(), "record", "the last record is cut off");
  return Outcome::kPartial;
}

constexpr std::array kMagics = {Magic{0, "\x04\0\0\0"sv}, Magic{0, "\x05\0\0\0"sv}};
constexpr std::array kPaths = {"**/info2"sv};
constexpr std::array kFields = {FieldSpec{"drive", "", "drive the file was deleted from"}};
constexpr std::array kReferences = {
    "https://github.com/libyal/dtformats/blob/main/documentation/Windows%20Recycle.Bin%20file%20formats.asciidoc"sv};

}  // namespace

extern const ArtifactParser recyclebin_info2;
constinit const ArtifactParser recyclebin_info2{
    .id = "windows.recyclebin.info2",
    .version = 1,
    .title_en = "Recycle bin of Windows 95 to XP (INFO2)",
    .title_ja = "Windows 95〜XPのごみ箱(INFO2)",
    .magics = kMagics,
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{64 << 20},
    .parse = parse_info2,
};

}  // namespace triage
