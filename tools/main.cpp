// SPDX-License-Identifier: Apache-2.0
// triage: reads the command line, runs one command, turns what happened into the exit status (DESIGN.md §3).
// Called as triage-NAME it is `triage NAME`.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "base/check.h"
#include "cli/command.h"
#include "cli/error.h"
#include "cli/help.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/usage.h"
#include "cli/version.h"

namespace triage {
namespace {

using namespace cli;

/// Help and messages of the parser need the language before the flags are read.
Lang wanted_lang(const std::vector<std::string>& arguments) {
  Lang lang = lang_from_environment();
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    std::string value;
    if (arguments[i] == "--") break;
    if (arguments[i] == "--lang" && i + 1 < arguments.size()) value = arguments[i + 1];
    if (arguments[i].starts_with("--lang=")) value = arguments[i].substr(7);
    if (value == "ja") lang = Lang::kJapanese;
    if (value == "en") lang = Lang::kEnglish;
  }
  return lang;
}

/// Arguments after the program's name, with the names `triage-NAME` and `triage help NAME` rewritten.
std::vector<std::string> command_line(const std::vector<std::string>& argv) {
  std::vector<std::string> arguments(argv.empty() ? argv.begin() : argv.begin() + 1, argv.end());
  const std::string program = argv.empty() ? "triage" : std::filesystem::path(argv.front()).filename().string();
  constexpr std::string_view kPrefix = "triage-";
  if (program.starts_with(kPrefix)) arguments.insert(arguments.begin(), program.substr(kPrefix.size()));
  if (!arguments.empty() && arguments.front() == "help") {
    arguments.erase(arguments.begin());
    arguments.emplace_back("--help");
  }
  return arguments;
}

ExitCode print(const std::string& words) {
  Output out;
  std::string_view rest = words;
  if (rest.ends_with('\n')) rest.remove_suffix(1);
  out.line(rest);
  return out.finish() ? ExitCode::kComplete : ExitCode::kOutput;
}

ExitCode help(const CLI::App& app, const Context& context, bool full) {
  const CLI::App& command = last_parsed(app);
  const auto left_over = app.remaining(true);
  if (!visible_commands(command).empty() && !left_over.empty() && !left_over.front().starts_with('-')) {
    return show_error(unknown_word(left_over.front(), command, context), context);
  }
  return print(full ? full_help(command, context) : short_help(command, context));
}

ExitCode run_command(const CLI::App& app, Context& context) {
  if (app.get_option("--version")->count() > 0) return print(version_line());
  const CLI::App& command = last_parsed(app);
  const auto run = context.tree.runs.find(&command);
  if (run == context.tree.runs.end()) {
    if (&command != &app) return show_error(missing_command(command, context), context);
    std::fputs(short_help(app, context).c_str(), stderr);
    return ExitCode::kUsage;
  }
  if (context.tz.empty()) context.tz = context.lang == Lang::kJapanese ? "Asia/Tokyo" : "UTC";
  const Result<ExitCode> outcome = run->second();
  return outcome ? *outcome : show_error(outcome.error(), context);
}

ExitCode run(Context& context) {
  std::vector<std::string> arguments = command_line(context.argv);
  context.lang = wanted_lang(arguments);
  context.jobs = std::max(1U, std::thread::hardware_concurrency());
  const auto app = build_app(context);
  try {
    app->parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForHelp&) {
    return help(*app, context, true);
  } catch (const CLI::CallForAllHelp&) {
    return help(*app, context, false);
  } catch (const CLI::ParseError& refused) {
    return show_error(usage_error(refused, *app, context), context);
  }
  return run_command(*app, context);
}

}  // namespace
}  // namespace triage

int main(int argc, char** argv) {
  using namespace triage;
  cli::ignore_broken_pipes();
  cli::Context context;
  cli::ExitCode code = cli::ExitCode::kInternal;
  try {
    context.argv.assign(argv, argv + argc);
    code = run(context);
  } catch (const std::bad_alloc&) {
    std::fputs("triage: error: out of memory\n", stderr);
  } catch (const std::exception& bug) {
    code = cli::show_error(Error{ErrorCode::kInternal, bug.what(), {}, 0, {}}, context);
  }
  if (code == cli::ExitCode::kInterrupted) cli::end_by_caught_signal();
  return cli::to_int(code);
}
