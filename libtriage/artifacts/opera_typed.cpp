// SPDX-License-Identifier: Apache-2.0
// Opera up to version 12: what was typed into the address bar (typed_history.xml). Times are UTC.
//   <typed_history> { <typed_history_item content= type="text"|"selected" last_typed=> }
// Spec: read off real files (plaso's test data).
#include <array>
#include <string>

#include "artifacts/parser.h"
#include "bytes/time_formats.h"
#include "formats/browser_profile.h"
#include "formats/xml_scan.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

Outcome parse_typed(const Artifact& in, EventSink& out) {
  const std::string_view xml = as_chars(in.data);
  if (xml.substr(0, 1024).find("<typed_history") == std::string_view::npos) return Outcome::kNotMine;
  const BrowserProfile profile = browser_profile(in.stream.path);
  std::uint64_t number = 0;
  bool ended = false, bad_time = false;
  XmlScan scan(xml);
  for (XmlTag tag; scan.next(tag);) {
    ended = ended || (tag.name == "typed_history" && tag.closes);
    if (tag.name != "typed_history_item" || !tag.opens) continue;
    const auto content = tag.attribute("content");
    if (!content || content->empty()) continue;
    Event event;
    event.what = action::kUrlVisited;
    event.how = tag.attribute("type") == "selected" ? "address chosen from a list" : "address typed";
    event.who = profile.user;
    event.program = "opera";
    event.object_kind = "url";
    event.object = content;
    event.remote = url_host(content->find("://") == std::string::npos ? "http://" + *content : *content);
    event.channel = "web";
    event.when.raw = tag.attribute("last_typed").value_or("");
    event.when.utc_nanos = parse_time_text(event.when.raw);
    event.when.basis = TimeBasis::kUtc;
    event.when.precision = Precision::kSecond;
    event.when.status = event.when.utc_nanos ? TimeStatus::kOk : TimeStatus::kOutOfRange;
    event.when_meaning = Meaning::kTypedLast;
    bad_time = bad_time || !event.when.utc_nanos;
    event.record = ++number;
    event.locator = in.at(tag.at, tag.end - tag.at);
    out.event(std::move(event));
  }
  if (!ended) out.damage(DamageKind::kTruncated, in.data.size(), "typed_history", "the list does not end");
  if (bad_time) out.damage(DamageKind::kRange, 0, "last_typed", "a time that cannot be");
  return ended && !bad_time ? Outcome::kComplete : Outcome::kPartial;
}

constexpr std::array kPaths = {"**/typed_history.xml"sv};
constexpr std::array kReferences = {"https://github.com/log2timeline/plaso/blob/main/plaso/parsers/opera.py"sv};

}  // namespace

extern const ArtifactParser opera_typed;
constinit const ArtifactParser opera_typed{
    .id = "browser.opera_typed",
    .version = 1,
    .title_en = "Opera: typed addresses",
    .title_ja = "Opera の入力アドレス",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = {},
    .references = kReferences,
    .max_input = ByteCount{16 << 20},
    .parse = parse_typed,
};

}  // namespace triage
