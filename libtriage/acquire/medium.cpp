// SPDX-License-Identifier: Apache-2.0
#include "acquire/medium.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <cerrno>

#include "base/unique_fd.h"

namespace triage {
namespace {

UniqueFd open_read_only(const std::string& path, int more) {
  const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | more;
  UniqueFd fd(::open(path.c_str(), flags | O_NOATIME));
  if (!fd.valid() && errno == EPERM) fd.reset(::open(path.c_str(), flags));
  return fd;
}

class FileMedium final : public Medium {
 public:
  FileMedium(UniqueFd buffered, UniqueFd direct, const struct stat& facts, std::uint64_t size, SectorSize sector_size)
      : buffered_(std::move(buffered)),
        direct_(std::move(direct)),
        is_device_(S_ISBLK(facts.st_mode)),
        number_(facts.st_rdev),
        size_(size),
        sector_size_(sector_size),
        direct_now_(is_device_ && direct_.valid()) {}

  [[nodiscard]] ByteCount size() const override { return ByteCount{size_}; }
  [[nodiscard]] SectorSize sector_size() const override { return sector_size_; }
  [[nodiscard]] std::string_view access() const override { return direct_now_ ? "direct" : "buffered"; }

  Attempt read_once(ByteOffset at, std::span<std::byte> out) override {
    while (true) {
      const int fd = direct_now_ ? direct_.get() : buffered_.get();
      const ssize_t got = ::pread(fd, out.data(), out.size(), static_cast<off_t>(at.value));
      if (got >= 0) return {static_cast<std::size_t>(got), 0};
      if (errno == EINTR) continue;
      if (direct_now_ && errno == EINVAL) {  // a file system that takes O_DIRECT at open and refuses it here
        direct_now_ = false;
        direct_.reset();
        continue;
      }
      const int error = errno;
      // The page cache answers for more than the bad sector: ask the medium itself from now on.
      if (!direct_now_ && direct_.valid()) {
        direct_now_ = true;
        continue;
      }
      return {0, error};
    }
  }

  [[nodiscard]] bool is_gone(int sys_errno) const override {
    if (sys_errno == ENODEV || sys_errno == ENXIO || sys_errno == ENOMEDIUM || sys_errno == ENOTCONN ||
        sys_errno == ESTALE || sys_errno == EBADF) {
      return true;
    }
    if (!is_device_) return false;
    std::uint64_t now = 0;
    if (::ioctl(buffered_.get(), BLKGETSIZE64, &now) != 0 || now == 0) return true;
    struct stat facts {};
    const std::string node = fmt::format("/sys/dev/block/{}:{}", major(number_), minor(number_));
    return ::stat("/sys/dev/block", &facts) == 0 && ::stat(node.c_str(), &facts) != 0;
  }

 private:
  UniqueFd buffered_;
  UniqueFd direct_;
  bool is_device_;
  dev_t number_;
  std::uint64_t size_;
  SectorSize sector_size_;
  bool direct_now_;
};

}  // namespace

Result<std::unique_ptr<Medium>> open_medium(const std::string& path) {
  UniqueFd buffered = open_read_only(path, 0);
  if (!buffered.valid()) return fail(ErrorCode::kUnreadable, "the source cannot be opened", path, errno);
  struct stat facts {};
  if (::fstat(buffered.get(), &facts) != 0) {
    return fail(ErrorCode::kUnreadable, "the source cannot be examined", path, errno);
  }
  std::uint64_t size = static_cast<std::uint64_t>(facts.st_size);
  SectorSize sector_size;
  if (S_ISBLK(facts.st_mode)) {
    int logical = 0;
    if (::ioctl(buffered.get(), BLKGETSIZE64, &size) != 0 || ::ioctl(buffered.get(), BLKSSZGET, &logical) != 0) {
      return fail(ErrorCode::kUnreadable, "the device does not tell its size", path, errno);
    }
    if (logical >= 512 && logical <= 65536) sector_size.value = static_cast<std::uint32_t>(logical);
  } else if (!S_ISREG(facts.st_mode)) {
    return fail(ErrorCode::kUnreadable, "the source is neither a file nor a block device", path);
  } else {
    (void)::posix_fadvise(buffered.get(), 0, 0, POSIX_FADV_SEQUENTIAL);  // a hint only
  }
  if (size == 0) return fail(ErrorCode::kUnreadable, "the source is empty", path);
  return std::make_unique<FileMedium>(std::move(buffered), open_read_only(path, O_DIRECT), facts, size, sector_size);
}

void append_fault(std::vector<ReadFault>& faults, std::uint64_t at, std::uint64_t length, int sys_errno) {
  if (!faults.empty() && faults.back().at + faults.back().length == ByteOffset{at} &&
      faults.back().sys_errno == sys_errno) {
    faults.back().length = faults.back().length + ByteCount{length};
    return;
  }
  faults.push_back({ByteOffset{at}, ByteCount{length}, sys_errno});
}

Status SectorReader::first_pass(std::uint64_t at, std::span<std::byte> out, std::vector<ReadFault>& bad) {
  const std::size_t sector = medium_.sector_size().value;
  std::size_t piece = out.size();
  while (!out.empty()) {
    const std::size_t wanted = std::min(piece, out.size());
    const Medium::Attempt attempt = medium_.read_once(ByteOffset{at}, out.first(wanted));
    std::size_t done = std::min(attempt.bytes, wanted);
    // Whole sectors only, so that the next read begins where a direct one may; the end of a file is the exception.
    if (done < wanted && at + done < medium_.size().value) done -= done % sector;
    if (done == 0) {
      if (attempt.sys_errno == 0 && attempt.bytes == 0) {
        return fail(ErrorCode::kUnreadable, fmt::format("the source ended at byte {}, before its size", at));
      }
      if (attempt.sys_errno != 0 && medium_.is_gone(attempt.sys_errno)) {
        return fail(ErrorCode::kUnreadable, fmt::format("the source went away at byte {}", at), {}, attempt.sys_errno,
                    "connect it again and go on with --resume");
      }
      if (wanted > sector) {
        piece = std::max(sector, wanted / 8 / sector * sector);
        continue;
      }
      std::fill_n(out.begin(), wanted, std::byte{0});
      append_fault(bad, at, wanted, attempt.sys_errno == 0 ? EIO : attempt.sys_errno);
      done = wanted;
    } else if (piece < out.size()) {
      piece *= 2;
    }
    if (at + done >= medium_.size().value) return {};
    out = out.subspan(done);
    at += done;
  }
  return {};
}

Status SectorReader::next_pass(std::uint64_t at, std::span<std::byte> out, bool backwards,
                               std::vector<ReadFault>& bad) {
  const std::size_t sector = medium_.sector_size().value;
  std::vector<ReadFault> sectors;
  for (const ReadFault& fault : bad) {
    for (std::uint64_t done = 0; done < fault.length.value; done += sector) {
      const std::uint64_t left = fault.length.value - done;
      sectors.push_back({fault.at + ByteCount{done}, ByteCount{std::min<std::uint64_t>(sector, left)}, 0});
    }
  }
  if (backwards) std::reverse(sectors.begin(), sectors.end());
  std::vector<ReadFault> still;
  for (const ReadFault& one : sectors) {
    const auto place = out.subspan(static_cast<std::size_t>(one.at.value - at), sector);
    const Medium::Attempt attempt = medium_.read_once(one.at, place);
    if (attempt.bytes >= one.length.value) continue;
    if (attempt.sys_errno != 0 && medium_.is_gone(attempt.sys_errno)) {
      return fail(ErrorCode::kUnreadable, fmt::format("the source went away at byte {}", one.at.value), {},
                  attempt.sys_errno, "connect it again and go on with --resume");
    }
    std::fill(place.begin(), place.end(), std::byte{0});
    still.push_back({one.at, one.length, attempt.sys_errno == 0 ? EIO : attempt.sys_errno});
  }
  if (backwards) std::reverse(still.begin(), still.end());
  bad.clear();
  for (const ReadFault& one : still) append_fault(bad, one.at.value, one.length.value, one.sys_errno);
  return {};
}

Status SectorReader::read(ByteOffset at, std::span<std::byte> out, std::size_t wanted, std::vector<ReadFault>& faults) {
  const std::size_t sector = medium_.sector_size().value;
  const auto whole = out.first((wanted + sector - 1) / sector * sector);
  std::vector<ReadFault> bad;
  TRIAGE_TRY_STATUS(first_pass(at.value, whole, bad));
  const unsigned passes = std::max(policy_.retries, policy_.reverse ? 1U : 0U);
  for (unsigned pass = 0; pass < passes && !bad.empty(); ++pass) {
    TRIAGE_TRY_STATUS(next_pass(at.value, whole, policy_.reverse && pass % 2 == 0, bad));
  }
  for (const ReadFault& fault : bad) {
    const std::uint64_t end = std::min((fault.at + fault.length).value, at.value + wanted);
    append_fault(faults, fault.at.value, end - fault.at.value, fault.sys_errno);
  }
  return {};
}

}  // namespace triage
