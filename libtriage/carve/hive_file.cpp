// SPDX-License-Identifier: Apache-2.0
// Registry hives: base block with its checksum, then hive bins whose cells fill them, as many bytes as it states.
//   file := regf(4096) hbin*      Spec: msuhanov/regf "Windows registry file format specification", base block, hive
//   bin.
#include "carve/carve_result.h"
#include "formats/checksum.h"
#include "formats/peek.h"
#include "formats/registry_bins.h"

namespace triage {

extern const Carver hive_file;

namespace {
/// Windows lets a hive grow in steps of 256 KiB: zeros up to the next step belong to the file.
std::uint64_t with_spare(Bytes data, std::uint64_t end) {
  constexpr std::uint64_t kStep = 256 << 10;
  const std::uint64_t step = (end + kStep - 1) / kStep * kStep;
  return holds(data, end, step - end) && is_filled(part(data, end, step - end), 0) ? step : end;
}

CarveResult validate(Bytes data) {
  if (!has_at(data, 0, "regf") || data.size() < 4096) return {};
  std::uint32_t sum = xor32(part(data, 0, 508));
  if (sum == 0xffffffffU) sum = 0xfffffffeU;
  if (sum == 0) sum = 1;
  const std::uint64_t bins = le_at<std::uint32_t>(data, 40);
  const auto type = le_at<std::uint32_t>(data, 28);
  if (sum != le_at<std::uint32_t>(data, 508) || le_at<std::uint32_t>(data, 20) != 1 || bins % 4096 != 0 || type > 6)
    return {};
  if (type != 0) return bins == 0 ? CarveResult{} : carve_cut(4096, "log");  // a transaction log: its records differ
  const BinWalk walk = walk_registry_bins(data, 4096, 0, bins);
  if (walk.ran_out) return carve_more(data, "hiv");
  if (walk.end != 4096 + bins || bins == 0) return carve_cut(walk.end, "hiv");
  return carve_whole(with_spare(data, walk.end), "hiv");
}

constexpr CarveMagic kMagics[] = {{0, "regf"}};
constexpr std::string_view kReferences[] = {"msuhanov/regf: Windows registry file format specification"};

}  // namespace

constinit const Carver hive_file{
    .id = "hive_file",
    .extension = "hiv",
    .title_en = "Registry hive",
    .title_ja = "レジストリハイブ",
    .magics = kMagics,
    .min_length = ByteCount{8192},
    .max_length = ByteCount{2ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
