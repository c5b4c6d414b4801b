// SPDX-License-Identifier: Apache-2.0
// CaseDb: the one writer of case.db. Everything one batch said is one transaction together with the batch's number, so
// that after kill -9 a case holds exactly the batches it says it holds. While open the file is in WAL mode; closed it
// is one file. Public views: README.md of this folder.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/batch.h"
#include "store/database.h"

namespace triage {

/// A row of the `exhibits` view: the columns of a 証拠説明書.
struct ExhibitRecord {
  std::string id;        ///< "E-0001"
  std::string label;     ///< 号証, once given: "甲1の1"
  std::string title;     ///< 標目
  std::string original;  ///< original or copy
  std::string created;
  std::string author;
  std::string purpose;  ///< 立証趣旨
  std::string remarks;
  std::string evidence;
  std::string locator;
  std::string sha256;
  std::string file;  ///< path inside the case folder
};

/// A row of the `tasks` view.
struct TaskRecord {
  std::string id;
  std::string step;  ///< "1" to "6"
  std::string title;
  std::string title_ja;
  std::string state;  ///< open, done, not_applicable
  std::string due;    ///< UTC text or a date
  std::string done_at;
  std::string done_by;
  std::string rule;
  std::string note;
};

class CaseDb {
 public:
  /// Opens for writing, made when absent. REQUIRES: the caller holds the case's lock (CaseFolder).
  static Result<CaseDb> open(const std::string& path);
  CaseDb(CaseDb&&) noexcept;
  CaseDb& operator=(CaseDb&&) noexcept;
  /// close(), its failure dropped; SQLite repairs at the next open.
  ~CaseDb();

  /// How far the sweep of one evidence came.
  struct Progress {
    bool known = false;  ///< begin_evidence was called for it once
    bool finished = false;
    std::uint64_t next_batch = 0;  ///< number of batches recorded
    std::string plan_digest;       ///< of the recorded map; empty before write_map
  };
  Result<Progress> progress(const std::string& evidence_id);

  /// Adds the evidence, or marks a begun one as running again. Finished evidence is kUsage.
  Status begin_evidence(const EvidenceRecord& evidence, std::int64_t now_ns);
  /// Volumes and the damage met while mapping. Replaces an earlier map of the same plan; another plan after the first
  /// batch is kVerification (the evidence, the version or the options changed).
  Status write_map(const std::string& evidence_id, const std::vector<VolumeRecord>& volumes,
                   const std::vector<Damage>& damages, std::uint64_t total_batches, const std::string& plan_digest);
  /// One transaction with its progress, in steps, so that a large batch need not be in memory at once. begin_batch() is
  /// kInternal unless `batch_index` is the next one. The output records of a file come with it or before it in the same
  /// step. A failure rolls the batch back.
  Status begin_batch(const std::string& evidence_id, std::uint64_t batch_index);
  Status add_records(const BatchRecords& records);
  Status commit_batch();
  /// The three above in one.
  Status write_batch(const std::string& evidence_id, std::uint64_t batch_index, const BatchRecords& records);
  /// After the last batch: digests of further names, carved copies of allocated files marked, content findings joined
  /// to the events of their file, indexes. One transaction; calling it again changes nothing.
  Status finish_evidence(const std::string& evidence_id, std::uint64_t bytes_read, std::int64_t now_ns);
  /// The whole-image hash where it was taken after begin_evidence.
  Status set_image_sha256(const std::string& evidence_id, const std::string& sha256);

  /// True when an allocated file with this content is recorded (64 hex digits; compares the first 32).
  [[nodiscard]] bool has_allocated_sha256(std::string_view sha256) const;
  [[nodiscard]] std::uint64_t event_count();

  /// Replaces all findings of `origin` ("reason" for rules over events). Content findings have origin "content".
  Status replace_findings(std::string_view origin, const std::vector<Finding>& findings);
  Status replace_exhibits(const std::vector<ExhibitRecord>& exhibits);
  Status replace_tasks(const std::vector<TaskRecord>& tasks);
  /// Damage met outside a sweep (acquisition, reports). `origin` names the part; replaces its earlier damage.
  Status replace_damage(std::string_view origin, const std::vector<Damage>& damages);

  Status set_meta(std::string_view key, std::string_view value);
  /// nullopt when the key was never set.
  Result<std::optional<std::string>> meta(std::string_view key);

  /// Mirror of the custody log's end (Custody does this after each append).
  Status set_custody_head(std::uint64_t count, const std::string& head);

  /// For queries of reason/, playbook/, report/ over the public views. Not for writing.
  [[nodiscard]] Database& database();
  /// Brings the write-ahead log into the file; the next commits start a new one.
  Status checkpoint();
  /// Makes case.db one file. Nothing may be called after it.
  Status close();

 private:
  struct State;
  explicit CaseDb(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// kUsage unless the two pragmas are those of a case.db of this version.
Status check_case_schema(std::int64_t application, std::int64_t version, const std::string& path);

/// Opens a case.db for queries only. An absent, foreign or newer file is an Error.
Result<Database> open_case_for_reading(const std::string& path);

}  // namespace triage
