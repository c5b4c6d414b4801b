// SPDX-License-Identifier: Apache-2.0
// CaseInput: where the reasoner gets the records of a case from: case.db, or the lines of a rule's own test case.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "reason/case_joins.h"
#include "reason/event_fields.h"
#include "store/database.h"

namespace triage {

/// Name of an event for its input. Made by the input, compared and handed back only.
struct EventRef {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  auto operator<=>(const EventRef&) const = default;
};

/// What an event or fact rests on, for the finding.
struct EventGround {
  std::vector<std::string> events;    ///< ids
  std::vector<std::string> exhibits;  ///< locators
};

using ArtifactAction = std::pair<std::string, std::string>;

class CaseInput {
 public:
  CaseInput() = default;
  CaseInput(const CaseInput&) = delete;
  CaseInput& operator=(const CaseInput&) = delete;
  virtual ~CaseInput() = default;

  /// Fills the joins, and gets facts ready that need them. Call it first.
  virtual Status learn(CaseJoins& joins) = 0;
  /// Every pair of artifact and action there is.
  virtual Result<std::set<ArtifactAction>> kinds() = 0;
  using Visitor = std::function<Status(const EventRef& ref, const EventFields& event)>;
  /// Events and facts of the wanted kinds in the order of time, those without a time last.
  virtual Status events(const std::set<ArtifactAction>& wanted, const CaseJoins& joins, const Visitor& visit) = 0;
  using Reader = std::function<void(const EventFields& event, const EventGround& ground)>;
  /// One of them again. kInternal where it is gone.
  virtual Status read(const EventRef& ref, const CaseJoins& joins, const Reader& visit) = 0;
};

/// REQUIRES: `database` outlives the input.
std::unique_ptr<CaseInput> case_db_input(Database& database);

/// Lines of a rule's test case (rules/leak/README.md). kUsage with the line of the first fault.
Result<std::unique_ptr<CaseInput>> case_lines_input(const std::string& text, const std::string& name);

/// A row that an input holds itself: a fact, or a line of a test case.
struct HeldRow {
  std::array<std::optional<std::string>, kEventColumns.size()> columns;
  EventGround ground;
  void set(std::string_view column, std::string value);
  [[nodiscard]] EventFields::Columns view() const;
  [[nodiscard]] std::optional<std::int64_t> when_ns() const;
};
/// In the order of time, those without one last; equal times keep their order.
void sort_by_time(std::vector<HeldRow>& rows);

}  // namespace triage
