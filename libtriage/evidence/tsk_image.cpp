// SPDX-License-Identifier: Apache-2.0
#include "evidence/tsk_image.h"

#include <algorithm>
#include <functional>

#include "base/check.h"

namespace triage {

/// libtsk hands back a pointer to its part; it comes first so that both have the same address.
struct TskImage::External {
  TSK_IMG_INFO info{};
  std::uint64_t size = 0;
  CachedSource* cache = nullptr;
  std::vector<ReadFault> faults;

  static constexpr std::size_t kMaxFaults = 10'000;

  /// libtsk wants to fill 64 KiB of its own cache, whatever little its caller asked for.
  [[nodiscard]] bool is_own_cache(const char* out) const {
    const char* begin = &info.cache[0][0];
    return !std::less<>{}(out, begin) && std::less<>{}(out, begin + sizeof info.cache);
  }

  static ssize_t read(TSK_IMG_INFO* image, TSK_OFF_T at, char* out, std::size_t length) noexcept {
    auto* self = static_cast<External*>(static_cast<void*>(image));
    // Refused: tsk_img_read() then asks for what is wanted and no more (img_io.c). CachedSource keeps it.
    if (self->is_own_cache(out)) return -1;
    if (at < 0 || out == nullptr || static_cast<std::uint64_t>(at) >= self->size) return -1;
    const std::uint64_t place = static_cast<std::uint64_t>(at);
    const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(length, self->size - place));
    try {
      std::vector<ReadFault> met;
      self->cache->read_cached(place, std::as_writable_bytes(std::span(out, wanted)), met);
      if (self->faults.size() < kMaxFaults) self->faults.insert(self->faults.end(), met.begin(), met.end());
    } catch (...) {  // no exception may cross the C frames above; the library sees a failed read
      return -1;
    }
    return static_cast<ssize_t>(wanted);
  }
  static void close(TSK_IMG_INFO*) noexcept {}
  static void describe(TSK_IMG_INFO*, FILE*) noexcept {}
};

TskImage::TskImage(const Source& source, CachedSource& cache) : external_(std::make_unique<External>()) {
  external_->size = source.size().value;
  external_->cache = &cache;
  TSK_IMG_INFO* opened =
      tsk_img_open_external(&external_->info, static_cast<TSK_OFF_T>(external_->size), source.sector_size().value,
                            External::read, External::close, External::describe);
  TRIAGE_CHECK(opened == &external_->info);
}

TskImage::~TskImage() { tsk_img_close(&external_->info); }

TSK_IMG_INFO* TskImage::get() { return &external_->info; }

std::vector<ReadFault> TskImage::take_faults() { return std::exchange(external_->faults, {}); }

}  // namespace triage
