// SPDX-License-Identifier: Apache-2.0
// What the tests of acquire/ share: a medium that fails where it is told to, sources with a stamp in every sector, and
// acquisitions into a folder of their own.
#pragma once

#include <stdlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "acquire/acquire_image.h"
#include "acquire/verify_image.h"
#include "bytes/digest.h"

namespace triage::testing {

class TempFolder {
 public:
  TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "triage-acquire-XXXXXX").string();
    if (::mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~TempFolder() {
    std::error_code ignored;  // a folder left behind harms no test
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  [[nodiscard]] std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

/// A third zeros, a third text with a stamp in every sector, a third noise, in extents of 96 KiB.
inline std::vector<std::byte> stamped(std::size_t size) {
  std::vector<std::byte> out(size);
  std::uint64_t noise = 88172645463325252ULL;
  for (std::size_t at = 0; at < size; at += 8) {
    const std::size_t kind = at / (96 * 1024) % 3;
    noise ^= noise << 13;
    noise ^= noise >> 7;
    noise ^= noise << 17;
    std::uint64_t word = kind == 0 ? 0 : kind == 1 ? 0x2020202020202020ULL : noise;
    if (at % 512 == 0 && kind != 0) word = at / 512;
    std::memcpy(out.data() + at, &word, std::min<std::size_t>(8, size - at));
  }
  return out;
}

/// A disk in memory.
class FakeMedium final : public Medium {
 public:
  explicit FakeMedium(std::vector<std::byte> bytes, std::uint32_t sector = 512)
      : bytes_(std::move(bytes)), sector_(sector) {}
  std::set<std::uint64_t> bad;         ///< sectors that never give
  std::set<std::uint64_t> weak;        ///< sectors that give on the third attempt
  std::uint64_t gone_at = UINT64_MAX;  ///< reads that touch this byte or later find no device
  std::vector<std::uint64_t> asked;    ///< first sectors of all reads
  std::uint64_t bytes_given = 0;

  [[nodiscard]] ByteCount size() const override { return ByteCount{bytes_.size()}; }
  [[nodiscard]] SectorSize sector_size() const override { return SectorSize{sector_}; }
  [[nodiscard]] std::string_view access() const override { return "direct"; }
  [[nodiscard]] bool is_gone(int sys_errno) const override { return sys_errno == ENODEV; }
  Attempt read_once(ByteOffset at, std::span<std::byte> out) override {
    asked.push_back(at.value / sector_);
    if (at.value + out.size() > gone_at) return {0, ENODEV};
    const std::uint64_t last = (std::min<std::uint64_t>(at.value + out.size(), bytes_.size()) - 1) / sector_;
    for (std::uint64_t sector = at.value / sector_; sector <= last; ++sector) {
      if (bad.contains(sector)) return {0, EIO};
      if (weak.contains(sector) && ++attempts_[sector] < 3) return {0, EIO};
    }
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), bytes_.size() - at.value));
    std::memcpy(out.data(), bytes_.data() + at.value, count);
    bytes_given += count;
    return {count, 0};
  }

 private:
  std::vector<std::byte> bytes_;
  std::uint32_t sector_;
  std::map<std::uint64_t, int> attempts_;
};

inline ImageRequest request_for(const std::string& output, ImageFormat format = ImageFormat::kZst) {
  ImageRequest request;
  request.format = format;
  request.output = output;
  request.jobs = 2;
  request.identity = "the disk of the test";
  request.tool = "test";
  request.source_name = "disk";
  request.source_json = "{\"model\":\"MADE UP\"}";
  request.ring_folder = std::filesystem::path(output).parent_path();
  return request;
}

/// Acquires `bytes` (or `medium`, which is then used up).
inline Result<ImageResult> acquire(std::unique_ptr<Medium> medium, const ImageRequest& request,
                                   RetryPolicy policy = {}) {
  const SystemClock clock;
  const auto input = make_medium_input(std::move(medium), policy);
  return acquire_image(*input, request, clock);
}
inline Result<ImageResult> acquire(const std::vector<std::byte>& bytes, const ImageRequest& request) {
  return acquire(std::make_unique<FakeMedium>(bytes), request);
}

inline std::string read_all(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}
inline void write_all(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc).write(text.data(), static_cast<std::streamsize>(text.size()));
}

/// All bytes of an image through the evidence layer, faults joined.
inline std::vector<std::byte> read_image(const std::string& path, std::vector<ReadFault>* faults = nullptr) {
  const auto spec = recognise_evidence(path);
  if (!spec) return {};
  const auto reader = open_evidence(*spec);
  if (!reader) return {};
  std::vector<std::byte> out((*reader)->source()->size().value);
  std::vector<ReadFault> met;
  (*reader)->source()->read(ByteOffset{0}, out, met);
  if (faults != nullptr) *faults = met;
  return out;
}

inline std::vector<ImageCheck> verify(const std::string& path, bool whole = false) {
  const auto spec = recognise_evidence(path);
  if (!spec) return {{"recognise", false, spec.error().text()}};
  VerifyImageOptions options;
  options.jobs = 2;
  options.whole = whole;
  const auto checks = verify_image(*spec, options);
  if (!checks) return {{"error", false, checks.error().text()}};
  return *checks;
}
inline bool all_good(const std::vector<ImageCheck>& checks) {
  return !checks.empty() && std::all_of(checks.begin(), checks.end(), [](const ImageCheck& one) { return one.ok; });
}
inline std::string detail_of(const std::vector<ImageCheck>& checks, std::string_view name) {
  for (const ImageCheck& one : checks) {
    if (one.name == name) return (one.ok ? "ok " : "FAIL ") + one.detail;
  }
  return "no such check";
}

}  // namespace triage::testing
