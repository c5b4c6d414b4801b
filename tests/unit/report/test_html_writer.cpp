// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "base/check.h"
#include "report/html_writer.h"

using triage::escape_html;
using triage::HtmlWriter;

TEST_CASE("html: markup, quotes and control bytes of evidence become visible text") {
  CHECK(escape_html("<script>&\"'") == "&lt;script&gt;&amp;&quot;&#39;");
  CHECK(escape_html(std::string_view("a\0b\x1b\n", 5)) == "a\\x00b\\x1b\\x0a");
  CHECK(escape_html("\xE2\x80\xAEtxt") == "\\u{202e}txt");
  CHECK(escape_html("\xff") == "\\xff");
  CHECK(escape_html("\xEF\xBF\xBF\xEF\xBF\xBE\xEF\xBC\x9D") == "\\u{ffff}\\u{fffe}\xEF\xBC\x9D");
  CHECK(escape_html("顧客名簿") == "顧客名簿");
}

TEST_CASE("html: a cut never splits a character") {
  CHECK(triage::cut_text("あいう", 4) == "あ");
  CHECK(triage::cut_text("あいう", 6) == "あい");
  CHECK(triage::cut_text("あいう", 9) == "あいう");
  CHECK(triage::cut_text("ab", 0).empty());
}

TEST_CASE("html: a long text is cut and marked") {
  std::string page;
  HtmlWriter out([&page](std::string_view text) {
    page += text;
    return triage::Status();
  });
  out.evidence(std::string(5000, 'x'), 10);
  REQUIRE(out.finish());
  CHECK(page == "<bdi>xxxxxxxxxx</bdi>…");
}

TEST_CASE("html: links lead only into the page, tags close in order, attributes are known") {
  HtmlWriter out([](std::string_view) { return triage::Status(); });
  CHECK_THROWS_AS(out.link("https://upload.example/", "x"), triage::Bug);
  CHECK_THROWS_AS(out.open("p", {{"onclick", "x"}}), triage::Bug);
  CHECK_THROWS_AS(out.close("table"), triage::Bug);
}

TEST_CASE("html: a sink that fails is reported and not called again") {
  int calls = 0;
  HtmlWriter out([&calls](std::string_view) -> triage::Status {
    ++calls;
    return triage::fail(triage::ErrorCode::kOutput, "disk is full");
  });
  const std::string block(300 * 1024, 'x');
  out.text(block).text(block);
  const auto status = out.finish();
  REQUIRE(!status);
  CHECK(status.error().code == triage::ErrorCode::kOutput);
  CHECK(calls == 1);
}
