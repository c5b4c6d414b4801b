// SPDX-License-Identifier: Apache-2.0
// What the record proves by itself, and by which entry.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "playbook/task_state.h"

namespace triage {
namespace {

bool ended_well(const RunRecord& run) { return run.exit && (*run.exit == 0 || *run.exit == 1); }

bool has_digest(const std::vector<CustodyItem>& items) {
  return std::any_of(items.begin(), items.end(), [](const CustodyItem& one) { return one.sha256.has_value(); });
}

std::optional<std::string> proof_by_run(const ProofRule& rule, const CaseRecord& record) {
  for (const RunRecord& run : record.runs) {
    if (run.command != rule.name || !ended_well(run)) continue;
    if (rule.word == "input" && run.inputs.empty()) continue;
    if (rule.word == "output_sha256" && !has_digest(run.outputs)) continue;
    return fmt::format("#{}", run.entry);
  }
  return std::nullopt;
}

/// An image's digest named where it was taken (an output) agrees with what a later entry read (an input), or with a
/// re-hash at a hand-over. Two readings of one entry prove nothing.
std::optional<std::string> proof_by_digest(const CaseRecord& record) {
  std::map<std::string, std::uint64_t> taken;
  for (const RunRecord& run : record.runs) {
    if (!ended_well(run)) continue;
    for (const CustodyItem& one : run.inputs) {
      if (!one.sha256) continue;
      const auto found = taken.find(*one.sha256);
      if (found != taken.end() && found->second != run.entry) return fmt::format("#{} #{}", found->second, run.entry);
    }
    for (const auto* list : {&run.inputs, &run.outputs}) {
      for (const CustodyItem& one : *list) {
        if (one.sha256) taken.emplace(*one.sha256, run.entry);
      }
    }
  }
  for (const Handover& move : record.handovers) {
    if (move.hash_agrees == true) return fmt::format("#{}", move.entry);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> proof_of(const ProofRule& rule, const CaseRecord& record, const CaseSettings& settings) {
  using Kind = ProofRule::Kind;
  const auto answer = record.answers.find(rule.name);
  switch (rule.kind) {
    case Kind::kRun: return proof_by_run(rule, record);
    case Kind::kHashesAgree: return proof_by_digest(record);
    case Kind::kAnswer:
    case Kind::kAnswerIs:
      if (answer == record.answers.end() || is_unknown_word(answer->second.value)) return std::nullopt;
      if (rule.kind == Kind::kAnswerIs && answer->second.value != rule.word) return std::nullopt;
      return fmt::format("#{}", answer->second.entry);
    case Kind::kKnew:
      return settings.knew_time && !settings.knew_time->empty() ? std::optional<std::string>("case.yaml")
                                                                : std::nullopt;
    case Kind::kClockOffset:
      return settings.clock_offsets.empty() ? std::nullopt : std::optional<std::string>("case.yaml");
    case Kind::kHandover:
      if (record.handovers.empty()) return std::nullopt;
      return fmt::format("#{}", record.handovers.back().entry);
  }
  return std::nullopt;
}

}  // namespace triage
