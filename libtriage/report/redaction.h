// SPDX-License-Identifier: Apache-2.0
// Redactor: masks personal data in the copy of a report that leaves the house: names of profiles, accounts and persons,
// mail addresses, telephone numbers, My Numbers (check digit of the ordinance of 2014, Art. 5), card numbers (Luhn).
// The same value gets the same mark everywhere, so that a reader can still follow it. What was masked is counted, and
// the values stand in a log that stays in the case. It masks what it recognises; a person reads the copy before it
// goes.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "report/report_facts.h"

namespace triage {

enum class MaskKind : std::uint8_t { kName, kMail, kPhone, kMyNumber, kCard };
inline constexpr std::size_t kMaskKindCount = 5;

class Redactor {
 public:
  explicit Redactor(bool japanese) : japanese_(japanese) {}
  /// A name to mask wherever it stands as a word. Names of the system ("Public", "root") are none.
  void learn_name(std::string_view name);
  /// Names after /Users/, /home/, \Users\ and \Documents and Settings\.
  void learn_path(std::string_view path);
  /// `text` with marks such as "[氏名1]" in place of what is personal.
  std::string mask(std::string_view text);

  struct Entry {
    MaskKind kind = MaskKind::kName;
    std::string value;
    std::string mark;
    std::uint64_t count = 0;
  };
  /// In the order in which they were met first.
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  /// JSON Lines {kind, mark, value, count}; schema triage.redaction.v1.
  [[nodiscard]] std::string log_lines() const;

 private:
  const std::string& mark_of(MaskKind kind, std::string_view value);
  std::string mask_names(std::string text);
  std::string mask_mails(std::string_view text);
  std::string mask_numbers(std::string_view text);

  bool japanese_;
  std::vector<std::string> names_;  ///< longest first
  std::vector<Entry> entries_;
  std::map<std::pair<MaskKind, std::string>, std::size_t> place_;
};

std::string_view mask_kind_name(MaskKind kind, bool japanese);

/// Knows the accounts of the events, the profiles in paths, and the persons of case.yaml.
Result<Redactor> redactor_for(const ReportFacts& facts, Database& database, bool japanese);

/// True for 12 digits whose last is the check digit of a My Number.
bool is_my_number(std::string_view digits);
/// True for 13 to 19 digits that pass the Luhn check and begin as cards do.
bool is_card_number(std::string_view digits);
/// True for a Japanese telephone number: `text` as written, with its separators.
bool is_phone_number(std::string_view text);

}  // namespace triage
