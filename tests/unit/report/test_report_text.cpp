// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <set>
#include <string>

#include "model/damage.h"
#include "model/event.h"
#include "model/finding.h"
#include "report/report_words.h"

using namespace triage;

namespace {

std::set<std::string> placeholders(std::string_view text) {
  std::set<std::string> out;
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    if (text[i] == '{' && text[i + 2] == '}') out.insert(std::string(text.substr(i, 3)));
  }
  return out;
}

}  // namespace

TEST_CASE("report text: every sentence exists in both languages with the same arguments") {
  for (std::size_t i = 0; i < static_cast<std::size_t>(Say::kCount); ++i) {
    const Sentence& one = sentence(static_cast<Say>(i));
    CAPTURE(one.en);
    CHECK(one.id == static_cast<Say>(i));
    CHECK(!one.en.empty());
    CHECK(!one.ja.empty());
    CHECK(placeholders(one.en) == placeholders(one.ja));
  }
}

TEST_CASE("report text: words that claim too much do not occur") {
  for (std::size_t i = 0; i < static_cast<std::size_t>(Say::kCount); ++i) {
    const std::string_view ja = sentence(static_cast<Say>(i)).ja;
    for (const char* word : {"完全に", "必ず", "一切", "犯人"}) CHECK(ja.find(word) == std::string_view::npos);
  }
  for (const Word& one : state_words()) {
    for (const char* word : {"完全に", "必ず", "一切", "犯人"}) CHECK(one.ja.find(word) == std::string_view::npos);
  }
}

TEST_CASE("report words: every action, damage kind and likelihood of the model has a word in both languages") {
  const Phrases ja(ReportLanguage::kJapanese);
  for (std::size_t i = 0; i < kDamageKindCount; ++i) {
    const std::string_view kind = damage_kind_name(static_cast<DamageKind>(i));
    CHECK(word(ja, WordGroup::kDamage, kind) != kind);
    CHECK(word(ja, WordGroup::kDamageMeaning, kind) != kind);
  }
  for (std::size_t i = 0; i < kMeaningCount; ++i) {
    const std::string_view meaning = meaning_name(static_cast<Meaning>(i));
    CHECK(word(ja, WordGroup::kMeaning, meaning) != meaning);
  }
  for (int i = 0; i <= static_cast<int>(Likelihood::kAlmostCertain); ++i) {
    const std::string_view likelihood = likelihood_name(static_cast<Likelihood>(i));
    CHECK(word(ja, WordGroup::kLikelihood, likelihood) != likelihood);
  }
  std::size_t actions = 0;
  for (const Word& one : record_words()) {
    if (one.group != WordGroup::kAction) continue;
    ++actions;
    CHECK(is_action(one.code));
  }
  CHECK(actions == 33);  // the vocabulary of model/event.h
}

TEST_CASE("report words: a code nobody knows is shown as it stands") {
  const Phrases en(ReportLanguage::kEnglish);
  CHECK(word(en, WordGroup::kDamage, "melted") == "melted");
  CHECK(words_of_list(en, WordGroup::kMeaning, "created,melted") == "created, melted");
}
