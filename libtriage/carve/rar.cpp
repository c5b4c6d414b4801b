// SPDX-License-Identifier: Apache-2.0
// RAR 1.5–4 and RAR 5: blocks, each with a header checksum, to the end block.
//   rar4 block := crc16 type flags(le16) head_size(le16) [add_size(le32)] …   rar5 block := crc32 size(vint) type flags
//   …
// A volume of a set ends with its own end block.     Spec: RARLAB "technote.txt" (4.20) and "RAR 5.0 archive format".
#include <optional>

#include "carve/carve_result.h"
#include "formats/checksum.h"
#include "formats/peek.h"

namespace triage {

extern const Carver rar;

namespace {

using namespace std::string_view_literals;
struct Block {
  std::uint64_t size = 0;  ///< header and data
  bool end = false;
  bool encrypted_rest = false;  ///< following headers are encrypted
};

enum class State : std::uint8_t { kHolds, kRanOut, kBroken };

State read_block4(Bytes data, std::uint64_t at, Block& block) {
  if (!holds(data, at, 7)) return State::kRanOut;
  const auto type = std::to_integer<unsigned>(data[static_cast<std::size_t>(at) + 2]);
  const auto flags = le_at<std::uint16_t>(data, at + 3);
  const auto head = le_at<std::uint16_t>(data, at + 5);
  if (type < 0x72 || type > 0x7b || head < 7) return State::kBroken;
  if (!holds(data, at, head)) return State::kRanOut;
  const bool checked = type == 0x73 || type == 0x74 || type == 0x7b || type == 0x7a;
  if (checked && (crc32(part(data, at + 2, head - 2U)) & 0xffff) != le_at<std::uint16_t>(data, at))
    return State::kBroken;
  std::uint64_t added = (flags & 0x8000) != 0 || type == 0x74 || type == 0x7a ? le_at<std::uint32_t>(data, at + 7) : 0;
  if ((type == 0x74 || type == 0x7a) && (flags & 0x0100) != 0)
    added |= std::uint64_t{le_at<std::uint32_t>(data, at + 32)} << 32;
  block.size = head + added;
  block.end = type == 0x7b;
  block.encrypted_rest = type == 0x73 && (flags & 0x0080) != 0;
  return added > std::uint64_t{1} << 44 ? State::kBroken : State::kHolds;
}

/// RAR 5 "vint": seven bits a byte, low first.
std::uint64_t vint(ByteCursor& cursor) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 63 && cursor.ok(); shift += 7) {
    const auto byte = cursor.le<std::uint8_t>("vint");
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if ((byte & 0x80) == 0) return value;
  }
  cursor.reject("vint");
  return 0;
}

State read_block5(Bytes data, std::uint64_t at, Block& block) {
  ByteCursor cursor(part(data, at, 1U << 21));
  const auto stored = cursor.le<std::uint32_t>("crc");
  const std::uint64_t size = vint(cursor);
  const std::size_t header_at = cursor.position();
  if (!cursor.ok()) return cursor.remaining() < 16 ? State::kRanOut : State::kBroken;
  if (size == 0 || size > 1U << 21) return State::kBroken;
  if (!holds(data, at + header_at, size)) return State::kRanOut;
  if (crc32(part(data, at + 4, header_at - 4 + size)) != stored) return State::kBroken;
  const std::uint64_t type = vint(cursor);
  const std::uint64_t flags = vint(cursor);
  if ((flags & 1) != 0) (void)vint(cursor);  // size of the extra area, inside the header
  const std::uint64_t added = (flags & 2) != 0 ? vint(cursor) : 0;
  if (!cursor.ok() || added > std::uint64_t{1} << 44) return State::kBroken;
  block.size = header_at + size + added;
  block.end = type == 5;
  block.encrypted_rest = type == 4;
  return State::kHolds;
}

CarveResult validate(Bytes data) {
  const bool five = has_at(data, 0, "Rar!\x1a\7\1\0"sv);
  if (!five && !has_at(data, 0, "Rar!\x1a\7\0"sv)) return {};
  std::uint64_t at = five ? 8 : 7;
  for (int blocks = 0;; ++blocks) {
    Block block;
    const State state = five ? read_block5(data, at, block) : read_block4(data, at, block);
    if (state == State::kRanOut || (state == State::kHolds && !holds(data, at, block.size)))
      return blocks == 0 && state == State::kHolds ? CarveResult{} : carve_more(data, "rar");
    if (state == State::kBroken) return blocks == 0 ? CarveResult{} : carve_cut(at, "rar");
    at += block.size;
    if (block.end) return carve_whole(at, "rar");
    if (block.encrypted_rest) return carve_cut(at, "rar");  // its end cannot be told without the key
  }
}

constexpr CarveMagic kMagics[] = {{0, "Rar!\x1a\7\0"sv}, {0, "Rar!\x1a\7\1\0"sv}};
constexpr std::string_view kReferences[] = {"RARLAB technote.txt (RAR 4.20)", "RARLAB: RAR 5.0 archive format"};

}  // namespace

constinit const Carver rar{
    .id = "rar",
    .extension = "rar",
    .title_en = "RAR archive",
    .title_ja = "RAR 書庫",
    .magics = kMagics,
    .min_length = ByteCount{20},
    .max_length = ByteCount{16ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
