// SPDX-License-Identifier: Apache-2.0
#include "store/verify.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <set>

#include "base/unique_dir.h"
#include "bytes/digest.h"
#include "bytes/text.h"
#include "store/case_db.h"
#include "store/case_folder.h"
#include "store/custody.h"
#include "store/export_case.h"

namespace triage {
namespace {

constexpr std::size_t kMaxCustodyLog = std::size_t{512} << 20;

using KnownDigests = std::map<std::string, std::string>;

/// Digest of a file of the case, read unless it is known already.
Result<std::string> digest_beneath(int folder, const std::string& path, const KnownDigests& known) {
  if (const auto at = known.find(path); at != known.end()) return at->second;
  return sha256_beneath(folder, path);
}

/// Names in a folder, sorted; an unreadable one is empty.
std::vector<std::string> names_in(int folder, const std::string& path) {
  std::vector<std::string> names;
  auto fd = open_beneath(folder, path, O_RDONLY | O_DIRECTORY);
  const UniqueDir dir(fd ? ::fdopendir(fd->release()) : nullptr);
  if (!dir) return names;
  while (const dirent* entry = ::readdir(dir.get())) {  // NOLINT(concurrency-mt-unsafe): a stream of our own
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// One check: the detail when it is fine, the Error when it is not.
CheckResult check(std::string name, const std::function<Result<std::string>()>& body) {
  auto detail = body();
  if (detail) return {std::move(name), true, std::move(*detail)};
  return {std::move(name), false, detail.error().text()};
}

/// Opens case.db so that not even SQLite's side files are made.
Result<Database> open_untouched(const CaseFolder& folder) {
  struct stat log {};
  if (::fstatat(folder.fd(), "3-investigation/case.db-wal", &log, AT_SYMLINK_NOFOLLOW) == 0 && log.st_size > 0) {
    return fail(ErrorCode::kVerification, "a run is writing the case, or was killed: case.db has an open log", {}, 0,
                "finish it with triage run --resume");
  }
  return Database::open(folder.database_path(), Database::Mode::kImmutable);
}

Result<std::string> check_database(Database& database) {
  TRIAGE_TRY(const std::int64_t application, database.integer("PRAGMA application_id"));
  TRIAGE_TRY(const std::int64_t version, database.integer("PRAGMA user_version"));
  TRIAGE_TRY_STATUS(check_case_schema(application, version, database.path()));
  TRIAGE_TRY(const std::string verdict, database.text("PRAGMA integrity_check(1)"));
  if (verdict != "ok") return fail(ErrorCode::kVerification, "case.db is damaged", verdict);
  TRIAGE_TRY(const std::int64_t events, database.integer("SELECT count(*) FROM t_event"));
  TRIAGE_TRY(const std::int64_t open, database.integer("SELECT count(*) FROM t_evidence WHERE state <> 'finished'"));
  std::string detail = fmt::format("whole, {} events", events);
  if (open > 0) detail += fmt::format("; {} evidence not finished", open);
  return detail;
}

Result<std::string> check_custody_log(const CaseFolder& folder, Database* database) {
  std::optional<CustodyHead> mirror;
  if (database != nullptr) {
    TRIAGE_TRY(mirror, mirrored_custody(*database));
  }
  const bool absent = !open_beneath(folder.fd(), "custody.jsonl", O_PATH).has_value();
  if (absent && !mirror) return std::string("no entries yet");
  TRIAGE_TRY(const std::string text, read_beneath(folder.fd(), "custody.jsonl", kMaxCustodyLog));
  const CustodyCheck result = check_custody(text, mirror);
  if (!result.ok) return fail(ErrorCode::kVerification, result.message);
  if (result.ahead > 1) {
    return fail(ErrorCode::kVerification, fmt::format("{} entries at the end are not noted in case.db", result.ahead));
  }
  return result.message + ", unanchored (not sealed yet)";
}

/// Every file PREFIX/ab/<32 hex>.<ext> has the content its name says, and every file that case.db names is there.
Result<std::string> check_kept_files(const CaseFolder& folder, Database* database, bool carved,
                                     const KnownDigests& known) {
  const std::string base = std::string("3-investigation/") + (carved ? "carved" : "recovered");
  std::set<std::string> found;
  for (const std::string& two : names_in(folder.fd(), base)) {
    if (two.size() != 2 || !from_hex(two)) continue;
    for (const std::string& name : names_in(folder.fd(), base + "/" + two)) {
      const std::string below = two + "/" + name;
      if (name.ends_with(".part")) return fail(ErrorCode::kVerification, "a copy was not finished", base + "/" + below);
      TRIAGE_TRY(const std::string digest, digest_beneath(folder.fd(), base + "/" + below, known));
      if (name.substr(0, name.find('.')) != digest.substr(0, 32)) {
        return fail(ErrorCode::kVerification, "a kept file does not have the content its name says",
                    base + "/" + below);
      }
      found.insert(below);
    }
  }
  if (database != nullptr) {
    TRIAGE_TRY(Statement rows, database->prepare("SELECT DISTINCT saved_as FROM t_file WHERE saved_as IS NOT NULL AND "
                                                 "(method IS 'carved') = ?1"));
    rows.bind(1, carved);
    while (true) {
      TRIAGE_TRY(const bool row, rows.step());
      if (!row) break;
      if (!found.contains(std::string(rows.text(0)))) {
        return fail(ErrorCode::kVerification, "a kept file is missing", base + "/" + std::string(rows.text(0)));
      }
    }
  }
  return fmt::format("{} files have the content their names say", found.size());
}

Result<std::string> check_export(const CaseFolder& folder, Database& database, const ExportedFile& exported,
                                 const KnownDigests& digests) {
  const std::string path = "3-investigation/" + std::string(exported.name);
  TRIAGE_TRY(Statement noted, database.prepare("SELECT value FROM t_meta WHERE key = ?1"));
  const std::string key = export_key(exported.name);
  noted.bind(1, std::string_view(key));
  TRIAGE_TRY(const bool known, noted.step());
  const bool there = open_beneath(folder.fd(), path, O_PATH).has_value();
  if (!known && !there) return std::string("not exported yet");
  if (!known) return fail(ErrorCode::kVerification, "case.db does not know this export");
  if (!there) return fail(ErrorCode::kVerification, "the export is missing");
  TRIAGE_TRY(const std::int64_t rows, database.integer(exported.count_sql));
  TRIAGE_TRY(const std::string digest, digest_beneath(folder.fd(), path, digests));
  const std::string expected(noted.text(0));
  const std::string exported_rows = expected.substr(0, expected.find(' '));
  if (exported_rows != fmt::to_string(rows)) {
    return fail(ErrorCode::kVerification, fmt::format("the export has {} rows, case.db has {}", exported_rows, rows));
  }
  if (expected.substr(exported_rows.size() + 1) != digest) {
    return fail(ErrorCode::kVerification, "the export was changed since it was written");
  }
  return fmt::format("{} rows, as in case.db", rows);
}

/// The report is what the custody log says was written last.
Result<std::string> check_report(const CaseFolder& folder, const KnownDigests& known) {
  const bool there = open_beneath(folder.fd(), "report.html", O_PATH).has_value();
  const bool logged = open_beneath(folder.fd(), "custody.jsonl", O_PATH).has_value();
  std::optional<std::string> expected;
  if (logged) {
    TRIAGE_TRY(const std::string text, read_beneath(folder.fd(), "custody.jsonl", kMaxCustodyLog));
    expected = last_output_sha256(text, "report.html");
  }
  if (!expected && !there) return std::string("none yet");
  if (!expected) return fail(ErrorCode::kVerification, "the custody log does not know this report");
  if (!there) return fail(ErrorCode::kVerification, "the report is missing");
  TRIAGE_TRY(const std::string digest, digest_beneath(folder.fd(), "report.html", known));
  if (digest != *expected) return fail(ErrorCode::kVerification, "the report was changed since it was written");
  return std::string("as in the custody log");
}

}  // namespace

Result<std::vector<CheckResult>> verify_case(const std::string& dir, const KnownDigests& digests) {
  TRIAGE_TRY(const CaseFolder folder, CaseFolder::open(dir, CaseFolder::Access::kRead));
  std::vector<CheckResult> checks;
  checks.push_back({"case.yaml", true, "readable"});
  const bool has_database = open_beneath(folder.fd(), "3-investigation/case.db", O_PATH).has_value();
  auto database = has_database ? open_untouched(folder) : Result<Database>(fail(ErrorCode::kVerification, "absent"));
  Database* opened = database ? &*database : nullptr;
  if (has_database) {
    checks.push_back(check("case.db", [&]() -> Result<std::string> {
      if (opened == nullptr) return tl::unexpected<Error>(database.error());
      return check_database(*opened);
    }));
    if (!checks.back().ok) opened = nullptr;
  } else {
    checks.push_back({"case.db", true, "none yet: no evidence was read"});
  }
  checks.push_back(check("custody", [&] { return check_custody_log(folder, opened); }));
  checks.push_back(check("report.html", [&] { return check_report(folder, digests); }));
  checks.push_back(check("recovered", [&] { return check_kept_files(folder, opened, false, digests); }));
  checks.push_back(check("carved", [&] { return check_kept_files(folder, opened, true, digests); }));
  if (opened == nullptr) return checks;
  for (const ExportedFile& exported : kExportedFiles) {
    checks.push_back(
        check(std::string(exported.name), [&] { return check_export(folder, *opened, exported, digests); }));
  }
  return checks;
}

bool all_ok(const std::vector<CheckResult>& checks) {
  return std::all_of(checks.begin(), checks.end(), [](const CheckResult& one) { return one.ok; });
}

}  // namespace triage
