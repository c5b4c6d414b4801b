// SPDX-License-Identifier: Apache-2.0
#include "report/answers.h"

#include <algorithm>
#include <array>

namespace triage {
namespace {

constexpr std::array<std::string_view, 8> kLikelihoods = {"not_stated",  "remote", "very_unlikely", "unlikely",
                                                          "even_chance", "likely", "very_likely",   "almost_certain"};
constexpr int kLikely = 5;
constexpr int kEven = 4;

/// What a report on each leak type must answer, found or not.
struct Expected {
  std::string_view type;
  std::array<std::string_view, 6> questions;
};
constexpr std::array<Expected, 7> kExpected = {{
    {"loss", {"encryption_present", "exfiltration_removable_media"}},
    {"missend", {"exfiltration_mail", "exfiltration_web_upload"}},
    {"insider",
     {"staging_and_removal", "exfiltration_removable_media", "exfiltration_web_upload", "exfiltration_mail",
      "exfiltration_paper", "destruction_of_traces"}},
    {"p2p", {"exfiltration_p2p", "p2p_present", "malware_present"}},
    {"malware", {"malware_present", "ransomware_present", "credentials_taken", "foothold", "exfiltration_web_upload"}},
    {"intrusion",
     {"entry_and_access", "webshell_present", "credentials_taken", "foothold", "exfiltration_tool",
      "destruction_of_traces"}},
    {"rumour", {"secret_document_present", "exfiltration_web_upload", "exfiltration_mail"}},
}};

/// Fills verdict, likelihood and findings from the findings of `answer.question`.
void judge(const ReportFacts& facts, Answer& answer) {
  std::vector<std::string_view> likelihoods;
  for (std::uint32_t i = 0; i < facts.findings.size(); ++i) {
    if (answer.question.empty() || facts.findings[i].question != answer.question) continue;
    answer.findings.push_back(i + 1);
    likelihoods.push_back(facts.findings[i].likelihood);
  }
  const auto rank = [&facts](std::uint32_t number) { return likelihood_rank(facts.findings[number - 1].likelihood); };
  std::stable_sort(answer.findings.begin(), answer.findings.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return rank(a) > rank(b); });
  answer.verdict = verdict_of(likelihoods);
  if (!answer.findings.empty()) answer.likelihood = facts.findings[answer.findings.front() - 1].likelihood;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(" \t\r");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r") - from + 1);
}

void add_requests(const ReportFacts& facts, std::vector<Answer>& out) {
  const Fact* asked = facts.playbook ? facts.playbook->facts.find("answer.request") : nullptr;
  if (asked == nullptr) return;
  std::string_view rest = asked->text.ja;
  while (!rest.empty() && out.size() < 50) {
    const std::size_t end = rest.find('\n');
    std::string_view line = trimmed(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.empty()) continue;
    Answer answer;
    answer.counsel = true;
    const std::size_t colon = line.find(':');
    const std::string_view id = line.substr(0, colon);
    if (colon != std::string_view::npos && !id.empty() &&
        id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos) {
      answer.question = id;
      line = trimmed(line.substr(colon + 1));
    }
    answer.text = line;
    judge(facts, answer);
    out.push_back(std::move(answer));
  }
}

}  // namespace

int likelihood_rank(std::string_view likelihood) {
  const auto at = std::find(kLikelihoods.begin(), kLikelihoods.end(), likelihood);
  return at == kLikelihoods.end() ? 0 : static_cast<int>(at - kLikelihoods.begin());
}

Verdict verdict_of(const std::vector<std::string_view>& likelihoods) {
  if (likelihoods.empty()) return Verdict::kOpen;
  int most = 0;
  bool unstated = false;
  for (const std::string_view one : likelihoods) {
    most = std::max(most, likelihood_rank(one));
    unstated = unstated || likelihood_rank(one) == 0;
  }
  if (most >= kLikely) return Verdict::kShown;
  return most < kEven && !unstated ? Verdict::kNotShown : Verdict::kOpen;
}

std::vector<Answer> answers_of(const ReportFacts& facts) {
  std::vector<Answer> out;
  add_requests(facts, out);
  const auto add = [&](std::string_view question) {
    const bool there = std::any_of(out.begin(), out.end(), [&](const Answer& one) { return one.question == question; });
    if (question.empty() || there || out.size() >= 100) return;
    Answer answer;
    answer.question = question;
    judge(facts, answer);
    out.push_back(std::move(answer));
  };
  for (const FindingFacts& finding : facts.findings) add(finding.question);
  for (const Expected& expected : kExpected) {
    if (expected.type != facts.settings.leak_type) continue;
    for (const std::string_view question : expected.questions) add(question);
  }
  return out;
}

FilledForm nine_items(const ReportFacts& facts) {
  if (!facts.playbook) return {};
  for (const Form& form : facts.playbook->forms) {
    if (form.id == "ppc-final") return fill_form(form, facts.playbook->facts);
  }
  return {};
}

const DeadlineState* next_deadline(const LegalClock& clock) {
  const DeadlineState* out = nullptr;
  for (const DeadlineState& one : clock.deadlines) {
    if (one.due.empty() || one.applies == Truth::kNo || (one.state != "open" && one.state != "overdue")) continue;
    // What the answers show comes before what they leave open. A rule in hours states a time; the day decides.
    const auto key = [](const DeadlineState& state) {
      return std::pair(state.applies != Truth::kYes, state.due.substr(0, 10));
    };
    if (out == nullptr || key(one) < key(*out)) out = &one;
  }
  return out;
}

}  // namespace triage
