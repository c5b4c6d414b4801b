// SPDX-License-Identifier: Apache-2.0
// Databases made by SQLite itself (its C interface, in a temporary folder), so that the values are its own.
#pragma once

#include <doctest/doctest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace triage::sqlite_files {

struct Files {
  std::string database;
  std::string wal;
};

/// Runs `statements` on a new database and returns its files as they stand before it is closed.
inline Files made_by_sqlite(const std::vector<std::string>& statements) {
  std::string folder = (std::filesystem::temp_directory_path() / "triage-sqlite-XXXXXX").string();
  REQUIRE(::mkdtemp(folder.data()) != nullptr);
  const std::string path = folder + "/a.db";
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  for (const std::string& sql : statements) {
    char* message = nullptr;
    const int code = sqlite3_exec(db, sql.c_str(), nullptr, nullptr, &message);
    CHECK_MESSAGE(code == SQLITE_OK, sql << ": " << (message == nullptr ? "" : message));
    sqlite3_free(message);
  }
  const auto whole = [](const std::string& name) {
    std::ifstream in(name, std::ios::binary);
    return std::string{std::istreambuf_iterator<char>(in), {}};
  };
  Files out{whole(path), whole(path + "-wal")};
  sqlite3_close(db);
  std::filesystem::remove_all(folder);
  return out;
}

}  // namespace triage::sqlite_files
