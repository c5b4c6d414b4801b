// SPDX-License-Identifier: Apache-2.0
#include "playbook/loss_estimate.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <system_error>

#include "store/yaml_view.h"

namespace triage {
namespace {

Bilingual same(const std::string& text) { return {text, text}; }

/// The answered value, or the whole span of the values a factor can take.
std::pair<int, int> span_of(const Answers& answers, const char* question, int low, int high) {
  const auto found = answers.find(question);
  if (found == answers.end() || found->second.size() != 1) return {low, high};
  const int value = found->second[0] - '0';
  return value >= low && value <= high ? std::pair(value, value) : std::pair(low, high);
}

std::int64_t power(std::int64_t base, int exponent) {
  std::int64_t out = 1;
  for (int i = 0; i < exponent; ++i) out *= base;
  return out;
}

std::string grouped_yen(std::int64_t yen) {
  std::string digits = std::to_string(yen);
  for (std::size_t i = digits.size(); i > 3;) {
    i -= 3;
    digits.insert(i, ",");
  }
  return digits;
}

/// nullopt when the product leaves 63 bits.
std::optional<std::int64_t> times(std::int64_t a, std::int64_t b) {
  if (a != 0 && b > std::numeric_limits<std::int64_t>::max() / a) return std::nullopt;
  return a * b;
}

Bilingual total_text(const YenRange& each, const std::optional<CountRange>& persons) {
  const auto low = persons && persons->at_least ? times(each.low, *persons->at_least) : std::nullopt;
  const auto high = persons && persons->at_most ? times(each.high, *persons->at_most) : std::nullopt;
  const auto side = [](const std::optional<std::int64_t>& yen, std::string_view open) {
    return yen ? grouped_yen(*yen) : std::string(open);
  };
  return {side(low, "under investigation") + " – " + side(high, "under investigation") + " yen",
          side(low, "調査中") + "〜" + side(high, "調査中") + "円"};
}

void add_row(FactTable& table, const Bilingual& method, const YenRange& each, const std::optional<CountRange>& persons,
             const std::string& year, const std::string& source) {
  const std::string range = grouped_yen(each.low) + "–" + grouped_yen(each.high);
  table.rows.push_back(
      {{method, {range + " yen", range + "円"}, total_text(each, persons), same(year), same(source)}, {}});
}

YenRange read_range(const YamlView& view) {
  const YenRange out{view.number_or("low", 0), view.number_or("high", 0)};
  if (out.low < 0 || out.high < out.low) view.fault("'low' and 'high' are no range");
  return out;
}

}  // namespace

std::int64_t jo_yen_per_person(int x, int y, int identifiability, int responsibility, int response) {
  return 500 * (power(10, x - 1) + power(5, y - 1)) * identifiability * responsibility * response;
}

YenRange jo_range(const Answers& answers) {
  const auto x = span_of(answers, "damage_mental", 1, 3), y = span_of(answers, "damage_economic", 1, 3);
  const auto who = span_of(answers, "damage_identifiable", 1, 6), social = span_of(answers, "damage_social", 1, 2);
  const auto response = span_of(answers, "damage_response", 1, 2);
  return {jo_yen_per_person(x.first, y.first, who.first, social.first, response.first),
          jo_yen_per_person(x.second, y.second, who.second, social.second, response.second)};
}

Status add_loss_facts(const std::vector<std::string>& folders, const Answers& answers, CaseFacts& facts) {
  std::string path;
  std::error_code failed;
  for (const std::string& folder : folders) {
    if (std::filesystem::exists(folder + "/damage.yaml", failed)) path = folder + "/damage.yaml";
  }
  if (path.empty()) return {};
  TRIAGE_TRY(const YamlView head, YamlView::read(path));
  head.only({"schema", "as_of", "warning", "jo", "per_person", "awards", "costs"});
  if (head.text("schema") != "triage.loss.v1") head.fault("schema is not triage.loss.v1");
  const auto answer = answers.find("persons");
  const auto persons = answer == answers.end() ? std::nullopt : parse_count(answer->second);
  FactTable estimate{
      {{"method", "方法"}, {"a person", "1人当たり"}, {"all persons", "全体"}, {"year", "年"}, {"source", "出典"}}, {}};
  const YamlView jo = head.child("jo");
  add_row(estimate, jo.both("title"), jo_range(answers), persons, jo.text("year"), jo.text("source"));
  for (const YamlView& one : head.list("per_person"))
    add_row(estimate, one.both("title"), read_range(one), persons, one.text("year"), one.text("source"));
  FactTable awards{{{"case", "事件"}, {"awarded a person", "1人当たりの認容額"}, {"remark", "備考"}}, {}};
  for (const YamlView& one : head.list("awards")) {
    const std::string yen = grouped_yen(one.number_or("yen", 0));
    awards.rows.push_back({{one.both("case"), {yen + " yen", yen + "円"}, one.both_or_empty("remark")}, {}});
  }
  FactTable costs{{{"item", "費目"}, {"range", "範囲"}, {"year", "年"}, {"source", "出典"}}, {}};
  for (const YamlView& one : head.list("costs")) {
    const YenRange range = read_range(one);
    const std::string text = grouped_yen(range.low) + "–" + grouped_yen(range.high);
    costs.rows.push_back(
        {{one.both("title"), {text + " yen", text + "円"}, same(one.text("year")), same(one.text("source"))}, {}});
  }
  facts.add("damage.warning", {head.both("warning"), {}, std::nullopt});
  TRIAGE_TRY_STATUS(head.status());
  facts.add_table("estimate", std::move(estimate));
  facts.add_table("awards", std::move(awards));
  facts.add_table("costs", std::move(costs));
  return {};
}

}  // namespace triage
