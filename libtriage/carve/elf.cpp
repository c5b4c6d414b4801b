// SPDX-License-Identifier: Apache-2.0
// ELF: the farthest of headers, section table, sections and segments.      Spec: System V gABI chapter 4; 32 and 64
// bits, both byte orders. An archive appended to a program (AppImage) is not claimed.
#include <algorithm>

#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver elf;

namespace {
class Reader {
 public:
  explicit Reader(Bytes data)
      : wide(le_at<std::uint8_t>(data, 4) == 2), data_(data), big_(le_at<std::uint8_t>(data, 5) == 2) {}
  std::uint16_t half(std::uint64_t at) const {
    return big_ ? be_at<std::uint16_t>(data_, at) : le_at<std::uint16_t>(data_, at);
  }
  std::uint32_t word(std::uint64_t at) const {
    return big_ ? be_at<std::uint32_t>(data_, at) : le_at<std::uint32_t>(data_, at);
  }
  std::uint64_t address(std::uint64_t at) const {
    if (!wide) return word(at);
    return big_ ? be_at<std::uint64_t>(data_, at) : le_at<std::uint64_t>(data_, at);
  }
  bool wide;

 private:
  Bytes data_;
  bool big_;
};

std::string_view extension_of(std::uint16_t type) {
  return type == 3 ? "so" : type == 1 ? "o" : type == 4 ? "core" : "elf";
}

CarveResult validate(Bytes data) {
  if (!has_at(data, 0,
              "\x7f"
              "ELF") ||
      data.size() < 64)
    return {};
  const auto bits = le_at<std::uint8_t>(data, 4);
  const auto order = le_at<std::uint8_t>(data, 5);
  if (bits < 1 || bits > 2 || order < 1 || order > 2 || le_at<std::uint8_t>(data, 6) != 1) return {};
  const Reader in(data);
  const auto type = in.half(16);
  const std::uint64_t header = in.half(in.wide ? 52 : 40);
  const std::uint64_t segments_at = in.address(in.wide ? 32 : 28);
  const std::uint64_t sections_at = in.address(in.wide ? 40 : 32);
  const std::uint64_t segment = in.half(in.wide ? 54 : 42);
  const std::uint64_t segments = in.half(in.wide ? 56 : 44);
  const std::uint64_t section = in.half(in.wide ? 58 : 46);
  const std::uint64_t sections = in.half(in.wide ? 60 : 48);
  if (type < 1 || type > 4 || in.word(20) != 1 || header != (in.wide ? 64U : 52U)) return {};
  constexpr std::uint64_t kMost = std::uint64_t{1} << 36;
  if (segments_at > kMost || sections_at > kMost || (segments == 0 && sections == 0)) return {};
  if ((segments != 0 && segment != (in.wide ? 56U : 32U)) || (sections != 0 && section != (in.wide ? 64U : 40U)))
    return {};
  const std::string_view extension = extension_of(type);
  std::uint64_t end = std::max({header, segments_at + segments * segment, sections_at + sections * section});
  if (end > data.size()) return carve_more(data, extension);
  for (std::uint64_t i = 0; i < segments; ++i) {
    const std::uint64_t at = segments_at + i * segment;
    const std::uint64_t offset = in.address(at + (in.wide ? 8U : 4U));
    const std::uint64_t size = in.address(at + (in.wide ? 32U : 16U));
    if (offset > kMost || size > kMost) return {};
    end = std::max(end, offset + size);
  }
  for (std::uint64_t i = 0; i < sections; ++i) {
    const std::uint64_t at = sections_at + i * section;
    constexpr std::uint32_t kNoBits = 8;
    if (in.word(at + 4) == kNoBits || in.word(at + 4) == 0) continue;
    const std::uint64_t offset = in.address(at + (in.wide ? 24U : 16U));
    const std::uint64_t size = in.address(at + (in.wide ? 32U : 20U));
    if (offset > kMost || size > kMost) return carve_cut(header, extension);
    end = std::max(end, offset + size);
  }
  return carve_stated(data, end, extension);
}

constexpr CarveMagic kMagics[] = {{0,
                                   "\x7f"
                                   "ELF"}};
constexpr std::string_view kReferences[] = {"System V gABI chapter 4 (2013)"};

}  // namespace

constinit const Carver elf{
    .id = "elf",
    .extension = "elf",
    .title_en = "ELF program",
    .title_ja = "ELF プログラム",
    .magics = kMagics,
    .min_length = ByteCount{84},
    .max_length = ByteCount{4ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
