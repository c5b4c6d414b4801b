// SPDX-License-Identifier: Apache-2.0
// The linter of the report. A finding must have all its parts: claim, evidence, likelihood, quality, alternatives,
// limits, question, step; no word that claims too much unless its basis is given (details.word_basis names the word);
// no sentence over 140 characters. Our own words are checked too: length and average of sentences, forbidden words, and
// that every technical term is in the glossary.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "report/report_facts.h"
#include "report/report_text.h"

namespace triage {

/// Faults of the findings shown, in their order: what refuses a report.
std::vector<ReportFault> check_findings(const ReportFacts& facts, const Phrases& say);
/// Sentences of the findings that are too long: named by a check, no ground to refuse.
std::vector<ReportFault> check_finding_sentences(const ReportFacts& facts, const Phrases& say);

/// Takes the report's own words as they are written.
class TextCheck {
 public:
  explicit TextCheck(const Phrases& say) : say_(say) {}
  void add(std::string_view own_words);
  [[nodiscard]] std::vector<ReportFault> faults() const;
  /// Average length of a sentence: code points in Japanese, words in English.
  [[nodiscard]] double average() const;

 private:
  void add_sentence(std::string_view sentence);
  void add_terms(std::string_view text);

  Phrases say_;
  std::vector<ReportFault> found_;
  std::set<std::string> terms_;
  std::set<std::string, std::less<>> seen_;  ///< sentences, so that a repeated one counts once
  std::uint64_t length_ = 0;
};

}  // namespace triage
