// SPDX-License-Identifier: Apache-2.0
// Microsoft Defender, Scans/History/Service/DetectionHistory: what was found, where, when, and by which user and
// process.
//   file := item…      item := u32 bytes, u32 type, value [pad to 8]
//   types: 5 flag, 6 number, 8 number of 64 bits, 0x0a FILETIME, 0x15 text, 0x1e GUID, 0x28 tracking data
//   tracking data := 20 bytes, {u32 bytes, name, u32 kind, value}… kinds: 3 u32, 4 u64, 5 u8, 6 u32 bytes and text
// Spec: libyal/dtformats, "Windows Defender scan DetectionHistory file".
#include <fmt/format.h>

#include <array>
#include <map>

#include "artifacts/parser.h"
#include "bytes/text.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::uint32_t kFiletime = 0x0a, kText = 0x15, kTracking = 0x28;
constexpr std::size_t kMaxItems = 4096;

struct Resource {
  std::string kind, path;
  std::map<std::string, std::string, std::less<>> tracking;
  std::optional<std::uint64_t> started, size;
  std::size_t at = 0;
};

struct Detection {
  std::string threat;
  std::vector<std::string> texts;
  std::vector<Resource> resources;
  std::vector<std::uint64_t> stamps;
  std::string user, process;
  bool whole = true;
};

void read_tracking(Bytes data, Resource& out) {
  ByteCursor c(data);
  c.skip(20, "tracking header");
  while (c.ok() && c.remaining() >= 8) {
    const std::string name = utf16le_zstring(c.take(c.le<std::uint32_t>("name bytes"), "name"));
    switch (c.le<std::uint32_t>("kind")) {
      case 3: c.skip(4, "number"); break;
      case 4: {
        const auto number = c.le<std::uint64_t>("number");
        if (name == "ThreatTrackingStartTime") out.started = number;
        if (name == "ThreatTrackingSize") out.size = number;
        break;
      }
      case 5: c.skip(1, "flag"); break;
      case 6: out.tracking[name] = utf16le_zstring(c.take(c.le<std::uint32_t>("text bytes"), "text")); break;
      default: return;
    }
  }
}

/// Texts come in a fixed order: "Magic.Version:1.2", the threat; for each resource "Magic.Version:1.2", its kind, its
/// path; at the end the user and the process.
void read_text(Detection& out, std::string text, std::size_t at) {
  out.texts.push_back(text);
  const std::size_t count = out.texts.size();
  if (count == 2) {
    out.threat = std::move(text);
  } else if (count >= 4 && out.texts[count - 3].starts_with("Magic.Version")) {
    out.resources.push_back({out.texts[count - 2], std::move(text), {}, std::nullopt, std::nullopt, at});
  } else if (count >= 4 && !out.texts[count - 2].starts_with("Magic.Version") && !text.starts_with("Magic.Version")) {
    (out.user.empty() ? out.user : out.process) = std::move(text);
  }
}

Detection read_items(const Artifact& in, EventSink& sink) {
  Detection out;
  ByteCursor c(in.data);
  for (std::size_t i = 0; i < kMaxItems && c.remaining() >= 8; ++i) {
    const std::size_t at = c.position();
    const auto bytes = c.le<std::uint32_t>("item bytes");
    const auto type = c.le<std::uint32_t>("item type");
    const Bytes value = c.take(bytes, "item");
    if (!c.ok()) break;
    if (type == kText) {
      if (std::string text = utf16le_zstring(value); !text.empty()) read_text(out, std::move(text), at);
    } else if (type == kFiletime) {
      ByteCursor v(value);
      out.stamps.push_back(v.le<std::uint64_t>("stamp"));
    } else if (type == kTracking && !out.resources.empty()) {
      read_tracking(value, out.resources.back());
    }
    c.skip(std::min<std::size_t>((8 - bytes % 8) % 8, c.remaining()), "padding");
  }
  if (c.ok() && !c.at_end()) c.skip(8, "item");  // a rest that holds no item
  sink.fault(c);
  out.whole = c.ok();
  return out;
}

Event describe(const Detection& found, const Resource* resource) {
  Event event;
  event.what = action::kLogRecorded;
  event.how = "Defender detection";
  event.object_kind = "file";
  if (!found.user.empty()) event.who = found.user;
  if (!found.process.empty()) event.program = found.process;
  event.attribute("threat", found.threat);
  if (resource == nullptr) return event;
  const std::string path = resource->path.substr(0, resource->path.find('|'));
  event.object = path;
  event.path = path;
  event.object_size = resource->size;
  event.attribute("resource", resource->kind);
  if (path != resource->path) event.attribute("details", resource->path);
  const auto put = [&](std::string_view key, std::string_view field) {
    const auto value = resource->tracking.find(key);
    if (value != resource->tracking.end() && !value->second.empty()) event.attribute(field, value->second);
  };
  if (const auto hash = resource->tracking.find("ThreatTrackingSha256");
      hash != resource->tracking.end() && hash->second.size() == 64)
    event.object_sha256 = ascii_lower(hash->second);
  put("ThreatTrackingSha1", "sha1");
  put("ThreatTrackingMD5", "md5");
  return event;
}

Outcome parse_defender(const Artifact& in, EventSink& out) {
  ByteCursor c(in.data);
  if (c.le<std::uint32_t>("item bytes") != 8 || c.le<std::uint32_t>("item type") != 8) return Outcome::kNotMine;
  const Detection found = read_items(in, out);
  if (found.threat.empty()) {
    out.damage(DamageKind::kTruncated, 0, "threat", "no threat is named");
    return Outcome::kPartial;
  }
  for (const Resource& resource : found.resources) {
    Event event = describe(found, &resource);
    const std::uint64_t stamp = resource.started ? *resource.started : found.stamps.empty() ? 0 : found.stamps[0];
    event.when = from_filetime(stamp);
    event.when_meaning = Meaning::kLogged;
    event.locator = in.at(resource.at, std::min<std::size_t>(8, in.data.size() - resource.at));
    event.partial = !found.whole;
    if (event.object->empty()) event.object.reset();
    if (event.path->empty()) event.path.reset();
    out.event(std::move(event));
  }
  if (found.resources.empty()) {
    Event event = describe(found, nullptr);
    event.when = from_filetime(found.stamps.empty() ? 0 : found.stamps[0]);
    event.when_meaning = Meaning::kLogged;
    event.locator = in.at(0, in.data.size());
    out.event(std::move(event));
  }
  return found.whole ? Outcome::kComplete : Outcome::kPartial;
}

constexpr std::array kPaths = {"**/detectionhistory/**"sv};
constexpr std::array kFields = {FieldSpec{"threat", "", "name of the threat"},
                                FieldSpec{"resource", "", "kind of resource: file, webfile, containerfile, process …"},
                                FieldSpec{"details", "", "the resource as written, where it says more than a path"},
                                FieldSpec{"sha1", "hex", "SHA-1 of the file"},
                                FieldSpec{"md5", "hex", "MD5 of the file"}};
constexpr std::array kReferences = {
    "https://github.com/libyal/dtformats/blob/main/documentation/Windows%20Defender%20scan%20DetectionHistory%20file%20format.asciidoc"sv,
    "https://github.com/log2timeline/plaso/blob/main/plaso/parsers/windefender_history.py"sv};

}  // namespace

extern const ArtifactParser defender;
constinit const ArtifactParser defender{
    .id = "windows.defender",
    .version = 1,
    .title_en = "Microsoft Defender detection history",
    .title_ja = "Microsoft Defenderの検出履歴",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{64 << 20},
    .parse = parse_defender,
};

}  // namespace triage
