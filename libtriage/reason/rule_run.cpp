// SPDX-License-Identifier: Apache-2.0
#include "reason/rule_run.h"

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "bytes/text.h"

namespace triage {
namespace {

constexpr std::size_t kChunk = 65536;
/// Local times without a zone: UTC-12 to UTC+14.
constexpr std::int64_t kZoneSlack = std::int64_t{14} * 3600 * 1'000'000'000;
constexpr std::size_t kMaxKeyBytes = std::size_t{256} << 20;
/// Hits of a leg looked for around one anchor; more change nothing but the number told.
constexpr std::size_t kLegHits = 256;

/// Widest span between an anchor and anything it needs; nullopt where there is no end.
std::optional<std::int64_t> reach_of(const Rule& rule) {
  std::int64_t widest = 0;
  for (const RuleCondition& condition : rule.conditions) {
    std::int64_t sum = condition.in_ns;
    for (const Leg& leg : condition.legs) {
      if (!leg.within_ns) return std::nullopt;
      sum += *leg.within_ns;
    }
    widest = std::max(widest, sum);
  }
  return widest + 2 * kZoneSlack;
}

}  // namespace

std::uint32_t KeyTable::number(std::string_view value) {
  if (value.empty()) return 0;
  const auto found = numbers_.find(std::string(value));
  if (found != numbers_.end()) return found->second;
  if (bytes_ + value.size() > kMaxKeyBytes) return 0;
  bytes_ += value.size() + 64;
  return numbers_.emplace(value, static_cast<std::uint32_t>(numbers_.size() + 1)).first->second;
}

std::vector<std::string> KeyTable::values() const {
  std::vector<std::string> out(numbers_.size() + 1);
  for (const auto& [value, number] : numbers_) out[number] = value;
  return out;
}

RuleRun::RuleRun(const Rule& rule, KeyTable& keys)
    : rule_(rule),
      keys_(keys),
      slots_(rule.patterns.size()),
      hits_(rule.patterns.size()),
      reach_ns_(reach_of(rule)),
      next_process_(kChunk) {
  for (const RuleCondition& condition : rule.conditions) {
    for (const std::size_t first : condition.first) {
      for (const Field& field : rule.group) need(first, field);
      for (const Field& field : condition.same) need(first, field);
      if (condition.distinct) need(first, *condition.distinct);
    }
    for (const Leg& leg : condition.legs) {
      const auto& of = leg.of == kFirst ? condition.first : condition.legs[leg.of].patterns;
      for (const Field& field : leg.same) {
        for (const std::size_t pattern : of) need(pattern, field);
        for (const std::size_t pattern : leg.patterns) need(pattern, field);
      }
    }
  }
}

void RuleRun::need(std::size_t pattern, const Field& field) {
  auto& fields = slots_[pattern];
  if (std::find(fields.begin(), fields.end(), field) == fields.end()) fields.push_back(field);
}

std::size_t RuleRun::slot(std::size_t pattern, const Field& field) const {
  const auto& fields = slots_[pattern];
  const auto found = std::find(fields.begin(), fields.end(), field);
  TRIAGE_CHECK(found != fields.end());
  return static_cast<std::size_t>(found - fields.begin());
}

void RuleRun::offer(std::size_t pattern, const EventRef& ref, const EventFields& event) {
  auto& hits = hits_[pattern];
  if (hits.size() >= kMaxHits) {
    ++dropped_;
    return;
  }
  Hit hit;
  hit.ref = ref;
  const auto at = event.when_ns();
  hit.timed = at.has_value();
  hit.when_ns = at.value_or(0);
  const auto basis = event.column(event_column("when_basis"));
  hit.local = basis != "utc" && basis != "local-known";
  hit.family = keys_.number(event.family());
  std::string scratch;
  for (const Field& field : slots_[pattern]) {
    const auto value = event.get(field, scratch);
    hit.keys.push_back(value ? keys_.number(ascii_lower(*value)) : 0);
  }
  hits.push_back(std::move(hit));
  ++held_;
  if (held_ < next_process_ || !at || !reach_ns_) return;
  const std::int64_t horizon = *at - *reach_ns_;
  process(horizon);
  prune(horizon - *reach_ns_);
  next_process_ = held_ + kChunk;
}

void RuleRun::finish() {
  process(std::nullopt);
  hits_.assign(hits_.size(), {});
  held_ = 0;
}

void RuleRun::prune(std::int64_t before_ns) {
  held_ = 0;
  for (auto& hits : hits_) {
    const auto keep = std::find_if(hits.begin(), hits.end(),
                                   [before_ns](const Hit& one) { return !one.timed || one.when_ns >= before_ns; });
    hits.erase(hits.begin(), keep);
    held_ += hits.size();
  }
}

std::vector<std::uint32_t> RuleRun::keys_of(const Place& place, const std::vector<Field>& fields) const {
  std::vector<std::uint32_t> out;
  for (const Field& field : fields) out.push_back(hit(place).keys[slot(place.pattern, field)]);
  return out;
}

RuleRun::Index RuleRun::index_of(const std::vector<std::size_t>& patterns, const std::vector<Field>& same,
                                 bool unknown_too) const {
  Index out;
  for (const std::size_t pattern : patterns) {
    for (std::size_t i = 0; i < hits_[pattern].size(); ++i) {
      std::vector<std::uint32_t> keys = keys_of({pattern, i}, same);
      if (unknown_too || std::find(keys.begin(), keys.end(), 0U) == keys.end())
        out[std::move(keys)].push_back({pattern, i});
    }
  }
  for (auto& [keys, places] : out) {
    std::stable_sort(places.begin(), places.end(), [this](const Place& a, const Place& b) {
      const Hit& left = hit(a);
      const Hit& right = hit(b);
      if (left.timed != right.timed) return left.timed;
      return left.when_ns != right.when_ns ? left.when_ns < right.when_ns : left.ref < right.ref;
    });
  }
  return out;
}

bool RuleRun::is_due(const Hit& hit, std::optional<std::int64_t> horizon_ns) const {
  if (!hit.timed) return !horizon_ns;
  return (!done_ns_ || hit.when_ns >= *done_ns_) && (!horizon_ns || hit.when_ns < *horizon_ns);
}

std::vector<RuleRun::Match> RuleRun::bursts(const RuleCondition& condition, const std::vector<Place>& hits,
                                            std::optional<std::int64_t> horizon_ns) const {
  std::vector<Match> out;
  std::map<std::uint32_t, std::size_t> values;  // of the window [first, behind)
  std::size_t count = 0, behind = 0, taken = 0;
  const auto value_of = [&](const Place& place) {
    return condition.distinct ? hit(place).keys[slot(place.pattern, *condition.distinct)] : 0;
  };
  for (std::size_t first = 0; first < hits.size() && hit(hits[first]).timed; ++first) {
    const std::int64_t start = hit(hits[first]).when_ns;
    while (behind < hits.size() && hit(hits[behind]).timed && hit(hits[behind]).when_ns - start <= condition.in_ns) {
      const std::uint32_t value = value_of(hits[behind++]);
      if (!condition.distinct || (value != 0 && ++values[value] == 1)) ++count;
    }
    if (count >= condition.at_least && is_due(hit(hits[first]), horizon_ns)) {
      // Windows that overlap are one burst.
      if (out.empty() || first >= taken) {
        out.emplace_back();
        out.back().from_ns = start;
        out.back().timed = true;
        taken = first;
      }
      Match& burst = out.back();
      for (; taken < behind; ++taken) {
        burst.hits.push_back(hits[taken]);
        burst.to_ns = hit(hits[taken]).when_ns;
        burst.local = burst.local || hit(hits[taken]).local;
      }
    }
    const std::uint32_t value = value_of(hits[first]);
    if (!condition.distinct) {
      --count;
    } else if (value != 0 && --values[value] == 0) {
      values.erase(value);
      --count;
    }
  }
  return out;
}

void RuleRun::process_condition(const RuleCondition& condition, std::optional<std::int64_t> horizon_ns) {
  std::vector<Index> indexes;
  indexes.reserve(condition.legs.size());
  for (const Leg& leg : condition.legs) indexes.push_back(index_of(leg.patterns, leg.same, false));
  // Every anchor counts where nothing is counted by a value; else only those whose value is known.
  const Index anchors = index_of(condition.first, condition.same, condition.same.empty());
  for (const auto& [keys, places] : anchors) {
    if (condition.at_least > 1) {
      for (Match& burst : bursts(condition, places, horizon_ns)) try_anchor(condition, indexes, std::move(burst));
      continue;
    }
    for (const Place& place : places) {
      const Hit& one = hit(place);
      if (is_due(one, horizon_ns))
        try_anchor(condition, indexes, {{place}, one.when_ns, one.when_ns, one.timed, one.local});
    }
  }
}

void RuleRun::process(std::optional<std::int64_t> horizon_ns) {
  for (const RuleCondition& condition : rule_.conditions) process_condition(condition, horizon_ns);
  if (horizon_ns) done_ns_ = std::max(done_ns_.value_or(*horizon_ns), *horizon_ns);
}

bool RuleRun::stands_right(const Leg& leg, const Match& of, const Hit& hit) const {
  const bool any_time = !leg.within_ns && leg.order == Leg::Order::kAround && leg.apart_ns == 0;
  if (any_time) return true;
  if (!of.timed || !hit.timed) return false;
  const std::int64_t slack = of.local || hit.local ? kZoneSlack : 0;
  constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max() / 4;
  const std::int64_t within = leg.within_ns.value_or(kForever) + slack;
  const std::int64_t behind = hit.when_ns / 2 - of.from_ns / 2;  // halves: the whole span of int64 has a difference
  const std::int64_t ahead = of.to_ns / 2 - hit.when_ns / 2;
  const bool after = behind >= (leg.apart_ns - slack) / 2 && hit.when_ns / 2 - of.to_ns / 2 <= within / 2;
  const bool before = ahead >= (leg.apart_ns - slack) / 2 && of.from_ns / 2 - hit.when_ns / 2 <= within / 2;
  if (leg.order == Leg::Order::kAfter) return after;
  if (leg.order == Leg::Order::kBefore) return before;
  return after || before;
}

RuleRun::Match RuleRun::find_leg(const Leg& leg, const Index& index, const Match& of, const Match& anchor) const {
  Match out;
  const std::vector<std::uint32_t> wanted = keys_of(of.hits.front(), leg.same);
  const auto found = index.find(wanted);
  if (found == index.end() || std::find(wanted.begin(), wanted.end(), 0U) != wanted.end()) return out;
  const std::vector<Place>& places = found->second;
  auto place = places.begin();
  if (leg.within_ns && of.timed) {
    const std::int64_t low = of.from_ns - *leg.within_ns - kZoneSlack;
    place = std::lower_bound(places.begin(), places.end(), low, [this](const Place& one, std::int64_t at) {
      return hit(one).timed && hit(one).when_ns < at;
    });
  }
  for (; place != places.end() && out.hits.size() < kLegHits; ++place) {
    const Hit& one = hit(*place);
    if (leg.within_ns && (!one.timed || one.when_ns > of.to_ns + *leg.within_ns + kZoneSlack)) break;
    const auto is_it = [&](const Place& other) { return hit(other).ref == one.ref; };
    if (!stands_right(leg, of, one) || std::any_of(anchor.hits.begin(), anchor.hits.end(), is_it)) continue;
    if (out.hits.empty()) {
      out.from_ns = out.to_ns = one.when_ns;
      out.timed = one.timed;
      out.local = one.local;
    }
    out.hits.push_back(*place);
  }
  return out;
}

void RuleRun::try_anchor(const RuleCondition& condition, const std::vector<Index>& indexes, Match anchor) {
  std::vector<Match> legs;
  legs.reserve(condition.legs.size());
  for (std::size_t i = 0; i < condition.legs.size(); ++i) {
    const Leg& leg = condition.legs[i];
    legs.push_back(find_leg(leg, indexes[i], leg.of == kFirst ? anchor : legs[leg.of], anchor));
    const bool met = legs.back().hits.size() >= leg.at_least;
    if (leg.role == Leg::Role::kRequired ? !met : leg.role == Leg::Role::kAbsent && met) return;
    if (!met) legs.back().hits.clear();
  }
  FindingGroup* group = group_of(anchor.hits.front());
  if (group == nullptr) return;
  std::set<std::uint32_t> families;
  const auto take = [&](const Match& match, bool counts) {
    add(*group, match, counts);
    for (const Place& place : match.hits) {
      if (counts) families.insert(hit(place).family);
    }
  };
  take(anchor, true);
  for (std::size_t i = 0; i < legs.size(); ++i) {
    if (condition.legs[i].role != Leg::Role::kAbsent) take(legs[i], condition.legs[i].role != Leg::Role::kContext);
  }
  group->joined = group->joined || families.size() >= 2;
}

FindingGroup* RuleRun::group_of(const Place& anchor) {
  const auto [place, added] = group_places_.emplace(keys_of(anchor, rule_.group), groups_.size());
  if (!added) return &groups_[place->second];
  if (groups_.size() >= kMaxGroups) {
    group_places_.erase(place);
    ++groups_dropped_;
    return nullptr;
  }
  groups_.emplace_back();
  return &groups_.back();
}

void RuleRun::add(FindingGroup& group, const Match& match, bool counts) {
  for (const Place& place : match.hits) {
    const Hit& one = hit(place);
    FindingGroup::Part& part = group.parts[{place.pattern, one.family}];
    part.counts = part.counts || counts;
    if (part.seen.size() >= kCounted) {
      part.capped = part.capped || !part.seen.contains(one.ref);
      continue;
    }
    if (part.seen.insert(one.ref).second && part.listed.size() < kListed) part.listed.push_back(one.ref);
  }
}

}  // namespace triage
