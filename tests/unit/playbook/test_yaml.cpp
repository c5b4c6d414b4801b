// SPDX-License-Identifier: Apache-2.0
// Faults of a data file are named with file and line, all of them at once.
#include <doctest/doctest.h>

#include "playbook/condition.h"
#include "store/yaml_view.h"

using namespace triage;

TEST_CASE("an unknown key, a missing text and a key that stands twice are named with their lines") {
  const YamlView view = YamlView::parse("id: one\ncolour: red\nid: two\nlist: word\n", "rules.yaml");
  view.only({"id", "list"});
  CHECK(view.text("title").empty());
  CHECK(view.list("list").empty());
  const Status status = view.status();
  REQUIRE_FALSE(status);
  CHECK(status.error().code == ErrorCode::kUsage);
  CHECK(status.error().message ==
        "rules.yaml:2: unknown key 'colour'; rules.yaml:3: key 'id' stands twice; rules.yaml:1: 'title' is missing or "
        "not a text; rules.yaml:4: 'list' is not a list");
}

TEST_CASE("a text that is no YAML is a fault with its line, not a crash") {
  const YamlView broken = YamlView::parse("id: [one\nkey: {\n", "bad.yaml");
  REQUIRE_FALSE(broken.status());
  CHECK(broken.status().error().message.starts_with("bad.yaml:"));
  CHECK_FALSE(YamlView::parse("- only\n- a list\n", "list.yaml").status());
  CHECK_FALSE(YamlView::parse("", "empty.yaml").status());
}

TEST_CASE("both languages are required") {
  const YamlView view = YamlView::parse("title: {ja: 題}\n", "t.yaml");
  (void)view.both("title");
  REQUIRE_FALSE(view.status());
  CHECK(view.status().error().message == "t.yaml:1: 'en' is missing or not a text");
}

TEST_CASE("a condition that asks nothing, or nests without end, is a fault") {
  for (const char* text : {"when: {ask: a}\n", "when: {all: []}\n", "when: {maybe: x}\n", "when: word\n"}) {
    CAPTURE(text);
    const YamlView view = YamlView::parse(text, "c.yaml");
    (void)read_condition(view, "when");
    CHECK_FALSE(view.status());
  }
  std::string deep = "when: ";
  for (int i = 0; i < 40; ++i) deep += "{not: ";
  deep += "{ask: a, is: b}" + std::string(40, '}') + "\n";
  const YamlView view = YamlView::parse(deep, "deep.yaml");
  (void)read_condition(view, "when");
  CHECK_FALSE(view.status());
}

TEST_CASE("three values: open stays open, an exception must be shown") {
  const auto truth = [](const std::string& text, const Answers& answers) {
    const YamlView view = YamlView::parse("when: " + text + "\n", "c.yaml");
    const Condition condition = read_condition(view, "when");
    REQUIRE(view.status());
    return evaluate(condition, answers, {});
  };
  CHECK(truth("{all: [{ask: a, is: yes}, {ask: b, is: yes}]}", {{"a", "yes"}}) == Truth::kOpen);
  CHECK(truth("{all: [{ask: a, is: yes}, {ask: b, is: yes}]}", {{"a", "no"}}) == Truth::kNo);
  CHECK(truth("{any: [{ask: a, is: yes}, {ask: b, is: yes}]}", {{"a", "yes"}}) == Truth::kYes);
  CHECK(truth("{not: {ask: a, is: yes}}", {}) == Truth::kOpen);
  CHECK(truth("{not: {shown: {ask: a, is: yes}}}", {}) == Truth::kYes);
  CHECK(truth("{not: {shown: {ask: a, is: yes}}}", {{"a", "yes"}}) == Truth::kNo);
  CHECK(truth("{ask: a, is: yes}", {{"a", "unknown"}}) == Truth::kOpen);
  CHECK(truth("{ask: a, is_not: no}", {{"a", "unknown"}}) == Truth::kYes);
  CHECK(truth("{ask: a, given: true}", {{"a", "word"}}) == Truth::kYes);
}
