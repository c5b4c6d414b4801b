// SPDX-License-Identifier: Apache-2.0
// triage case forms, playbook list|export.

#include "bytes/json.h"
#include "bytes/text.h"
#include "cli/case_commands.h"
#include "cli/case_forms.h"
#include "cli/case_work.h"
#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/output.h"
#include "playbook/cacao.h"

namespace triage::cli {
namespace {

// clang-format off
constexpr Message kNone{"", ""};
constexpr Message kTitle{"the playbooks this build and your folders hold", "このプログラムと指定フォルダーのプレイブック"};
constexpr Message kListTitle{"list the playbooks", "プレイブックの一覧"};
constexpr Message kListDetails{"All files are read and checked; a fault names file and line.", "すべてのファイルを読み、検査する。誤りはファイルと行で示す。"};
constexpr Message kExportTitle{"print a playbook as CACAO 2.0 JSON", "プレイブックを CACAO 2.0 の JSON で出力する"};
constexpr Message kExportDetails{"With --case the playbook of the case, with --type that of a leak type.", "--case は事案のプレイブック、--type は指定した種別のプレイブック。"};
constexpr Message kListOne{"with those of your own folder", "自社のフォルダーも含めて"};
constexpr Message kExportOne{"for an orchestration tool", "自動化の道具に渡す"};
constexpr Message kFormsTitle{"write the forms and drafts of a case", "届出・通知・公表などの様式と案を作成する"};
constexpr Message kFormsDetails{"Regulator's preliminary and final report, notices, consultation sheet, statement of evidence and the like are filled from the case into its step folders, as HTML and as DOCX for counsel; what is not known says 調査中. Each field names what it rests on; forms.jsonl has all of it, deadlines.ics the dates. A file that somebody edited is left alone. The language is the case's unless --lang says otherwise.", "速報・確報、通知、相談票、証拠説明書などを事案から作成し、各段階のフォルダーに HTML と、弁護士が編集する DOCX で置く。分からない項目は「調査中」とする。各項目に根拠を示し、forms.jsonl に全項目、deadlines.ics に期限を書く。編集されたファイルはそのまま残す。言語は --lang がなければ事案の設定による。"};
constexpr Message kFormsOne{"all that fit the case", "事案に合うすべて"};
constexpr Message kFormsTwo{"one, in English", "1つを英語で"};
constexpr Message kForm{"Only this form; may be repeated", "この様式だけ。複数指定可"};
constexpr Message kFormFormat{"Format of the files", "ファイルの形式"};
constexpr Message kType{"Kind of leak", "漏えいの種別"};
constexpr Message kFormat{"Format", "形式"};
constexpr Message kId{"id", "種別"};
constexpr Message kTasks{"tasks", "作業"};
constexpr Message kTitleColumn{"title", "名称"};
// clang-format on

Status print_playbooks(const Context& context, const std::vector<std::string>& playbooks) {
  TRIAGE_TRY(const PlaybookLibrary library, load_playbooks(context, playbooks));
  Output out;
  Table table({text(context.lang, kId), text(context.lang, kTasks), text(context.lang, kTitleColumn)});
  for (const Playbook& one : library.playbooks()) {
    if (context.json) {
      JsonLine line;
      line.add("schema", "triage.playbook.list.v1").add("id", one.id).add("version", one.version);
      line.add("as_of", one.as_of).add("tasks", static_cast<std::uint64_t>(one.tasks.size()));
      out.line(line.add("title", one.title.en).add("title_ja", one.title.ja).finish());
    } else {
      table.row(
          {one.id, std::to_string(one.tasks.size()), context.lang == Lang::kJapanese ? one.title.ja : one.title.en});
    }
  }
  if (!context.json) table.print(out, use_color(context, 1));
  return out.finish();
}

Status export_playbook(const Context& context, std::string type, const std::vector<std::string>& playbooks) {
  TRIAGE_TRY(const PlaybookLibrary library, load_playbooks(context, playbooks));
  if (type.empty()) {
    if (context.case_dir.empty()) return fail(ErrorCode::kUsage, "name the playbook with --type or --case");
    TRIAGE_TRY(const CaseFolder folder, CaseFolder::open(context.case_dir, CaseFolder::Access::kRead));
    TRIAGE_TRY(const CaseSettings settings, folder.settings());
    type = settings.leak_type;
  }
  const Playbook* playbook = library.playbook(type);
  if (playbook == nullptr) return fail(ErrorCode::kUsage, "there is no playbook of this leak type", type);
  Output out;
  out.line(cacao_json(*playbook, library, context.lang == Lang::kJapanese));
  return out.finish();
}

}  // namespace

namespace {

void add_forms(CLI::App& group, Context& context) {
  CLI::App& forms = add_command(group, context, "forms",
                                {kFormsTitle,
                                 kFormsDetails,
                                 {{"triage case forms --case leak", kFormsOne},
                                  {"triage case forms --case leak --form notice-persons --lang en", kFormsTwo}}});
  add_flags(forms, context, {Flag::kCase, Flag::kJson});
  const auto choice = std::make_shared<FormsChoice>();
  const auto folders = add_playbooks_flag(forms, context);
  forms.add_option("--form", choice->forms, text(context.lang, kForm))->type_name("FORM")->allow_extra_args(false);
  add_choice(forms, context, "--format", choice->format, {"all", "html", "docx"}, kFormFormat);
  const CLI::Option* lang = forms.get_option("--lang");
  on_run(forms, context, [&context, choice, folders, lang]() -> Result<ExitCode> {
    if (lang->count() > 0) choice->lang = lang_code(context.lang);
    TRIAGE_TRY_STATUS(write_case_forms(context, *choice, *folders));
    return ExitCode::kComplete;
  });
}

}  // namespace

void add_case_papers(CLI::App& group, Context& context) {
  add_forms(group, context);
  CLI::App& books = add_command(group, context, "playbook",
                                {kTitle, kNone, {{"triage case playbook list --playbooks company", kListOne}}});
  CLI::App& list =
      add_command(books, context, "list",
                  {kListTitle, kListDetails, {{"triage case playbook list --playbooks company", kListOne}}});
  add_flags(list, context, {Flag::kJson, Flag::kCaseOptional});
  const auto list_folders = add_playbooks_flag(list, context);
  on_run(list, context, [&context, list_folders]() -> Result<ExitCode> {
    TRIAGE_TRY_STATUS(print_playbooks(context, *list_folders));
    return ExitCode::kComplete;
  });
  CLI::App& exported = add_command(
      books, context, "export",
      {kExportTitle, kExportDetails, {{"triage case playbook export --type malware --format cacao", kExportOne}}});
  add_flags(exported, context, {Flag::kCaseOptional});
  const auto type = std::make_shared<std::string>(), format = std::make_shared<std::string>("cacao");
  const auto folders = add_playbooks_flag(exported, context);
  exported.add_option("--type", *type, text(context.lang, kType))->type_name("WORD")->allow_extra_args(false);
  add_choice(exported, context, "--format", *format, {"cacao"}, kFormat);
  on_run(exported, context, [&context, type, format, folders]() -> Result<ExitCode> {
    TRIAGE_TRY_STATUS(export_playbook(context, *type, *folders));
    return ExitCode::kComplete;
  });
}

}  // namespace triage::cli
