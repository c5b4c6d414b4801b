// SPDX-License-Identifier: Apache-2.0
#include "store/kept_index.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "store/output_file.h"

namespace triage {
namespace {

constexpr std::size_t kMaxIndex = std::size_t{2} << 30;
constexpr const char* kIndexName = "recovered.jsonl";

std::optional<std::vector<Extent>> runs_of(const nlohmann::json& line) {
  const auto runs = line.find("runs");
  if (runs == line.end() || !runs->is_array()) return std::nullopt;
  std::vector<Extent> out;
  for (const auto& run : *runs) {
    if (!run.is_array() || run.size() != 3) return std::nullopt;
    for (const auto& number : run) {
      if (!number.is_number_unsigned()) return std::nullopt;
    }
    out.push_back({ByteOffset{run[0].get<std::uint64_t>()}, ByteCount{run[1].get<std::uint64_t>()},
                   run[2].get<std::uint64_t>() != 0});
  }
  return out;
}

std::string text_of(const nlohmann::json& line, const char* key) {
  const auto value = line.find(key);
  return value != line.end() && value->is_string() ? value->get<std::string>() : std::string();
}

Result<UniqueFd> open_folder(const std::string& dir) {
  UniqueFd fd(::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid()) return fail(ErrorCode::kUnreadable, "cannot be opened", dir, errno);
  return fd;
}

Result<std::string> check_files(int folder, const std::vector<KeptFile>& files) {
  std::set<std::string> seen;
  for (const KeptFile& file : files) {
    if (!seen.insert(file.file).second) continue;
    TRIAGE_TRY(const std::string digest, sha256_beneath(folder, file.file));
    if (digest != file.sha256)
      return fail(ErrorCode::kVerification, "a kept file does not have the content its line says", file.file);
  }
  return fmt::format("{} files have the content their {} lines say", seen.size(), files.size());
}

/// Every file two levels down must have its line.
Result<std::string> check_strangers(const std::string& dir, const std::vector<KeptFile>& files) {
  std::set<std::string> known{kIndexName};
  for (const KeptFile& file : files) known.insert(file.file);
  std::error_code error;
  for (auto at = std::filesystem::recursive_directory_iterator(dir, error);
       !error && at != std::filesystem::recursive_directory_iterator(); at.increment(error)) {
    if (at->is_directory(error)) continue;
    const std::string name = at->path().lexically_relative(dir).string();
    if (at.depth() == 0 || known.contains(name)) continue;
    return fail(ErrorCode::kVerification, "a file that no line names", name);
  }
  if (error) return fail(ErrorCode::kUnreadable, "cannot be read", dir, error.value());
  return std::string("no file that no line names");
}

CheckResult result_of(std::string name, const Result<std::string>& result) {
  if (result) return {std::move(name), true, *result};
  return {std::move(name), false, result.error().text()};
}

}  // namespace

std::optional<KeptFile> parse_kept_line(std::string_view line) {
  const auto json = nlohmann::json::parse(line, nullptr, false);
  if (!json.is_object() || text_of(json, "schema") != "triage.recovered.v1") return std::nullopt;
  KeptFile out;
  out.sha256 = text_of(json, "sha256");
  out.path = text_of(json, "path");
  out.file = text_of(json, "file");
  out.evidence = text_of(json, "evidence");
  const auto size = json.find("size");
  auto runs = runs_of(json);
  if (out.sha256.size() != 64 || out.file.empty() || !runs || size == json.end() || !size->is_number_unsigned())
    return std::nullopt;
  out.size = size->get<std::uint64_t>();
  out.runs = std::move(*runs);
  return out;
}

Result<std::vector<KeptFile>> read_kept_index(int folder, const std::string& path) {
  TRIAGE_TRY(const std::string text, read_beneath(folder, path, kMaxIndex));
  std::vector<KeptFile> out;
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    ++number;
    auto file = parse_kept_line(std::string_view(text).substr(begin, end - begin));
    if (!file || end == std::string::npos)
      return fail(ErrorCode::kVerification, fmt::format("line {} describes no kept file", number), path);
    out.push_back(std::move(*file));
    begin = end + 1;
  }
  return out;
}

bool is_kept_folder(const std::string& dir) {
  struct stat entry {};
  return ::lstat((std::filesystem::path(dir) / kIndexName).c_str(), &entry) == 0 && S_ISREG(entry.st_mode);
}

Result<std::vector<CheckResult>> verify_kept_folder(const std::string& dir) {
  TRIAGE_TRY(const UniqueFd folder, open_folder(dir));
  const auto files = read_kept_index(folder.get(), kIndexName);
  if (!files) return std::vector<CheckResult>{{kIndexName, false, files.error().text()}};
  std::vector<CheckResult> checks;
  checks.push_back({kIndexName, true, fmt::format("{} lines", files->size())});
  checks.push_back(result_of("files", check_files(folder.get(), *files)));
  checks.push_back(result_of("others", check_strangers(dir, *files)));
  return checks;
}

}  // namespace triage
