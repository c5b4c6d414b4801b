// SPDX-License-Identifier: Apache-2.0
// Members of a ZIP by its central directory, or by the local headers where that is missing (a cut archive).
//   end     := 50 4b 05 06 … entries(2 @10) size(4 @12) offset(4 @16) comment_length(2 @20)
//   central := 50 4b 01 02 … flags(2 @8) method(2 @10) … crc(4 @16) packed(4 @20) size(4 @24) name(2 @28) extra(2 @30)
//              comment(2 @32) … local_offset(4 @42) name extra comment
//   local   := 50 4b 03 04 … flags(2 @6) method(2 @8) … crc(4 @14) packed(4 @18) size(4 @22) name(2 @26) extra(2 @28)
// Stored and deflated members are read; zip64 sizes are. Not read: encrypted ones, other methods, split archives.
// Spec: PKWARE APPNOTE.TXT 6.3.10 §4.3.
#include <fmt/format.h>

#include <optional>

#include "bytes/text.h"
#include "formats/checksum.h"
#include "formats/inflate.h"
#include "formats/peek.h"
#include "unpack/members.h"

namespace triage {
namespace {

constexpr std::string_view kLocal = "PK\x03\x04";
constexpr std::string_view kCentral = "PK\x01\x02";
constexpr std::string_view kEnd = "PK\x05\x06";
constexpr std::uint16_t kEncrypted = 0x0001;
constexpr std::uint16_t kHasDescriptor = 0x0008;
constexpr std::uint16_t kUtf8 = 0x0800;
constexpr std::uint64_t kIn64 = 0xffffffff;

struct Entry {
  std::uint16_t flags = 0;
  std::uint16_t method = 0;
  std::uint32_t crc = 0;
  std::uint64_t packed = 0;
  std::uint64_t size = 0;
  std::uint64_t local = 0;
  Bytes name;
};

/// Sizes and place that did not fit in 32 bits stand in extra field 1, in this order, each only where it is needed.
void read_zip64(Bytes extra, Entry& entry) {
  ByteCursor cursor(extra);
  while (cursor.ok() && cursor.remaining() >= 4) {
    const auto id = cursor.le<std::uint16_t>("id");
    const Bytes field = cursor.take(cursor.le<std::uint16_t>("size"), "field");
    if (id != 1) continue;
    std::uint64_t at = 0;
    for (std::uint64_t* value : {&entry.size, &entry.packed, &entry.local}) {
      if (*value != kIn64) continue;
      *value = le_at<std::uint64_t>(field, at);
      at += 8;
    }
  }
}

std::string name_of(const Entry& entry) {
  const std::string_view raw = as_chars(entry.name);
  return (entry.flags & kUtf8) != 0 ? to_valid_utf8(raw) : decode_name(raw);
}

/// Tells one member whose packed bytes begin at `begin`. False ends the archive.
bool tell_entry(Unpacking& job, const Entry& entry, std::uint64_t begin) {
  const std::string name = name_of(entry);
  if (name.ends_with('/')) return true;  // a folder
  const auto refuse = [&](DamageKind kind, std::string_view why) {
    job.sink.damage(kind, entry.local, "member", fmt::format("{}: {}", name, why));
    return true;
  };
  if ((entry.flags & kEncrypted) != 0) return refuse(DamageKind::kVersion, "encrypted, not read");
  if (entry.method != 0 && entry.method != 8)
    return refuse(DamageKind::kVersion, fmt::format("packed by method {}, which is not read", entry.method));
  const Bytes packed = part(job.data, begin, entry.packed);
  UnpackedMember member{name, "zip", begin, packed, packed.size() == entry.packed, false};
  std::vector<std::byte> content;
  if (entry.method == 8) {
    const DeflateMeasure measure = inflate_into(packed, job.allowed(packed.size()), content);
    if (measure.end == DeflateEnd::kLimit) return refuse(DamageKind::kLimit, "larger than is unpacked");
    member.content = content;
    member.whole = measure.end == DeflateEnd::kWhole;
    member.checked = member.whole && measure.crc == entry.crc;
  } else {
    if (packed.size() > job.allowed(packed.size())) return refuse(DamageKind::kLimit, "larger than is unpacked");
    member.checked = member.whole && crc32(packed) == entry.crc;
  }
  if (member.content.empty() && !member.checked) return refuse(DamageKind::kTruncated, "its content is not there");
  if (!member.checked) (void)refuse(DamageKind::kChecksum, "its content does not have the checksum it should");
  return job.tell(member);
}

std::optional<std::uint64_t> content_begin(Bytes data, std::uint64_t local) {
  if (!holds(data, local, 30) || !has_at(data, static_cast<std::size_t>(local), kLocal)) return std::nullopt;
  return local + 30 + le_at<std::uint16_t>(data, local + 26) + le_at<std::uint16_t>(data, local + 28);
}

/// Where the central directory's end record stands; it is the last one that reaches to the end with its comment.
std::optional<std::uint64_t> find_end(Bytes data) {
  constexpr std::size_t kReach = 22 + 0xffff;
  const std::size_t from = data.size() - std::min(data.size(), kReach);
  const std::size_t at = as_chars(data.subspan(from)).rfind(kEnd);
  if (at == std::string_view::npos || !holds(data, from + at, 22)) return std::nullopt;
  return from + at;
}

/// False where there is no directory to go by.
bool by_directory(Unpacking& job) {
  const auto end = find_end(job.data);
  if (!end) return false;
  const std::uint64_t size = le_at<std::uint32_t>(job.data, *end + 12);
  const std::uint64_t stated = le_at<std::uint32_t>(job.data, *end + 16);
  // Bytes before the archive (a self-extracting one) shift every offset; a zip64 directory states its own place.
  std::uint64_t at = size <= *end ? *end - size : 0;
  std::uint64_t shift = at - std::min(at, stated);
  if (!has_at(job.data, static_cast<std::size_t>(at), kCentral)) {
    at = stated;
    shift = 0;
    if (has_at(job.data, static_cast<std::size_t>(*end - std::min<std::uint64_t>(*end, 20)), "PK\x06\x07")) {
      const std::uint64_t end64 = le_at<std::uint64_t>(job.data, *end - 12);
      at = le_at<std::uint64_t>(job.data, end64 <= *end ? end64 + 48 : 0);
    }
  }
  if (at >= *end || !has_at(job.data, static_cast<std::size_t>(at), kCentral)) return false;
  while (at < *end && has_at(job.data, static_cast<std::size_t>(at), kCentral)) {
    ByteCursor cursor(part(job.data, at, job.data.size()));
    cursor.skip(8, "signature, versions");
    Entry entry;
    entry.flags = cursor.le<std::uint16_t>("flags");
    entry.method = cursor.le<std::uint16_t>("method");
    cursor.skip(4, "time");
    entry.crc = cursor.le<std::uint32_t>("crc");
    entry.packed = cursor.le<std::uint32_t>("packed");
    entry.size = cursor.le<std::uint32_t>("size");
    const auto name_length = cursor.le<std::uint16_t>("name_length");
    const auto extra_length = cursor.le<std::uint16_t>("extra_length");
    const auto comment_length = cursor.le<std::uint16_t>("comment_length");
    cursor.skip(8, "disk, attributes");
    entry.local = cursor.le<std::uint32_t>("local_offset");
    entry.name = cursor.take(name_length, "name");
    read_zip64(cursor.take(extra_length, "extra"), entry);
    cursor.skip(comment_length, "comment");
    if (!cursor.ok()) {
      job.sink.damage(DamageKind::kTruncated, at, "central", "the directory of the archive ends early");
      return true;
    }
    at += cursor.position();
    entry.local += shift;
    const auto begin = content_begin(job.data, entry.local);
    if (!begin) {
      job.sink.damage(DamageKind::kRange, entry.local, "member", name_of(entry) + ": does not stand where it should");
    } else if (!tell_entry(job, entry, *begin)) {
      return true;
    }
  }
  return true;
}

/// One member after the other from the front, as far as their sizes are known.
void by_local_headers(Unpacking& job) {
  std::uint64_t at = 0;
  while (const auto begin = content_begin(job.data, at)) {
    Entry entry;
    entry.flags = le_at<std::uint16_t>(job.data, at + 6);
    entry.method = le_at<std::uint16_t>(job.data, at + 8);
    entry.crc = le_at<std::uint32_t>(job.data, at + 14);
    entry.packed = le_at<std::uint32_t>(job.data, at + 18);
    entry.size = le_at<std::uint32_t>(job.data, at + 22);
    entry.local = at;
    entry.name = part(job.data, at + 30, le_at<std::uint16_t>(job.data, at + 26));
    read_zip64(part(job.data, at + 30 + entry.name.size(), le_at<std::uint16_t>(job.data, at + 28)), entry);
    if ((entry.flags & kHasDescriptor) != 0 && entry.packed == 0) {
      if (entry.method != 8) break;  // its end is told by nothing
      const DeflateMeasure measure = measure_deflate(part(job.data, *begin, job.data.size()), job.budget.member_bytes);
      if (measure.end != DeflateEnd::kWhole) break;
      entry.packed = measure.consumed;
      const std::uint64_t after = *begin + measure.consumed;
      const std::uint64_t marked = has_at(job.data, static_cast<std::size_t>(after), "PK\x07\x08") ? 4 : 0;
      entry.crc = le_at<std::uint32_t>(job.data, after + marked);
      if (!tell_entry(job, entry, *begin)) return;
      at = after + marked + 12;
      continue;
    }
    if (!tell_entry(job, entry, *begin) || entry.packed > job.data.size()) return;
    at = *begin + entry.packed;
  }
}

}  // namespace

void unpack_zip(Unpacking& job) {
  if (by_directory(job)) return;
  job.sink.damage(DamageKind::kTruncated, 0, "central", "the archive has no directory; its members are read in order");
  by_local_headers(job);
}

}  // namespace triage
