// SPDX-License-Identifier: Apache-2.0
// Prefetch files: plain (the header states the size) and packed with XPRESS Huffman, whose end is where the stated
// number of bytes has come out.     Spec: libyal/libscca "Windows Prefetch File (PF) format" §2, §3; [MS-XCA] §2.2.
#include "carve/carve_result.h"
#include "formats/peek.h"
#include "formats/xpress_huffman.h"

namespace triage {

extern const Carver prefetch_file;

namespace {
bool is_version(std::uint32_t version) {
  return version == 17 || version == 23 || version == 26 || version == 30 || version == 31;
}

CarveResult packed_file(Bytes data) {
  const auto wanted = le_at<std::uint32_t>(data, 4);
  if (wanted < 84 || wanted > 4U << 20) return {};
  const std::uint64_t head_size = has_at(data, 0, "MAM\x84") ? 12 : 8;  // with a checksum
  const Bytes packed = part(data, head_size, std::uint64_t{wanted} + 4096);
  const XpressResult head = xpress_huffman_decompress(packed, 84);
  const Bytes plain = as_byte_span(head.output);
  if (!head.complete || !has_at(plain, 4, "SCCA") || !is_version(le_at<std::uint32_t>(plain, 0))) return {};
  if (le_at<std::uint32_t>(plain, 12) != wanted) return {};
  const XpressResult all = xpress_huffman_decompress(packed, wanted);
  if (!all.complete) return packed.size() < wanted ? carve_more(data, "pf") : carve_cut(8, "pf");
  return carve_whole(head_size + all.stop_at, "pf");
}

CarveResult validate(Bytes data) {
  if (has_at(data, 0, "MAM\4") || has_at(data, 0, "MAM\x84")) return packed_file(data);
  if (!has_at(data, 4, "SCCA") || data.size() < 84 || !is_version(le_at<std::uint32_t>(data, 0))) return {};
  const auto size = le_at<std::uint32_t>(data, 12);
  if (size < 152 || size > 16U << 20) return {};
  const std::uint64_t metrics = le_at<std::uint32_t>(data, 84);
  const std::uint64_t names = le_at<std::uint32_t>(data, 100);
  const std::uint64_t names_size = le_at<std::uint32_t>(data, 104);
  if (metrics >= size || names > size || names_size > size - names) return {};
  return carve_stated(data, size, "pf");
}

constexpr CarveMagic kMagics[] = {{4, "SCCA"}, {0, "MAM\4"}, {0, "MAM\x84"}};
constexpr std::string_view kReferences[] = {"libyal/libscca: Windows Prefetch File format §2, §3", "[MS-XCA] §2.2"};

}  // namespace

constinit const Carver prefetch_file{
    .id = "prefetch_file",
    .extension = "pf",
    .title_en = "Windows prefetch file",
    .title_ja = "Windows プリフェッチ",
    .magics = kMagics,
    .min_length = ByteCount{152},
    .max_length = ByteCount{16ULL << 20},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
