// SPDX-License-Identifier: Apache-2.0
// MapBlame: which inode or file system a reader died or hung on while it made the map, and so what the next reader
// leaves out.
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "base/result.h"
#include "engine/breadcrumb.h"
#include "engine/sweep.h"
#include "evidence/reader.h"
#include "model/damage.h"

namespace triage {

class MapBlame {
 public:
  /// `evidence` is the name in errors.
  explicit MapBlame(std::string evidence) : evidence_(std::move(evidence)) {}
  /// For the next reader.
  [[nodiscard]] const MapOptions& options() const { return options_; }
  /// Takes the blame from `breadcrumb` into options(); the damage to tell. kUnreadable where the same thing was blamed
  /// before. `kind` is kCrash or kTimeout.
  Result<Damage> blame(const Breadcrumb& breadcrumb, DamageKind kind);

 private:
  std::string evidence_;
  MapOptions options_;
  std::map<std::uint64_t, unsigned> deaths_of_volume_;
};

/// CPU time a reader may use for the step that `breadcrumb` stands at; zero: no limit (it is in our own code).
std::chrono::milliseconds reader_limit(const SweepLimits& limits, const Breadcrumb& breadcrumb,
                                       std::uint64_t image_size);

}  // namespace triage
