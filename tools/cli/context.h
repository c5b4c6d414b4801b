// SPDX-License-Identifier: Apache-2.0
// Context: what the command line said, in the words every command shares. Filled by the flags of common_flags.h; a
// command reads it and passes plain values on to the library.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/exit_code.h"
#include "cli/messages.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace triage::cli {

enum class ColorMode : std::uint8_t { kAuto, kAlways, kNever };
enum class ProgressMode : std::uint8_t { kAuto, kJson, kNever };

/// One example of a command's help: what to type and what it is for.
struct Example {
  std::string_view command;
  Message purpose;
};

/// What help and man page say of a command beyond its flags.
struct CommandText {
  Message title;                  ///< one line, no final stop
  Message details;                ///< paragraphs; "" when the title says all
  std::vector<Example> examples;  ///< the first two also stand in the short help
};

/// What a command does once its flags are read.
using RunFunction = std::function<Result<ExitCode>()>;

/// Facts about the tree of commands that CLI11 has no place for. Keys live as long as the root CLI::App.
struct CommandTree {
  std::map<const CLI::App*, CommandText> texts;
  std::map<const CLI::App*, RunFunction> runs;
  std::map<const CLI::Option*, std::vector<std::string>> choices;
};

struct Context {
  Lang lang = Lang::kEnglish;
  bool json = false;
  bool quiet = false;
  int verbose = 0;
  unsigned jobs = 1;  ///< set to the number of processors before the flags are read
  std::string tz;     ///< zone for display only; the default depends on the language
  ColorMode color = ColorMode::kAuto;
  ProgressMode progress = ProgressMode::kAuto;
  bool dry_run = false;
  bool resume = false;
  std::vector<std::string> argv;  ///< as called, for the custody record

  std::string case_dir;                               ///< --case
  std::vector<std::string> evidence;                  ///< EVIDENCE…
  std::string output;                                 ///< -o, --output
  std::vector<std::string> unlock;                    ///< --unlock VOLUME=KIND:FILE
  std::vector<std::string> rule_folders;              ///< --rules, besides those of the installation
  std::string fail_on;                                ///< --fail-on; "" = not asked for
  std::uint64_t max_file = std::uint64_t{256} << 20;  ///< --max-file, bytes

  CommandTree tree;
};

}  // namespace triage::cli
