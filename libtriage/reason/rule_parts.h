// SPDX-License-Identifier: Apache-2.0
// The parts of a rule file: word lists, patterns of events, conditions. Faults go to the view, with their lines.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "reason/rule.h"
#include "store/yaml_view.h"

namespace triage {

/// Words by the name of their list, in lower case.
using WordLists = std::map<std::string, std::vector<std::string>>;

/// Adds what stands under `lists` of a file.
void read_lists(const YamlView& view, WordLists& lists);
EventPattern read_pattern(const std::string& name, const YamlView& view, const WordLists& lists);
RuleCondition read_condition(const YamlView& view, const std::vector<EventPattern>& patterns);
/// A list of fields under `key`; absent is empty.
std::vector<Field> read_fields(const YamlView& view, std::string_view key);

}  // namespace triage
