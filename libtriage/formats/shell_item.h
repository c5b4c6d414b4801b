// SPDX-License-Identifier: Apache-2.0
// Shell items: the links of an ITEMIDLIST, by which Explorer names drives, folders and files in shortcuts, jump lists
// and the registry's bags.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bytes/cursor.h"
#include "model/timestamp.h"

namespace triage {

enum class ShellItemKind : std::uint8_t { kRoot, kVolume, kFolder, kFile, kNetwork, kUri, kOther };
std::string_view shell_item_kind_name(ShellItemKind kind);

struct ShellItem {
  ShellItemKind kind = ShellItemKind::kOther;
  std::uint8_t type = 0;              ///< the class byte as found
  std::string name;                   ///< long name where there is one; "C:\" of a volume; \\server\share; may be empty
  std::string guid;                   ///< root folder, lower-case with dashes; may be empty
  std::optional<std::uint32_t> size;  ///< of a file, bytes, modulo 2^32
  /// FAT stamps of file entries: local or UTC by Windows version, two seconds; basis unknown.
  std::optional<Timestamp> modified, created, accessed;
  std::optional<std::uint64_t> inode;  ///< MFT entry of a file entry on NTFS
  std::optional<std::uint16_t> sequence;
};

/// A list of items as far as it can be read.
struct ShellItemList {
  std::vector<ShellItem> items;
  bool complete = false;     ///< ended by its terminator
  std::size_t fault_at = 0;  ///< byte in `data` where reading stopped; meaningful when not complete
};

/// Reads `data`, an ITEMIDLIST: items of u16 size (with itself) and content, ended by a size of zero. At most 256.
ShellItemList parse_shell_items(Bytes data);

/// The path that the list spells: names joined by backslashes, "C:\Users\a.txt". "" when no item has a name.
std::string shell_path(const ShellItemList& list);

/// A GUID of exactly 16 bytes as lower-case text with dashes (first three fields little-endian); "" for another size.
std::string guid_text(Bytes bytes);

}  // namespace triage
