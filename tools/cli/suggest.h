// SPDX-License-Identifier: Apache-2.0
// Near misses: what a mistyped word was probably meant to be. Only ever suggested, never run.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace triage::cli {

/// Edits (insert, delete, replace, swap of neighbours) between two words.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// Candidates within a third of the word's length (at least 1 edit), nearest first, at most three; those that begin
/// with `word` count as near.
std::vector<std::string> near_misses(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace triage::cli
