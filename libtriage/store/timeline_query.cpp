// SPDX-License-Identifier: Apache-2.0
#include "store/timeline_query.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <limits>

#include <vector>

#include "bytes/json.h"

namespace triage {
namespace {

std::string like_pattern(std::string_view word) {
  std::string out = "%";
  for (const char c : word) {
    if (c == '%' || c == '_' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + "%";
}

/// WHERE of a filter; every text of a person goes in as a parameter.
class Condition {
 public:
  explicit Condition(const TimelineFilter& filter) {
    if (filter.from_ns) add(fmt::format("when_ns >= {}", *filter.from_ns));
    if (filter.to_ns) add(fmt::format("when_ns < {}", *filter.to_ns));
    any_like(filter.who, {"who", "sid", "session"}, "CAST(uid AS TEXT)");
    any_like(filter.what, {"what", "object_kind", "object", "object_sha256"});
    any_like(filter.where, {"host", "volume", "path", "remote", "source"}, "evidence");
    any_like(filter.how, {"how", "channel", "program", "artifact"});
    any_like(filter.grep,
             {"\"when\"", "when_meaning", "when_raw", "who",         "sid",     "session",       "host", "volume",
              "path",     "remote",       "what",     "object_kind", "object",  "object_sha256", "how",  "channel",
              "program",  "why",          "artifact", "source",      "locator", "attributes"});
    if (filter.artifact.ends_with('*')) {
      const std::string prefix = filter.artifact.substr(0, filter.artifact.size() - 1);
      add(fmt::format("artifact LIKE {} ESCAPE '\\'", parameter(like_pattern(prefix).substr(1))));
    } else if (!filter.artifact.empty()) {
      add("artifact = " + parameter(filter.artifact));
    }
    if (!filter.evidence.empty()) add("evidence = " + parameter(filter.evidence));
    timed_only_ = filter.from_ns || filter.to_ns;
  }

  [[nodiscard]] std::string where(std::string_view first) const {
    return fmt::format(" WHERE {}{}{}", first, terms_.empty() ? "" : " AND ", fmt::join(terms_, " AND "));
  }
  void bind(Statement& statement) const {
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      statement.bind(static_cast<int>(i) + 1, std::string_view(parameters_[i]));
    }
  }
  /// Events without a time can't be inside a span of time.
  [[nodiscard]] bool timed_only() const { return timed_only_; }

 private:
  std::string parameter(std::string value) {
    parameters_.push_back(std::move(value));
    return fmt::format("?{}", parameters_.size());
  }
  void add(std::string term) { terms_.push_back(std::move(term)); }
  void any_like(const std::string& word, const std::vector<std::string_view>& columns, std::string_view exact = {}) {
    if (word.empty()) return;
    const std::string pattern = parameter(like_pattern(word));
    std::vector<std::string> terms;
    for (const std::string_view column : columns)
      terms.push_back(fmt::format("{} LIKE {} ESCAPE '\\'", column, pattern));
    if (!exact.empty()) terms.push_back(fmt::format("{} = {}", exact, parameter(word)));
    add(fmt::format("({})", fmt::join(terms, " OR ")));
  }

  std::vector<std::string> terms_;
  std::vector<std::string> parameters_;
  bool timed_only_ = false;
};

template <std::size_t Count>
std::string column_list(const std::array<std::string_view, Count>& columns) {
  std::string out;
  for (const std::string_view column : columns) {
    if (!out.empty()) out.push_back(',');
    out += fmt::format("\"{}\"", column);
  }
  return out;
}

/// Visits the rows of a statement; `left` counts down. True when the visitor wants more.
Result<bool> visit_rows(Statement& statement, const EventVisitor& visit, std::uint64_t& left) {
  while (left > 0) {
    TRIAGE_TRY(const bool row, statement.step());
    if (!row) return true;
    --left;
    TRIAGE_TRY(const bool more, visit(statement));
    if (!more) return false;
  }
  return false;
}

Status visit_query(Database& database, const std::string& sql, const EventVisitor& visit) {
  TRIAGE_TRY(Statement statement, database.prepare(sql));
  std::uint64_t left = std::numeric_limits<std::uint64_t>::max();
  TRIAGE_TRY_STATUS(visit_rows(statement, visit, left));
  return {};
}

void add_column(JsonLine& line, const Statement& row, int column, std::string_view name) {
  if (row.is_null(column)) {
    line.add_null(name);
  } else if (row.is_integer(column)) {
    line.add(name, row.integer(column));
  } else {
    line.add(name, row.text(column));
  }
}

}  // namespace

Status for_each_event(Database& database, const TimelineFilter& filter, const EventVisitor& visit) {
  const Condition condition(filter);
  const std::string select = "SELECT " + column_list(kEventColumns) + " FROM events";
  std::uint64_t left = filter.limit.value_or(std::numeric_limits<std::uint64_t>::max());
  // Two queries, each in the order of the index (when_ns, id); SQLite sorts null first.
  TRIAGE_TRY(Statement timed,
             database.prepare(select + condition.where("when_ns IS NOT NULL") + " ORDER BY when_ns, id"));
  condition.bind(timed);
  TRIAGE_TRY(const bool more, visit_rows(timed, visit, left));
  if (!more || condition.timed_only()) return {};
  TRIAGE_TRY(Statement untimed, database.prepare(select + condition.where("when_ns IS NULL") + " ORDER BY id"));
  condition.bind(untimed);
  TRIAGE_TRY_STATUS(visit_rows(untimed, visit, left));
  return {};
}

Result<std::uint64_t> count_events(Database& database, const TimelineFilter& filter) {
  const Condition condition(filter);
  TRIAGE_TRY(Statement count, database.prepare("SELECT count(*) FROM events" + condition.where("1")));
  condition.bind(count);
  TRIAGE_TRY_STATUS(count.step());
  return static_cast<std::uint64_t>(count.integer(0));
}

std::string event_json(const Statement& row) {
  JsonLine line;
  line.add("schema", "triage.event.v1");
  for (int i = 0; i < event_column("attributes"); ++i)
    add_column(line, row, i, kEventColumns[static_cast<std::size_t>(i)]);
  const std::string_view attributes = row.text(event_column("attributes"));
  line.add_raw("attributes", attributes.empty() ? "{}" : attributes);
  return line.finish();
}

Status for_each_finding(Database& database, const EventVisitor& visit) {
  return visit_query(database,
                     "SELECT id, rule, claim, claim_ja, severity, likelihood, quality, events, exhibits, alternatives, "
                     "alternatives_ja, limits, limits_ja, technique, question, step, path, locator, details, evidence, "
                     "recovered, origin, (SELECT \"when\" FROM events e WHERE e.id IN (SELECT value FROM "
                     "json_each(f.events)) AND e.when_ns IS NOT NULL ORDER BY e.when_ns, e.id LIMIT 1) FROM findings f "
                     "ORDER BY CASE severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 WHEN 'low' "
                     "THEN 3 ELSE 4 END, rule, path, id",
                     visit);
}

std::string finding_json(const Statement& row) {
  JsonLine line;
  line.add("schema", "triage.finding.v1");
  for (std::size_t i = 0; i < kFindingColumns.size(); ++i) {
    const std::string_view name = kFindingColumns[i];
    const int column = static_cast<int>(i);
    const bool json = name == "events" || name == "exhibits" || name == "details";
    if (json && !row.is_null(column)) {
      line.add_raw(name, row.text(column));
    } else {
      add_column(line, row, column, name);
    }
  }
  return line.finish();
}

Status for_each_damage(Database& database, const EventVisitor& visit) {
  return visit_query(database, "SELECT " + column_list(kDamageColumns) + " FROM damage", visit);
}

std::string damage_json(const Statement& row) {
  JsonLine line;
  line.add("schema", "triage.damage.v1");
  for (std::size_t i = 0; i < kDamageColumns.size(); ++i) add_column(line, row, static_cast<int>(i), kDamageColumns[i]);
  return line.finish();
}

}  // namespace triage
