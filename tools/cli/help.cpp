// SPDX-License-Identifier: Apache-2.0
#include "cli/help.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "bytes/text.h"
#include "cli/command.h"

namespace triage::cli {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

/// Two columns; the second begins at one place unless the first is very long.
std::string two_columns(const Rows& rows) {
  constexpr std::size_t kWidest = 46;
  std::size_t width = 0;
  for (const auto& row : rows) width = std::max(width, std::min(display_width(row.first), kWidest));
  std::string out;
  for (const auto& [left, right] : rows) {
    const std::size_t used = display_width(left);
    out += "  " + left;
    out += used > kWidest ? "\n" + std::string(width + 4, ' ') : std::string(width - used + 2, ' ');
    out += right + "\n";
  }
  return out;
}

std::string heading(Lang lang, const Message& message) { return fmt::format("\n{}:\n", text(lang, message)); }

std::string examples(const CommandText& texts, Lang lang, std::size_t limit) {
  Rows rows;
  for (const Example& example : texts.examples) {
    if (rows.size() == limit) break;
    rows.emplace_back(example.command, text(lang, example.purpose));
  }
  return rows.empty() ? std::string() : heading(lang, messages::kExamples) + two_columns(rows);
}

std::string command_rows(const CLI::App& command, Lang lang) {
  Rows rows;
  for (const CLI::App* sub : visible_commands(command)) rows.emplace_back(sub->get_name(), sub->get_description());
  return rows.empty() ? std::string() : heading(lang, messages::kCommands) + two_columns(rows);
}

std::string option_rows(const CLI::App& command, const Context& context) {
  Rows arguments;
  Rows options;
  for (const OptionText& option : option_texts(command, context)) {
    std::string left = option.names + (option.repeats ? "..." : "");
    if (!option.positional && !option.placeholder.empty()) left += " " + option.placeholder;
    std::string right = option.help;
    if (option.required && !option.positional) {
      right += fmt::format(" ({})", text(context.lang, messages::kRequired));
    }
    (option.positional ? arguments : options).emplace_back(std::move(left), std::move(right));
  }
  std::string out;
  if (!arguments.empty()) out += heading(context.lang, messages::kArguments) + two_columns(arguments);
  if (!options.empty()) out += heading(context.lang, messages::kOptions) + two_columns(options);
  return out;
}

std::string title_line(const CLI::App& command) {
  return fmt::format("{} - {}\n", full_name(command), command.get_description());
}

std::string usage_block(const CLI::App& command, Lang lang) {
  return fmt::format("\n{}: {}\n", text(lang, messages::kUsage), usage_line(command));
}

const CommandText& texts_of(const CLI::App& command, const Context& context) { return context.tree.texts.at(&command); }

}  // namespace

std::string short_help(const CLI::App& command, const Context& context) {
  constexpr std::size_t kShortExamples = 2;
  std::string out = title_line(command) + examples(texts_of(command, context), context.lang, kShortExamples) +
                    usage_block(command, context.lang) + command_rows(command, context.lang);
  if (visible_commands(command).empty()) out += option_rows(command, context);
  return out + "\n" + text(context.lang, messages::kMoreHelp, full_name(command)) + "\n";
}

std::string full_help(const CLI::App& command, const Context& context) {
  const CommandText& texts = texts_of(command, context);
  std::string out =
      title_line(command) + examples(texts, context.lang, texts.examples.size()) + usage_block(command, context.lang);
  const std::string details = text(context.lang, texts.details);
  if (!details.empty()) out += "\n" + details + "\n";
  out += command_rows(command, context.lang) + option_rows(command, context);
  Rows statuses;
  for (const ExitText& status : exit_texts()) {
    statuses.emplace_back(fmt::to_string(status.code), text(context.lang, status.meaning));
  }
  return out + heading(context.lang, messages::kExitStatus) + two_columns(statuses);
}

std::string usage_line(const CLI::App& command) {
  std::string out = full_name(command);
  if (!visible_commands(command).empty()) return out + " COMMAND [OPTIONS]";
  out += " [OPTIONS]";
  std::string arguments;
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_group().empty()) continue;
    if (option->get_positional()) {
      std::string name = option->get_name(true, false) + (option->get_expected_max() > 1 ? "..." : "");
      arguments += option->get_required() ? " " + name : " [" + name + "]";
    } else if (option->get_required()) {
      out += fmt::format(" --{} {}", option->get_lnames().front(), option->get_type_name());
    }
  }
  return out + arguments;
}

std::vector<OptionText> option_texts(const CLI::App& command, const Context& context) {
  std::vector<OptionText> out;
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_group().empty()) continue;
    OptionText shown;
    shown.help = option->get_description();
    shown.positional = option->get_positional();
    shown.required = option->get_required();
    shown.repeats = shown.positional && option->get_expected_max() > 1;
    if (shown.positional) {
      shown.names = option->get_name(true, false);
    } else {
      for (const std::string& name : option->get_snames()) shown.names += "-" + name + ", ";
      for (const std::string& name : option->get_lnames()) shown.names += "--" + name + ", ";
      shown.names.resize(shown.names.size() - 2);
    }
    if (const auto found = context.tree.choices.find(option); found != context.tree.choices.end()) {
      shown.placeholder = fmt::format("{}", fmt::join(found->second, "|"));
    } else if (option->get_type_size_max() > 0) {
      const std::string type = option->get_type_name();
      shown.placeholder = type.substr(0, type.find(':'));
    }
    out.push_back(std::move(shown));
  }
  const auto place = [](const OptionText& option) {
    return option.positional ? 0 : option.names == "-h" || option.names == "--help" ? 2 : 1;
  };
  std::stable_sort(out.begin(), out.end(),
                   [&place](const OptionText& a, const OptionText& b) { return place(a) < place(b); });
  return out;
}

const std::vector<ExitText>& exit_texts() {
  // clang-format off
  static const std::vector<ExitText> kTexts = {
      {0, {"complete", "完了"}},
      {1, {"complete, but something was damaged or skipped; the output names it", "完了。ただし破損または省略したものがあり、出力に示した"}},
      {2, {"the command line is wrong", "使い方の誤り"}},
      {3, {"evidence is unreadable or of an unsupported kind", "証拠を読めない、または対応していない形式"}},
      {4, {"a verification failed", "検証に失敗した"}},
      {5, {"internal error", "内部エラー"}},
      {6, {"output could not be written", "出力を書けなかった"}},
      {10, {"--fail-on was met", "--fail-on の条件に当たった"}},
      {130, {"interrupted; the case can be resumed", "中断された。事案は再開できる"}},
  };
  // clang-format on
  return kTexts;
}

}  // namespace triage::cli
