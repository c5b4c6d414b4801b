// SPDX-License-Identifier: Apache-2.0
// What custody.jsonl says, read back; hand-overs and their holes.
#include <doctest/doctest.h>

#include "playbook/case_record.h"

using namespace triage;

namespace {

/// Lines as Custody writes them; the chain itself is the store's matter.
std::string log_of(const std::vector<std::string>& entries) {
  std::string out;
  for (std::size_t i = 0; i < entries.size(); ++i)
    out += R"({"schema":"triage.custody.v1","n":)" + std::to_string(i + 1) +
           R"(,"prev":null,"time":"2026-11-22T00:00:00.000Z",)" + entries[i].substr(1) + "\n";
  return out;
}

std::string move(const std::string& from, const std::string& to, const std::string& at, const std::string& more = "") {
  return R"({"kind":"handover","item":"E-0001","movement":"handed_over","from":")" + from + R"(","to":")" + to +
         R"(","at":")" + at + R"(","signed_to":"x")" + more + "}";
}

std::vector<std::string> faults_of(const std::vector<std::string>& entries) {
  const CaseRecord record = read_record(log_of(entries));
  std::vector<std::string> out;
  for (const ItemChain& chain : item_chains(record)) {
    for (const ItemChain::Fault& fault : chain.faults) out.push_back(fault.kind + " #" + std::to_string(fault.entry));
  }
  return out;
}

const std::string kCollected =
    R"({"kind":"handover","item":"E-0001","movement":"collected","from":"desk","to":"Sato","at":"2026-11-22T10:00:00+09:00","signed_to":"x"})";

}  // namespace

TEST_CASE("the newest answer of a question counts, an empty one takes it back") {
  const CaseRecord record =
      read_record(log_of({R"({"kind":"answer","question":"persons","value":"500","tag":"hearsay"})",
                          R"({"kind":"answer","question":"persons","value":"800","by":"Kato"})",
                          R"({"kind":"answer","question":"cause","value":"loss"})",
                          R"({"kind":"answer","question":"cause","value":""})"}));
  REQUIRE(record.answers.count("persons") == 1);
  CHECK(record.answers.at("persons").value == "800");
  CHECK(record.answers.at("persons").entry == 2);
  CHECK(record.answers.at("persons").by == "Kato");
  CHECK(record.answers.count("cause") == 0);
  CHECK(record.entries == 4);
}

TEST_CASE("an answer written by the program is read back as it was") {
  AnswerRecord answer;
  answer.question = "place";
  answer.value = "本社 \"3F\"\n<b>";
  answer.tag = Certainty::kHearsay;
  answer.by = "佐藤";
  answer.basis = "E-0002";
  std::string entry = answer_fields(answer);
  entry.insert(1, R"("kind":"answer",)");
  const CaseRecord record = read_record(log_of({entry}));
  const AnswerRecord& got = record.answers.at("place");
  CHECK(got.value == answer.value);
  CHECK(got.tag == Certainty::kHearsay);
  CHECK(got.by == "佐藤");
  CHECK(got.basis == "E-0002");
}

TEST_CASE("commands are named by their words, under any name of the program") {
  const auto command = [](const std::string& argv) {
    const CaseRecord record = read_record(log_of({R"({"kind":"run","argv":)" + argv + R"(,"exit":0})"}));
    REQUIRE(record.runs.size() == 1);
    return record.runs[0].command;
  };
  CHECK(command(R"(["triage","run","pc.E01","--case","x"])") == "run");
  CHECK(command(R"(["/usr/bin/triage-image","disk.raw"])") == "image");
  CHECK(command(R"(["triage","memory","acquire","-o","x"])") == "memory acquire");
  CHECK(command(R"(["triage","case","init","--case","x"])") == "case init");
  CHECK(command(R"(["triage"])").empty());
  CHECK(command(R"([1,null])").empty());
}

TEST_CASE("lines that are no entries, wrong types and a torn end are survived") {
  const std::string log = "no json\n[1,2]\n{\"kind\":7}\n{\"kind\":\"answer\",\"question\":{},\"value\":[]}\n" +
                          log_of({R"({"kind":"note","text":"kept","tag":"推定"})"}) + R"({"kind":"note","text":"torn)";
  const CaseRecord record = read_record(log);
  REQUIRE(record.notes.size() == 1);
  CHECK(record.notes[0].text == "kept");
  CHECK(record.notes[0].tag == Certainty::kPresumption);
  CHECK(record.entries == 5);
}

TEST_CASE("a chain from hand to hand without a hole has no fault") {
  CHECK(faults_of({kCollected, move("Sato", "Lab", "2026-11-22T11:00:00+09:00"),
                   move("Lab", "Court", "2026-11-23T09:00:00+09:00")})
            .empty());
}

TEST_CASE("a holder that is not the one before is a gap with its entry's number") {
  CHECK(faults_of({kCollected, move("Kato", "Lab", "2026-11-22T11:00:00+09:00")}) ==
        std::vector<std::string>{"gap #2"});
}

TEST_CASE("an item released before it was received overlaps") {
  CHECK(faults_of({kCollected, move("Sato", "Lab", "2026-11-22T00:30:00Z")}) == std::vector<std::string>{"overlap #2"});
}

TEST_CASE("a way between two hands needs a carrier, a first move a collection") {
  CHECK(faults_of({kCollected, move("Sato", "Lab", "2026-11-22T11:00:00+09:00",
                                    R"(,"received_at":"2026-11-22T15:00:00+09:00")")}) ==
        std::vector<std::string>{"gap #2"});
  CHECK(faults_of({kCollected, move("Sato", "Lab", "2026-11-22T11:00:00+09:00",
                                    R"(,"received_at":"2026-11-22T15:00:00+09:00","carrier":"courier")")})
            .empty());
  CHECK(faults_of({move("Sato", "Lab", "2026-11-22T11:00:00+09:00")}) == std::vector<std::string>{"gap #1"});
}

TEST_CASE("a broken seal, a hash that differs and a missing signature are named") {
  CHECK(faults_of({kCollected,
                   R"({"kind":"handover","item":"E-0001","movement":"handed_over","from":"Sato","to":"Lab",)"
                   R"("at":"2026-11-22T11:00:00+09:00","seal":"12","seal_intact":false,"hash_agrees":false})"}) ==
        std::vector<std::string>{"unsealed #2", "hash #2", "unsigned #2"});
}

TEST_CASE("the recorded hash is the newest that agreed") {
  const CaseRecord record = read_record(log_of(
      {R"({"kind":"run","argv":["triage","image"],"exit":0,"outputs":[{"id":"E-0001","name":"pc.raw","sha256":"aa"}]})",
       move("Sato", "Lab", "2026-11-22T11:00:00+09:00", R"(,"sha256":"bb","hash_agrees":false)")}));
  CHECK(recorded_sha256(record, "E-0001") == "aa");
  CHECK(recorded_sha256(record, "pc.raw") == "aa");
  CHECK(recorded_sha256(record, "other").empty());
}
