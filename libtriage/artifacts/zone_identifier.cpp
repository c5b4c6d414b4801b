// SPDX-License-Identifier: Apache-2.0
// Mark of the web: the stream `Zone.Identifier` that browsers and mail programs put beside a file they saved.
//   "[ZoneTransfer]" CR LF "ZoneId=" 0–4 { "ReferrerUrl=" | "HostUrl=" | "HostIpAddress=" |
//   "LastWriterPackageFamilyName=" }
// No times; the file's own are those of its entry. Spec: MS-FSCC §5.6.1.
#include <array>
#include <optional>
#include <string>

#include "artifacts/line_log.h"
#include "formats/browser_profile.h"
#include "formats/config_lines.h"
#include "formats/home_path.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::array kZones = {"local computer"sv, "intranet"sv, "trusted"sv, "internet"sv, "restricted"sv};

/// "/Users/a/x.zip:Zone.Identifier" → "/Users/a/x.zip"; also as archivers write it out.
std::string file_of(std::string_view path) {
  for (const std::string_view end :
       {":Zone.Identifier:$DATA"sv, ":Zone.Identifier"sv, "_Zone.Identifier"sv, ".Zone.Identifier"sv})
    if (path.ends_with(end)) return std::string(path.substr(0, path.size() - end.size()));
  return std::string(path);
}

Outcome parse_zone(const Artifact& in, EventSink& out) {
  if (!looks_like_text(in.data)) return Outcome::kNotMine;
  bool headed = false;
  std::optional<std::string> zone, referrer, host, address, package;
  LogLine line;
  for (LineReader reader(in.data); reader.next(line);) {
    const std::string_view text = trimmed(line.text);
    const std::size_t equals = text.find('=');
    if (text == "[ZoneTransfer]") headed = true;
    if (equals == std::string_view::npos) continue;
    const std::string_view name = text.substr(0, equals), value = text.substr(equals + 1);
    if (name == "ZoneId") set_text(zone, value);
    if (name == "ReferrerUrl") set_text(referrer, value);
    if (name == "HostUrl") set_text(host, value);
    if (name == "HostIpAddress") set_text(address, value);
    if (name == "LastWriterPackageFamilyName") set_text(package, value);
  }
  if (!headed) return Outcome::kNotMine;
  Event event;
  event.what = action::kFileDownloaded;
  event.how = "mark of the web";
  event.object_kind = "file";
  event.path = file_of(in.stream.path);
  if (event.path->empty()) event.path.reset();
  event.object = event.path;
  event.who = home_owner(in.stream.path);
  event.locator = in.at(0, in.data.size());
  const auto number = zone ? decimal(*zone) : std::nullopt;
  event.partial = !number;
  if (number && *number < kZones.size()) event.attribute("zone", kZones[static_cast<std::size_t>(*number)]);
  if (number && *number < 3) event.what = action::kFileSeen;  // not from elsewhere
  if (host) event.remote = url_host(*host);
  if (!event.remote) event.remote = address;
  if (host && is_web_url(*host)) event.channel = "web";
  if (host) event.attribute("url", *host);
  if (referrer) event.attribute("referrer", *referrer);
  if (package) event.attribute("package", *package);
  out.event(std::move(event));
  if (number && *number < kZones.size()) return Outcome::kComplete;
  out.damage(number ? DamageKind::kRange : DamageKind::kTruncated, 0, "ZoneId", "the zone is missing or is none");
  return Outcome::kPartial;
}

constexpr std::array kPaths = {"**:Zone.Identifier"sv, "**:Zone.Identifier:$DATA"sv, "**_Zone.Identifier"sv,
                               "**.Zone.Identifier"sv};
constexpr std::array kFields = {
    FieldSpec{"zone", "", "where Windows says it came from"}, FieldSpec{"url", "", "address it was loaded from"},
    FieldSpec{"referrer", "", "page that led to it"}, FieldSpec{"package", "", "app that saved it"}};
constexpr std::array kReferences = {
    "https://learn.microsoft.com/openspecs/windows_protocols/ms-fscc/6e3f7352-d11c-4d76-8c39-2516a9df36e8"sv};

}  // namespace

extern const ArtifactParser zone_identifier;
constinit const ArtifactParser zone_identifier{
    .id = "windows.zone_identifier",
    .version = 1,
    .title_en = "Mark of the web (Zone.Identifier)",
    .title_ja = "ダウンロード元の印（Zone.Identifier）",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{1 << 20},
    .parse = parse_zone,
};

}  // namespace triage
