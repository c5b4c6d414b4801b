// SPDX-License-Identifier: Apache-2.0
// CaseDb's private state, shared by its sources.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/case_db.h"
#include "store/digest_set.h"
#include "store/record_writer.h"

namespace triage {

struct CaseDb::State {
  explicit State(Database opened) : database(std::move(opened)) {}
  Database database;
  std::optional<RecordWriter> writer;  ///< always set after open
  DigestPrefixSet allocated;
  std::string last_id;  ///< cache of evidence_num
  std::int64_t last_num = 0;

  /// The batch being written: one transaction.
  struct OpenBatch {
    Transaction transaction;
    std::int64_t evidence = 0;
    std::vector<std::string> allocated;  ///< digests that count once it is committed
  };
  std::optional<OpenBatch> batch;
  void abandon_batch();

  Result<std::int64_t> evidence_num(const std::string& id);
  Status write_records(std::int64_t num, const BatchRecords& records);
};

/// SQLite's sorts spill beside the case, not into the host's shared temporary folder: evidence stays in the case, and
/// a full disk is the case's. SQLite keeps this per process; the case opened last says it.
void use_temp_folder_of(const std::string& database_path);

}  // namespace triage
