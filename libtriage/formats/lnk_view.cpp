// SPDX-License-Identifier: Apache-2.0
// Shell link. Little-endian, FILETIME in UTC, texts UTF-16LE or the writer's code page.  Spec: MS-SHLLINK.
//   link := header(76) [id list] [link info] [string]{0-5} extra* terminator      which parts: header flags, §2.1.1
//   Extra blocks read: environment (§2.5.4), tracker (§2.5.10), property store (§2.5.7, values of MS-PROPSTORE); others
//   are stepped over.
#include "formats/lnk_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "bytes/text.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::uint32_t kHasIdList = 0x1, kHasLinkInfo = 0x2, kHasName = 0x4, kHasRelativePath = 0x8,
                        kHasWorkingDir = 0x10, kHasArguments = 0x20, kHasIcon = 0x40, kIsUnicode = 0x80,
                        kForceNoLinkInfo = 0x100;
constexpr std::uint32_t kEnvironmentBlock = 0xa0000001, kTrackerBlock = 0xa0000003, kPropertyBlock = 0xa0000009;
constexpr std::size_t kMaxExtraBlocks = 64;
constexpr std::size_t kMaxProperties = 512;
constexpr std::string_view kClassId = "\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46"sv;
constexpr std::string_view kSidProperty = "46588ae2-4cbc-4338-bbfc-139326986dce";      // property 4: the user's SID
constexpr std::string_view kParsingProperty = "28636aa6-953d-11d2-b5d6-00c04fd918d0";  // property 30: parsing path

/// Text in the writer's code page up to NUL; "" when `at` is 0 or outside `c`.
std::string code_page_at(ByteCursor& c, std::size_t at, std::string_view field) {
  if (at == 0) return {};
  const ByteCursor text = c.sub(at, at <= c.size() ? c.size() - at : 0, field);
  const std::string_view chars = as_chars(text.data());
  return decode_name(chars.substr(0, chars.find('\0')));
}

std::string wide_at(ByteCursor& c, std::size_t at, std::string_view field) {
  if (at == 0) return {};
  return utf16le_zstring(c.sub(at, at <= c.size() ? c.size() - at : 0, field).data());
}

void parse_header(ByteCursor& c, LnkView& out) {
  c.skip(20, "header size, class id");
  out.flags = c.le<std::uint32_t>("flags");
  out.attributes = c.le<std::uint32_t>("attributes");
  out.created = from_filetime(c.le<std::uint64_t>("created"));
  out.accessed = from_filetime(c.le<std::uint64_t>("accessed"));
  out.modified = from_filetime(c.le<std::uint64_t>("modified"));
  out.size = c.le<std::uint32_t>("size");
  c.skip(20, "icon index, show command, hot key, reserved");
  out.has_header = c.ok();
}

/// Remembers the first fault of a part that begins at `base` of the link; what follows the part is still read.
void note_fault(LnkView& out, const ByteCursor& part, std::size_t base) {
  if (part.ok() || out.fault) return;
  out.fault = ByteCursor::Fault{part.fault()->field, base + part.fault()->at, part.fault()->wanted};
}

/// §2.3.1; `info` is the whole LinkInfo structure.
void parse_volume(ByteCursor& info, std::size_t at, LnkPlace& out) {
  if (at == 0) return;
  info.seek(at, "volume id");
  const auto size = info.le<std::uint32_t>("volume id size");
  ByteCursor volume = info.sub(at, size, "volume id");
  volume.skip(4, "volume id size");
  const auto drive_type = volume.le<std::uint32_t>("drive type");
  const auto serial = volume.le<std::uint32_t>("volume serial");
  const auto label_at = volume.le<std::uint32_t>("volume label offset");
  if (!volume.ok()) return info.reject("volume id");
  out.drive_type = drive_type;
  out.serial = fmt::format("{:08x}", serial);
  if (label_at == 0x14) {
    const auto wide_label_at = volume.le<std::uint32_t>("volume label offset");
    out.label = wide_at(volume, wide_label_at, "volume label");
  } else {
    out.label = code_page_at(volume, label_at, "volume label");
  }
}

/// §2.3.2
void parse_share(ByteCursor& info, std::size_t at, LnkPlace& out) {
  if (at == 0) return;
  info.seek(at, "network link");
  const auto size = info.le<std::uint32_t>("network link size");
  ByteCursor link = info.sub(at, size, "network link");
  link.skip(8, "network link size, flags");
  const auto share_at = link.le<std::uint32_t>("share name offset");
  const auto device_at = link.le<std::uint32_t>("device name offset");
  link.skip(4, "provider");
  const bool wide = share_at > 0x14;
  const std::size_t wide_share_at = wide ? link.le<std::uint32_t>("share name offset") : 0;
  const std::size_t wide_device_at = wide ? link.le<std::uint32_t>("device name offset") : 0;
  out.share = wide ? wide_at(link, wide_share_at, "share name") : code_page_at(link, share_at, "share name");
  out.device = wide ? wide_at(link, wide_device_at, "device name") : code_page_at(link, device_at, "device name");
  if (!link.ok()) info.reject("network link");
}

std::string joined_path(const std::string& base, const std::string& suffix) {
  if (base.empty() || suffix.empty()) return base;
  return base.ends_with('\\') ? base + suffix : base + '\\' + suffix;
}

/// §2.3
LnkPlace parse_link_info(ByteCursor& info) {
  LnkPlace out;
  info.skip(4, "link info size");
  const auto header_size = info.le<std::uint32_t>("link info header size");
  const auto flags = info.le<std::uint32_t>("link info flags");
  const auto volume_at = info.le<std::uint32_t>("volume id offset");
  const auto base_at = info.le<std::uint32_t>("local base path offset");
  const auto share_at = info.le<std::uint32_t>("network link offset");
  const auto suffix_at = info.le<std::uint32_t>("common path suffix offset");
  const bool wide = header_size >= 0x24;
  const std::size_t wide_base_at = wide ? info.le<std::uint32_t>("local base path offset") : 0;
  const std::size_t wide_suffix_at = wide ? info.le<std::uint32_t>("common path suffix offset") : 0;
  std::string suffix = wide_at(info, wide_suffix_at, "common path suffix");
  if (suffix.empty()) suffix = code_page_at(info, suffix_at, "common path suffix");
  if ((flags & 1) != 0) {
    std::string base = wide_at(info, wide_base_at, "local base path");
    if (base.empty()) base = code_page_at(info, base_at, "local base path");
    if (!base.empty()) out.local_path = suffix.empty() ? base : base + suffix;
    parse_volume(info, volume_at, out);
  }
  if ((flags & 2) != 0) {
    parse_share(info, share_at, out);
    out.share_path = joined_path(out.share, suffix);
  }
  return out;
}

/// §2.4: u16 characters, then the text.
std::string parse_string(ByteCursor& c, const LnkView& view, std::uint32_t flag, std::string_view field) {
  if ((view.flags & flag) == 0) return {};
  const std::size_t count = c.le<std::uint16_t>(field);
  if ((view.flags & kIsUnicode) != 0) return utf16le_zstring(c.take(count * 2, field));
  const std::string_view chars = as_chars(c.take(count, field));
  return decode_name(chars.substr(0, chars.find('\0')));
}

LnkTracker parse_tracker(ByteCursor& c) {
  LnkTracker out;
  c.skip(16, "block size, signature, length, version");
  const std::string_view machine = as_chars(c.take(16, "machine id"));
  out.machine = decode_name(machine.substr(0, machine.find('\0')));
  out.volume_droid = guid_text(c.take(16, "volume droid"));
  const Bytes droid = c.take(16, "file droid");
  out.file_droid = guid_text(droid);
  out.birth_volume_droid = guid_text(c.take(16, "birth volume droid"));
  out.birth_file_droid = guid_text(c.take(16, "birth file droid"));
  // RFC 4122 §4.1: version 1 in the high half of byte 7; an even first octet is a network card's own address.
  const bool time_based = droid.size() == 16 && (droid[7] & std::byte{0xf0}) == std::byte{0x10};
  if (time_based && (droid[10] & std::byte{1}) == std::byte{0}) {
    const std::string hex = to_hex(droid.subspan(10, 6));
    for (std::size_t i = 0; i < hex.size(); i += 2) out.mac += (i == 0 ? "" : ":") + hex.substr(i, 2);
  }
  return out;
}

/// One value of a property storage: the text of a VT_LPWSTR, else "".
std::string property_text(ByteCursor& value) {
  constexpr std::uint16_t kWideString = 0x1f;
  const auto type = value.le<std::uint16_t>("property type");
  value.skip(2, "padding");
  if (type != kWideString) return {};
  const std::size_t units = value.le<std::uint32_t>("property length");
  return value.ok() ? utf16le_zstring(value.sub(value.position(), units * 2, "property").data()) : std::string{};
}

/// MS-PROPSTORE §2.2: storages of one format id each; only two properties matter here.
void parse_properties(ByteCursor& c, LnkView& out) {
  std::size_t left = kMaxProperties;
  for (std::size_t at = 8; left > 0; --left) {
    c.seek(at, "property storage");
    const std::size_t size = c.le<std::uint32_t>("property storage size");
    if (!c.ok() || size < 24) return;  // the terminator is zero
    ByteCursor storage = c.sub(at, size, "property storage");
    storage.skip(8, "size, version");
    const std::string format = guid_text(storage.take(16, "format id"));
    for (std::size_t value_at = 24; storage.ok() && left > 0; --left) {
      storage.seek(value_at, "property");
      const std::size_t value_size = storage.le<std::uint32_t>("property size");
      if (!storage.ok() || value_size < 9) break;
      const auto id = storage.le<std::uint32_t>("property id");
      ByteCursor value = storage.sub(value_at, value_size, "property");
      value.skip(9, "size, id, reserved");
      if (format == kSidProperty && id == 4) out.sid = property_text(value);
      if (format == kParsingProperty && id == 30) out.parsing_path = property_text(value);
      if (!value.ok()) storage.reject("property");
      value_at += value_size;
    }
    if (!storage.ok()) c.reject(storage.fault()->field);
    at += size;
  }
}

/// §2.5
void parse_extra(ByteCursor& c, LnkView& out) {
  for (std::size_t i = 0; i < kMaxExtraBlocks && c.ok(); ++i) {
    if (c.at_end()) return;  // many writers leave the terminator out
    const std::size_t at = c.position();
    const std::size_t size = c.le<std::uint32_t>("extra block size");
    if (size < 4 || !c.ok()) return;
    ByteCursor block = c.sub(at, size, "extra block");
    c.skip(size - 4, "extra block");
    if (!c.ok()) return;
    ByteCursor head = block;
    head.skip(4, "extra block size");
    const auto signature = head.le<std::uint32_t>("extra block signature");
    if (signature == kTrackerBlock) {
      LnkTracker tracker = parse_tracker(block);
      if (block.ok()) out.tracker = std::move(tracker);
    } else if (signature == kEnvironmentBlock) {
      block.skip(8 + 260, "environment block, path in the code page");
      out.environment_path = utf16le_zstring(block.take(520, "environment path"));
    } else if (signature == kPropertyBlock) {
      parse_properties(block, out);
    }
    note_fault(out, block, at);
  }
}

void parse_id_list(ByteCursor& c, LnkView& out) {
  const std::size_t size = c.le<std::uint16_t>("id list size");
  const std::size_t at = c.position();
  const Bytes list = c.take(size, "id list");
  if (!c.ok()) return;
  out.items = parse_shell_items(list);
  if (!out.items.complete && !out.fault) out.fault = ByteCursor::Fault{"id list", at + out.items.fault_at, 0};
}

}  // namespace

bool is_lnk(Bytes data) { return has_at(data, 0, "\x4c\0\0\0"sv) && has_at(data, 4, kClassId); }

LnkView parse_lnk(Bytes data) {
  LnkView out;
  ByteCursor c(data);
  parse_header(c, out);
  if ((out.flags & kHasIdList) != 0) parse_id_list(c, out);
  if ((out.flags & kHasLinkInfo) != 0 && (out.flags & kForceNoLinkInfo) == 0 && c.ok()) {
    const std::size_t at = c.position();
    const std::size_t size = c.le<std::uint32_t>("link info size");
    ByteCursor info = c.sub(at, size, "link info");
    c.seek(at, "link info");
    c.skip(size, "link info");
    if (c.ok()) out.place = parse_link_info(info);
    note_fault(out, info, at);
  }
  out.description = parse_string(c, out, kHasName, "description");
  out.relative_path = parse_string(c, out, kHasRelativePath, "relative path");
  out.working_dir = parse_string(c, out, kHasWorkingDir, "working directory");
  out.arguments = parse_string(c, out, kHasArguments, "arguments");
  out.icon = parse_string(c, out, kHasIcon, "icon location");
  if (c.ok()) parse_extra(c, out);
  out.end = c.position();
  note_fault(out, c, 0);
  return out;
}

std::string LnkView::target() const {
  if (place && !place->local_path.empty()) return place->local_path;
  if (place && !place->share_path.empty()) return place->share_path;
  if (!environment_path.empty()) return environment_path;
  if (std::string path = shell_path(items); !path.empty()) return path;
  return parsing_path;
}

std::string_view drive_type_name(std::uint32_t drive_type) {
  static constexpr std::array<std::string_view, 7> kNames = {"unknown", "no root", "removable", "fixed",
                                                             "remote",  "cd-rom",  "ram disk"};
  return drive_type < kNames.size() ? kNames[drive_type] : kNames[0];
}

}  // namespace triage
