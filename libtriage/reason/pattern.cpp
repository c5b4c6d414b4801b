// SPDX-License-Identifier: Apache-2.0
#include "reason/pattern.h"

#include <re2/re2.h>

#include <algorithm>
#include <charconv>

#include "bytes/text.h"

namespace triage {
namespace {

using Kind = FieldTest::Kind;

/// Text compared at most; a longer value of evidence is looked at from its beginning.
constexpr std::size_t kMaxText = 64 * 1024;

bool holds_for(const FieldTest& test, std::string_view text) {
  const auto any = [&test](auto same) { return std::any_of(test.words.begin(), test.words.end(), same); };
  switch (test.kind) {
    case Kind::kAnyOf: return any([text](const std::string& word) { return word == text; });
    case Kind::kPrefix: return any([text](const std::string& word) { return text.starts_with(word); });
    case Kind::kSuffix: return any([text](const std::string& word) { return text.ends_with(word); });
    case Kind::kContains: return any([text](const std::string& word) { return text.find(word) != text.npos; });
    case Kind::kGlob: return any([text](const std::string& word) { return glob_match(word, text); });
    case Kind::kRegex: return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *test.regex);
    case Kind::kAtLeast:
    case Kind::kAtMost: {
      std::int64_t number = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (error != std::errc{} || end != text.data() + text.size()) return false;
      return test.kind == Kind::kAtLeast ? number >= test.number : number <= test.number;
    }
    case Kind::kPresent: return true;
    case Kind::kAbsent: return false;
  }
  return false;
}

bool holds(const FieldTest& test, const EventFields& event) {
  std::string scratch;
  const auto value = event.get(test.field, scratch);
  if (!value) return test.kind == Kind::kAbsent;
  const std::string lower = ascii_lower(value->substr(0, kMaxText));
  return holds_for(test, lower);
}

bool all_hold(const TestSet& tests, const EventFields& event) {
  return std::all_of(tests.begin(), tests.end(), [&event](const FieldTest& test) { return holds(test, event); });
}

}  // namespace

bool matches(const EventPattern& pattern, const EventFields& event) {
  const auto met = [&event](const TestSet& tests) { return all_hold(tests, event); };
  if (!all_hold(pattern.tests, event)) return false;
  if (!pattern.any_of.empty() && std::none_of(pattern.any_of.begin(), pattern.any_of.end(), met)) return false;
  return std::none_of(pattern.except.begin(), pattern.except.end(), met);
}

bool may_match(const EventPattern& pattern, std::string_view artifact, std::string_view what) {
  return std::all_of(pattern.tests.begin(), pattern.tests.end(), [&](const FieldTest& test) {
    if (test.field.kind != Field::Kind::kColumn) return true;
    if (test.field.name == "artifact") return holds_for(test, artifact);
    return test.field.name != "what" || holds_for(test, what);
  });
}

}  // namespace triage
