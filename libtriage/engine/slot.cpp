// SPDX-License-Identifier: Apache-2.0
#include "engine/slot.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <utility>

#include "base/check.h"

namespace triage {
namespace {

/// An unnamed file in `folder`; where its file system has none, a named one that is unlinked at once.
UniqueFd unnamed_file(const char* folder) {
  UniqueFd file(::open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (file.valid()) return file;
  std::string name = std::string(folder) + "/.records-XXXXXX";
  UniqueFd named(::mkostemp(name.data(), O_CLOEXEC));
  if (named.valid()) ::unlink(name.c_str());
  return named;
}

}  // namespace

Result<Slot> Slot::make(std::size_t capacity, const char* records_folder) {
  Slot slot;
  slot.capacity_ = capacity;
  slot.memory_ = UniqueFd(::memfd_create("triage-slot", MFD_CLOEXEC));
  if (!slot.memory_.valid() || ::ftruncate(slot.memory_.get(), static_cast<off_t>(capacity)) != 0) {
    if (errno == EFBIG)
      return fail(ErrorCode::kOutput, "the limit of file sizes leaves no room for shared memory", "memfd", errno,
                  "raise it (ulimit -f)");
    return fail(ErrorCode::kInternal, "cannot make shared memory", "memfd", errno);
  }
  slot.records_ = unnamed_file(records_folder);
  if (!slot.records_.valid()) return fail(ErrorCode::kOutput, "cannot make a working file", records_folder, errno);
  return slot;
}

SlotMapping::SlotMapping(int memory_fd, std::size_t capacity, bool writable) {
  void* at = ::mmap(nullptr, capacity, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED | MAP_NORESERVE,
                    memory_fd, 0);
  TRIAGE_CHECK(at != MAP_FAILED);
  bytes_ = std::span(static_cast<std::byte*>(at), capacity);
}

SlotMapping::SlotMapping(SlotMapping&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

SlotMapping::~SlotMapping() {
  if (!bytes_.empty()) ::munmap(bytes_.data(), bytes_.size());
}

}  // namespace triage
