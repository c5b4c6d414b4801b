// SPDX-License-Identifier: Apache-2.0
#include "recover/ext_indirect.h"

#include <algorithm>
#include <array>
#include <set>

namespace triage {

namespace {

constexpr std::uint64_t kMaxLooks = 8'000'000;
constexpr std::size_t kFewPointers = 8;  ///< fewer must begin right behind the block

class IndirectSearch {
 public:
  IndirectSearch(ImageBytes& probe, const ExtLayout& layout) : probe_(probe), layout_(layout) {}

  IndirectBlocks run(const std::vector<Extent>& free) {
    for (const Extent& extent : free) {
      if (extent.sparse || extent.at.value < layout_.begin) continue;
      const std::uint64_t first = (extent.at.value - layout_.begin + layout_.block_size - 1) / layout_.block_size;
      const std::uint64_t end = ((extent.at + extent.length).value - layout_.begin) / layout_.block_size;
      for (std::uint64_t block = first; block < end && !out_.cut; ++block) look(block);
    }
    // A double indirect block names indirect ones only; they may come after it.
    for (const auto& [block, targets] : doubles_) {
      const bool all =
          std::all_of(targets.begin(), targets.end(), [this](std::uint32_t t) { return found_.contains(t); });
      if (all) found_.insert(block);
    }
    out_.blocks.assign(found_.begin(), found_.end());
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
    std::size_t in_order = 0;
    for (std::size_t i = 1; i < pointers.size(); ++i) in_order += pointers[i] == pointers[i - 1] + 1 ? 1 : 0;
    if (pointers.empty()) return;
    const bool behind = pointers.front() == block + 1;
    const bool runs = pointers.size() >= kFewPointers ? in_order * 4 >= (pointers.size() - 1) * 3
                                                      : behind && in_order + 1 == pointers.size();
    if (runs) {
      found_.insert(block);
    } else if (behind) {
      doubles_.emplace_back(block, std::move(pointers));
    }
  }

  ImageBytes& probe_;
  const ExtLayout& layout_;
  std::set<std::uint64_t> found_;
  std::vector<std::pair<std::uint64_t, std::vector<std::uint32_t>>> doubles_;
  std::uint64_t looks_ = 0;
  IndirectBlocks out_;
};

}  // namespace

IndirectBlocks find_indirect_blocks(ImageBytes& probe, const ExtLayout& layout, const std::vector<Extent>& free) {
  return IndirectSearch(probe, layout).run(free);
}

}  // namespace triage
