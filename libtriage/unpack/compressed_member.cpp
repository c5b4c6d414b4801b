// SPDX-License-Identifier: Apache-2.0
// gzip (RFC 1952), xz and Zstandard (RFC 8878): files of one member. Several gzip members or zstd frames that follow
// one another are one content, as their own tools have it.
#include <cstring>

#include "bytes/text.h"
#include "bytes/zstd_reader.h"
#include "formats/inflate.h"
#include "formats/peek.h"
#include "formats/xz.h"
#include "unpack/members.h"

namespace triage {
namespace {

struct GzipHead {
  std::uint64_t size = 0;
  std::string name;
};

std::string zstring(ByteCursor& cursor) {
  std::string out;
  for (int i = 0; i < 4096 && cursor.ok(); ++i) {
    const auto c = cursor.le<std::uint8_t>("string");
    if (c == 0) break;
    out.push_back(static_cast<char>(c));
  }
  return out;
}

/// RFC 1952 §2.3; size 0 where none stands at `at`.
GzipHead gzip_head(Bytes data, std::uint64_t at) {
  GzipHead head;
  ByteCursor cursor(part(data, at, data.size()));
  const Bytes fixed = cursor.take(10, "header");
  if (!cursor.ok() || !has_at(fixed, 0, "\x1f\x8b\x08")) return head;
  const auto flags = std::to_integer<unsigned>(fixed[3]);
  if ((flags & 4) != 0) cursor.skip(cursor.le<std::uint16_t>("extra_size"), "extra");
  if ((flags & 8) != 0) head.name = zstring(cursor);
  if ((flags & 16) != 0) (void)zstring(cursor);  // the comment
  if ((flags & 2) != 0) cursor.skip(2, "header crc");
  if (cursor.ok()) head.size = cursor.position();
  return head;
}

void gzip_content(Unpacking& job, UnpackedMember& member, std::vector<std::byte>& content) {
  std::uint64_t at = 0;
  member.whole = member.checked = true;
  for (int members = 0; members < 4096; ++members) {
    const GzipHead head = gzip_head(job.data, at);
    if (head.size == 0) break;
    if (members == 0 && !head.name.empty()) member.name = stem_of(decode_name(head.name), "/");
    const Bytes packed = part(job.data, at + head.size, job.data.size());
    const std::uint64_t allowed = job.allowed(job.data.size());
    if (content.size() >= allowed) {
      member.whole = false;
      break;
    }
    const DeflateMeasure measure = inflate_into(packed, allowed - content.size(), content);
    const std::uint64_t trailer = at + head.size + measure.consumed;
    const bool ended = measure.end == DeflateEnd::kWhole && holds(job.data, trailer, 8);
    const bool right = ended && le_at<std::uint32_t>(job.data, trailer) == measure.crc;
    member.whole = member.whole && ended;
    member.checked = member.checked && right;
    if (measure.end == DeflateEnd::kLimit)
      job.sink.damage(DamageKind::kLimit, at, "", "more comes out than is unpacked; the rest is left out");
    else if (!right)
      job.sink.damage(ended ? DamageKind::kChecksum : DamageKind::kTruncated, at, "",
                      ended ? "the content does not have the checksum it should" : "the compressed data breaks off");
    if (!right) break;
    at = trailer + 8;
  }
}

void zstd_content(Unpacking& job, UnpackedMember& member, std::vector<std::byte>& content) {
  std::size_t at = 0;
  ZstdReader reader([&](std::span<std::byte> out) -> Result<std::size_t> {
    const Bytes next = part(job.data, at, out.size());
    if (!next.empty()) std::memcpy(out.data(), next.data(), next.size());
    at += next.size();
    return next.size();
  });
  const std::uint64_t allowed = job.allowed(job.data.size());
  constexpr std::size_t kStep = 256 * 1024;
  for (;;) {
    const std::size_t had = content.size();
    if (had >= allowed) {
      job.sink.damage(DamageKind::kLimit, 0, "", "more comes out than is unpacked; the rest is left out");
      return;
    }
    content.resize(had + kStep);
    const auto got = reader.read(std::span(content).subspan(had));
    content.resize(had + (got ? *got : 0));
    if (!got) {
      job.sink.damage(DamageKind::kTruncated, at, "", "the compressed data breaks off: " + got.error().message);
      return;
    }
    if (*got == 0) break;
  }
  member.whole = true;
}

}  // namespace

void unpack_compressed(Unpacking& job) {
  UnpackedMember member;
  member.transform = job.type;
  std::vector<std::byte> content;
  std::string text;
  if (job.type == "gzip") {
    member.name =
        ascii_lower(job.name).ends_with(".tgz") ? stem_of(job.name, ".tgz") + ".tar" : stem_of(job.name, ".gz");
    gzip_content(job, member, content);
    member.content = content;
  } else if (job.type == "xz") {
    member.name =
        ascii_lower(job.name).ends_with(".txz") ? stem_of(job.name, ".txz") + ".tar" : stem_of(job.name, ".xz");
    auto whole = xz_decompress(job.data, static_cast<std::size_t>(job.allowed(job.data.size())));
    if (!whole) {
      job.sink.damage(DamageKind::kLimit, 0, "", "the xz data is broken or larger than is unpacked");
      return;
    }
    text = std::move(*whole);
    member.content = as_byte_span(text);
    member.whole = member.checked = true;
  } else {
    member.name = stem_of(job.name, ".zst");
    zstd_content(job, member, content);
    member.content = content;
  }
  if (!member.content.empty()) (void)job.tell(member);  // there is no further one
}

}  // namespace triage
