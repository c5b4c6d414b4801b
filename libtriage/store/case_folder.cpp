// SPDX-License-Identifier: Apache-2.0
#include "store/case_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <yaml-cpp/yaml.h>

#include <cerrno>
#include <chrono>
#include <climits>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/check.h"
#include "base/unique_dir.h"
#include "store/case_texts.h"

namespace triage {
namespace {

constexpr std::string_view kCaseSchema = "triage.case.v1";
constexpr std::size_t kMaxSettingsSize = 4 * 1024 * 1024;
constexpr const char* kSettingsFile = "case.yaml";

/// True when nothing but what a killed creation leaves is in the folder.
Result<bool> is_empty_folder(int fd, const std::string& path) {
  const int copy = ::openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const UniqueDir dir(copy < 0 ? nullptr : ::fdopendir(copy));
  if (!dir) return fail(ErrorCode::kOutput, "folder cannot be read", path, errno);
  while (const dirent* entry = ::readdir(dir.get())) {  // NOLINT(concurrency-mt-unsafe): a stream of our own
    const std::string_view name = entry->d_name;
    if (name != "." && name != ".." && name != "case.yaml.part") return false;
  }
  return true;
}

YAML::Node settings_node(const CaseSettings& settings, YAML::Node root) {
  root["schema"] = std::string(kCaseSchema);
  root["organisation"] = settings.organisation;
  root["leak_type"] = settings.leak_type;
  root["knew_time"] = settings.knew_time ? YAML::Node(*settings.knew_time) : YAML::Node(YAML::NodeType::Null);
  root["time_zone"] = settings.time_zone;
  root["lang"] = settings.lang;
  root["legal_rules_version"] =
      settings.legal_rules_version ? YAML::Node(*settings.legal_rules_version) : YAML::Node(YAML::NodeType::Null);
  YAML::Node people(YAML::NodeType::Sequence);
  for (const CasePerson& person : settings.people) {
    YAML::Node node;
    node["name"] = person.name;
    node["role"] = person.role;
    if (!person.accounts.empty()) node["accounts"] = person.accounts;
    people.push_back(node);
  }
  root["people"] = people;
  YAML::Node offsets(YAML::NodeType::Sequence);
  for (const ClockOffset& offset : settings.clock_offsets) {
    YAML::Node node;
    node["host"] = offset.host;
    node["offset_seconds"] = offset.offset_seconds;
    node["source"] = offset.source;
    offsets.push_back(node);
  }
  root["clock_offsets"] = offsets;
  return root;
}

std::string text_of(const YAML::Node& node, std::string fallback = {}) {
  return node.IsDefined() && node.IsScalar() ? node.Scalar() : std::move(fallback);
}

std::optional<std::string> optional_text_of(const YAML::Node& node) {
  if (!node.IsDefined() || !node.IsScalar()) return std::nullopt;
  return node.Scalar();
}

/// The maps of a list; anything else is left out.
std::vector<YAML::Node> items_of(const YAML::Node& list) {
  std::vector<YAML::Node> out;
  if (!list.IsDefined() || !list.IsSequence()) return out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].IsMap()) out.push_back(list[i]);
  }
  return out;
}

CaseSettings settings_of(const YAML::Node& root) {
  CaseSettings out;
  out.organisation = text_of(root["organisation"]);
  out.leak_type = text_of(root["leak_type"], "unspecified");
  out.knew_time = optional_text_of(root["knew_time"]);
  out.time_zone = text_of(root["time_zone"], "Asia/Tokyo");
  out.lang = text_of(root["lang"], "ja");
  out.legal_rules_version = optional_text_of(root["legal_rules_version"]);
  for (const YAML::Node& node : items_of(root["people"])) {
    out.people.push_back({text_of(node["name"]), text_of(node["role"]), text_of(node["accounts"])});
  }
  for (const YAML::Node& node : items_of(root["clock_offsets"])) {
    out.clock_offsets.push_back(
        {text_of(node["host"]), node["offset_seconds"].as<std::int64_t>(0), text_of(node["source"])});
  }
  return out;
}

/// yaml-cpp throws; its exceptions end here.
Result<YAML::Node> parse_settings(const std::string& text, const std::string& where) {
  try {
    YAML::Node root = YAML::Load(text);
    if (root.IsMap() && text_of(root["schema"]) == kCaseSchema) return root;
    return fail(ErrorCode::kUsage, fmt::format("case.yaml does not say schema: {}", kCaseSchema), where);
  } catch (const YAML::Exception& exception) {
    return fail(ErrorCode::kUsage, fmt::format("case.yaml cannot be read: {}", exception.what()), where, 0,
                "correct the file; its text is plain YAML");
  }
}

std::string emit(const YAML::Node& root) {
  YAML::Emitter out;
  out << root;
  return std::string(out.c_str()) + "\n";
}

tl::unexpected<Error> no_case(const std::string& dir, const char* what) {
  return fail(ErrorCode::kUsage, what, dir, 0, "name an empty or absent folder, or one made by triage case init");
}

}  // namespace

Result<CaseFolder> CaseFolder::open_folder(const std::string& dir) {
  UniqueFd fd(::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid()) {
    const int saved = errno;
    if (saved == ENOENT) return no_case(dir, "there is no such case folder");
    if (saved == ENOTDIR) return no_case(dir, "the case is not a folder");
    return fail(ErrorCode::kOutput, "case folder cannot be opened", dir, saved, "check its permissions");
  }
  const std::unique_ptr<char, decltype(&std::free)> full(::realpath(dir.c_str(), nullptr), &std::free);
  return CaseFolder(full ? std::string(full.get()) : dir, std::move(fd));
}

Status CaseFolder::lock() {
  // Children of a killed run can hold the lock for the moment they need to die.
  for (int attempt = 0; attempt < 20; ++attempt) {
    if (::flock(fd_.get(), LOCK_EX | LOCK_NB) == 0) return {};
    if (errno != EWOULDBLOCK && errno != EINTR) {
      return fail(ErrorCode::kOutput, "case folder cannot be locked", path_, errno, "put the case on a local disk");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return fail(ErrorCode::kUsage, "another run of triage is writing this case", path_, 0,
              "wait for it to end, or use another case folder");
}

bool CaseFolder::is_case() const { return open_beneath(fd_.get(), kSettingsFile, O_PATH).has_value(); }

Result<CaseFolder> CaseFolder::create(const std::string& dir, const CaseInit& init) {
  if (::mkdir(dir.c_str(), 0700) != 0 && errno != EEXIST) {
    return fail(ErrorCode::kOutput, "case folder cannot be made", dir, errno,
                "check that its parent folder exists and can be written");
  }
  TRIAGE_TRY(CaseFolder folder, open_folder(dir));
  TRIAGE_TRY_STATUS(folder.lock());
  if (folder.is_case()) return fail(ErrorCode::kUsage, "the folder is a case already", dir, 0, "open it instead");
  TRIAGE_TRY(const bool empty, is_empty_folder(folder.fd(), dir));
  if (!empty) return no_case(dir, "the folder is not empty and is no case");
  TRIAGE_TRY(OutputFile file, OutputFile::create(folder.fd(), kSettingsFile, OutputFile::Existing::kRefuse));
  TRIAGE_TRY_STATUS(file.write(emit(settings_node(init, YAML::Node(YAML::NodeType::Map)))));
  TRIAGE_TRY_STATUS(file.commit());
  TRIAGE_TRY_STATUS(folder.complete_tree());
  folder.created_ = true;
  return folder;
}

Result<CaseFolder> CaseFolder::open(const std::string& dir, Access access) {
  TRIAGE_TRY(CaseFolder folder, open_folder(dir));
  if (!folder.is_case()) return no_case(dir, "the folder is no case");
  TRIAGE_TRY_STATUS(folder.settings());
  if (access == Access::kRead) return folder;
  TRIAGE_TRY_STATUS(folder.lock());
  TRIAGE_TRY_STATUS(folder.complete_tree());
  return folder;
}

Result<CaseFolder> CaseFolder::open_or_create(const std::string& dir, const CaseInit& init) {
  auto folder = open_folder(dir);
  if (folder && folder->is_case()) {
    folder->fd_.reset();
    return open(dir, Access::kWrite);
  }
  if (folder || folder.error().code != ErrorCode::kOutput) return create(dir, init);
  return folder;
}

Status CaseFolder::make_file(const std::string& path, std::string_view text) {
  if (open_beneath(fd_.get(), path, O_PATH).has_value()) return {};
  TRIAGE_TRY(OutputFile file, OutputFile::create(fd_.get(), path, OutputFile::Existing::kRefuse));
  TRIAGE_TRY_STATUS(file.write(text));
  return file.commit();
}

Status CaseFolder::complete_tree() {
  TRIAGE_TRY_STATUS(make_file("README.txt", case_readme()));
  for (const CaseStep& step : kCaseSteps) {
    const std::string folder(step.folder);
    TRIAGE_TRY_STATUS(make_folders_beneath(fd_.get(), folder));
    TRIAGE_TRY_STATUS(make_file(folder + "/README.txt", step_readme(step.number)));
    TRIAGE_TRY_STATUS(
        make_file(folder + "/status.json", fmt::format("{{\"step\":{},\"state\":\"open\"}}\n", step.number)));
  }
  for (const char* folder : {"recovered", "carved", "exhibits", "scan", "memory"}) {
    TRIAGE_TRY_STATUS(make_folders_beneath(fd_.get(), std::string("3-investigation/") + folder));
  }
  return {};
}

Result<CaseSettings> CaseFolder::settings() const {
  TRIAGE_TRY(const std::string text, read_beneath(fd_.get(), kSettingsFile, kMaxSettingsSize));
  TRIAGE_TRY(const YAML::Node root, parse_settings(text, path_ + "/" + kSettingsFile));
  return settings_of(root);
}

Status CaseFolder::write_settings(const CaseSettings& settings) {
  TRIAGE_TRY(const std::string text, read_beneath(fd_.get(), kSettingsFile, kMaxSettingsSize));
  TRIAGE_TRY(const YAML::Node root, parse_settings(text, path_ + "/" + kSettingsFile));
  TRIAGE_TRY(OutputFile file, OutputFile::create(fd_.get(), kSettingsFile, OutputFile::Existing::kReplace));
  TRIAGE_TRY_STATUS(file.write(emit(settings_node(settings, root))));
  return file.commit();
}

std::string CaseFolder::step_state(int step) const {
  TRIAGE_CHECK(step >= 1 && step <= 6);
  const std::string path = std::string(kCaseSteps[static_cast<std::size_t>(step - 1)].folder) + "/status.json";
  const auto text = read_beneath(fd_.get(), path, kMaxSettingsSize);
  if (!text) return "open";
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  const auto state = json.is_object() ? json.find("state") : json.end();
  return json.is_object() && state != json.end() && state->is_string() ? state->get<std::string>() : "open";
}

Status CaseFolder::write_step_state(int step, std::string_view state, std::string_view details_json) {
  TRIAGE_CHECK(step >= 1 && step <= 6);
  nlohmann::ordered_json json = {{"step", step}, {"state", std::string(state)}};
  const auto details = nlohmann::ordered_json::parse(details_json, nullptr, false);
  if (details.is_object()) json.update(details);
  const std::string path = std::string(kCaseSteps[static_cast<std::size_t>(step - 1)].folder) + "/status.json";
  TRIAGE_TRY(OutputFile file, OutputFile::create(fd_.get(), path, OutputFile::Existing::kReplace));
  TRIAGE_TRY_STATUS(file.write(json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n"));
  return file.commit();
}

}  // namespace triage
