// SPDX-License-Identifier: Apache-2.0
#include "cli/complete.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "cli/command.h"
#include "cli/help.h"

namespace triage::cli {
namespace {

/// What a value is completed with.
enum class ValueKind : std::uint8_t { kNone, kWord, kFolder, kPath, kChoice };

/// One flag as the scripts need it.
struct FlagFacts {
  std::vector<std::string> names;  ///< with their dashes
  std::string help;
  std::vector<std::string> choices;
  ValueKind kind = ValueKind::kNone;
};

ValueKind kind_of(const std::string& placeholder) {
  if (placeholder.empty()) return ValueKind::kNone;
  if (placeholder == "DIR") return ValueKind::kFolder;
  return placeholder == "PATH" || placeholder == "FILE" ? ValueKind::kPath : ValueKind::kWord;
}

std::vector<FlagFacts> flags_of(const CLI::App& command, const Context& context) {
  std::vector<FlagFacts> out;
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_group().empty() || option->get_positional()) continue;
    FlagFacts facts;
    for (const std::string& name : option->get_snames()) facts.names.push_back("-" + name);
    for (const std::string& name : option->get_lnames()) facts.names.push_back("--" + name);
    facts.help = option->get_description();
    if (const auto found = context.tree.choices.find(option); found != context.tree.choices.end()) {
      facts.choices = found->second;
      facts.kind = ValueKind::kChoice;
    } else if (option->get_type_size_max() > 0) {
      const std::string type = option->get_type_name();
      facts.kind = kind_of(type.substr(0, type.find(':')));
    }
    out.push_back(std::move(facts));
  }
  return out;
}

bool takes_paths(const CLI::App& command) {
  const auto options = command.get_options();
  return std::any_of(options.begin(), options.end(), [](const CLI::Option* option) {
    return option->get_positional() && option->get_type_name().starts_with("PATH");
  });
}

void each_command(const CLI::App& app, const std::function<void(const CLI::App&)>& visit) {
  visit(app);
  for (const CLI::App* sub : visible_commands(app)) each_command(*sub, visit);
}

std::string single_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

/// Text inside a zsh _arguments spec: brackets and colons have a meaning there.
std::string zsh_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string function_name(const CLI::App& command) {
  std::string name = "_" + full_name(command);
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

std::string zsh_value(const FlagFacts& facts) {
  switch (facts.kind) {
    case ValueKind::kNone: return "";
    case ValueKind::kWord: return ":value: ";
    case ValueKind::kFolder: return ":folder:_files -/";
    case ValueKind::kPath: return ":path:_files";
    case ValueKind::kChoice: return fmt::format(":word:({})", fmt::join(facts.choices, " "));
  }
  return "";
}

std::string zsh_function(const CLI::App& command, const Context& context) {
  std::string out =
      fmt::format("{}() {{\n  local curcontext=\"$curcontext\" state line\n  _arguments -C", function_name(command));
  for (const FlagFacts& facts : flags_of(command, context)) {
    for (const std::string& name : facts.names) {
      const std::string assign = facts.kind != ValueKind::kNone && name.starts_with("--") ? "=" : "";
      out +=
          " \\\n    " + single_quoted(fmt::format("*{}{}[{}]{}", name, assign, zsh_text(facts.help), zsh_value(facts)));
    }
  }
  const auto subs = visible_commands(command);
  if (subs.empty()) {
    if (takes_paths(command)) out += " \\\n    '*:path:_files'";
    return out + "\n}\n";
  }
  out +=
      " \\\n    '1:command:->command' '*::argument:->argument'\n  case $state in\n  command)\n    local -a commands=(";
  for (const CLI::App* sub : subs) {
    out += "\n      " + single_quoted(sub->get_name() + ":" + zsh_text(sub->get_description()));
  }
  out += ")\n    _describe command commands ;;\n  argument)\n    case $line[1] in\n";
  for (const CLI::App* sub : subs) out += fmt::format("    {}) {} ;;\n", sub->get_name(), function_name(*sub));
  return out + "    esac ;;\n  esac\n}\n";
}

void fish_flags(std::string& out, const CLI::App& command, const Context& context, const std::string& when) {
  for (const FlagFacts& facts : flags_of(command, context)) {
    out += fmt::format("complete -c triage -n {}", single_quoted(when));
    for (const std::string& name : facts.names) {
      out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    }
    if (facts.kind == ValueKind::kChoice) {
      out += " -x -a " + single_quoted(fmt::format("{}", fmt::join(facts.choices, " ")));
    } else if (facts.kind == ValueKind::kFolder) {
      out += " -x -a '(__fish_complete_directories)'";
    } else if (facts.kind == ValueKind::kPath) {
      out += " -r -F";
    } else if (facts.kind == ValueKind::kWord) {
      out += " -x";
    }
    out += " -d " + single_quoted(facts.help) + "\n";
  }
}

}  // namespace

std::string bash_completion(const CLI::App& app, const Context& context) {
  std::string paths;   // patterns of "command word" that go one level down
  std::string values;  // cases of "command:flag"
  std::string words;   // cases of "command": what can stand next
  std::string names = "triage";
  for (const CLI::App* sub : visible_commands(app)) names += " triage-" + sub->get_name();
  each_command(app, [&](const CLI::App& command) {
    const std::string name = full_name(command);
    if (command.get_parent() != nullptr) paths += fmt::format("{}\"{}\"", paths.empty() ? "" : " | ", name);
    std::string list;
    for (const CLI::App* sub : visible_commands(command)) list += sub->get_name() + " ";
    for (const FlagFacts& facts : flags_of(command, context)) {
      std::string patterns;
      for (const std::string& flag : facts.names) {
        list += flag + " ";
        patterns += fmt::format("{}\"{}:{}\"", patterns.empty() ? "" : " | ", name, flag);
      }
      std::string action = "return 0";
      if (facts.kind == ValueKind::kNone) continue;
      if (facts.kind == ValueKind::kFolder) action = "_triage_files -d \"$cur\"; return 0";
      if (facts.kind == ValueKind::kPath) action = "_triage_files -f \"$cur\"; return 0";
      if (facts.kind == ValueKind::kChoice) {
        action = fmt::format("COMPREPLY=($(compgen -W \"{}\" -- \"$cur\")); return 0", fmt::join(facts.choices, " "));
      }
      values += fmt::format("    {}) {} ;;\n", patterns, action);
    }
    if (!list.empty()) list.pop_back();
    words += fmt::format("    \"{}\") words=\"{}\"; files={} ;;\n", name, list, takes_paths(command) ? 1 : 0);
  });
  return fmt::format(R"(# bash completion of triage; generated by `triage generate completions`
_triage_files() {{
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen "$1" -- "$2")
}}
_triage() {{
  local cur=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} at=triage words= files=0 i
  local name=${{COMP_WORDS[0]##*/}}
  COMPREPLY=()
  [[ $name == triage-* ]] && at="triage ${{name#triage-}}"
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at ${{COMP_WORDS[i]}}" in
    {}) at="$at ${{COMP_WORDS[i]}}" ;;
    esac
  done
  if [[ $cur == = ]]; then
    cur=
  elif [[ $before == = ]]; then
    before=${{COMP_WORDS[COMP_CWORD-2]}}
  fi
  case "$at:$before" in
{}  esac
  case "$at" in
{}  esac
  if [[ $files == 1 && $cur != -* ]]; then
    _triage_files -f "$cur"
  else
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
  fi
}}
complete -F _triage {}
)",
                     paths.empty() ? "\"\"" : paths, values, words, names);
}

std::string zsh_completion(const CLI::App& app, const Context& context) {
  std::string names = "triage";
  for (const CLI::App* sub : visible_commands(app)) {
    names += fmt::format(" triage-{}", sub->get_name());
  }
  std::string out = fmt::format("#compdef {}\n# generated by `triage generate completions`\n", names);
  each_command(app, [&](const CLI::App& command) { out += zsh_function(command, context); });
  out += "case $service in\n";
  for (const CLI::App* sub : visible_commands(app)) {
    out += fmt::format("triage-{}) {} \"$@\" ;;\n", sub->get_name(), function_name(*sub));
  }
  return out + "*) _triage \"$@\" ;;\nesac\n";
}

std::string fish_completion(const CLI::App& app, const Context& context) {
  std::string out = "# generated by `triage generate completions`\ncomplete -c triage -f\n";
  each_command(app, [&](const CLI::App& command) {
    std::string names;
    for (const CLI::App* sub : visible_commands(command)) names += " " + sub->get_name();
    std::string when = "__fish_use_subcommand";
    if (command.get_parent() != nullptr) {
      const bool nested = command.get_parent()->get_parent() != nullptr;
      when = nested ? "__fish_seen_subcommand_from " + command.get_parent()->get_name() + "; and " : "";
      when += "__fish_seen_subcommand_from " + command.get_name();
    }
    const std::string none_yet = names.empty() || command.get_parent() == nullptr
                                     ? when
                                     : when + "; and not __fish_seen_subcommand_from" + names;
    for (const CLI::App* sub : visible_commands(command)) {
      out += fmt::format("complete -c triage -n {} -a {} -d {}\n", single_quoted(none_yet), sub->get_name(),
                         single_quoted(sub->get_description()));
    }
    if (takes_paths(command)) out += fmt::format("complete -c triage -n {} -F\n", single_quoted(when));
    fish_flags(out, command, context, when);
  });
  return out;
}

}  // namespace triage::cli
