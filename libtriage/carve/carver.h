// SPDX-License-Identifier: Apache-2.0
// Carver: one file format found by content. carve/<stem>.cpp defines exactly one `constinit const Carver <stem>`;
// the registry is generated from the file names.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/ids.h"
#include "bytes/cursor.h"

namespace triage {

/// A signature at the start of a file (`offset` bytes into it).
struct CarveMagic {
  std::uint32_t offset = 0;
  std::string_view bytes;
};

enum class CarveGrade : std::uint8_t {
  kNone,       ///< not this format after all
  kComplete,   ///< the structure holds to its exact end
  kTruncated,  ///< a valid beginning; the data ends or breaks before the structure does
};

/// What validate() found at the start of its span.
struct CarveResult {
  CarveGrade grade = CarveGrade::kNone;
  ByteCount length;            ///< exact length in bytes (of the valid part when truncated)
  bool more_needed = false;    ///< the span ended inside a structure that may go on: call again with more bytes
  std::string_view extension;  ///< "jpg"; may refine the carver's own ("docx" for a ZIP). [a-z0-9]{1,8}, static
  ByteCount likely_end = {};   ///< where not whole: an end mark stands before it that does not fit; 0: none
};

/// Where other bytes may stand between two pieces of a file that does not hold as it lies, and how sure its checks are.
enum class GapRule : std::uint8_t {
  kNever,     ///< the checks would accept a wrong piece
  kDecoded,   ///< JPEG: its coded bits tell within a few bytes
  kForward,   ///< at or behind the end of what holds
  kAnywhere,  ///< anywhere before it
};

struct Carver {
  std::string_view id;         ///< "jpeg"
  std::string_view extension;  ///< default extension
  std::string_view title_en;
  std::string_view title_ja;
  std::span<const CarveMagic> magics;  ///< any may match
  ByteCount min_length;
  ByteCount max_length;  ///< longer results are cut here and graded truncated
  std::span<const std::string_view> references;
  /// Pure. `data` begins at the candidate's first byte and reaches to the end of what is at hand.
  CarveResult (*validate)(Bytes data);
  GapRule gaps = GapRule::kNever;
  /// Checks the content of a file that validate() called whole; asked only of files put together from pieces.
  bool (*verify)(Bytes whole) = nullptr;
  /// Carver of the files that this one's are pieces of ("evtx_file"): nothing is told twice inside one of those.
  std::string_view piece_of = {};
};

/// Every registered carver, sorted by file name.
std::span<const Carver* const> all_carvers();

}  // namespace triage
