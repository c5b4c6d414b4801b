// SPDX-License-Identifier: Apache-2.0
// Checking a custody log: which entry is wrong.
#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "bytes/digest.h"
#include "store/custody.h"

namespace triage {
namespace {

constexpr std::string_view kCustodySchema = "triage.custody.v1";

/// The members of one line that make the chain.
struct Link {
  bool whole = false;  ///< a JSON object of our schema
  std::optional<std::uint64_t> n;
  std::optional<std::string> prev;
  std::string kind;
};

Link link_of(std::string_view line) {
  Link out;
  const auto json = nlohmann::json::parse(line, nullptr, false);
  if (!json.is_object()) return out;
  out.whole =
      json.value("schema", nlohmann::json()) == kCustodySchema && json.contains("prev") && json.contains("kind");
  if (const auto n = json.find("n"); n != json.end() && n->is_number_unsigned()) out.n = n->get<std::uint64_t>();
  if (const auto prev = json.find("prev"); prev != json.end() && prev->is_string()) out.prev = prev->get<std::string>();
  if (const auto kind = json.find("kind"); kind != json.end() && kind->is_string()) out.kind = kind->get<std::string>();
  return out;
}

std::vector<std::string_view> lines_of(std::string_view text, std::string_view& torn) {
  std::vector<std::string_view> lines;
  while (true) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) break;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  torn = text;
  return lines;
}

CustodyCheck wrong(CustodyCheck check, std::uint64_t entry, std::string message) {
  if (check.ok) {
    check.ok = false;
    check.wrong_entry = entry;
    check.message = std::move(message);
  }
  return check;
}

/// True when what follows entry `index` (from 0) was not written after it as it stands now.
bool successor_disagrees(const std::vector<Link>& links, const std::vector<std::string>& hashes, std::size_t index,
                         const std::optional<CustodyHead>& expected) {
  if (index + 1 < links.size()) return links[index + 1].prev != hashes[index];
  return expected && expected->count == index + 1 && expected->head != hashes[index];
}

CustodyCheck check_links(CustodyCheck check, const std::vector<Link>& links, const std::vector<std::string>& hashes,
                         const std::optional<CustodyHead>& expected) {
  for (std::size_t i = 0; i < links.size(); ++i) {
    const std::uint64_t entry = i + 1;
    if (!links[i].whole) return wrong(std::move(check), entry, fmt::format("entry {} is not a custody entry", entry));
    if (links[i].n != entry) {
      return wrong(std::move(check), entry,
                   fmt::format("entry {} is missing, moved or renumbered: its place holds number {}", entry,
                               links[i].n ? fmt::to_string(*links[i].n) : "?"));
    }
    const bool fits = i == 0 ? !links[i].prev : links[i].prev == hashes[i - 1];
    if (fits) continue;
    if (i == 0 || successor_disagrees(links, hashes, i, expected)) {
      return wrong(std::move(check), entry, fmt::format("entry {} was changed", entry));
    }
    return wrong(std::move(check), entry - 1, fmt::format("entry {} was changed after entry {} was written", i, entry));
  }
  return check;
}

}  // namespace

CustodyCheck check_custody(std::string_view text, const std::optional<CustodyHead>& expected) {
  CustodyCheck check;
  check.ok = true;
  std::string_view torn;
  const auto lines = lines_of(text, torn);
  check.torn = torn;
  std::vector<Link> links;
  std::vector<std::string> hashes;
  for (const std::string_view line : lines) {
    links.push_back(link_of(line));
    hashes.push_back(sha256_hex(line));
  }
  check.found = {lines.size(), hashes.empty() ? std::string() : hashes.back()};
  check = check_links(std::move(check), links, hashes, expected);
  if (expected && expected->count > lines.size()) {
    check = wrong(std::move(check), lines.size() + 1,
                  fmt::format("entries {} to {} are missing at the end", lines.size() + 1, expected->count));
  } else if (expected && expected->count > 0 && hashes[expected->count - 1] != expected->head) {
    check = wrong(std::move(check), expected->count,
                  fmt::format("entry {} is not the one that the case database names", expected->count));
  }
  for (std::size_t i = 0; i < links.size(); ++i) {
    if (links[i].kind != "custody_broken") continue;
    check = wrong(std::move(check), i + 1, fmt::format("entry {} records that the log was found broken", i + 1));
  }
  if (!torn.empty()) {
    check = wrong(std::move(check), lines.size() + 1,
                  fmt::format("entry {} is torn: {} bytes without an end of line", lines.size() + 1, torn.size()));
  }
  if (!check.ok) return check;
  check.ahead = expected ? lines.size() - expected->count : 0;
  check.message = fmt::format("{} entries, chain whole", lines.size());
  if (check.ahead > 0) check.message += fmt::format(", the last {} not yet noted in case.db", check.ahead);
  return check;
}

CustodyCheck verify_custody(const std::string& path, const std::optional<CustodyHead>& expected) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    CustodyCheck check;
    check.message = "custody.jsonl cannot be opened";
    return check;
  }
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  return check_custody(text, expected);
}

Result<std::optional<CustodyHead>> mirrored_custody(Database& database) {
  TRIAGE_TRY(Statement query, database.prepare("SELECT (SELECT value FROM t_meta WHERE key = 'custody_count'), "
                                               "(SELECT value FROM t_meta WHERE key = 'custody_head')"));
  TRIAGE_TRY(const bool row, query.step());
  if (!row || query.is_null(0) || query.is_null(1)) return std::optional<CustodyHead>();
  CustodyHead out;
  const std::string_view count = query.text(0);
  const auto [end, error] = std::from_chars(count.data(), count.data() + count.size(), out.count);
  if (error != std::errc{} || end != count.data() + count.size()) {
    return fail(ErrorCode::kVerification, "case.db names no number of custody entries", std::string(count));
  }
  out.head = query.text(1);
  return std::optional<CustodyHead>(out);
}

std::optional<std::string> last_output_sha256(std::string_view text, std::string_view name) {
  std::string_view torn;
  const std::vector<std::string_view> lines = lines_of(text, torn);
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    const auto json = nlohmann::json::parse(*line, nullptr, false);
    if (!json.is_object() || !json.contains("outputs") || !json["outputs"].is_array()) continue;
    for (const auto& output : json["outputs"]) {
      const bool named = output.is_object() && output.value("name", nlohmann::json()) == name;
      const auto digest = named ? output.value("sha256", nlohmann::json()) : nlohmann::json();
      if (digest.is_string()) return digest.get<std::string>();
    }
  }
  return std::nullopt;
}

}  // namespace triage
