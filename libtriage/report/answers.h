// SPDX-License-Identifier: Apache-2.0
// Answers: what the findings say of each question, by one rule for all of them. A question comes from the findings,
// from the leak type, or from the person who asked (the case's answer `request`, one line each; a line may begin with
// the id of a question of the rules and a colon, "exfil_channel_used: …", and is then answered by the findings of that
// id).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "report/report_facts.h"

namespace triage {

/// 認められる, 認められない, 判断できない.
enum class Verdict : std::uint8_t { kShown, kNotShown, kOpen };

struct Answer {
  std::string question;  ///< id of the rules; "" for a line that names none
  std::string text;      ///< of the person who asked; "" where the findings or the leak type ask
  bool counsel = false;  ///< a person asked
  Verdict verdict = Verdict::kOpen;
  std::string likelihood;               ///< of the strongest finding; "" without findings
  std::vector<std::uint32_t> findings;  ///< numbers from 1, strongest first
};

/// 1 (remote) to 7 (almost certain); 0 where no likelihood is stated.
int likelihood_rank(std::string_view likelihood);

/// Of these findings' likelihoods: likely or more is kShown, all of them unlikely or less kNotShown, else kOpen.
Verdict verdict_of(const std::vector<std::string_view>& likelihoods);

/// What was asked first, then what the findings answer by severity, then what the leak type leaves open.
std::vector<Answer> answers_of(const ReportFacts& facts);

/// The report to the regulator, filled; empty where the playbook or the form is not there. Points into `facts`.
FilledForm nine_items(const ReportFacts& facts);

/// The next date that is open: of rules that the answers show to apply, else of those that are not answered yet; the
/// nearest. nullptr without one.
const DeadlineState* next_deadline(const LegalClock& clock);

}  // namespace triage
