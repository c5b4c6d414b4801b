// SPDX-License-Identifier: Apache-2.0
// RegistryPlugin: one kind of fact of the registry. artifacts/registry_<name>.cpp defines exactly one
// `constinit const RegistryPlugin registry_<name>`; windows.registry (registry.cpp) opens a hive once, replays its
// logs, and calls each plugin for each key that one of its patterns names. Registered like a parser, from the file's
// name, once it has golden cases in tests/golden/artifacts/registry_<name>/.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "artifacts/parser.h"
#include "formats/regf.h"

namespace triage {

/// Which hive a file holds, told by its keys, else by its name.
enum class HiveKind : std::uint8_t { kOther, kSystem, kSoftware, kSam, kSecurity, kUser, kUserClasses, kAmcache, kBcd };

/// What a plugin may ask and where its facts go. Lives as long as one hive is read.
class RegistryFacts {
 public:
  RegistryFacts(const Artifact& in, const RegfHive& hive, EventSink& out);
  [[nodiscard]] HiveKind kind() const { return kind_; }
  [[nodiscard]] const RegfHive& hive() const { return hive_; }
  /// "HKLM\SYSTEM\ControlSet001\…".
  [[nodiscard]] std::string full_path(const RegfKey& key) const;

  /// An event about `key`, or one of its values, without a time: place, owner, key, origin and recovered are filled in.
  [[nodiscard]] Event about(std::string_view what, const RegfKey& key) const;
  [[nodiscard]] Event about(std::string_view what, const RegfKey& key, const RegfValue& value) const;
  /// The same with the last write of the key as its time.
  [[nodiscard]] Event at_write(std::string_view what, const RegfKey& key) const;
  [[nodiscard]] Event at_write(std::string_view what, const RegfKey& key, const RegfValue& value) const;
  void give(Event event);
  /// A value that cannot be what the plugin reads.
  void fault(DamageKind kind, const RegfValue& value, std::string detail);

  // For registry.cpp.
  void run(const struct RegistryPlugin& plugin);
  [[nodiscard]] bool damaged() const { return damaged_; }
  /// Place, owner and origin, without the key's path.
  [[nodiscard]] Event bare(std::string_view what, std::uint64_t at, std::uint64_t length, bool replayed) const;
  [[nodiscard]] const std::string& prefix() const { return prefix_; }

 private:
  void visit(const RegfKey& key, std::string_view rest, const std::function<void(const RegfKey&)>& on_key) const;

  const Artifact& in_;
  const RegfHive& hive_;
  EventSink& out_;
  HiveKind kind_;
  std::string prefix_;  ///< "HKLM\SYSTEM"
  std::optional<std::string> who_;
  std::optional<std::string> sid_;
  const RegistryPlugin* plugin_ = nullptr;
  bool damaged_ = false;
};

struct RegistryPlugin {
  std::string_view id;  ///< "windows.registry.userassist"; stored in every event, never renamed
  std::uint16_t version;
  std::string_view title_en;
  std::string_view title_ja;
  /// "NTUSER\Software\*\Run": hive, then names, each a glob within one name; ASCII case ignored. Hives: SYSTEM SOFTWARE
  /// SAM SECURITY NTUSER USRCLASS AMCACHE BCD.
  std::span<const std::string_view> keys;
  std::span<const FieldSpec> fields;  ///< beside those of windows.registry
  std::span<const std::string_view> references;
  void (*read)(const RegfKey& key, RegistryFacts& out);
};

/// Every registered plugin, sorted by file name.
std::span<const RegistryPlugin* const> all_registry_plugins();

/// Puts in what is known.
void add_text(Event& event, std::string_view name, const std::optional<std::string>& value);
void add_number(Event& event, std::string_view name, std::optional<std::uint64_t> value);
/// "\x00\x01…" names of MRUListEx (u32 …, ended by 0xffffffff) or letters of MRUList, most recent first.
std::vector<std::string> mru_order(const RegfKey& key);

}  // namespace triage
