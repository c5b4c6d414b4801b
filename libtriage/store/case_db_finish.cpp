// SPDX-License-Identifier: Apache-2.0
// CaseDb after the sweep: what needs all batches at once, and the records that are not of one evidence.
#include <fmt/format.h>
#include <sqlite3.h>

#include <filesystem>

#include "store/case_db_state.h"
#include "store/schema.h"

namespace triage {
namespace {

/// Events a content finding names at most; more of the same path add nothing a reader could use.
constexpr int kMaxEventsPerFinding = 64;

/// Further names of one content (hard links) were not hashed again: they get the owner's digests and type.
std::string fill_aliases_sql(std::int64_t num) {
  return fmt::format(R"sql(
CREATE INDEX i_file_sequence ON t_file(evidence, sequence);
UPDATE t_file AS f SET md5 = o.md5, sha1 = o.sha1, sha256 = o.sha256, type = coalesce(f.type, o.type)
  FROM t_file AS o WHERE f.evidence = {0} AND f.alias_of IS NOT NULL AND o.evidence = {0} AND o.sequence = f.alias_of
    AND o.alias_of IS NULL AND o.method IS NOT 'carved';
DROP INDEX i_file_sequence;)sql",
                     num);
}

/// The digests of existing files are gathered once: an archive in free space may hold twenty thousand equal members.
std::string mark_duplicates_sql() {
  return R"sql(
UPDATE t_file SET duplicate = 1 WHERE method = 'carved' AND duplicate = 0 AND sha256 IN
  (SELECT sha256 FROM t_file WHERE allocated = 1 AND method IS NOT 'carved' AND sha256 IS NOT NULL);)sql";
}

/// Joins by text: one path can have several t_text rows. t_text and t_event are each read once, in order.
std::string join_findings_sql(std::int64_t num) {
  return fmt::format(R"sql(
CREATE TEMP TABLE wanted(path TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT OR IGNORE INTO wanted SELECT path FROM t_finding
  WHERE evidence = {0} AND origin = 'content' AND events = '[]' AND path IS NOT NULL;
CREATE TEMP TABLE wanted_text(id INTEGER PRIMARY KEY, path TEXT);
INSERT INTO wanted_text SELECT t.id, t.text FROM t_text AS t CROSS JOIN wanted AS w ON w.path = t.text;
CREATE TEMP TABLE matched(path TEXT, place INTEGER, id TEXT, PRIMARY KEY(path, place)) WITHOUT ROWID;
INSERT INTO matched SELECT path, place, id FROM (
  SELECT w.path AS path, e.id AS id, row_number() OVER (PARTITION BY w.path ORDER BY e.when_ns IS NULL, e.when_ns, e.id)
    AS place FROM t_event AS e CROSS JOIN wanted_text AS w ON w.id = e.path WHERE e.evidence = {0}) WHERE place <= {1};
UPDATE t_finding SET events = (SELECT json_group_array(id) FROM
    (SELECT id FROM matched AS m WHERE m.path = t_finding.path ORDER BY place))
  WHERE evidence = {0} AND origin = 'content' AND events = '[]'
    AND EXISTS (SELECT 1 FROM matched AS m WHERE m.path = t_finding.path);
DROP TABLE matched; DROP TABLE wanted_text; DROP TABLE wanted;)sql",
                     num, kMaxEventsPerFinding);
}

}  // namespace

void use_temp_folder_of(const std::string& database_path) {
  std::error_code ignored;  // an unknown folder leaves SQLite's default
  const auto folder = std::filesystem::absolute(database_path, ignored).parent_path();
  sqlite3_free(sqlite3_temp_directory);
  sqlite3_temp_directory = sqlite3_mprintf("%s", folder.c_str());
}

Status CaseDb::finish_evidence(const std::string& evidence_id, std::uint64_t bytes_read, std::int64_t now_ns) {
  TRIAGE_TRY(const std::int64_t num, state_->evidence_num(evidence_id));
  TRIAGE_TRY(const Progress before, progress(evidence_id));
  if (before.finished) return {};
  Database& db = state_->database;
  TRIAGE_TRY(Transaction transaction, Transaction::begin(db));
  TRIAGE_TRY(const std::int64_t missing,
             db.integer(fmt::format("SELECT total_batches IS NULL OR done_batches <> total_batches FROM t_evidence "
                                    "WHERE num = {}",
                                    num)));
  if (missing != 0) return fail(ErrorCode::kInternal, "evidence was finished before its last batch", evidence_id);
  TRIAGE_TRY(const std::int64_t aliases,
             db.integer(fmt::format("SELECT count(*) FROM t_file WHERE evidence = {} AND alias_of IS NOT NULL", num)));
  if (aliases > 0) TRIAGE_TRY_STATUS(db.execute(fill_aliases_sql(num)));
  TRIAGE_TRY_STATUS(db.execute(std::string(index_schema())));
  TRIAGE_TRY_STATUS(db.execute(mark_duplicates_sql()));
  TRIAGE_TRY_STATUS(db.execute(join_findings_sql(num)));
  TRIAGE_TRY(Statement update, db.prepare("UPDATE t_evidence SET state = 'finished', bytes_read = ?2, finished_ns = ?3 "
                                          "WHERE num = ?1"));
  TRIAGE_TRY_STATUS(update.bind(1, num).bind(2, bytes_read).bind(3, now_ns).run());
  TRIAGE_TRY_STATUS(transaction.commit());
  return checkpoint();
}

Status CaseDb::set_image_sha256(const std::string& evidence_id, const std::string& sha256) {
  TRIAGE_TRY(Statement update, state_->database.prepare("UPDATE t_evidence SET sha256 = ?2 WHERE id = ?1"));
  return update.bind(1, std::string_view(evidence_id)).bind(2, std::string_view(sha256)).run();
}

std::uint64_t CaseDb::event_count() {
  const auto count = state_->database.integer("SELECT count(*) FROM t_event");
  return count ? static_cast<std::uint64_t>(*count) : 0;
}

Status CaseDb::replace_findings(std::string_view origin, const std::vector<Finding>& findings) {
  Database& db = state_->database;
  TRIAGE_TRY(Transaction transaction, Transaction::begin(db));
  TRIAGE_TRY(Statement remove, db.prepare("DELETE FROM t_finding WHERE origin = ?1"));
  TRIAGE_TRY_STATUS(remove.bind(1, origin).run());
  for (const Finding& finding : findings) {
    std::optional<std::int64_t> num;
    if (!finding.locator.evidence.empty()) {
      TRIAGE_TRY(num, state_->evidence_num(finding.locator.evidence));
    }
    TRIAGE_TRY_STATUS(state_->writer->finding(num, origin, finding));
  }
  return transaction.commit();
}

Status CaseDb::replace_damage(std::string_view origin, const std::vector<Damage>& damages) {
  Database& db = state_->database;
  TRIAGE_TRY(Transaction transaction, Transaction::begin(db));
  TRIAGE_TRY(Statement remove, db.prepare("DELETE FROM t_damage WHERE origin = ?1"));
  TRIAGE_TRY_STATUS(remove.bind(1, origin).run());
  for (const Damage& damage : damages) {
    std::optional<std::int64_t> num;
    if (!damage.evidence.empty()) {
      TRIAGE_TRY(num, state_->evidence_num(damage.evidence));
    }
    TRIAGE_TRY_STATUS(state_->writer->damage(num, origin, damage));
  }
  return transaction.commit();
}

Status CaseDb::replace_exhibits(const std::vector<ExhibitRecord>& exhibits) {
  Database& db = state_->database;
  TRIAGE_TRY(Transaction transaction, Transaction::begin(db));
  TRIAGE_TRY_STATUS(db.execute("DELETE FROM t_exhibit"));
  TRIAGE_TRY(Statement insert, db.prepare("INSERT INTO t_exhibit VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)"));
  for (const ExhibitRecord& one : exhibits) {
    insert.bind(1, std::string_view(one.id)).bind_or_null(2, one.label).bind_or_null(3, one.title);
    insert.bind_or_null(4, one.original).bind_or_null(5, one.created).bind_or_null(6, one.author);
    insert.bind_or_null(7, one.purpose).bind_or_null(8, one.remarks).bind_or_null(9, one.evidence);
    insert.bind_or_null(10, one.locator).bind_or_null(11, one.sha256).bind_or_null(12, one.file);
    TRIAGE_TRY_STATUS(insert.run());
  }
  return transaction.commit();
}

Status CaseDb::replace_tasks(const std::vector<TaskRecord>& tasks) {
  Database& db = state_->database;
  TRIAGE_TRY(Transaction transaction, Transaction::begin(db));
  TRIAGE_TRY_STATUS(db.execute("DELETE FROM t_task"));
  TRIAGE_TRY(Statement insert, db.prepare("INSERT INTO t_task VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)"));
  for (const TaskRecord& one : tasks) {
    insert.bind(1, std::string_view(one.id)).bind_or_null(2, one.step).bind_or_null(3, one.title);
    insert.bind_or_null(4, one.title_ja).bind_or_null(5, one.state).bind_or_null(6, one.due);
    insert.bind_or_null(7, one.done_at).bind_or_null(8, one.done_by).bind_or_null(9, one.rule);
    insert.bind_or_null(10, one.note);
    TRIAGE_TRY_STATUS(insert.run());
  }
  return transaction.commit();
}

Status CaseDb::set_meta(std::string_view key, std::string_view value) {
  TRIAGE_TRY(Statement write,
             state_->database.prepare(
                 "INSERT INTO t_meta VALUES(?1, ?2) ON CONFLICT(key) DO UPDATE SET value = excluded.value"));
  return write.bind(1, key).bind(2, value).run();
}

Status CaseDb::set_custody_head(std::uint64_t count, const std::string& head) {
  TRIAGE_TRY(Transaction transaction, Transaction::begin(state_->database));
  TRIAGE_TRY_STATUS(set_meta("custody_count", fmt::to_string(count)));
  TRIAGE_TRY_STATUS(set_meta("custody_head", head));
  return transaction.commit();
}

Result<std::optional<std::string>> CaseDb::meta(std::string_view key) {
  TRIAGE_TRY(Statement query, state_->database.prepare("SELECT value FROM t_meta WHERE key = ?1"));
  query.bind(1, key);
  TRIAGE_TRY(const bool row, query.step());
  return row ? query.optional_text(0) : std::optional<std::string>();
}

}  // namespace triage
