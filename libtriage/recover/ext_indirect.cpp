// SPDX-License-Identifier: Apache-2.0
#include "recover/ext_indirect.h"

#include <algorithm>
#include <array>
#include <set>

namespace triage {

namespace {

constexpr std::uint64_t kMaxLooks = 8'000'000;
constexpr std::uint32_t kLowBlock = 64;  ///< small numbers in order are more often data
constexpr std::size_t kDirectBlocks = 12;
constexpr std::size_t kFewPointers = 8;  ///< fewer must begin right behind the block

constexpr std::size_t kMaxDoubles = 16'384;      ///< tried
constexpr std::size_t kMaxPointers = 16U << 20;  ///< kept: 64 GiB of content in blocks of 4 KiB

/// True where every target is itself a block of pointers.
bool names_only(const std::vector<std::uint32_t>& targets, const PointerBlocks& found) {
  return std::all_of(targets.begin(), targets.end(), [&](std::uint32_t t) { return found.contains(t); });
}

bool has_repeats(std::vector<std::uint32_t> pointers) {
  std::sort(pointers.begin(), pointers.end());
  return std::adjacent_find(pointers.begin(), pointers.end()) != pointers.end();
}

class IndirectSearch {
 public:
  IndirectSearch(ImageBytes& probe, const ExtLayout& layout) : probe_(probe), layout_(layout) {}

  IndirectBlocks run(const std::vector<Extent>& free) {
    for (const Extent& extent : free) {
      if (!extent.sparse) free_.insert({extent.at.value, (extent.at + extent.length).value});
    }
    for (const Extent& extent : free) {
      if (extent.sparse || extent.at.value < layout_.begin) continue;
      const std::uint64_t first = (extent.at.value - layout_.begin + layout_.block_size - 1) / layout_.block_size;
      const std::uint64_t end = ((extent.at + extent.length).value - layout_.begin) / layout_.block_size;
      for (std::uint64_t block = first; block < end && !out_.cut; ++block) look(block);
    }
    // A double indirect block names indirect ones only; they may come after it.
    for (auto& [block, targets] : doubles_) {
      if (names_only(targets, out_.blocks)) out_.blocks.emplace(block, std::move(targets));
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool is_block(std::uint64_t number) const { return number != 0 && number < layout_.block_count; }

  void look(std::uint64_t block) {
    std::array<std::byte, 8> head{};
    if (++looks_ > kMaxLooks || !probe_.read_into(layout_.place(block), head)) {
      out_.cut = true;
      return;
    }
    ByteCursor cursor(head);
    const std::uint64_t first = cursor.le<std::uint32_t>("pointer");
    const std::uint64_t second = cursor.le<std::uint32_t>("pointer");
    const bool follows = second == 0 || second == first + 1;
    if (!is_block(first) || (!follows && (first != block + 1 || !is_block(second)))) return;
    const auto raw = probe_.read(layout_.place(block), layout_.block_size);
    if (raw) judge(block, *raw);
  }

  void judge(std::uint64_t block, Bytes raw) {
    ByteCursor cursor(raw);
    std::vector<std::uint32_t> pointers;
    bool ended = false;
    for (std::size_t i = 0; i < raw.size() / 4; ++i) {
      const auto pointer = cursor.le<std::uint32_t>("pointer");
      if (pointer == 0) {
        ended = true;
      } else if (ended || !is_block(pointer) || pointer == block) {
        return;  // holes are too rare in deleted files to believe in other bytes
      } else {
        pointers.push_back(pointer);
      }
    }
    if (pointers.empty() || has_repeats(pointers)) return;
    if (is_map(block, pointers)) {
      keep(block, std::move(pointers));
    } else if (pointers.front() == block + 1 && doubles_.size() < kMaxDoubles) {
      doubles_.emplace_back(block, std::move(pointers));
    }
  }

  [[nodiscard]] bool is_map(std::uint64_t block, const std::vector<std::uint32_t>& pointers) const {
    std::size_t in_order = 0;
    std::size_t open = 0;
    for (std::size_t i = 1; i < pointers.size(); ++i) in_order += pointers[i] == pointers[i - 1] + 1 ? 1 : 0;
    for (const std::uint32_t target : pointers)
      open += free_.overlaps({layout_.place(target), layout_.place(target) + layout_.block_size}) ? 1 : 0;
    const std::size_t steps = pointers.size() - 1;
    if (pointers.size() >= kFewPointers && in_order * 4 >= steps * 3) return true;
    if (pointers.front() == block + 1 && in_order == steps) return true;
    // Short or torn maps: nothing but free blocks, mostly in order, and no small numbers, which are data more often.
    return open == pointers.size() && pointers.size() >= 3 && in_order * 2 >= steps && pointers.front() > kLowBlock;
  }

  void keep(std::uint64_t block, std::vector<std::uint32_t> pointers) {
    if (pointers.size() > kMaxPointers - kept_) {
      out_.cut = true;
      return;
    }
    kept_ += pointers.size();
    out_.blocks.emplace(block, std::move(pointers));
  }

  ImageBytes& probe_;
  const ExtLayout& layout_;
  std::vector<std::pair<std::uint64_t, std::vector<std::uint32_t>>> doubles_;
  std::uint64_t looks_ = 0;
  std::size_t kept_ = 0;
  RangeSet free_;
  IndirectBlocks out_;
};

}  // namespace

std::vector<IndirectFile> indirect_files(const PointerBlocks& found, const ExtLayout& layout) {
  std::set<std::uint64_t> children;                       // each belongs to one double indirect block only
  std::map<std::uint64_t, std::uint64_t> double_by_data;  // first content block below → double indirect block
  std::set<std::uint64_t> doubles;
  std::set<std::uint64_t> taken;  // doubles that have their file
  for (const auto& [block, pointers] : found) {
    const bool fresh =
        std::none_of(pointers.begin(), pointers.end(), [&](std::uint32_t t) { return children.contains(t); });
    if (!fresh || !names_only(pointers, found)) continue;
    doubles.insert(block);
    children.insert(pointers.begin(), pointers.end());
    double_by_data.emplace(found.at(pointers.front()).front(), block);
  }
  std::vector<IndirectFile> out;
  for (const auto& [block, pointers] : found) {
    if (doubles.contains(block) || children.contains(block) || pointers.front() <= kDirectBlocks + 1) continue;
    IndirectFile file{block, {}};
    // The block itself may lie between its first twelve and the rest.
    const std::uint64_t rest = pointers.front() == block + 1 ? block : pointers.front();
    for (std::uint64_t i = kDirectBlocks; i > 0; --i) file.blocks.push_back(rest - i);
    file.blocks.insert(file.blocks.end(), pointers.begin(), pointers.end());
    if (pointers.size() == layout.block_size / 4) {
      std::uint64_t next = 0;
      for (const std::uint64_t near : {std::uint64_t{pointers.back()} + 1, block + 1})
        next = doubles.contains(near) ? near : next;
      if (const auto by_data = double_by_data.find(pointers.back() + 1ULL); by_data != double_by_data.end())
        next = by_data->second;
      if (next != 0 && taken.insert(next).second) {
        for (const std::uint32_t child : found.at(next)) {
          const std::vector<std::uint32_t>& more = found.at(child);
          file.blocks.insert(file.blocks.end(), more.begin(), more.end());
        }
      }
    }
    out.push_back(std::move(file));
  }
  return out;
}

IndirectBlocks find_indirect_blocks(ImageBytes& probe, const ExtLayout& layout, const std::vector<Extent>& free) {
  return IndirectSearch(probe, layout).run(free);
}

}  // namespace triage
