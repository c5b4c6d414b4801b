// SPDX-License-Identifier: Apache-2.0
#include "acquire/memory_input.h"

#include <algorithm>
#include <cstring>

#include "acquire/memory_fields.h"

namespace triage {
namespace {

constexpr std::size_t kStep = 1U << 20;
constexpr std::uint32_t kLimeMagic = 0x4c694d45;

std::uint64_t to_page(std::uint64_t at) { return (at + kMemoryPage - 1) / kMemoryPage * kMemoryPage; }

}  // namespace

MemoryInput::MemoryInput(MemorySource& source, const std::vector<MemoryRange>& ram, MemoryFormat format)
    : source_(source) {
  if (format == MemoryFormat::kLime) {
    lay_out_lime(ram);
  } else {
    lay_out_elf(ram);
  }
}

void MemoryInput::add_header(std::string bytes) {
  Part part;
  part.at = size_;
  part.length = bytes.size();
  part.bytes = std::move(bytes);
  size_ += part.length;
  parts_.push_back(std::move(part));
}

void MemoryInput::add_memory(const MemoryRange& range) {
  parts_.push_back({size_, range.end - range.begin, {}, range.begin});
  size_ += range.end - range.begin;
}

void MemoryInput::lay_out_lime(const std::vector<MemoryRange>& ram) {
  for (const MemoryRange& range : ram) {
    Fields header;
    header.put(kLimeMagic).put(std::uint32_t{1}).put(range.begin).put(range.end - 1).put(std::uint64_t{0});
    add_header(std::move(header.out()));
    add_memory(range);
  }
}

void MemoryInput::lay_out_elf(const std::vector<MemoryRange>& ram) {
  const std::string& info = source_.vmcoreinfo();
  Fields note;
  note.put(std::uint32_t{11}).put(static_cast<std::uint32_t>(info.size())).put(std::uint32_t{0});
  note.text("VMCOREINFO", 12).text(info, (info.size() + 3) / 4 * 4);
  const std::uint64_t note_at = kElfHeaderBytes + kProgramHeaderBytes * (ram.size() + 1);
  std::uint64_t at = to_page(note_at + note.out().size());
  Fields head;
  put_core_header(head, static_cast<std::uint16_t>(ram.size() + 1));
  put_program_header(head, {4, 0, note_at, 0, 0, note.out().size()});
  for (const MemoryRange& range : ram) {
    const std::uint64_t length = range.end - range.begin;
    put_program_header(head, {1, 7, at, source_.virtual_address(range.begin).value_or(0), range.begin, length});
    at += to_page(length);
  }
  head.out() += note.out();
  head.out().resize(static_cast<std::size_t>(to_page(head.out().size())), '\0');
  add_header(std::move(head.out()));
  for (const MemoryRange& range : ram) {
    add_memory(range);
    if (to_page(size_) != size_) add_header(std::string(static_cast<std::size_t>(to_page(size_) - size_), '\0'));
  }
}

Result<std::size_t> MemoryInput::read(std::uint64_t at, std::span<std::byte> out, std::vector<ReadFault>& faults) {
  std::size_t done = 0;
  auto part = std::upper_bound(parts_.begin(), parts_.end(), at,
                               [](std::uint64_t value, const Part& each) { return value < each.at + each.length; });
  for (; part != parts_.end() && done < out.size(); ++part) {
    const std::uint64_t inside = at + done - part->at;
    const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(out.size() - done, part->length - inside));
    const std::span<std::byte> piece = out.subspan(done, length);
    if (!part->bytes.empty()) {
      std::memcpy(piece.data(), part->bytes.data() + inside, length);
    } else {
      read_memory(part->physical + inside, at + done, piece, faults);
    }
    done += length;
  }
  return done;
}

/// Big steps that shrink to single pages where something fails, and grow again.
void MemoryInput::read_memory(std::uint64_t physical, std::uint64_t at, std::span<std::byte> out,
                              std::vector<ReadFault>& faults) {
  std::size_t step = kStep;
  while (!out.empty()) {
    const std::size_t to_border = kMemoryPage - static_cast<std::size_t>(physical % kMemoryPage);
    const std::size_t wanted = std::min(out.size(), step <= kMemoryPage ? to_border : step);
    const int fault = source_.read(physical, out.first(wanted));
    if (fault != 0 && wanted > to_border) {
      step = std::max<std::size_t>(kMemoryPage, step / 8);
      continue;
    }
    if (fault != 0) {
      std::fill_n(out.begin(), wanted, std::byte{0});
      append_fault(faults, at, wanted, fault);
    } else if (step < kStep) {
      step *= 2;
    }
    out = out.subspan(wanted);
    physical += wanted;
    at += wanted;
  }
}

std::vector<MemoryRange> MemoryInput::physical_of(std::uint64_t at, std::uint64_t length) const {
  std::vector<MemoryRange> out;
  for (const Part& part : parts_) {
    if (!part.bytes.empty()) continue;
    const std::uint64_t begin = std::max(at, part.at);
    const std::uint64_t end = std::min(at + length, part.at + part.length);
    if (begin < end) out.push_back({part.physical + (begin - part.at), part.physical + (end - part.at)});
  }
  return out;
}

}  // namespace triage
