// SPDX-License-Identifier: Apache-2.0
// The database is handed to SQLite as a block of memory (sqlite3_deserialize, read-only) with the journal mode bytes of
// the header set to "legacy", since a log cannot be opened there; apply_wal() has put the log in before.
// References: sqlite.org/security.html (defence against dark arts), sqlite.org/c3ref/deserialize.html.
#include "formats/sqlite_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "bytes/text.h"
#include "formats/sqlite_handles.h"

namespace triage {
namespace {

constexpr std::string_view kMagic("SQLite format 3\0", 16);
constexpr std::size_t kHeader = 100;
constexpr std::size_t kWriteVersion = 18;  // §1.3 offsets of the journal mode bytes
constexpr std::size_t kReadVersion = 19;
constexpr int kProgressOps = 1000;
constexpr std::size_t kMaxTables = 10'000;
constexpr std::size_t kMaxColumns = 512;

constexpr std::array<std::pair<int, int>, 11> kLimits = {{
    {SQLITE_LIMIT_LENGTH, 64 << 20},
    {SQLITE_LIMIT_SQL_LENGTH, 1 << 20},
    {SQLITE_LIMIT_COLUMN, static_cast<int>(kMaxColumns)},
    {SQLITE_LIMIT_EXPR_DEPTH, 100},
    {SQLITE_LIMIT_COMPOUND_SELECT, 10},
    {SQLITE_LIMIT_VDBE_OP, 25'000},
    {SQLITE_LIMIT_FUNCTION_ARG, 8},
    {SQLITE_LIMIT_ATTACHED, 0},
    {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 100},
    {SQLITE_LIMIT_VARIABLE_NUMBER, 16},
    {SQLITE_LIMIT_TRIGGER_DEPTH, 1},
}};

constexpr auto kFunctions = std::to_array<std::string_view>({"coalesce", "count", "max", "min", "length", "substr"});

DamageKind kind_of(int code) {
  switch (code & 0xff) {
    case SQLITE_INTERRUPT:
    case SQLITE_TOOBIG:
    case SQLITE_NOMEM:
    case SQLITE_FULL: return DamageKind::kLimit;
    case SQLITE_NOTADB: return DamageKind::kBadMagic;
    default: return DamageKind::kRange;
  }
}

}  // namespace

std::optional<std::int64_t> SqliteRow::integer(int column) const {
  if (sqlite3_column_type(statement_, column) != SQLITE_INTEGER) return std::nullopt;
  return sqlite3_column_int64(statement_, column);
}

std::optional<double> SqliteRow::real(int column) const {
  const int type = sqlite3_column_type(statement_, column);
  if (type != SQLITE_FLOAT && type != SQLITE_INTEGER) return std::nullopt;
  return sqlite3_column_double(statement_, column);
}

std::optional<std::string> SqliteRow::text(int column) const {
  if (sqlite3_column_type(statement_, column) != SQLITE_TEXT) return std::nullopt;
  const void* bytes = sqlite3_column_text(statement_, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  if (bytes == nullptr || size == 0) return std::nullopt;
  return to_valid_utf8({static_cast<const char*>(bytes), size});
}

std::optional<std::string> SqliteRow::blob(int column) const {
  if (sqlite3_column_type(statement_, column) != SQLITE_BLOB) return std::nullopt;
  const void* bytes = sqlite3_column_blob(statement_, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  if (bytes == nullptr || size == 0) return std::nullopt;
  return std::string(static_cast<const char*>(bytes), size);
}

struct SqliteView::State {
  std::vector<std::byte> image;  ///< outlives `db`, which reads it in place
  WalResult wal;
  SqliteHandle db;
  std::set<std::string, std::less<>> computed;  ///< lower case: views and virtual tables, which are not queried
  std::map<std::string, std::set<std::string>, std::less<>> tables;  ///< lower case → columns in lower case
  std::uint64_t steps_left = 0;
  bool opening = true;

  static int on_progress(void* user) noexcept {
    auto* self = static_cast<State*>(user);
    if (self->steps_left < kProgressOps) return 1;
    self->steps_left -= kProgressOps;
    return 0;
  }

  static int on_authorize(void* user, int what, const char* first, const char* second, const char*,
                          const char* inner) noexcept {
    const auto* self = static_cast<const State*>(user);
    if (what == SQLITE_SELECT) return SQLITE_OK;
    if (what == SQLITE_FUNCTION) {
      const std::string_view name = second == nullptr ? "" : second;
      return std::find(kFunctions.begin(), kFunctions.end(), name) == kFunctions.end() ? SQLITE_DENY : SQLITE_OK;
    }
    // Reading is for real tables and for queries of ours: `inner` names a view or trigger it would happen in.
    if (what != SQLITE_READ || first == nullptr || inner != nullptr) return SQLITE_DENY;
    try {
      const std::string table = ascii_lower(first);
      if (self->opening && table == "sqlite_master") return SQLITE_OK;
      return self->tables.contains(table) ? SQLITE_OK : SQLITE_DENY;
    } catch (...) {  // out of memory: no exception may pass through SQLite
      return SQLITE_DENY;
    }
  }

  SqliteFault fault(int code) const {
    const int place = std::max(0, sqlite3_error_offset(db.get()));
    if ((code & 0xff) == SQLITE_INTERRUPT)
      return {DamageKind::kLimit, 0, "sqlite.steps",
              "the query needs more steps than allowed; its rows so far are given"};
    return {kind_of(code), static_cast<std::uint64_t>(place), "sqlite",
            fmt::format("{}; the rows before it are given", to_valid_utf8(sqlite3_errmsg(db.get())))};
  }

  std::optional<SqliteFault> run(const std::string& sql, const std::function<void(const SqliteRow&)>& on_row) {
    sqlite3_stmt* raw = nullptr;
    int code = sqlite3_prepare_v3(db.get(), sql.c_str(), static_cast<int>(sql.size()) + 1, 0, &raw, nullptr);
    const SqliteStatement statement(raw);
    if (code != SQLITE_OK) return fault(code);
    while ((code = sqlite3_step(raw)) == SQLITE_ROW) on_row(SqliteRow(raw));
    if (code != SQLITE_DONE) return fault(code);
    return std::nullopt;
  }

  Status open_image() {
    sqlite3* raw = nullptr;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
    const int code = sqlite3_open_v2(":memory:", &raw, flags, nullptr);
    db.reset(raw);
    if (code != SQLITE_OK) return fail(ErrorCode::kInternal, "SQLite cannot open a database in memory");
    for (const auto& [limit, value] : kLimits) sqlite3_limit(raw, limit, value);
    for (const int off : {SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_ENABLE_TRIGGER, SQLITE_DBCONFIG_ENABLE_VIEW,
                          SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, SQLITE_DBCONFIG_DQS_DML, SQLITE_DBCONFIG_DQS_DDL})
      sqlite3_db_config(raw, off, 0, nullptr);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_exec(raw, "PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0", nullptr, nullptr,
                 nullptr);
    auto* bytes = static_cast<unsigned char*>(static_cast<void*>(image.data()));
    const auto size = static_cast<sqlite3_int64>(image.size());
    if (sqlite3_deserialize(raw, "main", bytes, size, size, SQLITE_DESERIALIZE_READONLY) != SQLITE_OK)
      return fail(ErrorCode::kUnreadable, "SQLite does not take the database");
    sqlite3_progress_handler(raw, kProgressOps, on_progress, this);
    sqlite3_set_authorizer(raw, on_authorize, this);
    return {};
  }

  /// Names of the real tables: rootpage 0 is a virtual one.
  Status read_schema() {
    const auto table = [this](const SqliteRow& row) {
      if (const auto name = row.text(0); name && tables.size() < kMaxTables) tables[ascii_lower(*name)];
    };
    const auto failed = run("SELECT name FROM sqlite_master WHERE type='table' AND rootpage>0", table);
    const auto other = [this](const SqliteRow& row) {
      if (const auto name = row.text(0); name && computed.size() < kMaxTables) computed.insert(ascii_lower(*name));
    };
    // A damaged schema is told once, by the query before.
    (void)run("SELECT name FROM sqlite_master WHERE type='view' OR (type='table' AND rootpage=0)", other);
    if (failed && tables.empty())
      return fail(ErrorCode::kUnreadable, fmt::format("the schema: {}", to_valid_utf8(sqlite3_errmsg(db.get()))));
    return {};
  }

  /// Columns of `name` by preparing a SELECT on it: works without pragmas.
  std::vector<SqliteColumn> read_columns(const std::string& name) const {
    std::vector<SqliteColumn> out;
    int keys = 0;
    std::string quoted;
    for (const char c : name) quoted += c == '"' ? "\"\"" : std::string(1, c);
    sqlite3_stmt* raw = nullptr;
    const std::string sql = "SELECT * FROM \"" + quoted + "\"";
    if (sqlite3_prepare_v2(db.get(), sql.c_str(), -1, &raw, nullptr) != SQLITE_OK) return out;
    const SqliteStatement statement(raw);
    for (int i = 0; i < sqlite3_column_count(raw); ++i) {
      const char* column = sqlite3_column_name(raw, i);
      const char* declared = sqlite3_column_decltype(raw, i);
      int key = 0;
      const bool known =
          column != nullptr && sqlite3_table_column_metadata(db.get(), "main", name.c_str(), column, nullptr, nullptr,
                                                             nullptr, &key, nullptr) == SQLITE_OK;
      keys += known && key != 0 ? 1 : 0;
      out.push_back({column == nullptr ? "" : column, declared == nullptr ? "" : declared, known && key != 0});
    }
    for (SqliteColumn& one : out) one.row_id = one.row_id && keys == 1 && ascii_lower(one.declared) == "integer";
    return out;
  }
};

SqliteView::SqliteView() : state_(std::make_unique<State>()) {}
SqliteView::~SqliteView() = default;
SqliteView::SqliteView(SqliteView&&) noexcept = default;
SqliteView& SqliteView::operator=(SqliteView&&) noexcept = default;

const WalResult& SqliteView::wal() const { return state_->wal; }

Result<SqliteView> SqliteView::open(Bytes database, Bytes wal, const SqliteLimits& limits) {
  if (database.size() > limits.image_bytes)
    return fail(ErrorCode::kUnsupported, fmt::format("the database is larger than {} bytes", limits.image_bytes));
  SqliteView view;
  State& state = *view.state_;
  state.steps_left = limits.steps;
  state.image.assign(database.begin(), database.end());
  state.wal = apply_wal(state.image, wal, limits.image_bytes);
  if (state.image.size() < kHeader || !has_at(state.image, 0, kMagic))
    return fail(ErrorCode::kUnreadable, "not an SQLite database");
  state.image[kWriteVersion] = std::byte{1};
  state.image[kReadVersion] = std::byte{1};
  TRIAGE_TRY_STATUS(state.open_image());
  TRIAGE_TRY_STATUS(state.read_schema());
  state.opening = false;
  return view;
}

bool SqliteView::has_table(std::string_view table) const { return state_->tables.contains(ascii_lower(table)); }

bool SqliteView::has_computed(std::string_view table) const { return state_->computed.contains(ascii_lower(table)); }

bool SqliteView::has_column(std::string_view table, std::string_view column) const {
  const auto found = state_->tables.find(ascii_lower(table));
  if (found == state_->tables.end()) return false;
  if (found->second.empty())
    for (const SqliteColumn& one : state_->read_columns(found->first)) found->second.insert(ascii_lower(one.name));
  return found->second.contains(ascii_lower(column));
}

std::vector<SqliteColumn> SqliteView::columns(std::string_view table) const {
  const auto found = state_->tables.find(ascii_lower(table));
  return found == state_->tables.end() ? std::vector<SqliteColumn>{} : state_->read_columns(found->first);
}

Bytes SqliteView::image() const { return state_->image; }

std::optional<SqliteFault> SqliteView::query(const std::string& sql,
                                             const std::function<void(const SqliteRow&)>& on_row) {
  return state_->run(sql, on_row);
}

}  // namespace triage
