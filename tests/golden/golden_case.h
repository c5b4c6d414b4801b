// SPDX-License-Identifier: Apache-2.0
// GoldenCase: one folder of tests/golden with its input, its origin and what is expected. See README.md for the files.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace triage::golden {

struct GoldenCase {
  std::string folder;  ///< "artifacts" or "carve"
  std::string stem;    ///< the parser's or carver's source name
  std::string name;    ///< the case's own folder name
  std::filesystem::path directory;
  std::map<std::string, std::string> origin;                    ///< the lines `key: value` of the file `origin`
  std::string input;                                            ///< raw bytes
  std::vector<std::pair<std::string, std::string>> companions;  ///< suffix and raw bytes, sorted by suffix

  [[nodiscard]] bool damaged() const { return name.starts_with("damaged-"); }
  /// "artifacts/prefetch/v30".
  [[nodiscard]] std::string title() const { return folder + "/" + stem + "/" + name; }
  /// The origin's value of `key`, "" when absent.
  [[nodiscard]] std::string value(const std::string& key) const;
};

/// Every folder with an `origin` below `root`/{artifacts,carve}/*/*, sorted.
std::vector<std::filesystem::path> find_cases(const std::filesystem::path& root);

/// Reads a case; kUnreadable names what is missing or malformed.
Result<GoldenCase> load_case(const std::filesystem::path& directory);

/// Whole content of a file; "" when it cannot be read.
std::string read_whole(const std::filesystem::path& file);

/// What is wrong with the case's papers: a missing origin key, a digest that does not fit. Empty when all is well.
std::vector<std::string> check_origin(const GoldenCase& golden);

}  // namespace triage::golden
