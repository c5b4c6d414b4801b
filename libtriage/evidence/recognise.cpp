// SPDX-License-Identifier: Apache-2.0
// Recognises evidence by its first and last bytes; split raw images by the names of their siblings.
//   EVF\x09\x0d\x0a\xff\x00 | EVF2\x0d\x0a\x81\x00   E01, Ex01         AFF10\r\n\x00 AFF
//   KDMV | # Disk DescriptorFile                     VMDK              conectix (first or last sector) VHD
//   our metadata frame | a seek table at the end     seekable zstd (zst_image.h)
#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <filesystem>

#include "base/unique_fd.h"
#include "bytes/cursor.h"
#include "bytes/text.h"
#include "evidence/reader.h"
#include "evidence/zst_image.h"

namespace triage {

namespace {

constexpr std::size_t kHeadBytes = 4096;
constexpr std::size_t kMaxSegments = 20'000;

std::size_t read_at(int fd, std::uint64_t at, std::span<std::byte> out) {
  const ssize_t got = ::pread(fd, out.data(), out.size(), static_cast<off_t>(at));
  return got > 0 ? static_cast<std::size_t>(got) : 0;
}

bool exists(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

/// The name after `suffix` in its own counting: 001 → 002, aa → ab, E01 → E02 … E99 → EAA; empty at its end.
std::string next_suffix(std::string suffix, bool ewf) {
  const bool letters = suffix.find_first_of("0123456789") == std::string::npos;
  const std::size_t stop = ewf ? 1 : 0;
  if (ewf && suffix.substr(1) == "99") return suffix.substr(0, 1) + (suffix[0] < 'a' ? "AA" : "aa");
  for (std::size_t i = suffix.size(); i-- > stop;) {
    char& digit = suffix[i];
    if (digit != (letters || digit >= 'A' ? (digit < 'a' ? 'Z' : 'z') : '9')) {
      ++digit;
      return suffix;
    }
    digit = digit <= '9' ? '0' : (digit < 'a' ? 'A' : 'a');
  }
  if (ewf && suffix[0] != 'Z' && suffix[0] != 'z') {
    ++suffix[0];
    return suffix;
  }
  return {};
}

std::vector<std::string> segments_of(const std::string& path, bool ewf) {
  std::vector<std::string> out{path};
  const std::size_t dot = path.rfind('.');
  if (dot == std::string::npos) return out;
  std::string suffix = path.substr(dot + 1);
  while (out.size() < kMaxSegments) {
    suffix = next_suffix(suffix, ewf);
    if (suffix.empty()) break;
    const std::string next = path.substr(0, dot + 1) + suffix;
    if (!exists(next)) break;
    out.push_back(next);
  }
  return out;
}

/// ".001", ".000", ".aa", ".aaa": the first piece of a split image, when a second one lies beside it.
bool starts_split(const std::string& path) {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string::npos) return false;
  const std::string suffix = path.substr(dot + 1);
  const bool first = suffix == "000" || suffix == "001" || suffix == "aa" || suffix == "aaa" || suffix == "0000" ||
                     suffix == "0001" || suffix == "00" || suffix == "01" || suffix == "AA";
  return first && exists(path.substr(0, dot + 1) + next_suffix(suffix, false));
}

EvidenceFormat format_of_file(int fd, std::uint64_t size, const std::string& path) {
  std::array<std::byte, kHeadBytes> head{};
  const Bytes bytes = Bytes(head).first(read_at(fd, 0, head));
  using std::string_view_literals::operator""sv;
  if (has_at(bytes, 0, "EVF\x09\x0d\x0a\xff\x00"sv) || has_at(bytes, 0, "EVF2\x0d\x0a\x81\x00"sv)) {
    return EvidenceFormat::kEwf;
  }
  if (has_at(bytes, 0, "AFF10\r\n\x00"sv)) return EvidenceFormat::kAff;
  if (ZstImage::looks_like(fd, size)) return EvidenceFormat::kZst;
  if (has_at(bytes, 0, "KDMV"sv) || has_at(bytes, 0, "# Disk DescriptorFile"sv)) return EvidenceFormat::kVmdk;
  std::array<std::byte, 512> foot{};
  if (size >= 512) {
    for (const std::size_t footer_bytes : {512U, 511U}) {  // 511: footers written before Virtual PC 2004
      const Bytes tail = Bytes(foot).first(read_at(fd, size - footer_bytes, std::span(foot).first(footer_bytes)));
      if (has_at(tail, 0, "conectix"sv)) return EvidenceFormat::kVhd;
    }
  }
  return starts_split(path) ? EvidenceFormat::kSplitRaw : EvidenceFormat::kRaw;
}

Result<EvidenceSpec> recognise_file(const std::string& path, std::uint64_t size) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!fd.valid()) return fail(ErrorCode::kUnreadable, "the evidence cannot be opened", path, errno);
  EvidenceSpec spec{path, format_of_file(fd.get(), size, path), {path}};
  if (size == 0 && spec.format != EvidenceFormat::kSplitRaw) {
    return fail(ErrorCode::kUnreadable, "the evidence is empty", path);
  }
  if (spec.format == EvidenceFormat::kEwf) spec.paths = segments_of(path, true);
  if (spec.format == EvidenceFormat::kSplitRaw) spec.paths = segments_of(path, false);
  return spec;
}

}  // namespace

std::string_view evidence_format_name(EvidenceFormat format) {
  static constexpr std::array<std::string_view, 9> kNames = {"raw", "split_raw", "ewf",    "aff", "vmdk",
                                                             "vhd", "device",    "folder", "zst"};
  return kNames[static_cast<std::size_t>(format)];
}

Result<EvidenceSpec> recognise_evidence(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) {
    return fail(ErrorCode::kUnreadable, "the evidence cannot be found", path, errno);
  }
  if (S_ISDIR(info.st_mode)) return EvidenceSpec{path, EvidenceFormat::kFolder, {path}};
  if (S_ISBLK(info.st_mode)) return EvidenceSpec{path, EvidenceFormat::kDevice, {path}};
  if (S_ISREG(info.st_mode)) return recognise_file(path, static_cast<std::uint64_t>(info.st_size));
  return fail(ErrorCode::kUnreadable, "the evidence is neither a file, a block device nor a folder", path);
}

}  // namespace triage
