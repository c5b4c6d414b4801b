// SPDX-License-Identifier: Apache-2.0
#include "cli/replay.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "bytes/digest.h"
#include "bytes/text.h"
#include "bytes/time_formats.h"
#include "cli/case_work.h"
#include "cli/display_zone.h"
#include "cli/report_job.h"
#include "store/custody.h"
#include "store/export_case.h"
#include "store/export_timeline.h"

namespace triage::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxLog = std::size_t{512} << 20;

/// What report.html was made from, as case.db keeps it.
struct Recipe {
  std::string lang;
  std::string tz;
  std::int64_t created_ns = 0;
  std::string tool_version;
  std::uint64_t custody_entries = 0;
  std::string case_name;
};

std::optional<Recipe> parse_recipe(const std::string& text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  Recipe out;
  const auto word = [&json](const char* key) {
    const auto at = json.find(key);
    return at != json.end() && at->is_string() ? at->get<std::string>() : std::string();
  };
  const auto created = json.find("created_ns");
  const auto entries = json.find("custody_entries");
  if (created == json.end() || !created->is_number_integer()) return std::nullopt;
  if (entries == json.end() || !entries->is_number_unsigned()) return std::nullopt;
  out.created_ns = created->get<std::int64_t>();
  out.custody_entries = entries->get<std::uint64_t>();
  out.lang = word("lang");
  out.tz = word("tz");
  out.tool_version = word("tool_version");
  out.case_name = word("case_name");
  // The name becomes a folder's.
  if (out.case_name.empty() || out.case_name.find('/') != std::string::npos || out.case_name.starts_with('.'))
    out.case_name = "case";
  return out;
}

/// The file in both cases, byte for byte.
CheckResult compare(const std::string& name, const CaseFolder& before, const CaseFolder& again,
                    const std::string& path) {
  const auto first = sha256_beneath(before.fd(), path);
  if (!first) return {name, true, "the case has none"};
  const auto second = sha256_beneath(again.fd(), path);
  if (!second) return {name, false, "could not be made again"};
  if (*first == *second) return {name, true, "the same bytes, SHA-256 " + *first};
  return {name, false, "differs: SHA-256 " + *first + " in the case, " + *second + " made anew"};
}

/// The first `count` lines of the log and the hash of the last of them.
Result<CustodyHead> copy_log(const CaseFolder& from, const std::string& to, std::uint64_t count) {
  TRIAGE_TRY(const std::string text, read_beneath(from.fd(), "custody.jsonl", kMaxLog));
  std::size_t end = 0;
  std::size_t begin = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::size_t line = text.find('\n', end);
    if (line == std::string::npos)
      return fail(ErrorCode::kVerification, "the custody log is shorter than when the report was made", to);
    begin = end;
    end = line + 1;
  }
  std::ofstream out(to, std::ios::binary | std::ios::trunc);
  out << text.substr(0, end);
  if (!out.flush()) return fail(ErrorCode::kOutput, "cannot be written", to);
  return CustodyHead{count, count == 0 ? "" : sha256_hex(std::string_view(text).substr(begin, end - begin - 1))};
}

/// A case of the same name with the same settings and records, its log as long as it was for the report.
Result<CaseFolder> copy_case(const CaseFolder& source, const std::string& dir, const Recipe& recipe) {
  TRIAGE_TRY(const CaseSettings settings, source.settings());
  TRIAGE_TRY(CaseFolder copy, CaseFolder::create(dir, settings));
  std::error_code error;
  const auto replace = fs::copy_options::overwrite_existing;
  fs::copy_file(source.path() + "/case.yaml", dir + "/case.yaml", replace, error);
  if (!error) fs::copy_file(source.database_path(), copy.database_path(), replace, error);
  if (error) return fail(ErrorCode::kOutput, "the case cannot be copied", dir, error.value());
  TRIAGE_TRY(const CustodyHead head, copy_log(source, dir + "/custody.jsonl", recipe.custody_entries));
  TRIAGE_TRY(CaseDb database, CaseDb::open(copy.database_path()));
  TRIAGE_TRY_STATUS(database.set_custody_head(head.count, head.head));
  TRIAGE_TRY_STATUS(database.close());
  return copy;
}

/// report.html and the exports from case.db alone.
Status replay_records(const Context& context, const CaseFolder& source, const std::string& dir,
                      std::vector<CheckResult>& checks) {
  TRIAGE_TRY(Database looked_at, Database::open(source.database_path(), Database::Mode::kImmutable));
  TRIAGE_TRY(Statement row, looked_at.prepare("SELECT value FROM meta WHERE key = ?1"));
  row.bind(1, kRecipeKey);
  TRIAGE_TRY(const bool known, row.step());
  const auto recipe = known ? parse_recipe(std::string(row.text(0))) : std::nullopt;
  TRIAGE_TRY(CaseFolder copy,
             copy_case(source, dir + "/" + (recipe ? recipe->case_name : "case"), recipe.value_or(Recipe{})));
  TRIAGE_TRY(const CaseSettings settings, source.settings());
  TRIAGE_TRY(const std::string zone_name,
             looked_at.text("SELECT coalesce((SELECT value FROM meta WHERE key = 'export.tz'), '')"));
  TRIAGE_TRY(const DisplayZone zone, zone_named(zone_name.empty() ? settings.time_zone : zone_name));
  TRIAGE_TRY(CaseDb database, CaseDb::open(copy.database_path()));
  TRIAGE_TRY_STATUS(export_case(copy, database, zone));
  for (const ExportedFile& one : kExportedFiles)
    checks.push_back(compare(std::string(one.name), source, copy, "3-investigation/" + std::string(one.name)));
  if (!recipe) {
    checks.push_back(
        {"report.html", !open_beneath(source.fd(), "report.html", O_PATH), "case.db keeps no recipe of it"});
    return database.close();
  }
  Context of_source = context;
  of_source.case_dir = source.path();
  TRIAGE_TRY(const PlaybookLibrary library, load_playbooks(of_source, {}));
  ReportRequest request;
  request.lang = recipe->lang;
  TRIAGE_TRY(request.zone, zone_named(recipe->tz));
  request.tool_version = recipe->tool_version;
  request.generated_at = utc_text(recipe->created_ns, 9);
  request.library = &library;
  TRIAGE_TRY_STATUS(write_report(copy, database.database(), request));
  checks.push_back(compare("report.html", source, copy, "report.html"));
  return database.close();
}

struct RecordedRun {
  std::vector<std::string> arguments;  ///< after "run", without the case, the evidence and what only talks
};

/// The runs of the log that read evidence, in order.
std::vector<RecordedRun> recorded_runs(std::string_view log) {
  static const std::set<std::string, std::less<>> kDropped = {"-q", "--quiet", "-v", "--json", "--resume", "--dry-run"};
  std::vector<RecordedRun> out;
  while (!log.empty()) {
    const std::size_t end = log.find('\n');
    const auto json = nlohmann::json::parse(log.substr(0, end), nullptr, false);
    log.remove_prefix(end == std::string_view::npos ? log.size() : end + 1);
    if (!json.is_object() || json.value("kind", "") != "run" || !json.contains("argv") || !json["argv"].is_array())
      continue;
    std::vector<std::string> argv;
    for (const auto& one : json["argv"]) argv.push_back(one.is_string() ? one.get<std::string>() : std::string());
    if (argv.size() < 2 || argv[1] != "run" || !json.contains("inputs") || json["inputs"].empty()) continue;
    RecordedRun run;
    for (std::size_t i = 2; i < argv.size(); ++i) {
      if (argv[i] == "--case") {
        ++i;
      } else if (argv[i].starts_with("--case=") || kDropped.contains(argv[i])) {
        continue;
      } else if (argv[i].starts_with('-')) {
        run.arguments.push_back(argv[i]);
        const bool value = i + 1 < argv.size() && !argv[i + 1].starts_with('-') &&
                           argv[i].find('=') == std::string::npos && argv[i] != "--no-image-hash" &&
                           argv[i] != "--no-recover";
        if (value) run.arguments.push_back(argv[++i]);
      }
    }
    out.push_back(std::move(run));
  }
  return out;
}

/// This program again, as an ordinary command of its own. Its exit status.
Result<int> run_myself(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "triage");
  std::vector<char*> argv;
  for (std::string& one : arguments) argv.push_back(one.data());
  argv.push_back(nullptr);
  pid_t pid = -1;
  const int error = ::posix_spawn(&pid, "/proc/self/exe", nullptr, nullptr, argv.data(), environ);
  if (error != 0) return fail(ErrorCode::kOutput, "the run cannot be started", {}, error);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Everything from the evidence: the sweep of the first run again, and the exports compared.
Status replay_evidence(const CaseFolder& source, const ReplayChoice& choice, std::vector<CheckResult>& checks) {
  TRIAGE_TRY(const std::string log, read_beneath(source.fd(), "custody.jsonl", kMaxLog));
  const std::vector<RecordedRun> runs = recorded_runs(log);
  if (runs.empty()) return fail(ErrorCode::kUsage, "the custody log holds no run that read evidence", source.path());
  TRIAGE_TRY(const CaseSettings settings, source.settings());
  const std::string dir = choice.folder + "/from-evidence";
  std::vector<std::string> arguments = {"run"};
  arguments.insert(arguments.end(), choice.evidence.begin(), choice.evidence.end());
  arguments.insert(arguments.end(), runs.front().arguments.begin(), runs.front().arguments.end());
  for (const char* one : {"--case", dir.c_str(), "-q"}) arguments.emplace_back(one);
  TRIAGE_TRY(const int status, run_myself(std::move(arguments)));
  checks.push_back({"run", status == 0 || status == 1, fmt::format("exit status {}", status)});
  if (status != 0 && status != 1) return {};
  TRIAGE_TRY(const CaseFolder again, CaseFolder::open(dir, CaseFolder::Access::kRead));
  for (const ExportedFile& one : kExportedFiles)
    checks.push_back(
        compare("evidence: " + std::string(one.name), source, again, "3-investigation/" + std::string(one.name)));
  return {};
}

}  // namespace

Result<std::vector<CheckResult>> replay_case(const Context& context, const ReplayChoice& choice) {
  std::error_code error;
  std::string path = choice.source;
  if (fs::exists(path + "/bagit.txt", error)) path += "/data";
  if (!fs::is_directory(path, error))
    return fail(ErrorCode::kUsage, "neither a case nor a bundle that is a folder", choice.source, 0,
                "unpack an archive first: zstd -d < FILE.tar.zst | tar -x -C DIR");
  TRIAGE_TRY(const CaseFolder source, CaseFolder::open(path, CaseFolder::Access::kRead));
  if (fs::exists(choice.folder, error) && !fs::is_empty(choice.folder, error))
    return fail(ErrorCode::kUsage, "the folder holds something already", choice.folder, 0, "nothing is overwritten");
  fs::create_directories(choice.folder, error);
  if (error) return fail(ErrorCode::kOutput, "the folder cannot be made", choice.folder, error.value());
  fs::permissions(choice.folder, fs::perms::owner_all, error);
  std::vector<CheckResult> checks;
  TRIAGE_TRY_STATUS(replay_records(context, source, choice.folder, checks));
  if (!choice.evidence.empty()) TRIAGE_TRY_STATUS(replay_evidence(source, choice, checks));
  return checks;
}

}  // namespace triage::cli
