// SPDX-License-Identifier: Apache-2.0
#include "report/exhibits.h"

#include <algorithm>
#include <array>
#include <set>

#include "bytes/text.h"
#include "report/answers.h"
#include "report/html_writer.h"
#include "report/report_words.h"

namespace triage {
namespace {

constexpr std::size_t kMostFiles = 100;
constexpr std::size_t kMostCharacters = 50;
constexpr auto kCourtTypes = std::to_array<std::string_view>({".pdf", ".mp3", ".mp4", ".jpg", ".jpeg", ".png"});

std::string extension_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string() : ascii_lower(name.substr(dot));
}

/// The next id that nobody has.
std::string next_id(const std::vector<ExhibitRecord>& all) {
  for (std::size_t number = all.size() + 1;; ++number) {
    std::string id = fmt::format("D-{:04}", number);
    if (std::none_of(all.begin(), all.end(), [&](const ExhibitRecord& one) { return one.id == id; })) return id;
  }
}

/// Adds `one` unless the same thing is there; what it is shown by (file or evidence) tells.
void add(std::vector<ExhibitRecord>& all, ExhibitRecord one) {
  for (ExhibitRecord& there : all) {
    if (there.file != one.file || there.evidence != one.evidence || there.locator != one.locator) continue;
    there.sha256 = one.sha256;
    if (there.purpose.empty()) there.purpose = one.purpose;
    return;
  }
  one.id = next_id(all);
  all.push_back(std::move(one));
}

/// The questions that the report answers, as what it is to prove.
std::string report_purpose(const ReportFacts& facts, const Phrases& say) {
  std::string out;
  for (const Answer& answer : answers_of(facts)) {
    if (out.size() > 600) break;
    const std::string_view question =
        answer.counsel ? std::string_view(answer.text) : word(say, WordGroup::kQuestion, answer.question);
    out += fmt::format("{}{}", out.empty() ? "" : " / ", question);
  }
  return out;
}

/// Kept files at the paths that findings name, with the finding's question as what they prove.
Status add_files(const ReportFacts& facts, Database& database, const Phrases& say, std::vector<ExhibitRecord>& all) {
  TRIAGE_TRY(Statement rows, database.prepare("SELECT saved_as, method, sha256, stream FROM files WHERE saved = 1 AND "
                                              "saved_as IS NOT NULL AND path = ?1 AND evidence = ?2 LIMIT 1"));
  std::set<std::string> seen;
  for (const FindingFacts& finding : facts.findings) {
    if (finding.path.empty() || all.size() >= kMostFiles || !seen.insert(finding.path).second) continue;
    rows.reset();
    rows.bind(1, std::string_view(finding.path));
    rows.bind(2, std::string_view(finding.evidence));
    TRIAGE_TRY(const bool kept, rows.step());
    if (!kept) continue;
    ExhibitRecord one;
    one.title = base_name(finding.path);
    one.original = say(Both("copy (recovered)", "写し(復元)"));
    one.purpose = word(say, WordGroup::kQuestion, finding.question);
    one.remarks = fmt::format("SHA-256 {}", rows.text(2));
    one.evidence = finding.evidence;
    one.locator = finding.locator;
    one.sha256 = rows.text(2);
    one.file = fmt::format("3-investigation/{}/{}", rows.text(1) == "carved" ? "carved" : "recovered", rows.text(0));
    add(all, std::move(one));
  }
  return {};
}

/// Without what a file name may not hold; what a person must not overlook becomes "_".
std::string file_name_part(std::string_view text) {
  std::string out;
  for (const char c : escape_terminal(text)) {
    const bool bad =
        static_cast<unsigned char>(c) < 0x20 || std::string_view("/\\:*?\"<>|%").find(c) != std::string_view::npos;
    out.push_back(bad ? '_' : c);
  }
  while (!out.empty() && (out.back() == '.' || out.back() == ' ')) out.pop_back();
  while (!out.empty() && (out.front() == '.' || out.front() == '-')) out.front() = '_';
  return out;
}

/// The first `count` code points.
std::string first_characters(const std::string& text, std::size_t count) {
  std::size_t at = 0;
  for (std::size_t n = 0; at < text.size() && n < count; ++n) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
  }
  return text.substr(0, at);
}

}  // namespace

Result<std::vector<ExhibitRecord>> read_exhibits(Database& database) {
  TRIAGE_TRY(Statement rows, database.prepare("SELECT id, label, title, original, created, author, purpose, remarks, "
                                              "evidence, locator, sha256, file FROM exhibits ORDER BY id"));
  std::vector<ExhibitRecord> out;
  while (true) {
    TRIAGE_TRY(const bool more, rows.step());
    if (!more) return out;
    ExhibitRecord& one = out.emplace_back();
    int column = 0;
    for (std::string* text : {&one.id, &one.label, &one.title, &one.original, &one.created, &one.author, &one.purpose,
                              &one.remarks, &one.evidence, &one.locator, &one.sha256, &one.file}) {
      *text = rows.text(column++);
    }
  }
}

Result<std::vector<ExhibitRecord>> draft_exhibits(const ReportFacts& facts, Database& database, const Phrases& say,
                                                  const std::string& created, std::vector<ExhibitRecord> known) {
  ExhibitRecord report;
  report.title = say(Say::kTitle);
  report.original = say(Both("original", "原本"));
  report.created = created;
  for (const CasePerson& person : facts.settings.people) {
    if (person.role == "examiner") report.author += (report.author.empty() ? "" : ", ") + person.name;
  }
  report.purpose = report_purpose(facts, say);
  report.file = "report.pdf";
  add(known, std::move(report));
  for (const EvidenceFacts& evidence : facts.evidence) {
    ExhibitRecord one;
    one.title = base_name(evidence.name);
    one.original = say(Both("copy (image of the medium)", "写し(媒体の複製)"));
    one.created = evidence.started;
    one.purpose = say(Both("source of the records in the report", "報告書の記録の出どころ"));
    one.remarks = evidence.sha256.empty() ? std::string() : fmt::format("SHA-256 {}", evidence.sha256);
    one.evidence = evidence.id;
    one.sha256 = evidence.sha256;
    add(known, std::move(one));
  }
  TRIAGE_TRY_STATUS(add_files(facts, database, say, known));
  return known;
}

Status label_exhibits(std::vector<ExhibitRecord>& exhibits,
                      const std::vector<std::pair<std::string, std::string>>& labels) {
  for (const auto& [id, label] : labels) {
    const auto at =
        std::find_if(exhibits.begin(), exhibits.end(), [&id = id](const ExhibitRecord& one) { return one.id == id; });
    if (at == exhibits.end()) return fail(ErrorCode::kUsage, "there is no such exhibit", escape_terminal(id));
    if (label.size() > 60 || file_name_part(label) != label)
      return fail(ErrorCode::kUsage, "an exhibit's label is part of a file name", escape_terminal(label));
    at->label = label;
  }
  std::set<std::string> seen;
  for (const ExhibitRecord& one : exhibits) {
    if (!one.label.empty() && !seen.insert(one.label).second)
      return fail(ErrorCode::kUsage, "two exhibits have the same label", escape_terminal(one.label));
  }
  return {};
}

bool is_court_file(std::string_view name) {
  return std::find(kCourtTypes.begin(), kCourtTypes.end(), extension_of(name)) != kCourtTypes.end();
}

std::string court_file_name(const ExhibitRecord& exhibit) {
  const std::string extension = extension_of(exhibit.file);
  std::string title = exhibit.title;
  if (ascii_lower(title).ends_with(extension)) title.resize(title.size() - extension.size());
  const std::string stem =
      file_name_part(fmt::format("{}_{}", exhibit.label.empty() ? exhibit.id : exhibit.label, title));
  return first_characters(stem, kMostCharacters - extension.size()) + extension;
}

}  // namespace triage
