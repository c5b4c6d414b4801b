// SPDX-License-Identifier: Apache-2.0
// SqliteView: reads tables of a database that lies in memory and is not to be trusted. Only SELECT on real tables is
// possible: no views, triggers, virtual tables, recursion, attached files, extensions or temporary files; work is
// counted in steps of SQLite's machine.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "bytes/cursor.h"
#include "formats/wal.h"

struct sqlite3_stmt;

namespace triage {

/// One row of a result; valid during the callback. Columns count from 0. A value of another type, or NULL, is nullopt.
class SqliteRow {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}
  [[nodiscard]] std::optional<std::int64_t> integer(int column) const;
  [[nodiscard]] std::optional<double> real(int column) const;
  /// Well-formed UTF-8 (invalid bytes as \xNN); an empty text is nullopt too.
  [[nodiscard]] std::optional<std::string> text(int column) const;
  [[nodiscard]] std::optional<std::string> blob(int column) const;

 private:
  sqlite3_stmt* statement_;
};

/// A column as its table declares it.
struct SqliteColumn {
  std::string name;
  std::string declared;  ///< type, "" where none is given
  bool row_id = false;   ///< another name of the row id: nothing is stored for it in the row
};

struct SqliteLimits {
  std::uint64_t image_bytes = 1ULL << 30;  ///< with the log applied
  std::uint64_t steps = 400'000'000;       ///< machine steps of all queries together
};

class SqliteView {
 public:
  /// Copies `database`, applies the committed part of `wal` (may be empty) and opens the copy read-only.
  /// kUnreadable when it is no database or its schema cannot be read; kUnsupported over the size limit.
  static Result<SqliteView> open(Bytes database, Bytes wal = {}, const SqliteLimits& limits = {});
  ~SqliteView();
  SqliteView(SqliteView&&) noexcept;
  SqliteView& operator=(SqliteView&&) noexcept;

  /// What was wrong with the log; to be told as damage.
  [[nodiscard]] const WalResult& wal() const;
  /// A table with rows of its own; a view or virtual table of that name is none.
  [[nodiscard]] bool has_table(std::string_view table) const;
  /// A view or virtual table of that name: something a program computes, which is never queried here.
  [[nodiscard]] bool has_computed(std::string_view table) const;
  [[nodiscard]] bool has_column(std::string_view table, std::string_view column) const;
  /// Columns of a real table in order; none when it has none of that name.
  [[nodiscard]] std::vector<SqliteColumn> columns(std::string_view table) const;
  /// The whole database with the log applied; lives as long as the view.
  [[nodiscard]] Bytes image() const;
  /// Calls `on_row` for each row in order. nullopt when all rows were given; else what ended them, after the rows that
  /// could be read. REQUIRES: `sql` is a text of ours, never of evidence.
  std::optional<SqliteFault> query(const std::string& sql, const std::function<void(const SqliteRow&)>& on_row);

 private:
  struct State;
  std::unique_ptr<State> state_;
  SqliteView();
};

}  // namespace triage
