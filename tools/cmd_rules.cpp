// SPDX-License-Identifier: Apache-2.0
// triage rules list|check|test|apply: which rules a scan and a case use, whether they are sound, what they find.
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "bytes/json.h"
#include "bytes/text.h"
#include "cli/case_results.h"
#include "cli/case_session.h"
#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/leak_rules.h"
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
constexpr Message kCheckTitle{"check that rules are sound", "ルールに誤りがないか検査する"};
constexpr Message kCheckDetails{
    "Every fault of the rules over events is named with file and line, and the first YARA rule that does not compile; "
    "the exit status is then 2.",
    "イベントのルールの誤りをすべて、YARA ルールは最初の誤りを、ファイルと行番号で示す。終了コードは 2 となる。"};
constexpr Message kCheckExample{"check a folder of your own rules", "自分のルールのフォルダを検査する"};
constexpr Message kChecked{"{} rules compiled; the set's SHA-256 is {}",
                           "{} 個のルールをコンパイルした。組の SHA-256 は {}"};
// clang-format off
constexpr Message kFolder{"Folder of rules of your own", "自分のルールのフォルダ"};
constexpr Message kTestTitle{"run the cases that lie beside the rules over events", "イベントのルールに付いた例を試す"};
constexpr Message kTestDetails{"tests/RULE/fires-*.jsonl must give a finding, quiet-*.jsonl none; their lines are events as triage timeline --json prints them. Without DIR the installation's rules are tried. Exit status 4: a case failed, or a rule lacks one of the two.", "tests/RULE/fires-*.jsonl は所見を出し、quiet-*.jsonl は出してはならない。行は triage timeline --json が出すイベント。DIR がなければ導入済みのルールを試す。終了コード 4: 不合格の例があるか、どちらかの例がないルールがある。"};
constexpr Message kTestExample{"the rules of a folder of your own", "自分のフォルダのルール"};
constexpr Message kApplyTitle{"draw the findings of a case anew", "事案の所見をルールから作り直す"};
constexpr Message kApplyDetails{"The rules over events are applied to what the case holds; evidence is not read again. Exports, the task view and the report are rebuilt. triage run does the same at its end.", "事案にある記録にイベントのルールを適用する。証拠は読み直さない。書き出し、作業表、報告書も作り直す。triage run も最後に同じことを行う。"};
constexpr Message kApplyExample{"after rules were added", "ルールを加えたあと"};
constexpr Message kApplied{"{} findings drawn by {} rules over events", "イベントのルール {1} 個から所見 {0} 件を作った"};
// clang-format on

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
  TRIAGE_TRY(const RuleSet leak, cli::load_leak_rules(context));
  cli::list_leak_rules(context, leak, table, out);
  if (!context.json) table.print(out, cli::use_color(context, STDOUT_FILENO));
  TRIAGE_TRY_STATUS(out.finish());
  return ExitCode::kComplete;
}

/// DIR is a folder of rules like one of --rules.
Status take_folder(Context& context, const std::string& folder) {
  std::error_code failed;
  if (folder.empty()) return {};
  if (!std::filesystem::is_directory(folder, failed)) return fail(ErrorCode::kUsage, "no such folder of rules", folder);
  context.rule_folders.push_back(folder);
  return {};
}

Result<ExitCode> check_rules(Context context, const std::string& folder) {
  TRIAGE_TRY_STATUS(take_folder(context, folder));
  cli::Output out;
  TRIAGE_TRY(const RuleSet leak, cli::print_rule_faults(context, out));
  TRIAGE_TRY_STATUS(out.finish());
  TRIAGE_TRY(const YaraRules rules, compile_all(context));
  cli::say(context, text(context.lang, kChecked, rules.rules().size(), rules.set_sha256()));
  return cli::tell_rules(context, leak);
}

Result<ExitCode> test_rules(Context context, const std::string& folder) {
  TRIAGE_TRY_STATUS(take_folder(context, folder));
  std::vector<std::string> only;
  if (!folder.empty()) {
    std::error_code failed;
    only = {std::filesystem::is_directory(folder + "/leak", failed) ? folder + "/leak" : folder};
  }
  return cli::test_leak_rules(context, only);
}

Result<ExitCode> apply_rules(const Context& context) {
  TRIAGE_TRY(const RuleSet rules, cli::load_leak_rules(context));
  TRIAGE_TRY_STATUS(CaseFolder::open(context.case_dir, CaseFolder::Access::kRead));  // an absent case is not made here
  TRIAGE_TRY(const std::unique_ptr<cli::CaseSession> session, cli::CaseSession::open(context));
  TRIAGE_TRY_STATUS(cli::write_case_results(context, *session, rules));
  TRIAGE_TRY(const std::int64_t count,
             session->database().database().integer("SELECT count(*) FROM findings WHERE origin = 'reason'"));
  TRIAGE_TRY_STATUS(session->finish(ExitCode::kComplete));
  TRIAGE_TRY_STATUS(session->close());
  cli::say(context, text(context.lang, kApplied, count, rules.rules.size()));
  return ExitCode::kComplete;
}

void add_check(CLI::App& group, Context& context) {
  CLI::App& check = cli::add_command(group, context, "check",
                                     {kCheckTitle, kCheckDetails, {{"triage rules check my-rules", kCheckExample}}});
  cli::add_flags(check, context, {cli::Flag::kRules, cli::Flag::kJson});
  const auto folder = std::make_shared<std::string>();
  check.add_option("DIR", *folder, text(context.lang, kFolder))->type_name("DIR");
  cli::on_run(check, context, [&context, folder] { return check_rules(context, *folder); });
}

void add_test(CLI::App& group, Context& context) {
  CLI::App& test = cli::add_command(group, context, "test",
                                    {kTestTitle, kTestDetails, {{"triage rules test my-rules", kTestExample}}});
  cli::add_flags(test, context, {cli::Flag::kRules, cli::Flag::kJson});
  const auto folder = std::make_shared<std::string>();
  test.add_option("DIR", *folder, text(context.lang, kFolder))->type_name("DIR");
  cli::on_run(test, context, [&context, folder] { return test_rules(context, *folder); });
}

void add_apply(CLI::App& group, Context& context) {
  CLI::App& apply = cli::add_command(
      group, context, "apply",
      {kApplyTitle, kApplyDetails, {{"triage rules apply --case leak --rules my-rules", kApplyExample}}});
  cli::add_flags(apply, context, {cli::Flag::kCase, cli::Flag::kRules});
  cli::on_run(apply, context, [&context] { return apply_rules(context); });
}

}  // namespace

void add_rules(CLI::App& app, Context& context) {
  CLI::App& group = cli::add_command(
      app, context, "rules",
      {kTitle, kNoDetails, {{"triage rules list", kListExample}, {"triage rules check my-rules", kCheckExample}}});
  CLI::App& list = cli::add_command(
      group, context, "list",
      {kListTitle,
       kListDetails,
       {{"triage rules list", kListExample}, {"triage rules list --rules my-rules --json", kListMore}}});
  cli::add_flags(list, context, {cli::Flag::kRules, cli::Flag::kJson});
  cli::on_run(list, context, [&context] { return list_rules(context); });
  add_check(group, context);
  add_test(group, context);
  add_apply(group, context);
}

}  // namespace triage
