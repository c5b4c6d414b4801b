// SPDX-License-Identifier: Apache-2.0
#include "model/finding.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "bytes/digest.h"

namespace triage {
namespace {
constexpr std::array<std::string_view, 5> kSeverities = {"info", "low", "medium", "high", "critical"};
constexpr std::array<std::string_view, 8> kLikelihoods = {"not_stated",  "remote", "very_unlikely", "unlikely",
                                                          "even_chance", "likely", "very_likely",   "almost_certain"};
}  // namespace

std::string_view severity_name(Severity severity) { return kSeverities[static_cast<std::size_t>(severity)]; }

std::optional<Severity> severity_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kSeverities.size(); ++i) {
    if (kSeverities[i] == name) return static_cast<Severity>(i);
  }
  return std::nullopt;
}

std::string_view likelihood_name(Likelihood likelihood) { return kLikelihoods[static_cast<std::size_t>(likelihood)]; }

std::optional<Likelihood> likelihood_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kLikelihoods.size(); ++i) {
    if (kLikelihoods[i] == name) return static_cast<Likelihood>(i);
  }
  return std::nullopt;
}

std::string_view quality_name(Quality quality) {
  static constexpr std::array<std::string_view, 3> kNames = {"low", "medium", "high"};
  return kNames[static_cast<std::size_t>(quality)];
}

std::string finding_id(const Finding& finding) {
  return sha256_hex(fmt::format("{}\n{}\n{}", finding.rule, finding.locator.text(), fmt::join(finding.events, ",")))
      .substr(0, 32);
}

}  // namespace triage
