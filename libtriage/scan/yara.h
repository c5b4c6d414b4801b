// SPDX-License-Identifier: Apache-2.0
// YARA over streams. Rules are compiled once before the workers are forked; each worker makes its own scanner.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "bytes/cursor.h"
#include "model/sink.h"
#include "model/stream.h"

namespace triage {

/// One rule's public facts.
struct YaraRuleInfo {
  std::string name;
  std::string file;  ///< path below the rules folder
  std::vector<std::pair<std::string, std::string>> meta;
  std::vector<std::string> tags;
};

/// Compiled rules, shared read-only by all scanners of the process and its forks.
class YaraRules {
 public:
  /// Compiles every *.yar and *.yara file of `folders` (recursively, sorted) and of `files`. A file that does not
  /// compile is an Error naming file and line. External variables filename, filepath, extension, filetype, owner are
  /// defined (empty) for rules that use them.
  static Result<YaraRules> compile(const std::vector<std::string>& folders, const std::vector<std::string>& files);
  ~YaraRules();
  YaraRules(YaraRules&&) noexcept;
  YaraRules& operator=(YaraRules&&) noexcept;
  [[nodiscard]] const std::vector<YaraRuleInfo>& rules() const;
  /// SHA-256 over the names and bytes of all source files in order: the rule set's identity.
  [[nodiscard]] const std::string& set_sha256() const;

 private:
  friend class YaraScanner;
  struct State;
  std::unique_ptr<State> state_;
  YaraRules();
};

/// One scan of one run of bytes.
struct YaraScan {
  const Stream& stream;
  Bytes data;
  Locator base;                   ///< of the stream
  std::uint64_t base_offset = 0;  ///< where `data` begins in the stream
  std::uint64_t report_from = 0;  ///< matches that end before this offset of `data` belong to the previous window
  std::string_view file_type;     ///< type by content, for the external variable
  /// Whether another stream tells the match at (offset in `data`, length); such a match is left out here.
  std::function<bool(std::uint64_t, std::uint64_t)> told_elsewhere = nullptr;
};

class YaraScanner {
 public:
  explicit YaraScanner(const YaraRules& rules);
  ~YaraScanner();
  YaraScanner(YaraScanner&&) noexcept;
  YaraScanner& operator=(YaraScanner&&) noexcept;
  /// Every rule that matches becomes one Finding (rule "yara.<name>"), its details naming up to 32 matched strings
  /// with offset, length and ±64 bytes of context as hex and text. Time-outs and library errors become damage.
  void scan(const YaraScan& scan, RecordSink& out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace triage
