// SPDX-License-Identifier: Apache-2.0
// CaseRecord: what people and runs said, read from custody.jsonl. The log is the only record; everything that the case
// shows (answers, tasks, hand-overs) is drawn from it anew, the newest entry last.
//   answer    {"question","value","tag","by","basis"}            task
//   {"task","action","by","reason","at","reference","evidence"} note      {"text","tag","by"} handover
//   {"item","from","to",…} see Handover drill     {"exercise":true,"scenario"}                        stated {what
//   `case init` was told}
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "playbook/condition.h"
#include "store/case_folder.h"
#include "store/custody.h"

namespace triage {

/// How sure the speaker is.
enum class Certainty : std::uint8_t { kFact, kPresumption, kHearsay, kUnknown };
/// "fact", "presumption", "hearsay", "unknown"; 事実 推定 伝聞 不明 are read as well.
std::string_view certainty_name(Certainty certainty);
std::string_view certainty_name_ja(Certainty certainty);
std::optional<Certainty> certainty_from(std::string_view word);

struct AnswerRecord {
  std::string question;
  std::string value;
  Certainty tag = Certainty::kFact;
  std::string by;
  std::string basis;  ///< what it rests on: exhibits, events, documents
  std::string time;
  std::uint64_t entry = 0;
};

struct NoteRecord {
  std::string text;
  std::optional<Certainty> tag;
  std::string by;
  std::string time;
  std::uint64_t entry = 0;
};

struct TaskAction {
  std::string task;
  std::string action;  ///< start, done, waive, not_possible
  std::string by;
  std::string reason;
  std::string at;  ///< when it happened, as stated; else the entry's time
  std::string reference;
  std::vector<std::string> evidence;  ///< items that were waived
  std::string time;
  std::uint64_t entry = 0;
};

/// An item changed hands (or was collected: `from` is then the place it was found at).
struct Handover {
  std::string item;
  std::string label;
  std::string kind;  ///< collected, handed_over, returned, disposed
  std::string from;
  std::string to;
  std::string at;           ///< released, RFC 3339
  std::string received_at;  ///< taken over; "" = at the same time
  std::string carrier;      ///< who held it between the two
  std::string place;
  std::string purpose;
  std::string seal;
  std::optional<bool> seal_intact;
  std::string signed_from;
  std::string signed_to;
  std::string witness;
  std::string sha256;           ///< of a re-hash at this hand-over
  std::string expected_sha256;  ///< what the record said before
  std::optional<bool> hash_agrees;
  std::string note;
  std::string time;
  std::uint64_t entry = 0;
};

/// A command that ended.
struct RunRecord {
  std::string command;  ///< "run", "memory acquire": the words before the first flag
  std::optional<std::int64_t> exit;
  std::vector<CustodyItem> inputs;
  std::vector<CustodyItem> outputs;
  std::string run_operator;
  std::string user;
  std::string start;
  std::string end;
  std::uint64_t entry = 0;
};

struct CaseRecord {
  std::map<std::string, AnswerRecord> answers;  ///< the newest of each question
  std::vector<NoteRecord> notes;
  std::vector<TaskAction> actions;
  std::vector<Handover> handovers;
  std::vector<RunRecord> runs;
  bool exercise = false;
  std::string scenario;
  std::uint64_t entries = 0;
  std::string last_time;  ///< of the newest entry; "" without
  std::string head;       ///< SHA-256 of the last line

  [[nodiscard]] Answers answer_words() const;
};

/// Lines that are no entries are left out: custody_check.cpp says what is wrong with a log.
CaseRecord read_record(std::string_view custody);
/// Same for the custody.jsonl of a case; empty where there is none.
Result<CaseRecord> read_record(const CaseFolder& folder);

/// JSON objects for Custody::append.
std::string answer_fields(const AnswerRecord& answer);
std::string task_fields(const TaskAction& action);
std::string handover_fields(const Handover& handover);

/// The SHA-256 that the record names last for an item (by id or name); "" when none.
std::string recorded_sha256(const CaseRecord& record, std::string_view item);

/// One item's way from hand to hand.
struct ItemChain {
  std::string item;
  std::string label;
  std::vector<const Handover*> moves;
  struct Fault {
    std::string kind;  ///< gap, overlap, unsealed, hash, unsigned
    std::uint64_t entry = 0;
    Bilingual text;
  };
  std::vector<Fault> faults;
  std::string holder;  ///< who has it now
};
/// Sorted by item. The chains point into `record`.
std::vector<ItemChain> item_chains(const CaseRecord& record);

}  // namespace triage
