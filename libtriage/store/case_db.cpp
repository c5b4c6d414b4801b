// SPDX-License-Identifier: Apache-2.0
#include "store/case_db.h"

#include <fmt/format.h>

#include <map>

#include "base/check.h"
#include "store/case_db_state.h"
#include "store/content_store.h"
#include "store/schema.h"

namespace triage {
namespace {

/// Makes the schema in a new file; refuses a file of another kind or a newer version.
Status prepare_schema(Database& database) {
  TRIAGE_TRY(const std::int64_t application, database.integer("PRAGMA application_id"));
  TRIAGE_TRY(const std::int64_t version, database.integer("PRAGMA user_version"));
  TRIAGE_TRY(const std::int64_t tables, database.integer("SELECT count(*) FROM sqlite_schema"));
  if (application == 0 && version == 0 && tables == 0) {
    TRIAGE_TRY_STATUS(database.execute("PRAGMA page_size=8192; PRAGMA journal_mode=WAL"));
    TRIAGE_TRY(Transaction transaction, Transaction::begin(database));
    TRIAGE_TRY_STATUS(database.execute(
        std::string(table_schema()) + std::string(view_schema()) + std::string(index_schema()) +
        fmt::format("PRAGMA application_id={}; PRAGMA user_version={}", kApplicationId, kSchemaVersion)));
    return transaction.commit();
  }
  return check_case_schema(application, version, database.path());
}

}  // namespace

Status check_case_schema(std::int64_t application, std::int64_t version, const std::string& path) {
  if (application != kApplicationId) {
    return fail(ErrorCode::kUsage, "not the database of a case", path, 0, "name a case folder that triage made");
  }
  if (version != kSchemaVersion) {
    return fail(ErrorCode::kUsage,
                fmt::format("the case database has version {}, this build knows version {}", version, kSchemaVersion),
                path, 0, "use the version of triage that made the case");
  }
  return {};
}

Result<Database> open_case_for_reading(const std::string& path) {
  TRIAGE_TRY(Database database, Database::open(path, Database::Mode::kRead));
  TRIAGE_TRY(const std::int64_t application, database.integer("PRAGMA application_id"));
  TRIAGE_TRY(const std::int64_t version, database.integer("PRAGMA user_version"));
  TRIAGE_TRY_STATUS(check_case_schema(application, version, path));
  TRIAGE_TRY_STATUS(database.execute("PRAGMA query_only=1; PRAGMA cache_size=-32768; PRAGMA mmap_size=0"));
  return database;
}

CaseDb::CaseDb(std::unique_ptr<State> state) : state_(std::move(state)) {}
CaseDb::CaseDb(CaseDb&&) noexcept = default;
CaseDb& CaseDb::operator=(CaseDb&&) noexcept = default;
CaseDb::~CaseDb() {
  if (state_) (void)close();  // nothing committed is lost: the log stays beside the file
}

Result<CaseDb> CaseDb::open(const std::string& path) {
  TRIAGE_TRY(Database database, Database::open(path, Database::Mode::kWrite));
  auto state = std::make_unique<State>(std::move(database));
  Database& db = state->database;
  TRIAGE_TRY_STATUS(prepare_schema(db));
  // NORMAL: a power cut can take the last commits, never half of one; their batches are swept again.
  TRIAGE_TRY_STATUS(
      db.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-49152;"
                 "PRAGMA wal_autocheckpoint=2000; PRAGMA temp_store=FILE; PRAGMA mmap_size=0;"
                 "PRAGMA foreign_keys=OFF"));
  use_temp_folder_of(path);
  TRIAGE_TRY(RecordWriter writer, RecordWriter::make(db));
  state->writer.emplace(std::move(writer));
  TRIAGE_TRY(Statement hashes, db.prepare("SELECT sha256 FROM t_file WHERE allocated = 1 AND sha256 IS NOT NULL "
                                          "AND method IS NOT 'carved'"));
  while (true) {
    TRIAGE_TRY(const bool row, hashes.step());
    if (!row) break;
    state->allocated.insert(hashes.text(0));
  }
  return CaseDb(std::move(state));
}

Result<std::int64_t> CaseDb::State::evidence_num(const std::string& id) {
  if (id == last_id) return last_num;
  TRIAGE_TRY(Statement query, database.prepare("SELECT num FROM t_evidence WHERE id = ?1"));
  query.bind(1, std::string_view(id));
  TRIAGE_TRY(const bool row, query.step());
  if (!row) return fail(ErrorCode::kInternal, "evidence was not begun in this case", id);
  last_num = query.integer(0);
  last_id = id;
  return last_num;
}

Result<CaseDb::Progress> CaseDb::progress(const std::string& evidence_id) {
  TRIAGE_TRY(Statement query,
             state_->database.prepare("SELECT state, done_batches, plan_digest FROM t_evidence WHERE id = ?1"));
  query.bind(1, std::string_view(evidence_id));
  TRIAGE_TRY(const bool row, query.step());
  Progress out;
  if (!row) return out;
  out.known = true;
  out.finished = query.text(0) == "finished";
  out.next_batch = static_cast<std::uint64_t>(query.integer(1));
  out.plan_digest = std::string(query.text(2));
  return out;
}

Status CaseDb::begin_evidence(const EvidenceRecord& evidence, std::int64_t now_ns) {
  TRIAGE_TRY(const Progress before, progress(evidence.id));
  if (before.finished) {
    return fail(ErrorCode::kUsage, "this evidence is already finished in the case", evidence.id, 0,
                "use another --case folder to read it again");
  }
  Database& db = state_->database;
  TRIAGE_TRY(Transaction transaction, Transaction::begin(db));
  TRIAGE_TRY_STATUS(db.execute(std::string(drop_indexes())));
  if (before.known) {
    TRIAGE_TRY(Statement update, db.prepare("UPDATE t_evidence SET state = 'running' WHERE id = ?1"));
    TRIAGE_TRY_STATUS(update.bind(1, std::string_view(evidence.id)).run());
    return transaction.commit();
  }
  std::string scratch;
  TRIAGE_TRY(Statement insert,
             db.prepare("INSERT INTO t_evidence(id,name,format,size,sector_size,key_kind,key,sha256,container_md5,"
                        "container_sha1,state,started_ns) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,'running',?11)"));
  insert.bind(1, std::string_view(evidence.id)).bind(2, storable_text(evidence.name, scratch));
  insert.bind(3, std::string_view(evidence.format)).bind(4, evidence.size).bind(5, evidence.sector_size);
  insert.bind_or_null(6, evidence.key_kind).bind_or_null(7, evidence.key).bind(8, evidence.sha256);
  insert.bind(9, evidence.container_md5).bind(10, evidence.container_sha1).bind(11, now_ns);
  TRIAGE_TRY_STATUS(insert.run());
  return transaction.commit();
}

Status CaseDb::write_map(const std::string& evidence_id, const std::vector<VolumeRecord>& volumes,
                         const std::vector<Damage>& damages, std::uint64_t total_batches,
                         const std::string& plan_digest) {
  TRIAGE_TRY(const std::int64_t num, state_->evidence_num(evidence_id));
  TRIAGE_TRY(const Progress before, progress(evidence_id));
  if (before.next_batch > 0 && before.plan_digest != plan_digest) {
    return fail(ErrorCode::kVerification, "the plan for this evidence differs from the one it was begun with",
                evidence_id, 0,
                "continue with the same version and options and the unchanged evidence, or use a new case folder");
  }
  Database& db = state_->database;
  TRIAGE_TRY(Transaction transaction, Transaction::begin(db));
  TRIAGE_TRY_STATUS(db.execute(fmt::format(
      "DELETE FROM t_volume WHERE evidence = {0}; DELETE FROM t_damage WHERE evidence = {0} AND origin = 'map'", num)));
  for (const VolumeRecord& volume : volumes) TRIAGE_TRY_STATUS(state_->writer->volume(num, volume));
  for (const Damage& damage : damages) TRIAGE_TRY_STATUS(state_->writer->damage(num, "map", damage));
  TRIAGE_TRY(Statement update, db.prepare("UPDATE t_evidence SET total_batches = ?2, plan_digest = ?3 WHERE num = ?1"));
  TRIAGE_TRY_STATUS(update.bind(1, num).bind(2, total_batches).bind(3, std::string_view(plan_digest)).run());
  return transaction.commit();
}

Status CaseDb::State::write_records(std::int64_t num, const BatchRecords& records) {
  std::map<std::pair<std::string_view, bool>, std::string_view> extensions;
  for (const OutputRecord& output : records.outputs) extensions[{output.sha256, output.carved}] = output.extension;
  for (const FileRecord& file : records.files) {
    const bool carved = file.method == "carved";
    const auto output = file.digests && file.saved ? extensions.find({file.digests->sha256, carved}) : extensions.end();
    const std::string saved_as =
        output == extensions.end() ? std::string() : content_path(file.digests->sha256, output->second);
    TRIAGE_TRY_STATUS(writer->file(num, file, saved_as));
  }
  for (const IdentifiedEvent& event : records.events) TRIAGE_TRY_STATUS(writer->event(num, event));
  for (const Finding& finding : records.findings) TRIAGE_TRY_STATUS(writer->finding(num, "content", finding));
  for (const Damage& damage : records.damages) TRIAGE_TRY_STATUS(writer->damage(num, "sweep", damage));
  return {};
}

Status CaseDb::begin_batch(const std::string& evidence_id, std::uint64_t batch_index) {
  TRIAGE_TRY(const std::int64_t num, state_->evidence_num(evidence_id));
  Database& db = state_->database;
  TRIAGE_TRY(Transaction transaction, Transaction::begin(db));
  TRIAGE_TRY(Statement update, db.prepare("UPDATE t_evidence SET done_batches = ?2 + 1 WHERE num = ?1 AND "
                                          "done_batches = ?2 AND state = 'running'"));
  TRIAGE_TRY_STATUS(update.bind(1, num).bind(2, batch_index).run());
  if (db.changes() != 1) {
    return fail(ErrorCode::kInternal, fmt::format("batch {} is not the next one to record", batch_index), evidence_id);
  }
  state_->batch.emplace(State::OpenBatch{std::move(transaction), num, {}});
  return {};
}

Status CaseDb::add_records(const BatchRecords& records) {
  TRIAGE_CHECK(state_->batch.has_value());
  auto done = state_->write_records(state_->batch->evidence, records);
  if (!done) {
    state_->abandon_batch();
    return done;
  }
  for (const FileRecord& file : records.files) {
    if (file.allocated && file.digests && file.method != "carved")
      state_->batch->allocated.push_back(file.digests->sha256);
  }
  return {};
}

Status CaseDb::commit_batch() {
  TRIAGE_CHECK(state_->batch.has_value());
  auto done = state_->batch->transaction.commit();
  if (!done) {
    state_->abandon_batch();
    return done;
  }
  for (const std::string& sha256 : state_->batch->allocated) state_->allocated.insert(sha256);
  state_->batch.reset();
  return {};
}

/// Rolls back; texts that were interned in the transaction are gone with it.
void CaseDb::State::abandon_batch() {
  batch.reset();
  writer->forget_texts();
}

Status CaseDb::write_batch(const std::string& evidence_id, std::uint64_t batch_index, const BatchRecords& records) {
  TRIAGE_TRY_STATUS(begin_batch(evidence_id, batch_index));
  TRIAGE_TRY_STATUS(add_records(records));
  return commit_batch();
}

bool CaseDb::has_allocated_sha256(std::string_view sha256) const { return state_->allocated.contains(sha256); }

Database& CaseDb::database() { return state_->database; }

Status CaseDb::checkpoint() { return state_->database.execute("PRAGMA wal_checkpoint(TRUNCATE)"); }

Status CaseDb::close() {
  if (!state_) return {};
  const std::unique_ptr<State> state = std::move(state_);
  state->batch.reset();  // a batch that an interrupted run left open is rolled back
  state->writer.reset();
  TRIAGE_TRY_STATUS(state->database.execute("PRAGMA wal_checkpoint(TRUNCATE)"));
  TRIAGE_TRY(const std::string mode, state->database.text("PRAGMA journal_mode=DELETE"));
  if (mode == "delete") return {};
  return fail(ErrorCode::kUsage, "another program still reads the case database; its log stays beside it",
              state->database.path());
}

}  // namespace triage
