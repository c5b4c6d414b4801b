// SPDX-License-Identifier: Apache-2.0
#include "formats/sqlite_carve.h"

#include <map>

#include "formats/sqlite_view.h"
#include "sqlite_files.h"

using namespace triage;
using namespace triage::sqlite_files;

namespace {

const std::string kTable = "CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT, c INTEGER)";
const std::string kRows =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<200) INSERT INTO t SELECT i, 'row number "
    "'||i, 100000+i FROM n";

struct Carved {
  std::map<std::int64_t, std::string> rows;  ///< c → b
  CarveResult result;
  bool ids_agree = true;  ///< every row id that could be read is c - 100000
};

bool is_row(const CarvedRow& row) {
  const auto text = row.text("b");
  return text && text->starts_with("row number ") && row.integer("c").value_or(0) > 100000;
}

Carved carve(const Files& files, const CarveLimits& limits = {}) {
  auto view = SqliteView::open(as_byte_span(files.database), as_byte_span(files.wal));
  REQUIRE(view.has_value());
  const auto table = carve_table(*view, "t", {"b", "c"});
  REQUIRE(table.has_value());
  CHECK(table->first_is_row_id);
  Carved out;
  const auto keep = [&out](const CarvedRow& row) {
    const std::int64_t c = *row.integer("c");
    out.ids_agree = out.ids_agree && (!row.id || *row.id == c - 100000);
    out.rows[c] = *row.text("b");
  };
  out.result =
      carve_rows(view->image(), as_byte_span(files.database), as_byte_span(files.wal), *table, is_row, keep, limits);
  return out;
}

}  // namespace

TEST_CASE("sqlite carve: a database without deletions gives nothing") {
  CHECK(carve(made_by_sqlite({kTable, kRows})).rows.empty());
}

TEST_CASE("sqlite carve: single deleted rows come out of free blocks with their values, without their ids") {
  const auto carved =
      carve(made_by_sqlite({"PRAGMA secure_delete=OFF", kTable, kRows, "DELETE FROM t WHERE a IN (20,90,150)"}));
  CHECK(carved.rows == std::map<std::int64_t, std::string>{
                           {100020, "row number 20"}, {100090, "row number 90"}, {100150, "row number 150"}});
}

TEST_CASE("sqlite carve: all rows of a table that was emptied come back") {
  const auto carved =
      carve(made_by_sqlite({"PRAGMA secure_delete=OFF", "PRAGMA page_size=1024", kTable, kRows, "DELETE FROM t"}));
  CHECK(carved.rows.size() == 200);
  CHECK(carved.ids_agree);
}

TEST_CASE("sqlite carve: rows that only the log deletes stand on the pages it replaces") {
  const auto carved = carve(made_by_sqlite({"PRAGMA secure_delete=ON", "PRAGMA journal_mode=WAL", kTable, kRows,
                                            "PRAGMA wal_checkpoint(TRUNCATE)", "DELETE FROM t WHERE a>180"}));
  CHECK(carved.rows.size() == 20);
  CHECK(carved.ids_agree);
}

TEST_CASE("sqlite carve: a secure deletion leaves nothing") {
  CHECK(carve(made_by_sqlite({"PRAGMA secure_delete=ON", kTable, kRows, "DELETE FROM t WHERE a=20"})).rows.empty());
}

TEST_CASE("sqlite carve: limits end the search and are told") {
  const Files files = made_by_sqlite({"PRAGMA secure_delete=OFF", kTable, kRows, "DELETE FROM t"});
  const auto few = carve(files, {.rows = 7});
  CHECK(few.rows.size() == 7);
  CHECK(few.result.limited);
  CHECK(carve(files, {.bytes = 100}).result.limited);
}
