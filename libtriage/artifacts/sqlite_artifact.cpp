// SPDX-License-Identifier: Apache-2.0
#include "artifacts/sqlite_artifact.h"

#include <fmt/format.h>

namespace triage {
namespace {

constexpr std::int64_t kUnix1995 = 788'918'400'000'000;  // microseconds since 1970
constexpr std::int64_t kUnix2100 = 4'102'444'800'000'000;
constexpr std::int64_t kWebkitEpoch = 11'644'473'600'000'000;  // from 1601 to 1970

}  // namespace

Bytes companion_data(const Artifact& in, std::string_view suffix) {
  for (const Companion& one : in.companions)
    if (one.suffix == suffix) return one.data;
  return {};
}

std::optional<SqliteArtifact> SqliteArtifact::open(const Artifact& in, EventSink& out) {
  auto view = SqliteView::open(in.data, companion_data(in, "-wal"));
  if (!view) {
    out.damage(DamageKind::kRange, 0, "sqlite", view.error().message);
    return std::nullopt;
  }
  SqliteArtifact opened(in, out, std::move(*view));
  for (const SqliteFault& fault : opened.view_.wal().faults)
    opened.damage(fault.kind, fault.at, fault.field, fault.detail);
  return opened;
}

std::string SqliteArtifact::column(std::string_view table, std::string_view name) const {
  return view_.has_column(table, name) ? std::string(name) : "NULL";
}

bool SqliteArtifact::computed(std::string_view table) {
  if (!view_.has_computed(table)) return false;
  damage(DamageKind::kRange, 0, "schema", fmt::format("{} is no table but a query, which is not run", table));
  return true;
}

void SqliteArtifact::query(const std::string& sql, const std::function<void(const SqliteRow&)>& on_row) {
  if (const auto fault = view_.query(sql, on_row)) damage(fault->kind, fault->at, fault->field, fault->detail);
}

void SqliteArtifact::carve(std::string_view table, const std::vector<std::string_view>& needed,
                           const std::function<bool(const CarvedRow&)>& believable,
                           const std::function<void(const CarvedRow&)>& on_row) {
  const auto shape = carve_table(view_, table, needed);
  if (!shape) return;
  const CarveResult result =
      carve_rows(view_.image(), in_.data, companion_data(in_, "-wal"), *shape, believable, on_row);
  if (result.limited)
    damage(DamageKind::kLimit, 0, "recovered rows",
           fmt::format("looking for rows of {} that are gone was ended by a limit", table));
}

void SqliteArtifact::mark(Event& event, const CarvedRow& row) const {
  event.recovered = true;
  event.partial = event.partial || row.partial;
  event.locator = row.place == CarvePlace::kLog ? in_.base : in_.at(row.at, row.length);
  if (row.id && *row.id >= 0) event.record = static_cast<std::uint64_t>(*row.id);
  event.attribute("found_in", carve_place_name(row.place));
}

void SqliteArtifact::damage(DamageKind kind, std::uint64_t at, std::string_view field, std::string detail) {
  whole_ = false;
  out_.damage(kind, at, field, std::move(detail));
}

bool believable_webkit(std::optional<std::int64_t> micros) {
  return micros && *micros > kWebkitEpoch + kUnix1995 && *micros < kWebkitEpoch + kUnix2100;
}

bool believable_unix_micros(std::optional<std::int64_t> micros) {
  return micros && *micros > kUnix1995 && *micros < kUnix2100;
}

bool believable_url(const std::optional<std::string>& text) {
  if (!text) return false;
  const std::size_t colon = text->find(':');
  if (colon == std::string::npos || colon == 0 || colon > 32 || colon + 1 >= text->size()) return false;
  for (std::size_t i = 0; i < colon; ++i) {
    const char c = static_cast<char>((*text)[i] | 0x20);
    const bool letter = c >= 'a' && c <= 'z';
    const char plain = (*text)[i];
    const bool other = (plain >= '0' && plain <= '9') || plain == '+' || plain == '-' || plain == '.';
    if (!letter && !(other && i > 0)) return false;
  }
  return true;
}

void add_known(Event& event, std::string_view name, std::optional<std::int64_t> value) {
  if (value && *value >= 0) event.attribute(name, static_cast<std::uint64_t>(*value));
}

void add_known(Event& event, std::string_view name, const std::optional<std::string>& value) {
  if (value && !value->empty()) event.attribute(name, *value);
}

}  // namespace triage
