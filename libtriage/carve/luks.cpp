// SPDX-License-Identifier: Apache-2.0
// Headers of LUKS volumes with their key slots: all that is needed, with the password, to open the payload.
//   LUKS1: header(592), key material up to payload_offset sectors.   LUKS2: binary header(4096) and JSON, twice, with
//   SHA-256 checksums, key slots up to where the JSON places the data segment.
// Spec: "LUKS1 On-Disk Format" 1.2.3 §2; "LUKS2 On-Disk Format" 1.1.1 §2.
#include <algorithm>
#include <array>
#include <charconv>

#include "bytes/digest.h"
#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver luks;

namespace {
constexpr std::string_view kMagic = "LUKS\xba\xbe";

bool is_name(Bytes field) {
  const std::string_view text = as_chars(field);
  const std::size_t end = text.find('\0');
  if (end == 0 || end == std::string_view::npos) return false;
  for (const char c : text.substr(0, end))
    if (c < 0x20 || c > 0x7e) return false;
  return true;
}

CarveResult first_version(Bytes data) {
  if (data.size() < 592) return {};
  const std::uint64_t payload = le_at<std::uint32_t>(data, 104) == 0 ? 0 : be_at<std::uint32_t>(data, 104);
  const auto key_bytes = be_at<std::uint32_t>(data, 108);
  if (!is_name(part(data, 8, 32)) || !is_name(part(data, 40, 32)) || !is_name(part(data, 72, 32))) return {};
  if (key_bytes < 8 || key_bytes > 512 || payload > 1U << 20) return {};
  for (std::uint64_t slot = 0; slot < 8; ++slot) {
    const auto state = be_at<std::uint32_t>(data, 208 + 48 * slot);
    if (state != 0x0000dead && state != 0x00ac71f3) return {};
  }
  return carve_stated(data, payload == 0 ? 1U << 20 : payload * 512, "luks");
}

/// §3.1: offset of the first data segment, a decimal string in the JSON.
std::uint64_t segment_offset(std::string_view json) {
  const std::size_t segments = json.find("\"segments\"");
  const std::size_t key = segments == std::string_view::npos ? segments : json.find("\"offset\":\"", segments);
  if (key == std::string_view::npos) return 0;
  const std::string_view digits = json.substr(key + 10, 20);
  std::uint64_t value = 0;
  (void)std::from_chars(digits.data(), digits.data() + digits.size(), value);  // 0 where there is no number
  return value;
}

CarveResult second_version(Bytes data) {
  const auto size = be_at<std::uint64_t>(data, 8);
  if (size < 16384 || size > 4U << 20 || (size & (size - 1)) != 0 || be_at<std::uint64_t>(data, 256) != 0) return {};
  if (!has_at(data, 72, "sha256")) return {};
  if (!holds(data, 0, size)) return carve_more(data, "luks");
  static constexpr std::array<std::byte, 64> kZero{};
  Sha256 sum;  // the checksum's own field counts as zeros
  sum.update(part(data, 0, 448));
  sum.update(kZero);
  sum.update(part(data, 512, size - 512));
  const std::array<std::byte, 32> found = sum.finish_raw();
  const Bytes stored = part(data, 448, 32);
  if (!std::equal(stored.begin(), stored.end(), found.begin(), found.end())) return {};
  const std::uint64_t offset = segment_offset(as_chars(part(data, 4096, size - 4096)));
  if (offset > 1U << 30 || offset < 2 * size) return carve_stated(data, 2 * size, "luks");
  return carve_stated(data, offset, "luks");
}

CarveResult validate(Bytes data) {
  if (!has_at(data, 0, kMagic)) return {};
  const auto version = be_at<std::uint16_t>(data, 6);
  return version == 1 ? first_version(data) : version == 2 ? second_version(data) : CarveResult{};
}

constexpr CarveMagic kMagics[] = {{0, "LUKS\xba\xbe"}};
constexpr std::string_view kReferences[] = {"LUKS1 On-Disk Format Specification 1.2.3 §2",
                                            "LUKS2 On-Disk Format Specification 1.1.1 §2, §3"};

}  // namespace

constinit const Carver luks{
    .id = "luks",
    .extension = "luks",
    .title_en = "LUKS volume header",
    .title_ja = "LUKS ボリュームヘッダ",
    .magics = kMagics,
    .min_length = ByteCount{592},
    .max_length = ByteCount{64ULL << 20},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
