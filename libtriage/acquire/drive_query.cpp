// SPDX-License-Identifier: Apache-2.0
#include "acquire/drive_query.h"

#include <fmt/format.h>
#include <scsi/sg.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "bytes/text.h"

namespace triage {
namespace {

constexpr unsigned kTimeoutMillis = 5000;
constexpr std::size_t kDataBytes = 512;

/// What one command gave.
struct Answer {
  bool ok = false;
  std::string why;  // when not
  std::array<std::byte, kDataBytes> data{};
  std::array<std::byte, 64> sense{};
};

template <std::size_t Size>
Answer ask(int fd, std::array<unsigned char, Size> command, bool with_data) {
  Answer answer;
  sg_io_hdr_t header{};
  header.interface_id = 'S';
  header.cmd_len = static_cast<unsigned char>(command.size());
  header.cmdp = command.data();
  header.dxfer_direction = with_data ? SG_DXFER_FROM_DEV : SG_DXFER_NONE;
  header.dxfer_len = with_data ? kDataBytes : 0;
  header.dxferp = with_data ? answer.data.data() : nullptr;
  header.mx_sb_len = static_cast<unsigned char>(answer.sense.size());
  header.sbp = static_cast<unsigned char*>(static_cast<void*>(answer.sense.data()));
  header.timeout = kTimeoutMillis;
  if (::ioctl(fd, SG_IO, &header) != 0) {
    answer.why = errno == ENOTTY || errno == EINVAL ? "not a SCSI or ATA device" : std::strerror(errno);
    return answer;
  }
  // A descriptor with ATA registers (0x72, 0x09) comes as sense even when all went well (CK_COND).
  const bool registers = answer.sense[0] == std::byte{0x72} && answer.sense[8] == std::byte{0x09};
  answer.ok = (header.info & SG_INFO_OK_MASK) == SG_INFO_OK || registers;
  if (registers && (answer.sense[21] & std::byte{0x01}) != std::byte{0}) answer.ok = false;  // ERR bit of the status
  if (!answer.ok) answer.why = fmt::format("the device refuses the command (status 0x{:02x})", header.status);
  return answer;
}

/// ATA PASS-THROUGH (16): `protocol` 4 reads data, 3 none.
Answer ask_ata(int fd, unsigned char command, std::uint16_t feature, std::uint32_t lba, bool with_data, bool extended) {
  std::array<unsigned char, 16> cdb{};
  cdb[0] = 0x85;
  cdb[1] = static_cast<unsigned char>(((with_data ? 4 : 3) << 1) | (extended ? 1 : 0));
  cdb[2] = with_data ? 0x0e : 0x20;  // one block from the device; CK_COND brings the registers back
  cdb[4] = static_cast<unsigned char>(feature);
  cdb[6] = with_data ? 1 : 0;
  cdb[8] = static_cast<unsigned char>(lba);
  cdb[10] = static_cast<unsigned char>(lba >> 8);
  cdb[12] = static_cast<unsigned char>(lba >> 16);
  cdb[13] = 0x40;
  cdb[14] = command;
  return ask(fd, cdb, with_data);
}

/// 48-bit address out of the registers (SAT-3 §12.2.6).
std::uint64_t address_of(const Answer& answer) {
  std::uint64_t lba = 0;
  for (const std::size_t at : {18U, 16U, 14U, 19U, 17U, 15U}) {
    // bytes: 14 lba(31:24) 15 lba(7:0) 16 lba(39:32) 17 lba(15:8) 18 lba(47:40) 19 lba(23:16)
    lba = (lba << 8) | std::to_integer<std::uint64_t>(answer.sense[at]);
  }
  return lba;
}

/// ATA strings hold two characters a word, the first in the high byte.
std::string ata_text(Bytes data, std::size_t word, std::size_t words) {
  std::string text;
  for (std::size_t i = word; i < word + words; ++i) {
    text += std::to_integer<char>(data[i * 2 + 1]);
    text += std::to_integer<char>(data[i * 2]);
  }
  const std::size_t begin = text.find_first_not_of(std::string_view(" \0", 2));
  const std::size_t end = text.find_last_not_of(std::string_view(" \0", 2));
  return begin == std::string::npos ? "" : to_valid_utf8(text.substr(begin, end - begin + 1));
}

std::uint64_t words_at(Bytes data, std::size_t word, std::size_t words) {
  std::uint64_t value = 0;
  for (std::size_t i = words; i-- > 0;) {
    const std::size_t at = (word + i) * 2;
    value =
        (value << 16) | std::to_integer<std::uint64_t>(data[at]) | (std::to_integer<std::uint64_t>(data[at + 1]) << 8);
  }
  return value;
}

void query_hidden(int fd, const IdentifyFacts& facts, DeviceDossier& out) {
  if (facts.has_hpa) {
    const Answer answer = ask_ata(fd, 0x27, 0, 0, false, true);
    if (answer.ok) out.native_sectors = address_of(answer) + 1;
    if (!answer.ok) out.not_asked.emplace_back("READ NATIVE MAX ADDRESS EXT", answer.why);
  } else {
    out.not_asked.emplace_back("READ NATIVE MAX ADDRESS EXT", "the drive has no host protected area");
  }
  if (facts.has_dco) {
    const Answer answer = ask_ata(fd, 0xB1, 0xC2, 0, true, false);
    if (answer.ok) out.dco_sectors = parse_dco(answer.data);
    if (!answer.ok) out.not_asked.emplace_back("DEVICE CONFIGURATION IDENTIFY", answer.why);
  } else {
    out.not_asked.emplace_back("DEVICE CONFIGURATION IDENTIFY", "the drive has no configuration overlay");
  }
}

}  // namespace

std::optional<IdentifyFacts> parse_identify(Bytes data) {
  if (data.size() < kDataBytes || (words_at(data, 0, 1) & 0x8000U) != 0) return std::nullopt;  // bit 15: not ATA
  IdentifyFacts facts;
  facts.serial = ata_text(data, 10, 10);
  facts.firmware = ata_text(data, 23, 4);
  facts.model = ata_text(data, 27, 20);
  if (facts.model.empty()) return std::nullopt;
  const std::uint64_t features = words_at(data, 82, 1);
  const std::uint64_t features2 = words_at(data, 83, 1);
  facts.has_smart = (features & 0x0001U) != 0;
  facts.has_hpa = (features & 0x0400U) != 0;
  facts.has_dco = (features2 & 0x0800U) != 0;
  const bool extended = (features2 & 0x0400U) != 0;
  facts.sectors = extended ? words_at(data, 100, 4) : words_at(data, 60, 2);
  if ((words_at(data, 87, 1) & 0x0100U) != 0) {
    for (std::size_t word = 108; word < 112; ++word) facts.wwn += fmt::format("{:04x}", words_at(data, word, 1));
  }
  return facts;
}

std::optional<std::uint64_t> parse_dco(Bytes data) {
  if (data.size() < kDataBytes) return std::nullopt;
  unsigned sum = 0;
  for (const std::byte byte : data.first(kDataBytes)) sum += std::to_integer<unsigned>(byte);
  if ((words_at(data, 255, 1) & 0xFFU) != 0xA5 || sum % 256 != 0) return std::nullopt;
  return words_at(data, 3, 4) + 1;
}

void query_drive(int fd, DeviceDossier& out) {
  const Answer inquiry = ask(fd, std::array<unsigned char, 6>{0x12, 0, 0, 0, 96, 0}, true);
  if (!inquiry.ok) {
    for (const char* what : {"INQUIRY", "IDENTIFY DEVICE", "HPA", "DCO", "SMART"})
      out.not_asked.emplace_back(what, inquiry.why);
    return;
  }
  const auto field = [&inquiry](std::size_t at, std::size_t count) {
    std::string text(as_chars(Bytes(inquiry.data).subspan(at, count)));
    const std::size_t end = text.find_last_not_of(std::string_view(" \0", 2));
    return end == std::string::npos ? std::string() : to_valid_utf8(text.substr(0, end + 1));
  };
  if (out.vendor.empty()) out.vendor = field(8, 8);
  if (out.model.empty()) out.model = field(16, 16);
  if (out.firmware.empty()) out.firmware = field(32, 4);
  const Answer serial = ask(fd, std::array<unsigned char, 6>{0x12, 1, 0x80, 0, 252, 0}, true);
  if (serial.ok && out.serial.empty() && serial.data[1] == std::byte{0x80}) {
    const auto count = std::min<std::size_t>(std::to_integer<std::size_t>(serial.data[3]), 248);
    std::string text(as_chars(Bytes(serial.data).subspan(4, count)));
    const std::size_t begin = text.find_first_not_of(std::string_view(" \0", 2));
    const std::size_t end = text.find_last_not_of(std::string_view(" \0", 2));
    if (begin != std::string::npos) out.serial = to_valid_utf8(text.substr(begin, end - begin + 1));
  }
  const Answer identify = ask_ata(fd, 0xEC, 0, 0, true, false);
  const auto facts = identify.ok ? parse_identify(identify.data) : std::nullopt;
  if (!facts) {
    const std::string why = identify.ok ? "not an ATA device" : identify.why;
    for (const char* what : {"IDENTIFY DEVICE", "HPA", "DCO", "SMART"}) out.not_asked.emplace_back(what, why);
    return;
  }
  out.identify_hex = to_hex(identify.data);
  out.model = facts->model;
  out.serial = facts->serial;
  out.firmware = facts->firmware;
  if (!facts->wwn.empty()) out.wwn = "naa." + facts->wwn;
  out.user_sectors = facts->sectors;
  query_hidden(fd, *facts, out);
  if (!facts->has_smart) {
    out.not_asked.emplace_back("SMART", "the drive has none");
    return;
  }
  const Answer smart = ask_ata(fd, 0xB0, 0xD0, 0xC24F00, true, false);
  if (smart.ok) out.smart_hex = to_hex(smart.data);
  if (!smart.ok) out.not_asked.emplace_back("SMART READ DATA", smart.why);
}

}  // namespace triage
