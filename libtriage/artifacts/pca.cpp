// SPDX-License-Identifier: Apache-2.0
// Program Compatibility Assistant of Windows 11: last start of programs from Explorer (PcaAppLaunchDic.txt) and
// programs that ended badly or were installers (PcaGeneralDb0/1.txt). Times are UTC to the millisecond.
//   PcaAppLaunchDic: path|time      PcaGeneralDb: time|kind|path|description|vendor|version|program id|message
// Text in UTF-8 or UTF-16LE. Spec: aboutdfir.com, "New Windows 11 Pro (22H2) Evidence of Execution Artifact".
#include <array>

#include "artifacts/parser.h"
#include "bytes/text.h"
#include "bytes/time_formats.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t kMaxParts = 8;
constexpr std::array kNames = {"kind"sv,    "path"sv,       "description"sv, "vendor"sv,
                               "version"sv, "program_id"sv, "message"sv};

Timestamp stamp_of(const std::string& text) {
  Timestamp out;
  out.raw = text;
  out.precision = Precision::kMillisecond;
  out.basis = TimeBasis::kUtc;
  out.utc_nanos = parse_time_text(text);
  out.status = out.utc_nanos ? TimeStatus::kOk : TimeStatus::kOutOfRange;
  return out;
}

std::vector<std::string> split(std::string_view line) {
  std::vector<std::string> out;
  while (out.size() + 1 < kMaxParts) {
    const std::size_t bar = line.find('|');
    if (bar == std::string_view::npos) break;
    out.emplace_back(line.substr(0, bar));
    line.remove_prefix(bar + 1);
  }
  out.emplace_back(line);
  return out;
}

/// False when the line is of neither sort.
bool give_line(std::string_view line, Locator locator, EventSink& out) {
  const std::vector<std::string> parts = split(line);
  Event event;
  event.object_kind = "program";
  event.locator = std::move(locator);
  if (parts.size() == 2) {
    event.what = action::kProgramRun;
    event.when = stamp_of(parts[1]);
    event.when_meaning = Meaning::kRun;
    event.object = parts[0];
    event.how = "compatibility assistant: last start";
  } else if (parts.size() == kMaxParts) {
    event.what = action::kProgramRun;
    event.when = stamp_of(parts[0]);
    event.when_meaning = Meaning::kLogged;
    event.object = parts[2];
    event.how = "compatibility assistant";
    for (std::size_t i = 0; i < kNames.size(); ++i)
      if (i != 1 && !parts[i + 1].empty()) event.attribute(kNames[i], parts[i + 1]);
  } else {
    return false;
  }
  if (event.object->empty()) event.object.reset();
  event.path = event.object;
  if (event.when.status != TimeStatus::kOk) return false;
  out.event(std::move(event));
  return true;
}

Outcome parse_pca(const Artifact& in, EventSink& out) {
  const bool marked = has_at(in.data, 0, "\xff\xfe");
  const bool wide = marked || (in.data.size() > 3 && in.data[1] == std::byte{0} && in.data[3] == std::byte{0});
  const std::size_t skipped = marked ? 2 : has_at(in.data, 0, "\xef\xbb\xbf") ? 3 : 0;
  const Bytes body = in.data.subspan(skipped);
  const std::string text = wide ? utf16le_to_utf8(body) : to_valid_utf8(as_chars(body));
  const std::size_t unit = wide ? 2 : 1;
  std::size_t place = skipped;
  bool whole = true;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = std::string_view(text).substr(begin, end - begin);
    // Places are exact for plain text; for UTF-16 they count the line's code units.
    std::size_t units = 0;
    for (const char c : line) units += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1 : 0;
    const std::size_t bytes = wide ? units * unit : line.size();
    const std::size_t at = std::min(place, in.data.size());
    place += bytes + unit;
    if (line.ends_with('\r')) line.remove_suffix(1);
    begin = end + 1;
    if (line.empty() || line.find_first_not_of('\0') == std::string_view::npos) continue;
    if (give_line(line, in.at(at, std::min(bytes, in.data.size() - at)), out)) continue;
    whole = false;
    out.damage(DamageKind::kRange, at, "line", "a line that is no entry");
  }
  return whole ? Outcome::kComplete : Outcome::kPartial;
}

constexpr std::array kPaths = {"**/pcaapplaunchdic.txt"sv, "**/pcageneraldb?.txt"sv};
constexpr std::array kFields = {FieldSpec{"kind", "count", "kind of entry"},
                                FieldSpec{"description", "", "description of the program"},
                                FieldSpec{"vendor", "", "its vendor"},
                                FieldSpec{"version", "", "its version"},
                                FieldSpec{"program_id", "hex", "id of the program in AmCache"},
                                FieldSpec{"message", "", "what happened"}};
constexpr std::array kReferences = {"https://aboutdfir.com/new-windows-11-pro-22h2-evidence-of-execution-artifact/"sv};

}  // namespace

extern const ArtifactParser pca;
constinit const ArtifactParser pca{
    .id = "windows.pca",
    .version = 1,
    .title_en = "Programs started on Windows 11 (PCA)",
    .title_ja = "Windows 11で起動したプログラム(PCA)",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{64 << 20},
    .parse = parse_pca,
};

}  // namespace triage
