// SPDX-License-Identifier: Apache-2.0
// triage timeline: who did what, when, where and how: the events of a case, filtered and printed.
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/display_zone.h"
#include "cli/output.h"
#include "cli/timeline_table.h"
#include "store/export_timeline.h"

namespace triage {
namespace {

using cli::Context;
using cli::ExitCode;
using cli::Flag;
using cli::Message;

// clang-format off
constexpr Message kTitle{"show, filter and export the timeline of a case", "事案のタイムラインを表示・絞り込み・出力する"};
constexpr Message kDetails{"Words match anywhere in their group of columns, in either case. Times without an offset are in the display zone (--tz); --to itself is not included, and a date alone means its beginning. Without --json or --format a table for people is printed. A case that is being written can be read.", "語は対象の列のどこにあってもよく、大文字と小文字を区別しない。時差のない時刻は表示時間帯(--tz)のものとする。--to の時刻自体は含まず、日付だけならその日の始まりとする。--json も --format もなければ人が読む表を出す。処理中の事案も読める。"};
constexpr Message kOne{"two days, everything about one account", "2日間の、あるアカウントに関するすべて"};
constexpr Message kTwo{"what went over USB, for a script", "USB 経由のものをスクリプト向けに"};
constexpr Message kThree{"for mactime and other tools", "mactime などほかのツール向けに"};
constexpr Message kFrom{"Events at or after TIME", "この時刻以降のイベント"};
constexpr Message kTo{"Events before TIME", "この時刻より前のイベント"};
constexpr Message kWho{"Account, SID or session holds WORD; UID is WORD", "アカウント、SID、セッションに語を含む、または UID が一致"};
constexpr Message kWhat{"Action, kind or name of the object holds WORD", "動作、対象の種類や名前に語を含む"};
constexpr Message kWhere{"Host, volume, path, address or source holds WORD", "ホスト、ボリューム、パス、アドレス、出典に語を含む"};
constexpr Message kHow{"Mechanism, channel, program or artifact holds WORD", "手段、経路、プログラム、痕跡の種類に語を含む"};
constexpr Message kGrep{"Any column holds WORD", "いずれかの列に語を含む"};
constexpr Message kArtifact{"Events of this artifact; windows.* = all that begin so", "この痕跡のイベント。windows.* は前方一致"};
constexpr Message kLimit{"At most N rows", "最大 N 行"};
constexpr Message kFindings{"Findings instead of events", "イベントではなく所見"};
constexpr Message kFormat{"Form of the output; --json is jsonl", "出力形式。--json は jsonl と同じ"};
// clang-format on

struct TimelineChoice {
  std::string from, to, format;
  TimelineFilter filter;
  std::uint64_t limit = 0;
  bool findings = false;
};

/// Text of an export to stdout, which is written by lines.
class LineOutput {
 public:
  explicit LineOutput(cli::Output& out) : out_(out) {}
  Status operator()(std::string_view text) {
    pending_ += text;
    if (!pending_.ends_with('\n')) return {};
    pending_.pop_back();
    out_.line(pending_);
    pending_.clear();
    return out_.wanted() ? Status{} : fail(ErrorCode::kOutput, "nobody reads the output any more");
  }

 private:
  cli::Output& out_;
  std::string pending_;
};

Status check_choice(const TimelineChoice& choice) {
  const TimelineFilter& f = choice.filter;
  const bool words =
      !(f.who.empty() && f.what.empty() && f.where.empty() && f.how.empty() && f.grep.empty() && f.artifact.empty());
  if (choice.findings && (words || f.from_ns || f.to_ns))
    return fail(ErrorCode::kUsage, "--findings goes with --limit only, not with filters of events");
  if (choice.findings && !choice.format.empty() && choice.format != "jsonl")
    return fail(ErrorCode::kUsage, "findings are printed as a table or as jsonl", choice.format);
  if (choice.format == "bodyfile" && (words || f.limit))
    return fail(ErrorCode::kUsage, "a body file holds whole files: only --from and --to go with it");
  return {};
}

Status print_findings(const Context& context, Database& database, const TimelineChoice& choice, cli::Output& out) {
  std::uint64_t left = choice.filter.limit.value_or(~std::uint64_t{0});
  return for_each_finding(database, [&](const Statement& row) -> Result<bool> {
    if (left == 0) return false;
    --left;
    out.line(choice.format == "jsonl" ? finding_json(row) : cli::finding_row(context, row));
    return out.wanted();
  });
}

Status print_events(const Context& context, Database& database, const TimelineChoice& choice, const DisplayZone& zone,
                    cli::Output& out) {
  const TextOutput text = LineOutput(out);
  if (choice.format == "csv") return write_timeline_csv(database, choice.filter, zone, text);
  if (choice.format == "bodyfile") return write_bodyfile(database, choice.filter, text);
  if (choice.format.empty()) out.line(cli::timeline_title(context, zone));
  return for_each_event(database, choice.filter, [&](const Statement& row) -> Result<bool> {
    out.line(choice.format.empty() ? cli::timeline_row(row, zone) : event_json(row));
    return out.wanted();
  });
}

Result<ExitCode> timeline(const Context& context, TimelineChoice& choice) {
  TRIAGE_TRY(const DisplayZone zone, cli::display_zone(context));
  TRIAGE_TRY(choice.filter.from_ns, cli::time_argument(choice.from, zone, "--from"));
  TRIAGE_TRY(choice.filter.to_ns, cli::time_argument(choice.to, zone, "--to"));
  if (choice.limit > 0) choice.filter.limit = choice.limit;
  if (context.json) {
    if (!choice.format.empty() && choice.format != "jsonl")
      return fail(ErrorCode::kUsage, "--json and --format differ", choice.format);
    choice.format = "jsonl";
  }
  TRIAGE_TRY_STATUS(check_choice(choice));
  TRIAGE_TRY(const CaseFolder folder, CaseFolder::open(context.case_dir, CaseFolder::Access::kRead));
  TRIAGE_TRY(Database database, open_case_for_reading(folder.database_path()));
  cli::Output out;
  const Status printed = choice.findings ? print_findings(context, database, choice, out)
                                         : print_events(context, database, choice, zone, out);
  if (!printed && out.wanted()) return tl::unexpected(printed.error());
  TRIAGE_TRY_STATUS(out.finish());
  return ExitCode::kComplete;
}

}  // namespace

void add_timeline(CLI::App& app, Context& context) {
  CLI::App& command =
      cli::add_command(app, context, "timeline",
                       {kTitle,
                        kDetails,
                        {{"triage timeline --case leak --from 2026-04-10 --to 2026-04-12 --who tanaka", kOne},
                         {"triage timeline --case leak --how usb --json", kTwo},
                         {"triage timeline --case leak --format bodyfile | mactime -b -", kThree}}});
  cli::add_flags(command, context, {Flag::kCase, Flag::kJson, Flag::kTz});
  const auto choice = std::make_shared<TimelineChoice>();
  const auto add = [&](const char* name, auto& value, const Message& help, const char* type = "WORD") {
    return command.add_option(name, value, text(context.lang, help))->type_name(type)->allow_extra_args(false);
  };
  add("--from", choice->from, kFrom, "TIME");
  add("--to", choice->to, kTo, "TIME");
  add("--who", choice->filter.who, kWho);
  add("--what", choice->filter.what, kWhat);
  add("--where", choice->filter.where, kWhere);
  add("--how", choice->filter.how, kHow);
  add("--grep", choice->filter.grep, kGrep);
  add("--artifact", choice->filter.artifact, kArtifact);
  add("--limit", choice->limit, kLimit, "N")->check(CLI::PositiveNumber);
  command.add_flag("--findings", choice->findings, text(context.lang, kFindings));
  cli::add_choice(command, context, "--format", choice->format, {"jsonl", "csv", "bodyfile"}, kFormat);
  cli::on_run(command, context, [&context, choice] { return timeline(context, *choice); });
}

}  // namespace triage
