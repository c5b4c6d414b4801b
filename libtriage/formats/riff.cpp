// SPDX-License-Identifier: Apache-2.0
// chunk := id(4) size(le32) content [pad to two].   Spec: "Multimedia Programming Interface and Data
// Specifications 1.0" (IBM, Microsoft, 1991), "Resource Interchange File Format".
#include "formats/riff.h"

#include "formats/peek.h"

namespace triage {
namespace {

constexpr std::size_t kMaxChunks = 65536;

bool is_name(Bytes name) {
  for (const std::byte b : name)
    if (b < std::byte{0x20} || b > std::byte{0x7e}) return false;
  return name.size() == 4;
}

}  // namespace

RiffWalk walk_riff(Bytes data, std::uint64_t begin, std::uint64_t end) {
  RiffWalk out;
  out.end = begin;
  while (out.end < end && !out.broken) {
    if (end - out.end < 8) {  // a writer's odd byte
      out.end = end;
      break;
    }
    if (!holds(data, out.end, 8)) {
      out.ran_out = true;
      break;
    }
    const Bytes name = part(data, out.end, 4);
    const auto size = le_at<std::uint32_t>(data, out.end + 4);
    const std::uint64_t rest = end - out.end - 8;
    out.broken = !is_name(name) || size > rest || out.chunks.size() == kMaxChunks;
    if (out.broken) break;
    out.chunks.push_back({as_chars(name), out.end + 8, size});
    out.end += 8 + std::uint64_t{size} + (size < rest ? size % 2 : 0);
  }
  if (!out.broken && out.end > data.size()) out.ran_out = true;
  return out;
}

}  // namespace triage
