// SPDX-License-Identifier: Apache-2.0
// The four things a carver says.
#pragma once

#include "carve/carver.h"

namespace triage {

/// The structure holds to its exact end.
inline CarveResult carve_whole(std::uint64_t length, std::string_view extension) {
  return {CarveGrade::kComplete, ByteCount{length}, false, extension};
}

/// Whole as far as the data reaches; more of it could follow in longer data.
inline CarveResult carve_whole_so_far(std::uint64_t length, std::string_view extension) {
  return {CarveGrade::kComplete, ByteCount{length}, true, extension};
}

/// A piece of a larger file that can be read on its own; the rest of the file is not here.
inline CarveResult carve_part(std::uint64_t length, std::string_view extension) {
  return {CarveGrade::kTruncated, ByteCount{length}, false, extension};
}

/// Valid up to `length`, then it breaks.
inline CarveResult carve_cut(std::uint64_t length, std::string_view extension) {
  return {CarveGrade::kTruncated, ByteCount{length}, false, extension};
}

/// The data ended inside the structure.
inline CarveResult carve_more(Bytes data, std::string_view extension) {
  return {CarveGrade::kTruncated, ByteCount{data.size()}, true, extension};
}

/// A format that states its size: whole when `total` bytes are at hand.
inline CarveResult carve_stated(Bytes data, std::uint64_t total, std::string_view extension) {
  return total <= data.size() ? carve_whole(total, extension) : carve_more(data, extension);
}

}  // namespace triage
