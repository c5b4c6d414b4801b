// SPDX-License-Identifier: Apache-2.0
#include "playbook/playbook_check.h"

#include <fmt/format.h>

#include <set>

#include "playbook/playbook.h"

namespace triage {
namespace {

/// Collects what is wrong, with the place of the task.
class Faults {
 public:
  void add(const PlaybookTask& task, const std::string& what) {
    all_ += fmt::format("{}{}: task {}: {}", all_.empty() ? "" : "; ", task.place, task.id, what);
  }
  void add(const std::string& what) { all_ += (all_.empty() ? "" : "; ") + what; }
  [[nodiscard]] Status status() const {
    if (all_.empty()) return {};
    return fail(ErrorCode::kUsage, all_, {}, 0, "correct the playbooks");
  }

 private:
  std::string all_;
};

void check_condition(const PlaybookLibrary& library, const PlaybookTask& task, Faults& faults) {
  std::set<std::string> questions, held;
  names_of(task.when, questions, held);
  for (const ProofRule& proof : task.proofs) {
    if (proof.kind == ProofRule::Kind::kAnswer || proof.kind == ProofRule::Kind::kAnswerIs)
      questions.insert(proof.name);
  }
  for (const std::string& name : questions) {
    if (library.law().question(name) == nullptr) faults.add(task, "unknown question " + name);
  }
  for (const std::string& name : held) {
    if (library.law().condition(name) == nullptr) faults.add(task, "unknown condition " + name);
  }
}

void check_task(const PlaybookLibrary& library, const Playbook& playbook, const PlaybookTask& task, Faults& faults) {
  for (const std::string& role : {task.owner, task.deputy}) {
    if (library.role(role) == nullptr) faults.add(task, "unknown role " + role);
  }
  for (const std::string& name : task.after) {
    if (playbook.task(name) == nullptr) faults.add(task, "comes after unknown task " + name);
  }
  for (const std::string& name : task.destroys) {
    if (playbook.item(name) == nullptr) faults.add(task, "destroys unknown evidence " + name);
  }
  for (const std::string& rule : {task.due.rule, task.fulfils}) {
    if (!rule.empty() && library.law().deadline(rule) == nullptr) faults.add(task, "unknown deadline " + rule);
  }
  check_condition(library, task, faults);
}

/// True when `task` waits, over any number of steps, for `target`.
bool waits_for(const Playbook& playbook, const PlaybookTask& task, std::string_view target,
               std::set<std::string>& seen) {
  for (const std::string& name : task.after) {
    if (name == target) return true;
    const PlaybookTask* next = playbook.task(name);
    if (next != nullptr && seen.insert(name).second && waits_for(playbook, *next, target, seen)) return true;
  }
  return false;
}

}  // namespace

Status check_playbooks(const PlaybookLibrary& library) {
  Faults faults;
  for (const Playbook& playbook : library.playbooks()) {
    std::set<int> steps;
    for (const PlaybookTask& task : playbook.tasks) {
      steps.insert(task.step);
      check_task(library, playbook, task, faults);
      std::set<std::string> seen;
      if (waits_for(playbook, task, task.id, seen)) faults.add(task, "waits for itself");
    }
    if (!playbook.tasks.empty() && steps.size() != 6) faults.add("playbook " + playbook.id + " lacks one of six steps");
    for (const EvidenceItem& item : playbook.evidence) {
      if (item.preserved_by.empty()) faults.add("evidence " + item.id + ": no task preserves it");
      for (const std::string& name : item.preserved_by) {
        const PlaybookTask* task = playbook.task(name);
        if (task == nullptr) faults.add("evidence " + item.id + ": preserved by unknown task " + name);
        for (const std::string& lost : task != nullptr ? task->destroys : std::vector<std::string>{}) {
          if (lost == item.id) faults.add(*task, "destroys what it preserves");
        }
      }
    }
  }
  for (const Method& method : library.methods()) {
    const Playbook* common = library.playbook("unspecified");
    if (common != nullptr && !common->tasks.empty() && common->task(method.task) == nullptr)
      faults.add("method " + method.id + ": unknown task " + method.task);
  }
  return faults.status();
}

std::vector<std::string_view> forbidden_words() { return {"完全に", "必ず", "一切", "犯人"}; }

std::string_view forbidden_word_in(std::string_view text) {
  for (const std::string_view word : forbidden_words()) {
    if (text.find(word) != std::string_view::npos) return word;
  }
  return {};
}

}  // namespace triage
