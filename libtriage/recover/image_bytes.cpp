// SPDX-License-Identifier: Apache-2.0
#include "recover/image_bytes.h"

namespace triage {

bool ImageBytes::read_into(std::uint64_t at, std::span<std::byte> out) {
  const std::uint64_t end = size();
  if (at > end || out.size() > end - at) return false;
  if (out.size() > left_) {
    exhausted_ = true;
    return false;
  }
  left_ -= out.size();
  faults_.clear();
  source_.read(ByteOffset{at}, out, faults_);
  return faults_.empty();
}

std::optional<std::vector<std::byte>> ImageBytes::read(std::uint64_t at, std::size_t length) {
  if (length > size()) return std::nullopt;
  std::vector<std::byte> out(length);
  if (!read_into(at, out)) return std::nullopt;
  return out;
}

}  // namespace triage
