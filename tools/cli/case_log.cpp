// SPDX-License-Identifier: Apache-2.0
// The custody log for people: one line an entry.
#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bytes/text.h"
#include "cli/case_status.h"
#include "cli/output.h"
#include "store/case_db.h"
#include "store/custody.h"

namespace triage::cli {
namespace {

constexpr Message kBroken{"the custody log is not sound: {}", "証拠管理記録に不備がある: {}"};
constexpr std::size_t kMaxCustodySize = std::size_t{512} << 20;

/// What an entry says, in a few words: the note, or the command line and how it ended.
std::string entry_words(const nlohmann::json& entry) {
  std::string out;
  const auto word = [&entry](const char* key) {
    const auto found = entry.find(key);
    return found != entry.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  if (const std::string note = word("text"); !note.empty())
    return word("tag").empty() ? note : fmt::format("[{}] {}", word("tag"), note);
  if (!word("question").empty()) return fmt::format("{} = {} [{}]", word("question"), word("value"), word("tag"));
  if (!word("task").empty())
    return fmt::format("{} {}  {}  {}", word("action"), word("task"), word("by"), word("reason"));
  if (!word("item").empty())
    return fmt::format("{}  {} → {}  {}", word("item"), word("from"), word("to"), word("place"));
  if (!word("scenario").empty()) return word("scenario");
  if (!word("leak_type").empty())
    return fmt::format("{}  {}  {}", word("leak_type"), word("organisation"), word("knew"));
  if (const auto arguments = entry.find("argv"); arguments != entry.end() && arguments->is_array()) {
    for (const auto& one : *arguments)
      out += (out.empty() ? "" : " ") + (one.is_string() ? one.get<std::string>() : "?");
  }
  if (const auto exit = entry.find("exit"); exit != entry.end() && exit->is_number_integer())
    out += fmt::format(" → {}", exit->get<int>());
  if (const auto problem = entry.find("problem"); problem != entry.end() && problem->is_string())
    out += problem->get<std::string>();
  return out;
}

std::string entry_line(std::string_view line) {
  const auto entry = nlohmann::json::parse(line, nullptr, false);
  if (!entry.is_object()) return escape_terminal(line);
  const auto word = [&entry](const char* key) {
    const auto found = entry.find(key);
    return found != entry.end() && found->is_string() ? found->get<std::string>() : std::string("?");
  };
  const auto number = entry.find("n");
  return escape_terminal(fmt::format("{:>4}  {}  {:<10}  {}", number != entry.end() ? number->dump() : "?",
                                     word("time"), word("kind"), entry_words(entry)));
}

/// Where case.db says that the log ends; nullopt where it does not say.
std::optional<CustodyHead> custody_mirror(const CaseFolder& folder) {
  if (!open_beneath(folder.fd(), "3-investigation/case.db", O_PATH)) return std::nullopt;
  auto database = open_case_for_reading(folder.database_path());
  if (!database) return std::nullopt;
  const auto mirror = mirrored_custody(*database);
  return mirror ? *mirror : std::nullopt;
}

}  // namespace

Result<ExitCode> print_custody_log(const Context& context, const CaseFolder& folder) {
  if (!open_beneath(folder.fd(), "custody.jsonl", O_PATH)) return ExitCode::kComplete;
  // The mirror first: what a running command appends meanwhile is ahead of it, not behind.
  const std::optional<CustodyHead> mirror = custody_mirror(folder);
  TRIAGE_TRY(const std::string log, read_beneath(folder.fd(), "custody.jsonl", kMaxCustodySize));
  Output out;
  for (std::string_view rest = log; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    out.line(context.json ? std::string(line) : entry_line(line));
  }
  TRIAGE_TRY_STATUS(out.finish());
  const CustodyCheck check = check_custody(log, mirror);
  if (check.ok) return ExitCode::kComplete;
  warn(context, text(context.lang, kBroken, escape_terminal(check.message)));
  return ExitCode::kVerification;
}

}  // namespace triage::cli
