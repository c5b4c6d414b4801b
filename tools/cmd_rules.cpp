// SPDX-License-Identifier: Apache-2.0
// triage rules list|check: which YARA rules a scan would use, and whether rules compile.
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <string>

#include "bytes/json.h"
#include "bytes/text.h"
#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/output.h"
#include "cli/rule_sources.h"
#include "scan/yara.h"

namespace triage {
namespace {

using cli::Context;
using cli::ExitCode;
using cli::Message;

constexpr Message kTitle{"list and check detection rules", "検知ルールの一覧と検査"};
constexpr Message kNoDetails{"", ""};
constexpr Message kListTitle{"list the rules that a scan uses", "スキャンに使うルールを一覧する"};
constexpr Message kListDetails{
    "The rules of the installation, and those given with --rules. What a rule's author says of it stands under meta.",
    "導入済みのルールと --rules で加えたルール。ルールの作成者による説明は meta にある。"};
constexpr Message kListExample{"the rules of this installation", "導入済みのルール"};
constexpr Message kListMore{"your own rules as well, as JSON Lines", "自分のルールも加え、JSON Lines で"};
constexpr Message kCheckTitle{"check that rules compile", "ルールをコンパイルできるか検査する"};
constexpr Message kCheckDetails{"A rule file that does not compile is named with its line; the exit status is then 2.",
                                "コンパイルできないファイルは行番号とともに示す。終了コードは 2 となる。"};
constexpr Message kCheckExample{"check a folder of your own rules", "自分のルールのフォルダを検査する"};
constexpr Message kChecked{"{} rules compiled; the set's SHA-256 is {}",
                           "{} 個のルールをコンパイルした。組の SHA-256 は {}"};

std::string meta_of(const YaraRuleInfo& rule, std::string_view name) {
  const auto found =
      std::find_if(rule.meta.begin(), rule.meta.end(), [name](const auto& m) { return m.first == name; });
  return found == rule.meta.end() ? std::string() : found->second;
}

std::string rule_json(const YaraRuleInfo& rule, const std::string& set) {
  JsonLine meta;
  for (const auto& [key, value] : rule.meta) meta.add(key, value);
  std::string tags = "[";
  for (const std::string& tag : rule.tags) {
    if (tags.size() > 1) tags += ',';
    append_json_string(tags, tag);
  }
  JsonLine line;
  line.add("schema", "triage.rule.v1").add("kind", "yara").add("id", "yara." + rule.name).add("file", rule.file);
  return line.add_raw("meta", meta.finish()).add_raw("tags", tags + "]").add("set_sha256", set).finish();
}

Result<YaraRules> compile_all(const Context& context) {
  TRIAGE_TRY(const cli::RuleSources sources, cli::rule_sources(context, "yara"));
  return YaraRules::compile(sources.folders, sources.files);
}

Result<ExitCode> list_rules(const Context& context) {
  TRIAGE_TRY(const YaraRules rules, compile_all(context));
  const bool japanese = context.lang == cli::Lang::kJapanese;
  cli::Output out;
  cli::Table table({"ID", "FILE", "SEVERITY", "TITLE"});
  for (const YaraRuleInfo& rule : rules.rules()) {
    if (context.json) {
      out.line(rule_json(rule, rules.set_sha256()));
      continue;
    }
    std::string title = meta_of(rule, japanese ? "title_ja" : "title_en");
    if (title.empty()) title = meta_of(rule, "description");  // what rules from elsewhere have
    table.row({"yara." + rule.name, rule.file, meta_of(rule, "severity"), std::move(title)});
  }
  if (!context.json) table.print(out, cli::use_color(context, STDOUT_FILENO));
  TRIAGE_TRY_STATUS(out.finish());
  return ExitCode::kComplete;
}

Result<ExitCode> check_rules(const Context& context) {
  TRIAGE_TRY(const YaraRules rules, compile_all(context));
  cli::say(context, text(context.lang, kChecked, rules.rules().size(), rules.set_sha256()));
  return ExitCode::kComplete;
}

}  // namespace

void add_rules(CLI::App& app, Context& context) {
  CLI::App& group =
      cli::add_command(app, context, "rules",
                       {kTitle,
                        kNoDetails,
                        {{"triage rules list", kListExample}, {"triage rules check --rules my-rules", kCheckExample}}});
  CLI::App& list = cli::add_command(
      group, context, "list",
      {kListTitle,
       kListDetails,
       {{"triage rules list", kListExample}, {"triage rules list --rules my-rules --json", kListMore}}});
  cli::add_flags(list, context, {cli::Flag::kRules, cli::Flag::kJson});
  cli::on_run(list, context, [&context] { return list_rules(context); });
  CLI::App& check = cli::add_command(
      group, context, "check", {kCheckTitle, kCheckDetails, {{"triage rules check --rules my-rules", kCheckExample}}});
  cli::add_flags(check, context, {cli::Flag::kRules});
  cli::on_run(check, context, [&context] { return check_rules(context); });
}

}  // namespace triage
