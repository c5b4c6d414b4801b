// SPDX-License-Identifier: Apache-2.0
// MPEG transport streams, plain (188 bytes a packet) and with time stamps (192, Blu-ray and camcorders): packets to the
// first without a sync byte; a program association table with its CRC must be among the first.
// Spec: ISO/IEC 13818-1 §2.4.3.2, §2.4.4.3, annex A; time stamp: BDAV.
#include "carve/carve_result.h"
#include "formats/checksum.h"
#include "formats/peek.h"

namespace triage {

extern const Carver mpegts;

namespace {
constexpr std::uint64_t kFewest = 32;

/// True when the packet at `at` begins a program association section whose CRC holds.
bool is_program_table(Bytes data, std::uint64_t at) {
  if ((be_at<std::uint16_t>(data, at + 1) & 0x5fff) != 0x4000) return false;  // PID 0, a section begins
  const std::uint64_t section = at + 5 + le_at<std::uint8_t>(data, at + 4);
  const std::uint64_t size = 3 + (be_at<std::uint16_t>(data, section + 1) & 0xfffU);
  if (le_at<std::uint8_t>(data, section) != 0 || size < 12 || size > 180 || !holds(data, section, size)) return false;
  return mpeg_crc32(part(data, section, size)) == 0;
}

CarveResult validate(Bytes data) {
  const std::uint64_t lead = has_at(data, 0, "G") && !has_at(data, 4, "G")    ? 0
                             : has_at(data, 0, "G") && has_at(data, 188, "G") ? 0
                                                                              : 4;
  const std::uint64_t packet = 188 + lead;
  std::uint64_t at = 0;
  std::uint64_t count = 0;
  bool table = false;
  while (has_at(data, at + lead, "G") && holds(data, at, packet)) {
    if ((le_at<std::uint8_t>(data, at + lead + 1) & 0x80) != 0 && count < kFewest) return {};  // error bit
    table = table || (count < 4096 && is_program_table(data, at + lead));
    at += packet;
    ++count;
  }
  if (count < kFewest || !table) return {};
  const std::string_view extension = lead == 0 ? "ts" : "m2ts";
  if (!holds(data, at, lead + 1)) return at == data.size() ? carve_whole(at, extension) : carve_more(data, extension);
  return has_at(data, at + lead, "G") ? carve_more(data, extension) : carve_whole(at, extension);
}

constexpr CarveMagic kMagics[] = {{0, "G"}, {4, "G"}};
constexpr std::string_view kReferences[] = {"ISO/IEC 13818-1 §2.4.3.2, §2.4.4.3, annex A"};

}  // namespace

constinit const Carver mpegts{
    .id = "mpegts",
    .extension = "ts",
    .title_en = "MPEG transport stream",
    .title_ja = "MPEG トランスポートストリーム",
    .magics = kMagics,
    .min_length = ByteCount{6016},
    .max_length = ByteCount{16ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
