// SPDX-License-Identifier: Apache-2.0
#include "reason/event_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>

#include "bytes/text.h"
#include "bytes/time_formats.h"
#include "model/locator.h"
#include "reason/case_joins.h"

namespace triage {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;

struct Derived {
  std::string_view name;
  Field::Kind kind;
};
constexpr std::array kDerived = {Derived{"account", Field::Kind::kAccount},
                                 Derived{"family", Field::Kind::kFamily},
                                 Derived{"media", Field::Kind::kMedia},
                                 Derived{"serial", Field::Kind::kSerial},
                                 Derived{"device", Field::Kind::kDevice},
                                 Derived{"name", Field::Kind::kName},
                                 Derived{"ext", Field::Kind::kExtension},
                                 Derived{"key", Field::Kind::kKey},
                                 Derived{"inode", Field::Kind::kInode},
                                 Derived{"folder", Field::Kind::kFolder},
                                 Derived{"program_name", Field::Kind::kProgramName},
                                 Derived{"command", Field::Kind::kCommand},
                                 Derived{"shift", Field::Kind::kShift},
                                 Derived{"fraction", Field::Kind::kFraction},
                                 Derived{"hour", Field::Kind::kHour},
                                 Derived{"weekday", Field::Kind::kWeekday},
                                 Derived{"remote_scope", Field::Kind::kRemoteScope}};

struct FamilyOf {
  std::string_view prefix, family;
};
/// The first that fits. What one program writes in several places is one family.
constexpr std::array kFamilies = {FamilyOf{"fs.", "file_system"},
                                  FamilyOf{"ntfs.", "file_system"},
                                  FamilyOf{"windows.evtx", "event_log"},
                                  FamilyOf{"windows.registry", "registry"},
                                  FamilyOf{"windows.prefetch", "prefetch"},
                                  FamilyOf{"windows.lnk", "shell_links"},
                                  FamilyOf{"windows.jumplist", "shell_links"},
                                  FamilyOf{"windows.recyclebin", "recycle_bin"},
                                  FamilyOf{"windows.webcache", "browser"},
                                  FamilyOf{"browser.", "browser"},
                                  FamilyOf{"windows.tasks", "tasks"},
                                  FamilyOf{"windows.job", "tasks"},
                                  FamilyOf{"windows.iis", "web_server"},
                                  FamilyOf{"web.access", "web_server"},
                                  FamilyOf{"linux.utmp", "login_records"},
                                  FamilyOf{"linux.audit", "system_log"},
                                  FamilyOf{"linux.syslog", "system_log"},
                                  FamilyOf{"linux.journal", "system_log"},
                                  FamilyOf{"fact.volume", "volumes"},
                                  FamilyOf{"fact.", "content"}};

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); });
}

std::string_view without_domain(std::string_view account) {
  if (const auto at = account.rfind('\\'); at != std::string_view::npos) account.remove_prefix(at + 1);
  if (const auto at = account.find('@'); at != std::string_view::npos && at > 0) account = account.substr(0, at);
  return account;
}

/// "loopback", "private" or "public" of an address in digits; nullopt for names.
std::optional<std::string_view> address_scope(std::string_view address) {
  if (address.starts_with("::ffff:")) address.remove_prefix(7);
  if (address == "::1" || address.starts_with("127.") || ascii_lower(address) == "local") return "loopback";
  std::array<unsigned, 4> part{};
  std::string_view rest = address;
  for (std::size_t i = 0; i < part.size(); ++i) {
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), part[i]);
    if (error != std::errc{} || part[i] > 255) break;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    if (i == 3) {
      if (!rest.empty()) break;
      const bool inside = part[0] == 10 || (part[0] == 172 && part[1] >= 16 && part[1] < 32) ||
                          (part[0] == 192 && part[1] == 168) || (part[0] == 169 && part[1] == 254) ||
                          (part[0] == 100 && part[1] >= 64 && part[1] < 128);
      return inside ? "private" : "public";
    }
    if (!rest.starts_with('.')) break;
    rest.remove_prefix(1);
  }
  const std::string lower = ascii_lower(address);
  if (std::count(lower.begin(), lower.end(), ':') < 2) return std::nullopt;
  const bool inside = lower.starts_with("fe8") || lower.starts_with("fe9") || lower.starts_with("fea") ||
                      lower.starts_with("feb") || lower.starts_with("fc") || lower.starts_with("fd");
  return inside ? "private" : "public";
}

std::optional<std::string> known(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

}  // namespace

bool is_fact(std::string_view word) {
  return word == fact::kSameContent || word == fact::kVolume || word == fact::kContent;
}

std::optional<Field> field_named(std::string_view name) {
  Field out;
  out.name = name;
  if (name.starts_with("attributes.")) {
    out.kind = Field::Kind::kAttribute;
    out.name = name.substr(11);
    return out.name.empty() ? std::nullopt : std::optional(out);
  }
  for (const Derived& one : kDerived) {
    if (one.name != name) continue;
    out.kind = one.kind;
    return out;
  }
  const auto found = std::find(kEventColumns.begin(), kEventColumns.end(), name);
  if (found == kEventColumns.end() || name == "attributes") return std::nullopt;
  out.column = static_cast<int>(found - kEventColumns.begin());
  return out;
}

std::string path_key(std::string_view path) {
  std::string out = ascii_lower(path);
  std::replace(out.begin(), out.end(), '\\', '/');
  if (out.starts_with("file:///")) out.erase(0, 7);
  if (out.starts_with("//?/") || out.starts_with("/\?\?/")) out.erase(0, 4);
  if (out.starts_with('/') && out.size() > 2 && out[2] == ':') out.erase(0, 1);
  if (out.size() >= 2 && out[1] == ':' && out[0] >= 'a' && out[0] <= 'z') out.erase(0, 2);
  return out;
}

std::string_view last_part(std::string_view path) {
  while (!path.empty() && (path.back() == '/' || path.back() == '\\')) path.remove_suffix(1);
  if (const auto at = path.find_last_of("/\\"); at != std::string_view::npos) path.remove_prefix(at + 1);
  if (const auto at = path.find(':'); at != std::string_view::npos && at > 1) path = path.substr(0, at);
  return path;
}

char drive_letter(std::string_view path) {
  if (path.starts_with("file:///")) path.remove_prefix(8);
  if (path.starts_with("\\\\?\\") || path.starts_with("\\??\\")) path.remove_prefix(4);
  if (path.starts_with("\\DosDevices\\")) path.remove_prefix(12);
  if (path.size() < 2 || path[1] != ':') return '\0';
  const char letter = path[0];
  if (letter >= 'A' && letter <= 'Z') return letter;
  return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : '\0';
}

std::optional<std::string> volume_serial(std::string_view text) {
  std::string digits;
  for (const char c : ascii_lower(text)) {
    if (c != '-') digits.push_back(c);
  }
  if (digits.starts_with("0x")) digits.erase(0, 2);
  // NTFS has 64 bits; Windows and its shortcuts name the lower 32.
  if ((digits.size() != 8 && digits.size() != 16) || !is_hex(digits)) return std::nullopt;
  digits = digits.substr(digits.size() - 8);
  return digits == "00000000" ? std::nullopt : std::optional(digits);
}

std::optional<std::string> device_number(std::string_view instance) {
  if (instance.empty()) return std::nullopt;
  // "USBSTOR\Disk&Ven_X&Prod_Y\4C53&0" or, in one value, "_??_USBSTOR#Disk&Ven_X#4C53&0#{guid}".
  const char separator = instance.find('#') != std::string_view::npos ? '#' : '\\';
  if (const auto guid = instance.find("#{"); guid != std::string_view::npos) instance = instance.substr(0, guid);
  if (const auto at = instance.rfind(separator); at != std::string_view::npos) instance.remove_prefix(at + 1);
  // A "&" in second place is a number that Windows made up: the device has none of its own.
  if (instance.size() < 4 || instance[1] == '&') return std::nullopt;
  if (const auto at = instance.rfind('&'); at != std::string_view::npos) instance = instance.substr(0, at);
  std::string out(instance);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return known(out);
}

std::optional<std::int64_t> EventFields::when_ns() const {
  const auto text = column(event_column("when_ns"));
  std::int64_t value = 0;
  if (!text || std::from_chars(text->data(), text->data() + text->size(), value).ec != std::errc{}) return std::nullopt;
  return value;
}

std::optional<std::string> EventFields::attribute(std::string_view name) const {
  const auto text = column(event_column("attributes"));
  if (!text || text->find(name) == std::string_view::npos) return std::nullopt;
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  const auto found = json.find(std::string(name));
  if (found == json.end() || found->is_null()) return std::nullopt;
  return known(found->is_string() ? found->get<std::string>() : found->dump());
}

std::optional<std::uint64_t> EventFields::volume_offset() const {
  const std::string_view locator = column(event_column("locator")).value_or("");
  const auto slash = locator.find("/v");
  if (slash == std::string_view::npos) return std::nullopt;
  std::uint64_t offset = 0;
  const char* from = locator.data() + slash + 2;
  if (std::from_chars(from, locator.data() + locator.size(), offset).ec != std::errc{}) return std::nullopt;
  return offset;
}

std::string EventFields::family() const {
  const std::string_view artifact = column(event_column("artifact")).value_or("");
  std::string out(artifact);
  for (const FamilyOf& one : kFamilies) {
    if (!artifact.starts_with(one.prefix)) continue;
    out = one.family;
    break;
  }
  // Two media are written by different drivers at different times; two records of one file system are not.
  if (out == "file_system") {
    out += fmt::format("@{}", column(event_column("evidence")).value_or(""));
    if (const auto offset = volume_offset()) out += fmt::format("/v{}", *offset);
  }
  return out;
}

std::optional<std::string_view> EventFields::path_or_object() const {
  const auto path = column(event_column("path"));
  return path ? path : column(event_column("object"));
}

std::optional<std::string> EventFields::account() const {
  if (const auto who = column(event_column("who"))) return known(ascii_lower(without_domain(*who)));
  const auto sid = column(event_column("sid"));
  return sid ? joins_.account_of(*sid) : std::nullopt;
}

std::optional<std::string> EventFields::serial() const {
  if (const auto volume = column(event_column("volume"))) {
    if (auto serial = volume_serial(*volume)) return serial;
  }
  const std::string_view artifact = column(event_column("artifact")).value_or("");
  const bool lies_there = artifact.starts_with("fs.") || artifact.starts_with("ntfs.") || is_fact(artifact);
  const auto offset = lies_there ? volume_offset() : std::nullopt;
  return offset ? joins_.serial_at(column(event_column("evidence")).value_or(""), *offset) : std::nullopt;
}

std::optional<std::string> EventFields::media() const {
  if (auto said = attribute("drive_type"); said && said->size() > 1) return said;
  const std::string_view path = path_or_object().value_or("");
  const std::string_view kind = column(event_column("object_kind")).value_or("");
  if (column(event_column("channel")) == "usb" && (kind == "file" || kind == "directory")) return "removable";
  if (const auto serial_known = serial()) {
    if (auto said = joins_.media_of_serial(*serial_known)) return said;
  }
  if (path.starts_with("\\\\") && !path.starts_with("\\\\?\\")) return "network";
  if (const char letter = drive_letter(path); letter != '\0')
    return joins_.media_of_letter(column(event_column("evidence")).value_or(""), letter);
  for (const std::string_view mount : {"/media/", "/run/media/"}) {
    if (path.starts_with(mount)) return "removable";
  }
  return std::nullopt;
}

std::optional<std::string> EventFields::device() const {
  if (column(event_column("object_kind")) == "device") {
    if (const auto number = attribute("serial")) return known(*number);
    return device_number(column(event_column("object")).value_or(""));
  }
  if (const auto serial_known = serial()) {
    if (auto said = joins_.device_of_serial(*serial_known)) return said;
  }
  const char letter = drive_letter(path_or_object().value_or(""));
  if (letter == '\0') return std::nullopt;
  return joins_.device_of_letter(column(event_column("evidence")).value_or(""), letter);
}

std::optional<std::string> EventFields::inode() const {
  auto number = attribute("inode");
  if (!number) number = attribute("file_inode");
  const auto offset = volume_offset();
  if (!number || !offset) return std::nullopt;
  return fmt::format("{}/v{}.{}", column(event_column("evidence")).value_or(""), *offset, *number);
}

std::optional<std::string> EventFields::folder() const {
  if (const auto path = column(event_column("path"))) {
    const std::string key = path_key(*path);
    const auto at = key.rfind('/');
    return at == std::string::npos ? std::nullopt : known(key.substr(0, at + 1));
  }
  const auto parent = attribute("parent_inode");
  const auto offset = volume_offset();
  if (!parent || !offset) return std::nullopt;
  return joins_.folder_at(column(event_column("evidence")).value_or(""), *offset, *parent);
}

std::optional<std::string> EventFields::command() const {
  if (auto line = attribute("command_line")) return line;
  const std::string_view kind = column(event_column("object_kind")).value_or("");
  const auto object = column(event_column("object"));
  const std::string_view what = column(event_column("what")).value_or("");
  if (!object || (what != "program.run" && what != "task.run" && kind != "task" && kind != "program" &&
                  kind != "service" && kind != "command" && kind != "script"))
    return std::nullopt;
  std::string out(kind == "task" || kind == "service" ? column(event_column("path")).value_or(*object) : *object);
  if (const auto arguments = attribute("arguments")) out += " " + *arguments;
  return out;
}

std::optional<std::string> EventFields::shift() const {
  const auto before = attribute("old_time");
  const auto after = attribute("new_time");
  if (!before || !after) return std::nullopt;
  const auto from = parse_time_text(*before);
  const auto to = parse_time_text(*after);
  if (!from || !to) return std::nullopt;
  return fmt::to_string((*to > *from ? *to - *from : *from - *to) / kSecond);
}

std::optional<std::string> EventFields::local(bool weekday) const {
  const auto at = when_ns();
  if (!at || !is_utc() || !joins_.offset_minutes()) return std::nullopt;
  const std::int64_t there = *at + joins_.offset_minutes()(*at) * kMinute;
  const std::int64_t day = there / kDay - (there % kDay < 0 ? 1 : 0);
  if (!weekday) return fmt::to_string((there - day * kDay) / kHour);
  return fmt::to_string(std::chrono::weekday(std::chrono::sys_days(std::chrono::days(day))).iso_encoding());
}

std::optional<std::string> EventFields::value(const Field& field) const {
  std::string scratch;
  const auto text = get(field, scratch);
  return text ? std::optional<std::string>(*text) : std::nullopt;
}

std::optional<std::string_view> EventFields::get(const Field& field, std::string& scratch) const {
  using Kind = Field::Kind;
  const auto keep = [&scratch](std::optional<std::string> text) -> std::optional<std::string_view> {
    if (!text || text->empty()) return std::nullopt;
    scratch = *std::move(text);
    return scratch;
  };
  const auto view = [](std::string_view text) {
    return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
  };
  const auto name = [this] { return last_part(path_or_object().value_or("")); };
  switch (field.kind) {
    case Kind::kColumn: return column(field.column);
    case Kind::kAttribute: return keep(attribute(field.name));
    case Kind::kAccount: return keep(account());
    case Kind::kFamily: return keep(family());
    case Kind::kMedia: return keep(media());
    case Kind::kSerial: return keep(serial());
    case Kind::kDevice: return keep(device());
    case Kind::kName: return view(name());
    case Kind::kExtension: {
      const std::string_view whole = name();
      const auto dot = whole.rfind('.');
      return dot == std::string_view::npos || dot == 0 ? std::nullopt : view(whole.substr(dot + 1));
    }
    case Kind::kKey: return keep(path_key(path_or_object().value_or("")));
    case Kind::kInode: return keep(inode());
    case Kind::kFolder: return keep(folder());
    case Kind::kProgramName: {
      const auto program = column(event_column("program"));
      return view(last_part(program ? *program : path_or_object().value_or("")));
    }
    case Kind::kCommand: return keep(command());
    case Kind::kShift: return keep(shift());
    case Kind::kFraction: {
      const auto at = when_ns();
      return at ? keep(fmt::to_string((*at % kSecond + kSecond) % kSecond)) : std::nullopt;
    }
    case Kind::kHour: return keep(local(false));
    case Kind::kWeekday: return keep(local(true));
    case Kind::kRemoteScope: return address_scope(column(event_column("remote")).value_or(""));
  }
  return std::nullopt;
}

}  // namespace triage
