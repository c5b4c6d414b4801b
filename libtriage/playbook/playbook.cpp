// SPDX-License-Identifier: Apache-2.0
// Reading playbooks and joining them: common tasks into each type, the law's duties as tasks.
#include "playbook/playbook.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>

#include "playbook/playbook_check.h"
#include "store/yaml_view.h"

namespace triage {
namespace {

namespace fs = std::filesystem;

/// One file as written, before it is joined with what it extends.
struct PlaybookSource {
  Playbook playbook;
  std::string extends;
  std::vector<std::string> removes;
};

template <typename Item>
void put(std::vector<Item>& items, Item item) {
  const auto same = std::find_if(items.begin(), items.end(), [&](const Item& one) { return one.id == item.id; });
  if (same == items.end()) {
    items.push_back(std::move(item));
  } else {
    *same = std::move(item);
  }
}

ProofRule read_proof(const YamlView& view) {
  using Kind = ProofRule::Kind;
  view.only({"run", "with", "hashes_agree", "answer", "answer_is", "knew", "clock_offset", "handover"});
  if (view.has("run")) {
    const std::string with = view.text_or("with", "");
    if (with != "" && with != "input" && with != "output_sha256") view.fault("'with' is input or output_sha256");
    return {Kind::kRun, view.text("run"), with};
  }
  if (view.has("answer")) return {Kind::kAnswer, view.text("answer"), ""};
  if (view.has("answer_is")) {
    const auto members = view.members("answer_is");
    if (members.size() == 1) return {Kind::kAnswerIs, members[0].first, members[0].second.scalar()};
  }
  if (view.flag("hashes_agree")) return {Kind::kHashesAgree, "", ""};
  if (view.flag("knew")) return {Kind::kKnew, "", ""};
  if (view.flag("clock_offset")) return {Kind::kClockOffset, "", ""};
  if (view.flag("handover")) return {Kind::kHandover, "", ""};
  view.fault("a proof needs one of run, hashes_agree, answer, answer_is, knew, clock_offset, handover");
  return {};
}

PlaybookTask read_task(const YamlView& view) {
  view.only({"id", "step", "containment", "action", "caution", "collects", "owner", "deputy", "when", "due", "command",
             "query", "proof", "after", "destroys", "fulfils"});
  PlaybookTask out;
  out.id = view.text("id");
  out.step = static_cast<int>(view.number_or("step", 0));
  if (out.step < 1 || out.step > 6) view.fault("'step' is 1 to 6");
  out.containment = view.flag("containment");
  out.action = view.both("action");
  out.caution = view.both_or_empty("caution");
  out.collects = view.texts("collects");
  out.owner = view.text("owner");
  out.deputy = view.text("deputy");
  out.when = read_condition(view, "when");
  if (view.has("due")) {
    const YamlView due = view.child("due");
    due.only({"rule", "hours"});
    out.due = {due.text_or("rule", ""),
               static_cast<int>(std::clamp<std::int64_t>(due.number_or("hours", 0), 0, 87600))};
    if (out.due.rule.empty() == (out.due.hours == 0)) due.fault("'due' has either rule or hours");
  }
  out.command = view.text_or("command", "");
  out.query = view.text_or("query", "");
  for (const YamlView& proof : view.list("proof")) out.proofs.push_back(read_proof(proof));
  out.after = view.texts("after");
  out.destroys = view.texts("destroys");
  out.fulfils = view.text_or("fulfils", "");
  out.origin = "playbook";
  out.place = view.place();
  return out;
}

PlaybookSource read_playbook(const YamlView& head) {
  head.only(
      {"schema", "id", "version", "as_of", "extends", "removes", "title", "do_not", "evidence", "tasks", "drill"});
  if (head.text("schema") != "triage.playbook.v1") head.fault("schema is not triage.playbook.v1");
  PlaybookSource out;
  out.playbook.id = head.text("id");
  out.playbook.version = head.number_or("version", 0);
  out.playbook.as_of = head.text("as_of");
  out.playbook.title = head.both("title");
  out.extends = head.text_or("extends", "");
  out.removes = head.texts("removes");
  for (const YamlView& one : head.list("do_not")) out.playbook.do_not.push_back(one.both());
  for (const YamlView& one : head.list("evidence")) {
    one.only({"id", "name", "preserved_by"});
    put(out.playbook.evidence, EvidenceItem{one.text("id"), one.both("name"), one.texts("preserved_by")});
  }
  for (const YamlView& one : head.list("tasks")) {
    PlaybookTask task = read_task(one);
    if (out.playbook.task(task.id) != nullptr) one.fault("a task of this id stands above: " + task.id);
    out.playbook.tasks.push_back(std::move(task));
  }
  if (head.has("drill")) {
    const YamlView drill = head.child("drill");
    drill.only({"scenario", "answers"});
    DrillScene scene{drill.both("scenario"), {}};
    for (const auto& [question, answer] : drill.members("answers"))
      scene.answers.emplace_back(question, answer.scalar());
    out.playbook.drill = std::move(scene);
  }
  return out;
}

/// Lays `over` upon `base`.
void merge_into(Playbook& base, const PlaybookSource& over) {
  std::erase_if(base.tasks, [&](const PlaybookTask& task) {
    return std::find(over.removes.begin(), over.removes.end(), task.id) != over.removes.end();
  });
  base.id = over.playbook.id;
  base.version = over.playbook.version;
  base.as_of = over.playbook.as_of;
  base.title = over.playbook.title;
  for (const Bilingual& one : over.playbook.do_not) {
    if (std::find(base.do_not.begin(), base.do_not.end(), one) == base.do_not.end()) base.do_not.push_back(one);
  }
  for (const EvidenceItem& one : over.playbook.evidence) put(base.evidence, one);
  for (const PlaybookTask& one : over.playbook.tasks) put(base.tasks, one);
  if (over.playbook.drill) base.drill = over.playbook.drill;
}

void add_duties(const LawRules& law, Playbook& playbook) {
  for (const Duty& duty : law.duties) {
    if (playbook.task(duty.id) != nullptr) continue;
    PlaybookTask task;
    task.id = duty.id;
    task.step = duty.step.empty() ? 4 : std::clamp(duty.step[0] - '0', 1, 6);
    task.action = duty.title;
    task.caution = duty.caution;
    task.owner = duty.owner;
    task.deputy = "lead";
    task.when = duty.when;
    task.due.rule = duty.deadline;
    task.fulfils = duty.deadline;
    task.origin = "law";
    task.place = duty.from.article;
    playbook.tasks.push_back(std::move(task));
  }
}

void sort_tasks(Playbook& playbook) {
  std::stable_sort(playbook.tasks.begin(), playbook.tasks.end(), [](const PlaybookTask& a, const PlaybookTask& b) {
    if (a.step != b.step) return a.step < b.step;
    return a.containment && !b.containment;
  });
}

Status read_methods(const std::string& path, std::vector<Method>& into) {
  TRIAGE_TRY(const YamlView head, YamlView::read(path));
  head.only({"schema", "methods"});
  if (head.text("schema") != "triage.methods.v1") head.fault("schema is not triage.methods.v1");
  for (const YamlView& view : head.list("methods")) {
    view.only({"id", "task", "title", "events", "findings", "formats", "files"});
    put(into, Method{view.text("id"), view.text("task"), view.both("title"), view.texts("events"),
                     view.texts("findings"), view.texts("formats"), view.flag("files")});
  }
  return head.status();
}

Status read_roles(const std::string& path, std::vector<Role>& into) {
  TRIAGE_TRY(const YamlView head, YamlView::read(path));
  head.only({"schema", "roles"});
  if (head.text("schema") != "triage.roles.v1") head.fault("schema is not triage.roles.v1");
  for (const YamlView& view : head.list("roles")) {
    view.only({"id", "title"});
    put(into, Role{view.text("id"), view.both("title")});
  }
  return head.status();
}

/// All sources in the order they are laid on each other.
Result<std::vector<PlaybookSource>> read_sources(const std::vector<std::string>& folders) {
  std::vector<PlaybookSource> out;
  for (const std::string& folder : folders) {
    for (const std::string& path : yaml_files(folder + "/leak")) {
      TRIAGE_TRY(const YamlView head, YamlView::read(path));
      PlaybookSource source = read_playbook(head);
      TRIAGE_TRY_STATUS(head.status());
      out.push_back(std::move(source));
    }
  }
  return out;
}

Result<std::vector<Playbook>> join(const std::vector<PlaybookSource>& sources, const LawRules& law) {
  Playbook common;
  for (const PlaybookSource& source : sources) {
    if (source.playbook.id == "common") merge_into(common, source);
  }
  std::vector<Playbook> out;
  for (const PlaybookSource& source : sources) {
    if (source.playbook.id == "common") continue;
    auto same = std::find_if(out.begin(), out.end(), [&](const Playbook& one) { return one.id == source.playbook.id; });
    if (same == out.end()) {
      if (!source.extends.empty() && source.extends != "common")
        return fail(ErrorCode::kUsage, "a playbook can only extend common", source.playbook.id);
      out.push_back(source.extends == "common" ? common : Playbook{});
      same = out.end() - 1;
    }
    merge_into(*same, source);
  }
  common.id = "unspecified";
  out.push_back(std::move(common));
  for (Playbook& one : out) {
    add_duties(law, one);
    sort_tasks(one);
  }
  std::sort(out.begin(), out.end(), [](const Playbook& a, const Playbook& b) { return a.id < b.id; });
  return out;
}

}  // namespace

const PlaybookTask* Playbook::task(std::string_view wanted) const {
  for (const PlaybookTask& one : tasks) {
    if (one.id == wanted) return &one;
  }
  return nullptr;
}

const EvidenceItem* Playbook::item(std::string_view wanted) const {
  for (const EvidenceItem& one : evidence) {
    if (one.id == wanted) return &one;
  }
  return nullptr;
}

Result<PlaybookLibrary> PlaybookLibrary::load(const std::vector<std::string>& folders) {
  PlaybookLibrary out;
  out.folders_ = folders;
  std::vector<std::string> law_folders;
  std::error_code failed;
  for (const std::string& folder : folders) {
    if (!fs::is_directory(folder, failed))
      return fail(ErrorCode::kUsage, "there is no such folder of playbooks", folder, failed.value());
    law_folders.push_back(folder + "/law");
    if (fs::exists(folder + "/methods.yaml", failed))
      TRIAGE_TRY_STATUS(read_methods(folder + "/methods.yaml", out.methods_));
    if (fs::exists(folder + "/roles.yaml", failed)) TRIAGE_TRY_STATUS(read_roles(folder + "/roles.yaml", out.roles_));
    if (fs::exists(folder + "/signs.yaml", failed)) {
      TRIAGE_TRY(out.signs_, read_leak_signs(folder + "/signs.yaml"));
    }
  }
  TRIAGE_TRY(out.law_, load_law(law_folders));
  TRIAGE_TRY(const std::vector<PlaybookSource> sources, read_sources(folders));
  TRIAGE_TRY(out.playbooks_, join(sources, out.law_));
  TRIAGE_TRY_STATUS(check_playbooks(out));
  return out;
}

const Playbook* PlaybookLibrary::playbook(std::string_view type) const {
  for (const Playbook& one : playbooks_) {
    if (one.id == type) return &one;
  }
  return nullptr;
}

const Role* PlaybookLibrary::role(std::string_view id) const {
  for (const Role& one : roles_) {
    if (one.id == id) return &one;
  }
  return nullptr;
}

}  // namespace triage
