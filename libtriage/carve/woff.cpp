// SPDX-License-Identifier: Apache-2.0
// Web fonts: the header states the length; the table directory must lie in it (WOFF), the compressed block too (WOFF2).
// Spec: W3C "WOFF File Format 1.0" §3, §4; "WOFF File Format 2.0" §4.
#include "carve/carve_result.h"
#include "formats/inflate.h"
#include "formats/peek.h"

namespace triage {

extern const Carver woff;

namespace {
bool tables_hold(Bytes data, std::uint64_t tables, std::uint64_t length, bool& ran_out) {
  for (std::uint64_t i = 0; i < tables; ++i) {
    const std::uint64_t entry = 44 + 20 * i;
    const std::uint64_t at = be_at<std::uint32_t>(data, entry + 4);
    const std::uint64_t packed = be_at<std::uint32_t>(data, entry + 8);
    const std::uint64_t size = be_at<std::uint32_t>(data, entry + 12);
    if (at > length || packed > length - at || packed > size) return false;
    if (!holds(data, at, packed)) {
      ran_out = true;
    } else if (packed < size) {
      const DeflateMeasure table = measure_zlib(part(data, at, packed), size);
      if (table.end != DeflateEnd::kWhole || table.produced != size) return false;
    }
  }
  return true;
}

CarveResult validate(Bytes data) {
  const bool second = has_at(data, 0, "wOF2");
  if ((!second && !has_at(data, 0, "wOFF")) || data.size() < 48) return {};
  const std::string_view extension = second ? "woff2" : "woff";
  const std::uint64_t length = be_at<std::uint32_t>(data, 8);
  const std::uint64_t tables = be_at<std::uint16_t>(data, 12);
  if (length < 48 || tables == 0 || tables > 128 || be_at<std::uint16_t>(data, 14) != 0 || length > 64U << 20)
    return {};
  if (second) {
    const std::uint64_t packed = be_at<std::uint32_t>(data, 20);
    return packed >= length || packed == 0 ? CarveResult{} : carve_stated(data, length, extension);
  }
  if (!holds(data, 44, 20 * tables)) return carve_more(data, extension);
  bool ran_out = false;
  if (!tables_hold(data, tables, length, ran_out)) return carve_cut(44 + 20 * tables, extension);
  return carve_stated(data, length, extension);
}

constexpr CarveMagic kMagics[] = {{0, "wOFF"}, {0, "wOF2"}};
constexpr std::string_view kReferences[] = {"W3C: WOFF File Format 1.0 §3, §4", "W3C: WOFF File Format 2.0 §4"};

}  // namespace

constinit const Carver woff{
    .id = "woff",
    .extension = "woff",
    .title_en = "Web font",
    .title_ja = "ウェブフォント",
    .magics = kMagics,
    .min_length = ByteCount{48},
    .max_length = ByteCount{64ULL << 20},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
