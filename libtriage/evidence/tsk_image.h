// SPDX-License-Identifier: Apache-2.0
// TskImage: hands our Source to libtsk. What the medium refuses to give reads as zeros there and is kept here.
#pragma once

#include <memory>
#include <vector>

#include "evidence/cached_source.h"
#include "evidence/tsk_handles.h"

namespace triage {

class TskImage {
 public:
  /// `source` and `cache` outlive this object.
  TskImage(const Source& source, CachedSource& cache);
  ~TskImage();
  TskImage(const TskImage&) = delete;
  TskImage& operator=(const TskImage&) = delete;
  [[nodiscard]] TSK_IMG_INFO* get();
  /// Faults met by libtsk since the last call.
  std::vector<ReadFault> take_faults();

 private:
  struct External;
  std::unique_ptr<External> external_;
};

}  // namespace triage
