// SPDX-License-Identifier: Apache-2.0
#include "engine/piece.h"

#include "model/codec.h"

namespace triage {
namespace {

bool inside(std::uint64_t offset, std::uint64_t length, std::uint64_t capacity) {
  return offset <= capacity && length <= capacity - offset;
}

void encode_piece(BinaryWriter& out, const Piece& piece) {
  encode(out, piece.stream);
  out.put(piece.slot_offset);
  out.put(piece.length);
  out.put(piece.stream_offset);
  out.put(piece.carry);
  out.put(piece.whole);
  out.put(piece.last);
  out.put(piece.view);
  out.put(piece.readable);
  out.put(piece.digests.has_value());
  if (piece.digests) {
    out.put(std::string_view(piece.digests->md5));
    out.put(std::string_view(piece.digests->sha1));
    out.put(std::string_view(piece.digests->sha256));
  }
  out.put(static_cast<std::uint32_t>(piece.damages.size()));
  for (const Damage& damage : piece.damages) encode(out, damage);
  out.put(static_cast<std::uint32_t>(piece.companions.size()));
  for (const CompanionSpan& companion : piece.companions) {
    out.put(std::string_view(companion.suffix));
    out.put(companion.slot_offset);
    out.put(companion.length);
  }
  out.put(static_cast<std::uint32_t>(piece.known_views.size()));
  for (const ViewSpan& span : piece.known_views) {
    out.put(span.offset);
    out.put(span.length);
    out.put(span.cut);
  }
  out.put(std::string_view(piece.resident_records));
}

void decode_piece(BinaryReader& in, Piece& piece) {
  decode(in, piece.stream);
  in.get(piece.slot_offset);
  in.get(piece.length);
  in.get(piece.stream_offset);
  in.get(piece.carry);
  in.get(piece.whole);
  in.get(piece.last);
  in.get(piece.view);
  in.get(piece.readable);
  bool has_digests = false;
  in.get(has_digests);
  if (has_digests) {
    Digests& digests = piece.digests.emplace();
    in.get(digests.md5);
    in.get(digests.sha1);
    in.get(digests.sha256);
  }
  piece.damages.resize(in.get_count(16));
  for (Damage& damage : piece.damages) decode(in, damage);
  piece.companions.resize(in.get_count(20));
  for (CompanionSpan& companion : piece.companions) {
    in.get(companion.suffix);
    in.get(companion.slot_offset);
    in.get(companion.length);
  }
  piece.known_views.resize(in.get_count(17));
  for (ViewSpan& span : piece.known_views) {
    in.get(span.offset);
    in.get(span.length);
    in.get(span.cut);
  }
  in.get(piece.resident_records);
}

}  // namespace

std::string encode_batch(const Batch& batch) {
  BinaryWriter out;
  out.put(batch.index);
  out.put(batch.slot);
  out.put(static_cast<std::uint32_t>(batch.pieces.size()));
  for (const Piece& piece : batch.pieces) encode_piece(out, piece);
  return std::move(out.buffer());
}

std::optional<Batch> decode_batch(std::string_view payload, std::uint64_t slot_capacity) {
  BinaryReader in(payload);
  Batch batch;
  in.get(batch.index);
  in.get(batch.slot);
  const std::uint32_t count = in.get_count(64);
  batch.pieces.reserve(count);
  for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
    Piece& piece = batch.pieces.emplace_back();
    decode_piece(in, piece);
    bool good = inside(piece.slot_offset, piece.length, slot_capacity) && piece.carry <= piece.length;
    for (const CompanionSpan& companion : piece.companions)
      good = good && inside(companion.slot_offset, companion.length, slot_capacity);
    for (const ViewSpan& span : piece.known_views) good = good && inside(span.offset, span.length, piece.length);
    if (!good) return std::nullopt;
  }
  if (!in.ok() || !in.at_end()) return std::nullopt;
  return batch;
}

}  // namespace triage
