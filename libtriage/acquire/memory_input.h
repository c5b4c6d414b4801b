// SPDX-License-Identifier: Apache-2.0
// MemoryInput: physical memory laid out as a LiME or ELF core file, read front to back by acquire_image(). A page that
// cannot be read is zeros and a fault of that page; it never ends the source.
//   LiME 1   {magic u32, version u32, first u64, last u64 (inclusive), 0 u64, bytes}*           (LiME, doc/README)
//   ELF      Ehdr, Phdr (note), Phdr (load)*, note VMCOREINFO, then the ranges from a page border on; p_paddr is the
//            physical address, p_vaddr the direct map's where known: what `crash` and libkdumpfile read.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "acquire/image_input.h"
#include "acquire/memory_source.h"

namespace triage {

enum class MemoryFormat : std::uint8_t { kLime, kElf };

class MemoryInput final : public ImageInput {
 public:
  /// `source` outlives this object.
  MemoryInput(MemorySource& source, const std::vector<MemoryRange>& ram, MemoryFormat format);

  [[nodiscard]] std::optional<std::uint64_t> size() const override { return size_; }
  [[nodiscard]] SectorSize sector_size() const override { return SectorSize{512}; }
  Result<std::size_t> read(std::uint64_t at, std::span<std::byte> out, std::vector<ReadFault>& faults) override;
  [[nodiscard]] std::string_view access() const override { return "memory"; }

  /// Physical ranges of a run of the file; headers have none.
  [[nodiscard]] std::vector<MemoryRange> physical_of(std::uint64_t at, std::uint64_t length) const;

 private:
  /// A run of the file: header bytes, or a range of memory.
  struct Part {
    std::uint64_t at = 0;
    std::uint64_t length = 0;
    std::string bytes;           ///< of a header
    std::uint64_t physical = 0;  ///< else
  };
  void add_header(std::string bytes);
  void add_memory(const MemoryRange& range);
  void lay_out_lime(const std::vector<MemoryRange>& ram);
  void lay_out_elf(const std::vector<MemoryRange>& ram);
  void read_memory(std::uint64_t physical, std::uint64_t at, std::span<std::byte> out, std::vector<ReadFault>& faults);

  MemorySource& source_;
  std::vector<Part> parts_;
  std::uint64_t size_ = 0;
};

}  // namespace triage
