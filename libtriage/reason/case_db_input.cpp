// SPDX-License-Identifier: Apache-2.0
// case.db as input. Events are asked for by the pairs of artifact and action that some rule can use, so that the many
// rows no rule looks at cost a comparison and no text. Facts are made from the views files, volumes and findings.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>

#include "reason/case_facts_input.h"
#include "reason/case_input.h"

namespace triage {
namespace {

/// Marks the name of a fact; an event's id has 128 bits of a digest, which do not begin so but by chance of 2^-64.
constexpr std::uint64_t kFactMark = ~std::uint64_t{0};

std::optional<EventRef> ref_of(std::string_view id) {
  EventRef out;
  if (id.size() != 32) return std::nullopt;
  const auto high = std::from_chars(id.data(), id.data() + 16, out.high, 16);
  const auto low = std::from_chars(id.data() + 16, id.data() + 32, out.low, 16);
  if (high.ec != std::errc{} || low.ec != std::errc{} || high.ptr != id.data() + 16 || low.ptr != id.data() + 32)
    return std::nullopt;
  return out;
}

EventFields::Columns columns_of(const Statement& row) {
  EventFields::Columns out;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int column = static_cast<int>(i);
    if (!row.is_null(column)) out[i] = row.text(column);
  }
  return out;
}

std::string select_events() {
  std::string out = "SELECT ";
  for (const std::string_view column : kEventColumns)
    out += fmt::format("{}\"{}\"", out.ends_with(' ') ? "" : ",", column);
  return out + " FROM events ";
}

std::string sql_text(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "''" : std::string(1, c);
  return out + "'";
}

std::string wanted_sql(const std::set<ArtifactAction>& wanted) {
  std::string out = "(artifact, what) IN (VALUES ";
  for (const auto& [artifact, what] : wanted)
    out += fmt::format("{}({},{})", out.ends_with(' ') ? "" : ",", sql_text(artifact), sql_text(what));
  return out + ")";
}

class DbInput final : public CaseInput {
 public:
  explicit DbInput(Database& database) : database_(database) {}

  Status learn(CaseJoins& joins) override {
    TRIAGE_TRY(const std::vector<VolumeRow> volumes, read_volumes(database_));
    for (const VolumeRow& volume : volumes) joins.learn(volume.fact);
    TRIAGE_TRY(kinds_, read_kinds());
    std::set<ArtifactAction> wanted;
    for (const ArtifactAction& kind : kinds_) {
      if (CaseJoins::wants_artifact(kind.first)) wanted.insert(kind);
    }
    TRIAGE_TRY_STATUS(learn_from(wanted.empty() ? "" : wanted_sql(wanted), joins));
    const bool journal = std::any_of(kinds_.begin(), kinds_.end(),
                                     [](const ArtifactAction& kind) { return kind.first == "ntfs.usnjrnl"; });
    if (journal) TRIAGE_TRY_STATUS(learn_from("artifact = 'fs.times' AND object_kind = 'directory'", joins));
    TRIAGE_TRY(facts_, read_facts(database_, volumes, joins));
    sort_by_time(facts_);
    return {};
  }

  Result<std::set<ArtifactAction>> kinds() override {
    std::set<ArtifactAction> out = kinds_;
    for (const HeldRow& fact : facts_) out.insert(kind_of(fact));
    return out;
  }

  Status events(const std::set<ArtifactAction>& wanted, const CaseJoins& joins, const Visitor& visit) override {
    std::size_t next = 0;
    const auto facts_until = [&](std::optional<std::int64_t> at) -> Status {
      for (; next < facts_.size(); ++next) {
        const auto when = facts_[next].when_ns();
        if (at && (!when || *when > *at)) break;
        if (!wanted.contains(kind_of(facts_[next]))) continue;
        const EventFields::Columns columns = facts_[next].view();
        TRIAGE_TRY_STATUS(visit({kFactMark, next}, EventFields(columns, joins)));
      }
      return {};
    };
    std::set<ArtifactAction> rows;
    std::copy_if(wanted.begin(), wanted.end(), std::inserter(rows, rows.end()),
                 [this](const ArtifactAction& kind) { return kinds_.contains(kind); });
    if (rows.empty()) return facts_until(std::nullopt);
    // The "+" keeps SQLite on the index of time; null times come with the second query.
    for (const std::string_view order :
         {"AND when_ns IS NOT NULL ORDER BY when_ns, id", "AND when_ns IS NULL ORDER BY id"}) {
      TRIAGE_TRY(Statement query,
                 database_.prepare(select_events() + "WHERE " + wanted_sql(rows) + std::string(order)));
      while (true) {
        TRIAGE_TRY(const bool row, query.step());
        if (!row) break;
        const EventFields::Columns columns = columns_of(query);
        const EventFields event(columns, joins);
        if (const auto at = event.when_ns()) TRIAGE_TRY_STATUS(facts_until(at));
        const auto ref = ref_of(query.text(event_column("id")));
        if (ref) TRIAGE_TRY_STATUS(visit(*ref, event));
      }
    }
    return facts_until(std::nullopt);
  }

  Status read(const EventRef& ref, const CaseJoins& joins, const Reader& visit) override {
    if (ref.high == kFactMark && ref.low < facts_.size()) {
      const EventFields::Columns columns = facts_[ref.low].view();
      visit(EventFields(columns, joins), facts_[ref.low].ground);
      return {};
    }
    if (!by_id_) {
      TRIAGE_TRY(Statement query, database_.prepare(select_events() + "WHERE id = ?1"));
      by_id_.emplace(std::move(query));
    }
    const std::string id = fmt::format("{:016x}{:016x}", ref.high, ref.low);
    by_id_->reset();
    by_id_->bind(1, std::string_view(id));
    TRIAGE_TRY(const bool row, by_id_->step());
    if (!row) return fail(ErrorCode::kInternal, "an event of a finding is gone", id);
    const EventFields::Columns columns = columns_of(*by_id_);
    EventGround ground{{id}, {}};
    if (const auto locator = columns[static_cast<std::size_t>(event_column("locator"))])
      ground.exhibits.emplace_back(*locator);
    visit(EventFields(columns, joins), ground);
    by_id_->reset();
    return {};
  }

 private:
  static ArtifactAction kind_of(const HeldRow& row) {
    return {row.columns[static_cast<std::size_t>(event_column("artifact"))].value_or(""),
            row.columns[static_cast<std::size_t>(event_column("what"))].value_or("")};
  }
  Result<std::set<ArtifactAction>> read_kinds() {
    std::set<ArtifactAction> out;
    TRIAGE_TRY(Statement query, database_.prepare("SELECT DISTINCT artifact, what FROM events"));
    while (true) {
      TRIAGE_TRY(const bool row, query.step());
      if (!row) return out;
      out.emplace(query.text(0), query.text(1));
    }
  }
  Status learn_from(const std::string& where, CaseJoins& joins) {
    if (where.empty()) return {};
    TRIAGE_TRY(Statement query, database_.prepare(select_events() + "WHERE " + where + " ORDER BY id"));
    while (true) {
      TRIAGE_TRY(const bool row, query.step());
      if (!row) return {};
      const EventFields::Columns columns = columns_of(query);
      joins.learn(EventFields(columns, joins));
    }
  }

  Database& database_;
  std::set<ArtifactAction> kinds_;
  std::vector<HeldRow> facts_;
  std::optional<Statement> by_id_;
};

}  // namespace

std::unique_ptr<CaseInput> case_db_input(Database& database) { return std::make_unique<DbInput>(database); }

}  // namespace triage
