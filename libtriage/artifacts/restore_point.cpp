// SPDX-License-Identifier: Apache-2.0
// Restore points of Windows XP and later (rp.log): when which one was made, by what. Little-endian.
//   file := u32 kind of event, u32 kind of point, u64 number, char16[256] description, FILETIME in UTC at 528
// Spec: Microsoft Learn, RESTOREPOINTINFOW; libyal/dtformats, "Windows Restore Point formats".
#include <array>
#include <string>

#include "artifacts/parser.h"
#include "bytes/text.h"
#include "formats/peek.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t kText = 16;
constexpr std::size_t kTime = 528;

std::string_view kind_name(std::uint32_t kind) {
  switch (kind) {
    case 0: return "program installed";
    case 1: return "program removed";
    case 6: return "restored";
    case 7: return "checkpoint";
    case 10: return "driver installed";
    case 12: return "settings changed";
    case 13: return "cancelled";
    default: return "";
  }
}

Outcome parse_restore_point(const Artifact& in, EventSink& out) {
  const auto event_kind = le_at<std::uint32_t>(in.data, 0);
  if (in.data.size() < kText || event_kind < 100 || event_kind > 110) return Outcome::kNotMine;
  Event event;
  event.what = action::kConfigChanged;
  event.how = "restore point";
  event.object_kind = "restore point";
  if (std::string text = utf16le_zstring(part(in.data, kText, kTime - kText)); !text.empty())
    event.object = std::move(text);
  event.record = le_at<std::uint64_t>(in.data, 8);
  const bool whole = holds(in.data, kTime, 8);
  if (whole) event.when = from_filetime(le_at<std::uint64_t>(in.data, kTime));
  event.when_meaning = Meaning::kCreated;
  event.partial = !whole;
  if (const auto kind = kind_name(le_at<std::uint32_t>(in.data, 4)); !kind.empty()) event.attribute("kind", kind);
  event.locator = in.at(0, in.data.size());
  out.event(std::move(event));
  if (whole) return Outcome::kComplete;
  out.damage(DamageKind::kTruncated, in.data.size(), "time", "the time is missing");
  return Outcome::kPartial;
}

constexpr std::array kPaths = {"**/rp.log"sv};
constexpr std::array kFields = {FieldSpec{"kind", "", "what it was made for"}};
constexpr std::array kReferences = {
    "https://learn.microsoft.com/windows/win32/api/srrestoreptapi/ns-srrestoreptapi-restorepointinfow"sv,
    "https://github.com/libyal/dtformats/blob/main/documentation/Restore%20point%20formats.asciidoc"sv};

}  // namespace

extern const ArtifactParser restore_point;
constinit const ArtifactParser restore_point{
    .id = "windows.restore_point",
    .version = 1,
    .title_en = "Restore points (rp.log)",
    .title_ja = "復元ポイント（rp.log）",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{1 << 20},
    .parse = parse_restore_point,
};

}  // namespace triage
