// SPDX-License-Identifier: Apache-2.0
#include "store/yaml_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <iterator>

namespace triage {
namespace {

constexpr std::size_t kMaxFileSize = std::size_t{4} << 20;
constexpr std::size_t kShownFaults = 8;

}  // namespace

YamlView YamlView::parse(const std::string& text, const std::string& name) {
  auto file = std::make_shared<File>();
  file->name = name;
  // yaml-cpp throws; its exceptions end here.
  try {
    YAML::Node root = YAML::Load(text);
    YamlView view(root, file);
    if (!root.IsMap()) view.fault("the file is not a map of keys and values");
    return view;
  } catch (const YAML::Exception& exception) {
    file->faults.push_back(fmt::format("{}:{}: {}", name, exception.mark.line + 1, exception.msg));
  }
  return {YAML::Node(YAML::NodeType::Map), file};
}

Result<std::string> read_yaml_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(ErrorCode::kUsage, "file cannot be read", path, errno);
  std::string text(kMaxFileSize + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) return fail(ErrorCode::kUsage, "file cannot be read", path, errno);
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > kMaxFileSize) return fail(ErrorCode::kUsage, "file is larger than 4 MiB", path);
  return text;
}

Result<YamlView> YamlView::read(const std::string& path) {
  TRIAGE_TRY(const std::string text, read_yaml_text(path));
  return parse(text, path);
}

YAML::Node YamlView::find(std::string_view key) const {
  if (!node_.IsDefined() || !node_.IsMap()) return YAML::Node(YAML::NodeType::Undefined);
  // operator[] on a shared node would add the key; a search does not.
  for (const auto& member : node_) {
    if (member.first.IsScalar() && member.first.Scalar() == key) return member.second;
  }
  return YAML::Node(YAML::NodeType::Undefined);
}

bool YamlView::has(std::string_view key) const {
  const YAML::Node found = find(key);
  return found.IsDefined() && !found.IsNull();
}

void YamlView::only(std::initializer_list<std::string_view> keys) const {
  if (!node_.IsDefined() || !node_.IsMap()) return;
  std::vector<std::string> seen;
  for (const auto& member : node_) {
    const std::string name = member.first.IsScalar() ? member.first.Scalar() : "?";
    if (std::find(keys.begin(), keys.end(), name) == keys.end())
      YamlView(member.first, file_).fault(fmt::format("unknown key '{}'", name));
    if (std::find(seen.begin(), seen.end(), name) != seen.end())
      YamlView(member.first, file_).fault(fmt::format("key '{}' stands twice", name));
    seen.push_back(name);
  }
}

std::string YamlView::text(std::string_view key) const {
  const YAML::Node found = find(key);
  if (found.IsDefined() && found.IsScalar() && !found.Scalar().empty()) return found.Scalar();
  fault(fmt::format("'{}' is missing or not a text", key));
  return {};
}

std::string YamlView::text_or(std::string_view key, std::string_view fallback) const {
  return has(key) ? text(key) : std::string(fallback);
}

std::int64_t YamlView::number_or(std::string_view key, std::int64_t fallback) const {
  if (!has(key)) return fallback;
  const std::string words = text(key);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(words.data(), words.data() + words.size(), value);
  if (error == std::errc{} && end == words.data() + words.size()) return value;
  child(key).fault(fmt::format("'{}' is not a whole number: {}", key, words));
  return fallback;
}

bool YamlView::flag(std::string_view key) const {
  if (!has(key)) return false;
  const std::string words = text(key);
  if (words != "true" && words != "false") child(key).fault(fmt::format("'{}' is neither true nor false", key));
  return words == "true";
}

Bilingual YamlView::both() const {
  only({"ja", "en"});
  return {text("en"), text("ja")};
}

Bilingual YamlView::both(std::string_view key) const {
  if (has(key)) return child(key).both();
  fault(fmt::format("'{}' is missing", key));
  return {};
}

Bilingual YamlView::both_or_empty(std::string_view key) const { return has(key) ? both(key) : Bilingual{}; }

std::vector<YamlView> YamlView::list(std::string_view key) const {
  std::vector<YamlView> out;
  const YAML::Node found = find(key);
  if (!found.IsDefined() || found.IsNull()) return out;
  if (!found.IsSequence()) {
    child(key).fault(fmt::format("'{}' is not a list", key));
    return out;
  }
  for (const auto& item : found) out.push_back({item, file_});
  return out;
}

std::vector<YamlView> YamlView::items() const {
  if (!is_list()) return {*this};
  std::vector<YamlView> out;
  for (const auto& item : node_) out.push_back({item, file_});
  return out;
}

std::vector<std::string> YamlView::texts() const {
  std::vector<std::string> out;
  for (const YamlView& item : items()) out.push_back(item.scalar());
  return out;
}

std::vector<std::string> YamlView::texts(std::string_view key) const {
  if (has(key) && child(key).is_scalar()) return {text(key)};
  std::vector<std::string> out;
  for (const YamlView& item : list(key)) out.push_back(item.scalar());
  return out;
}

std::vector<std::pair<std::string, YamlView>> YamlView::members(std::string_view key) const {
  const YAML::Node found = find(key);
  if (!found.IsDefined() || found.IsNull()) return {};
  if (found.IsMap()) return YamlView(found, file_).members();
  child(key).fault(fmt::format("'{}' is not a map", key));
  return {};
}

std::vector<std::pair<std::string, YamlView>> YamlView::members() const {
  std::vector<std::pair<std::string, YamlView>> out;
  if (!is_map()) {
    fault("a map is wanted here");
    return out;
  }
  for (const auto& member : node_) {
    out.emplace_back(member.first.IsScalar() ? member.first.Scalar() : std::string(), YamlView(member.second, file_));
  }
  return out;
}

YamlView YamlView::child(std::string_view key) const {
  YAML::Node found = find(key);
  return {found.IsDefined() ? found : node_, file_};
}

std::string YamlView::scalar() const {
  if (is_scalar()) return node_.Scalar();
  fault("a text is wanted here");
  return {};
}

std::string YamlView::place() const {
  const int line = node_.IsDefined() ? node_.Mark().line : -1;
  return fmt::format("{}:{}", file_->name, line + 1);
}

void YamlView::fault(std::string_view message) const {
  file_->faults.push_back(fmt::format("{}: {}", place(), message));
}

Status YamlView::status() const {
  if (file_->faults.empty()) return {};
  std::string all;
  for (std::size_t i = 0; i < std::min(file_->faults.size(), kShownFaults); ++i)
    all += (i > 0 ? "; " : "") + file_->faults[i];
  if (file_->faults.size() > kShownFaults) all += fmt::format("; and {} more", file_->faults.size() - kShownFaults);
  return fail(ErrorCode::kUsage, all, {}, 0, "correct the file");
}

}  // namespace triage
