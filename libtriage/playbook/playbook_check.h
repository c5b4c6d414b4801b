// SPDX-License-Identifier: Apache-2.0
// What must hold between playbooks, law, roles and methods, so that a name that leads nowhere is found when it is read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace triage {

class PlaybookLibrary;

/// kUsage, naming file:line, for the first names that lead nowhere, tasks that wait for themselves, and evidence that
/// nothing preserves.
Status check_playbooks(const PlaybookLibrary& library);

/// Words that no generated text may hold without basis: 完全に, 必ず, 一切, 犯人.
std::vector<std::string_view> forbidden_words();
/// The forbidden word in `text`, or "".
std::string_view forbidden_word_in(std::string_view text);

}  // namespace triage
