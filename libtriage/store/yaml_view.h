// SPDX-License-Identifier: Apache-2.0
// YamlView: reads a playbook, law, form or rule file. Faults are collected with file:line as they are met, so that the
// code that reads is straight-line and a person sees all faults of a file at once.
#pragma once

#include <yaml-cpp/yaml.h>

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "model/finding.h"

namespace triage {

class YamlView {
 public:
  /// Parses `text`; a text that is no YAML, or no map at its top, gives a view whose faults say so. `name` is shown
  /// before the line of each fault.
  static YamlView parse(const std::string& text, const std::string& name);
  /// Same for a file of at most 4 MiB.
  static Result<YamlView> read(const std::string& path);

  [[nodiscard]] bool has(std::string_view key) const;
  /// Each member that is none of `keys` is a fault: a misspelt key must not be passed over.
  void only(std::initializer_list<std::string_view> keys) const;
  /// A scalar; "" and a fault where it is absent or no scalar.
  [[nodiscard]] std::string text(std::string_view key) const;
  [[nodiscard]] std::string text_or(std::string_view key, std::string_view fallback) const;
  /// A whole number; a fault where it is none.
  [[nodiscard]] std::int64_t number_or(std::string_view key, std::int64_t fallback) const;
  [[nodiscard]] bool flag(std::string_view key) const;  ///< true or false; absent is false
  /// {ja: …, en: …}; both are required.
  [[nodiscard]] Bilingual both(std::string_view key) const;
  [[nodiscard]] Bilingual both_or_empty(std::string_view key) const;
  /// This view itself as {ja: …, en: …}.
  [[nodiscard]] Bilingual both() const;
  /// The items of a list; absent is empty, anything else but a list a fault.
  [[nodiscard]] std::vector<YamlView> list(std::string_view key) const;
  /// A list of scalars; one scalar counts as a list of one.
  [[nodiscard]] std::vector<std::string> texts(std::string_view key) const;
  /// This view itself as a list of scalars; one scalar counts as a list of one.
  [[nodiscard]] std::vector<std::string> texts() const;
  /// Members of the map `key` in the order of the file.
  [[nodiscard]] std::vector<std::pair<std::string, YamlView>> members(std::string_view key) const;
  /// Members of this view itself, a fault where it is no map.
  [[nodiscard]] std::vector<std::pair<std::string, YamlView>> members() const;
  [[nodiscard]] YamlView child(std::string_view key) const;
  /// This view as a scalar.
  [[nodiscard]] std::string scalar() const;
  [[nodiscard]] bool is_scalar() const { return node_.IsDefined() && node_.IsScalar(); }

  [[nodiscard]] bool is_map() const { return node_.IsDefined() && node_.IsMap(); }
  [[nodiscard]] bool is_list() const { return node_.IsDefined() && node_.IsSequence(); }
  /// The items of this view itself; one that is no list counts as a list of one.
  [[nodiscard]] std::vector<YamlView> items() const;

  void fault(std::string_view message) const;
  /// All faults met so far, each with its place.
  [[nodiscard]] const std::vector<std::string>& faults() const { return file_->faults; }
  /// Place of this node: "file:12".
  [[nodiscard]] std::string place() const;
  /// kUsage with the faults met so far, one after the other.
  [[nodiscard]] Status status() const;

 private:
  struct File {
    std::string name;
    std::vector<std::string> faults;
  };
  YamlView(YAML::Node node, std::shared_ptr<File> file) : node_(std::move(node)), file_(std::move(file)) {}
  [[nodiscard]] YAML::Node find(std::string_view key) const;

  YAML::Node node_;
  std::shared_ptr<File> file_;
};

/// Text of a file of at most 4 MiB.
Result<std::string> read_yaml_text(const std::string& path);

}  // namespace triage
