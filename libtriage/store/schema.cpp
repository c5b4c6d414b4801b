// SPDX-License-Identifier: Apache-2.0
#include "store/schema.h"

namespace triage {

// t_text holds paths, object names and stream keys once per neighbourhood: a file's events lie close together and share
// them. One text may have several rows (the writer's cache is bounded); only the views' result counts.
std::string_view table_schema() {
  return R"sql(
CREATE TABLE t_meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE t_text(id INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE t_evidence(
  num INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT, format TEXT, size INTEGER, sector_size INTEGER,
  key_kind TEXT, key TEXT, sha256 TEXT, container_md5 TEXT, container_sha1 TEXT,
  state TEXT NOT NULL DEFAULT 'new', plan_digest TEXT, total_batches INTEGER, done_batches INTEGER NOT NULL DEFAULT 0,
  started_ns INTEGER, finished_ns INTEGER, bytes_read INTEGER);
CREATE TABLE t_volume(
  evidence INTEGER NOT NULL, volume INTEGER NOT NULL, offset INTEGER, length INTEGER, table_kind TEXT,
  description TEXT, file_system TEXT, status TEXT, label TEXT, serial TEXT, block_size INTEGER, encryption TEXT,
  PRIMARY KEY(evidence, volume)) WITHOUT ROWID;
CREATE TABLE t_file(
  seq INTEGER PRIMARY KEY, evidence INTEGER NOT NULL, sequence INTEGER NOT NULL, stream INTEGER, volume INTEGER,
  path INTEGER, raw_path BLOB, inode INTEGER, allocated INTEGER NOT NULL, kind TEXT, size INTEGER, md5 TEXT, sha1 TEXT,
  sha256 TEXT, method TEXT, grade TEXT, type TEXT, runs TEXT, alias_of INTEGER, survive_percent INTEGER,
  saved INTEGER NOT NULL, saved_as TEXT, duplicate INTEGER NOT NULL DEFAULT 0);
CREATE TABLE t_event(
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL, evidence INTEGER NOT NULL, when_text TEXT, when_ns INTEGER,
  when_meaning TEXT, when_basis TEXT, when_precision TEXT, when_raw TEXT, who TEXT, sid TEXT, uid INTEGER,
  session TEXT, host TEXT, volume TEXT, path INTEGER, remote TEXT, what TEXT, object_kind TEXT, object INTEGER,
  object_size INTEGER, object_sha256 TEXT, how TEXT, channel TEXT, program TEXT, why TEXT, artifact TEXT,
  artifact_version INTEGER, stream INTEGER, place TEXT, source INTEGER, record INTEGER, recovered INTEGER NOT NULL,
  partial INTEGER NOT NULL, attributes TEXT);
CREATE TABLE t_finding(
  seq INTEGER PRIMARY KEY, origin TEXT NOT NULL, evidence INTEGER, id TEXT NOT NULL, rule TEXT, claim TEXT,
  claim_ja TEXT, severity TEXT, likelihood TEXT, quality TEXT, events TEXT NOT NULL, exhibits TEXT NOT NULL,
  alternatives TEXT, alternatives_ja TEXT, limits TEXT, limits_ja TEXT, technique TEXT, question TEXT, step TEXT,
  path TEXT, locator TEXT, details TEXT, recovered INTEGER NOT NULL);
CREATE TABLE t_damage(
  seq INTEGER PRIMARY KEY, origin TEXT NOT NULL, evidence INTEGER, stream TEXT, path TEXT, at INTEGER, kind TEXT,
  detail TEXT, consumer TEXT, field TEXT);
CREATE TABLE t_exhibit(
  id TEXT PRIMARY KEY, label TEXT, title TEXT, original TEXT, created TEXT, author TEXT, purpose TEXT, remarks TEXT,
  evidence TEXT, locator TEXT, sha256 TEXT, file TEXT) WITHOUT ROWID;
CREATE TABLE t_task(
  id TEXT PRIMARY KEY, step TEXT, title TEXT, title_ja TEXT, state TEXT, due TEXT, done_at TEXT, done_by TEXT,
  rule TEXT, note TEXT) WITHOUT ROWID;
)sql";
}

std::string_view view_schema() {
  return R"sql(
CREATE VIEW evidence AS SELECT id, name, format, size, sector_size, key_kind, key, sha256, container_md5,
  container_sha1, state, total_batches, done_batches,
  strftime('%Y-%m-%dT%H:%M:%SZ', started_ns / 1000000000, 'unixepoch') AS started,
  strftime('%Y-%m-%dT%H:%M:%SZ', finished_ns / 1000000000, 'unixepoch') AS finished, bytes_read, plan_digest
  FROM t_evidence;
CREATE VIEW volumes AS SELECT (SELECT id FROM t_evidence WHERE num = v.evidence) AS evidence, volume, offset, length,
  table_kind, description, file_system, status, label, serial, block_size, encryption FROM t_volume v;
CREATE VIEW files AS SELECT (SELECT id FROM t_evidence WHERE num = f.evidence) AS evidence,
  (SELECT text FROM t_text WHERE id = f.path) AS path, inode, allocated, kind, size, md5, sha1, sha256, volume, method,
  grade, type, runs, (SELECT text FROM t_text WHERE id = f.stream) AS stream, survive_percent, saved, duplicate, saved_as,
  raw_path, sequence, alias_of FROM t_file f;
CREATE VIEW events AS SELECT id, when_text AS "when", when_ns, when_meaning, when_basis, when_precision, when_raw, who,
  sid, uid, session, host, volume, (SELECT text FROM t_text WHERE id = e.path) AS path, remote, what, object_kind,
  (SELECT text FROM t_text WHERE id = e.object) AS object, object_size, object_sha256, how, channel, program, why,
  artifact, artifact_version, (SELECT id FROM t_evidence WHERE num = e.evidence) AS evidence,
  (SELECT id FROM t_evidence WHERE num = e.evidence) || '/' || (SELECT text FROM t_text WHERE id = e.stream) || place
    AS locator,
  (SELECT text FROM t_text WHERE id = e.source) AS source, record, recovered, partial, attributes FROM t_event e;
CREATE VIEW findings AS SELECT id, rule, claim, claim_ja, severity, likelihood, quality, events, exhibits,
  alternatives, alternatives_ja, limits, limits_ja, technique, question, step, path, locator, details,
  (SELECT id FROM t_evidence WHERE num = f.evidence) AS evidence, recovered, origin FROM t_finding f;
CREATE VIEW damage AS SELECT (SELECT id FROM t_evidence WHERE num = d.evidence) AS evidence, stream, path, at, kind,
  detail, consumer, field FROM t_damage d;
CREATE VIEW exhibits AS SELECT id, label, title, original, created, author, purpose, remarks, evidence, locator,
  sha256, file FROM t_exhibit;
CREATE VIEW meta AS SELECT key, value FROM t_meta;
CREATE VIEW tasks AS SELECT id, step, title, title_ja, state, due, done_at, done_by, rule, note FROM t_task;
)sql";
}

std::string_view index_schema() {
  return R"sql(
CREATE INDEX IF NOT EXISTS i_event_when ON t_event(when_ns, id);
CREATE INDEX IF NOT EXISTS i_event_id ON t_event(id);
CREATE INDEX IF NOT EXISTS i_file_sha256 ON t_file(sha256) WHERE sha256 IS NOT NULL;
)sql";
}

std::string_view drop_indexes() {
  return R"sql(
DROP INDEX IF EXISTS i_event_when;
DROP INDEX IF EXISTS i_event_id;
DROP INDEX IF EXISTS i_file_sha256;
)sql";
}

}  // namespace triage
