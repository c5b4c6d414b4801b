// SPDX-License-Identifier: Apache-2.0
// triage generate (hidden): writes man pages and completion scripts from the program's own definitions. The build
// calls it; an existing file is replaced only there, below --dir.
#include <CLI/CLI.hpp>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/complete.h"
#include "cli/man.h"

namespace triage {
namespace {

namespace fs = std::filesystem;
using cli::Context;
using cli::ExitCode;
using cli::Lang;
using cli::Message;

constexpr Message kTitle{"write man pages and completions", "man ページと補完スクリプトを書き出す"};
constexpr Message kManTitle{"man pages, English below DIR/man1, Japanese below DIR/ja/man1",
                            "man ページ。英語は DIR/man1、日本語は DIR/ja/man1"};
constexpr Message kCompletionsTitle{"completion scripts for bash, zsh and fish", "bash、zsh、fish の補完スクリプト"};
constexpr Message kNoDetails{"", ""};
constexpr Message kDirHelp{"Folder to write into", "書き出すフォルダ"};

Status write_text(const fs::path& path, const std::string& content) {
  std::error_code failed;
  fs::create_directories(path.parent_path(), failed);
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << content;
  out.close();
  if (!out) return fail(ErrorCode::kOutput, "cannot write a file", path.string(), errno);
  return {};
}

Status write_man(const fs::path& folder, Lang lang) {
  Context context;
  context.lang = lang;
  const auto app = cli::build_app(context);
  const fs::path section = lang == Lang::kJapanese ? folder / "ja" / "man1" : folder / "man1";
  TRIAGE_TRY_STATUS(write_text(section / "triage.1", cli::man_page(*app, context)));
  for (const CLI::App* command : cli::visible_commands(*app)) {
    TRIAGE_TRY_STATUS(write_text(section / (cli::man_name(*command) + ".1"), cli::man_page(*command, context)));
  }
  return {};
}

Status write_completions(const fs::path& folder) {
  Context context;
  const auto app = cli::build_app(context);
  TRIAGE_TRY_STATUS(write_text(folder / "bash" / "triage", cli::bash_completion(*app, context)));
  TRIAGE_TRY_STATUS(write_text(folder / "zsh" / "_triage", cli::zsh_completion(*app, context)));
  return write_text(folder / "fish" / "triage.fish", cli::fish_completion(*app, context));
}

}  // namespace

void add_generate(CLI::App& app, Context& context) {
  CLI::App& group = cli::add_command(app, context, "generate", {kTitle, kNoDetails, {}});
  group.group("");
  const auto add = [&](const char* name, const Message& title, auto write) {
    CLI::App& command = cli::add_command(group, context, name, {title, kNoDetails, {}});
    const auto folder = std::make_shared<std::string>();
    command.add_option("--dir", *folder, text(context.lang, kDirHelp))->type_name("DIR")->required();
    cli::on_run(command, context, [folder, write]() -> Result<ExitCode> {
      TRIAGE_TRY_STATUS(write(fs::path(*folder)));
      return ExitCode::kComplete;
    });
  };
  add("man", kManTitle, [](const fs::path& folder) -> Status {
    TRIAGE_TRY_STATUS(write_man(folder, Lang::kEnglish));
    return write_man(folder, Lang::kJapanese);
  });
  add("completions", kCompletionsTitle, [](const fs::path& folder) { return write_completions(folder); });
}

}  // namespace triage
