// SPDX-License-Identifier: Apache-2.0
// What a person states about a case: settings, answers, notes, work done, hand-overs. All of it goes into the custody
// log.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/context.h"
#include "playbook/case_record.h"
#include "playbook/case_statement.h"

namespace triage::cli {

/// Opens the case of --case, made when absent, and writes what was stated into case.yaml and the log. On a terminal it
/// asks for what is missing.
Status state_case(const Context& context, CaseStatement statement, const std::vector<std::string>& playbooks);

/// Opens a new case that is an exercise of `type`, with the scene of its playbook.
Status begin_drill(const Context& context, CaseStatement statement, const std::vector<std::string>& playbooks);

/// Appends a note. `tag` is "" or fact, presumption, hearsay, unknown (事実, 推定, 伝聞, 不明).
Status note_in_case(const Context& context, const std::string& words, const std::string& by, const std::string& tag,
                    const std::vector<std::string>& playbooks);

/// Answers a question; an answer the question does not take is kUsage and names what it takes.
Status answer_in_case(const Context& context, AnswerRecord answer, const std::vector<std::string>& playbooks);
/// Prints the questions, their answers, and what is still open.
Status print_questions(const Context& context, const std::vector<std::string>& playbooks);

/// start, done, waive, not_possible. A task that would destroy evidence stays blocked until it is preserved.
Status act_on_task(const Context& context, TaskAction action, const std::vector<std::string>& playbooks);

/// How a hand-over was typed.
struct HandoverInput {
  std::string rehash;  ///< a file whose SHA-256 is compared with the record; "" = none
  std::string tz;      ///< zone of the times; "" = the case's
};
/// Records that an item changed hands. kVerification as the exit status when the re-hash does not agree (it is recorded
/// all the same).
Result<ExitCode> hand_over(const Context& context, Handover handover, const HandoverInput& input,
                           const std::vector<std::string>& playbooks);
/// Prints each item's chain with its gaps and overlaps; kVerification when there are some.
Result<ExitCode> print_chains(const Context& context, const std::vector<std::string>& playbooks);

}  // namespace triage::cli
