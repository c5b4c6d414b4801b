// SPDX-License-Identifier: Apache-2.0
// What the report says of custody.jsonl: whether its chain holds, and its last entries.
#include <fcntl.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "report/report_facts.h"

namespace triage {
namespace {

std::string text_at(const nlohmann::json& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

}  // namespace

CustodyFacts read_custody(const CaseFolder& folder, Database& database, std::size_t limit) {
  CustodyFacts out;
  const auto mirror = mirrored_custody(database);
  const std::string path = folder.path() + "/custody.jsonl";
  if (!open_beneath(folder.fd(), "custody.jsonl", O_RDONLY)) {
    out.check.message = mirror && *mirror && (*mirror)->count > 0 ? "custody.jsonl is gone" : "";
    return out;
  }
  out.present = true;
  out.check = verify_custody(path, mirror ? *mirror : std::nullopt);
  std::ifstream lines(path, std::ios::binary);
  std::string line;
  while (std::getline(lines, line)) {
    const auto json = nlohmann::json::parse(line, nullptr, false);
    if (!json.is_object()) continue;
    CustodyEntry entry;
    entry.kind = text_at(json, "kind");
    if (entry.kind.empty()) continue;
    if (const std::string version = text_at(json, "tool_version"); !version.empty()) out.last_tool_version = version;
    if (const auto n = json.find("n"); n != json.end() && n->is_number_unsigned())
      entry.number = n->get<std::uint64_t>();
    entry.time = text_at(json, "time");
    entry.authority = text_at(json, "authority");
    if (const std::string sha = text_at(json, "tool_sha256"); !sha.empty()) out.last_tool_sha256 = sha;
    entry.json = line;
    // The end of a run repeats what its beginning said.
    if (entry.kind == "run" && !out.entries.empty() && out.entries.back().kind == "run_begun") {
      out.entries.pop_back();
      --out.total;
    }
    ++out.total;
    out.entries.push_back(std::move(entry));
    if (out.entries.size() > limit) out.entries.erase(out.entries.begin());
  }
  return out;
}

}  // namespace triage
