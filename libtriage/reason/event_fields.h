// SPDX-License-Identifier: Apache-2.0
// EventFields: one event (or fact) as a rule sees it: the columns of the view `events`, its attributes, and what is
// derived from them and from the joins of the case. Values are compared in ASCII lower case.
// Facts are shaped like events: artifact and `what` are
//   fact.same_content  a file on another medium, or a member of an archive there, has the content of a file (object:
//                      its path)
//   fact.volume        a volume (attributes file_system, label, encryption, status)
//   fact.content       a content finding (object: its rule; attributes severity)
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/timeline_query.h"

namespace triage {

class CaseJoins;

namespace fact {
inline constexpr std::string_view kSameContent = "fact.same_content";
inline constexpr std::string_view kVolume = "fact.volume";
inline constexpr std::string_view kContent = "fact.content";
}  // namespace fact
bool is_fact(std::string_view word);

/// What a rule can name: a column, "attributes.NAME", or one of these derived ones.
struct Field {
  enum class Kind : std::uint8_t {
    kColumn,
    kAttribute,
    kAccount,      ///< account without its domain; from the SID where the case knows it
    kFamily,       ///< family of artifacts; families are independent of each other
    kMedia,        ///< removable, fixed, network, optical, where something says so
    kSerial,       ///< volume serial, 8 hex digits
    kDevice,       ///< serial number of the device
    kName,         ///< last part of path or object
    kExtension,    ///< of name, without the dot
    kKey,          ///< path with one spelling: "/", lower case, no drive letter
    kInode,        ///< entry of a file system, unlike those of other volumes
    kFolder,       ///< path of the folder; for journal records the folder's entry as it is now
    kProgramName,  ///< last part of the program's path
    kCommand,      ///< command line, or object and arguments
    kShift,        ///< seconds between old_time and new_time
    kFraction,     ///< nanoseconds behind the full second
    kHour,         ///< local hour, 0 to 23; only of times in UTC
    kWeekday,      ///< local day, 1 (Monday) to 7; only of times in UTC
    kRemoteScope,  ///< loopback, private or public address
  };
  Kind kind = Kind::kColumn;
  int column = 0;
  std::string name;  ///< as the rule spells it; the attribute's name behind "attributes."
  bool operator==(const Field&) const = default;
};
/// nullopt for a name that is no field.
std::optional<Field> field_named(std::string_view name);

/// Points into the row it was made of.
class EventFields {
 public:
  using Columns = std::array<std::optional<std::string_view>, kEventColumns.size()>;
  EventFields(const Columns& columns, const CaseJoins& joins) : columns_(columns), joins_(joins) {}

  [[nodiscard]] std::optional<std::string_view> column(int index) const {
    return columns_[static_cast<std::size_t>(index)];
  }
  /// `scratch` holds the value where it had to be made.
  [[nodiscard]] std::optional<std::string_view> get(const Field& field, std::string& scratch) const;
  [[nodiscard]] std::optional<std::string> value(const Field& field) const;
  [[nodiscard]] std::optional<std::string> attribute(std::string_view name) const;
  [[nodiscard]] std::optional<std::int64_t> when_ns() const;
  [[nodiscard]] bool is_utc() const { return column(event_column("when_basis")) == "utc"; }
  /// Family with the medium it was read from where it matters.
  [[nodiscard]] std::string family() const;
  /// Offset in its evidence of the volume whose file system holds the record; nullopt where the locator has none.
  [[nodiscard]] std::optional<std::uint64_t> volume_offset() const;

 private:
  [[nodiscard]] std::optional<std::string_view> path_or_object() const;
  [[nodiscard]] std::optional<std::string> account() const;
  [[nodiscard]] std::optional<std::string> serial() const;
  [[nodiscard]] std::optional<std::string> media() const;
  [[nodiscard]] std::optional<std::string> device() const;
  [[nodiscard]] std::optional<std::string> inode() const;
  [[nodiscard]] std::optional<std::string> folder() const;
  [[nodiscard]] std::optional<std::string> command() const;
  [[nodiscard]] std::optional<std::string> shift() const;
  [[nodiscard]] std::optional<std::string> local(bool weekday) const;

  const Columns& columns_;
  const CaseJoins& joins_;
};

/// Path with one spelling: "/" between parts, no drive letter, no "\\?\", no "file://", ASCII lower case.
std::string path_key(std::string_view path);
/// Last part of a path with either separator; what stands behind a second colon (a named stream) is left out.
std::string_view last_part(std::string_view path);
/// Drive letter in upper case of "E:\…" or "file:///E:/…"; '\0' without.
char drive_letter(std::string_view path);
/// 8 lower-case hex digits of a volume serial as any artifact spells it; nullopt where it is none.
std::optional<std::string> volume_serial(std::string_view text);
/// Number of a device: the last part of an instance id, without the "&0" behind it, upper case.
std::optional<std::string> device_number(std::string_view instance);

}  // namespace triage
