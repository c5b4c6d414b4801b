// SPDX-License-Identifier: Apache-2.0
// Database and Statement: SQLite with our error type. SQLite's own types stay in this folder's sources. One thread at
// a time per Database; a Statement must not outlive its Database.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace triage {

struct DatabaseClose {
  void operator()(sqlite3* handle) const;
};
struct StatementFinalize {
  void operator()(sqlite3_stmt* handle) const;
};

/// A prepared statement. Parameters count from 1, columns from 0.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* handle) : handle_(handle) {}

  Statement& bind(int parameter, std::int64_t value);
  Statement& bind(int parameter, int value) { return bind(parameter, static_cast<std::int64_t>(value)); }
  Statement& bind(int parameter, std::uint32_t value) { return bind(parameter, static_cast<std::int64_t>(value)); }
  Statement& bind(int parameter, bool value) { return bind(parameter, static_cast<std::int64_t>(value ? 1 : 0)); }
  /// Saturates at 2^63-1, the largest integer SQLite holds.
  Statement& bind(int parameter, std::uint64_t value);
  /// The text is not copied: it must live until the step (or run) that uses it.
  Statement& bind(int parameter, std::string_view text);
  Statement& bind(int parameter, const char* text) { return bind(parameter, std::string_view(text)); }
  Statement& bind_null(int parameter);
  /// "" becomes null: an absent text is null in every view.
  Statement& bind_or_null(int parameter, std::string_view text);
  Statement& bind_blob(int parameter, std::string_view bytes);
  template <typename T>
  Statement& bind(int parameter, const std::optional<T>& value) {
    return value ? bind(parameter, *value) : bind_null(parameter);
  }

  /// True when a row is there, false at the end.
  Result<bool> step();
  /// Steps to the end and makes the statement ready for new parameters. After a failure it is ready as well.
  Status run();
  void reset();

  [[nodiscard]] int column_count() const;
  [[nodiscard]] std::string_view column_name(int column) const;
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] bool is_integer(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  /// Valid until the next step or reset. Empty for null.
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] std::optional<std::string> optional_text(int column) const;
  [[nodiscard]] std::optional<std::int64_t> optional_integer(int column) const;

 private:
  std::unique_ptr<sqlite3_stmt, StatementFinalize> handle_;
};

class Database {
 public:
  enum class Mode {
    kWrite,      ///< made when absent
    kRead,       ///< sees what a running or killed writer committed; may need SQLite's -shm file beside it
    kImmutable,  ///< touches nothing at all; REQUIRES: no -wal file with content and no writer
  };
  /// Opens `path`; a symbolic link in its last part is refused.
  static Result<Database> open(const std::string& path, Mode mode);

  Status execute(const std::string& sql);
  Result<Statement> prepare(std::string_view sql);
  /// First column of the first row as a number; 0 without a row.
  Result<std::int64_t> integer(std::string_view sql);
  /// First column of the first row as text; empty without a row.
  Result<std::string> text(std::string_view sql);
  /// Rowid of the last insert.
  [[nodiscard]] std::int64_t last_insert_id() const;
  [[nodiscard]] std::int64_t changes() const;
  /// The Error of the last failed call of this connection.
  [[nodiscard]] Error last_error(std::string_view doing) const;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  Database(sqlite3* handle, std::string path) : handle_(handle), path_(std::move(path)) {}
  std::unique_ptr<sqlite3, DatabaseClose> handle_;
  std::string path_;
};

/// A transaction that is rolled back unless commit() succeeded.
class Transaction {
 public:
  static Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  Transaction(const Transaction&) = delete;
  ~Transaction();
  Status commit();

 private:
  explicit Transaction(Database* database) : database_(database) {}
  Database* database_;
};

/// Text that any SQLite client can read: well-formed UTF-8 without NUL (both shown as \xNN). Returns `text` itself
/// where it is fine, else puts the changed text into `scratch`.
std::string_view storable_text(std::string_view text, std::string& scratch);

}  // namespace triage
