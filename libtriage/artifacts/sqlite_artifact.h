// SPDX-License-Identifier: Apache-2.0
// What parsers of SQLite databases share: opening one with its log, telling what is wrong with it, rows that are gone.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "artifacts/parser.h"
#include "formats/sqlite_carve.h"
#include "formats/sqlite_view.h"

namespace triage {

inline constexpr Magic kSqliteMagic{0, std::string_view("SQLite format 3\0", 16)};
inline constexpr FieldSpec kFoundIn{"found_in", "", "where a row that is gone was found: free page, log …"};

/// The companion of that suffix; empty where there is none.
Bytes companion_data(const Artifact& in, std::string_view suffix);

class SqliteArtifact {
 public:
  /// nullopt when it cannot be opened; the damage is told.
  static std::optional<SqliteArtifact> open(const Artifact& in, EventSink& out);

  [[nodiscard]] SqliteView& view() { return view_; }
  [[nodiscard]] bool has(std::string_view table, std::string_view column) const {
    return view_.has_column(table, column);
  }
  /// The column where the table has it, else NULL: schemas differ by age.
  [[nodiscard]] std::string column(std::string_view table, std::string_view name) const;
  /// A table that is a query is not run: told as damage, true.
  bool computed(std::string_view table);
  void query(const std::string& sql, const std::function<void(const SqliteRow&)>& on_row);
  /// Rows of `table` that are gone. `needed` are the columns without which a row says nothing.
  void carve(std::string_view table, const std::vector<std::string_view>& needed,
             const std::function<bool(const CarvedRow&)>& believable,
             const std::function<void(const CarvedRow&)>& on_row);
  /// Marks an event as made from a row that is gone: recovered, found_in, locator, partial, record.
  void mark(Event& event, const CarvedRow& row) const;
  /// Tells damage; the outcome is partial from now on.
  void damage(DamageKind kind, std::uint64_t at, std::string_view field, std::string detail);
  /// kComplete, or kPartial where damage was told.
  [[nodiscard]] Outcome outcome() const { return whole_ ? Outcome::kComplete : Outcome::kPartial; }
  [[nodiscard]] bool whole() const { return whole_; }

 private:
  SqliteArtifact(const Artifact& in, EventSink& out, SqliteView view) : in_(in), out_(out), view_(std::move(view)) {}

  const Artifact& in_;
  EventSink& out_;
  SqliteView view_;
  bool whole_ = true;
};

/// True for a time of Chromium (microseconds since 1601) or of Firefox (since 1970) between 1995 and 2100.
bool believable_webkit(std::optional<std::int64_t> micros);
bool believable_unix_micros(std::optional<std::int64_t> micros);
/// True for a text that begins as a URL: letters, digits, "+-." and a colon, then something.
bool believable_url(const std::optional<std::string>& text);

/// Adds an attribute where there is something to add; numbers that are not negative.
void add_known(Event& event, std::string_view name, std::optional<std::int64_t> value);
void add_known(Event& event, std::string_view name, const std::optional<std::string>& value);

}  // namespace triage
