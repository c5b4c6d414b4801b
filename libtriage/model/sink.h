// SPDX-License-Identifier: Apache-2.0
// Sinks: where facts go. A parser sees EventSink only; the engine's consumers see RecordSink.
#pragma once

#include <string>
#include <string_view>

#include "bytes/cursor.h"
#include "model/damage.h"
#include "model/event.h"
#include "model/records.h"

namespace triage {

/// Receives the facts of one parser on one stream. Fills in artifact, version, source and evidence by itself; the
/// parser sets the locator through Artifact::at().
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void event(Event event) = 0;
  /// `field` and `detail` may be built freely; evidence, stream, path and consumer are filled in.
  virtual void damage(DamageKind kind, std::uint64_t at, std::string_view field, std::string detail) = 0;
  /// The cursor's fault as truncated (ran out of data) or range (rejected) damage; `base` is where the cursor's data
  /// begins in the stream. Does nothing when the cursor is fine.
  void fault(const ByteCursor& cursor, std::uint64_t base = 0);
};

/// Receives everything a consumer of the sweep can say.
class RecordSink : public EventSink {
 public:
  virtual void finding(Finding finding) = 0;
  virtual void file(FileRecord file) = 0;
  virtual void output(OutputRecord output) = 0;
};

}  // namespace triage
