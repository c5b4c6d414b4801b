// SPDX-License-Identifier: Apache-2.0
// Compiles YARA rules with libyara 4.2. Every source file gets a namespace of its own, so that two files may use the
// same rule name; `include` is off, so that a rule file never reads another place of the disk.
// Reference: https://yara.readthedocs.io/en/v4.2.0/capi.html
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "bytes/digest.h"
#include "bytes/text.h"
#include "scan/yara_handles.h"

namespace triage {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kMaxMatchData = 64;           // bytes libyara copies per match
constexpr std::uintmax_t kMaxRuleFile = 64ULL << 20;  // bytes
constexpr std::string_view kExternals[] = {"filename", "filepath", "extension", "filetype", "owner"};

struct RuleFile {
  std::string path;  ///< to open
  std::string name;  ///< below the rules folder, shown to people
};

struct CompileFault {
  int line = 0;
  std::string message;
};

void on_compiler_message(int level, const char*, int line, const YR_RULE*, const char* message, void* user) noexcept {
  auto* fault = static_cast<CompileFault*>(user);
  if (level != YARA_ERROR_LEVEL_ERROR || !fault->message.empty()) return;
  fault->line = line;
  fault->message = message;
}

bool is_rule_file(const fs::path& path) {
  const std::string extension = ascii_lower(path.extension().string());
  return extension == ".yar" || extension == ".yara";
}

Result<std::vector<RuleFile>> list_folder(const std::string& folder) {
  std::vector<RuleFile> found;
  std::error_code error;
  fs::recursive_directory_iterator it(folder, error);
  for (; !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    if (it->is_regular_file(error) && is_rule_file(it->path()))
      found.push_back({it->path().string(), it->path().lexically_relative(folder).generic_string()});
  }
  if (error) return fail(ErrorCode::kUsage, "cannot list the rules folder", folder, error.value());
  std::sort(found.begin(), found.end(), [](const RuleFile& a, const RuleFile& b) { return a.name < b.name; });
  return found;
}

Result<std::string> read_rule_file(const RuleFile& file) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(file.path, error);
  if (error) return fail(ErrorCode::kUsage, "cannot read the rule file", file.path, error.value());
  if (size > kMaxRuleFile) return fail(ErrorCode::kUsage, "the rule file is larger than 64 MiB", file.path);
  std::ifstream in(file.path, std::ios::binary);
  if (!in) return fail(ErrorCode::kUsage, "cannot read the rule file", file.path, errno);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

Result<YaraCompilerHandle> make_compiler(CompileFault& fault) {
  YR_COMPILER* raw = nullptr;
  const int code = yr_compiler_create(&raw);
  if (code != ERROR_SUCCESS) return fail(ErrorCode::kInternal, "cannot make a YARA compiler: " + yara_error_text(code));
  YaraCompilerHandle compiler(raw);
  yr_compiler_set_callback(raw, on_compiler_message, &fault);
  yr_compiler_set_include_callback(raw, nullptr, nullptr, nullptr);
  for (const std::string_view name : kExternals) {
    const int defined = yr_compiler_define_string_variable(raw, std::string(name).c_str(), "");
    if (defined != ERROR_SUCCESS) return fail(ErrorCode::kInternal, "cannot define a YARA variable", std::string(name));
  }
  return compiler;
}

std::string meta_value(const YR_META& meta) {
  if (meta.type == META_TYPE_STRING) return to_valid_utf8(meta.string);
  if (meta.type == META_TYPE_BOOLEAN) return meta.integer != 0 ? "true" : "false";
  return std::to_string(meta.integer);
}

YaraRuleInfo describe(YR_RULE* rule, const std::vector<RuleFile>& files) {
  YaraRuleInfo info;
  info.name = rule->identifier;
  const auto file_index = static_cast<std::size_t>(std::stoul(rule->ns->name));  // we named it by its index
  info.file = files.at(file_index).name;
  const YR_META* meta = nullptr;
  yr_rule_metas_foreach(rule, meta) info.meta.emplace_back(meta->identifier, meta_value(*meta));
  const char* tag = nullptr;
  yr_rule_tags_foreach(rule, tag) info.tags.emplace_back(tag);
  return info;
}

}  // namespace

YaraLibrary::YaraLibrary() {
  ready_ = yr_initialize() == ERROR_SUCCESS;
  if (!ready_) return;
  std::uint32_t limit = kMaxMatchData;
  (void)yr_set_configuration(YR_CONFIG_MAX_MATCH_DATA, &limit);  // the default works too, with more memory
}

YaraLibrary::~YaraLibrary() {
  if (ready_) yr_finalize();
}

std::string yara_error_text(int code) {
  switch (code) {
    case ERROR_INSUFFICIENT_MEMORY: return "out of memory";
    case ERROR_SCAN_TIMEOUT: return "the time limit was reached";
    case ERROR_TOO_MANY_MATCHES: return "too many matches";
    case ERROR_TOO_MANY_RE_FIBERS: return "a regular expression needs too many states";
    case ERROR_EXEC_STACK_OVERFLOW: return "a condition needs too much stack";
    case ERROR_REGULAR_EXPRESSION_TOO_COMPLEX: return "a regular expression is too complex";
    case ERROR_COULD_NOT_MAP_FILE: return "the data could not be mapped";
    default: return fmt::format("libyara error {}", code);
  }
}

YaraRules::YaraRules() : state_(std::make_unique<State>()) {}
YaraRules::~YaraRules() = default;
YaraRules::YaraRules(YaraRules&&) noexcept = default;
YaraRules& YaraRules::operator=(YaraRules&&) noexcept = default;
const std::vector<YaraRuleInfo>& YaraRules::rules() const { return state_->rules; }
const std::string& YaraRules::set_sha256() const { return state_->set_sha256; }

Result<YaraRules> YaraRules::compile(const std::vector<std::string>& folders, const std::vector<std::string>& files) {
  std::vector<RuleFile> sources;
  for (const std::string& folder : folders) {
    TRIAGE_TRY(std::vector<RuleFile> found, list_folder(folder));
    sources.insert(sources.end(), found.begin(), found.end());
  }
  for (const std::string& file : files) sources.push_back({file, fs::path(file).filename().string()});

  YaraRules out;
  if (!out.state_->library.ready()) return fail(ErrorCode::kInternal, "libyara could not be initialised");
  CompileFault fault;
  TRIAGE_TRY(YaraCompilerHandle compiler, make_compiler(fault));
  Sha256 digest;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    TRIAGE_TRY(std::string text, read_rule_file(sources[i]));
    digest.update(fmt::format("{}\n{}\n", sources[i].name, text.size()));
    digest.update(text);
    if (text.find('\0') != std::string::npos)
      return fail(ErrorCode::kUsage, "the YARA rule file holds a NUL byte", sources[i].path);
    if (yr_compiler_add_string(compiler.get(), text.c_str(), std::to_string(i).c_str()) != 0)
      return fail(ErrorCode::kUsage, "the YARA rule does not compile: " + to_valid_utf8(fault.message),
                  fmt::format("{}:{}", sources[i].path, fault.line));
  }
  YR_RULES* raw = nullptr;
  const int code = yr_compiler_get_rules(compiler.get(), &raw);
  if (code != ERROR_SUCCESS)
    return fail(ErrorCode::kInternal, "cannot finish the YARA rules: " + yara_error_text(code));
  out.state_->compiled.reset(raw);
  out.state_->set_sha256 = digest.finish_hex();
  YR_RULE* rule = nullptr;
  yr_rules_foreach(raw, rule) {
    if (RULE_IS_PRIVATE(rule)) continue;
    out.state_->index.emplace(rule, out.state_->rules.size());
    out.state_->rules.push_back(describe(rule, sources));
  }
  return out;
}

}  // namespace triage
