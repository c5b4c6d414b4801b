// SPDX-License-Identifier: Apache-2.0
#include "playbook/leak_signs.h"

#include <algorithm>

#include "bytes/text.h"
#include "store/yaml_view.h"

namespace triage {
namespace {

constexpr std::size_t kShownFindings = 16;

struct Drawn {
  std::string id, rule, likelihood;
};

Result<std::vector<Drawn>> read_drawn(Database& database) {
  std::vector<Drawn> out;
  // Surest first; content findings state no likelihood and come last.
  TRIAGE_TRY(
      Statement rows,
      database.prepare("SELECT id, rule, likelihood FROM findings ORDER BY CASE likelihood WHEN 'almost_certain' "
                       "THEN 0 WHEN 'very_likely' THEN 1 WHEN 'likely' THEN 2 WHEN 'even_chance' THEN 3 ELSE 4 "
                       "END, rule, id"));
  while (true) {
    TRIAGE_TRY(const bool row, rows.step());
    if (!row) return out;
    out.push_back({std::string(rows.text(0)), std::string(rows.text(1)), std::string(rows.text(2))});
  }
}

}  // namespace

Result<LeakSignRules> read_leak_signs(const std::string& path) {
  TRIAGE_TRY(const YamlView head, YamlView::read(path));
  head.only({"schema", "law", "article", "as_of", "source", "verified", "signs"});
  if (head.text("schema") != "triage.signs.v1") head.fault("schema is not triage.signs.v1");
  LeakSignRules out{head.both("law"),
                    head.text("article"),
                    head.text("as_of"),
                    head.text("source"),
                    head.text("verified") == "source",
                    {}};
  for (const YamlView& view : head.list("signs")) {
    view.only({"id", "kind", "title", "findings", "by_person"});
    const std::string kind = view.text("kind");
    if (kind != "sign" && kind != "mitigation") view.child("kind").fault("'kind' is neither sign nor mitigation");
    out.signs.push_back(
        {view.text("id"), kind == "mitigation", view.both("title"), view.texts("findings"), view.flag("by_person")});
  }
  TRIAGE_TRY_STATUS(head.status());
  return out;
}

Result<std::vector<SignState>> sign_states(const LeakSignRules& rules, Database* database) {
  std::vector<Drawn> drawn;
  std::int64_t finished = 0;
  if (database != nullptr) {
    TRIAGE_TRY(drawn, read_drawn(*database));
    TRIAGE_TRY(finished, database->integer("SELECT count(*) FROM evidence WHERE state = 'finished'"));
  }
  std::vector<SignState> out;
  for (const LeakSign& sign : rules.signs) {
    SignState state;
    state.rule = &sign;
    if (sign.by_person) {
      state.state = "ask";
    } else if (finished > 0) {
      state.state = "not_seen";
    }
    for (const Drawn& one : drawn) {
      const bool wanted = std::any_of(sign.findings.begin(), sign.findings.end(),
                                      [&one](const std::string& glob) { return glob_match(glob, one.rule); });
      if (!wanted) continue;
      if (state.count++ == 0) state.likelihood = one.likelihood;
      state.state = "seen";
      if (state.findings.size() < kShownFindings) state.findings.push_back(one.id);
    }
    out.push_back(std::move(state));
  }
  return out;
}

}  // namespace triage
