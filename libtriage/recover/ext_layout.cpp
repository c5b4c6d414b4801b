// SPDX-License-Identifier: Apache-2.0
#include "recover/ext_layout.h"

#include <algorithm>
#include <numeric>

namespace triage {

namespace {

constexpr std::size_t kSuperblockAt = 1024;
constexpr std::size_t kSuperblockBytes = 1024;
constexpr std::uint16_t kMagic = 0xef53;
constexpr std::uint32_t kCompatJournal = 0x4;
constexpr std::uint32_t kIncompatFileType = 0x2;
constexpr std::uint32_t kIncompatMetaGroups = 0x10;
constexpr std::uint32_t kIncompatExtents = 0x40;
constexpr std::uint32_t kIncompat64Bit = 0x80;
constexpr std::uint64_t kMaxDescriptorBytes = 64ULL << 20;

/// What only the reading of the layout needs.
struct Superblock {
  std::uint32_t first_data_block = 0;
  std::uint32_t blocks_per_group = 0;
  std::uint32_t incompat = 0;
  std::uint32_t descriptor_size = 32;
  std::uint32_t first_meta_group = 0;
  bool sparse_super = false;
};

bool is_power_of(std::uint64_t number, std::uint64_t base) {
  while (number % base == 0 && number > 1) number /= base;
  return number == 1;
}

bool has_superblock(const Superblock& super, std::uint64_t group) {
  if (group == 0 || !super.sparse_super) return true;
  return group == 1 || is_power_of(group, 3) || is_power_of(group, 5) || is_power_of(group, 7);
}

std::uint32_t at32(ByteCursor& cursor, std::size_t at) {
  cursor.seek(at, "superblock field");
  return cursor.le<std::uint32_t>("superblock field");
}
std::uint32_t at16(ByteCursor& cursor, std::size_t at) {
  cursor.seek(at, "superblock field");
  return cursor.le<std::uint16_t>("superblock field");
}

/// super.rst, struct ext4_super_block.
bool parse_superblock(Bytes raw, ExtLayout& layout, Superblock& super) {
  ByteCursor cursor(raw);
  if (at16(cursor, 0x38) != kMagic) return false;
  layout.inode_count = at32(cursor, 0x00);
  layout.block_count = at32(cursor, 0x04);
  super.first_data_block = at32(cursor, 0x14);
  const std::uint32_t log_size = at32(cursor, 0x18);
  super.blocks_per_group = at32(cursor, 0x20);
  layout.inodes_per_group = at32(cursor, 0x28);
  const bool dynamic = at32(cursor, 0x4c) != 0;
  layout.inode_size = dynamic ? at16(cursor, 0x58) : 128;
  const std::uint32_t compat = dynamic ? at32(cursor, 0x5c) : 0;
  super.incompat = dynamic ? at32(cursor, 0x60) : 0;
  super.sparse_super = dynamic && (at32(cursor, 0x64) & 1) != 0;
  if (log_size > 6) return false;
  layout.block_size = 1024U << log_size;
  layout.extents = (super.incompat & kIncompatExtents) != 0;
  layout.file_types = (super.incompat & kIncompatFileType) != 0;
  if ((compat & kCompatJournal) != 0 && at32(cursor, 0xe4) == 0) layout.journal_inode = at32(cursor, 0xe0);
  cursor.seek(0x10c, "journal map");
  const Bytes backup = cursor.take(60, "journal map");
  layout.journal_map_backup.assign(backup.begin(), backup.end());
  if ((super.incompat & kIncompat64Bit) != 0) {
    super.descriptor_size = std::max<std::uint32_t>(at16(cursor, 0xfe), 32);
    layout.block_count |= std::uint64_t{at32(cursor, 0x150)} << 32;
  }
  super.first_meta_group = (super.incompat & kIncompatMetaGroups) != 0 ? at32(cursor, 0x104) : ~0U;
  return cursor.ok() && super.blocks_per_group != 0 && layout.inodes_per_group != 0 && layout.inode_size >= 128 &&
         layout.inode_size <= layout.block_size && std::has_single_bit(layout.inode_size) &&
         super.descriptor_size <= layout.block_size && layout.block_count > super.first_data_block;
}

/// Block that holds the `index`-th block of group descriptors.
std::uint64_t descriptor_block(const Superblock& super, std::uint64_t index, std::uint64_t per_block) {
  if (index < super.first_meta_group) return super.first_data_block + 1 + index;
  const std::uint64_t group = index * per_block;
  return super.first_data_block + group * super.blocks_per_group + (has_superblock(super, group) ? 1 : 0);
}

bool read_groups(ImageBytes& image, const Superblock& super, ExtLayout& layout) {
  const std::uint64_t blocks = layout.block_count - super.first_data_block;
  const std::uint64_t groups = (blocks + super.blocks_per_group - 1) / super.blocks_per_group;
  if (groups > kMaxDescriptorBytes / super.descriptor_size) return false;
  const std::uint64_t per_block = layout.block_size / super.descriptor_size;
  layout.inode_tables.reserve(static_cast<std::size_t>(groups));
  for (std::uint64_t index = 0; layout.inode_tables.size() < groups; ++index) {
    const auto raw = image.read(layout.place(descriptor_block(super, index, per_block)), layout.block_size);
    if (!raw) return !layout.inode_tables.empty();
    for (std::uint64_t i = 0; i < per_block && layout.inode_tables.size() < groups; ++i) {
      ByteCursor cursor(Bytes(*raw).subspan(static_cast<std::size_t>(i * super.descriptor_size)));
      std::uint64_t table = at32(cursor, 0x08);
      if (super.descriptor_size >= 64) table |= std::uint64_t{at32(cursor, 0x28)} << 32;
      layout.inode_tables.push_back(table < layout.block_count ? table : 0);
    }
  }
  return true;
}

}  // namespace

std::optional<std::uint64_t> ExtLayout::inode_place(std::uint64_t inode) const {
  if (inode == 0 || inode > inode_count) return std::nullopt;
  const std::uint64_t group = (inode - 1) / inodes_per_group;
  if (group >= inode_tables.size() || inode_tables[group] == 0) return std::nullopt;
  return place(inode_tables[group]) + (inode - 1) % inodes_per_group * inode_size;
}

std::optional<std::uint64_t> ExtLayout::first_inode_of(std::uint64_t block) const {
  const auto next = std::upper_bound(table_order.begin(), table_order.end(), block,
                                     [this](std::uint64_t b, std::uint32_t group) { return b < inode_tables[group]; });
  if (next == table_order.begin()) return std::nullopt;
  const std::uint32_t group = *std::prev(next);
  const std::uint64_t inside = block - inode_tables[group];
  const std::uint64_t per_block = block_size / inode_size;
  if (inode_tables[group] == 0 || inside * per_block >= inodes_per_group) return std::nullopt;
  return std::uint64_t{group} * inodes_per_group + inside * per_block + 1;
}

std::optional<ExtLayout> read_ext_layout(ImageBytes& image, std::uint64_t begin) {
  if (begin > image.size()) return std::nullopt;
  const auto raw = image.read(begin + kSuperblockAt, kSuperblockBytes);
  if (!raw) return std::nullopt;
  ExtLayout layout;
  Superblock super;
  layout.begin = begin;
  if (!parse_superblock(*raw, layout, super)) return std::nullopt;
  // Block numbers above what the image holds would wrap nothing, but cost steps.
  layout.block_count = std::min(layout.block_count, (image.size() - begin) / layout.block_size);
  if (layout.block_count <= super.first_data_block || !read_groups(image, super, layout)) return std::nullopt;
  layout.table_order.resize(layout.inode_tables.size());
  std::iota(layout.table_order.begin(), layout.table_order.end(), 0U);
  std::stable_sort(layout.table_order.begin(), layout.table_order.end(), [&layout](std::uint32_t a, std::uint32_t b) {
    return layout.inode_tables[a] < layout.inode_tables[b];
  });
  return layout;
}

}  // namespace triage
