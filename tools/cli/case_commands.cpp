// SPDX-License-Identifier: Apache-2.0
// triage case init, drill, answer, note, handover.
#include "cli/case_commands.h"

#include "cli/case_changes.h"
#include "cli/command.h"
#include "cli/common_flags.h"

namespace triage::cli {
namespace {

// clang-format off
constexpr Message kInitTitle{"open a case, or state more about an open one", "事案を開設する、または開設済みの事案に情報を加える"};
constexpr Message kInitDetails{"DIR must be absent, empty or a case. What is not given stays as it is; on a terminal what is missing is asked for. --from reads the same from a YAML file (type knew organisation examiner lang tz roles deputies clock_offsets answers). The dates of the law follow from --knew.", "DIR は存在しないか、空か、事案であること。指定しない項目は変えない。端末では足りない項目を尋ねる。--from は同じ内容を YAML ファイルから読む(type knew organisation examiner lang tz roles deputies clock_offsets answers)。法令上の期限は --knew から計算する。"};
constexpr Message kInitOne{"an insider leak, known since a time in Tokyo", "内部不正による漏えい。東京時間のある時刻に知った"};
constexpr Message kInitTwo{"all of it from a file", "すべてをファイルから"};
constexpr Message kDrillTitle{"open an exercise", "訓練を始める"};
constexpr Message kDrillDetails{"A new case with the scene of its playbook. Everything it shows and writes is marked as an exercise; the mark is in the custody log and cannot be taken back.", "プレイブックの想定で新しい事案を開く。表示と出力のすべてに訓練の印が付く。印は証拠管理記録にあり、取り消せない。"};
constexpr Message kDrillOne{"the morning of a ransomware attack", "ランサムウェア被害の朝"};
constexpr Message kAnswerTitle{"answer a question of the case, or list them", "確認事項に回答する、または一覧を示す"};
constexpr Message kAnswerDetails{"Without QUESTION the questions are listed with what they take. An answer is an entry of the custody log; a later one takes its place, the earlier one stays in the log. What is not known is answered with unknown.", "QUESTION を省くと確認事項と答え方の一覧を示す。回答は証拠管理記録の一項目となる。後の回答が優先し、前の回答も記録に残る。分からないことは unknown と答える。"};
constexpr Message kAnswerOne{"how many persons, so far", "いま分かっている人数"};
constexpr Message kAnswerTwo{"what is asked and what is open", "確認事項と未回答"};
constexpr Message kNoteTitle{"add a note to the custody log", "証拠管理記録に覚え書きを加える"};
constexpr Message kNoteDetails{"The note becomes an entry of the hash-chained log and can't be taken back.", "覚え書きはハッシュ連鎖の記録の一項目となり、取り消せない。"};
constexpr Message kNoteOne{"who handed something over", "受け渡しを記す"};
constexpr Message kNoteTwo{"something that was only heard", "人から聞いたこと"};
constexpr Message kHandTitle{"record that an item changed hands, or show the chains", "証拠の受け渡しを記録する、または経過を示す"};
constexpr Message kHandDetails{"Without --item the way of each item from hand to hand is shown; gaps and overlaps are named and the exit status is 4. --rehash computes SHA-256 and compares it with the record.", "--item を省くと各証拠の受け渡しの経過を示し、切れ目と重なりがあれば名指しして終了コード 4 とする。--rehash は SHA-256 を計算し記録と照合する。"};
constexpr Message kHandOne{"the image goes to the laboratory, sealed and re-hashed", "複製を封印し、照合して調査機関へ渡す"};
constexpr Message kHandTwo{"the chains of all items", "すべての証拠の経過"};
constexpr Message kType{"Kind of leak: loss, missend, insider, p2p, malware, intrusion, rumour, unspecified", "漏えいの種別: loss, missend, insider, p2p, malware, intrusion, rumour, unspecified"};
constexpr Message kKnew{"When the organisation came to know of it", "組織が知った時刻"};
constexpr Message kOrganisation{"The organisation concerned", "対象の組織"};
constexpr Message kExaminer{"Who examines; may be repeated", "調査者。複数指定可"};
constexpr Message kRole{"Who has a role (management lead technical legal pr administration external); may be repeated", "役割の担当者(management lead technical legal pr administration external)。複数指定可"};
constexpr Message kDeputy{"Who stands in for a role; may be repeated", "役割の代行者。複数指定可"};
constexpr Message kFrom{"Statements from a YAML file", "YAML ファイルから読む"};
constexpr Message kPlaybooks{"A folder of own playbooks, forms and law; may be repeated", "自社のプレイブック・様式・法令データのフォルダー。複数指定可"};
constexpr Message kText{"The note", "覚え書き"};
constexpr Message kBy{"Who says so", "記入者"};
constexpr Message kTag{"fact, presumption, hearsay or unknown (事実 推定 伝聞 不明)", "事実、推定、伝聞、不明(fact presumption hearsay unknown)"};
constexpr Message kQuestionHelp{"Which question", "確認事項"};
constexpr Message kValue{"The answer", "回答"};
constexpr Message kBasis{"What it rests on: exhibit, event, document", "根拠(資料番号、イベント、文書)"};
constexpr Message kItem{"Which item: exhibit or evidence number, or name", "対象(資料番号、証拠番号、名称)"};
constexpr Message kLabel{"What it is, once said with the first hand-over", "対象の説明(最初の受け渡しで記す)"};
constexpr Message kMovement{"collected, handed_over, returned or disposed", "collected(収集)、handed_over(引渡し)、returned(返却)、disposed(廃棄)"};
constexpr Message kFromWho{"Who released it, or where it was found", "引渡者、又は発見場所"};
constexpr Message kTo{"Who received it", "受領者"};
constexpr Message kAt{"When it was released (default now)", "引渡日時(省略時は現在)"};
constexpr Message kReceivedAt{"When it was received, where later", "受領日時(異なる場合)"};
constexpr Message kCarrier{"Who held it on the way", "搬送者"};
constexpr Message kPlace{"Where", "場所"};
constexpr Message kPurpose{"What for", "目的"};
constexpr Message kSeal{"Number of the seal", "封印番号"};
constexpr Message kSealBroken{"The seal was not intact", "封印に異常があった"};
constexpr Message kSealIntact{"The seal was intact", "封印に異常がなかった"};
constexpr Message kSignedFrom{"Name under the release", "引渡者の署名"};
constexpr Message kSignedTo{"Name under the receipt", "受領者の署名"};
constexpr Message kWitness{"Witness", "立会人"};
constexpr Message kRehash{"File whose SHA-256 is compared with the record", "SHA-256 を記録と照合するファイル"};
constexpr Message kHandNote{"Remark", "備考"};
// clang-format on

/// Adds options whose texts are in the language of the command line.
struct Flags {
  CLI::App& command;
  const Context& context;
  template <typename Value>
  CLI::Option* add(const char* name, Value& value, const Message& help, const char* type) const {
    return command.add_option(name, value, text(context.lang, help))->type_name(type)->allow_extra_args(false);
  }
};

/// What init and drill have in common.
struct InitChoice {
  CaseStatement stated;
  std::string from;
  std::vector<std::string> roles, deputies;
};

Result<CaseStatement> whole_statement(const InitChoice& choice) {
  CaseStatement out;
  if (!choice.from.empty()) {
    TRIAGE_TRY(out, read_statement(choice.from));
  }
  merge_statement(out, choice.stated);
  for (const std::string& one : choice.roles) {
    TRIAGE_TRY(const auto role, role_argument(one, "--role"));
    out.roles.push_back(role);
  }
  for (const std::string& one : choice.deputies) {
    TRIAGE_TRY(const auto role, role_argument(one, "--deputy"));
    out.roles.emplace_back("deputy:" + role.first, role.second);
  }
  return out;
}

template <typename Act>
void add_opening(CLI::App& command, Context& context, Act act) {
  add_flags(command, context, {Flag::kCase, Flag::kTz});
  const auto choice = std::make_shared<InitChoice>();
  const auto playbooks = add_playbooks_flag(command, context);
  const Flags flags{command, context};
  flags.add("--type", choice->stated.type, kType, "WORD");
  flags.add("--knew", choice->stated.knew, kKnew, "TIME");
  flags.add("--organisation", choice->stated.organisation, kOrganisation, "NAME");
  flags.add("--examiner", choice->stated.examiners, kExaminer, "NAME");
  flags.add("--role", choice->roles, kRole, "ROLE=NAME");
  flags.add("--deputy", choice->deputies, kDeputy, "ROLE=NAME");
  flags.add("--from", choice->from, kFrom, "PATH");
  // Both have defaults: only what was typed is a statement about the case.
  const CLI::Option* lang = command.get_option("--lang");
  const CLI::Option* tz = command.get_option("--tz");
  on_run(command, context, [&context, choice, playbooks, lang, tz, act]() -> Result<ExitCode> {
    TRIAGE_TRY(CaseStatement statement, whole_statement(*choice));
    if (lang->count() > 0) statement.lang = lang_code(context.lang);
    if (tz->count() > 0) statement.tz = context.tz;
    TRIAGE_TRY_STATUS(act(context, std::move(statement), *playbooks));
    return ExitCode::kComplete;
  });
}

void add_answer(CLI::App& group, Context& context) {
  CLI::App& command = add_command(group, context, "answer",
                                  {kAnswerTitle,
                                   kAnswerDetails,
                                   {{"triage case answer --case leak persons 800-1500 --tag presumption", kAnswerOne},
                                    {"triage case answer --case leak", kAnswerTwo}}});
  add_flags(command, context, {Flag::kCase, Flag::kJson});
  const auto answer = std::make_shared<AnswerRecord>();
  const auto tag = std::make_shared<std::string>();
  const auto playbooks = add_playbooks_flag(command, context);
  command.add_option("QUESTION", answer->question, text(context.lang, kQuestionHelp))->type_name("QUESTION");
  command.add_option("VALUE", answer->value, text(context.lang, kValue))->type_name("VALUE");
  const Flags flags{command, context};
  flags.add("--tag", *tag, kTag, "WORD");
  flags.add("--by", answer->by, kBy, "NAME");
  flags.add("--basis", answer->basis, kBasis, "TEXT");
  on_run(command, context, [&context, answer, tag, playbooks]() -> Result<ExitCode> {
    if (answer->question.empty()) {
      TRIAGE_TRY_STATUS(print_questions(context, *playbooks));
      return ExitCode::kComplete;
    }
    const auto certainty = certainty_from(tag->empty() ? "fact" : *tag);
    if (!certainty)
      return fail(ErrorCode::kUsage, "--tag is none of fact, presumption, hearsay, unknown (事実 推定 伝聞 不明)",
                  *tag);
    answer->tag = *certainty;
    TRIAGE_TRY_STATUS(answer_in_case(context, *answer, *playbooks));
    return ExitCode::kComplete;
  });
}

void add_note(CLI::App& group, Context& context) {
  CLI::App& command =
      add_command(group, context, "note",
                  {kNoteTitle,
                   kNoteDetails,
                   {{"triage case note --case leak --by 'examiner' 'sealed the laptop in bag 12'", kNoteOne},
                    {"triage case note --case leak --tag hearsay --by lead 'sales says the bag was left on the train'",
                     kNoteTwo}}});
  add_flags(command, context, {Flag::kCase});
  const auto words = std::make_shared<std::string>(), by = std::make_shared<std::string>();
  const auto tag = std::make_shared<std::string>();
  const auto playbooks = add_playbooks_flag(command, context);
  command.add_option("TEXT", *words, text(context.lang, kText))->type_name("TEXT")->required();
  const Flags flags{command, context};
  flags.add("--by", *by, kBy, "NAME");
  flags.add("--tag", *tag, kTag, "WORD");
  on_run(command, context, [&context, words, by, tag, playbooks]() -> Result<ExitCode> {
    TRIAGE_TRY_STATUS(note_in_case(context, *words, *by, *tag, *playbooks));
    return ExitCode::kComplete;
  });
}

/// The two flags of a seal; neither: not looked at.
struct Seal {
  bool intact = false, broken = false;
};

void add_handover(CLI::App& group, Context& context) {
  CLI::App& command = add_command(
      group, context, "handover",
      {kHandTitle,
       kHandDetails,
       {{"triage case handover --case leak --item E-0001 --from 'Sato' --to 'Lab' --seal 12 --rehash pc.raw "
         "--signed-to 'Lab'",
         kHandOne},
        {"triage case handover --case leak", kHandTwo}}});
  add_flags(command, context, {Flag::kCase, Flag::kJson, Flag::kTz});
  const auto move = std::make_shared<Handover>();
  const auto rehash = std::make_shared<std::string>();
  const auto seal = std::make_shared<Seal>();
  const auto playbooks = add_playbooks_flag(command, context);
  move->kind = "handed_over";
  const Flags flags{command, context};
  flags.add("--item", move->item, kItem, "ITEM");
  flags.add("--label", move->label, kLabel, "TEXT");
  add_choice(command, context, "--movement", move->kind, {"collected", "handed_over", "returned", "disposed"},
             kMovement);
  flags.add("--from", move->from, kFromWho, "NAME");
  flags.add("--to", move->to, kTo, "NAME");
  flags.add("--at", move->at, kAt, "TIME");
  flags.add("--received-at", move->received_at, kReceivedAt, "TIME");
  flags.add("--carrier", move->carrier, kCarrier, "NAME");
  flags.add("--place", move->place, kPlace, "TEXT");
  flags.add("--purpose", move->purpose, kPurpose, "TEXT");
  flags.add("--seal", move->seal, kSeal, "NUMBER");
  command.add_flag("--seal-intact", seal->intact, text(context.lang, kSealIntact));
  command.add_flag("--seal-broken", seal->broken, text(context.lang, kSealBroken));
  flags.add("--signed-from", move->signed_from, kSignedFrom, "NAME");
  flags.add("--signed-to", move->signed_to, kSignedTo, "NAME");
  flags.add("--witness", move->witness, kWitness, "NAME");
  flags.add("--rehash", *rehash, kRehash, "PATH");
  flags.add("--note", move->note, kHandNote, "TEXT");
  const CLI::Option* tz = command.get_option("--tz");
  on_run(command, context, [&context, move, rehash, seal, playbooks, tz]() -> Result<ExitCode> {
    if (move->item.empty()) return print_chains(context, *playbooks);
    if (seal->intact && seal->broken)
      return fail(ErrorCode::kUsage, "--seal-intact and --seal-broken contradict each other");
    if (seal->intact || seal->broken) move->seal_intact = seal->intact;
    return hand_over(context, *move, {*rehash, tz->count() > 0 ? context.tz : ""}, *playbooks);
  });
}

}  // namespace

std::shared_ptr<std::vector<std::string>> add_playbooks_flag(CLI::App& command, const Context& context) {
  auto out = std::make_shared<std::vector<std::string>>();
  command.add_option("--playbooks", *out, text(context.lang, kPlaybooks))->type_name("DIR")->allow_extra_args(false);
  return out;
}

void add_case_statements(CLI::App& group, Context& context) {
  CLI::App& init = add_command(group, context, "init",
                               {kInitTitle,
                                kInitDetails,
                                {{"triage case init --case leak --type insider --knew '2026-04-13 09:00'", kInitOne},
                                 {"triage case init --case leak --from case-facts.yaml", kInitTwo}}});
  add_opening(init, context, state_case);
  CLI::App& drill = add_command(
      group, context, "drill",
      {kDrillTitle, kDrillDetails, {{"triage case drill --case exercise --type malware --lang ja", kDrillOne}}});
  add_opening(drill, context, begin_drill);
  add_answer(group, context);
  add_note(group, context);
  add_handover(group, context);
}

}  // namespace triage::cli
