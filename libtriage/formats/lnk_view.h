// SPDX-License-Identifier: Apache-2.0
// LnkView: a Windows shell link (shortcut) taken apart. Also the entries of jump lists and links inside other files.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bytes/cursor.h"
#include "formats/shell_item.h"
#include "model/timestamp.h"

namespace triage {

/// Where the target lay (LinkInfo). Absent parts are empty.
struct LnkPlace {
  std::optional<std::uint32_t> drive_type;  ///< 0 unknown, 1 no root, 2 removable, 3 fixed, 4 remote, 5 CD, 6 RAM
  std::string serial;                       ///< volume serial, 8 lower-case hex digits
  std::string label;
  std::string local_path;  ///< base and suffix joined
  std::string share;       ///< \\server\share
  std::string share_path;  ///< share and suffix joined
  std::string device;      ///< drive letter the share was mounted as
};

/// The machine that made or last followed the link (distributed link tracking).
struct LnkTracker {
  std::string machine;       ///< NetBIOS name
  std::string volume_droid;  ///< GUIDs as text
  std::string file_droid;
  std::string birth_volume_droid;
  std::string birth_file_droid;
  std::string mac;  ///< aa:bb:cc:dd:ee:ff out of the file droid where that is a time-based UUID; else empty
};

struct LnkView {
  std::uint32_t flags = 0;
  std::uint32_t attributes = 0;
  Timestamp created, accessed, modified;  ///< of the target when the link was written
  std::uint32_t size = 0;                 ///< of the target, modulo 2^32
  ShellItemList items;
  std::optional<LnkPlace> place;
  std::string description, relative_path, working_dir, arguments, icon;
  std::optional<LnkTracker> tracker;
  std::string environment_path;  ///< target with variables, "%windir%\\notepad.exe"; may be empty
  std::string sid;               ///< user SID of the property store; may be empty
  std::string parsing_path;      ///< System.ParsingPath of the property store; may be empty

  std::size_t end = 0;                     ///< bytes the link takes (up to the fault when not complete)
  bool has_header = false;                 ///< nothing else is valid without it
  std::optional<ByteCursor::Fault> fault;  ///< first fault; what came before it is valid

  /// Best path of the target: local path, share path, path with environment variables, shell items, property store;
  /// "" when none is known.
  [[nodiscard]] std::string target() const;
};

/// True when `data` begins with a shell link's header size and class id.
bool is_lnk(Bytes data);

/// Reads a link at the start of `data`; what follows the link is left alone.
LnkView parse_lnk(Bytes data);

/// "fixed", "removable" …; "unknown" for a value that has no name.
std::string_view drive_type_name(std::uint32_t drive_type);

}  // namespace triage
