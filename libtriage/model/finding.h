// SPDX-License-Identifier: Apache-2.0
// Finding: a claim that a rule draws from events or content (DESIGN.md §5).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/locator.h"

namespace triage {

enum class Severity : std::uint8_t { kInfo, kLow, kMedium, kHigh, kCritical };
std::string_view severity_name(Severity severity);
std::optional<Severity> severity_from_name(std::string_view name);

/// Seven likelihood words (ICD 203 bands); kNotStated where a rule only says that content was found.
enum class Likelihood : std::uint8_t {
  kNotStated,
  kRemote,
  kVeryUnlikely,
  kUnlikely,
  kEvenChance,
  kLikely,
  kVeryLikely,
  kAlmostCertain
};
std::string_view likelihood_name(Likelihood likelihood);
std::optional<Likelihood> likelihood_from_name(std::string_view name);

/// Quality of the evidence a finding rests on.
enum class Quality : std::uint8_t { kLow, kMedium, kHigh };
std::string_view quality_name(Quality quality);

/// A text in both report languages.
struct Bilingual {
  std::string en;
  std::string ja;
  bool operator==(const Bilingual&) const = default;
};

struct Finding {
  std::string rule;
  Bilingual claim;
  Severity severity = Severity::kInfo;
  Likelihood likelihood = Likelihood::kNotStated;
  Quality quality = Quality::kMedium;
  std::vector<std::string> events;    ///< event ids it rests on; content findings are joined to file events by path
  std::vector<std::string> exhibits;  ///< locators of the bytes it rests on
  Bilingual alternatives;
  Bilingual limits;
  std::string technique;   ///< ATT&CK id or empty
  std::string question;    ///< question of the case it answers (立証趣旨)
  std::string step;        ///< which of the six steps it feeds, "1" to "6"
  Locator locator;         ///< where the content lies; empty stream for findings drawn from events only
  std::string path;        ///< path of the stream, UTF-8
  bool recovered = false;  ///< content of a deleted file, slack or unallocated space
  std::string details;     ///< JSON object: matched strings with offsets, rule reference …
  bool operator==(const Finding&) const = default;
};

/// 32 hex digits: hash of rule, locator and the events.
std::string finding_id(const Finding& finding);

}  // namespace triage
