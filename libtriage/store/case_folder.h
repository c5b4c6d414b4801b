// SPDX-License-Identifier: Apache-2.0
// CaseFolder: the folder of one case (DESIGN.md §4), its tree, its settings (case.yaml) and its lock. Folders are 0700,
// files 0600. case.yaml is what makes a folder a case: it is written first, the rest of the tree is completed at every
// open for writing, so that a run killed while it made the case leaves a case.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "store/output_file.h"

namespace triage {

/// One of the six steps of the leak playbook.
struct CaseStep {
  int number;
  std::string_view folder;
  std::string_view name_en;
  std::string_view name_ja;
};
inline constexpr std::array<CaseStep, 6> kCaseSteps = {{
    {1, "1-discovery-report", "Discovery and report", "発見・報告"},
    {2, "2-initial-response", "Initial response", "初動対応"},
    {3, "3-investigation", "Investigation", "調査"},
    {4, "4-notification", "Notification, report, publication", "通知・報告・公表"},
    {5, "5-containment-recovery", "Containment and recovery", "抑制措置と復旧"},
    {6, "6-follow-up", "Follow-up", "事後対応"},
}};

struct CasePerson {
  std::string name;
  std::string role;      ///< "responder", "witness", "subject", "legal" … free text
  std::string accounts;  ///< accounts a person says are theirs, comma separated; may be empty
  bool operator==(const CasePerson&) const = default;
};

/// How far a clock was from true time, and who says so. Positive: the clock was ahead.
struct ClockOffset {
  std::string host;
  std::int64_t offset_seconds = 0;
  std::string source;  ///< "compared with NTP", "BIOS photo 3" …
  bool operator==(const ClockOffset&) const = default;
};

/// case.yaml. What is unknown stays nullopt or empty.
struct CaseSettings {
  std::string organisation;
  std::vector<CasePerson> people;
  std::string leak_type = "unspecified";
  std::optional<std::string> knew_time;  ///< when the organisation came to know (起算), RFC 3339 text
  std::string time_zone = "Asia/Tokyo";  ///< for display
  std::vector<ClockOffset> clock_offsets;
  std::string lang = "ja";  ///< ja or en
  std::optional<std::string> legal_rules_version;
  bool operator==(const CaseSettings&) const = default;
};
/// What a new case begins with.
using CaseInit = CaseSettings;

class CaseFolder {
 public:
  enum class Access {
    kWrite,  ///< takes the lock; a case in use is kUsage
    kRead,   ///< no lock, nothing is made or changed
  };
  /// DIR absent or empty. A folder with content is kUsage, one that cannot be written kOutput.
  static Result<CaseFolder> create(const std::string& dir, const CaseInit& init);
  /// DIR is a case. Anything else is kUsage.
  static Result<CaseFolder> open(const std::string& dir, Access access);
  /// open() for a case, create() for an absent or empty DIR.
  static Result<CaseFolder> open_or_create(const std::string& dir, const CaseInit& init);

  [[nodiscard]] const std::string& path() const { return path_; }
  /// For *_beneath and OutputFile. Owned by this object.
  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] bool created() const { return created_; }
  [[nodiscard]] std::string database_path() const { return path_ + "/3-investigation/case.db"; }

  Result<CaseSettings> settings() const;
  /// Changes the keys of CaseSettings in case.yaml; other keys a person added stay, comments do not.
  Status write_settings(const CaseSettings& settings);
  /// "open", "running" or "done" of step 1 to 6, as its status.json says; "open" where that is unreadable.
  [[nodiscard]] std::string step_state(int step) const;
  /// `details_json` is a JSON object of further keys ("{}").
  Status write_step_state(int step, std::string_view state, std::string_view details_json = "{}");

 private:
  CaseFolder(std::string path, UniqueFd fd) : path_(std::move(path)), fd_(std::move(fd)) {}
  static Result<CaseFolder> open_folder(const std::string& dir);
  Status lock();
  [[nodiscard]] bool is_case() const;
  Status complete_tree();
  Status make_file(const std::string& path, std::string_view text);

  std::string path_;
  UniqueFd fd_;
  bool created_ = false;
};

}  // namespace triage
