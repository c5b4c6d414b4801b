// SPDX-License-Identifier: Apache-2.0
// Packet captures: records to the first that is none.     file := header(24) (seconds fraction captured original
// packet)* Both byte orders, micro- and nanoseconds.        Spec: draft-ietf-opsawg-pcap-04 §4, §5.
#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver pcap;

namespace {
CarveResult validate(Bytes data) {
  if (data.size() < 24) return {};
  const bool big = has_at(data, 0, "\xa1");
  const auto u32 = [&](std::uint64_t at) {
    return big ? be_at<std::uint32_t>(data, at) : le_at<std::uint32_t>(data, at);
  };
  const auto magic = u32(0);
  if (magic != 0xa1b2c3d4U && magic != 0xa1b23c4dU) return {};
  const std::uint32_t version = big ? be_at<std::uint16_t>(data, 4) : le_at<std::uint16_t>(data, 4);
  const std::uint32_t most = u32(16);
  if (version != 2 || most > 1U << 20 || u32(8) > 50400) return {};
  const std::uint32_t fractions = magic == 0xa1b2c3d4U ? 1000000 : 1000000000;
  std::uint64_t at = 24;
  std::uint32_t last = 0;
  for (;;) {
    if (!holds(data, at, 16)) {
      const bool end = at == data.size() || is_filled(part(data, at, 16), 0);
      return end && at > 24 ? carve_whole(at, "pcap") : carve_more(data, "pcap");
    }
    const std::uint32_t seconds = u32(at);
    const std::uint32_t captured = u32(at + 8);
    const std::uint32_t original = u32(at + 12);
    const bool near = last == 0 || (seconds > last ? seconds - last : last - seconds) < 400U * 86400;
    if (captured == 0 || captured > (most == 0 ? 262144 : most) || captured > original || original > 1U << 20 ||
        u32(at + 4) >= fractions || !near)
      break;
    if (!holds(data, at + 16, captured)) return carve_more(data, "pcap");
    last = seconds;
    at += 16 + std::uint64_t{captured};
  }
  return at == 24 ? CarveResult{} : carve_whole(at, "pcap");
}

constexpr CarveMagic kMagics[] = {
    {0, "\xd4\xc3\xb2\xa1"}, {0, "\xa1\xb2\xc3\xd4"}, {0, "\x4d\x3c\xb2\xa1"}, {0, "\xa1\xb2\x3c\x4d"}};
constexpr std::string_view kReferences[] = {"draft-ietf-opsawg-pcap-04 §4, §5"};

}  // namespace

constinit const Carver pcap{
    .id = "pcap",
    .extension = "pcap",
    .title_en = "Packet capture",
    .title_ja = "パケットキャプチャ",
    .magics = kMagics,
    .min_length = ByteCount{41},
    .max_length = ByteCount{16ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
