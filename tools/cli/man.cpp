// SPDX-License-Identifier: Apache-2.0
#include "cli/man.h"

#include <fmt/format.h>

#include <algorithm>

#include "bytes/text.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/version.h"

namespace triage::cli {
namespace {

/// Text for troff: backslashes and hyphens are shown as such, no line becomes a request.
std::string troff(std::string_view words) {
  std::string out;
  bool line_start = true;
  for (const char c : words) {
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    line_start = c == '\n';
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

std::string section(const Message& title, Lang lang) {
  std::string name = text(lang, title);
  if (lang == Lang::kEnglish)
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return fmt::format(".SH {}\n", name);
}

std::string option_items(const CLI::App& command, const Context& context, bool positional) {
  std::string out;
  for (const OptionText& option : option_texts(command, context)) {
    if (option.positional != positional) continue;
    out += fmt::format(".TP\n\\fB{}\\fR", troff(option.names));
    if (!positional && !option.placeholder.empty()) out += fmt::format(" \\fI{}\\fR", troff(option.placeholder));
    out += "\n" + troff(option.help);
    if (option.required && !positional) out += fmt::format(" ({})", text(context.lang, messages::kRequired));
    out += "\n";
  }
  return out;
}

std::string example_items(const CLI::App& command, const Context& context) {
  std::string out;
  for (const Example& example : context.tree.texts.at(&command).examples) {
    out += fmt::format(".TP\n\\fB{}\\fR\n{}\n", troff(example.command), troff(text(context.lang, example.purpose)));
  }
  return out;
}

std::string body(const CLI::App& command, const Context& context, bool nested) {
  const Lang lang = context.lang;
  std::string out;
  if (nested) out += fmt::format(".SS {}\n{}\n.PP\n", troff(full_name(command)), troff(command.get_description()));
  const std::string details = text(lang, context.tree.texts.at(&command).details);
  out += fmt::format("{}\\fB{}\\fR\n", nested ? "" : section(messages::kSynopsis, lang), troff(usage_line(command)));
  if (!details.empty()) {
    out += fmt::format("{}{}\n", nested ? ".PP\n" : section(messages::kDescription, lang), troff(details));
  }
  const auto part = [&](const Message& title, const std::string& items) {
    if (!items.empty()) out += (nested ? std::string() : section(title, lang)) + items;
  };
  part(messages::kExamples, example_items(command, context));
  std::string commands;
  for (const CLI::App* sub : visible_commands(command)) {
    if (command.get_parent() == nullptr) {
      commands += fmt::format(".TP\n\\fB{}\\fR(1)\n{}\n", troff(man_name(*sub)), troff(sub->get_description()));
    } else {
      commands += body(*sub, context, true);
    }
  }
  part(messages::kCommands, commands);
  part(messages::kArguments, option_items(command, context, true));
  if (!nested) part(messages::kOptions, option_items(command, context, false));
  if (nested) out += option_items(command, context, false);
  return out;
}

}  // namespace

std::string man_name(const CLI::App& command) {
  std::string name = full_name(command);
  std::replace(name.begin(), name.end(), ' ', '-');
  return name;
}

std::string man_page(const CLI::App& command, const Context& context) {
  const Lang lang = context.lang;
  const std::string name = man_name(command);
  std::string upper = name;
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  // No date: the same sources give the same page.
  std::string out = fmt::format(".TH {} 1 \"\" \"triage {}\" \"triage\"\n", troff(upper), version());
  out += fmt::format("{}{} \\- {}\n", section(messages::kName, lang), troff(name), troff(command.get_description()));
  out += body(command, context, false);
  out += section(messages::kExitStatus, lang);
  for (const ExitText& status : exit_texts()) {
    out += fmt::format(".TP\n\\fB{}\\fR\n{}\n", status.code, troff(text(lang, status.meaning)));
  }
  if (command.get_parent() != nullptr) out += section(messages::kSeeAlso, lang) + "\\fBtriage\\fR(1)\n";
  return out;
}

}  // namespace triage::cli
