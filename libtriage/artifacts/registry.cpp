// SPDX-License-Identifier: Apache-2.0
// Registry hives: one event a key (its last write), live or deleted, with the transaction logs replayed; then the facts
// of all plugins (registry_plugin.h), which share the one open hive. What a value holds is told by plugins; here are
// deleted values that no key names any more. Layout and recovery: formats/regf.h.
// Spec: msuhanov/regf, "Windows registry file format specification".
#include <fmt/format.h>

#include <array>

#include "artifacts/registry_plugin.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::array kCompanions = {".LOG1"sv, ".LOG2"sv, ".LOG"sv};

void give_key(const RegfKey& key, const std::string& path, RegistryFacts& facts) {
  Event event = facts.bare(action::kConfigChanged, key.at(), key.length(), key.replayed());
  event.when = key.last_write();
  event.when_meaning = Meaning::kModified;
  event.object_kind = "registry key";
  event.object = path;
  event.recovered = key.recovered();
  event.attribute("values", std::uint64_t{key.value_count()});
  event.attribute("subkeys", std::uint64_t{key.subkey_count()});
  facts.give(std::move(event));
}

/// Live keys below and with `key`, parents before children. `path` is the key's own and comes back unchanged.
void give_tree(const RegfKey& key, std::string& path, RegistryFacts& facts) {
  give_key(key, path, facts);
  const std::size_t length = path.size();
  for (const RegfKey& one : key.subkeys()) {  // at most 512 levels: RegfHive reads no deeper
    if (one.recovered()) continue;
    path += '\\';
    path += one.name();
    give_tree(one, path, facts);
    path.resize(length);
  }
}

void give_lost_value(const RegfValue& value, RegistryFacts& facts) {
  Event event = facts.bare(action::kOther, value.at, value.length, value.replayed);
  event.object_kind = "registry value";
  event.object = value.name.empty() ? "(default)" : value.name;
  event.recovered = true;
  event.partial = !value.whole;
  event.attribute("type", regf_type_name(value.type));
  if (std::string data = value.shown(512); !data.empty()) event.attribute("data", data);
  facts.give(std::move(event));
}

Outcome parse_registry(const Artifact& in, EventSink& out) {
  std::vector<RegfLogFile> logs;
  for (const Companion& one : in.companions) logs.push_back({one.suffix, one.data});
  const auto hive = RegfHive::open(in.data, logs);
  if (!hive) return Outcome::kNotMine;
  const RegfBaseBlock& base = hive->base_block();
  if (base.major != 1 || base.minor < 2) {
    out.damage(DamageKind::kVersion, 20, "version", fmt::format("version {}.{} is not read", base.major, base.minor));
    return Outcome::kUnsupportedVersion;
  }
  for (const RegfFault& fault : hive->faults()) out.damage(fault.kind, fault.at, fault.field, fault.detail);
  RegistryFacts facts(in, *hive, out);
  if (const auto root = hive->root()) {
    std::string path = facts.prefix();
    give_tree(*root, path, facts);
  }
  for (std::uint32_t i = hive->live_key_count(); i < hive->key_count(); ++i)
    give_key(hive->key(i), facts.full_path(hive->key(i)), facts);
  for (const RegfValue& value : hive->lost_values()) give_lost_value(value, facts);
  for (const RegistryPlugin* plugin : all_registry_plugins()) facts.run(*plugin);
  if (hive->exhausted())
    out.damage(DamageKind::kLimit, 0, "values", "values are shared so often that not all of them were read");
  return hive->faults().empty() && !facts.damaged() && !hive->exhausted() ? Outcome::kComplete : Outcome::kPartial;
}

constexpr std::array kMagics = {Magic{0, "regf"}};
constexpr std::array kFields = {
    FieldSpec{"origin", "", "base: in the hive as found; replayed: only once its transaction logs were replayed"},
    FieldSpec{"key", "", "registry key the fact comes from"},
    FieldSpec{"value", "", "registry value the fact comes from"},
    FieldSpec{"values", "count", "values of the key"},
    FieldSpec{"subkeys", "count", "subkeys of the key"},
    FieldSpec{"type", "", "type of a deleted value"},
    FieldSpec{"data", "", "data of a deleted value"}};
constexpr std::array kReferences = {
    "https://github.com/msuhanov/regf/blob/master/Windows%20registry%20file%20format%20specification.md"sv};

}  // namespace

extern const ArtifactParser registry;
constinit const ArtifactParser registry{
    .id = "windows.registry",
    .version = 1,
    .title_en = "Registry hives",
    .title_ja = "レジストリハイブ",
    .magics = kMagics,
    .paths = {},
    .companions = kCompanions,
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{std::uint64_t{1} << 30},
    .parse = parse_registry,
    .plugins = all_registry_plugins,
};

}  // namespace triage
