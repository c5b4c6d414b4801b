// SPDX-License-Identifier: Apache-2.0
// Owners of libyara's objects. libyara's types do not leave this folder.
#pragma once

#include <yara.h>

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "scan/yara.h"

namespace triage {

struct YaraCompilerDeleter {
  void operator()(YR_COMPILER* compiler) const { yr_compiler_destroy(compiler); }
};
struct YaraRulesDeleter {
  void operator()(YR_RULES* rules) const { yr_rules_destroy(rules); }
};
struct YaraScannerDeleter {
  void operator()(YR_SCANNER* scanner) const { yr_scanner_destroy(scanner); }
};
using YaraCompilerHandle = std::unique_ptr<YR_COMPILER, YaraCompilerDeleter>;
using YaraRulesHandle = std::unique_ptr<YR_RULES, YaraRulesDeleter>;
using YaraScannerHandle = std::unique_ptr<YR_SCANNER, YaraScannerDeleter>;

/// One count of yr_initialize(); libyara itself counts and initialises once.
class YaraLibrary {
 public:
  YaraLibrary();
  ~YaraLibrary();
  YaraLibrary(const YaraLibrary&) = delete;
  YaraLibrary& operator=(const YaraLibrary&) = delete;
  [[nodiscard]] bool ready() const { return ready_; }

 private:
  bool ready_ = false;
};

/// The public names of libyara's error numbers that a scan can give.
std::string yara_error_text(int code);

struct YaraRules::State {
  YaraLibrary library;  ///< first: outlives the rules
  YaraRulesHandle compiled;
  std::vector<YaraRuleInfo> rules;
  std::unordered_map<const YR_RULE*, std::size_t> index;  ///< into `rules`; private rules are absent
  std::string set_sha256;
};

}  // namespace triage
