// SPDX-License-Identifier: Apache-2.0
#include "evidence/raw_source.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "base/unique_fd.h"

namespace triage {

namespace {

struct Segment {
  std::string path;
  UniqueFd fd;
  std::uint64_t begin = 0;  // in the whole
  std::uint64_t size = 0;
};

/// O_NOATIME is the owner's and root's; others read without it.
UniqueFd open_read_only(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOATIME));
  if (!fd.valid() && errno == EPERM) fd.reset(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  return fd;
}

class RawSource final : public Source {
 public:
  RawSource(std::vector<Segment> segments, std::uint64_t size, SectorSize sector_size)
      : segments_(std::move(segments)), size_(size), sector_size_(sector_size) {}

  [[nodiscard]] ByteCount size() const override { return ByteCount{size_}; }
  [[nodiscard]] SectorSize sector_size() const override { return sector_size_; }

  void read(ByteOffset at, std::span<std::byte> out, std::vector<ReadFault>& faults) override {
    std::uint64_t place = at.value;
    while (!out.empty()) {
      const Segment* segment = segment_at(place);
      if (segment == nullptr) {
        std::fill(out.begin(), out.end(), std::byte{0});
        faults.push_back({ByteOffset{place}, ByteCount{out.size()}, 0});
        return;
      }
      const std::uint64_t inside = place - segment->begin;
      const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), segment->size - inside));
      read_segment(*segment, inside, out.first(wanted), faults);
      out = out.subspan(wanted);
      place += wanted;
    }
  }

 private:
  [[nodiscard]] const Segment* segment_at(std::uint64_t place) const {
    const auto next =
        std::upper_bound(segments_.begin(), segments_.end(), place,
                         [](std::uint64_t value, const Segment& segment) { return value < segment.begin; });
    if (next == segments_.begin()) return nullptr;
    const Segment& segment = *std::prev(next);
    return place - segment.begin < segment.size ? &segment : nullptr;
  }

  /// After an error the piece shrinks down to one sector, so that only what is bad is lost; it grows back after.
  void read_segment(const Segment& segment, std::uint64_t inside, std::span<std::byte> out,
                    std::vector<ReadFault>& faults) {
    std::size_t piece = out.size();
    while (!out.empty()) {
      const std::size_t wanted = std::min(piece, out.size());
      const ssize_t got = ::pread(segment.fd.get(), out.data(), wanted, static_cast<off_t>(inside));
      if (got < 0 && errno == EINTR) continue;
      std::size_t done = got > 0 ? static_cast<std::size_t>(got) : 0;
      if (got <= 0) {
        const int error = got < 0 ? errno : 0;
        if (got < 0 && wanted > sector_size_.value) {
          piece = std::max<std::size_t>(sector_size_.value, wanted / 8 / sector_size_.value * sector_size_.value);
          continue;
        }
        done = got == 0 ? out.size() : wanted;  // a file that became shorter has nothing after its end
        std::fill_n(out.begin(), done, std::byte{0});
        add_fault(faults, segment.begin + inside, done, error);
      } else if (piece < out.size()) {
        piece *= 2;
      }
      out = out.subspan(done);
      inside += done;
    }
  }

  static void add_fault(std::vector<ReadFault>& faults, std::uint64_t at, std::size_t length, int error) {
    if (!faults.empty() && faults.back().at + faults.back().length == ByteOffset{at} &&
        faults.back().sys_errno == error) {
      faults.back().length = faults.back().length + ByteCount{length};
      return;
    }
    faults.push_back({ByteOffset{at}, ByteCount{length}, error});
  }

  std::vector<Segment> segments_;
  std::uint64_t size_;
  SectorSize sector_size_;
};

Status measure(Segment& segment, SectorSize& sector_size) {
  struct stat info {};
  if (::fstat(segment.fd.get(), &info) != 0) {
    return fail(ErrorCode::kUnreadable, "the evidence cannot be examined", segment.path, errno);
  }
  if (S_ISREG(info.st_mode)) {
    segment.size = static_cast<std::uint64_t>(info.st_size);
    return {};
  }
  if (!S_ISBLK(info.st_mode)) return fail(ErrorCode::kUnreadable, "not a file or a block device", segment.path);
  int logical = 0;
  if (::ioctl(segment.fd.get(), BLKGETSIZE64, &segment.size) != 0 ||
      ::ioctl(segment.fd.get(), BLKSSZGET, &logical) != 0) {
    return fail(ErrorCode::kUnreadable, "the device does not tell its size", segment.path, errno);
  }
  if (logical >= 512 && logical <= 65536) sector_size.value = static_cast<std::uint32_t>(logical);
  return {};
}

}  // namespace

Result<std::unique_ptr<Source>> open_raw_source(const std::vector<std::string>& paths) {
  std::vector<Segment> segments;
  std::uint64_t size = 0;
  SectorSize sector_size;
  for (const std::string& path : paths) {
    Segment segment;
    segment.path = path;
    segment.fd = open_read_only(path);
    if (!segment.fd.valid()) return fail(ErrorCode::kUnreadable, "the evidence cannot be opened", path, errno);
    TRIAGE_TRY_STATUS(measure(segment, sector_size));
    segment.begin = size;
    size += segment.size;
    if (segment.size > 0) segments.push_back(std::move(segment));
  }
  if (size == 0) return fail(ErrorCode::kUnreadable, "the evidence is empty", paths.empty() ? "" : paths.front());
  return std::make_unique<RawSource>(std::move(segments), size, sector_size);
}

}  // namespace triage
