// SPDX-License-Identifier: Apache-2.0
// The shipped playbooks, how tasks stand, and folders of one's own.
#include <doctest/doctest.h>

#include <filesystem>
#include <set>

#include "../store/store_fixture.h"
#include "playbook/cacao.h"
#include "playbook/form.h"
#include "playbook/loss_estimate.h"
#include "playbook/playbook.h"
#include "playbook/playbook_check.h"
#include "playbook/task_state.h"

using namespace triage;

namespace {

const std::string kShipped = std::string(TRIAGE_SOURCE_DIR) + "/playbooks";

PlaybookLibrary shipped() {
  auto library = PlaybookLibrary::load({kShipped});
  REQUIRE_MESSAGE(library, (library ? "" : library.error().text()));
  return *std::move(library);
}

std::string entry(const std::string& fields) {
  return R"({"schema":"triage.custody.v1","time":"2026-11-22T00:00:00.000Z",)" + fields.substr(1) + "\n";
}

std::string acted(const std::string& task, const std::string& action, const std::string& more = "") {
  return entry(R"({"kind":"task","task":")" + task + R"(","action":")" + action + R"(","by":"Kato")" + more + "}");
}

/// States of a case of `type` whose log is `log`.
struct Standing {
  Standing(const PlaybookLibrary& library, const std::string& type, const std::string& log) : record(read_record(log)) {
    settings.knew_time = "2026-11-22T09:00:00+09:00";
    clock = run_legal_clock(library.law(), record.answer_words(), 1795305600000000000, 1795305600000000000);
    states = task_states({*library.playbook(type), record, clock, settings, 1795305600000000000, 540});
  }
  const TaskState& of(std::string_view task) const {
    for (const TaskState& one : states) {
      if (one.task->id == task) return one;
    }
    FAIL("no such task");
    return states.front();
  }
  CaseRecord record;
  CaseSettings settings;
  LegalClock clock;
  std::vector<TaskState> states;
};

}  // namespace

TEST_CASE("all seven types have six steps, both languages, and no word that needs a basis") {
  const PlaybookLibrary library = shipped();
  for (const char* type : {"loss", "missend", "insider", "p2p", "malware", "intrusion", "rumour"}) {
    CAPTURE(type);
    const Playbook* playbook = library.playbook(type);
    REQUIRE(playbook != nullptr);
    CHECK(playbook->drill.has_value());
    CHECK(playbook->do_not.size() >= 6);
    std::set<int> steps;
    bool containment = false;
    for (const PlaybookTask& task : playbook->tasks) {
      steps.insert(task.step);
      containment = containment || task.containment;
      for (const std::string* text : {&task.action.ja, &task.caution.ja, &task.action.en})
        CHECK(forbidden_word_in(*text).empty());
      CHECK_FALSE(task.action.en.empty());
    }
    CHECK(steps.size() == 6);
    CHECK(containment);
  }
  CHECK(library.methods().size() == 6);
  CHECK(library.roles().size() == 7);
}

TEST_CASE("containment comes first within its step") {
  const PlaybookLibrary library = shipped();
  for (const Playbook& playbook : library.playbooks()) {
    int step = 0;
    bool other_seen = false;
    for (const PlaybookTask& task : playbook.tasks) {
      if (task.step != step) other_seen = false;
      step = task.step;
      if (task.containment) CHECK_FALSE(other_seen);
      other_seen = other_seen || !task.containment;
    }
  }
}

TEST_CASE("a task that destroys evidence is blocked until the evidence is preserved") {
  const PlaybookLibrary library = shipped();
  CHECK(Standing(library, "malware", "").of("malware-clean").state == "blocked");
  CHECK(Standing(library, "malware", "").of("malware-clean").blocked_by ==
        std::vector<std::string>{"ram", "infected-disk", "sample"});
  const std::string image = acted("image-take", "done"), memory = acted("memory-take", "done");
  CHECK(Standing(library, "malware", image).of("malware-clean").blocked_by == std::vector<std::string>{"ram"});
  CHECK(Standing(library, "malware", image + memory).of("malware-clean").state == "open");
}

TEST_CASE("a named person can give the evidence up, with a reason; the task is then free and not done") {
  const PlaybookLibrary library = shipped();
  const std::string waived = acted("loss-remote-lock", "done") +
                             acted("loss-remote-wipe", "waive", R"(,"reason":"moving","evidence":["device-traces"])");
  const Standing after(library, "loss", waived);
  CHECK(after.of("loss-remote-wipe").state == "open");
  CHECK(after.of("loss-remote-wipe").waived_by == "Kato");
  TaskAction action;
  action.task = "loss-remote-wipe";
  action.action = "done";
  action.by = "Kato";
  CHECK(check_action(after.states, action));
  const Standing before(library, "loss", "");
  CHECK_FALSE(check_action(before.states, action));
  action.action = "waive";
  CHECK_FALSE(check_action(before.states, action));  // no reason
  action.reason = "moving";
  CHECK(check_action(before.states, action));
  action.by.clear();
  CHECK_FALSE(check_action(before.states, action));  // nobody
}

TEST_CASE("not possible and waived preservation do not count as preserved") {
  const PlaybookLibrary library = shipped();
  const std::string log = acted("memory-take", "not_possible", R"(,"reason":"no tool")") +
                          acted("image-take", "waive", R"(,"reason":"no disk")");
  CHECK(Standing(library, "malware", log).of("malware-clean").blocked_by.size() == 3);
}

TEST_CASE("a task ticks itself where the record proves it and names the entry") {
  const PlaybookLibrary library = shipped();
  const std::string image = entry(
      R"({"kind":"run","argv":["triage","image","/dev/sdb"],"exit":0,"outputs":[{"id":"","name":"pc.raw","sha256":"ab"}]})");
  const std::string run = entry(
      R"({"kind":"run","argv":["triage","run","pc.raw"],"exit":1,"inputs":[{"id":"e1","name":"pc.raw","sha256":"ab"}]})");
  const Standing taken(library, "insider", image);
  CHECK(taken.of("image-take").state == "done");
  CHECK(taken.of("image-take").proof == "#1");
  CHECK(taken.of("image-take").done_by == "record");
  CHECK(taken.of("hash-compare").state == "open");
  const Standing read(library, "insider", image + run);
  CHECK(read.of("hash-compare").proof == "#1 #2");
  CHECK(read.of("examine").proof == "#2");
}

TEST_CASE("a failed run, an output without a hash and an unknown answer prove nothing") {
  const PlaybookLibrary library = shipped();
  const std::string failed =
      entry(R"({"kind":"run","argv":["triage","image"],"exit":6,"outputs":[{"name":"pc.raw","sha256":"ab"}]})");
  const std::string bare = entry(R"({"kind":"run","argv":["triage","image"],"exit":0,"outputs":[{"name":"pc.raw"}]})");
  const std::string unsure = entry(R"({"kind":"answer","question":"spokesperson","value":"unknown"})");
  const Standing standing(library, "insider", failed + bare + unsure);
  CHECK(standing.of("image-take").state == "open");
  CHECK(standing.of("hq").state == "open");
}

TEST_CASE("duties come up with the answer that calls for them") {
  const PlaybookLibrary library = shipped();
  CHECK(Standing(library, "loss", "").of("duty.insurer").applies == Truth::kOpen);
  const std::string yes = entry(R"({"kind":"answer","question":"insurance","value":"yes"})");
  CHECK(Standing(library, "loss", yes).of("duty.insurer").applies == Truth::kYes);
  const std::string no = entry(R"({"kind":"answer","question":"insurance","value":"no"})");
  CHECK(Standing(library, "loss", no).of("duty.insurer").state == "not_applicable");
}

TEST_CASE("a company's folder adds, replaces and removes tasks; a fault names file and line") {
  const PlaybookLibrary library = shipped();
  const store_test::Folder own;
  std::filesystem::create_directories(own / "leak");
  store_test::write_file(
      own / "leak/loss.yaml",
      "schema: triage.playbook.v1\nid: loss\nversion: 2\nas_of: 2026-11-01\n"
      "title: {ja: 紛失(自社), en: Loss (own)}\nremoves: [loss-reissue]\ntasks:\n"
      "  - id: loss-police\n    step: 2\n    action: {ja: 総務が届け出る, en: Administration files it}\n"
      "    owner: administration\n    deputy: lead\n"
      "  - id: loss-carrier\n    step: 1\n    action: {ja: 運送会社, en: Carrier}\n"
      "    owner: lead\n    deputy: lead\n");
  const auto joined = PlaybookLibrary::load({kShipped, own.path()});
  REQUIRE_MESSAGE(joined, (joined ? "" : joined.error().text()));
  const Playbook* loss = joined->playbook("loss");
  CHECK(loss->title.en == "Loss (own)");
  CHECK(loss->task("loss-police")->action.en == "Administration files it");
  CHECK(loss->task("loss-carrier") != nullptr);
  CHECK(loss->task("loss-reissue") == nullptr);
  CHECK(loss->tasks.size() == library.playbook("loss")->tasks.size());
  store_test::write_file(own / "leak/loss.yaml",
                         "schema: triage.playbook.v1\nid: loss\nversion: 2\nas_of: 2026-11-01\n"
                         "title: {ja: a, en: b}\ntasks:\n  - id: x\n    step: 9\n    action: {ja: a, en: b}\n"
                         "    owner: nobody\n    deputy: lead\n    colour: red\n");
  const auto faulty = PlaybookLibrary::load({kShipped, own.path()});
  REQUIRE_FALSE(faulty);
  CHECK(faulty.error().message.find("loss.yaml:7: 'step' is 1 to 6") != std::string::npos);
  CHECK(faulty.error().message.find("loss.yaml:12: unknown key 'colour'") != std::string::npos);
}

TEST_CASE("every form is filled or says 調査中, and every filled field keeps its ids") {
  const PlaybookLibrary library = shipped();
  const auto forms = load_forms(library.folders());
  REQUIRE_MESSAGE(forms, (forms ? "" : forms.error().text()));
  CHECK(forms->size() == 16);
  CaseFacts facts;
  facts.add("answer.leak_items", {{"name <b>", "氏名 <b>"}, {"#7", "E-0001"}, Certainty::kHearsay});
  facts.add("case.organisation", {{"Sample", "見本"}, {"case.yaml"}, std::nullopt});
  for (const Form& form : *forms) {
    CAPTURE(form.id);
    const FilledForm filled = fill_form(form, facts);
    for (const FilledForm::Section& section : filled.sections) {
      for (const FilledField& field : section.fields) {
        CAPTURE(field.field->id);
        if (field.table == nullptr) CHECK_FALSE(field.value.ja.empty());
        if (!field.known && field.field->text.ja.empty()) CHECK(field.value.ja == kOpenJa);
        const auto& from = field.field->from;
        if (std::find(from.begin(), from.end(), "answer.leak_items") == from.end()) continue;
        CHECK(std::find(field.ids.begin(), field.ids.end(), "#7") != field.ids.end());
        CHECK(std::find(field.ids.begin(), field.ids.end(), "E-0001") != field.ids.end());
        CHECK(field.value.ja.find("〔伝聞〕") != std::string::npos);
      }
    }
  }
}

TEST_CASE("the JO model gives the worked values, and spans what was not answered") {
  // Facts page §7: worked by hand from the published formula.
  CHECK(jo_yen_per_person(1, 1, 1, 1, 1) == 1000);
  CHECK(jo_yen_per_person(1, 1, 6, 1, 1) == 6000);
  CHECK(jo_yen_per_person(1, 2, 6, 1, 1) == 18000);
  CHECK(jo_yen_per_person(1, 3, 6, 1, 1) == 78000);
  CHECK(jo_yen_per_person(2, 1, 6, 1, 1) == 33000);
  CHECK(jo_yen_per_person(2, 2, 6, 1, 1) == 45000);
  CHECK(jo_yen_per_person(3, 1, 6, 1, 1) == 303000);
  CHECK(jo_yen_per_person(3, 3, 6, 1, 1) == 375000);
  CHECK(jo_range({}).low == 1000);
  CHECK(jo_range({}).high == 1500000);
  const Answers all{{"damage_mental", "1"},
                    {"damage_economic", "1"},
                    {"damage_identifiable", "6"},
                    {"damage_social", "1"},
                    {"damage_response", "1"}};
  CHECK(jo_range(all).low == 6000);
  CHECK(jo_range(all).high == 6000);
}

TEST_CASE("a playbook exported twice is the same, byte for byte") {
  const PlaybookLibrary library = shipped();
  const std::string once = cacao_json(*library.playbook("malware"), library, true);
  CHECK(once == cacao_json(*library.playbook("malware"), library, true));
  CHECK(once.find(R"("spec_version":"cacao-2.0")") != std::string::npos);
}
