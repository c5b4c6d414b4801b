// SPDX-License-Identifier: Apache-2.0
// Facts of the work done, of the law's clock, of methods and of custody.
#include <fmt/format.h>

#include "playbook/case_facts.h"

namespace triage {
namespace {

Bilingual same(const std::string& text) { return {text, text}; }

Bilingual state_text(const std::string& state) {
  if (state == "done") return {"done", "実施済"};
  if (state == "started") return {"under way", "着手"};
  if (state == "blocked") return {"blocked", "保留(保全待ち)"};
  if (state == "waived") return {"waived", "見送り"};
  if (state == "not_possible") return {"not possible", "実施不能"};
  if (state == "not_done") return {"not done", "未実施"};
  if (state == "not_applicable")
    return {"no ground for it found in the answers given; ask counsel", "回答の範囲では該当なし(弁護士に確認)"};
  if (state == "overdue") return {"overdue", "期限超過"};
  if (state == "not_found")
    return {"no trigger found in the answers given; ask counsel", "回答の範囲では該当する事由なし(弁護士に確認)"};
  return {"open", "未了"};
}

void add_lines(Fact& fact, const std::string& en, const std::string& ja, const std::string& id) {
  fact.text.en += (fact.text.en.empty() ? "" : "\n") + en;
  fact.text.ja += (fact.text.ja.empty() ? "" : "\n") + ja;
  if (!id.empty()) fact.ids.push_back(id);
}

void add_tasks(const CaseState& state, CaseFacts& facts) {
  FactTable all{
      {{"step", "段階"}, {"task", "作業"}, {"state", "状態"}, {"owner", "担当"}, {"due", "期限"}, {"proof", "根拠"}},
      {}};
  Fact done, containment, left;
  for (const TaskState& one : state.tasks) {
    const PlaybookTask& task = *one.task;
    if (one.state == "not_applicable" || (one.applies == Truth::kOpen && one.state == "open")) continue;
    all.rows.push_back({{same(std::to_string(task.step)), task.action, state_text(one.state),
                         same(one.owner_name.empty() ? task.owner : one.owner_name), same(one.due), same(one.proof)},
                        {task.id}});
    const std::string when = one.done_at.empty() ? "" : one.done_at + "  ";
    const std::string by = one.done_by.empty() || one.done_by == "record" ? "" : "  (" + one.done_by + ")";
    if (one.state == "done") {
      add_lines(done, when + task.action.en + by, when + task.action.ja + by, one.proof);
      if (task.containment) add_lines(containment, when + task.action.en + by, when + task.action.ja + by, one.proof);
    } else if (!one.settled()) {
      add_lines(left, task.action.en, task.action.ja, "");
    }
  }
  facts.add_table("tasks", std::move(all));
  facts.add("work.done", std::move(done));
  facts.add("work.containment", std::move(containment));
  facts.add("work.open", std::move(left));
}

void add_do_not(const CaseState& state, CaseFacts& facts) {
  FactTable table{{{"do not", "してはいけないこと"}}, {}};
  for (const Bilingual& one : state.playbook->do_not) table.rows.push_back({{one}, {}});
  for (const TaskState& one : state.tasks) {
    if (one.task->step <= 2 && one.state == "blocked")
      table.rows.push_back(
          {{{"Not yet: " + one.task->action.en, "まだ行わない: " + one.task->action.ja}}, {one.task->id}});
  }
  facts.add_table("do-not", std::move(table));
}

void add_methods(const CaseState& state, CaseFacts& facts) {
  FactTable table{{{"method", "方法"},
                   {"state", "実施の別"},
                   {"why", "理由"},
                   {"data from", "データの始期"},
                   {"data until", "データの終期"}},
                  {}};
  Fact list;
  for (const MethodState& one : state.methods) {
    const Bilingual word = state_text(one.state);
    std::vector<std::string> ids;
    if (!one.proof.empty()) ids.push_back(one.proof);
    table.rows.push_back({{one.method->title, word, one.why, same(one.from), same(one.to)}, ids});
    add_lines(list, fmt::format("{}: {} ({})", one.method->title.en, word.en, one.why.en),
              fmt::format("{}: {}({})", one.method->title.ja, word.ja, one.why.ja), one.proof);
  }
  facts.add_table("methods", std::move(table));
  facts.add("methods.list", std::move(list));
}

void add_custody(const CaseState& state, CaseFacts& facts) {
  FactTable table{{{"no.", "記録番号"},
                   {"item", "対象"},
                   {"kind", "種別"},
                   {"from", "引渡者"},
                   {"to", "受領者"},
                   {"time", "日時"},
                   {"place", "場所"},
                   {"purpose", "目的"},
                   {"seal", "封印"},
                   {"hash", "ハッシュ照合"},
                   {"signed", "署名"}},
                  {}};
  Fact items, faults;
  for (const ItemChain& chain : state.chains) {
    for (const Handover* move : chain.moves) {
      const Bilingual hash = !move->hash_agrees   ? Bilingual{"not re-hashed", "照合なし"}
                             : *move->hash_agrees ? Bilingual{"agrees", "一致"}
                                                  : Bilingual{"does not agree", "不一致"};
      table.rows.push_back({{same(std::to_string(move->entry)), same(move->item), same(move->kind), same(move->from),
                             same(move->to), same(move->at), same(move->place), same(move->purpose), same(move->seal),
                             hash, same(move->signed_from + " / " + move->signed_to)},
                            {fmt::format("#{}", move->entry)}});
    }
    add_lines(
        items, fmt::format("{} {}: {} moves, now with {}", chain.item, chain.label, chain.moves.size(), chain.holder),
        fmt::format("{} {}: 移動{}回、現在の保管者 {}", chain.item, chain.label, chain.moves.size(), chain.holder), "");
    for (const ItemChain::Fault& fault : chain.faults)
      add_lines(faults, fmt::format("#{} {}: {}", fault.entry, chain.item, fault.text.en),
                fmt::format("#{} {}: {}", fault.entry, chain.item, fault.text.ja), fmt::format("#{}", fault.entry));
  }
  facts.add_table("handovers", std::move(table));
  facts.add("custody.items", std::move(items));
  facts.add("custody.faults", std::move(faults));
}

void add_triggers(const CaseState& state, CaseFacts& facts) {
  FactTable table{{{"article", "条項"},
                   {"situation", "事由"},
                   {"in the answers given", "回答の範囲での該当"},
                   {"look at", "留意点"}},
                  {}};
  Fact found;
  std::set<std::string> open;
  for (const TriggerState& one : state.clock.triggers) {
    if (one.rule->number.ja.empty()) continue;
    open.insert(one.unanswered.begin(), one.unanswered.end());
    const Bilingual word = one.truth == Truth::kYes ? Bilingual{"trigger found", "該当あり"}
                           : one.truth == Truth::kNo
                               ? Bilingual{"trigger not found; ask counsel", "該当なし(弁護士に確認)"}
                               : Bilingual{"under investigation", "調査中"};
    table.rows.push_back(
        {{same(one.rule->from.article + " " + one.rule->number.ja), one.rule->situation, word, one.rule->caution},
         {one.rule->id}});
    if (one.truth == Truth::kYes)
      add_lines(found, fmt::format("{} {} {}", one.rule->from.law.en, one.rule->number.en, one.rule->situation.en),
                fmt::format("{} {} {}", one.rule->from.law.ja, one.rule->number.ja, one.rule->situation.ja),
                one.rule->id);
  }
  facts.add_table("triggers", std::move(table));
  facts.add("law.triggers", std::move(found));
  Fact left;
  for (const std::string& one : open) add_lines(left, one, one, "");
  facts.add("law.unanswered", std::move(left));
}

/// What findings show of the guideline's signs; a sign that was not seen is left to a person.
void add_signs(const CaseState& state, CaseFacts& facts) {
  Fact seen;
  for (const SignState& one : state.signs) {
    if (one.state != "seen") continue;
    add_lines(seen, one.rule->title.en, one.rule->title.ja, "");
    seen.ids.insert(seen.ids.end(), one.findings.begin(), one.findings.end());
  }
  facts.add("law.signs", std::move(seen));
}

}  // namespace

void add_work_facts(const CaseState& state, CaseFacts& facts) {
  add_tasks(state, facts);
  add_do_not(state, facts);
  add_methods(state, facts);
  add_custody(state, facts);
}

void add_law_facts(const CaseState& state, const PlaybookLibrary& library, CaseFacts& facts) {
  add_triggers(state, facts);
  add_signs(state, facts);
  FactTable table{{{"what", "内容"},
                   {"to", "提出先"},
                   {"due", "期限"},
                   {"latest by another reading", "別の数え方による最も遅い日"},
                   {"applies", "該当"},
                   {"state", "状態"},
                   {"rule", "根拠"}},
                  {}};
  for (const DeadlineState& one : state.clock.deadlines) {
    const Bilingual applies = one.applies == Truth::kYes ? Bilingual{"yes", "該当"}
                              : one.applies == Truth::kNo
                                  ? Bilingual{"not found in the answers", "回答の範囲では該当なし"}
                                  : Bilingual{"open", "未確定"};
    const RuleSource& from = one.rule->from;
    const Bilingual source{fmt::format("{} {} (as of {}{})", from.law.en, from.article, from.as_of,
                                       from.verified ? "" : ", not yet compared with the original"),
                           fmt::format("{} {}({} 時点{})", from.law.ja, from.article, from.as_of,
                                       from.verified ? "" : "、原文との照合前")};
    table.rows.push_back({{one.rule->title, one.rule->to, same(one.due), same(one.latest_reading), applies,
                           state_text(one.state), source},
                          {one.rule->id}});
    facts.add(fmt::format("law.{}.due", one.rule->id), {same(one.due), {one.rule->id}, std::nullopt});
  }
  facts.add_table("deadlines", std::move(table));
  FactTable proof{{{"what must be shown", "示すべき事項"}, {"rule", "根拠"}}, {}};
  for (const RequiredItem& one : library.law().exemption_proof)
    proof.rows.push_back({{one.text, same(one.from.article)}, {one.id}});
  facts.add_table("exemption-proof", std::move(proof));
  FactTable notice{{{"what a notice must say", "通知に書く事項"}, {"rule", "根拠"}}, {}};
  for (const RequiredItem& one : library.law().notice_items)
    notice.rows.push_back({{one.text, same(one.from.article)}, {one.id}});
  facts.add_table("notice-items", std::move(notice));
}

}  // namespace triage
