// SPDX-License-Identifier: Apache-2.0
// Members of a tar: 512-byte headers, content padded to 512 bytes.
//   header := name(100) … size(12 octal @124) … checksum(8 @148) type(1 @156) … "ustar"(@257) … prefix(155 @345)
// Long names: GNU 'L' members, pax 'x' members with "path". Sparse members are told as they are stored.
// Spec: POSIX.1-2017 pax "ustar Interchange Format", "pax Extended Header"; GNU tar manual "Basic Tar Format".
#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "bytes/text.h"
#include "formats/peek.h"
#include "formats/tar_header.h"
#include "unpack/members.h"

namespace triage {
namespace {

constexpr std::uint64_t kBlock = 512;

std::string_view zstring(Bytes field) {
  const std::string_view text = as_chars(field);
  return text.substr(0, text.find('\0'));
}

/// The value of "path" in records of "LENGTH KEY=VALUE\n".
std::optional<std::string> pax_path(Bytes records) {
  std::string_view rest = as_chars(records);
  while (!rest.empty()) {
    std::size_t length = 0;
    const auto [end, fault] =
        std::from_chars(rest.data(), rest.data() + std::min<std::size_t>(rest.size(), 20), length);
    const auto digits = static_cast<std::size_t>(end - rest.data());
    if (fault != std::errc{} || length <= digits + 1 || length > rest.size()) return std::nullopt;
    const std::string_view record = rest.substr(digits + 1, length - digits - 2);
    if (record.starts_with("path=")) return std::string(record.substr(5));
    rest.remove_prefix(length);
  }
  return std::nullopt;
}

std::string header_name(Bytes header) {
  std::string name(zstring(header.subspan(0, 100)));
  const bool ustar = has_at(header, 257, std::string_view("ustar\0", 6));
  const std::string_view prefix = ustar ? zstring(header.subspan(345, 155)) : std::string_view();
  return prefix.empty() ? name : fmt::format("{}/{}", prefix, name);
}

}  // namespace

void unpack_tar(Unpacking& job) {
  std::optional<std::string> long_name;
  std::uint64_t at = 0;
  while (holds(job.data, at, kBlock)) {
    const Bytes header = part(job.data, at, kBlock);
    if (is_filled(header, 0)) return;
    const auto size = tar_number(header.subspan(124, 12));
    if (!tar_sum_holds(header) || !size) {
      job.sink.damage(DamageKind::kChecksum, at, "header",
                      "a header of the archive is broken; the rest is not unpacked");
      return;
    }
    const char type = std::to_integer<char>(header[156]);
    const bool has_content = !(type >= '1' && type <= '6');
    const std::uint64_t length = has_content ? *size : 0;
    const Bytes content = part(job.data, at + kBlock, length);
    if (type == 'L') {
      long_name = std::string(zstring(content));
    } else if (type == 'x') {
      if (auto path = pax_path(content)) long_name = std::move(*path);
    } else if (type == '0' || type == '\0' || type == '7' || type == 'S') {
      UnpackedMember member{decode_name(long_name ? *long_name : header_name(header)),
                            "tar",
                            at + kBlock,
                            content,
                            content.size() == length,
                            false};
      long_name.reset();
      if (!member.whole)
        job.sink.damage(DamageKind::kTruncated, at, "member", member.name + ": the archive ends in it");
      if (length > job.allowed(length)) {
        job.sink.damage(DamageKind::kLimit, at, "member", member.name + ": larger than is unpacked");
      } else if (!job.tell(member)) {
        return;
      }
    } else if (type != 'g') {
      long_name.reset();
    }
    if (length > job.data.size()) return;
    at += kBlock + (length + kBlock - 1) / kBlock * kBlock;
  }
}

}  // namespace triage
