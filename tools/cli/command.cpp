// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"

#include <utility>

#include "cli/common_flags.h"

namespace triage::cli {
namespace {

constexpr Message kShortHelp{"Short help", "短い説明"};
constexpr Message kFullHelp{"Full help", "詳しい説明"};
constexpr Message kVersionHelp{"Version and commit", "版とコミット"};
constexpr Message kRootDetails{"Reads evidence, never writes it. stdout carries data, stderr is for people.",
                               "証拠は読むだけで、決して書き込まない。標準出力はデータ、標準エラーは人のためのもの。"};
constexpr Message kRootRun{"the main job: one read of the evidence, a case, a report",
                           "主な使い方。証拠を一度読み、事案フォルダと報告書を作る"};
constexpr Message kRootTimeline{"who did what, when", "いつ、だれが、何をしたか"};
constexpr Message kRootParsers{"what this build can read", "このプログラムが読める形式"};

}  // namespace

CLI::App& add_command(CLI::App& parent, Context& context, const std::string& name, CommandText texts) {
  CLI::App& command = *parent.add_subcommand(name, text(context.lang, texts.title));
  context.tree.texts.insert_or_assign(&command, std::move(texts));
  add_flags(command, context, {Flag::kQuiet, Flag::kVerbose, Flag::kLang, Flag::kColor});
  return command;
}

void on_run(const CLI::App& command, Context& context, RunFunction run) {
  context.tree.runs.insert_or_assign(&command, std::move(run));
}

std::unique_ptr<CLI::App> build_app(Context& context) {
  auto app = std::make_unique<CLI::App>(text(context.lang, messages::kProgramTitle), "triage");
  // CLI11 treats the two help flags apart and before anything else; "all" is our short one.
  app->set_help_flag("--help", text(context.lang, kFullHelp));
  app->set_help_all_flag("-h", text(context.lang, kShortHelp));
  app->add_flag("--version")->description(text(context.lang, kVersionHelp));
  add_flags(*app, context, {Flag::kLang});
  context.tree.texts.insert_or_assign(app.get(),
                                      CommandText{messages::kProgramTitle,
                                                  kRootDetails,
                                                  {{"triage run laptop.E01 --case leak", kRootRun},
                                                   {"triage timeline --case leak --from 2024-04-01", kRootTimeline},
                                                   {"triage parsers", kRootParsers}}});
  for (const CommandEntry& entry : all_commands()) entry.add(*app, context);
  return app;
}

std::string full_name(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return parent == nullptr ? command.get_name() : full_name(*parent) + " " + command.get_name();
}

const CLI::App& last_parsed(const CLI::App& app) {
  const auto parsed = app.get_subcommands();
  return parsed.empty() ? app : last_parsed(*parsed.back());
}

std::vector<const CLI::App*> visible_commands(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* sub) { return !sub->get_name().empty() && !sub->get_group().empty(); });
}

}  // namespace triage::cli
