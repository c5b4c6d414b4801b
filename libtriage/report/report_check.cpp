// SPDX-License-Identifier: Apache-2.0
#include "report/report_check.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "bytes/text.h"
#include "playbook/playbook_check.h"
#include "report/html_writer.h"
#include "report/report_words.h"
#include "report/sections.h"

namespace triage {
namespace {

constexpr std::size_t kMostCharacters = 140;  // of a Japanese sentence
constexpr double kMostCharactersMean = 80;
constexpr std::size_t kMostWords = 60;  // of an English one
constexpr double kMostWordsMean = 30;
constexpr std::size_t kLeastForMean = 20;  // sentences

constexpr auto kForbiddenEnglish = std::to_array<std::string_view>(
    {"completely", "undoubtedly", "without doubt", "without any doubt", "culprit", "perpetrator", "criminal"});

/// Words of the trade that a reader of the report meets; each must be explained in the glossary.
constexpr auto kTradeWords = std::to_array<std::string_view>(
    {"ボリューム",       "ハッシュ",       "ストリーム",   "プリフェッチ", "ジャンプリスト",
     "レジストリー",     "シェルバッグ",   "カービング",   "スラック",     "余り領域",
     "未割当て",         "オフセット",     "ジャーナル",   "マルウェア",   "ランサムウェア",
     "フォレンジック",   "タイムスタンプ", "ウェブシェル", "イメージ",     "ショートカット",
     "ファイルシステム", "ごみ箱",         "アカウント",   "標本",         "inode"});
/// Abbreviations that need no explanation in an office.
constexpr auto kOfficeWords = std::to_array<std::string_view>(
    {"CONFIDENTIAL", "WARNING",    "DRAFT",      "PiB",    "EiB",  "KiB",    "MiB",     "GiB", "TiB",
     "ID",           "PC",         "PDF",        "CSV",    "HTML", "IPA",    "MITRE",   "FAX", "WordPress",
     "OneDrive",     "PowerShell", "JavaScript", "GitHub", "iOS",  "macOS",  "OpenSSH", "FTP", "PPC",
     "METI",         "TBC",        "JNSA",       "JO",     "RFC",  "README", "WEB",     "SNS", "II"});

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::size_t words_in(std::string_view text) {
  std::size_t count = 0;
  bool inside = false;
  for (const char c : text) {
    const bool letter = c != ' ' && c != '\n';
    if (letter && !inside) ++count;
    inside = letter;
  }
  return count;
}

std::string_view forbidden_in(std::string_view text, bool japanese) {
  if (japanese) return forbidden_word_in(text);
  const std::string lower = ascii_lower(text);
  for (const std::string_view one : kForbiddenEnglish) {
    if (lower.find(one) != std::string::npos) return one;
  }
  return {};
}

/// Calls `visit` with each sentence; Japanese ends with 。, English with a full stop and a blank.
template <typename Visit>
void for_sentences(std::string_view text, bool japanese, const Visit& visit) {
  const std::string_view mark = japanese ? std::string_view("。") : std::string_view(". ");
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(mark), text.find('\n'));
    const std::string_view one = text.substr(0, end);
    if (!one.empty()) visit(one);
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + (text[end] == '\n' ? 1 : mark.size()));
  }
}

bool too_long(std::string_view sentence, bool japanese) {
  return japanese ? code_points(sentence) > kMostCharacters : words_in(sentence) > kMostWords;
}

/// True when the rule gave a reason for `word`: details {"word_basis": {"完全に": "…"}}.
bool has_basis(const FindingFacts& finding, std::string_view word) {
  const auto details = nlohmann::json::parse(finding.details, nullptr, false);
  if (!details.is_object() || !details.contains("word_basis") || !details["word_basis"].is_object()) return false;
  const auto& bases = details["word_basis"];
  const auto at = bases.find(std::string(word));
  return at != bases.end() && at->is_string() && !at->get_ref<const std::string&>().empty();
}

std::vector<std::string_view> missing_parts(const FindingFacts& finding, const Phrases& say) {
  std::vector<std::string_view> out;
  const auto need = [&](bool there, const Both& name) {
    if (!there) out.push_back(say(name));
  };
  const bool content = !finding.locator.empty() || !finding.exhibits.empty();
  need(!finding.claim.empty() && finding.claim != finding.rule, {"claim", "主張"});
  need(finding.event_count > 0 || content, {"evidence", "根拠"});
  // A rule over contents says that something was found, no more; one over events must say how likely its claim is.
  const bool stated = !finding.likelihood.empty() && (finding.likelihood != "not_stated" || content);
  need(stated, {"likelihood", "可能性"});
  need(!finding.quality.empty(), {"quality of evidence", "証拠の質"});
  need(!finding.alternatives.empty(), {"alternatives considered", "ほかに考えられる説明"});
  need(!finding.limits.empty(), {"limits", "限界"});
  need(!finding.question.empty(), {"question it answers", "立証趣旨"});
  need(!finding.step.empty(), {"step", "段階"});
  return out;
}

std::string beginning(std::string_view sentence) {
  const std::string_view shown = cut_text(sentence, 60);
  return std::string(shown) + (shown.size() < sentence.size() ? "…" : "");
}

/// Names in the glossary, as one text to search in.
std::string glossary_text() {
  std::string out;
  for (const Term& term : glossary())
    out += fmt::format("{}\n{}\n{}\n{}\n", term.en, term.ja, term.meaning_en, term.meaning_ja);
  return out;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::vector<ReportFault> check_findings(const ReportFacts& facts, const Phrases& say) {
  std::vector<ReportFault> out;
  for (std::size_t i = 0; i < facts.findings.size(); ++i) {
    const FindingFacts& finding = facts.findings[i];
    const std::string where = fmt::format("{}-{} {}", section_number("findings"), i + 1, finding.rule);
    for (const std::string_view part : missing_parts(finding, say))
      out.push_back({where, say(Both("the finding lacks: {0}", "所見に欠けている: {0}"), part)});
    for (const std::string* text : {&finding.claim, &finding.alternatives, &finding.limits}) {
      const std::string_view word = forbidden_in(*text, say.japanese());
      if (!word.empty() && !has_basis(finding, word))
        out.push_back({where, say(Both("a word without basis: {0}", "根拠のない語: {0}"), word)});
    }
  }
  return out;
}

std::vector<ReportFault> check_finding_sentences(const ReportFacts& facts, const Phrases& say) {
  std::vector<ReportFault> out;
  for (std::size_t i = 0; i < facts.findings.size(); ++i) {
    const FindingFacts& finding = facts.findings[i];
    const std::string where = fmt::format("{}-{} {}", section_number("findings"), i + 1, finding.rule);
    for (const std::string* text : {&finding.claim, &finding.alternatives, &finding.limits}) {
      for_sentences(*text, say.japanese(), [&](std::string_view sentence) {
        if (too_long(sentence, say.japanese()))
          out.push_back({where, say(Both("a sentence is too long: {0}", "文が長すぎる: {0}"), beginning(sentence))});
      });
    }
  }
  return out;
}

void TextCheck::add(std::string_view own_words) {
  for_sentences(own_words, say_.japanese(), [this](std::string_view sentence) { add_sentence(sentence); });
  add_terms(own_words);
}

void TextCheck::add_sentence(std::string_view sentence) {
  if (!seen_.emplace(sentence).second) return;
  length_ += say_.japanese() ? code_points(sentence) : words_in(sentence);
  if (too_long(sentence, say_.japanese()))
    found_.push_back({beginning(sentence), std::string(say_(Both("the sentence is too long", "文が長すぎる")))});
  if (const std::string_view word = forbidden_in(sentence, say_.japanese()); !word.empty())
    found_.push_back({beginning(sentence), say_(Both("a word without basis: {0}", "根拠のない語: {0}"), word)});
}

void TextCheck::add_terms(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    if (!is_letter(text[i])) {
      ++i;
      continue;
    }
    std::size_t end = i;
    int capitals = 0;
    while (end < text.size() && (is_letter(text[end]) || is_digit(text[end]) || text[end] == '&')) {
      capitals += text[end] >= 'A' && text[end] <= 'Z' ? 1 : 0;
      ++end;
    }
    // A path or a file name is no term.
    const bool name = (i > 0 && std::string_view("/\\_.-").find(text[i - 1]) != std::string_view::npos) ||
                      (end < text.size() && std::string_view("/\\_").find(text[end]) != std::string_view::npos);
    if (capitals >= 2 && !name) terms_.emplace(text.substr(i, end - i));
    i = end;
  }
  if (!say_.japanese()) return;
  for (const std::string_view word : kTradeWords) {
    if (text.find(word) != std::string_view::npos) terms_.emplace(word);
  }
}

double TextCheck::average() const {
  return seen_.empty() ? 0 : static_cast<double>(length_) / static_cast<double>(seen_.size());
}

std::vector<ReportFault> TextCheck::faults() const {
  std::vector<ReportFault> out = found_;
  if (seen_.size() >= kLeastForMean && average() > (say_.japanese() ? kMostCharactersMean : kMostWordsMean))
    out.push_back({say_.japanese() ? "平均" : "mean",
                   say_(Both("sentences are too long on average: {0}", "文が平均して長すぎる: {0}"),
                        fmt::format("{:.1f}", average()))});
  const std::string known = glossary_text();
  for (const std::string& term : terms_) {
    const bool office = std::find(kOfficeWords.begin(), kOfficeWords.end(), term) != kOfficeWords.end();
    if (!office && known.find(term) == std::string::npos)
      out.push_back({term, std::string(say_(Both("the term is not in the glossary", "用語の章に説明がない")))});
  }
  return out;
}

}  // namespace triage
