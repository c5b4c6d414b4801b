// SPDX-License-Identifier: Apache-2.0
// FindingLines: the sink of `triage scan`. One line a finding, written as it is found.
#pragma once

#include <optional>
#include <string>

#include "cli/output.h"
#include "cli/plain_sweep.h"
#include "model/finding.h"

namespace triage::cli {

/// A finding of content as findings.jsonl has it: schema triage.finding.v1, the columns of the `findings` view.
std::string finding_json(const Finding& finding);

class FindingLines final : public PlainSink {
 public:
  /// `context` and `out` outlive the object.
  FindingLines(const Context& context, Output& out) : context_(context), out_(out) {}
  [[nodiscard]] std::uint64_t count() const { return count_; }
  /// Most severe finding so far; nullopt when there is none.
  [[nodiscard]] const std::optional<Severity>& worst() const { return worst_; }

 protected:
  Status take(BatchRecords& records, int slot_memory) override;
  [[nodiscard]] bool wanted() const override { return out_.wanted(); }

 private:
  const Context& context_;
  Output& out_;
  std::uint64_t count_ = 0;
  std::optional<Severity> worst_;
};

}  // namespace triage::cli
