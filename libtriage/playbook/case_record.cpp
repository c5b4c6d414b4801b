// SPDX-License-Identifier: Apache-2.0
#include "playbook/case_record.h"

#include <fcntl.h>

#include <array>
#include <nlohmann/json.hpp>

#include "bytes/digest.h"
#include "bytes/json.h"
#include "store/output_file.h"

namespace triage {
namespace {

using Json = nlohmann::json;
constexpr std::size_t kMaxCustodySize = std::size_t{512} << 20;

struct CertaintyWords {
  Certainty certainty;
  std::string_view en, ja;
};
constexpr std::array<CertaintyWords, 4> kCertainties = {{{Certainty::kFact, "fact", "事実"},
                                                         {Certainty::kPresumption, "presumption", "推定"},
                                                         {Certainty::kHearsay, "hearsay", "伝聞"},
                                                         {Certainty::kUnknown, "unknown", "不明"}}};

std::string word(const Json& entry, const char* key) {
  const auto found = entry.find(key);
  return found != entry.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<bool> yes_no(const Json& entry, const char* key) {
  const auto found = entry.find(key);
  if (found == entry.end() || !found->is_boolean()) return std::nullopt;
  return found->get<bool>();
}

std::vector<std::string> words(const Json& entry, const char* key) {
  std::vector<std::string> out;
  const auto found = entry.find(key);
  if (found == entry.end() || !found->is_array()) return out;
  for (const Json& one : *found) {
    if (one.is_string()) out.push_back(one.get<std::string>());
  }
  return out;
}

std::vector<CustodyItem> items(const Json& entry, const char* key) {
  std::vector<CustodyItem> out;
  const auto found = entry.find(key);
  if (found == entry.end() || !found->is_array()) return out;
  for (const Json& one : *found) {
    if (!one.is_object()) continue;
    CustodyItem item{word(one, "id"), word(one, "name"), std::nullopt, std::nullopt};
    if (const std::string digest = word(one, "sha256"); !digest.empty()) item.sha256 = digest;
    out.push_back(std::move(item));
  }
  return out;
}

/// "triage case init --case x" → "case init"; "triage-image x" → "image". At most two words, the second only where the
/// first is a group of commands.
std::string command_words(const std::vector<std::string>& argv) {
  if (argv.empty()) return {};
  std::string program = argv[0].substr(argv[0].rfind('/') + 1);
  std::vector<std::string> names;
  if (program.starts_with("triage-")) names.push_back(program.substr(7));
  for (std::size_t i = 1; i < argv.size() && names.size() < 2 && !argv[i].starts_with('-'); ++i)
    names.push_back(argv[i]);
  if (names.empty()) return {};
  const bool group = names[0] == "case" || names[0] == "memory" || names[0] == "rules";
  return group && names.size() > 1 ? names[0] + " " + names[1] : names[0];
}

Handover handover_of(const Json& entry) {
  Handover out;
  out.item = word(entry, "item");
  out.label = word(entry, "label");
  out.kind = word(entry, "movement");
  out.from = word(entry, "from");
  out.to = word(entry, "to");
  out.at = word(entry, "at");
  out.received_at = word(entry, "received_at");
  out.carrier = word(entry, "carrier");
  out.place = word(entry, "place");
  out.purpose = word(entry, "purpose");
  out.seal = word(entry, "seal");
  out.seal_intact = yes_no(entry, "seal_intact");
  out.signed_from = word(entry, "signed_from");
  out.signed_to = word(entry, "signed_to");
  out.witness = word(entry, "witness");
  out.sha256 = word(entry, "sha256");
  out.expected_sha256 = word(entry, "expected_sha256");
  out.hash_agrees = yes_no(entry, "hash_agrees");
  out.note = word(entry, "note");
  return out;
}

RunRecord run_of(const Json& entry) {
  RunRecord out;
  out.command = command_words(words(entry, "argv"));
  if (const auto exit = entry.find("exit"); exit != entry.end() && exit->is_number_integer())
    out.exit = exit->get<std::int64_t>();
  out.inputs = items(entry, "inputs");
  out.outputs = items(entry, "outputs");
  out.run_operator = word(entry, "operator");
  out.user = word(entry, "user");
  out.start = word(entry, "start");
  out.end = word(entry, "end");
  return out;
}

void add_entry(const Json& entry, CaseRecord& out) {
  const std::string kind = word(entry, "kind"), time = word(entry, "time");
  const std::uint64_t number = out.entries;
  const auto place = [&](auto record) {
    record.time = time;
    record.entry = number;
    return record;
  };
  if (kind == "answer") {
    const Certainty tag = certainty_from(word(entry, "tag")).value_or(Certainty::kFact);
    AnswerRecord answer{
        word(entry, "question"), word(entry, "value"), tag, word(entry, "by"), word(entry, "basis"), {}, 0};
    const std::string question = answer.question;  // the right side of the assignment below is evaluated first
    if (answer.value.empty()) {
      out.answers.erase(question);
    } else {
      out.answers[question] = place(std::move(answer));
    }
  } else if (kind == "note") {
    out.notes.push_back(
        place(NoteRecord{word(entry, "text"), certainty_from(word(entry, "tag")), word(entry, "by"), {}, 0}));
  } else if (kind == "task") {
    TaskAction action{word(entry, "task"),
                      word(entry, "action"),
                      word(entry, "by"),
                      word(entry, "reason"),
                      word(entry, "at"),
                      word(entry, "reference"),
                      words(entry, "evidence"),
                      {},
                      0};
    if (action.at.empty()) action.at = time;
    out.actions.push_back(place(std::move(action)));
  } else if (kind == "handover") {
    out.handovers.push_back(place(handover_of(entry)));
  } else if (kind == "run") {
    out.runs.push_back(run_of(entry));
    out.runs.back().entry = number;
  } else if (kind == "drill") {
    out.exercise = true;
    out.scenario = word(entry, "scenario");
  }
}

void add_word(JsonLine& line, std::string_view key, const std::string& value) {
  if (!value.empty()) line.add(key, value);
}

}  // namespace

std::string_view certainty_name(Certainty certainty) { return kCertainties[static_cast<std::size_t>(certainty)].en; }
std::string_view certainty_name_ja(Certainty certainty) { return kCertainties[static_cast<std::size_t>(certainty)].ja; }

std::optional<Certainty> certainty_from(std::string_view name) {
  for (const CertaintyWords& one : kCertainties) {
    if (name == one.en || name == one.ja) return one.certainty;
  }
  return std::nullopt;
}

Answers CaseRecord::answer_words() const {
  Answers out;
  for (const auto& [question, answer] : answers) out[question] = answer.value;
  return out;
}

CaseRecord read_record(std::string_view custody) {
  CaseRecord out;
  while (!custody.empty()) {
    const std::size_t end = custody.find('\n');
    if (end == std::string_view::npos) break;  // a torn line is no entry
    const std::string_view line = custody.substr(0, end);
    custody.remove_prefix(end + 1);
    ++out.entries;
    const Json entry = Json::parse(line, nullptr, false);
    if (!entry.is_object()) continue;
    out.last_time = word(entry, "time");
    out.head = sha256_hex(line);
    add_entry(entry, out);
  }
  return out;
}

Result<CaseRecord> read_record(const CaseFolder& folder) {
  if (!open_beneath(folder.fd(), "custody.jsonl", O_PATH)) return CaseRecord{};
  TRIAGE_TRY(const std::string text, read_beneath(folder.fd(), "custody.jsonl", kMaxCustodySize));
  return read_record(text);
}

std::string answer_fields(const AnswerRecord& answer) {
  JsonLine line;
  line.add("question", answer.question).add("value", answer.value).add("tag", certainty_name(answer.tag));
  add_word(line, "by", answer.by);
  add_word(line, "basis", answer.basis);
  return line.finish();
}

std::string task_fields(const TaskAction& action) {
  JsonLine line;
  line.add("task", action.task).add("action", action.action);
  add_word(line, "by", action.by);
  add_word(line, "reason", action.reason);
  add_word(line, "at", action.at);
  add_word(line, "reference", action.reference);
  if (!action.evidence.empty()) {
    std::string list = "[";
    for (const std::string& one : action.evidence) {
      if (list.size() > 1) list.push_back(',');
      append_json_string(list, one);
    }
    line.add_raw("evidence", list + "]");
  }
  return line.finish();
}

std::string handover_fields(const Handover& handover) {
  JsonLine line;
  line.add("item", handover.item).add("movement", handover.kind);
  add_word(line, "label", handover.label);
  line.add("from", handover.from).add("to", handover.to).add("at", handover.at);
  add_word(line, "received_at", handover.received_at);
  add_word(line, "carrier", handover.carrier);
  add_word(line, "place", handover.place);
  add_word(line, "purpose", handover.purpose);
  add_word(line, "seal", handover.seal);
  line.add("seal_intact", handover.seal_intact);
  add_word(line, "signed_from", handover.signed_from);
  add_word(line, "signed_to", handover.signed_to);
  add_word(line, "witness", handover.witness);
  add_word(line, "sha256", handover.sha256);
  add_word(line, "expected_sha256", handover.expected_sha256);
  line.add("hash_agrees", handover.hash_agrees);
  add_word(line, "note", handover.note);
  return line.finish();
}

std::string recorded_sha256(const CaseRecord& record, std::string_view item) {
  std::string out;
  std::uint64_t newest = 0;
  const auto look = [&](const std::vector<CustodyItem>& list, std::uint64_t entry) {
    for (const CustodyItem& one : list) {
      if ((one.id != item && one.name != item) || !one.sha256 || entry < newest) continue;
      out = *one.sha256;
      newest = entry;
    }
  };
  for (const RunRecord& run : record.runs) {
    look(run.inputs, run.entry);
    look(run.outputs, run.entry);
  }
  for (const Handover& one : record.handovers) {
    // What did not agree is no new truth.
    if (one.item != item || one.sha256.empty() || one.hash_agrees == false || one.entry < newest) continue;
    out = one.sha256;
    newest = one.entry;
  }
  return out;
}

}  // namespace triage
