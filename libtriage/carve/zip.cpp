// SPDX-License-Identifier: Apache-2.0
// ZIP and what is kept in one (OOXML, ODF, EPUB, JAR, APK): walks the local entries to the central directory and
// demands that its end record agrees with both. Entries of unknown size are closed by their data descriptor.
//   file := entry* signing_block? central+ (zip64_end locator)? end comment      entry := header name extra data
//   descriptor?
// Not read: split archives, an encrypted central directory.      Spec: PKWARE APPNOTE.TXT 6.3.10 §4.3.
#include <algorithm>
#include <optional>

#include "carve/carver.h"
#include "formats/checksum.h"
#include "formats/file_type.h"
#include "formats/inflate.h"
#include "formats/zip_kind.h"

namespace triage {

extern const Carver zip;

namespace {

constexpr std::string_view kLocal = "PK\x03\x04";
constexpr std::string_view kCentral = "PK\x01\x02";
constexpr std::string_view kEnd = "PK\x05\x06";
constexpr std::string_view kEnd64 = "PK\x06\x06";
constexpr std::string_view kLocator64 = "PK\x06\x07";
constexpr std::string_view kDescriptor = "PK\x07\x08";
constexpr std::uint16_t kHasDescriptor = 0x0008;
constexpr std::uint32_t kIn64 = 0xffffffffU;

struct Walk {
  ZipKind kind;
  std::size_t at = 0;  ///< everything before held
  std::uint64_t entry_count = 0;
  bool ran_out = false;
};

struct Local {
  std::uint16_t version = 0;
  std::uint16_t flags = 0;
  std::uint16_t method = 0;
  std::uint64_t compressed = 0;
  Bytes name;
  std::size_t header_size = 0;
};

std::uint64_t le_at(Bytes data, std::size_t at, std::size_t width) {
  if (at > data.size() || width > data.size() - at) return ~std::uint64_t{0};
  std::uint64_t value = 0;
  for (std::size_t i = width; i > 0; --i) value = value << 8 | std::to_integer<std::uint64_t>(data[at + i - 1]);
  return value;
}

/// The compressed size of a zip64 extra field (§4.5.3): second of the two sizes a local header must hold.
std::optional<std::uint64_t> zip64_size(Bytes extra) {
  ByteCursor cursor(extra);
  while (cursor.ok() && cursor.remaining() >= 4) {
    const auto id = cursor.le<std::uint16_t>("id");
    const auto size = cursor.le<std::uint16_t>("size");
    const Bytes field = cursor.take(size, "field");
    if (id == 1 && field.size() >= 16) return le_at(field, 8, 8);
  }
  return std::nullopt;
}

bool is_sane_name(Bytes name) {
  return !name.empty() && name.size() <= 4096 && as_chars(name).find('\0') == std::string_view::npos;
}

bool is_method(std::uint16_t method) {
  return method <= 10 || method == 12 || method == 14 || method == 18 || method == 19 || (method >= 93 && method <= 99);
}

Local read_local(ByteCursor& cursor) {
  Local local;
  cursor.skip(4, "signature");
  local.version = cursor.le<std::uint16_t>("version");
  local.flags = cursor.le<std::uint16_t>("flags");
  local.method = cursor.le<std::uint16_t>("method");
  cursor.skip(8, "time, crc");
  const auto compressed = cursor.le<std::uint32_t>("compressed");
  cursor.skip(4, "uncompressed");
  const auto name_length = cursor.le<std::uint16_t>("name_length");
  const auto extra_length = cursor.le<std::uint16_t>("extra_length");
  local.name = cursor.take(name_length, "name");
  const Bytes extra = cursor.take(extra_length, "extra");
  local.compressed = compressed;
  if (compressed == kIn64) local.compressed = zip64_size(extra).value_or(compressed);
  local.header_size = cursor.position();
  return local;
}

/// Where the entry whose data begins at `begin` ends when its size stands after the data: at a descriptor or record
/// whose stored compressed size is the distance walked. nullopt when the data ends first.
std::optional<std::size_t> end_of_unsized(Bytes data, std::size_t begin) {
  const std::string_view text = as_chars(data);
  for (std::size_t at = begin; (at = text.find("PK", at)) != std::string_view::npos; at += 2) {
    const std::uint64_t walked = at - begin;
    if (has_at(data, at, kDescriptor)) {
      if (le_at(data, at + 8, 4) == walked && (has_at(data, at + 16, kLocal) || has_at(data, at + 16, kCentral)))
        return at + 16;
      if (le_at(data, at + 8, 8) == walked && data.size() - at >= 24) return at + 24;
      if (le_at(data, at + 8, 4) == walked && data.size() - at >= 16) return at + 16;
    } else if (has_at(data, at, kLocal) || has_at(data, at, kCentral)) {  // a descriptor without its signature
      if (walked >= 12 && le_at(data, at - 8, 4) == walked - 12) return at;
      if (walked >= 20 && le_at(data, at - 16, 8) == walked - 20) return at;
    }
  }
  return std::nullopt;
}

/// One local entry at walk.at; false when it does not hold or the data ends in it.
bool walk_entry(Bytes data, Walk& walk) {
  ByteCursor cursor(data.subspan(walk.at));
  const Local local = read_local(cursor);
  if (!cursor.ok()) return !(walk.ran_out = true);
  if (!is_sane_name(local.name) || !is_method(local.method) || (local.version & 0xff) > 90) return false;
  const std::size_t begin = walk.at + local.header_size;
  const bool sized = (local.flags & kHasDescriptor) == 0 || local.compressed != 0;
  if (sized && local.compressed > data.size() - begin) {
    walk.kind.add(local.name, {});
    return !(walk.ran_out = true);
  }
  if (sized) {
    std::size_t end = begin + static_cast<std::size_t>(local.compressed);
    walk.kind.add(local.name, local.method == 0 ? data.subspan(begin, end - begin) : Bytes{});
    if ((local.flags & kHasDescriptor) != 0) {  // sizes known and a descriptor all the same
      for (const std::size_t width :
           {std::size_t{0}, std::size_t{12}, std::size_t{16}, std::size_t{20}, std::size_t{24}})
        if (has_at(data, end + width, kLocal) || has_at(data, end + width, kCentral)) {
          end += width;
          break;
        }
    }
    walk.at = end;
  } else {
    walk.kind.add(local.name, {});
    const auto end = end_of_unsized(data, begin);
    if (!end) return !(walk.ran_out = true);
    walk.at = *end;
  }
  ++walk.entry_count;
  return true;
}

/// "APK Signing Block": size(le64) … size(le64) magic(16), between the entries and the central directory.
void skip_signing_block(Bytes data, Walk& walk) {
  const std::uint64_t size = le_at(data, walk.at, 8);
  if (size < 32 || size > data.size() - walk.at || data.size() - walk.at - size < 8) return;
  const std::size_t end = walk.at + 8 + static_cast<std::size_t>(size);
  if (has_at(data, end - 16, "APK Sig Block 42")) walk.at = end;
}

/// The central directory at walk.at; false when a header does not hold.
bool walk_central(Bytes data, Walk& walk, std::uint64_t& central_count) {
  const std::size_t first = walk.at;
  while (has_at(data, walk.at, kCentral)) {
    ByteCursor cursor(data.subspan(walk.at));
    cursor.skip(28, "fixed part");
    const auto name = cursor.le<std::uint16_t>("name_length");
    const auto extra = cursor.le<std::uint16_t>("extra_length");
    const auto comment = cursor.le<std::uint16_t>("comment_length");
    cursor.skip(8, "disk, attributes");
    const auto local_at = cursor.le<std::uint32_t>("local_at");
    cursor.skip(std::size_t{name} + extra + comment, "names");
    if (!cursor.ok()) return !(walk.ran_out = true);
    if (local_at != kIn64 && (local_at >= first || !has_at(data, local_at, kLocal))) return false;
    walk.at += cursor.position();
    ++central_count;
  }
  return true;
}

/// The end records at walk.at; true when they agree with what was walked.
bool walk_end(Bytes data, Walk& walk, std::size_t central_at, std::uint64_t central_count) {
  const std::size_t central_end = walk.at;
  if (has_at(data, walk.at, kEnd64)) {
    const std::uint64_t size = le_at(data, walk.at + 4, 8);
    if (size > data.size() - walk.at || data.size() - walk.at - size < 12) return !(walk.ran_out = true);
    walk.at += 12 + static_cast<std::size_t>(size);
    if (has_at(data, walk.at, kLocator64)) walk.at += 20;
  }
  if (data.size() < walk.at || data.size() - walk.at < 22) return !(walk.ran_out = true);
  ByteCursor cursor(data.subspan(walk.at));
  if (!has_at(data, walk.at, kEnd)) return false;
  cursor.skip(8, "signature, disks");
  cursor.skip(2, "entries here");
  const auto entries = cursor.le<std::uint16_t>("entries");
  const auto size = cursor.le<std::uint32_t>("central_size");
  const auto offset = cursor.le<std::uint32_t>("central_offset");
  const auto comment = cursor.le<std::uint16_t>("comment_length");
  const bool same_count = entries == 0xffff || entries == (central_count & 0xffff);
  const bool same_place =
      (offset == kIn64 || offset == central_at) && (size == kIn64 || size == central_end - central_at);
  if (!same_count || !same_place) return false;
  cursor.skip(comment, "comment");
  if (!cursor.ok()) return !(walk.ran_out = true);
  walk.at += cursor.position();
  return true;
}

CarveResult validate(Bytes data) {
  CarveResult result;
  if (!has_at(data, 0, kLocal)) return result;
  Walk walk;
  while (has_at(data, walk.at, kLocal) && walk_entry(data, walk)) {
  }
  if (walk.entry_count == 0 && !walk.ran_out) return result;
  bool whole = false;
  if (!walk.ran_out && !has_at(data, walk.at, kCentral)) skip_signing_block(data, walk);
  const std::size_t central_at = walk.at;
  if (!walk.ran_out && has_at(data, walk.at, kCentral)) {
    std::uint64_t central_count = 0;
    whole = walk_central(data, walk, central_count) && walk_end(data, walk, central_at, central_count);
  } else if (data.size() - std::min(data.size(), walk.at) < 4) {
    walk.ran_out = true;
  }
  result.extension = extension_of_type(walk.kind.type());
  result.grade = whole ? CarveGrade::kComplete : CarveGrade::kTruncated;
  result.more_needed = !whole && walk.ran_out;
  result.length = ByteCount{result.more_needed ? data.size() : walk.at};
  return result;
}

/// Unpacks every member that is stored or deflated and compares its CRC-32 with the central directory's.
bool members_hold(Bytes whole) {
  const std::size_t end = as_chars(whole).rfind(kEnd);
  if (end == std::string_view::npos) return false;
  std::uint64_t at = le_at(whole, end + 16, 4);
  while (has_at(whole, static_cast<std::size_t>(at), kCentral)) {
    const auto field = [&](std::size_t offset, std::size_t width) {
      return le_at(whole, static_cast<std::size_t>(at) + offset, width);
    };
    const std::uint64_t method = field(10, 2);
    const std::uint64_t local = field(42, 4);
    const std::uint64_t begin = local + 30 + le_at(whole, static_cast<std::size_t>(local) + 26, 2) +
                                le_at(whole, static_cast<std::size_t>(local) + 28, 2);
    const std::uint64_t packed = field(20, 4);
    if (local > whole.size() || begin > whole.size() || packed > whole.size() - begin) return false;
    const Bytes content = whole.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(packed));
    constexpr std::uint64_t kMost = 256ULL << 20;
    if (method == 0 && crc32(content) != field(16, 4)) return false;
    if (method == 8 && measure_deflate(content, kMost).crc != field(16, 4)) return false;
    at += 46 + field(28, 2) + field(30, 2) + field(32, 2);
  }
  return true;
}

constexpr CarveMagic kMagics[] = {{0, kLocal}};
constexpr std::string_view kReferences[] = {"PKWARE APPNOTE.TXT 6.3.10", "Android APK Signature Scheme v2"};

}  // namespace

constinit const Carver zip{
    .id = "zip",
    .extension = "zip",
    .title_en = "ZIP archive and documents kept in one",
    .title_ja = "ZIP 書庫と ZIP 形式の文書",
    .magics = kMagics,
    .min_length = ByteCount{22},
    .max_length = ByteCount{4ULL << 30},
    .references = kReferences,
    .validate = validate,
    .gaps = GapRule::kForward,
    .verify = members_hold,
};

}  // namespace triage
