// SPDX-License-Identifier: Apache-2.0
#include "reason/finding_maker.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "bytes/json.h"
#include "bytes/text.h"
#include "bytes/time_formats.h"

namespace triage {
namespace {

constexpr std::size_t kMaxEvents = 64;     ///< ids a finding names
constexpr std::size_t kMaxExhibits = 16;   ///< locators a finding names
constexpr std::size_t kShownValues = 5;    ///< of one place in a text
constexpr std::size_t kMaxValue = 300;     ///< bytes of a value in a text
constexpr std::size_t kDetailValues = 20;  ///< of one list in `details`

/// Different values in the order in which they were met.
class Values {
 public:
  void add(std::string_view value) {
    if (value.empty() || !seen_.insert(std::string(value)).second) return;
    order_.emplace_back(value);
  }
  [[nodiscard]] const std::vector<std::string>& all() const { return order_; }

 private:
  std::set<std::string> seen_;
  std::vector<std::string> order_;
};

/// Cuts at a character's start.
std::string short_value(const std::string& value) {
  if (value.size() <= kMaxValue) return value;
  std::size_t end = kMaxValue;
  while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xc0) == 0x80) --end;
  return value.substr(0, end) + "…";
}

/// What was read of the events of one group.
struct Gathered {
  std::map<std::pair<std::size_t, std::string>, Values> values;  ///< by pattern and field
  std::map<std::size_t, std::set<EventRef>> refs;                ///< by pattern
  std::map<std::size_t, bool> capped;
  Values events, exhibits, who, where, what, how, paths;
  std::optional<std::int64_t> from, to;
  std::size_t records = 0, weak = 0;  ///< listed events that count; those recovered, partial or without a sure time
  std::size_t whole_total = 0;
};

class Maker {
 public:
  Maker(const RuleRun& run, const std::vector<std::string>& families, CaseInput& input, const CaseJoins& joins)
      : run_(run), rule_(run.rule()), families_(families), input_(input), joins_(joins) {
    for (const std::string* text : {&rule_.claim.en, &rule_.alternatives.en, &rule_.limits.en}) {
      for (const TextPart& part : text_parts(*text, rule_.patterns, nullptr)) {
        if (const auto field = field_named(part.what)) {
          for (const std::size_t pattern : part.patterns) wanted_[pattern].push_back(*field);
        }
      }
    }
  }

  Result<Finding> make(const FindingGroup& group) {
    TRIAGE_TRY(Gathered seen, gather(group));
    Finding out;
    out.rule = rule_.id;
    out.severity = rule_.severity;
    out.technique = rule_.technique;
    out.question = rule_.question;
    out.step = rule_.step;
    out.claim = {fill(rule_.claim.en, seen, false), fill(rule_.claim.ja, seen, true)};
    out.alternatives = {fill(rule_.alternatives.en, seen, false), fill(rule_.alternatives.ja, seen, true)};
    out.limits = {fill(rule_.limits.en, seen, false), fill(rule_.limits.ja, seen, true)};
    weigh(group, seen, out);
    add_cap(seen, out);
    out.events = seen.events.all();
    if (out.events.size() > kMaxEvents) out.events.resize(kMaxEvents);
    out.exhibits = seen.exhibits.all();
    if (out.exhibits.size() > kMaxExhibits) out.exhibits.resize(kMaxExhibits);
    // What rests on no event (a volume) is told apart by its place.
    if (out.events.empty() && !out.exhibits.empty())
      out.locator = Locator::parse(out.exhibits.front()).value_or(Locator{});
    if (!seen.paths.all().empty()) out.path = seen.paths.all().front();
    out.recovered = seen.records > 0 && seen.weak == seen.records && seen.whole_total == 0;
    out.details = details(group, seen);
    return out;
  }

 private:
  Result<Gathered> gather(const FindingGroup& group) {
    Gathered out;
    for (const auto& [key, part] : group.parts) {
      out.refs[key.first].insert(part.seen.begin(), part.seen.end());
      out.capped[key.first] = out.capped[key.first] || part.capped;
      for (const EventRef& ref : part.listed) {
        TRIAGE_TRY_STATUS(input_.read(
            ref, joins_,
            [&, pattern = key.first, counts = part.counts](const EventFields& event, const EventGround& ground) {
              take(pattern, counts, event, ground, out);
            }));
      }
    }
    return out;
  }

  void take(std::size_t pattern, bool counts, const EventFields& event, const EventGround& ground, Gathered& out) {
    for (const std::string& id : ground.events) out.events.add(id);
    for (const std::string& locator : ground.exhibits) out.exhibits.add(locator);
    for (const Field& field : wanted_[pattern]) {
      if (auto value = event.value(field)) out.values[{pattern, field_key(field)}].add(*value);
    }
    const auto text = [&event](int column) { return event.column(column).value_or(""); };
    out.who.add(text(event_column("who")));
    out.where.add(text(event_column("host")));
    out.where.add(event.value(*field_named("serial")).value_or(""));
    out.what.add(text(event_column("object")));
    out.how.add(text(event_column("how")));
    out.paths.add(text(event_column("path")));
    if (const auto at = event.when_ns()) {
      out.from = std::min(out.from.value_or(*at), *at);
      out.to = std::max(out.to.value_or(*at), *at);
    }
    if (!counts) return;
    ++out.records;
    const bool recovered = event.column(event_column("recovered")) == "1";
    const bool partial = event.column(event_column("partial")) == "1";
    if (recovered || partial) ++out.weak;
    if (!recovered && !partial) ++out.whole_total;
  }

  static std::string field_key(const Field& field) {
    return field.kind == Field::Kind::kAttribute ? "attributes." + field.name : field.name;
  }

  std::string fill(const std::string& text, const Gathered& seen, bool japanese) const {
    const std::vector<TextPart> parts = text_parts(text, rule_.patterns, nullptr);
    std::set<int> shown;
    for (const TextPart& part : parts) {
      if (part.in_group && !part.what.empty() && has_value(part, seen)) shown.insert(*part.in_group);
    }
    std::string out;
    for (const TextPart& part : parts) {
      if (part.in_group && !shown.contains(*part.in_group)) continue;
      out += part.words;
      if (part.what == "count") {
        out += count_text(part, seen, japanese);
      } else if (!part.what.empty()) {
        out += values_text(part, seen, japanese);
      }
    }
    return out;
  }

  static bool has_value(const TextPart& part, const Gathered& seen) {
    return std::any_of(part.patterns.begin(), part.patterns.end(), [&](std::size_t pattern) {
      if (part.what == "count") return seen.refs.contains(pattern);
      const auto found = seen.values.find({pattern, part.what});
      return found != seen.values.end() && !found->second.all().empty();
    });
  }

  static std::string count_text(const TextPart& part, const Gathered& seen, bool japanese) {
    std::set<EventRef> all;
    bool capped = false;
    for (const std::size_t pattern : part.patterns) {
      if (const auto refs = seen.refs.find(pattern); refs != seen.refs.end())
        all.insert(refs->second.begin(), refs->second.end());
      const auto cap = seen.capped.find(pattern);
      capped = capped || (cap != seen.capped.end() && cap->second);
    }
    return fmt::format("{}{}", all.size(), !capped ? "" : japanese ? "以上" : " or more");
  }

  static std::string values_text(const TextPart& part, const Gathered& seen, bool japanese) {
    Values all;
    for (const std::size_t pattern : part.patterns) {
      const auto found = seen.values.find({pattern, part.what});
      if (found == seen.values.end()) continue;
      for (const std::string& value : found->second.all()) all.add(value);
    }
    if (all.all().empty()) return japanese ? "（不明）" : "(unknown)";
    std::string out;
    for (std::size_t i = 0; i < std::min(all.all().size(), kShownValues); ++i)
      out += (i == 0 ? "" : japanese ? "、" : ", ") + short_value(all.all()[i]);
    if (all.all().size() > kShownValues) out += japanese ? " ほか" : " and others";
    return out;
  }

  /// Almost certain only where two independent families and whole records say so, whatever the rule asks for.
  void weigh(const FindingGroup& group, const Gathered& seen, Finding& out) const {
    const bool whole = seen.whole_total > 0 || seen.records == 0;
    out.quality = !whole ? Quality::kLow : group.joined ? Quality::kHigh : Quality::kMedium;
    out.likelihood = group.joined ? rule_.joined : rule_.alone;
    if (out.likelihood == Likelihood::kAlmostCertain && out.quality != Quality::kHigh)
      out.likelihood = Likelihood::kVeryLikely;
  }

  void add_cap(const Gathered& seen, Finding& out) const {
    const bool capped = std::any_of(seen.capped.begin(), seen.capped.end(), [](const auto& one) { return one.second; });
    if (!capped && run_.hits_dropped() == 0 && run_.groups_dropped() == 0) return;
    out.limits.en += " More matching records exist than were counted for this rule.";
    out.limits.ja += " このルールで数えた件数を超える該当記録がある。";
  }

  static std::string list_json(const Values& values) {
    std::string out = "[";
    for (std::size_t i = 0; i < std::min(values.all().size(), kDetailValues); ++i) {
      if (i > 0) out += ',';
      append_json_string(out, short_value(values.all()[i]));
    }
    return out + "]";
  }

  [[nodiscard]] std::string details(const FindingGroup& group, const Gathered& seen) const {
    JsonLine line;
    JsonLine title;
    line.add_raw("title", title.add("ja", rule_.title.ja).add("en", rule_.title.en).finish());
    line.add("rule_version", rule_.version);
    line.add("from", seen.from ? std::optional(utc_text(*seen.from, 3)) : std::nullopt);
    line.add("to", seen.to ? std::optional(utc_text(*seen.to, 3)) : std::nullopt);
    line.add_raw("who", list_json(seen.who)).add_raw("where", list_json(seen.where));
    line.add_raw("what", list_json(seen.what)).add_raw("how", list_json(seen.how));
    std::set<std::string> names;
    JsonLine counts;
    std::size_t total = 0;
    for (const auto& [pattern, refs] : seen.refs) {
      counts.add(rule_.patterns[pattern].name, static_cast<std::uint64_t>(refs.size()));
      total += refs.size();
    }
    for (const auto& [key, part] : group.parts) {
      if (part.counts) names.insert(families_[key.second]);
    }
    Values families;
    for (const std::string& name : names) families.add(name);
    line.add_raw("families", list_json(families)).add_raw("counts", counts.finish());
    line.add("matched", static_cast<std::uint64_t>(total));
    line.add("events_listed", static_cast<std::uint64_t>(std::min(seen.events.all().size(), kMaxEvents)));
    const bool capped = std::any_of(seen.capped.begin(), seen.capped.end(), [](const auto& one) { return one.second; });
    return line.add("capped", capped || run_.hits_dropped() > 0).finish();
  }

  const RuleRun& run_;
  const Rule& rule_;
  const std::vector<std::string>& families_;
  CaseInput& input_;
  const CaseJoins& joins_;
  std::map<std::size_t, std::vector<Field>> wanted_;
};

}  // namespace

Result<std::vector<Finding>> make_findings(const RuleRun& run, const std::vector<std::string>& family_names,
                                           CaseInput& input, const CaseJoins& joins) {
  Maker maker(run, family_names, input, joins);
  std::vector<Finding> out;
  for (const FindingGroup& group : run.groups()) {
    TRIAGE_TRY(Finding one, maker.make(group));
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace triage
