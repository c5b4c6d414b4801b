// SPDX-License-Identifier: Apache-2.0
// header(512) := name[100] mode[8] uid[8] gid[8] size[12] mtime[12] chksum[8] typeflag linkname[100] "ustar\0" "00"
//                uname[32] gname[32] devmajor[8] devminor[8] prefix[155] pad[12]; content padded to 512; two zero
//                blocks
// Source: POSIX.1-2017 pax, sections "ustar Interchange Format" and "pax Extended Header".
#include "store/tar.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "base/check.h"

namespace triage {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kNameSize = 100;
constexpr std::size_t kSizeAt = 124;
constexpr std::size_t kChecksumAt = 148;
constexpr std::size_t kTypeAt = 156;
constexpr std::size_t kMagicAt = 257;
constexpr std::size_t kPrefixAt = 345;
constexpr std::size_t kPrefixSize = 155;
constexpr std::uint64_t kMaxOctalSize = 077777777777;  // 11 digits
constexpr std::uint64_t kMaxExtended = 64 * 1024;

using Header = std::array<char, kBlock>;

void put(Header& header, std::size_t at, std::string_view text) {
  TRIAGE_CHECK(at + text.size() <= header.size());
  std::ranges::copy(text, header.begin() + static_cast<std::ptrdiff_t>(at));
}

/// Sum of all bytes, those of the checksum field counted as blanks.
std::uint64_t checksum(const Header& header) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const bool own = i >= kChecksumAt && i < kChecksumAt + 8;
    sum += own ? 0x20 : static_cast<unsigned char>(header[i]);
  }
  return sum;
}

Header make_header(std::string_view name, std::uint64_t size, std::uint64_t mtime, char type) {
  Header header{};
  put(header, 0, name);
  put(header, 100, "0000600");
  put(header, 108, "0000000");
  put(header, 116, "0000000");
  put(header, kSizeAt, fmt::format("{:011o}", std::min(size, kMaxOctalSize)));
  put(header, 136, fmt::format("{:011o}", std::min(mtime, kMaxOctalSize)));
  header[kTypeAt] = type;
  put(header, kMagicAt, std::string_view("ustar\00000", 8));
  put(header, kChecksumAt, fmt::format("{:06o}", checksum(header)) + std::string("\0 ", 2));
  return header;
}

/// "LENGTH KEY=VALUE\n", where LENGTH counts itself.
std::string pax_record(std::string_view key, std::string_view value) {
  const std::size_t rest = key.size() + value.size() + 3;
  std::size_t length = rest + 1;
  while (rest + fmt::to_string(length).size() != length) ++length;
  return fmt::format("{} {}={}\n", length, key, value);
}

std::string_view field(const Header& header, std::size_t at, std::size_t size) {
  const std::string_view all = std::string_view(header.data(), header.size()).substr(at, size);
  return all.substr(0, all.find('\0'));
}

std::optional<std::uint64_t> number(std::string_view text, int base) {
  while (text.ends_with(' ')) text.remove_suffix(1);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

/// What a pax header says of the next file.
struct Extended {
  std::optional<std::string> path;
  std::optional<std::uint64_t> size;
};

Result<Extended> parse_extended(std::string_view text) {
  Extended out;
  while (!text.empty()) {
    const std::size_t blank = text.find(' ');
    const auto length = blank == std::string_view::npos ? std::nullopt : number(text.substr(0, blank), 10);
    if (!length || *length <= blank + 1 || *length > text.size() || text[*length - 1] != '\n') {
      return fail(ErrorCode::kVerification, "a wrong extended header in the archive");
    }
    const std::string_view record = text.substr(blank + 1, *length - blank - 2);
    const std::size_t equals = record.find('=');
    const std::string_view key = record.substr(0, equals);
    const std::string_view value = equals == std::string_view::npos ? "" : record.substr(equals + 1);
    if (key == "path") out.path = value;
    if (key == "size") out.size = number(value, 10);
    text.remove_prefix(*length);
  }
  return out;
}

}  // namespace

bool is_plain_relative_path(std::string_view path) {
  if (path.find_first_of(std::string_view("\0\r\n", 3)) != std::string_view::npos) return false;
  while (true) {
    const std::string_view part = path.substr(0, path.find('/'));
    if (part.empty() || part == "." || part == "..") return false;
    if (part.size() == path.size()) return true;
    path.remove_prefix(part.size() + 1);
  }
}

Status TarWriter::begin_file(std::string_view path, std::uint64_t size) {
  TRIAGE_CHECK(is_plain_relative_path(path));
  TRIAGE_TRY_STATUS(pad());
  const bool plain = std::ranges::all_of(path, [](char one) { return one > 0x20 && one < 0x7f; });
  std::string extended;
  if (path.size() > kNameSize || !plain) extended += pax_record("path", path);
  if (size > kMaxOctalSize) extended += pax_record("size", fmt::to_string(size));
  if (!extended.empty()) {
    const Header header = make_header("pax-header", extended.size(), mtime_, 'x');
    TRIAGE_TRY_STATUS(output_(std::string_view(header.data(), header.size())));
    extended.resize((extended.size() + kBlock - 1) / kBlock * kBlock, '\0');
    TRIAGE_TRY_STATUS(output_(extended));
  }
  // A reader that knows no pax headers sees the end of a long name.
  const Header header = make_header(path.substr(path.size() - std::min(path.size(), kNameSize)), size, mtime_, '0');
  left_ = size;
  written_ = 0;
  return output_(std::string_view(header.data(), header.size()));
}

Status TarWriter::write(std::string_view content) {
  TRIAGE_CHECK(content.size() <= left_);
  left_ -= content.size();
  written_ += content.size();
  return output_(content);
}

Status TarWriter::file(std::string_view path, std::string_view content) {
  TRIAGE_TRY_STATUS(begin_file(path, content.size()));
  return write(content);
}

Status TarWriter::pad() {
  TRIAGE_CHECK(left_ == 0);
  const std::size_t over = written_ % kBlock;
  written_ = 0;
  return over == 0 ? Status{} : output_(std::string(kBlock - over, '\0'));
}

Status TarWriter::finish() {
  TRIAGE_TRY_STATUS(pad());
  return output_(std::string(2 * kBlock, '\0'));
}

Status TarReader::fill(std::span<std::byte> out, std::string_view what) {
  while (!out.empty()) {
    TRIAGE_TRY(const std::size_t count, input_(out));
    if (count == 0) return fail(ErrorCode::kVerification, "the archive ends too early", std::string(what));
    out = out.subspan(count);
  }
  return {};
}

Status TarReader::skip(std::uint64_t count) {
  std::vector<std::byte> block(static_cast<std::size_t>(std::min<std::uint64_t>(count, 1 << 16)));
  while (count > 0) {
    const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(count, block.size()));
    TRIAGE_TRY_STATUS(fill(std::span(block).first(step), "content"));
    count -= step;
  }
  return {};
}

Result<std::string> TarReader::extended(std::uint64_t size) {
  if (size > kMaxExtended) return fail(ErrorCode::kVerification, "an extended header that is too large");
  std::string text(static_cast<std::size_t>((size + kBlock - 1) / kBlock * kBlock), '\0');
  TRIAGE_TRY_STATUS(fill(std::as_writable_bytes(std::span(text)), "extended header"));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

Result<std::optional<TarEntry>> TarReader::next() {
  TRIAGE_TRY_STATUS(skip(left_ + padding_));
  left_ = padding_ = 0;
  Extended known;
  while (true) {
    Header header{};
    TRIAGE_TRY_STATUS(fill(std::as_writable_bytes(std::span(header)), "header"));
    if (std::ranges::all_of(header, [](char one) { return one == '\0'; })) return std::optional<TarEntry>{};
    const auto size = number(field(header, kSizeAt, 12), 8);
    if (field(header, kMagicAt, 5) != "ustar" || number(field(header, kChecksumAt, 8), 8) != checksum(header) ||
        !size) {
      return fail(ErrorCode::kVerification, "a damaged header in the archive");
    }
    const char type = header[kTypeAt];
    if (type == 'x') {
      TRIAGE_TRY(const std::string text, extended(*size));
      TRIAGE_TRY(known, parse_extended(text));
      continue;
    }
    if (type == '5') continue;  // a folder
    const std::string_view prefix = field(header, kPrefixAt, kPrefixSize);
    TarEntry entry{std::string(field(header, 0, kNameSize)), known.size.value_or(*size)};
    if (!prefix.empty()) entry.path = std::string(prefix) + "/" + entry.path;
    if (known.path) entry.path = *known.path;
    if (type != '0' && type != '\0') {
      return fail(ErrorCode::kVerification, "the archive holds something that is no file", entry.path);
    }
    if (!is_plain_relative_path(entry.path)) {
      return fail(ErrorCode::kVerification, "the archive holds a path that leaves it", entry.path);
    }
    left_ = entry.size;
    padding_ = (kBlock - entry.size % kBlock) % kBlock;
    return std::optional<TarEntry>(std::move(entry));
  }
}

Result<std::size_t> TarReader::read(std::span<std::byte> out) {
  const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(left_, out.size()));
  if (step == 0) return std::size_t{0};
  TRIAGE_TRY_STATUS(fill(out.first(step), "content"));
  left_ -= step;
  return step;
}

}  // namespace triage
