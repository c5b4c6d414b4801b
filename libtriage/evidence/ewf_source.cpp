// SPDX-License-Identifier: Apache-2.0
#include "evidence/ewf_source.h"

#include <libewf.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "bytes/text.h"

namespace triage {
namespace {

struct EwfClose {
  void operator()(libewf_handle_t* handle) const {
    libewf_handle_close(handle, nullptr);
    libewf_handle_free(&handle, nullptr);
  }
};
using EwfHandle = std::unique_ptr<libewf_handle_t, EwfClose>;

/// Text of a libewf error, which is freed.
std::string take_ewf_error(libewf_error_t* error) {
  std::array<char, 1024> text{};
  if (error == nullptr || libewf_error_sprint(error, text.data(), text.size()) < 0) return "no reason given";
  libewf_error_free(&error);
  return escape_terminal(text.data());
}

class EwfSource final : public Source {
 public:
  EwfSource(EwfHandle handle, std::uint64_t size, std::uint32_t sector_size)
      : handle_(std::move(handle)), size_(size), sector_size_(sector_size) {}

  [[nodiscard]] ByteCount size() const override { return ByteCount{size_}; }
  [[nodiscard]] SectorSize sector_size() const override { return SectorSize{sector_size_}; }

  void read(ByteOffset at, std::span<std::byte> out, std::vector<ReadFault>& faults) override {
    std::uint64_t place = at.value;
    std::span<std::byte> rest = out;
    while (!rest.empty() && place < size_) {
      const auto inside = static_cast<std::size_t>(std::min<std::uint64_t>(rest.size(), size_ - place));
      std::size_t piece = std::min(inside, piece_);
      const ssize_t got =
          libewf_handle_read_random(handle_.get(), rest.data(), piece, static_cast<off64_t>(place), nullptr);
      std::size_t done = got > 0 ? std::min(static_cast<std::size_t>(got), piece) : 0;
      if (done == 0 && piece > sector_size_) {
        piece_ = std::max<std::size_t>(sector_size_, piece / 8 / sector_size_ * sector_size_);
        continue;
      }
      if (done == 0) {
        std::fill_n(rest.begin(), piece, std::byte{0});
        faults.push_back({ByteOffset{place}, ByteCount{piece}, EIO});
        done = piece;
      } else {
        piece_ = std::min(kPieceBytes, piece_ * 2);
      }
      rest = rest.subspan(done);
      place += done;
    }
    if (!rest.empty()) {
      std::fill(rest.begin(), rest.end(), std::byte{0});
      faults.push_back({ByteOffset{place}, ByteCount{rest.size()}, 0});
    }
    learn_bad_chunks();
    for (const auto& [begin, end] : bad_) {
      const std::uint64_t from = std::max(begin, at.value);
      const std::uint64_t to = std::min(end, at.value + out.size());
      if (from < to) faults.push_back({ByteOffset{from}, ByteCount{to - from}, EIO});
    }
  }

 private:
  static constexpr std::size_t kPieceBytes = 4U << 20;

  /// libewf notes a chunk with a wrong checksum once, when it loads it; it is bad for every later read too.
  void learn_bad_chunks() {
    std::uint32_t count = 0;
    if (libewf_handle_get_number_of_checksum_errors(handle_.get(), &count, nullptr) != 1) return;
    for (; known_errors_ < count; ++known_errors_) {
      std::uint64_t sector = 0, sectors = 0;
      if (libewf_handle_get_checksum_error(handle_.get(), known_errors_, &sector, &sectors, nullptr) != 1) continue;
      const std::uint64_t begin = to_offset(SectorIndex{sector}, sector_size()).value;
      bad_.emplace_back(begin, begin + to_offset(SectorIndex{sectors}, sector_size()).value);
    }
  }

  EwfHandle handle_;
  std::uint64_t size_;
  std::uint32_t sector_size_;
  std::size_t piece_ = kPieceBytes;
  std::uint32_t known_errors_ = 0;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> bad_;
};

}  // namespace

Result<std::unique_ptr<Source>> open_ewf_source(const EvidenceSpec& spec) {
  std::vector<std::string> names = spec.paths;
  std::vector<char*> paths;
  for (std::string& name : names) paths.push_back(name.data());
  libewf_handle_t* raw = nullptr;
  libewf_error_t* error = nullptr;
  if (paths.empty() || libewf_handle_initialize(&raw, &error) != 1)
    return fail(ErrorCode::kUnreadable, "the container cannot be opened as ewf", spec.name);
  EwfHandle handle(raw);
  if (libewf_handle_open(raw, paths.data(), static_cast<int>(paths.size()), libewf_get_access_flags_read(), &error) !=
      1)
    return fail(ErrorCode::kUnreadable, "the container cannot be opened as ewf: " + take_ewf_error(error),
                spec.paths.front(), 0, "check that all its segments are there and complete");
  size64_t size = 0;
  std::uint32_t sector_size = 0;
  if (libewf_handle_get_media_size(raw, &size, nullptr) != 1 || size == 0)
    return fail(ErrorCode::kUnreadable, "the evidence is empty", spec.paths.front());
  if (libewf_handle_get_bytes_per_sector(raw, &sector_size, nullptr) != 1 || sector_size < 512 || sector_size > 65536)
    sector_size = 512;
  return std::make_unique<EwfSource>(std::move(handle), size, sector_size);
}

}  // namespace triage
