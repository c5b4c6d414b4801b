// SPDX-License-Identifier: Apache-2.0
// Words for the codes of case.db ("file.created", "likely", "truncated" …) in both languages.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "report/report_text.h"

namespace triage {

enum class WordGroup : std::uint8_t {
  kAction,
  kMeaning,
  kArtifact,
  kChannel,
  kHow,
  kFileSystem,
  kSid,
  kQuestion,
  kSeverity,
  kLikelihood,
  kBand,
  kQuality,
  kGrade,
  kGradeMeaning,
  kMethod,
  kDamage,
  kDamageMeaning,
  kFormat,
  kKeyKind,
  kState,
  kVolumeStatus,
  kEncryption,
  kLeakType,
  kCustodyKind,
  kStep,
  kRole,
};

/// One code with its word. A code that is in no group is shown as it stands.
struct Word {
  WordGroup group;
  std::string_view code;
  std::string_view en;
  std::string_view ja;
};
std::span<const Word> record_words();  ///< actions, meanings, artifacts, channels, mechanisms
std::span<const Word> state_words();   ///< the other groups

/// The word of `code`, or `code` itself.
std::string_view word(const Phrases& say, WordGroup group, std::string_view code);
/// Words of a comma-separated list of codes ("created,modified").
std::string words_of_list(const Phrases& say, WordGroup group, std::string_view codes);

/// A term of the glossary.
struct Term {
  std::string_view en;
  std::string_view ja;
  std::string_view meaning_en;
  std::string_view meaning_ja;
};
std::span<const Term> glossary();

}  // namespace triage
