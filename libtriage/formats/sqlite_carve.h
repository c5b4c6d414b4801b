// SPDX-License-Identifier: Apache-2.0
// Rows that a SQLite database no longer has: on pages of its free list, in the unallocated parts of its pages, on pages
// that the write-ahead log has replaced, and in the log itself. A row that the database still has is not given.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bytes/cursor.h"

namespace triage {

class SqliteView;

enum class CarvePlace : std::uint8_t {
  kFreePage,     ///< a page of the free list
  kUnallocated,  ///< between the rows of a page that is in use
  kOldPage,      ///< a page of the file that the log has replaced
  kLog,          ///< a page in the log
};
/// "free page", "unallocated part of a page" …
std::string_view carve_place_name(CarvePlace place);

/// What a table's rows must look like: from its columns' declared types.
struct CarveTable {
  std::string name;
  std::vector<std::string> columns;  ///< in order
  std::vector<std::uint8_t> kinds;   ///< per column: bits of what may stand there
  bool first_is_row_id = false;      ///< the first column is the row id: nothing is stored for it
  std::size_t least_columns = 1;     ///< rows written before a column was added have fewer
};

using CarvedValue =
    std::variant<std::monostate, std::int64_t, double, std::string>;  ///< string: text and blob, as found

/// A row that was found; valid during the callback.
struct CarvedRow {
  const CarveTable* table = nullptr;
  std::vector<CarvedValue> values;  ///< per column; missing ones are monostate
  std::optional<std::int64_t> id;   ///< row id, where it could be read
  CarvePlace place = CarvePlace::kFreePage;
  std::uint64_t at = 0;      ///< bytes from the start of the database, or of the log where place is kLog
  std::uint64_t length = 0;  ///< bytes of the row there
  bool partial = false;      ///< its end lies on other pages, or its begin was overwritten

  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view column) const;
  /// Well-formed UTF-8 (invalid bytes as \xNN); an empty text is nullopt.
  [[nodiscard]] std::optional<std::string> text(std::string_view column) const;

 private:
  [[nodiscard]] const CarvedValue* find(std::string_view column) const;
};

/// The shape of a table of `view`; nullopt when it has none of that name or a column of `needed` is missing.
std::optional<CarveTable> carve_table(SqliteView& view, std::string_view table,
                                      const std::vector<std::string_view>& needed);

struct CarveLimits {
  std::uint64_t bytes = 256 << 20;  ///< looked at, for all tables together
  std::uint64_t rows = 1 << 20;     ///< given
  std::uint64_t known = 4 << 20;    ///< live rows kept in mind
};

struct CarveResult {
  std::uint64_t rows = 0;
  bool limited = false;  ///< a limit ended it
};

/// Looks for rows of `table`. `image` is the database as a reader sees it (SqliteView::image()), `database` and `wal`
/// the files. `believable` says whether a row can be one; it guards against chance, so it must ask for a time in range
/// or a text of a certain shape. Each row is given once: first those that are whole, then those whose begin is lost, in
/// the order of the file, then of the log.
CarveResult carve_rows(Bytes image, Bytes database, Bytes wal, const CarveTable& table,
                       const std::function<bool(const CarvedRow&)>& believable,
                       const std::function<void(const CarvedRow&)>& on_row, const CarveLimits& limits = {});

}  // namespace triage
