// SPDX-License-Identifier: Apache-2.0
// Hive bins whose hive is lost: bins that follow one another, each filled by its cells. With a header made for them
// they can be read as a hive's part.    Spec: msuhanov/regf, "Hive bin", "Cell".
#include "carve/carve_result.h"
#include "formats/peek.h"
#include "formats/registry_bins.h"

namespace triage {

extern const Carver hbin;

namespace {
CarveResult validate(Bytes data) {
  if (!has_at(data, 0, "hbin") || data.size() < 32) return {};
  const BinWalk walk = walk_registry_bins(data, 0, le_at<std::uint32_t>(data, 4), std::uint64_t{1} << 31);
  if (walk.end == 0) return walk.ran_out ? carve_more(data, "hbin") : CarveResult{};
  return walk.ran_out ? carve_more(data, "hbin") : carve_part(walk.end, "hbin");
}

constexpr CarveMagic kMagics[] = {{0, "hbin"}};
constexpr std::string_view kReferences[] = {"msuhanov/regf: hive bin, cell"};

}  // namespace

constinit const Carver hbin{
    .id = "hbin",
    .extension = "hbin",
    .title_en = "Registry cells without their hive",
    .title_ja = "ハイブのないレジストリセル群",
    .magics = kMagics,
    .min_length = ByteCount{4096},
    .max_length = ByteCount{1ULL << 30},
    .references = kReferences,
    .validate = validate,
    .piece_of = "hive_file",
};

}  // namespace triage
