// SPDX-License-Identifier: Apache-2.0
// The lines of a rule's test case as input: every line is an event as `triage timeline --json` prints it, or a volume.
#include "reason/case_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "bytes/time_formats.h"

namespace triage {

void HeldRow::set(std::string_view column, std::string value) {
  const auto found = std::find(kEventColumns.begin(), kEventColumns.end(), column);
  columns[static_cast<std::size_t>(found - kEventColumns.begin())] = std::move(value);
}

EventFields::Columns HeldRow::view() const {
  EventFields::Columns out;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i]) out[i] = *columns[i];
  }
  return out;
}

std::optional<std::int64_t> HeldRow::when_ns() const {
  const auto& text = columns[static_cast<std::size_t>(event_column("when_ns"))];
  std::int64_t value = 0;
  if (!text || std::from_chars(text->data(), text->data() + text->size(), value).ec != std::errc{}) return std::nullopt;
  return value;
}

void sort_by_time(std::vector<HeldRow>& rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const HeldRow& a, const HeldRow& b) {
    const auto left = a.when_ns();
    const auto right = b.when_ns();
    return left && right ? *left < *right : left.has_value() && !right;
  });
}

namespace {

using nlohmann::json;

std::string json_text(const json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

/// Events one line may stand for; more than any threshold of a rule.
constexpr std::int64_t kMaxRepeat = 100'000;

/// `value` with "{n}" in its texts replaced by a number.
json numbered(const json& value, std::int64_t number) {
  if (value.is_object()) {
    json out = json::object();
    for (const auto& [key, one] : value.items()) out[key] = numbered(one, number);
    return out;
  }
  if (!value.is_string()) return value;
  std::string text = value.get<std::string>();
  const std::string digits = fmt::to_string(number);
  for (auto at = text.find("{n}"); at != std::string::npos; at = text.find("{n}", at + digits.size()))
    text.replace(at, 3, digits);
  return text;
}

class LinesInput final : public CaseInput {
 public:
  /// {"repeat": N, "step_ms": M, "event": {…}} stands for N events, M ms apart, numbered by {n}.
  Status add_line(const json& line, const std::string& place) {
    if (!line.contains("repeat")) return add(line, place);
    if (!line["repeat"].is_number_integer() || !line.contains("event") || !line["event"].is_object())
      return fail(ErrorCode::kUsage, "'repeat' needs a number and an 'event'", place);
    const std::int64_t count = std::min(line["repeat"].get<std::int64_t>(), kMaxRepeat);
    const std::int64_t step = line.value("step_ms", std::int64_t{0}) * 1'000'000;
    for (std::int64_t i = 0; i < count; ++i) {
      json event = numbered(line["event"], i);
      const auto at = parse_time_text(event.value("when", ""));
      if (at) event["when"] = utc_text(*at + i * step, 7);
      TRIAGE_TRY_STATUS(add(event, place));
    }
    return {};
  }
  Status add(const json& line, const std::string& place) {
    if (line.contains("volume") && line["volume"].is_object()) {
      add_volume(line["volume"]);
      return {};
    }
    HeldRow row;
    for (const auto& [key, value] : line.items()) {
      if (value.is_null() || key == "schema") continue;
      if (std::find(kEventColumns.begin(), kEventColumns.end(), key) == kEventColumns.end())
        return fail(ErrorCode::kUsage, fmt::format("an event has no '{}'", key), place);
      row.set(key, json_text(value));
    }
    const auto has = [&row](int column) { return row.columns[static_cast<std::size_t>(column)].has_value(); };
    if (!has(event_column("what")) || !has(event_column("artifact")))
      return fail(ErrorCode::kUsage, "an event needs 'what' and 'artifact'", place);
    if (has(event_column("when")) && !has(event_column("when_ns"))) {
      const auto at = parse_time_text(*row.columns[static_cast<std::size_t>(event_column("when"))]);
      if (!at) return fail(ErrorCode::kUsage, "'when' is no time", place);
      row.set("when_ns", fmt::to_string(*at));
      if (!has(event_column("when_basis"))) row.set("when_basis", "utc");
    }
    if (!has(event_column("id"))) row.set("id", fmt::format("{:032x}", rows_.size() + 1));
    if (!has(event_column("evidence"))) row.set("evidence", "e0000000000000001");
    row.ground.events = {*row.columns[static_cast<std::size_t>(event_column("id"))]};
    if (has(event_column("locator"))) row.ground.exhibits = {*row.columns[event_column("locator")]};
    rows_.push_back(std::move(row));
    return {};
  }
  void finish() { sort_by_time(rows_); }

  Status learn(CaseJoins& joins) override {
    for (const VolumeFact& volume : volumes_) joins.learn(volume);
    for (const HeldRow& row : rows_) {
      const EventFields::Columns columns = row.view();
      const EventFields event(columns, joins);
      const std::string_view artifact = event.column(event_column("artifact")).value_or("");
      const bool folder = artifact == "fs.times" && event.column(event_column("object_kind")) == "directory";
      if (folder || CaseJoins::wants_artifact(artifact)) joins.learn(event);
    }
    return {};
  }
  Result<std::set<ArtifactAction>> kinds() override {
    std::set<ArtifactAction> out;
    for (const HeldRow& row : rows_) out.insert(kind_of(row));
    return out;
  }
  Status events(const std::set<ArtifactAction>& wanted, const CaseJoins& joins, const Visitor& visit) override {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (!wanted.contains(kind_of(rows_[i]))) continue;
      const EventFields::Columns columns = rows_[i].view();
      TRIAGE_TRY_STATUS(visit({0, i}, EventFields(columns, joins)));
    }
    return {};
  }
  Status read(const EventRef& ref, const CaseJoins& joins, const Reader& visit) override {
    if (ref.low >= rows_.size()) return fail(ErrorCode::kInternal, "no such line of a test case");
    const EventFields::Columns columns = rows_[ref.low].view();
    visit(EventFields(columns, joins), rows_[ref.low].ground);
    return {};
  }

 private:
  static ArtifactAction kind_of(const HeldRow& row) {
    return {*row.columns[static_cast<std::size_t>(event_column("artifact"))],
            *row.columns[static_cast<std::size_t>(event_column("what"))]};
  }
  void add_volume(const json& line) {
    VolumeFact out;
    out.evidence = line.value("evidence", "e0000000000000001");
    out.offset = line.value("offset", std::uint64_t{0});
    out.serial = line.value("serial", "");
    volumes_.push_back(std::move(out));
  }
  std::vector<HeldRow> rows_;
  std::vector<VolumeFact> volumes_;
};

}  // namespace

Result<std::unique_ptr<CaseInput>> case_lines_input(const std::string& text, const std::string& name) {
  auto out = std::make_unique<LinesInput>();
  std::string_view rest = text;
  for (int number = 1; !rest.empty(); ++number) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.empty()) continue;
    const std::string place = fmt::format("{}:{}", name, number);
    const json parsed = json::parse(line, nullptr, false);
    if (!parsed.is_object()) return fail(ErrorCode::kUsage, "the line is no JSON object", place);
    if (parsed.contains("expect")) continue;
    TRIAGE_TRY_STATUS(out->add_line(parsed, place));
  }
  out->finish();
  return std::unique_ptr<CaseInput>(std::move(out));
}

}  // namespace triage
