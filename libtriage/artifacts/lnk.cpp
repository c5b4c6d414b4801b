// SPDX-License-Identifier: Apache-2.0
// Windows shortcuts (.lnk): which file or folder was opened through the shell, on which volume, share and machine, and
// the target's own stamps at that moment. The layout is in formats/lnk_view.cpp; here its facts become events: one per
// distinct stamp of the target.
// Spec: MS-SHLLINK.
#include <fmt/format.h>

#include <array>

#include "artifacts/lnk_events.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

Outcome parse_lnk_file(const Artifact& in, EventSink& out) {
  if (!is_lnk(in.data)) return Outcome::kNotMine;
  const LnkView link = parse_lnk(in.data);
  if (link.has_header)
    give_lnk_stamps(
        link, describe_lnk(link), [&in](std::uint64_t at, std::uint64_t n) { return in.at(at, n); }, out);
  if (!link.fault) return Outcome::kComplete;
  const bool ran_out = link.fault->wanted != 0;
  out.damage(ran_out ? DamageKind::kTruncated : DamageKind::kRange, link.fault->at, link.fault->field,
             ran_out ? fmt::format("{} needs {} bytes that are not there", link.fault->field, link.fault->wanted)
                     : fmt::format("{} has a value that cannot be", link.fault->field));
  return Outcome::kPartial;
}

constexpr std::array kMagics = {Magic{0, "\x4c\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46"sv}};
constexpr std::array kReferences = {
    "https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-shllink/16cb4ca1-9339-4d0c-a68d-bf1d6cc0f943"sv,
    "https://github.com/libyal/libfwsi/blob/main/documentation/Windows%20Shell%20Item%20format.asciidoc"sv};

}  // namespace

extern const ArtifactParser lnk;
constinit const ArtifactParser lnk{
    .id = "windows.lnk",
    .version = 1,
    .title_en = "Windows shortcuts",
    .title_ja = "Windowsショートカット",
    .magics = kMagics,
    .paths = {},
    .companions = {},
    .fields = kLnkFields,
    .references = kReferences,
    .max_input = ByteCount{16 << 20},
    .parse = parse_lnk_file,
};

}  // namespace triage
