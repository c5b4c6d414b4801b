// SPDX-License-Identifier: Apache-2.0
#include "playbook/case_statement.h"

#include <algorithm>

#include "store/yaml_view.h"

namespace triage {
namespace {

void take(std::string& into, const std::string& value) {
  if (!value.empty()) into = value;
}

template <typename Item>
void join(std::vector<Item>& into, const std::vector<Item>& more) {
  into.insert(into.end(), more.begin(), more.end());
}

}  // namespace

Result<CaseStatement> read_statement(const std::string& path) {
  TRIAGE_TRY(const YamlView head, YamlView::read(path));
  head.only(
      {"type", "knew", "organisation", "examiner", "lang", "tz", "roles", "deputies", "clock_offsets", "answers"});
  CaseStatement out;
  out.type = head.text_or("type", "");
  out.knew = head.text_or("knew", "");
  out.organisation = head.text_or("organisation", "");
  out.examiners = head.texts("examiner");
  out.lang = head.text_or("lang", "");
  out.tz = head.text_or("tz", "");
  if (!out.lang.empty() && out.lang != "ja" && out.lang != "en") head.child("lang").fault("'lang' is ja or en");
  for (const auto& [role, name] : head.members("roles")) out.roles.emplace_back(role, name.scalar());
  for (const auto& [role, name] : head.members("deputies")) out.roles.emplace_back("deputy:" + role, name.scalar());
  for (const auto& [question, value] : head.members("answers")) out.answers.emplace_back(question, value.scalar());
  for (const YamlView& one : head.list("clock_offsets")) {
    one.only({"host", "offset_seconds", "source"});
    out.clock_offsets.push_back({one.text("host"), one.number_or("offset_seconds", 0), one.text("source")});
  }
  TRIAGE_TRY_STATUS(head.status());
  return out;
}

void merge_statement(CaseStatement& base, const CaseStatement& over) {
  take(base.type, over.type);
  take(base.knew, over.knew);
  take(base.organisation, over.organisation);
  take(base.lang, over.lang);
  take(base.tz, over.tz);
  join(base.examiners, over.examiners);
  join(base.roles, over.roles);
  join(base.clock_offsets, over.clock_offsets);
  join(base.answers, over.answers);
}

Result<std::pair<std::string, std::string>> role_argument(const std::string& text, const char* flag) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
    return fail(ErrorCode::kUsage, std::string(flag) + " is no ROLE=NAME", text, 0, "write it like lead=NAME");
  return std::pair(text.substr(0, equals), text.substr(equals + 1));
}

void apply_statement(const CaseStatement& statement, CaseSettings& settings) {
  take(settings.leak_type, statement.type);
  take(settings.organisation, statement.organisation);
  take(settings.lang, statement.lang);
  const auto add = [&](const CasePerson& person) {
    if (std::find(settings.people.begin(), settings.people.end(), person) == settings.people.end())
      settings.people.push_back(person);
  };
  for (const std::string& name : statement.examiners) add({name, "examiner", ""});
  for (const auto& [role, name] : statement.roles) {
    // One person a role: the newer statement takes the older one's place.
    std::erase_if(settings.people, [&role = role](const CasePerson& one) { return one.role == role; });
    add({name, role, ""});
  }
  for (const ClockOffset& offset : statement.clock_offsets) {
    if (std::find(settings.clock_offsets.begin(), settings.clock_offsets.end(), offset) == settings.clock_offsets.end())
      settings.clock_offsets.push_back(offset);
  }
}

}  // namespace triage
