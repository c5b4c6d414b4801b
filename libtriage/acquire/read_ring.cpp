// SPDX-License-Identifier: Apache-2.0
#include "acquire/read_ring.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>

#include "base/unique_fd.h"
#include "bytes/binary.h"
#include "bytes/cursor.h"
#include "bytes/read_file.h"

namespace triage {
namespace {

constexpr std::string_view kMagic = "TRIAGERR";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kPrefixBytes = 4096;
constexpr std::size_t kHeadBytes = 16384;
constexpr std::size_t kFaultsAt = 20;
constexpr std::size_t kFaultBytes = 20;
constexpr std::size_t kMaxFaults = (kHeadBytes - kFaultsAt) / kFaultBytes;
constexpr std::size_t kMaxBlocks = 64;
constexpr std::size_t kMaxBlockBytes = 16U << 20;
constexpr std::string_view kNext = ".next";

std::string path_of(const std::string& folder, const std::string& id) { return folder + "/triage-ring-" + id; }

std::size_t bytes_of(std::size_t block_bytes, std::size_t block_count) {
  return kPrefixBytes + block_count * (kHeadBytes + block_bytes);
}

void copy_in(std::span<std::byte> to, const BinaryWriter& from) {
  const Bytes bytes = as_byte_span(from.buffer());
  std::copy(bytes.begin(), bytes.end(), to.begin());
}

}  // namespace

std::unique_ptr<ReadRing> ReadRing::make(const std::string& folder, const std::string& id, std::size_t block_bytes,
                                         std::size_t block_count) {
  if (folder.empty() || id.empty()) return nullptr;
  const std::string path = path_of(folder, id) + std::string(kNext);
  (void)::unlink(path.c_str());  // of a run that was killed before its ring took place
  const UniqueFd fd(::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600));
  const std::size_t size = bytes_of(block_bytes, block_count);
  // Reserved, so that no later write into the mapping can find the file system full.
  if (!fd.valid() || ::posix_fallocate(fd.get(), 0, static_cast<off_t>(size)) != 0) {
    if (fd.valid()) (void)::unlink(path.c_str());
    return nullptr;
  }
  void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
  if (memory == MAP_FAILED) {
    (void)::unlink(path.c_str());
    return nullptr;
  }
  std::unique_ptr<ReadRing> ring(new ReadRing(path, {static_cast<std::byte*>(memory), size}, block_bytes, block_count));
  BinaryWriter prefix;
  prefix.buffer() += kMagic;
  prefix.put(kVersion);
  prefix.put(static_cast<std::uint32_t>(block_bytes));
  prefix.put(static_cast<std::uint32_t>(block_count));
  copy_in(ring->memory_, prefix);
  return ring;
}

ReadRing::~ReadRing() {
  (void)::munmap(memory_.data(), memory_.size());
  if (!in_place_) (void)::unlink(path_.c_str());
}

std::span<std::byte> ReadRing::head(std::size_t place) const {
  return memory_.subspan(kPrefixBytes + place * kHeadBytes, kHeadBytes);
}

std::span<std::byte> ReadRing::block(std::size_t place) const {
  return memory_.subspan(kPrefixBytes + block_count_ * kHeadBytes + place * block_bytes_, block_bytes_);
}

void ReadRing::open(std::size_t place) {
  std::fill_n(head(place).begin(), sizeof(std::uint32_t), std::byte{0});
  std::atomic_thread_fence(std::memory_order_seq_cst);
}

void ReadRing::publish(std::size_t place, std::uint64_t at, std::size_t length, const std::vector<ReadFault>& faults) {
  if (faults.size() > kMaxFaults) return;  // it would be read again
  BinaryWriter entry;
  entry.put(static_cast<std::uint32_t>(length));
  entry.put(at);
  entry.put(static_cast<std::uint32_t>(faults.size()));
  for (const ReadFault& fault : faults) {
    entry.put(fault.at.value);
    entry.put(fault.length.value);
    entry.put(static_cast<std::int32_t>(fault.sys_errno));
  }
  copy_in(head(place).subspan(sizeof(std::uint32_t)), entry);
  std::atomic_thread_fence(std::memory_order_seq_cst);  // "valid" is the last of it to be seen
  head(place).front() = std::byte{1};
}

void ReadRing::take_place() {
  if (in_place_) return;
  const std::string final_path = path_.substr(0, path_.size() - kNext.size());
  if (std::rename(path_.c_str(), final_path.c_str()) != 0) return;  // a later run reads those blocks again
  path_ = final_path;
  in_place_ = true;
}

void ReadRing::remove() { in_place_ = false; }

std::map<std::uint64_t, SavedBlock> ReadRing::load(const std::string& folder, const std::string& id,
                                                   std::size_t block_bytes) {
  std::map<std::uint64_t, SavedBlock> out;
  if (folder.empty() || id.empty()) return out;
  const UniqueFd fd(::open(path_of(folder, id).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  struct stat facts {};
  if (!fd.valid() || ::fstat(fd.get(), &facts) != 0 || !S_ISREG(facts.st_mode) || facts.st_uid != ::geteuid())
    return out;
  std::array<std::byte, 20> prefix{};
  if (read_file_at(fd.get(), 0, prefix) != prefix.size()) return out;
  ByteCursor c(prefix);
  const bool ours = as_chars(c.take(kMagic.size(), "magic")) == kMagic && c.le<std::uint32_t>("version") == kVersion;
  const bool same = c.le<std::uint32_t>("block_bytes") == block_bytes;
  const std::size_t count = c.le<std::uint32_t>("block_count");
  if (!ours || !same || block_bytes > kMaxBlockBytes || count > kMaxBlocks) return out;
  for (std::size_t place = 0; place < count; ++place) {
    std::vector<std::byte> raw(kHeadBytes);
    if (read_file_at(fd.get(), kPrefixBytes + place * kHeadBytes, raw) != raw.size()) break;
    ByteCursor head(raw);
    const bool valid = head.le<std::uint32_t>("valid") == 1;
    const std::size_t length = head.le<std::uint32_t>("length");
    const auto at = head.le<std::uint64_t>("at");
    const std::size_t faults = head.le<std::uint32_t>("fault_count");
    if (!valid || length > block_bytes || faults > kMaxFaults) continue;
    SavedBlock saved;
    for (std::size_t i = 0; i < faults; ++i) {
      ReadFault fault;
      fault.at.value = head.le<std::uint64_t>("fault");
      fault.length.value = head.le<std::uint64_t>("fault length");
      fault.sys_errno = head.le<std::int32_t>("errno");
      saved.faults.push_back(fault);
    }
    saved.bytes.resize(length);
    const std::uint64_t from = kPrefixBytes + count * kHeadBytes + place * block_bytes;
    if (read_file_at(fd.get(), from, saved.bytes) == length) out.insert_or_assign(at, std::move(saved));
  }
  return out;
}

}  // namespace triage
