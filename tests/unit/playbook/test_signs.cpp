// SPDX-License-Identifier: Apache-2.0
// The signs of a likely leak: what findings show, what only a person knows, and never a "no".
#include "../store/store_fixture.h"
#include "playbook/leak_signs.h"
#include "store/case_db.h"

using namespace triage;
namespace st = triage::store_test;

namespace {

const SignState& sign(const std::vector<SignState>& states, const std::string& id) {
  for (const SignState& one : states) {
    if (one.rule->id == id) return one;
  }
  FAIL("no sign " << id);
  return states.front();
}

Finding finding(const std::string& rule, Likelihood likelihood) {
  Finding out;
  out.rule = rule;
  out.likelihood = likelihood;
  out.events = {rule + std::string(likelihood_name(likelihood))};
  return out;
}

}  // namespace

TEST_CASE(
    "a sign is seen with its surest finding first; without one it is only not seen, before evidence not examined") {
  const auto rules = read_leak_signs(TRIAGE_SOURCE_DIR "/playbooks/signs.yaml");
  REQUIRE(rules);
  int signs = 0;
  for (const LeakSign& one : rules->signs) signs += one.mitigation ? 0 : 1;
  CHECK(signs == 4);  // the guideline's four
  const auto before = sign_states(*rules, nullptr);
  REQUIRE(before);
  CHECK(sign(*before, "theft-trace").state == "not_examined");
  CHECK(sign(*before, "grounded-notice").state == "ask");

  const st::Folder folder;
  auto db = CaseDb::open(folder / "case.db");
  REQUIRE(db);
  REQUIRE(db->begin_evidence(st::evidence_record(), 1));
  REQUIRE(db->write_map(st::kEvidence, {}, {}, 0, "plan"));
  REQUIRE(db->finish_evidence(st::kEvidence, 0, 2));
  REQUIRE(db->replace_findings("reason", {finding("leak.web_upload", Likelihood::kLikely),
                                          finding("leak.removable_copy", Likelihood::kAlmostCertain),
                                          finding("leak.clock_change", Likelihood::kVeryLikely)}));
  const auto after = sign_states(*rules, &db->database());
  REQUIRE(after);
  const SignState& theft = sign(*after, "theft-trace");
  CHECK(theft.state == "seen");
  CHECK(theft.count == 2);
  CHECK(theft.likelihood == "almost_certain");
  CHECK(theft.findings.front() == finding_id(finding("leak.removable_copy", Likelihood::kAlmostCertain)));
  CHECK(sign(*after, "stealing-malware").state == "not_seen");
  CHECK(sign(*after, "grounded-notice").state == "ask");
  CHECK(sign(*after, "run-suppressed").state == "not_seen");
}

TEST_CASE("faults of a file of signs are named with their lines") {
  const st::Folder folder;
  st::write_file(folder / "signs.yaml",
                 "schema: triage.signs.v1\nlaw: {ja: x, en: x}\narticle: x\nas_of: x\nsource: x\n"
                 "verified: memory\nsigns:\n  - {id: a, kind: omen, title: {ja: x, en: x}}\n");
  const auto rules = read_leak_signs(folder / "signs.yaml");
  REQUIRE_FALSE(rules);
  CHECK(rules.error().message.find("signs.yaml:8") != std::string::npos);
}
