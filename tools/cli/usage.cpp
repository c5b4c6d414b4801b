// SPDX-License-Identifier: Apache-2.0
#include "cli/usage.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/suggest.h"

namespace triage::cli {
namespace {

constexpr Message kUnknownFlag{"{} is not a flag of `{}`", "{} は `{}` のオプションではない"};
constexpr Message kUnknownCommand{"{} is not a command of `{}`", "{} は `{}` のコマンドではない"};
constexpr Message kUnexpected{"{} is one argument too many for `{}`", "{} は `{}` に余分な引数である"};
constexpr Message kDidYouMean{"did you mean {}?", "{} のことか"};
constexpr Message kSeeHelp{"`{} -h` shows how it is used", "`{} -h` が使い方を示す"};
constexpr Message kMissing{"`{}` needs something more: {}", "`{}` に足りないものがある: {}"};
constexpr Message kBadValue{"`{}` cannot use a value: {}", "`{}` に使えない値がある: {}"};
constexpr Message kNeedsCommand{"`{}` needs a command: {}", "`{}` にはコマンドが要る: {}"};
constexpr Message kConflict{"`{}` cannot be used like this: {}", "`{}` はこのようには使えない: {}"};

std::vector<std::string> flag_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

std::vector<std::string> command_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* sub : visible_commands(command)) names.push_back(sub->get_name());
  return names;
}

Error usage(std::string message, std::string next_step) {
  return Error{ErrorCode::kUsage, std::move(message), {}, 0, std::move(next_step)};
}

}  // namespace

Error unknown_word(const std::string& word, const CLI::App& command, const Context& context) {
  const Lang lang = context.lang;
  const bool flag = word.size() > 1 && word.front() == '-';
  const std::string bare = flag ? word.substr(0, word.find('=')) : word;
  const bool groups = !visible_commands(command).empty();
  const auto near = near_misses(bare, flag ? flag_names(command) : command_names(command));
  const Message& what = flag ? kUnknownFlag : groups ? kUnknownCommand : kUnexpected;
  std::string next = near.empty() ? text(lang, kSeeHelp, full_name(command))
                                  : text(lang, kDidYouMean, fmt::format("{}", fmt::join(near, ", ")));
  return usage(text(lang, what, bare, full_name(command)), std::move(next));
}

Error missing_command(const CLI::App& command, const Context& context) {
  return usage(
      text(context.lang, kNeedsCommand, full_name(command), fmt::format("{}", fmt::join(command_names(command), ", "))),
      text(context.lang, kSeeHelp, full_name(command)));
}

Error usage_error(const CLI::ParseError& refused, const CLI::App& app, const Context& context) {
  const CLI::App& command = last_parsed(app);
  const auto left_over = app.remaining(true);
  if (!left_over.empty()) return unknown_word(left_over.front(), command, context);
  const std::string name = full_name(command);
  const std::string detail = refused.what();
  const std::string help = text(context.lang, kSeeHelp, name);
  if (dynamic_cast<const CLI::RequiredError*>(&refused) != nullptr ||
      dynamic_cast<const CLI::ArgumentMismatch*>(&refused) != nullptr) {
    return usage(text(context.lang, kMissing, name, detail), help);
  }
  if (dynamic_cast<const CLI::ConversionError*>(&refused) != nullptr ||
      dynamic_cast<const CLI::ValidationError*>(&refused) != nullptr) {
    return usage(text(context.lang, kBadValue, name, detail), help);
  }
  return usage(text(context.lang, kConflict, name, detail), help);
}

}  // namespace triage::cli
