// SPDX-License-Identifier: Apache-2.0
// CaseJoins: what belongs together in a case, learned from its own records. Two records that contradict each other
// leave a thing unknown; nothing is guessed.
//   SID → account                 profile list
//   volume serial → medium        shortcuts and jump lists (their own drive type), ReadyBoost
//   volume serial → device        ReadyBoost; drive letter → device: mounted devices
//   drive letter → medium         all of these, by evidence
//   folder number → path          file system entries (for change journals)
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "reason/event_fields.h"

namespace triage {

/// A row of the view `volumes`, as far as joins need it.
struct VolumeFact {
  std::string evidence;
  std::uint64_t offset = 0;
  std::string file_system, label, serial, encryption, status, description;
};

class CaseJoins {
 public:
  /// Artifacts whose events learn() wants to see; directories of fs.times as well.
  static bool wants_artifact(std::string_view artifact);

  void learn(const VolumeFact& volume);
  void learn(const EventFields& event);

  /// Minutes east of UTC at a time; for fields of the local hour. Unset: those are unknown.
  void set_zone(std::function<int(std::int64_t)> offset_minutes) { offset_minutes_ = std::move(offset_minutes); }
  [[nodiscard]] const std::function<int(std::int64_t)>& offset_minutes() const { return offset_minutes_; }

  [[nodiscard]] std::optional<std::string> account_of(std::string_view sid) const;
  [[nodiscard]] std::optional<std::string> media_of_serial(std::string_view serial) const;
  [[nodiscard]] std::optional<std::string> media_of_letter(std::string_view evidence, char letter) const;
  [[nodiscard]] std::optional<std::string> device_of_serial(std::string_view serial) const;
  [[nodiscard]] std::optional<std::string> device_of_letter(std::string_view evidence, char letter) const;
  /// Serial of the volume at `offset` of an evidence.
  [[nodiscard]] std::optional<std::string> serial_at(std::string_view evidence, std::uint64_t offset) const;
  [[nodiscard]] std::optional<std::string> folder_at(std::string_view evidence, std::uint64_t offset,
                                                     std::string_view inode) const;

 private:
  /// The one value said of a key; contradicted ones stay unknown.
  class Said {
   public:
    void say(const std::string& key, const std::string& value);
    [[nodiscard]] std::optional<std::string> of(const std::string& key) const;

   private:
    std::map<std::string, std::string> values_;  ///< "" where contradicted
  };
  static std::string place(std::string_view evidence, std::uint64_t offset);
  void learn_drive(const EventFields& event);
  void learn_device(const EventFields& event, std::string_view artifact);

  std::function<int(std::int64_t)> offset_minutes_;
  Said accounts_, media_by_serial_, media_by_letter_, device_by_serial_, device_by_letter_, serials_;
  std::unordered_map<std::string, std::string> folders_;
};

}  // namespace triage
