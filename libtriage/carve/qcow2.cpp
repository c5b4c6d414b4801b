// SPDX-License-Identifier: Apache-2.0
// QEMU disks: the reference counts say which clusters are used; the last used one ends the file.
//   file := header … l1_table refcount_table refcount_block* l2_table* data cluster*
// Spec: QEMU docs/interop/qcow2.txt. All numbers big-endian.
#include <algorithm>

#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver qcow2;

namespace {
/// The number of the last entry of a refcount block that is not 0, plus one.
std::uint64_t last_used(Bytes block, std::uint64_t width_bits) {
  std::size_t i = block.size();
  while (i > 0 && block[i - 1] == std::byte{0}) --i;
  return (std::uint64_t{i} * 8 + width_bits - 1) / width_bits;
}

CarveResult validate(Bytes data) {
  if (!has_at(data, 0, "QFI\xfb") || data.size() < 72) return {};
  const auto version = be_at<std::uint32_t>(data, 4);
  const auto bits = be_at<std::uint32_t>(data, 20);
  const auto l1_size = be_at<std::uint32_t>(data, 36);
  const auto l1_at = be_at<std::uint64_t>(data, 40);
  const auto table_at = be_at<std::uint64_t>(data, 48);
  const std::uint64_t table_clusters = be_at<std::uint32_t>(data, 56);
  const std::uint32_t order = version >= 3 ? be_at<std::uint32_t>(data, 96) : 4;
  if ((version != 2 && version != 3) || bits < 9 || bits > 21 || order > 6 || l1_size > 1U << 25 ||
      table_clusters == 0 || table_clusters > 1024)
    return {};
  const std::uint64_t cluster = std::uint64_t{1} << bits;
  constexpr std::uint64_t kMost = std::uint64_t{1} << 44;
  if (table_at % cluster != 0 || l1_at % cluster != 0 || table_at == 0 || table_at > kMost || l1_at > kMost) return {};
  if (!holds(data, table_at, table_clusters * cluster)) return carve_more(data, "qcow2");
  const std::uint64_t width = std::uint64_t{1} << order;
  const std::uint64_t per_block = cluster * 8 / width;
  std::uint64_t used = 0;
  for (std::uint64_t i = 0; i < table_clusters * cluster / 8; ++i) {
    const std::uint64_t block = be_at<std::uint64_t>(data, table_at + 8 * i) & ~std::uint64_t{0x1ff};
    if (block == 0) continue;
    if (block % cluster != 0 || block > kMost) return carve_cut(cluster, "qcow2");
    if (!holds(data, block, cluster)) return carve_more(data, "qcow2");
    if (const std::uint64_t last = last_used(part(data, block, cluster), width); last != 0)
      used = std::max(used, i * per_block + last);
  }
  if (used < 3) return {};
  return carve_stated(data, used * cluster, "qcow2");
}

constexpr CarveMagic kMagics[] = {{0, "QFI\xfb"}};
constexpr std::string_view kReferences[] = {"QEMU docs/interop/qcow2.txt"};

}  // namespace

constinit const Carver qcow2{
    .id = "qcow2",
    .extension = "qcow2",
    .title_en = "QEMU disk",
    .title_ja = "QEMU 仮想ディスク",
    .magics = kMagics,
    .min_length = ByteCount{65536},
    .max_length = ByteCount{64ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
