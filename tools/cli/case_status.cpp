// SPDX-License-Identifier: Apache-2.0
// triage case status for people. The same as JSON is in case_status_json.cpp.
#include "cli/case_status.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "bytes/text.h"
#include "cli/case_counts.h"
#include "cli/case_work.h"
#include "cli/output.h"

namespace triage::cli {
namespace {

// clang-format off
constexpr Message kExercise{"EXERCISE: nothing of this happened", "【訓練】実際の事案ではない"};
constexpr Message kCase{"case: {}", "事案: {}"};
constexpr Message kOrganisation{"organisation: {}", "組織: {}"};
constexpr Message kType{"kind of leak: {} ({})", "漏えいの種別: {}({})"};
constexpr Message kKnew{"known since: {}", "知った時: {}"};
constexpr Message kUnknown{"not stated", "未記入"};
constexpr Message kSteps{"steps:", "6つの段階:"};
constexpr Message kStep{"  {}  {:<8}  {}  {} of {} done", "  {}  {:<8}  {}  {}/{} 件済"};
constexpr Message kNext{"next:", "次に行うこと:"};
constexpr Message kTask{"  {}  {}{}", "  {}  {}{}"};
constexpr Message kCaution{"      mind: {}", "      注意: {}"};
constexpr Message kDueBy{"  (due {})", "  (期限 {})"};
constexpr Message kOverdue{"overdue:", "期限を過ぎた作業:"};
constexpr Message kBlocked{"blocked until the evidence is preserved:", "証拠の保全まで行わない作業:"};
constexpr Message kDeadlines{"dates of the law (computed from the answers given; ask counsel):", "法令上の期限(回答に基づく計算。弁護士に確認すること):"};
constexpr Message kNoKnew{"  state when the organisation came to know: triage case init --case DIR --knew TIME", "  知った時を記入すること: triage case init --case DIR --knew TIME"};
constexpr Message kDeadline{"  {}  {:<9}  {}{}", "  {}  {:<9}  {}{}"};
constexpr Message kLatest{"  (another reading: {} at the latest)", "  (別の数え方では {} まで)"};
constexpr Message kAnyOpen{"  open questions: {}", "  未回答: {}"};
constexpr Message kNoTrigger{"  {}: no trigger found in the answers given; ask counsel", "  {}: 回答の範囲では該当する事由なし。弁護士に確認すること"};
constexpr Message kTableExpired{"THE TABLE OF HOLIDAYS ENDS ON {}: DATES AFTER IT MAY BE WRONG. Update playbooks/law/holidays-jp.yaml and ask counsel", "祝日の表は {} までです。その後の期限は誤っている可能性があります。playbooks/law/holidays-jp.yaml を更新し、弁護士に確認してください"};
constexpr Message kRulesChanged{"the legal rules changed since the case was opened ({} then, {} now): dates can differ", "事案の開設後に法令データが変わった(開設時 {}、現在 {})。期限が変わる可能性がある"};
constexpr Message kMethods{"methods of investigation:", "調査方法:"};
constexpr Message kMethod{"  {:<12}  {}{}", "  {:<12}  {}{}"};
constexpr Message kPeriod{"  ({} to {})", "  ({} 〜 {})"};
constexpr Message kSigns{"signs of a likely leak, as far as findings show them (ask counsel):", "漏えいの「おそれ」の兆候(所見から分かる範囲。弁護士に確認すること):"};
constexpr Message kSign{"  {:<12}  {}{}", "  {:<12}  {}{}"};
constexpr Message kSignFindings{"  ({} findings)", "  (所見 {} 件)"};
constexpr Message kEvidence{"evidence:", "証拠:"};
constexpr Message kChainFaults{"custody: {} gaps or overlaps in hand-overs; see triage case handover", "証拠管理: 受け渡しに {} 件の切れ目・重なりがある。triage case handover で確認すること"};
constexpr Message kCounts{"{} files, {} deleted or carved, {} events, {} findings, {} places not read", "ファイル {} 個、削除・復元 {} 個、イベント {} 件、所見 {} 件、読めなかった箇所 {} 件"};
// clang-format on

constexpr std::size_t kShownTasks = 3;

struct View {
  const Context& context;
  const CaseState& state;
  const PlaybookLibrary& library;
  Output& out;
  bool color;

  [[nodiscard]] const std::string& in(const Bilingual& both) const {
    return context.lang == Lang::kJapanese ? both.ja : both.en;
  }
  void line(Tone tone, const std::string& words) const { out.line(paint(color, tone, escape_terminal(words))); }
};

void show_task(const View& view, const TaskState& state, Tone tone) {
  const Lang lang = view.context.lang;
  const std::string due = state.due.empty() ? "" : text(lang, kDueBy, state.due);
  view.line(tone, text(lang, kTask, state.task->id, view.in(state.task->action), due));
  const std::string& caution = view.in(state.task->caution);
  if (!caution.empty()) view.line(Tone::kWarn, text(lang, kCaution, caution));
}

void show_steps(const View& view) {
  view.out.line(text(view.context.lang, kSteps));
  for (const CaseStep& step : kCaseSteps) {
    std::size_t all = 0, settled = 0;
    for (const TaskState& one : view.state.tasks) {
      if (one.task->step != step.number || one.state == "not_applicable" || one.applies != Truth::kYes) continue;
      ++all;
      if (one.settled()) ++settled;
    }
    const std::string state = step_state_of(view.state.tasks, step.number);
    const std::string_view name = view.context.lang == Lang::kJapanese ? step.name_ja : step.name_en;
    const Tone tone = state == "done" ? Tone::kGood : state == "running" ? Tone::kWarn : Tone::kPlain;
    view.line(tone, text(view.context.lang, kStep, step.number, state, name, settled, all));
  }
}

void show_tasks(const View& view) {
  const TaskState* next = next_task(view.state.tasks);
  if (next != nullptr) {
    view.line(Tone::kBold, text(view.context.lang, kNext));
    show_task(view, *next, Tone::kPlain);
    std::size_t shown = 1;
    for (const TaskState& one : view.state.tasks) {
      if (shown >= kShownTasks) break;
      if (&one == next || one.settled() || one.state == "blocked" || one.applies != Truth::kYes) continue;
      show_task(view, one, Tone::kPlain);
      ++shown;
    }
  }
  const auto group = [&](const Message& title, Tone tone, auto wanted) {
    bool first = true;
    for (const TaskState& one : view.state.tasks) {
      if (!wanted(one)) continue;
      if (first) view.line(tone, text(view.context.lang, title));
      first = false;
      show_task(view, one, tone);
    }
  };
  group(kOverdue, Tone::kBad, [](const TaskState& one) { return one.overdue; });
  group(kBlocked, Tone::kWarn,
        [](const TaskState& one) { return one.state == "blocked" && !one.task->destroys.empty(); });
}

void show_deadlines(const View& view) {
  const Lang lang = view.context.lang;
  const LegalClock& clock = view.state.clock;
  view.line(Tone::kBold, text(lang, kDeadlines));
  if (!view.state.settings.knew_time) view.line(Tone::kBad, text(lang, kNoKnew));
  std::vector<const DeadlineState*> rows;
  for (const DeadlineState& one : clock.deadlines) {
    if (one.applies != Truth::kNo && !one.due.empty()) rows.push_back(&one);
  }
  // The earlier date first: that is the one to work to.
  std::stable_sort(rows.begin(), rows.end(), [](const auto* a, const auto* b) { return a->due < b->due; });
  for (const DeadlineState* one : rows) {
    const bool late = one->days_left && *one->days_left < 0 && one->state != "done";
    const Tone tone = one->state == "done" ? Tone::kGood : late ? Tone::kBad : Tone::kWarn;
    const std::string latest = one->latest_reading == one->due ? "" : text(lang, kLatest, one->latest_reading);
    view.line(tone, text(lang, kDeadline, one->due,
                         one->state == "open" && one->applies == Truth::kOpen ? "open?" : one->state,
                         view.in(one->rule->title), latest));
  }
  std::set<std::string> open;
  // By law: whether each of its situations was answered, and none found.
  std::map<std::string, bool> none_found;
  for (const TriggerState& one : clock.triggers) {
    if (one.rule->number.ja.empty()) continue;  // an exemption or a sum of others
    open.insert(one.unanswered.begin(), one.unanswered.end());
    bool& none = none_found.try_emplace(view.in(one.rule->from.law), true).first->second;
    none = none && one.truth == Truth::kNo;
  }
  std::string names;
  for (const std::string& one : open) names += (names.empty() ? "" : " ") + one;
  if (!names.empty()) view.line(Tone::kPlain, text(lang, kAnyOpen, names));
  for (const auto& [law, none] : none_found) {
    if (none) view.line(Tone::kPlain, text(lang, kNoTrigger, law));
  }
}

void show_methods(const View& view) {
  view.out.line(text(view.context.lang, kMethods));
  for (const MethodState& one : view.state.methods) {
    const std::string period = one.from.empty() ? "" : text(view.context.lang, kPeriod, one.from, one.to);
    const Tone tone = one.state == "done" ? Tone::kGood : Tone::kPlain;
    view.line(tone, text(view.context.lang, kMethod, one.state, view.in(one.method->title) + ": " + view.in(one.why),
                         period));
  }
}

void show_signs(const View& view) {
  if (view.state.signs.empty()) return;
  view.out.line(text(view.context.lang, kSigns));
  for (const SignState& one : view.state.signs) {
    const std::string count = one.count == 0 ? "" : text(view.context.lang, kSignFindings, one.count);
    const Tone tone = one.state != "seen" ? Tone::kPlain : one.rule->mitigation ? Tone::kGood : Tone::kWarn;
    view.line(tone, text(view.context.lang, kSign, one.state, view.in(one.rule->title), count));
  }
}

void warn_of_law(const View& view) {
  const LawRules& law = view.library.law();
  if (view.state.clock.table_expired)
    warn(view.context, text(view.context.lang, kTableExpired, date_text(law.closed.valid_until)));
  const auto& opened = view.state.settings.legal_rules_version;
  if (opened && *opened != law.version)
    warn(view.context, text(view.context.lang, kRulesChanged, escape_terminal(*opened), law.version));
}

void show_all(const View& view, const CaseFolder& folder, const CaseCounts& counts) {
  const Lang lang = view.context.lang;
  const auto known = [&](const std::string& value) { return value.empty() ? text(lang, kUnknown) : value; };
  const CaseSettings& settings = view.state.settings;
  if (view.state.exercise()) view.line(Tone::kBad, text(lang, kExercise));
  view.line(Tone::kPlain, text(lang, kCase, folder.path()));
  view.line(Tone::kPlain, text(lang, kOrganisation, known(settings.organisation)));
  view.line(Tone::kPlain, text(lang, kType, settings.leak_type, view.in(view.state.playbook->title)));
  view.line(Tone::kPlain, text(lang, kKnew, known(settings.knew_time.value_or(""))));
  show_steps(view);
  show_tasks(view);
  show_deadlines(view);
  show_methods(view);
  show_signs(view);
  if (!counts.evidence.empty()) view.out.line(text(lang, kEvidence));
  for (const EvidenceLine& one : counts.evidence)
    view.line(Tone::kPlain, fmt::format("  {}  {}  {}  {}", one.id, one.state,
                                        human_bytes(static_cast<std::uint64_t>(one.size)), one.name));
  const auto& n = counts.counts;
  view.out.line(text(lang, kCounts, n[0], n[1], n[2], n[3], n[4]));
  std::size_t faults = 0;
  for (const ItemChain& chain : view.state.chains) faults += chain.faults.size();
  if (faults > 0) view.line(Tone::kBad, text(lang, kChainFaults, faults));
}

}  // namespace

Status print_case_status(const Context& context, const CaseFolder& folder, const std::vector<std::string>& playbooks) {
  TRIAGE_TRY(const PlaybookLibrary library, load_playbooks(context, playbooks));
  std::optional<Database> database;
  TRIAGE_TRY(const CaseState state, look_at_case(folder, library, database));
  TRIAGE_TRY(const CaseCounts counts, read_counts(database ? &*database : nullptr));
  Output out;
  const View view{context, state, library, out, use_color(context, 1)};
  if (context.json) {
    out.line(status_json(context, folder, state, counts));
  } else {
    show_all(view, folder, counts);
  }
  warn_of_law(view);
  return out.finish();
}

}  // namespace triage::cli
