// SPDX-License-Identifier: Apache-2.0
// Keys and certificates in armour: PEM (RSA, EC, PKCS #8, OpenSSH, certificates), OpenPGP, PuTTY.
//   block := "-----BEGIN " label "-----" line* ["=" crc24] "-----END " label "-----"      Blocks follow one another.
// Base64 is checked line by line; OpenPGP's CRC-24 where it is there.
// Spec: RFC 7468; RFC 4880 §6; PuTTY documentation, appendix C "PPK file format".
#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "carve/carve_result.h"
#include "formats/checksum.h"
#include "formats/peek.h"

namespace triage {

extern const Carver pem;

namespace {
constexpr std::string_view kBegin = "-----BEGIN ";

int value_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/// Appends the bytes of base64 text; false where a character is none of it.
bool decode(std::string_view line, std::vector<std::byte>& out, std::uint32_t& bits, int& have) {
  for (const char c : line) {
    if (c == '=') continue;
    const int value = value_of(c);
    if (value < 0) return false;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    have += 6;
    if (have >= 8) {
      have -= 8;
      out.push_back(static_cast<std::byte>(bits >> have & 0xff));
    }
  }
  return true;
}

struct Block {
  std::size_t end = 0;
  std::string_view label;
  bool ran_out = false;
  bool holds = false;
};

std::string_view next_line(std::string_view text, std::size_t& at) {
  const std::size_t eol = std::min(text.find('\n', at), text.size());
  std::string_view line = text.substr(at, eol - at);
  at = std::min(eol + 1, text.size());
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

Block read_block(std::string_view text, std::size_t at) {
  Block block;
  block.end = at;
  const std::string_view first = next_line(text, at);
  if (!first.starts_with(kBegin) || !first.ends_with("-----") || first.size() > 80) {
    block.ran_out = first.size() <= 80 && at >= text.size();
    return block;
  }
  block.label = first.substr(kBegin.size(), first.size() - kBegin.size() - 5);
  std::vector<std::byte> bytes;
  std::uint32_t bits = 0;
  int have = 0;
  std::optional<std::uint32_t> crc;
  for (int lines = 0; lines < 100000 && at < text.size(); ++lines) {
    const std::string_view line = next_line(text, at);
    if (line.starts_with("-----END ")) {
      block.holds = line.size() >= 14 + block.label.size() && line.substr(9, block.label.size()) == block.label &&
                    line.substr(9 + block.label.size(), 5) == "-----" && bytes.size() >= 16 &&
                    (!crc || *crc == crc24(bytes));
      block.end = at;
      return block;
    }
    if (line.empty() || line.find(": ") != std::string_view::npos) continue;
    if (line.size() == 5 && line[0] == '=') {
      std::vector<std::byte> sum;
      std::uint32_t sum_bits = 0;
      int sum_have = 0;
      if (decode(line.substr(1), sum, sum_bits, sum_have) && sum.size() == 3)
        crc = be_at<std::uint16_t>(sum, 0) * 256U + be_at<std::uint8_t>(sum, 2);
      continue;
    }
    if (line.size() > 80 || !decode(line, bytes, bits, have)) {
      block.ran_out = at >= text.size();
      return block;
    }
  }
  block.ran_out = true;
  return block;
}

/// PuTTY: "Public-Lines: n" and "Private-Lines: n" are followed by so many lines, "Private-MAC: …" ends the file.
CarveResult putty(Bytes data) {
  const std::string_view text = as_chars(part(data, 0, 64 * 1024));
  const std::size_t mac = text.find("Private-MAC: ");
  if (text.find("Encryption: ") == std::string_view::npos || text.find("Public-Lines: ") == std::string_view::npos)
    return {};
  if (mac == std::string_view::npos) return data.size() < 64 * 1024 ? carve_more(data, "ppk") : CarveResult{};
  std::size_t at = mac;
  const std::string_view line = next_line(text, at);
  return line.size() >= 13 + 40 ? carve_whole(at, "ppk") : carve_more(data, "ppk");
}

std::string_view extension_of(std::string_view label) {
  if (label.starts_with("PGP")) return "asc";
  if (label.find("CERTIFICATE") != std::string_view::npos) return "crt";
  return label.find("PRIVATE KEY") != std::string_view::npos ? "key" : "pem";
}

CarveResult validate(Bytes data) {
  if (has_at(data, 0, "PuTTY-User-Key-File-")) return putty(data);
  const std::string_view text = as_chars(part(data, 0, 16U << 20));
  const Block first = read_block(text, 0);
  if (!first.holds) {
    if (first.label.empty()) return {};
    return first.ran_out && text.size() < 16U << 20 ? carve_more(data, extension_of(first.label)) : CarveResult{};
  }
  std::size_t end = first.end;
  for (int blocks = 0; blocks < 10000 && text.substr(end).starts_with(kBegin); ++blocks) {
    const Block next = read_block(text, end);
    if (!next.holds) break;
    end = next.end;
  }
  return carve_whole(end, extension_of(first.label));
}

constexpr CarveMagic kMagics[] = {{0, "-----BEGIN "}, {0, "PuTTY-User-Key-File-"}};
constexpr std::string_view kReferences[] = {"RFC 7468", "RFC 4880 §6", "PuTTY manual, appendix C"};

}  // namespace

constinit const Carver pem{
    .id = "pem",
    .extension = "pem",
    .title_en = "Key or certificate in text form",
    .title_ja = "テキスト形式の鍵・証明書",
    .magics = kMagics,
    .min_length = ByteCount{64},
    .max_length = ByteCount{16ULL << 20},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
