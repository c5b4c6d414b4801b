// SPDX-License-Identifier: Apache-2.0
// Playbook: the tasks of one leak type as data (playbooks/leak/*.yaml). A company's own folder of the same layout adds
// playbooks and tasks, or replaces those of the same id. PlaybookLibrary is everything below playbooks/ in one object.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "playbook/condition.h"
#include "playbook/law.h"
#include "playbook/leak_signs.h"

namespace triage {

/// What the record must hold so that a task ticks itself.
struct ProofRule {
  enum class Kind : std::uint8_t {
    kRun,          ///< a command that ended with exit 0 or 1
    kHashesAgree,  ///< two entries name the same content of the same item
    kAnswer,       ///< a question is answered, and not with "unknown"
    kAnswerIs,     ///< a question is answered with this word
    kKnew,         ///< the time of knowing is stated
    kClockOffset,  ///< a clock offset is stated
    kHandover,     ///< a hand-over is recorded
  };
  Kind kind = Kind::kRun;
  std::string name;  ///< command words ("memory acquire") or question
  std::string word;  ///< kAnswerIs: the answer; kRun: "", "input", "output_sha256"
};

struct TaskDue {
  std::string rule;  ///< id of a DeadlineRule
  int hours = 0;     ///< after the time of knowing
};

struct PlaybookTask {
  std::string id;
  int step = 1;
  bool containment = false;
  Bilingual action;
  Bilingual caution;                  ///< what not to do; may be empty
  std::vector<std::string> collects;  ///< evidence and papers that it brings
  std::string owner;                  ///< role
  std::string deputy;                 ///< role
  Condition when;
  TaskDue due;
  std::string command;                ///< which command does it; may be empty
  std::string query;                  ///< SQL over case.db that answers it; may be empty
  std::vector<ProofRule> proofs;      ///< all must hold; empty: only a person ticks it
  std::vector<std::string> after;     ///< tasks that come first
  std::vector<std::string> destroys;  ///< evidence items that it would destroy
  std::string fulfils;                ///< id of a DeadlineRule that is met by it
  std::string origin;                 ///< "playbook" or "law"
  std::string place;                  ///< file:line
};

struct EvidenceItem {
  std::string id;
  Bilingual name;
  std::vector<std::string> preserved_by;  ///< tasks: any of them, done, preserves it
};

struct DrillScene {
  Bilingual scenario;
  std::vector<std::pair<std::string, std::string>> answers;
};

struct Playbook {
  std::string id;
  std::int64_t version = 0;
  std::string as_of;
  Bilingual title;
  std::vector<Bilingual> do_not;
  std::vector<EvidenceItem> evidence;
  std::vector<PlaybookTask> tasks;  ///< by step, containment first, then as written
  std::optional<DrillScene> drill;

  [[nodiscard]] const PlaybookTask* task(std::string_view id) const;
  [[nodiscard]] const EvidenceItem* item(std::string_view id) const;
};

/// One of the six investigation methods.
struct Method {
  std::string id;
  std::string task;
  Bilingual title;
  std::vector<std::string> events;    ///< globs over artifact ids
  std::vector<std::string> findings;  ///< globs over rules
  std::vector<std::string> formats;   ///< globs over evidence formats
  bool files = false;                 ///< files of a read file system count
};

struct Role {
  std::string id;
  Bilingual title;
};

class PlaybookLibrary {
 public:
  /// Each folder has leak/, law/, forms/, methods.yaml, roles.yaml, signs.yaml as far as it wants to say something.
  /// Later folders win. Faults name file and line (kUsage).
  static Result<PlaybookLibrary> load(const std::vector<std::string>& folders);

  /// The playbook of a leak type with the tasks of `common` and of the law's duties in it. "unspecified" gives the
  /// common tasks. nullptr for a type that is not there.
  [[nodiscard]] const Playbook* playbook(std::string_view type) const;
  [[nodiscard]] const std::vector<Playbook>& playbooks() const { return playbooks_; }
  [[nodiscard]] const LawRules& law() const { return law_; }
  [[nodiscard]] const std::vector<Method>& methods() const { return methods_; }
  [[nodiscard]] const std::vector<Role>& roles() const { return roles_; }
  /// The signs of a likely leak; empty where no folder has signs.yaml.
  [[nodiscard]] const LeakSignRules& signs() const { return signs_; }
  [[nodiscard]] const Role* role(std::string_view id) const;
  /// Where forms are looked for, in the order of load().
  [[nodiscard]] const std::vector<std::string>& folders() const { return folders_; }

 private:
  std::vector<Playbook> playbooks_;
  LawRules law_;
  std::vector<Method> methods_;
  std::vector<Role> roles_;
  LeakSignRules signs_;
  std::vector<std::string> folders_;
};

}  // namespace triage
