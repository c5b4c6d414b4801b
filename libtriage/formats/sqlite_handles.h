// SPDX-License-Identifier: Apache-2.0
// Owners of SQLite's objects. SQLite's types do not leave this folder.
#pragma once

#include <sqlite3.h>

#include <memory>

namespace triage {

struct SqliteCloser {
  void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
};
struct SqliteFinalizer {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using SqliteHandle = std::unique_ptr<sqlite3, SqliteCloser>;
using SqliteStatement = std::unique_ptr<sqlite3_stmt, SqliteFinalizer>;

}  // namespace triage
