// SPDX-License-Identifier: Apache-2.0
// The linter, the answers on the first page, and what the shared copy masks.
#include "report/answers.h"
#include "report/redaction.h"
#include "report/report_check.h"
#include "report/sections.h"
#include "report_fixture.h"

using namespace triage;
using namespace triage::report_test;

namespace {

FindingFacts whole_finding() {
  FindingFacts out;
  out.rule = "leak.archive";
  out.claim = "顧客名簿が圧縮された";
  out.event_count = 1;
  out.likelihood = "likely";
  out.quality = "high";
  out.alternatives = "控えの作成";
  out.limits = "操作した人は示せない";
  out.question = "data_staged";
  out.step = "3";
  return out;
}

std::vector<ReportFault> faults_of(FindingFacts finding) {
  ReportFacts facts;
  facts.findings.push_back(std::move(finding));
  return check_findings(facts, Phrases(ReportLanguage::kJapanese));
}

}  // namespace

TEST_CASE("report check: each part that a finding lacks is named") {
  CHECK(faults_of(whole_finding()).empty());
  const auto without = [](auto change) {
    FindingFacts finding = whole_finding();
    change(finding);
    return faults_of(finding);
  };
  using F = FindingFacts;
  CHECK(without([](F& f) { f.claim.clear(); }).size() == 1);
  CHECK(without([](F& f) { f.claim = f.rule; }).size() == 1);
  CHECK(without([](F& f) { f.event_count = 0; }).size() == 1);
  CHECK(without([](F& f) { f.likelihood.clear(); }).size() == 1);
  CHECK(without([](F& f) { f.likelihood = "not_stated"; }).size() == 1);
  CHECK(without([](F& f) { f.quality.clear(); }).size() == 1);
  CHECK(without([](F& f) { f.alternatives.clear(); }).size() == 1);
  CHECK(without([](F& f) { f.limits.clear(); }).size() == 1);
  CHECK(without([](F& f) { f.question.clear(); }).size() == 1);
  CHECK(without([](F& f) { f.step.clear(); }).size() == 1);
  // A rule over contents claims only that something was found.
  CHECK(without([](F& f) {
          f.likelihood = "not_stated";
          f.event_count = 0;
          f.locator = "e0/s1@0";
        }).empty());
}

TEST_CASE("report check: words that claim too much need a basis, sentences an end") {
  FindingFacts finding = whole_finding();
  finding.limits = "記録は完全に消えている";
  REQUIRE(faults_of(finding).size() == 1);
  CHECK(faults_of(finding)[0].what.find("完全に") != std::string::npos);
  finding.details = R"({"word_basis":{"完全に":"全領域の値を確認した"}})";
  CHECK(faults_of(finding).empty());
  finding.details = R"({"word_basis":{"完全に":""}})";
  CHECK(faults_of(finding).size() == 1);
  finding.details = "[not json";
  CHECK(faults_of(finding).size() == 1);
  finding = whole_finding();
  for (int i = 0; i < 15; ++i) finding.alternatives += "とても長い文が続く場合";
  CHECK(faults_of(finding).empty());  // no ground to refuse a report
  ReportFacts facts;
  facts.findings.push_back(finding);
  CHECK(check_finding_sentences(facts, Phrases(ReportLanguage::kJapanese)).size() == 1);
}

TEST_CASE("report check: long sentences and unexplained terms of our own words are found") {
  TextCheck japanese{Phrases(ReportLanguage::kJapanese)};
  std::string text;
  for (int i = 0; i < 141; ++i) text += "長";
  japanese.add(text + "。");
  japanese.add("XYZZY を使います。必ず見つかります。");
  const auto faults = japanese.faults();
  REQUIRE(faults.size() == 3);
  CHECK(faults[1].what.find("必ず") != std::string::npos);
  CHECK(faults[2].where == "XYZZY");
  TextCheck english{Phrases(ReportLanguage::kEnglish)};
  english.add("The SID names an account. It was completely removed.");
  REQUIRE(english.faults().size() == 1);
  CHECK(english.faults()[0].what.find("completely") != std::string::npos);
}

TEST_CASE("report check: the report's own words pass in both languages, with and without the playbooks") {
  const Folder folder;
  const std::string dir = folder / "case";
  make_case(dir, hostile_batch());
  const auto library = PlaybookLibrary::load({TRIAGE_SOURCE_DIR "/playbooks"});
  REQUIRE(library);
  for (const std::string lang : {"ja", "en"}) {
    for (const PlaybookLibrary* playbooks : {static_cast<const PlaybookLibrary*>(nullptr), &*library}) {
      ReportRequest asked = request(dir, lang);
      asked.check_only = true;
      asked.library = playbooks;
      const auto checked = write_report(asked);
      REQUIRE(checked);
      for (const ReportFault& fault : checked->faults) CHECK_MESSAGE(false, fault.where << ": " << fault.what);
      CHECK(!std::filesystem::exists(dir + "/report.html"));
    }
  }
}

TEST_CASE("report check: a finding without its parts is refused, and shown as a draft where asked for") {
  const Folder folder;
  const std::string dir = folder / "case";
  BatchRecords batch = hostile_batch();
  batch.findings[0].limits = {};
  make_case(dir, batch);
  ReportRequest asked = request(dir, "ja");
  asked.refuse_faults = true;
  const auto refused = write_report(asked);
  REQUIRE(!refused);
  CHECK(refused.error().code == ErrorCode::kVerification);
  CHECK(!std::filesystem::exists(dir + "/report.html"));
  asked.refuse_faults = false;
  const auto draft = write_report(asked);
  REQUIRE(draft);
  CHECK(draft->faults.size() == 1);
  CHECK(read_file(draft->path).find("要素の欠けた所見が 1 箇所あります") != std::string::npos);
}

TEST_CASE("answers: shown from likely on, not shown when all is unlikely, open for all else") {
  CHECK(verdict_of({}) == Verdict::kOpen);
  CHECK(verdict_of({"not_stated"}) == Verdict::kOpen);
  CHECK(verdict_of({"even_chance"}) == Verdict::kOpen);
  CHECK(verdict_of({"unlikely", "likely"}) == Verdict::kShown);
  CHECK(verdict_of({"almost_certain"}) == Verdict::kShown);
  CHECK(verdict_of({"unlikely", "remote"}) == Verdict::kNotShown);
  CHECK(verdict_of({"unlikely", "not_stated"}) == Verdict::kOpen);
  CHECK(verdict_of({"a word nobody knows"}) == Verdict::kOpen);
}

TEST_CASE("answers: the leak type asks what no finding answers") {
  ReportFacts facts;
  facts.settings.leak_type = "insider";
  FindingFacts finding = whole_finding();
  facts.findings.push_back(finding);
  finding.likelihood = "very_likely";
  facts.findings.push_back(finding);
  const std::vector<Answer> answers = answers_of(facts);
  REQUIRE(answers.size() == 7);
  CHECK(answers[0].question == "data_staged");
  CHECK(answers[0].verdict == Verdict::kShown);
  CHECK(answers[0].findings == std::vector<std::uint32_t>{2, 1});
  CHECK(answers[1].verdict == Verdict::kOpen);
  CHECK(answers[1].findings.empty());
}

TEST_CASE("redaction: numbers are recognised by their own check digits") {
  // 番号法施行令 as worked through in public examples: 123456789018; Luhn: the card networks' test numbers.
  CHECK(is_my_number("123456789018"));
  CHECK(!is_my_number("123456789019"));
  CHECK(!is_my_number("12345678901"));
  CHECK(is_card_number("4111111111111111"));
  CHECK(is_card_number("378282246310005"));
  CHECK(!is_card_number("4111111111111112"));
  CHECK(!is_card_number("9111111111111111"));
  CHECK(is_phone_number("03-1234-5678"));
  CHECK(is_phone_number("090-1234-5678"));
  CHECK(is_phone_number("09012345678"));
  CHECK(is_phone_number("0120-123-456"));
  CHECK(!is_phone_number("0312345678"));
  CHECK(!is_phone_number("00-1234-5678"));
  CHECK(!is_phone_number("2026-04-10"));
}

TEST_CASE("redaction: the same value gets the same mark, hashes and times stay") {
  Redactor redactor(true);
  redactor.learn_name("suzuki");
  redactor.learn_name("鈴木一郎");
  redactor.learn_name("Public");
  CHECK(redactor.mask("C:\\Users\\suzuki\\Documents\\a.txt") == "C:\\Users\\[氏名1]\\Documents\\a.txt");
  CHECK(redactor.mask("/home/tanaka/.bashrc by suzuki, suzukis") == "/home/[氏名2]/.bashrc by [氏名1], suzukis");
  CHECK(redactor.mask("担当は鈴木一郎です") == "担当は[氏名3]です");
  CHECK(redactor.mask("/Users/Public/x") == "/Users/Public/x");
  CHECK(redactor.mask("to a.b+c@example.co.jp.") == "to [メール1].");
  CHECK(redactor.mask("電話 03-1234-5678、4111 1111 1111 1111") == "電話 [電話1]、[カード番号1]");
  CHECK(redactor.mask("1234-5678-9018") == "[個人番号1]");
  const std::string hash(64, '4');
  for (const std::string& text : {hash, std::string("2026-04-10 19:31:07.123 +09:00 (10:31:07 UTC)"),
                                  std::string("e0123456789abcdef/v1048576.i7@0x1f0"), std::string("270,532,608")})
    CHECK(redactor.mask(text) == text);
  REQUIRE(redactor.entries().size() == 7);
  CHECK(redactor.entries()[0].count == 2);
  CHECK(redactor.log_lines().find(R"("mark":"[メール1]","value":"a.b+c@example.co.jp","count":1)") !=
        std::string::npos);
}

TEST_CASE("redaction: the shared copy holds no name, address or number of the case") {
  const Folder folder;
  const std::string dir = folder / "case";
  BatchRecords batch = hostile_batch();
  batch.events[0].event.who = "taro.yamada";
  batch.events[1].event.path = "/Users/hanako/Documents/090-1234-5678 hanako@example.jp.txt";
  make_case(dir, batch);
  ReportRequest asked = request(dir, "ja");
  asked.redact = true;
  asked.file = "report-shared.html";
  const auto written = write_report(asked);
  REQUIRE(written);
  const std::string page = read_file(written->path);
  for (const char* secret : {"taro.yamada", "hanako", "090-1234-5678"}) {
    CAPTURE(secret);
    CHECK(page.find(secret) == std::string::npos);
    CHECK(read_file(dir + "/report-shared.redaction-log.jsonl").find(secret) != std::string::npos);
  }
  CHECK(page.find("共有用の写しです") != std::string::npos);
  CHECK(written->masked >= 3);
}
