// SPDX-License-Identifier: Apache-2.0
#include "artifacts/registry_plugin.h"

#include <algorithm>
#include <array>

#include "bytes/text.h"
#include "formats/browser_profile.h"

namespace triage {
namespace {

struct HiveName {
  HiveKind kind;
  std::string_view pattern;  ///< first segment of RegistryPlugin::keys
  std::string_view prefix;
  std::string_view file;  ///< usual file name, lower case
};
constexpr std::array kHives = {
    HiveName{HiveKind::kSystem, "SYSTEM", "HKLM\\SYSTEM", "system"},
    HiveName{HiveKind::kSoftware, "SOFTWARE", "HKLM\\SOFTWARE", "software"},
    HiveName{HiveKind::kSam, "SAM", "HKLM\\SAM", "sam"},
    HiveName{HiveKind::kSecurity, "SECURITY", "HKLM\\SECURITY", "security"},
    HiveName{HiveKind::kUser, "NTUSER", "HKCU", "ntuser.dat"},
    HiveName{HiveKind::kUserClasses, "USRCLASS", "HKCU\\Software\\Classes", "usrclass.dat"},
    HiveName{HiveKind::kAmcache, "AMCACHE", "Amcache.hve", "amcache.hve"},
    HiveName{HiveKind::kBcd, "BCD", "HKLM\\BCD00000000", "bcd"},
};

std::string file_name(std::string_view path) {
  return ascii_lower(path.substr(std::min(path.size(), path.find_last_of("/\\") + 1)));
}

/// By the keys that only this hive has.
HiveKind kind_by_keys(const RegfKey& root) {
  const auto has = [&root](std::string_view path) { return root.at_path(path).has_value(); };
  if (has("Select") || has("ControlSet001")) return HiveKind::kSystem;
  if (has("SAM\\Domains")) return HiveKind::kSam;
  if (has("Policy\\PolAdtEv") || has("Policy\\Accounts")) return HiveKind::kSecurity;
  if (has("Root\\File") || has("Root\\InventoryApplicationFile") || has("Root\\Programs")) return HiveKind::kAmcache;
  if (has("Objects\\{9dea862c-5cdd-4e70-acc1-f32b344d4795}")) return HiveKind::kBcd;
  if (has("Microsoft\\Windows NT\\CurrentVersion")) return HiveKind::kSoftware;
  if (has("Software\\Microsoft")) return HiveKind::kUser;
  if (has("Local Settings\\Software") || has("Local Settings\\MuiCache")) return HiveKind::kUserClasses;
  return HiveKind::kOther;
}

HiveKind kind_of(const RegfHive& hive, std::string_view path) {
  if (const auto root = hive.root())
    if (const HiveKind kind = kind_by_keys(*root); kind != HiveKind::kOther) return kind;
  for (const std::string& name : {file_name(hive.base_block().file_name), file_name(path)})
    for (const HiveName& row : kHives)
      if (name == row.file) return row.kind;
  return HiveKind::kOther;
}

bool glob_name(std::string_view pattern, std::string_view name) {
  if (pattern == "*") return true;
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == name;
  const std::string_view head = pattern.substr(0, star);
  const std::string_view tail = pattern.substr(star + 1);
  return name.size() >= head.size() + tail.size() && name.starts_with(head) && name.ends_with(tail);
}

}  // namespace

RegistryFacts::RegistryFacts(const Artifact& in, const RegfHive& hive, EventSink& out)
    : in_(in), hive_(hive), out_(out), kind_(kind_of(hive, in.stream.path)) {
  const auto row = std::find_if(kHives.begin(), kHives.end(), [this](const HiveName& h) { return h.kind == kind_; });
  const auto root = hive.root();
  prefix_ = row != kHives.end() ? std::string(row->prefix) : root ? root->name() : std::string("?");
  if (kind_ == HiveKind::kUser || kind_ == HiveKind::kUserClasses) who_ = browser_profile(in.stream.path).user;
  // Of a user's classes the root is named "S-1-5-21-…_Classes".
  if (kind_ == HiveKind::kUserClasses && root) {
    const std::string name = root->name();
    if (name.starts_with("S-1-5-") && name.ends_with("_Classes")) sid_ = name.substr(0, name.size() - 8);
  }
}

std::string RegistryFacts::full_path(const RegfKey& key) const {
  const std::string path = key.path();
  return path.empty() ? prefix_ : prefix_ + "\\" + path;
}

Event RegistryFacts::bare(std::string_view what, std::uint64_t at, std::uint64_t length, bool replayed) const {
  Event event;
  event.what = what;
  event.who = who_;
  event.sid = sid_;
  if (plugin_ != nullptr) {
    event.artifact = plugin_->id;
    event.artifact_version = plugin_->version;
  }
  // Bytes that only a log holds have no place in the hive.
  const std::uint64_t size = in_.data.size();
  event.locator = at <= size && length <= size - at ? in_.at(at, length) : in_.at(0, kRegfBaseBlock);
  event.attribute("origin", replayed ? "replayed" : "base");
  return event;
}

Event RegistryFacts::about(std::string_view what, const RegfKey& key) const {
  Event event = bare(what, key.at(), key.length(), key.replayed());
  event.recovered = key.recovered();
  event.attribute("key", full_path(key));
  return event;
}

Event RegistryFacts::about(std::string_view what, const RegfKey& key, const RegfValue& value) const {
  Event event = bare(what, value.at, value.length, value.replayed);
  event.recovered = key.recovered() || value.recovered;
  event.partial = !value.whole;
  event.attribute("key", full_path(key));
  event.attribute("value", value.name.empty() ? "(default)" : value.name);
  return event;
}

Event RegistryFacts::at_write(std::string_view what, const RegfKey& key) const {
  Event event = about(what, key);
  event.when = key.last_write();
  event.when_meaning = Meaning::kModified;
  return event;
}

Event RegistryFacts::at_write(std::string_view what, const RegfKey& key, const RegfValue& value) const {
  Event event = about(what, key, value);
  event.when = key.last_write();
  event.when_meaning = Meaning::kModified;
  return event;
}

void RegistryFacts::give(Event event) {
  const auto drop_empty = [](std::optional<std::string>& text) {
    if (text && text->empty()) text.reset();
  };
  for (auto* text : {&event.object, &event.path, &event.program, &event.who, &event.sid, &event.host, &event.remote,
                     &event.volume, &event.session})
    drop_empty(*text);
  if (event.when_meaning == MeaningSet{}) event.when_meaning = Meaning::kOther;
  out_.event(std::move(event));
}

void RegistryFacts::fault(DamageKind kind, const RegfValue& value, std::string detail) {
  damaged_ = true;
  out_.damage(kind, value.at, value.name, std::move(detail));
}

void RegistryFacts::visit(const RegfKey& key, std::string_view rest,
                          const std::function<void(const RegfKey&)>& on_key) const {
  if (rest.empty()) {
    on_key(key);
    return;
  }
  const std::size_t end = std::min(rest.find('\\'), rest.size());
  const std::string wanted = ascii_lower(rest.substr(0, end));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  // Deleted keys stand before the live ones: those come first here, so that facts keep the order of the tree.
  const std::vector<RegfKey> subkeys = key.subkeys();
  for (const bool recovered : {false, true})
    for (const RegfKey& one : subkeys)
      if (one.recovered() == recovered && glob_name(wanted, ascii_lower(one.name()))) visit(one, rest, on_key);
}

void RegistryFacts::run(const RegistryPlugin& plugin) {
  const auto root = hive_.root();
  if (!root) return;
  plugin_ = &plugin;
  for (const std::string_view pattern : plugin.keys) {
    const std::size_t end = std::min(pattern.find('\\'), pattern.size());
    const auto row = std::find_if(kHives.begin(), kHives.end(),
                                  [&](const HiveName& h) { return h.pattern == pattern.substr(0, end); });
    if (row == kHives.end() || row->kind != kind_) continue;
    visit(*root, pattern.substr(std::min(end + 1, pattern.size())),
          [&](const RegfKey& key) { plugin.read(key, *this); });
  }
  plugin_ = nullptr;
}

void add_text(Event& event, std::string_view name, const std::optional<std::string>& value) {
  if (value && !value->empty()) event.attribute(name, *value);
}

void add_number(Event& event, std::string_view name, std::optional<std::uint64_t> value) {
  if (value) event.attribute(name, *value);
}

std::vector<std::string> mru_order(const RegfKey& key) {
  std::vector<std::string> out;
  if (const auto list = key.value("MRUListEx")) {
    ByteCursor c(list->data());
    while (c.remaining() >= 4 && out.size() < 4096) {
      const auto index = c.le<std::uint32_t>("index");
      if (index == 0xffffffff) break;
      out.push_back(std::to_string(index));
    }
  } else if (const auto letters = key.text("MRUList")) {
    for (const char letter : *letters) out.emplace_back(1, letter);
  }
  return out;
}

}  // namespace triage
