// SPDX-License-Identifier: Apache-2.0
// Windows recycle bin (Vista and later): what was thrown away, from where, how large, when. One $I file per deleted
// file or folder; the content is the $R file of the same name. Not INFO2 (XP and before). Little-endian, UTF-16LE.
//   version 1 := u64 1, u64 size, FILETIME deleted, 260 units of path (NUL-filled)
//   version 2 := u64 2, u64 size, FILETIME deleted, u32 units, path (units with the NUL)
// Spec: libyal/dtformats, "Windows Recycle.Bin file formats", $I.
#include <algorithm>
#include <array>
#include <string>

#include "artifacts/parser.h"
#include "bytes/text.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t kVersion1Units = 260;
constexpr std::size_t kMaxUnits = 32768;  // longest path Windows has
constexpr std::string_view kFolder = "$recycle.bin/";

struct Entry {
  std::uint64_t version = 0;
  std::uint64_t size = 0;
  std::uint64_t deleted = 0;
  std::string path;
  std::size_t end = 0;
};

Entry parse_entry(ByteCursor& cursor) {
  Entry out;
  out.version = cursor.le<std::uint64_t>("version");
  out.size = cursor.le<std::uint64_t>("size");
  out.deleted = cursor.le<std::uint64_t>("deleted");
  std::size_t units = kVersion1Units;
  if (out.version == 2) units = cursor.le<std::uint32_t>("path length");
  if (!cursor.ok()) return out;
  if (units > kMaxUnits) {
    cursor.reject("path length");
    units = 0;
  }
  const std::size_t begin = cursor.position();
  const std::size_t there = std::min(units * 2, cursor.remaining());
  // What is left of a cut path is still a fact; the fault below says that it was cut.
  out.path = utf16le_zstring(cursor.data().subspan(begin, there));
  out.end = begin + there;
  cursor.take(units * 2, "path");
  return out;
}

/// The SID of `…/$Recycle.Bin/S-1-5-21-…/$I…`, and the name of the content beside it.
void describe_place(const Stream& stream, Event& event) {
  const std::string lower = ascii_lower(stream.path);
  const std::size_t folder = lower.rfind(kFolder);
  if (folder != std::string::npos) {
    const std::size_t begin = folder + kFolder.size();
    const std::string sid = stream.path.substr(begin, stream.path.find('/', begin) - begin);
    if (sid.starts_with("S-1-")) event.sid = sid;
  }
  std::string name = stream.path.substr(stream.path.rfind('/') + 1);
  if (name.starts_with("$I")) {
    name[1] = 'R';
    event.attribute("content_name", name);
  }
}

Outcome parse_recyclebin(const Artifact& in, EventSink& out) {
  ByteCursor cursor(in.data);
  const Entry entry = parse_entry(cursor);
  if (in.data.size() < 8) return Outcome::kNotMine;
  if (cursor.position() < 24) {  // not even size and time
    out.fault(cursor);
    return Outcome::kPartial;
  }
  Event event;
  event.when = from_filetime(entry.deleted);
  event.when_meaning = Meaning::kDeleted;
  event.what = action::kFileRecycled;
  event.object_kind = "file";
  event.object_size = entry.size;
  event.how = "recycle bin";
  if (!entry.path.empty()) {
    event.object = entry.path;
    event.path = entry.path;
  }
  event.locator = in.at(0, entry.end);
  event.partial = !cursor.ok();
  event.attribute("format_version", entry.version);
  describe_place(in.stream, event);
  if (event.when.status == TimeStatus::kOutOfRange)
    out.damage(DamageKind::kRange, 16, "deleted", "the time of deletion is no date");
  out.event(std::move(event));
  out.fault(cursor);
  return cursor.ok() ? Outcome::kComplete : Outcome::kPartial;
}

constexpr std::array kMagics = {Magic{0, "\x01\0\0\0\0\0\0\0"sv}, Magic{0, "\x02\0\0\0\0\0\0\0"sv}};
constexpr std::array kPaths = {"**$Recycle.Bin/**/$I*"sv, "**/$I??????"sv, "**/$I??????.*"sv, "$I??????"sv,
                               "$I??????.*"sv};
constexpr std::array kFields = {
    FieldSpec{"format_version", "count", "version of the $I record, 1 to Windows 8.1, 2 from Windows 10"},
    FieldSpec{"content_name", "", "name of the file beside it that holds the content"}};
constexpr std::array kReferences = {
    "https://github.com/libyal/dtformats/blob/main/documentation/Windows%20Recycle.Bin%20file%20formats.asciidoc"sv};

}  // namespace

extern const ArtifactParser recyclebin;
constinit const ArtifactParser recyclebin{
    .id = "windows.recyclebin",
    .version = 1,
    .title_en = "Windows recycle bin",
    .title_ja = "Windowsのごみ箱",
    .magics = kMagics,
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{1 << 20},
    .parse = parse_recyclebin,
};

}  // namespace triage
