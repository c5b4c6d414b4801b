// SPDX-License-Identifier: Apache-2.0
#include "store/preview_store.h"

#include "bytes/text.h"

namespace triage {
namespace {

constexpr const char* kSchema = R"sql(
CREATE TABLE IF NOT EXISTS t_preview(
  sha256 TEXT PRIMARY KEY, media TEXT NOT NULL, width INTEGER, height INTEGER, source_width INTEGER,
  source_height INTEGER, content BLOB NOT NULL) WITHOUT ROWID;
CREATE VIEW IF NOT EXISTS previews AS SELECT sha256, media, width, height, source_width, source_height, content
  FROM t_preview;
)sql";
constexpr std::size_t kMostBytes = 6 * 1024;

}  // namespace

Status prepare_previews(Database& database) { return database.execute(kSchema); }

Result<bool> has_previews(Database& database) {
  TRIAGE_TRY(const std::int64_t count,
             database.integer("SELECT count(*) FROM sqlite_schema WHERE type = 'view' AND name = 'previews'"));
  return count > 0;
}

Status keep_preview(Database& database, const PreviewRecord& preview) {
  const bool picture = preview.media == "image/jpeg" && preview.content.starts_with("\xff\xd8");
  const bool text = preview.media == "text/plain" && is_utf8(preview.content);
  if (preview.sha256.size() != 64 || preview.content.size() > kMostBytes || (!picture && !text)) return {};
  TRIAGE_TRY(Statement insert,
             database.prepare("INSERT OR IGNORE INTO t_preview SELECT ?1,?2,?3,?4,?5,?6,CAST(?7 AS BLOB) "
                              "WHERE (SELECT count(*) FROM t_preview) < ?8"));
  insert.bind(1, std::string_view(preview.sha256)).bind(2, std::string_view(preview.media));
  insert.bind(3, preview.width).bind(4, preview.height);
  insert.bind(5, preview.source_width).bind(6, preview.source_height);
  return insert.bind_blob(7, preview.content).bind(8, kMostPreviews).run();
}

}  // namespace triage
