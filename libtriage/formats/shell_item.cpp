// SPDX-License-Identifier: Apache-2.0
// ITEMIDLIST. The class byte (third byte of an item) tells what follows; file entries carry an extension block with the
// long name and stamps. Others keep their class only. Little-endian.
//   file entry := class, u8, u32 size, FAT modified, u16 attributes, short name [pad], extension block 0xbeef0004
//   0x1f root folder (GUID, or a volume), 0x2e folder by GUID, 0x71 control panel, 0x74 "CFSF" with a file entry inside
//   extension  := u16 size, u16 version, u32 signature, FAT created, FAT accessed, u16, [v7: u16, file reference, u64,]
//                 u16 localised size, [v9: u32,] [v8: u32,] long name
// Spec: libyal/libfwsi, "Windows Shell Item format" §3; MS-SHLLINK §2.2 (list), MS-DTYP §2.3.4 (GUID).
#include "formats/shell_item.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "bytes/text.h"

namespace triage {
namespace {

constexpr std::size_t kMaxItems = 256;
constexpr std::uint32_t kFileExtension = 0xbeef0004;

std::string code_page_zstring(Bytes data) {
  const std::string_view text = as_chars(data);
  return decode_name(text.substr(0, text.find('\0')));
}

Timestamp fat_stamp(ByteCursor& c, std::string_view field) {
  const auto date = c.le<std::uint16_t>(field);
  const auto time = c.le<std::uint16_t>(field);
  return from_dos(date, time);
}

std::optional<Timestamp> if_set(const Timestamp& stamp) {
  if (stamp.status == TimeStatus::kNotSet) return std::nullopt;
  return stamp;
}

void parse_file_extension(ByteCursor c, ShellItem& item) {
  c.skip(2, "extension size");
  const auto version = c.le<std::uint16_t>("extension version");
  if (c.le<std::uint32_t>("extension signature") != kFileExtension) return;
  const Timestamp created = fat_stamp(c, "created");
  const Timestamp accessed = fat_stamp(c, "accessed");
  if (!c.ok()) return;
  item.created = if_set(created);
  item.accessed = if_set(accessed);
  c.skip(2, "identifier");
  if (version >= 7) {
    c.skip(2, "unknown");
    const auto reference = c.le<std::uint64_t>("file reference");
    c.skip(8, "unknown");
    if (c.ok() && reference != 0) {
      item.inode = reference & 0xffffffffffffULL;
      item.sequence = static_cast<std::uint16_t>(reference >> 48);
    }
  }
  if (version < 3) return;
  c.skip(2, "localised name size");
  if (version >= 9) c.skip(4, "unknown");
  if (version >= 8) c.skip(4, "unknown");
  if (!c.ok()) return;
  std::string name = utf16le_zstring(c.take(c.remaining(), "long name"));
  if (!name.empty()) item.name = std::move(name);
}

void parse_file_entry(ByteCursor& c, ShellItem& item) {
  item.kind = (item.type & 0x02) != 0 && (item.type & 0x01) == 0 ? ShellItemKind::kFile : ShellItemKind::kFolder;
  c.skip(1, "unknown");
  const auto size = c.le<std::uint32_t>("file size");
  const Timestamp modified = fat_stamp(c, "modified");
  const auto attributes = c.le<std::uint16_t>("file attributes");
  if (!c.ok()) return;
  if ((attributes & 0x10) != 0) item.kind = ShellItemKind::kFolder;
  if (item.kind == ShellItemKind::kFile) item.size = size;
  item.modified = if_set(modified);
  const Bytes rest = c.data().subspan(c.position());
  const bool wide = (item.type & 0x04) != 0;
  item.name = wide ? utf16le_zstring(rest) : code_page_zstring(rest);
  // The item's last word is the offset of its first extension block, counted from the item's size word.
  if (c.size() < 2) return;
  ByteCursor last = c.sub(c.size() - 2, 2, "extension offset");
  const std::size_t at = last.le<std::uint16_t>("extension offset");
  if (at < 2 + c.position() || at - 2 > c.size()) return;
  parse_file_extension(ByteCursor(c.data().subspan(at - 2)), item);
}

void parse_network(ByteCursor& c, ShellItem& item) {
  item.kind = ShellItemKind::kNetwork;
  c.skip(1, "unknown");
  c.skip(1, "flags");
  if (c.ok()) item.name = code_page_zstring(c.data().subspan(c.position()));
}

void parse_volume(ByteCursor& c, ShellItem& item) {
  item.kind = ShellItemKind::kVolume;
  if ((item.type & 0x01) != 0) item.name = code_page_zstring(c.data().subspan(c.position()));
}

constexpr std::string_view kDriveItem = "\x10\xb7\xa6\xf5";   // a volume inside "This PC" (property view)
constexpr std::string_view kSearchItem = "\xd5\xdf\xa3\x23";  // a search: properties, no folder of its own
constexpr std::string_view kUserFilesItem = "CFSF";           // a file entry inside another item

/// Root folder: a GUID, or a volume as "This PC" shows it.
void parse_root(ByteCursor& c, ShellItem& item) {
  if (has_at(c.data(), 4, kSearchItem)) return;
  if (has_at(c.data(), 4, kDriveItem)) {
    item.kind = ShellItemKind::kVolume;
    if (c.size() > 11) item.name = code_page_zstring(c.data().subspan(11));
    return;
  }
  item.kind = ShellItemKind::kRoot;
  c.skip(1, "sort index");
  item.guid = guid_text(c.take(16, "guid"));
}

/// "CFSF": u16, u16 size, signature, u16 size, file entry; the extension block is named at the end as usual.
void parse_user_files(ByteCursor& c, ShellItem& item) {
  c.skip(9, "delegate header");
  const std::uint8_t outer = item.type;
  item.type = c.le<std::uint8_t>("class");
  if (c.ok() && (item.type & 0x70) == 0x30) parse_file_entry(c, item);
  item.type = outer;
}

/// `content` is the item without its size word.
ShellItem parse_item(Bytes content) {
  ByteCursor c(content);
  ShellItem item;
  item.type = c.le<std::uint8_t>("class");
  switch (item.type & 0x70) {
    case 0x10:
      if (item.type == 0x1f) parse_root(c, item);
      break;
    case 0x20:
      parse_volume(c, item);
      if (item.type == 0x2e && content.size() >= 18) item.guid = guid_text(content.subspan(2, 16));
      break;
    case 0x30: parse_file_entry(c, item); break;
    case 0x40: parse_network(c, item); break;
    case 0x60: item.kind = ShellItemKind::kUri; break;
    case 0x70:
      if (has_at(content, 4, kUserFilesItem)) parse_user_files(c, item);
      if (item.type == 0x71 && content.size() >= 28) item.guid = guid_text(content.subspan(12, 16));  // control panel
      break;
    default: break;
  }
  return item;
}

}  // namespace

std::string_view shell_item_kind_name(ShellItemKind kind) {
  static constexpr std::array<std::string_view, 7> kNames = {"root",    "volume", "folder", "file",
                                                             "network", "uri",    "other"};
  return kNames[static_cast<std::size_t>(kind)];
}

ShellItemList parse_shell_items(Bytes data) {
  ShellItemList out;
  ByteCursor c(data);
  while (out.items.size() < kMaxItems) {
    out.fault_at = c.position();
    const auto size = c.le<std::uint16_t>("item size");
    if (c.ok() && size == 0) {
      out.complete = true;
      return out;
    }
    if (size < 3) return out;
    const Bytes content = c.take(size - std::size_t{2}, "item");
    if (!c.ok()) return out;
    out.items.push_back(parse_item(content));
  }
  return out;
}

std::string shell_path(const ShellItemList& list) {
  std::string out;
  for (const ShellItem& item : list.items) {
    if (item.name.empty()) continue;
    if (item.kind == ShellItemKind::kVolume || item.kind == ShellItemKind::kNetwork) out.clear();  // begins anew
    if (!out.empty() && !out.ends_with('\\')) out += '\\';
    out += item.name;
  }
  return out;
}

std::string guid_text(Bytes bytes) {
  if (bytes.size() != 16) return {};
  ByteCursor c(bytes);
  const auto first = c.le<std::uint32_t>("guid");
  const auto second = c.le<std::uint16_t>("guid");
  const auto third = c.le<std::uint16_t>("guid");
  return fmt::format("{:08x}-{:04x}-{:04x}-{}-{}", first, second, third, to_hex(bytes.subspan(8, 2)),
                     to_hex(bytes.subspan(10, 6)));
}

}  // namespace triage
