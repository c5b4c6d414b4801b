// SPDX-License-Identifier: Apache-2.0
#include "playbook/cacao.h"

#include <nlohmann/json.hpp>

#include "bytes/digest.h"

namespace triage {
namespace {

using Json = nlohmann::ordered_json;

/// A UUID made from a name (RFC 9562 version 8: own scheme, SHA-256), so that ids never change between exports.
std::string uuid_of(const std::string& name) {
  std::string hex = sha256_hex("triage.playbook\n" + name).substr(0, 32);
  constexpr std::string_view kVariant = "89ab";
  hex[12] = '8';
  hex[16] = kVariant[static_cast<std::size_t>(hex[16]) % 4];
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" + hex.substr(16, 4) + "-" +
         hex.substr(20);
}

std::string id_of(const std::string& kind, const Playbook& playbook, const std::string& name) {
  return kind + "--" + uuid_of(playbook.id + "\n" + kind + "\n" + name);
}

std::string describe(const PlaybookTask& task, bool japanese) {
  std::string out = japanese ? task.caution.ja : task.caution.en;
  const auto add = [&](const char* ja, const char* en, const std::vector<std::string>& names) {
    if (names.empty()) return;
    if (!out.empty()) out += "\n";
    out += japanese ? ja : en;
    for (const std::string& name : names) out += " " + name;
  };
  add("集める証拠:", "evidence to collect:", task.collects);
  add("壊れる証拠(先に保全する):", "would destroy (preserve first):", task.destroys);
  add("先に行う作業:", "comes after:", task.after);
  if (!task.due.rule.empty()) add("期限:", "due:", {task.due.rule});
  if (task.due.hours > 0) add("期限(知った時から):", "due (after knowing):", {std::to_string(task.due.hours) + " h"});
  return out;
}

Json step_of(const PlaybookTask& task, const Playbook& playbook, const std::string& next, bool japanese) {
  Json step = {{"type", "action"}, {"name", japanese ? task.action.ja : task.action.en}};
  if (const std::string words = describe(task, japanese); !words.empty()) step["description"] = words;
  step["on_completion"] = next;
  Json command = {{"type", "manual"}, {"command", japanese ? task.action.ja : task.action.en}};
  if (!task.command.empty()) command["description"] = task.command;
  step["commands"] = Json::array({command});
  step["agent"] = id_of("group", playbook, task.owner);
  return step;
}

}  // namespace

std::string cacao_json(const Playbook& playbook, const PlaybookLibrary& library, bool japanese) {
  const std::string created = playbook.as_of + "T00:00:00.000Z";
  Json out = {{"type", "playbook"}, {"spec_version", "cacao-2.0"}};
  out["id"] = "playbook--" + uuid_of(playbook.id);
  out["name"] = japanese ? playbook.title.ja : playbook.title.en;
  std::string cautions;
  for (const Bilingual& one : playbook.do_not)
    cautions += (cautions.empty() ? "" : "\n") + (japanese ? one.ja : one.en);
  if (!cautions.empty()) out["description"] = cautions;
  out["playbook_types"] = Json::array({"investigation", "mitigation", "remediation"});
  out["playbook_activities"] =
      Json::array({"compose-content", "deliver-content", "identify-indicators", "analyze-collected-data"});
  out["created_by"] = "identity--" + uuid_of("identity");
  out["created"] = created;
  out["modified"] = created;
  const std::string start = id_of("start", playbook, ""), end = id_of("end", playbook, "");
  out["workflow_start"] = start;
  Json workflow = Json::object();
  const auto step_id = [&](std::size_t index) {
    return index < playbook.tasks.size() ? id_of("action", playbook, playbook.tasks[index].id) : end;
  };
  workflow[start] = {{"type", "start"}, {"on_completion", step_id(0)}};
  for (std::size_t i = 0; i < playbook.tasks.size(); ++i)
    workflow[step_id(i)] = step_of(playbook.tasks[i], playbook, step_id(i + 1), japanese);
  workflow[end] = {{"type", "end"}};
  out["workflow"] = workflow;
  Json agents = Json::object();
  for (const Role& role : library.roles())
    agents[id_of("group", playbook, role.id)] = {{"type", "group"}, {"name", japanese ? role.title.ja : role.title.en}};
  out["agent_definitions"] = agents;
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace triage
