// SPDX-License-Identifier: Apache-2.0
#include "engine/slot.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/check.h"
#include "engine/unnamed_file.h"

namespace triage {
Result<Slot> Slot::make(std::size_t capacity, const std::string& records_folder) {
  Slot slot;
  slot.capacity_ = capacity;
  slot.memory_ = UniqueFd(::memfd_create("triage-slot", MFD_CLOEXEC));
  if (!slot.memory_.valid() || ::ftruncate(slot.memory_.get(), static_cast<off_t>(capacity)) != 0) {
    if (errno == EFBIG)
      return fail(ErrorCode::kOutput, "the limit of file sizes leaves no room for shared memory", "memfd", errno,
                  "raise it (ulimit -f)");
    return fail(ErrorCode::kInternal, "cannot make shared memory", "memfd", errno);
  }
  TRIAGE_TRY(slot.records_, make_unnamed_file(records_folder));
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
