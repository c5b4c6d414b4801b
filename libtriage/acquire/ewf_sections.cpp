// SPDX-License-Identifier: Apache-2.0
#include "acquire/ewf_sections.h"

#include <fmt/format.h>
#include <libdeflate.h>

#include <algorithm>
#include <memory>

#include "base/check.h"
#include "bytes/binary.h"
#include "bytes/text.h"
#include "bytes/time_formats.h"

namespace triage {
namespace {

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

std::vector<std::byte> bytes_of(const BinaryWriter& out) {
  const Bytes view = as_byte_span(out.buffer());
  return {view.begin(), view.end()};
}

void put_checksum(BinaryWriter& out, std::size_t from) {
  out.put(libdeflate_adler32(1, out.buffer().data() + from, out.buffer().size() - from));
}

void put_zeros(BinaryWriter& out, std::size_t count) { out.buffer().append(count, '\0'); }

std::vector<std::byte> deflated(std::string_view text) {
  struct Free {
    void operator()(libdeflate_compressor* compressor) const { libdeflate_free_compressor(compressor); }
  };
  const std::unique_ptr<libdeflate_compressor, Free> compressor(libdeflate_alloc_compressor(6));
  TRIAGE_CHECK(compressor != nullptr);
  std::vector<std::byte> out(libdeflate_zlib_compress_bound(compressor.get(), text.size()));
  out.resize(libdeflate_zlib_compress(compressor.get(), text.data(), text.size(), out.data(), out.size()));
  return out;
}

/// A value must not end its column or line.
std::string column(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
  return to_valid_utf8(text);
}

/// UTF-16LE with a byte order mark.
std::string utf16(std::string_view text) {
  std::string out = "\xff\xfe";
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t count = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::uint32_t code = count == 1 ? lead : lead & (0xFFU >> (count + 1));
    for (std::size_t k = 1; k < count && i + k < text.size(); ++k) {
      code = (code << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
    }
    i += count;
    const auto unit = [&out](std::uint32_t value) {
      out += static_cast<char>(value & 0xFF);
      out += static_cast<char>((value >> 8) & 0xFF);
    };
    if (code >= 0x10000) {
      unit(0xD800 + ((code - 0x10000) >> 10));
      unit(0xDC00 + ((code - 0x10000) & 0x3FF));
    } else {
      unit(code);
    }
  }
  return out;
}

std::string hash_of(const ImageSeal& seal, DigestKind kind, std::size_t bytes) {
  const auto found = seal.hashes.find(kind);
  const auto raw = found == seal.hashes.end() ? std::nullopt : from_hex(found->second);
  return raw && raw->size() == bytes ? *raw : std::string(bytes, '\0');
}

}  // namespace

std::array<std::byte, 4> ewf_u32(std::uint32_t value) {
  std::array<std::byte, 4> out{};
  for (std::byte& byte : out) {
    byte = static_cast<std::byte>(value & 0xFF);
    value >>= 8;
  }
  return out;
}

std::string ewf_suffix(std::uint64_t segment) {
  if (segment == 0) return {};
  if (segment < 100) return fmt::format("E{:02}", segment);
  const std::uint64_t place = segment - 100;
  const std::uint64_t first = 'E' + place / (26 * 26);
  if (first > 'Z') return {};
  return {static_cast<char>(first), static_cast<char>('A' + place / 26 % 26), static_cast<char>('A' + place % 26)};
}

std::vector<std::byte> ewf_file_header(std::uint16_t segment) {
  BinaryWriter out;
  out.buffer().append("EVF\x09\x0d\x0a\xff\x00\x01", 9);
  out.put(segment);
  out.put(std::uint16_t{0});
  return bytes_of(out);
}

std::vector<std::byte> ewf_section_header(std::string_view type, std::uint64_t at, std::uint64_t size) {
  BinaryWriter out;
  out.buffer() += type;
  out.buffer().resize(16);
  out.put(at + size);
  out.put(size);
  put_zeros(out, 40);
  put_checksum(out, 0);
  return bytes_of(out);
}

std::vector<std::byte> ewf_section(std::string_view type, std::uint64_t at, const std::vector<std::byte>& content) {
  auto out = ewf_section_header(type, at, kEwfSectionBytes + content.size());
  out.insert(out.end(), content.begin(), content.end());
  return out;
}

std::vector<std::byte> ewf_last_section(std::string_view type, std::uint64_t at) {
  BinaryWriter out;
  out.buffer() += type;
  out.buffer().resize(16);
  out.put(at);
  out.put(std::uint64_t{kEwfSectionBytes});
  put_zeros(out, 40);
  put_checksum(out, 0);
  return bytes_of(out);
}

std::vector<std::byte> ewf_header2(const ImageHead& head) {
  const CaseLabels& labels = head.labels;
  const std::int64_t seconds = head.started_ns / kNanosPerSecond;
  std::string text = "3\nmain\na\tc\tn\te\tt\tmd\tsn\tl\tav\tov\tm\tu\tp\tpid\tdc\text\n";
  text +=
      fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\t\t{}\tLinux\t{}\t{}\t\t\t\t\n\n", column(labels.description),
                  column(labels.case_number), column(labels.evidence_number), column(labels.examiner),
                  column(labels.notes), column(head.model), column(head.serial), column(head.tool), seconds, seconds);
  text += "srce\n0\t1\np\tn\tid\tev\ttb\tlo\tpo\tah\tsh\tgu\tpgu\taq\n0\t0\n\t\t\t\t\t-1\t-1\t\t\t\t\t\n\n";
  text += "sub\n0\t1\np\tn\tid\tnu\tco\tgu\n0\t0\n\t\t\t\t1\t\n\n";
  return deflated(utf16(text));
}

std::vector<std::byte> ewf_header(const ImageHead& head) {
  const CaseLabels& labels = head.labels;
  // "2026-11-22T09:25:15Z" → "2026 11 22 9 25 15"
  const std::string utc = utc_text(head.started_ns, 0);
  const auto number = [&utc](std::size_t at, std::size_t count) { return std::stoi(utc.substr(at, count)); };
  const std::string when = fmt::format("{} {} {} {} {} {}", number(0, 4), number(5, 2), number(8, 2), number(11, 2),
                                       number(14, 2), number(17, 2));
  const auto ascii = [](const std::string& value) {
    std::string out = column(value);
    std::replace_if(
        out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
    return out;
  };
  std::string text = "1\r\nmain\r\nc\tn\ta\te\tt\tav\tov\tm\tu\tp\tr\r\n";
  text += fmt::format("{}\t{}\t{}\t{}\t{}\t{}\tLinux\t{}\t{}\t0\tf\r\n\r\n", ascii(labels.case_number),
                      ascii(labels.evidence_number), ascii(labels.description), ascii(labels.examiner),
                      ascii(labels.notes), ascii(head.tool), when, when);
  return deflated(text);
}

std::vector<std::byte> ewf_volume(const ImageHead& head) {
  TRIAGE_CHECK(head.size.has_value());
  const std::uint32_t sectors_per_chunk = static_cast<std::uint32_t>(kEwfChunkBytes / head.sector_size);
  BinaryWriter out;
  out.put(std::uint8_t{1});  // fixed disk
  put_zeros(out, 3);
  out.put(static_cast<std::uint32_t>((*head.size + kEwfChunkBytes - 1) / kEwfChunkBytes));
  out.put(sectors_per_chunk);
  out.put(head.sector_size);
  out.put(*head.size / head.sector_size);
  put_zeros(out, 12);        // cylinders, heads, sectors
  out.put(std::uint8_t{1});  // an image; 2 besides would claim a physical disk
  put_zeros(out, 15);        // PALM and S.M.A.R.T. places
  out.put(std::uint8_t{1});  // compression: fast
  put_zeros(out, 3);
  out.put(std::uint32_t{1});  // error granularity, sectors
  put_zeros(out, 4);
  const auto id = from_hex(head.image_id);
  out.buffer() += id && id->size() == 16 ? *id : std::string(16, '\0');
  put_zeros(out, 963 + 5);
  put_checksum(out, 0);
  return bytes_of(out);
}

std::vector<std::byte> ewf_table(std::uint64_t base, const std::vector<std::uint32_t>& entries) {
  BinaryWriter out;
  out.put(static_cast<std::uint32_t>(entries.size()));
  put_zeros(out, 4);
  out.put(base);
  put_zeros(out, 4);
  put_checksum(out, 0);
  const std::size_t begin = out.buffer().size();
  for (const std::uint32_t entry : entries) out.put(entry);
  put_checksum(out, begin);
  return bytes_of(out);
}

std::vector<std::byte> ewf_errors(const ImageSeal& seal, std::uint32_t sector_size) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ranges;
  for (const auto& [at, length] : seal.unreadable) {
    const std::uint64_t first = at / sector_size;
    const std::uint64_t last = (at + length - 1) / sector_size;
    if (last <= UINT32_MAX) {  // the format has 32 bits; the map beside the image has all
      ranges.emplace_back(static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last - first + 1));
    }
  }
  BinaryWriter out;
  out.put(static_cast<std::uint32_t>(ranges.size()));
  put_zeros(out, 512);
  put_checksum(out, 0);
  const std::size_t begin = out.buffer().size();
  for (const auto& [first, count] : ranges) {
    out.put(first);
    out.put(count);
  }
  put_checksum(out, begin);
  return bytes_of(out);
}

std::vector<std::byte> ewf_digest(const ImageSeal& seal) {
  BinaryWriter out;
  out.buffer() += hash_of(seal, DigestKind::kMd5, 16) + hash_of(seal, DigestKind::kSha1, 20);
  put_zeros(out, 40);
  put_checksum(out, 0);
  return bytes_of(out);
}

std::vector<std::byte> ewf_hash(const ImageSeal& seal) {
  BinaryWriter out;
  out.buffer() += hash_of(seal, DigestKind::kMd5, 16);
  put_zeros(out, 16);
  put_checksum(out, 0);
  return bytes_of(out);
}

}  // namespace triage
