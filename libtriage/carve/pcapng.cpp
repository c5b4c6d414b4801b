// SPDX-License-Identifier: Apache-2.0
// Packet captures, next generation: blocks whose length stands at both ends.
//   file := section+     section := section_header block*    block := type length content length
// Spec: draft-ietf-opsawg-pcapng-02 §3, §4.
#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver pcapng;

namespace {
CarveResult validate(Bytes data) {
  std::uint64_t at = 0;
  bool big = false;
  bool interface = false;
  for (;;) {
    if (!holds(data, at, 12)) {
      if (at == 0) return {};
      return at == data.size() || is_filled(part(data, at, 12), 0) ? carve_whole(at, "pcapng")
                                                                   : carve_more(data, "pcapng");
    }
    if (has_at(data, at, "\x0a\x0d\x0d\x0a")) {
      big = has_at(data, at + 8, "\x1a\x2b\x3c\x4d");
      if (!big && !has_at(data, at + 8, "\x4d\x3c\x2b\x1a")) break;
    } else if (at == 0) {
      return {};
    }
    const auto u32 = [&](std::uint64_t place) {
      return big ? be_at<std::uint32_t>(data, place) : le_at<std::uint32_t>(data, place);
    };
    const std::uint32_t type = u32(at);
    const std::uint64_t length = u32(at + 4);
    const bool known =
        type <= 10 || type == 0x0a0d0d0aU || type == 0xbad || type == 0x40000bad || (type & 0x80000000U) != 0;
    if (!known || type == 0 || length < 12 || length % 4 != 0 || length > 64U << 20) break;
    if (!holds(data, at, length)) return carve_more(data, "pcapng");
    if (u32(at + length - 4) != length) break;
    interface = interface || type == 1;
    at += length;
  }
  if (at == 0) return {};
  return interface ? carve_whole(at, "pcapng") : carve_cut(at, "pcapng");
}

constexpr CarveMagic kMagics[] = {{0, "\x0a\x0d\x0d\x0a"}};
constexpr std::string_view kReferences[] = {"draft-ietf-opsawg-pcapng-02 §3, §4"};

}  // namespace

constinit const Carver pcapng{
    .id = "pcapng",
    .extension = "pcapng",
    .title_en = "Packet capture (pcapng)",
    .title_ja = "パケットキャプチャ(pcapng)",
    .magics = kMagics,
    .min_length = ByteCount{28},
    .max_length = ByteCount{16ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
