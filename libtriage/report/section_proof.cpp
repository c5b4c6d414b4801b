// SPDX-License-Identifier: Apache-2.0
// Hashes, tool runs, how to check with ordinary tools, glossary.
#include <nlohmann/json.hpp>

#include "report/sections.h"

namespace triage {
namespace {

using Json = nlohmann::ordered_json;

std::string plain(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// A word of a shell command as a person would type it again.
std::string shell_word(std::string_view word) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+@%";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string_view::npos) return std::string(word);
  std::string out = "'";
  for (const char c : word) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out.push_back(c);
    }
  }
  return out + "'";
}

std::string command_line(const Json& argv) {
  std::string out;
  for (const Json& argument : argv) {
    if (!out.empty()) out.push_back(' ');
    out += shell_word(plain(argument));
  }
  return out;
}

void write_items(const ReportPage& page, LabelTable& table, Say label, const Json& items) {
  if (!items.is_array() || items.empty()) return;
  table.begin_value(page.say(label));
  std::size_t count = 0;
  for (const Json& item : items) {
    if (!item.is_object()) continue;
    if (++count > 1) page.out.empty("br");
    if (count > 20) {
      page.out.text("…");
      break;
    }
    page.out.evidence(item.contains("name") ? plain(item["name"]) : "?", 300);
    if (const auto size = item.find("size"); size != item.end() && size->is_number_unsigned())
      page.out.text(fmt::format(" ({} B)", grouped(size->get<std::uint64_t>())));
    if (const auto hash = item.find("sha256"); hash != item.end() && hash->is_string())
      page.out.text(" ").code(hash->get<std::string>());
  }
  table.end_value();
}

std::string counts_text(const ReportPage& page, const Json& counts) {
  std::string out;
  for (const auto& [kind, count] : counts.items())
    out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", word(page.say, WordGroup::kDamage, kind), plain(count));
  return out;
}

struct EntryField {
  std::string_view key;
  Say label;
};
constexpr std::array<EntryField, 11> kEntryFields = {{{"operator", Say::kRunOperator},
                                                      {"host", Say::kRunHost},
                                                      {"os", Say::kRunOs},
                                                      {"user", Say::kRunUser},
                                                      {"authority", Say::kRunAuthority},
                                                      {"write_block", Say::kRunWriteBlock},
                                                      {"tool_version", Say::kToolVersion},
                                                      {"tool_sha256", Say::kRunToolSha},
                                                      {"start", Say::kRunStart},
                                                      {"end", Say::kRunEnd},
                                                      {"exit", Say::kRunExit}}};

/// One known field of an entry; true when `key` is one that was shown or needs no row.
bool write_known_field(const ReportPage& page, LabelTable& table, const std::string& key, const Json& value,
                       const Json& entry) {
  const Phrases& say = page.say;
  for (const std::string_view hidden : {"schema", "n", "prev", "time", "kind", "clock_offset_source"}) {
    if (key == hidden) return true;
  }
  if (value.is_null() || ((value.is_array() || value.is_object()) && value.empty())) return true;
  for (const EntryField& field : kEntryFields) {
    if (key != field.key) continue;
    const bool time = key == "start" || key == "end";
    table.evidence(say(field.label), time ? shown_utc_text(page, plain(value)) : plain(value));
    return true;
  }
  if (key == "argv" && value.is_array()) {
    table.begin_value(say(Say::kCommand));
    page.out.code(command_line(value), 4000);
    table.end_value();
  } else if (key == "inputs" || key == "outputs") {
    write_items(page, table, key == "inputs" ? Say::kRunInputs : Say::kRunOutputs, value);
  } else if (key == "damage" && value.is_object()) {
    table.evidence(say(Say::kRunDamage), counts_text(page, value));
  } else if (key == "clock_offset_ms") {
    const auto source = entry.find("clock_offset_source");
    const bool known = source != entry.end() && source->is_string();
    table.evidence(say(Say::kRunClock),
                   say(Say::kRunMilliseconds, plain(value), known ? plain(*source) : std::string(say(Say::kUnknown))));
  } else if (key.find("sandbox") != std::string::npos) {
    table.evidence(say(Say::kRunSandbox), plain(value));
  } else {
    return false;
  }
  return true;
}

void write_entry(const ReportPage& page, const CustodyEntry& entry) {
  const Json json = Json::parse(entry.json, nullptr, false);
  if (!json.is_object()) return;
  page.out.open("article", {{"class", "card"}, {"id", fmt::format("entry-{}", entry.number)}});
  page.out.open("h3").text(
      page.say(Say::kEntry, grouped(entry.number), word(page.say, WordGroup::kCustodyKind, entry.kind)));
  page.out.close("h3");
  LabelTable table(page);
  table.evidence(page.say(Say::kEntryTime), shown_utc_text(page, entry.time));
  for (const auto& [key, value] : json.items()) {
    if (write_known_field(page, table, key, value, json)) continue;
    table.begin_value(cut_text(key, 60)).evidence(plain(value));
    table.end_value();
  }
  table.end();
  page.out.close("article").newline();
}

void write_command(const ReportPage& page, std::string_view why, const std::vector<std::string>& commands) {
  paragraph(page, why);
  page.out.open("pre");
  for (std::size_t i = 0; i < commands.size(); ++i) {
    if (i > 0) page.out.newline();
    page.out.code(commands[i], 2000);
  }
  page.out.close("pre").newline();
}

std::string sql(std::string_view query) {
  return fmt::format("sqlite3 -readonly 3-investigation/case.db \"{}\"", query);
}

/// The event an example speaks of: one a finding rests on where there is one.
const EventRow* example_event(const ReportFacts& facts) {
  for (const EventRow& event : facts.timeline) {
    if (facts.finding_of_event.contains(event.id)) return &event;
  }
  return facts.timeline.empty() ? nullptr : &facts.timeline.back();
}

}  // namespace

void write_hashes(const ReportPage& page) {
  const Phrases& say = page.say;
  open_section(page, "hashes");
  paragraph(page, say(Say::kHashesIntro));
  GridTable table(page.out, "hashes",
                  {std::string(say(Say::kName)), std::string(say(Say::kHashKind)), std::string(say(Say::kHashValue))});
  const auto row = [&](std::string_view name, std::string_view kind, std::string_view value) {
    table.begin_row();
    table.evidence_cell(name);
    table.text_cell(kind);
    table.begin_cell();
    if (value.empty()) {
      write_unknown(page, Say::kNoImageHash);
    } else {
      page.out.code(value);
    }
    table.end_cell();
    table.end_row();
  };
  for (const EvidenceFacts& evidence : page.facts.evidence) {
    row(base_name(evidence.name), say(Say::kSha256), evidence.sha256);
    if (!evidence.container_md5.empty()) row(base_name(evidence.name), say(Say::kContainerMd5), evidence.container_md5);
    if (!evidence.container_sha1.empty())
      row(base_name(evidence.name), say(Say::kContainerSha1), evidence.container_sha1);
  }
  if (page.facts.custody.check.found.count > 0)
    row("custody.jsonl", say(Say::kCustodyHead), page.facts.custody.check.found.head);
  table.end();
  paragraph(page, say(Say::kHashedFiles, grouped(page.facts.counts.hashed_files),
                      grouped(page.facts.counts.files_with_content)));
  close_section(page);
}

void write_runs(const ReportPage& page) {
  const Phrases& say = page.say;
  const CustodyFacts& custody = page.facts.custody;
  open_section(page, "runs");
  paragraph(page, say(Say::kRunsIntro));
  if (custody.present && custody.check.ok) {
    paragraph(page, say(Say::kChainOk, grouped(custody.check.found.count)));
  } else if (!custody.check.message.empty()) {
    paragraph(page, say(Say::kChainBad, custody.check.message), "warning");
  }
  if (custody.entries.empty()) paragraph(page, say(Say::kRunsNone));
  if (custody.total > custody.entries.size())
    paragraph(page, say(Say::kRunsCapped, grouped(custody.entries.size()), grouped(custody.total)));
  for (const CustodyEntry& entry : custody.entries) write_entry(page, entry);
  if (!custody.entries.empty() && custody.entries.back().kind == "run_begun") paragraph(page, say(Say::kRunsOpen));
  close_section(page);
}

void write_checks(const ReportPage& page) {
  const Phrases& say = page.say;
  const ReportFacts& facts = page.facts;
  open_section(page, "checks");
  paragraph(page, say(Say::kChecksIntro));
  for (const EvidenceFacts& evidence : facts.evidence) {
    if (evidence.sha256.empty() || (evidence.format != "raw" && evidence.format != "device")) continue;
    write_command(page, say(Say::kCheckImage),
                  {fmt::format("sha256sum -- {}", shell_word(evidence.name)), fmt::format("# {}", evidence.sha256)});
    break;
  }
  if (!facts.kept_example.empty()) {
    write_command(page, say(Say::kCheckKept),
                  {fmt::format("sha256sum {}", facts.kept_example), fmt::format("# {}", facts.kept_sha256)});
  }
  if (facts.custody.check.found.count > 0) {
    write_command(
        page, say(Say::kCheckCustody),
        {"tail -n 1 custody.jsonl | tr -d '\\n' | sha256sum", fmt::format("# {}", facts.custody.check.found.head)});
  }
  write_command(page, say(Say::kCheckCounts),
                {sql("SELECT count(*) FROM events"), fmt::format("# {}", facts.overview.total),
                 sql("SELECT count(*) FROM files"), fmt::format("# {}", facts.counts.files),
                 sql("SELECT count(*) FROM findings"), fmt::format("# {}", facts.counts.findings),
                 sql("SELECT count(*) FROM damage"), fmt::format("# {}", facts.counts.damage)});
  if (facts.counts.findings > 0)
    write_command(page, say(Say::kCheckFindings), {sql("SELECT severity, claim, path FROM findings")});
  if (const EventRow* event = example_event(facts); event != nullptr && !event_anchor(event->id).empty()) {
    write_command(page, say(Say::kCheckEvent), {sql(fmt::format("SELECT * FROM events WHERE id = '{}'", event->id))});
    paragraph(page, say(Say::kCheckLocator, event->locator));
  }
  close_section(page);
}

void write_glossary(const ReportPage& page) {
  const Phrases& say = page.say;
  open_section(page, "glossary");
  GridTable table(page.out, "terms", {std::string(say(Say::kTerm)), std::string(say(Say::kMeaning))},
                  GridTable::Narrow::kScrolls);
  for (const Term& term : glossary()) {
    const bool same = term.en == term.ja;
    table.begin_row();
    table.begin_cell().element("b", say.japanese() ? term.ja : term.en);
    if (!same) page.out.empty("br").element("span", say.japanese() ? term.en : term.ja, {{"class", "source"}});
    table.end_cell();
    table.text_cell(say.japanese() ? term.meaning_ja : term.meaning_en);
    table.end_row();
  }
  table.end();
  close_section(page);
}

}  // namespace triage
