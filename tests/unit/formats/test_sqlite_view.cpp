// SPDX-License-Identifier: Apache-2.0
#include "formats/sqlite_view.h"

#include "sqlite_files.h"

using namespace triage;
using namespace triage::sqlite_files;

namespace {

const std::string kTable = "CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT, c REAL, d BLOB)";
const std::string kManyRows =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<2000) INSERT INTO t SELECT i, 'row '||i, "
    "i*0.5, NULL FROM n";

std::vector<std::int64_t> numbers(SqliteView& view, const std::string& sql,
                                  std::optional<SqliteFault>* fault = nullptr) {
  std::vector<std::int64_t> out;
  const auto ended = view.query(sql, [&out](const SqliteRow& row) { out.push_back(row.integer(0).value_or(-1)); });
  if (fault != nullptr) *fault = ended;
  return out;
}

SqliteView opened(const Files& files) {
  auto view = SqliteView::open(as_byte_span(files.database), as_byte_span(files.wal));
  REQUIRE_MESSAGE(view.has_value(), (view ? "" : view.error().text()));
  return std::move(*view);
}

}  // namespace

TEST_CASE("sqlite view: values come with their types, and NULL or another type is unknown") {
  SqliteView view = opened(made_by_sqlite({kTable, "INSERT INTO t VALUES(7,'seven',7.5,x'0077'),(8,'',NULL,NULL)"}));
  int rows = 0;
  const auto fault = view.query("SELECT a,b,c,d FROM t ORDER BY a", [&rows](const SqliteRow& row) {
    if (rows++ == 0) {
      CHECK(row.integer(0) == 7);
      CHECK(row.text(1) == "seven");
      CHECK(row.real(2) == 7.5);
      CHECK(row.blob(3) == std::string("\0w", 2));
      CHECK_FALSE(row.integer(1).has_value());
      CHECK_FALSE(row.text(3).has_value());
    } else {
      CHECK_FALSE(row.text(1).has_value());
      CHECK_FALSE(row.real(2).has_value());
      CHECK_FALSE(row.blob(3).has_value());
    }
  });
  CHECK_FALSE(fault.has_value());
  CHECK(rows == 2);
  CHECK(view.has_table("T"));
  CHECK(view.has_column("t", "B"));
  CHECK_FALSE(view.has_column("t", "z"));
  CHECK_FALSE(view.has_table("u"));
}

TEST_CASE("sqlite view: rows that stand only in the log are seen, uncommitted ones are not") {
  const std::vector<std::string> base = {
      "PRAGMA journal_mode=WAL",    "PRAGMA wal_autocheckpoint=0",     kTable,
      "INSERT INTO t(a) VALUES(1)", "PRAGMA wal_checkpoint(TRUNCATE)", "INSERT INTO t(a) VALUES(2)",
      "INSERT INTO t(a) VALUES(3)"};
  const Files files = made_by_sqlite(base);
  REQUIRE(files.wal.size() > 32);
  SqliteView with = opened(files);
  CHECK(numbers(with, "SELECT a FROM t") == std::vector<std::int64_t>{1, 2, 3});
  CHECK(with.wal().applied_frames == 2);
  CHECK(with.wal().faults.empty());
  SqliteView without = opened({files.database, ""});
  CHECK(numbers(without, "SELECT a FROM t") == std::vector<std::int64_t>{1});
}

TEST_CASE("sqlite view: a torn log gives what was committed before the tear, and says so") {
  const Files files = made_by_sqlite({"PRAGMA page_size=1024", "PRAGMA journal_mode=WAL", "PRAGMA wal_autocheckpoint=0",
                                      kTable, "PRAGMA wal_checkpoint(TRUNCATE)", "INSERT INTO t(a) VALUES(1)",
                                      "INSERT INTO t(a) VALUES(2)", "INSERT INTO t(a) VALUES(3)"});
  REQUIRE(files.wal.size() == 32 + 3 * (24 + 1024));
  Files cut = files;
  cut.wal.resize(32 + 2 * (24 + 1024) + 500);
  SqliteView torn = opened(cut);
  CHECK(numbers(torn, "SELECT a FROM t") == std::vector<std::int64_t>{1, 2});
  REQUIRE(torn.wal().faults.size() == 1);
  CHECK(torn.wal().faults[0].kind == DamageKind::kTruncated);
  Files flipped = files;
  flipped.wal[32 + 24 + 1024 + 24 + 100] ^= 1;
  SqliteView broken = opened(flipped);
  CHECK(numbers(broken, "SELECT a FROM t") == std::vector<std::int64_t>{1});
  REQUIRE(broken.wal().faults.size() == 1);
  CHECK(broken.wal().faults[0].kind == DamageKind::kChecksum);
  CHECK(broken.wal().faults[0].at == 32 + 24 + 1024);
  Files header = files;
  header.wal[20] ^= 1;
  SqliteView plain = opened(header);
  CHECK(numbers(plain, "SELECT a FROM t").empty());
  CHECK(plain.wal().faults.size() == 1);
}

TEST_CASE("sqlite view: a log with a forged size is left out") {
  std::vector<std::byte> image(1024, std::byte{0});
  std::string wal(32 + 24 + 1024, '\0');
  CHECK(apply_wal(image, as_byte_span(wal), 1 << 20).faults.size() == 1);
  CHECK(apply_wal(image, as_byte_span(wal.substr(0, 20)), 1 << 20).faults.size() == 1);
  CHECK(apply_wal(image, {}, 1 << 20).faults.empty());
  CHECK(image.size() == 1024);
}

TEST_CASE("sqlite view: a view that would run for ever is no table and cannot be asked") {
  SqliteView view = opened(made_by_sqlite(
      {kTable, "CREATE VIEW urls AS WITH RECURSIVE n(a) AS (SELECT 1 UNION ALL SELECT a+1 FROM n) SELECT a FROM n",
       "CREATE VIRTUAL TABLE words USING fts5(body)", "CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM t; END"}));
  CHECK(view.has_table("t"));
  CHECK_FALSE(view.has_table("urls"));
  CHECK_FALSE(view.has_table("words"));
  std::optional<SqliteFault> fault;
  CHECK(numbers(view, "SELECT a FROM urls", &fault).empty());
  CHECK(fault.has_value());
  CHECK(numbers(view, "SELECT body FROM words", &fault).empty());
  CHECK(fault.has_value());
}

TEST_CASE("sqlite view: nothing but SELECT on real tables is allowed") {
  SqliteView view = opened(made_by_sqlite({kTable, "INSERT INTO t(a) VALUES(1)"}));
  for (const char* sql :
       {"INSERT INTO t(a) VALUES(2)", "DELETE FROM t", "ATTACH '/dev/null' AS x", "PRAGMA user_version",
        "SELECT load_extension('x')", "SELECT readfile('/etc/hostname')", "SELECT * FROM sqlite_master",
        "WITH RECURSIVE n(a) AS (SELECT 1 UNION ALL SELECT a+1 FROM n) SELECT a FROM n", "CREATE TEMP TABLE x(a)"}) {
    std::optional<SqliteFault> fault;
    CHECK(numbers(view, sql, &fault).empty());
    CHECK_MESSAGE(fault.has_value(), sql);
  }
  CHECK(numbers(view, "SELECT a FROM t") == std::vector<std::int64_t>{1});
}

TEST_CASE("sqlite view: a page that is corrupt ends the rows, and those before it are given") {
  Files files = made_by_sqlite({"PRAGMA page_size=1024", kTable, kManyRows});
  const std::size_t pages = files.database.size() / 1024;
  REQUIRE(pages > 40);
  for (std::size_t i = 0; i < 1024; ++i) files.database[30 * 1024 + i] = '\xa5';
  SqliteView view = opened(files);
  std::optional<SqliteFault> fault;
  const auto rows = numbers(view, "SELECT a FROM t ORDER BY a", &fault);
  CHECK(rows.size() > 100);
  CHECK(rows.size() < 2000);
  REQUIRE(fault.has_value());
  CHECK(fault->kind == DamageKind::kRange);
}

TEST_CASE("sqlite view: a query that needs too many steps is stopped") {
  const Files files = made_by_sqlite({kTable, kManyRows});
  SqliteLimits limits;
  limits.steps = 5'000'000;
  auto view = SqliteView::open(as_byte_span(files.database), {}, limits);
  REQUIRE(view.has_value());
  std::optional<SqliteFault> fault;
  (void)numbers(*view, "SELECT x.a FROM t x, t y, t z WHERE x.c+y.c+z.c<0", &fault);
  REQUIRE(fault.has_value());
  CHECK(fault->kind == DamageKind::kLimit);
}

TEST_CASE("sqlite view: what is no database is an error, whatever its bytes") {
  CHECK_FALSE(SqliteView::open({}).has_value());
  CHECK_FALSE(SqliteView::open(as_byte_span(std::string(4096, 'x'))).has_value());
  const Files files = made_by_sqlite({kTable, kManyRows});
  for (std::size_t size = 0; size < 1200; size += 37)
    (void)SqliteView::open(as_byte_span(files.database).first(size));  // no crash; either answer is right
  SqliteLimits small;
  small.image_bytes = 1000;
  CHECK(SqliteView::open(as_byte_span(files.database), {}, small).error().code == ErrorCode::kUnsupported);
}

TEST_CASE("sqlite view: an UTF-16 database gives UTF-8") {
  SqliteView view =
      opened(made_by_sqlite({"PRAGMA encoding='UTF-16le'", kTable, "INSERT INTO t(b) VALUES('社内ポータル')"}));
  std::string text;
  (void)view.query("SELECT b FROM t", [&text](const SqliteRow& row) { text = row.text(0).value_or(""); });
  CHECK(text == "社内ポータル");
}
