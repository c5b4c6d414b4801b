// SPDX-License-Identifier: Apache-2.0
#include "store/database.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>
#include <limits>

#include "bytes/text.h"

namespace triage {
namespace {

/// Primary result codes → who has to act. Extended codes keep the primary one in the low byte.
Error error_of(int code, const char* text, int sys_errno, std::string_view doing, const std::string& path) {
  Error error;
  error.where = path;
  error.sys_errno = sys_errno;
  error.message = fmt::format("{}: {}", doing, text == nullptr ? "unknown error" : text);
  switch (code & 0xff) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      error.code = ErrorCode::kOutput;
      error.next_step = "make room or give write permission; what was recorded before is kept, continue with --resume";
      break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      error.code = ErrorCode::kUsage;
      error.next_step = "another program has the case database open for writing; wait for it to end";
      break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      error.code = ErrorCode::kVerification;
      error.next_step = "the case database is damaged; use a copy of the case folder";
      break;
    default: error.code = ErrorCode::kInternal;
  }
  return error;
}

}  // namespace

void DatabaseClose::operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
void StatementFinalize::operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }

Statement& Statement::bind(int parameter, std::int64_t value) {
  sqlite3_bind_int64(handle_.get(), parameter, value);
  return *this;
}
Statement& Statement::bind(int parameter, std::uint64_t value) {
  const auto limit = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  return bind(parameter, static_cast<std::int64_t>(value < limit ? value : limit));
}
Statement& Statement::bind(int parameter, std::string_view text) {
  const char* data = text.data() == nullptr ? "" : text.data();
  sqlite3_bind_text64(handle_.get(), parameter, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}
Statement& Statement::bind_null(int parameter) {
  sqlite3_bind_null(handle_.get(), parameter);
  return *this;
}
Statement& Statement::bind_or_null(int parameter, std::string_view text) {
  return text.empty() ? bind_null(parameter) : bind(parameter, text);
}
Statement& Statement::bind_blob(int parameter, std::string_view bytes) {
  sqlite3_bind_blob64(handle_.get(), parameter, bytes.data(), bytes.size(), SQLITE_STATIC);
  return *this;
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  sqlite3* database = sqlite3_db_handle(handle_.get());
  const char* path = sqlite3_db_filename(database, "main");
  return tl::unexpected<Error>(error_of(code, sqlite3_errmsg(database), 0, "case database cannot be used",
                                        path == nullptr ? std::string() : std::string(path)));
}
Status Statement::run() {
  while (true) {
    auto row = step();
    if (!row) {
      reset();
      return tl::unexpected<Error>(std::move(row).error());
    }
    if (!*row) break;
  }
  reset();
  return {};
}
void Statement::reset() { sqlite3_reset(handle_.get()); }

int Statement::column_count() const { return sqlite3_column_count(handle_.get()); }
std::string_view Statement::column_name(int column) const { return sqlite3_column_name(handle_.get(), column); }
bool Statement::is_null(int column) const { return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL; }
bool Statement::is_integer(int column) const { return sqlite3_column_type(handle_.get(), column) == SQLITE_INTEGER; }
std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }
std::string_view Statement::text(int column) const {
  const unsigned char* data = sqlite3_column_text(handle_.get(), column);
  if (data == nullptr) return {};
  // SQLite hands text out as unsigned char.
  return {static_cast<const char*>(static_cast<const void*>(data)),
          static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}
std::optional<std::string> Statement::optional_text(int column) const {
  if (is_null(column)) return std::nullopt;
  return std::string(text(column));
}
std::optional<std::int64_t> Statement::optional_integer(int column) const {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

Result<Database> Database::open(const std::string& path, Mode mode) {
  // SQLITE_OPEN_NOFOLLOW refuses links anywhere in the path; only the last part is ours to be strict about.
  std::error_code ignored;  // a folder that cannot be resolved cannot be opened either, and that is reported
  const std::filesystem::path given(path);
  const std::filesystem::path folder =
      std::filesystem::weakly_canonical(given.has_parent_path() ? given.parent_path() : ".", ignored);
  std::string uri = "file:";
  for (const char c : (folder / given.filename())
                          .string()) {  // RFC 3986: everything but unreserved characters and the slash is escaped
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("/-._~").find(c) != std::string_view::npos;
    if (plain) {
      uri.push_back(c);
    } else {
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  uri += mode == Mode::kWrite ? "?mode=rwc" : mode == Mode::kRead ? "?mode=ro" : "?mode=ro&immutable=1";
  const int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (mode == Mode::kWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
  if (mode == Mode::kWrite) {
    // SQLite would make the file readable to others; its -wal and -shm take over this one's mode.
    const int made = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (made >= 0) ::close(made);
  }
  // Memory statistics cost a lock shared by all connections for every allocation, and nobody reads them. Refused once
  // SQLite runs, which is as well.
  static const int without_statistics = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)without_statistics;
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(uri.c_str(), &handle, flags, nullptr);
  Database database(handle, path);
  if (code == SQLITE_CANTOPEN && mode != Mode::kWrite) {
    return fail(ErrorCode::kUsage, "case database cannot be opened", path,
                handle == nullptr ? 0 : sqlite3_system_errno(handle), "name a case that triage run made");
  }
  if (code != SQLITE_OK) {
    return tl::unexpected<Error>(error_of(code, handle == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle),
                                          handle == nullptr ? 0 : sqlite3_system_errno(handle),
                                          "case database cannot be opened", path));
  }
  sqlite3_busy_timeout(handle, 10000);
  // Hostile text is data here, never SQL; the schema of a case someone sent us is not trusted either.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  return database;
}

Status Database::execute(const std::string& sql) {
  if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return tl::unexpected<Error>(last_error("case database cannot be used"));
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  if (code != SQLITE_OK) return tl::unexpected<Error>(last_error("case database cannot be queried"));
  return Statement(handle);
}

Result<std::int64_t> Database::integer(std::string_view sql) {
  TRIAGE_TRY(Statement statement, prepare(sql));
  TRIAGE_TRY(const bool row, statement.step());
  return row ? statement.integer(0) : 0;
}

Result<std::string> Database::text(std::string_view sql) {
  TRIAGE_TRY(Statement statement, prepare(sql));
  TRIAGE_TRY(const bool row, statement.step());
  return row ? std::string(statement.text(0)) : std::string();
}

std::int64_t Database::last_insert_id() const { return sqlite3_last_insert_rowid(handle_.get()); }
std::int64_t Database::changes() const { return sqlite3_changes64(handle_.get()); }

Error Database::last_error(std::string_view doing) const {
  return error_of(sqlite3_extended_errcode(handle_.get()), sqlite3_errmsg(handle_.get()),
                  sqlite3_system_errno(handle_.get()), doing, path_);
}

Result<Transaction> Transaction::begin(Database& database) {
  TRIAGE_TRY_STATUS(database.execute("BEGIN IMMEDIATE"));
  return Transaction(&database);
}

Transaction::~Transaction() {
  // SQLite may have rolled back by itself (full disk); then this fails and nothing is left to do.
  if (database_ != nullptr) (void)database_->execute("ROLLBACK");
}

Status Transaction::commit() {
  TRIAGE_TRY_STATUS(database_->execute("COMMIT"));
  database_ = nullptr;
  return {};
}

std::string_view storable_text(std::string_view text, std::string& scratch) {
  // Plain ASCII is nearly everything; the loop has no branch inside, so that it becomes vector code.
  unsigned strange = 0;
  for (const char c : text) strange |= static_cast<unsigned>(static_cast<unsigned char>(c) - 1U >= 0x7fU);
  if (strange == 0) return text;
  const bool has_nul = text.find('\0') != std::string_view::npos;
  if (!has_nul && is_utf8(text)) return text;
  scratch = to_valid_utf8(text);
  for (std::size_t at = scratch.find('\0'); at != std::string::npos; at = scratch.find('\0', at)) {
    scratch.replace(at, 1, "\\x00");
  }
  return scratch;
}

}  // namespace triage
