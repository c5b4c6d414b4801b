// SPDX-License-Identifier: Apache-2.0
// Findings: claim, 5W1H, evidence, likelihood, quality, alternatives, limits.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/sections.h"

namespace triage {
namespace {

void write_likelihood_table(const ReportPage& page) {
  const Phrases& say = page.say;
  page.out.element("h3", say(Say::kLikelihoodTable));
  paragraph(page, say(Say::kLikelihoodIntro));
  GridTable table(page.out, "bands", {std::string(say(Say::kWord)), std::string(say(Say::kBand))},
                  GridTable::Narrow::kScrolls);
  for (const Word& entry : state_words()) {
    if (entry.group != WordGroup::kBand) continue;
    table.begin_row();
    table.text_cell(word(say, WordGroup::kLikelihood, entry.code));
    table.text_cell(say.japanese() ? entry.ja : entry.en);
    table.end_row();
  }
  table.end();
}

void gathered_row(const ReportPage& page, LabelTable& table, Say label, const Gathered& gathered, Say unknown) {
  table.begin_value(page.say(label));
  if (gathered.values.empty()) write_unknown(page, unknown);
  for (std::size_t i = 0; i < gathered.values.size(); ++i) {
    if (i > 0) page.out.empty("br");
    page.out.evidence(gathered.values[i], 300);
  }
  if (gathered.more) page.out.text(" …");
  table.end_value();
}

void write_5w1h(const ReportPage& page, const FindingFacts& finding) {
  const Phrases& say = page.say;
  LabelTable table(page);
  table.begin_value(say(Say::kWhen));
  if (!finding.first_order) {
    write_unknown(page, finding.events.empty() ? Say::kWhenUnknown : Say::kUnknown);
  } else {
    const std::string span = finding.first_when == finding.last_when
                                 ? finding.first_when
                                 : say(Say::kFindingSpan, finding.first_when, finding.last_when);
    page.out.text(finding.locator.empty() ? span : say(Say::kFileTimes, span));
  }
  table.end_value();
  Gathered where = finding.where;
  if (where.values.empty() && !finding.path.empty()) where.add(finding.path);
  if (where.values.empty()) where.add(finding.locator);
  if (!finding.evidence.empty() && !where.values.empty())
    where.values.front() = fmt::format("{}: {}", evidence_name(page, finding.evidence), where.values.front());
  gathered_row(page, table, Say::kWhere, where, Say::kUnknown);
  gathered_row(page, table, Say::kWho, finding.who, Say::kWhoUnknown);
  Gathered what = finding.what;
  // A content rule speaks of the content; the events are those of the file that holds it.
  if (what.values.empty() || !finding.locator.empty()) what = Gathered{{finding.claim}, false};
  gathered_row(page, table, Say::kWhat, what, Say::kUnknown);
  gathered_row(page, table, Say::kWhy, finding.why, Say::kWhyUnknown);
  gathered_row(page, table, Say::kHow, finding.how, Say::kUnknown);
  table.end();
}

void write_event_line(const ReportPage& page, const std::string& id) {
  const auto row = page.facts.finding_events.find(id);
  const std::string anchor = event_anchor(id);
  page.out.open("li");
  if (row != page.facts.finding_events.end()) {
    const EventRow& event = row->second;
    const std::string when = when_text(page.say, page.zone, event);
    page.out.text(when.empty() ? page.say(Say::kNoDate) : std::string_view(when)).text(" ");
    page.out.evidence(what_text(page.say, event), 200).empty("br");
  }
  page.out.open("span", {{"class", "source"}});
  if (!anchor.empty() && page.facts.in_timeline.contains(id)) {
    page.out.open("a", {{"href", "#" + anchor}}).code(id).close("a");
  } else {
    page.out.code(id);
  }
  if (row == page.facts.finding_events.end()) {
    page.out.text(" ").text(page.say(Say::kEventMissing));
  } else {
    page.out.text(" ").text(word(page.say, WordGroup::kArtifact, row->second.artifact)).text(" ");
    page.out.code(row->second.locator);
  }
  page.out.close("span").close("li").newline();
}

/// From the claim to the bytes: the evidence the events and contents lie in, with its hash.
void write_chain(const ReportPage& page, const FindingFacts& finding) {
  std::vector<std::string> ids;
  const auto add = [&ids](const std::string& id) {
    if (!id.empty() && std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
  };
  add(finding.evidence);
  for (const std::string& event : finding.shown_events) {
    const auto row = page.facts.finding_events.find(event);
    if (row != page.facts.finding_events.end()) add(row->second.evidence);
  }
  page.out.open("p", {{"class", "chain"}});
  page.out.text(page.say(Both("From the claim to the bytes: event number → place in the evidence → ",
                              "主張からバイトまでのたどり方: 出来事の番号 → 証拠の中の位置 → ")));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i > 0) page.out.text("; ");
    const auto known = std::find_if(page.facts.evidence.begin(), page.facts.evidence.end(),
                                    [&](const EvidenceFacts& one) { return one.id == ids[i]; });
    if (known == page.facts.evidence.end()) {
      page.out.code(ids[i]);
      continue;
    }
    page.out.open("a", {{"href", "#evidence-" + ids[i]}}).evidence(base_name(known->name), 120).close("a");
    if (!known->sha256.empty()) page.out.text(" SHA-256 ").code(known->sha256);
  }
  if (ids.empty()) page.out.text(page.say(Say::kUnknown));
  page.out.text(" → ");
  page.out.link("#checks", page.say(Both("how to check", "確かめ方"))).close("p").newline();
}

/// Every shown finding in one line; the table behind the chart by host and account.
void write_overview(const ReportPage& page) {
  const Phrases& say = page.say;
  GridTable table(page.out, "overview",
                  {std::string(say(Both("No.", "番号"))), std::string(say(Say::kSeverity)),
                   std::string(say(Both("Claim", "主張"))), std::string(say(Say::kWhen)), std::string(say(Say::kWho)),
                   std::string(say(Say::kLikelihood)), std::string(say(Say::kStep))});
  for (std::size_t i = 0; i < page.facts.findings.size(); ++i) {
    const FindingFacts& finding = page.facts.findings[i];
    table.begin_row();
    table.begin_cell().link(fmt::format("#finding-{}", i + 1), fmt::format("{}-{}", section_number("findings"), i + 1));
    table.end_cell();
    table.begin_cell();
    write_severity(page, finding.severity);
    table.end_cell();
    table.evidence_cell(cut_text(finding.claim, 160));
    table.text_cell(finding.first_order ? finding.first_when : std::string(say(Say::kUnknown)), "when");
    table.evidence_cell(finding.who.values.empty() ? say(Say::kUnknown) : cut_text(finding.who.values.front(), 80));
    table.text_cell(finding.likelihood == "not_stated" ? say(Both("not stated", "記載なし"))
                                                       : word(say, WordGroup::kLikelihood, finding.likelihood));
    table.text_cell(finding.step);
    table.end_row();
  }
  table.end();
}

void write_evidence(const ReportPage& page, const FindingFacts& finding) {
  const Phrases& say = page.say;
  page.out.element("h4", say(Say::kEvidenceFor));
  if (!finding.locator.empty()) {
    page.out.open("p").text(say(Say::kRestsOnContent)).text(" ").code(finding.locator);
    if (!finding.path.empty()) page.out.text(" ").code(finding.path);
    page.out.close("p").newline();
    if (finding.recovered) paragraph(page, say(Say::kRecoveredContent));
  }
  for (const std::string& exhibit : finding.exhibits) {
    if (exhibit != finding.locator) page.out.open("p").code(exhibit).close("p").newline();
  }
  if (finding.event_count == 0) {
    if (finding.locator.empty() && finding.exhibits.empty()) paragraph(page, say(Say::kRestsOnNothing));
    return;
  }
  paragraph(page, say(finding.locator.empty() ? Say::kRestsOnEvents : Say::kRestsOnFile, grouped(finding.event_count)));
  const std::size_t shown = finding.shown_events.size();
  page.out.open("ul", {{"class", "events"}}).newline();
  for (const std::string& id : finding.shown_events) write_event_line(page, id);
  page.out.close("ul");
  if (finding.event_count > shown) paragraph(page, say(Say::kMoreEvents, grouped(finding.event_count - shown)));
}

/// Fields of a content rule's details that help a reader; matched bytes are not among them.
void write_rule_facts(const ReportPage& page, LabelTable& table, const FindingFacts& finding) {
  table.code(page.say(Say::kRule), finding.rule);
  const auto details = nlohmann::json::parse(finding.details, nullptr, false);
  if (!details.is_object()) return;
  const auto row = [&](Say label, const char* key) {
    const auto at = details.find(key);
    if (at == details.end() || (at->is_string() && at->get_ref<const std::string&>().empty())) return;
    if (at->is_string()) table.evidence(page.say(label), at->get_ref<const std::string&>());
    if (at->is_number_unsigned()) table.text(page.say(label), grouped(at->get<std::uint64_t>()));
  };
  row(Say::kRuleDescription, "description");
  row(Say::kRuleReference, "reference");
  row(Say::kMatchCount, "match_count");
}

void write_judgement(const ReportPage& page, const FindingFacts& finding) {
  const Phrases& say = page.say;
  page.out.element("h4", say(Say::kAssessment));
  LabelTable table(page);
  table.text(say(Say::kLikelihood), word(say, WordGroup::kLikelihood, finding.likelihood));
  table.text(say(Say::kQuality), word(say, WordGroup::kQuality, finding.quality));
  const auto row = [&](Say label, const std::string& value) {
    table.begin_value(say(label));
    if (value.empty()) {
      write_unknown(page, Say::kNotStated);
    } else {
      page.out.evidence(value, 4000);
    }
    table.end_value();
  };
  row(Say::kAlternatives, finding.alternatives);
  row(Say::kLimits, finding.limits);
  row(Say::kQuestion, std::string(word(say, WordGroup::kQuestion, finding.question)));
  if (!finding.technique.empty()) row(Say::kTechnique, finding.technique);
  if (!finding.step.empty()) table.evidence(say(Say::kStep), word(say, WordGroup::kStep, finding.step));
  write_rule_facts(page, table, finding);
  table.code(say(Say::kFindingId), finding.id);
  table.end();
}

}  // namespace

void write_findings(const ReportPage& page) {
  const Phrases& say = page.say;
  const std::vector<FindingFacts>& findings = page.facts.findings;
  open_section(page, "findings");
  if (findings.empty()) {
    paragraph(page, say(Say::kFindingsNone));
    close_section(page);
    return;
  }
  paragraph(page, say(Say::kFindingsIntro));
  write_overview(page);
  write_likelihood_table(page);
  if (page.facts.counts.findings > findings.size())
    paragraph(page, say(Say::kFindingsCapped, grouped(findings.size()), grouped(page.facts.counts.findings)),
              "warning");
  for (std::size_t i = 0; i < findings.size(); ++i) {
    page.out.open("article", {{"class", "card finding"}, {"id", fmt::format("finding-{}", i + 1)}});
    page.out.open("h3")
        .element("span", fmt::format("{}-{}", section_number("findings"), i + 1), {{"class", "number"}})
        .text(" ");
    page.out.evidence(findings[i].claim).text(" ");
    write_severity(page, findings[i].severity);
    page.out.close("h3").newline();
    write_5w1h(page, findings[i]);
    write_evidence(page, findings[i]);
    write_chain(page, findings[i]);
    write_judgement(page, findings[i]);
    page.out.close("article").newline();
  }
  close_section(page);
}

}  // namespace triage
