// SPDX-License-Identifier: Apache-2.0
// Piece: what a scanner works on, a stream or one window of it, lying in a slot. A batch is the pieces of one slot.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bytes/digest.h"
#include "model/damage.h"
#include "model/stream.h"

namespace triage {

struct CompanionSpan {
  std::string suffix;
  std::uint64_t slot_offset = 0;
  std::uint64_t length = 0;
};

/// A part of a region's piece that is a deleted file and told as that file.
struct ViewSpan {
  std::uint64_t offset = 0;  ///< in the piece
  std::uint64_t length = 0;  ///< as far as it lies in the piece
  bool cut = false;          ///< the file begins before the piece
};

struct Piece {
  Stream stream;  ///< of a window of a region, `extents` are those of the window only
  std::uint64_t slot_offset = 0;
  std::uint64_t length = 0;
  std::uint64_t stream_offset = 0;  ///< where the bytes begin in the stream
  std::uint64_t carry = 0;          ///< the first bytes, which the previous window has shown already
  bool whole = true;                ///< the bytes are the whole stream
  bool last = true;                 ///< the stream ends with this piece
  bool view = false;                ///< the bytes belong to another piece of the batch
  bool readable = true;             ///< false: the content was not read at all
  std::optional<Digests> digests;   ///< of the whole stream, with the last of several windows
  std::vector<Damage> damages;      ///< what could not be read
  std::vector<CompanionSpan> companions;
  std::vector<ViewSpan> known_views;  ///< deleted files in it that are pieces of other batches
  /// Of the NTFS master file table: bit n (byte n / 8) is set where content that lies in record n is a stream itself.
  std::string resident_records;
};

struct Batch {
  std::uint64_t index = 0;
  std::uint32_t slot = 0;
  std::vector<Piece> pieces;
};

std::string encode_batch(const Batch& batch);
/// nullopt for anything encode_batch() did not write, or a span outside `slot_capacity`.
std::optional<Batch> decode_batch(std::string_view payload, std::uint64_t slot_capacity);

}  // namespace triage
