// SPDX-License-Identifier: Apache-2.0
// Deletion on ext2 and ext3 empties the inode, but not the indirect blocks: content without name, size and times. The
// size is the end of the structure where the content has one, else that of its blocks without the zeros that end the
// last one; only content that validates is called complete.
#include <fmt/format.h>

#include <algorithm>

#include "formats/file_type.h"
#include "recover/ext_indirect.h"
#include "recover/recovery_context.h"

namespace triage {

namespace {

constexpr std::size_t kMaxBlocks = 50'000'000;     ///< of all files together
constexpr std::uint64_t kMaxJudged = 64ULL << 20;  ///< larger content is not read to find its end

class OrphanFiles {
 public:
  OrphanFiles(RecoveryContext& context, ImageBytes& probe, const ExtLayout& layout)
      : context_(context), probe_(probe), layout_(layout) {}

  void add(const IndirectFile& file) {
    Stream stream = recovered_stream(context_.volume, RecoveryMethod::kRecord, StreamKind::kFile);
    stream.key = fmt::format("v{}.r{}.a1-0", context_.volume.begin(), layout_.place(file.top));
    stream.path = fmt::format("/$OrphanFiles/IndirectBlock-{}", file.top);
    stream.inferred = true;
    std::uint64_t left = size_of(file.blocks);
    stream.size = ByteCount{left};
    for (const std::uint64_t block : file.blocks) {
      const std::uint64_t length = std::min<std::uint64_t>(left, layout_.block_size);
      append_extent(stream.extents, Extent{ByteOffset{layout_.place(block)}, ByteCount{length}, false});
      left -= length;
    }
    if (!stream.extents.empty()) context_.add(std::move(stream));
  }

 private:
  [[nodiscard]] std::uint64_t size_of(const std::vector<std::uint64_t>& blocks) {
    const std::uint64_t most = blocks.size() * layout_.block_size;
    const std::uint64_t before_last = most - layout_.block_size;
    if (context_.check != nullptr && most <= kMaxJudged) {
      if (const auto content = content_of(blocks)) {
        const ContentJudgement judged = context_.check(type_by_content(*content), *content);
        // A structure that ends in an earlier block is a part of the file.
        if (judged.verdict == ContentVerdict::kWhole && judged.length > before_last) return judged.length;
      }
    }
    const auto raw = probe_.read(layout_.place(blocks.back()), layout_.block_size);
    if (!raw) return most;
    const auto last = std::find_if(raw->rbegin(), raw->rend(), [](std::byte b) { return b != std::byte{0}; });
    return before_last + static_cast<std::uint64_t>(raw->rend() - last);
  }

  [[nodiscard]] std::optional<std::vector<std::byte>> content_of(const std::vector<std::uint64_t>& blocks) {
    std::vector<std::byte> out(blocks.size() * layout_.block_size);
    for (std::size_t first = 0; first < blocks.size();) {
      std::size_t end = first + 1;
      while (end < blocks.size() && blocks[end] == blocks[end - 1] + 1) ++end;
      const auto part = std::span(out).subspan(first * layout_.block_size, (end - first) * layout_.block_size);
      if (!probe_.read_into(layout_.place(blocks[first]), part)) return std::nullopt;
      first = end;
    }
    return out;
  }

  RecoveryContext& context_;
  ImageBytes& probe_;
  const ExtLayout& layout_;
};

}  // namespace

void recover_ext_orphans(RecoveryContext& context, ImageBytes& probe) {
  const auto layout = read_ext_layout(context.image, context.volume.content);
  if (!layout) return;
  OrphanFiles orphans(context, probe, *layout);
  std::size_t budget = kMaxBlocks;
  for (const IndirectFile& file : indirect_files(context.volume.indirect, *layout)) {
    if (file.blocks.size() > budget) return;
    budget -= file.blocks.size();
    orphans.add(file);
  }
}

}  // namespace triage
