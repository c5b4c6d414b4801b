// SPDX-License-Identifier: Apache-2.0
// RuleRun: one rule over the events of a case. Hits come in the order of time; those that no window can reach any more
// are dropped, so that memory is bounded by the busiest window, and by kMaxHits where a rule has no window.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "reason/case_input.h"
#include "reason/rule.h"

namespace triage {

/// Numbers for values that are joined by; 0 is "not known". Exact: equal numbers are equal values.
class KeyTable {
 public:
  std::uint32_t number(std::string_view value);
  /// The values by their numbers; [0] is "".
  [[nodiscard]] std::vector<std::string> values() const;

 private:
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::size_t bytes_ = 0;
};

/// What is kept of an event that matched a pattern.
struct Hit {
  std::int64_t when_ns = 0;
  EventRef ref;
  std::uint32_t family = 0;
  bool timed = false;
  bool local = false;  ///< by a clock whose zone is not known: may be 14 hours off
  std::vector<std::uint32_t> keys;
};

/// What one finding rests on.
struct FindingGroup {
  /// Hits of one pattern and one family.
  struct Part {
    bool counts = false;           ///< not only context
    std::vector<EventRef> listed;  ///< the first kListed
    std::set<EventRef> seen;       ///< at most kCounted
    bool capped = false;
  };
  std::map<std::pair<std::size_t, std::uint32_t>, Part> parts;  ///< by pattern and family
  bool joined = false;                                          ///< some anchor stood on two independent families
};

class RuleRun {
 public:
  static constexpr std::size_t kMaxHits = 250'000;  ///< of a pattern, where no window lets them go
  static constexpr std::size_t kListed = 16;
  static constexpr std::size_t kCounted = 4096;
  static constexpr std::size_t kMaxGroups = 2000;

  RuleRun(const Rule& rule, KeyTable& keys);
  /// An event that matches pattern `pattern`.
  void offer(std::size_t pattern, const EventRef& ref, const EventFields& event);
  /// After the last event.
  void finish();
  [[nodiscard]] const Rule& rule() const { return rule_; }
  /// By the values of the rule's `group`, in the order in which they were met.
  [[nodiscard]] const std::vector<FindingGroup>& groups() const { return groups_; }
  [[nodiscard]] std::uint64_t hits_dropped() const { return dropped_; }
  [[nodiscard]] std::uint64_t groups_dropped() const { return groups_dropped_; }

 private:
  struct Place {
    std::size_t pattern, index;
  };
  struct Match {
    std::vector<Place> hits;
    std::int64_t from_ns = 0, to_ns = 0;
    bool timed = false, local = false;
  };
  using Index = std::map<std::vector<std::uint32_t>, std::vector<Place>>;

  [[nodiscard]] const Hit& hit(const Place& place) const { return hits_[place.pattern][place.index]; }
  [[nodiscard]] std::size_t slot(std::size_t pattern, const Field& field) const;
  void need(std::size_t pattern, const Field& field);
  [[nodiscard]] std::vector<std::uint32_t> keys_of(const Place& place, const std::vector<Field>& fields) const;
  [[nodiscard]] Index index_of(const std::vector<std::size_t>& patterns, const std::vector<Field>& same,
                               bool unknown_too) const;
  /// Anchors from `done_ns_` up to `horizon_ns`; all that are left where it is nullopt.
  void process(std::optional<std::int64_t> horizon_ns);
  void process_condition(const RuleCondition& condition, std::optional<std::int64_t> horizon_ns);
  [[nodiscard]] std::vector<Match> bursts(const RuleCondition& condition, const std::vector<Place>& hits,
                                          std::optional<std::int64_t> horizon_ns) const;
  [[nodiscard]] bool is_due(const Hit& hit, std::optional<std::int64_t> horizon_ns) const;
  void try_anchor(const RuleCondition& condition, const std::vector<Index>& indexes, Match anchor);
  [[nodiscard]] Match find_leg(const Leg& leg, const Index& index, const Match& of, const Match& anchor) const;
  [[nodiscard]] bool stands_right(const Leg& leg, const Match& of, const Hit& hit) const;
  FindingGroup* group_of(const Place& anchor);
  void add(FindingGroup& group, const Match& match, bool counts);
  void prune(std::int64_t before_ns);

  const Rule& rule_;
  KeyTable& keys_;
  std::vector<std::vector<Field>> slots_;  ///< by pattern
  std::vector<std::vector<Hit>> hits_;     ///< by pattern, in the order of time
  std::optional<std::int64_t> reach_ns_;   ///< widest window; nullopt where a leg has none
  std::optional<std::int64_t> done_ns_;    ///< anchors before it were tried
  std::size_t held_ = 0, next_process_ = 0;
  std::uint64_t dropped_ = 0, groups_dropped_ = 0;
  std::map<std::vector<std::uint32_t>, std::size_t> group_places_;
  std::vector<FindingGroup> groups_;
};

}  // namespace triage
