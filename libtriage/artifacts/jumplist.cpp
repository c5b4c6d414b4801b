// SPDX-License-Identifier: Apache-2.0
// Jump lists: what a program of the taskbar opened for this user. Automatic lists are compound files: one stream a
// link, named by its number in hex, and "DestList" with the last access, count and machine of each. Custom lists are
// links one after another.
//   DestList := u32 version, u32 entries, u32 pinned, f32, u64 last number, u64 revisions, entry…
//   entry := u64 checksum, 4 GUIDs, name of the machine (16), u32 number, u32, f32 score, FILETIME access, i32 pin,
//            [version 3 and later: u32, u32 accesses, u64,] u16 length, path [, u32]
// Spec: libyal/dtformats, "Jump lists format"; MS-SHLLINK.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "artifacts/lnk_events.h"
#include "bytes/text.h"
#include "formats/browser_profile.h"
#include "formats/cfb.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::string_view kLink = "\x4c\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46"sv;
constexpr std::size_t kMaxLink = 1 << 20;
constexpr std::size_t kMaxEntries = 4096;
constexpr std::size_t kHeader = 32;

struct Destination {
  std::uint32_t number = 0;
  std::string machine, path;
  Timestamp accessed;
  std::int32_t pin = -1;
  std::optional<std::uint32_t> accesses;
};

struct JumpList {
  const Artifact& in;
  EventSink& out;
  std::string application;  ///< id in the file's name
  std::optional<std::string> who;
  bool whole = true;

  void damage(DamageKind kind, std::uint64_t at, std::string_view field, std::string detail) {
    whole = false;
    out.damage(kind, at, field, std::move(detail));
  }
  Event dress(Event event) const {
    event.who = who;
    if (!application.empty()) event.attribute("application_id", application);
    return event;
  }
};

std::vector<Destination> read_destinations(JumpList& list, Bytes data, std::uint64_t at) {
  std::vector<Destination> out;
  ByteCursor c(data);
  const auto version = c.le<std::uint32_t>("version");
  const auto promised = c.le<std::uint32_t>("entries");
  c.seek(kHeader, "entries");
  if (version == 0 || version > 6)
    list.damage(DamageKind::kVersion, at, "DestList", fmt::format("version {} is not known", version));
  const std::size_t count = std::min<std::size_t>({promised, c.remaining() / 114, kMaxEntries});
  for (std::size_t i = 0; i < count; ++i) {
    Destination one;
    c.skip(72, "checksum, droids");
    one.machine = to_valid_utf8(as_chars(c.take(16, "machine")));
    one.machine.resize(std::min(one.machine.size(), one.machine.find('\0')));
    one.number = c.le<std::uint32_t>("number");
    c.skip(8, "score");
    one.accessed = from_filetime(c.le<std::uint64_t>("access"));
    one.pin = c.le<std::int32_t>("pin");
    if (version >= 3) {
      c.skip(4, "unknown");
      one.accesses = c.le<std::uint32_t>("accesses");
      c.skip(8, "unknown");
    }
    one.path = utf16le_to_utf8(c.take(c.le<std::uint16_t>("path length") * std::size_t{2}, "path"));
    if (version >= 3) c.skip(4, "unknown");
    if (!c.ok()) break;
    out.push_back(std::move(one));
  }
  if (!c.ok() || out.size() < promised)
    list.damage(DamageKind::kTruncated, at, "DestList",
                fmt::format("{} of {} entries could be read", out.size(), promised));
  return out;
}

Event describe_destination(const Destination& one, const LnkView* link) {
  Event event = link != nullptr && link->has_header ? describe_lnk(*link) : Event{};
  if (!event.object) event.object_kind = "file";
  if (!one.path.empty() && !event.object) {
    event.object = one.path;
    event.path = one.path;
  }
  event.attribute("entry", std::uint64_t{one.number});
  if (!one.machine.empty()) event.attribute("opened_on", one.machine);
  if (one.pin >= 0) event.attribute("pinned", std::uint64_t{static_cast<std::uint32_t>(one.pin)});
  if (one.accesses) event.attribute("accesses", std::uint64_t{*one.accesses});
  return event;
}

/// Length that stays inside the file.
Locator place(const Artifact& in, std::uint64_t at, std::uint64_t length) {
  const std::uint64_t size = in.data.size();
  return at >= size ? in.at(0, 0) : in.at(at, std::min(length, size - at));
}

void give_link(JumpList& list, const LnkView& link, std::uint64_t at, Event plain) {
  plain.how = "jump list: stamps of the target";
  give_lnk_stamps(
      link, plain, [&](std::uint64_t from, std::uint64_t n) { return place(list.in, at + from, n); }, list.out);
}

Outcome read_automatic(JumpList& list) {
  const auto file = CfbView::open(list.in.data);
  if (!file) return Outcome::kNotMine;
  if (!file->fault().empty()) list.damage(DamageKind::kRange, 0, "compound file", file->fault());
  std::map<std::string, LnkView> links;
  std::map<std::string, std::uint64_t> places;
  for (const CfbEntry& entry : file->entries()) {
    if (entry.storage || entry.path == "DestList" || links.size() >= kMaxEntries) continue;
    const std::vector<std::byte> content = file->read(entry, kMaxLink);
    if (!is_lnk(content)) continue;
    LnkView link = parse_lnk(content);
    const std::uint64_t at = file->first_byte(entry).value_or(0);
    if (link.fault)
      list.damage(DamageKind::kTruncated, at, link.fault->field,
                  "the link of entry " + to_valid_utf8(entry.path) + " is cut off");
    places[ascii_lower(entry.path)] = at;
    links[ascii_lower(entry.path)] = std::move(link);
  }
  std::map<std::string, bool> told;
  for (const CfbEntry& entry : file->entries()) {
    if (entry.path != "DestList") continue;
    const std::vector<std::byte> content = file->read(entry, list.in.data.size());
    const std::uint64_t at = file->first_byte(entry).value_or(0);
    if (content.size() < entry.size)
      list.damage(DamageKind::kTruncated, at, "DestList", "its sectors are not all there");
    for (const Destination& one : read_destinations(list, content, at)) {
      const std::string name = fmt::format("{:x}", one.number);
      const auto link = links.find(name);
      const Event plain = list.dress(describe_destination(one, link == links.end() ? nullptr : &link->second));
      Event event = plain;
      event.what = action::kFileOpened;
      event.when = one.accessed;
      event.when_meaning = Meaning::kAccessed;
      event.how = "jump list";
      event.locator = place(list.in, at, std::min<std::uint64_t>(entry.size, 114));
      list.out.event(std::move(event));
      if (link == links.end()) continue;
      told[name] = true;
      if (link->second.has_header) give_link(list, link->second, places[name], plain);
    }
  }
  for (const auto& [name, link] : links)  // links that DestList has dropped
    if (!told[name] && link.has_header) give_link(list, link, places[name], list.dress(describe_lnk(link)));
  return list.whole ? Outcome::kComplete : Outcome::kPartial;
}

Outcome read_custom(JumpList& list) {
  const std::string_view text = as_chars(list.in.data);
  std::size_t links = 0;
  for (std::size_t at = text.find(kLink); at != std::string_view::npos; at = text.find(kLink, at)) {
    const LnkView link = parse_lnk(list.in.data.subspan(at, std::min(kMaxLink, text.size() - at)));
    if (link.has_header) give_link(list, link, at, list.dress(describe_lnk(link)));
    if (link.fault) list.damage(DamageKind::kTruncated, at, link.fault->field, "a link is cut off");
    at += std::max<std::size_t>(link.end, kLink.size());
    if (++links >= kMaxEntries) break;
  }
  if (links >= kMaxEntries) list.damage(DamageKind::kLimit, 0, "links", "more than 4096 links");
  if (!has_at(list.in.data, text.size() - std::min<std::size_t>(4, text.size()), "\xab\xfb\xbf\xba"))
    list.damage(DamageKind::kTruncated, text.size(), "footer", "the list does not end with its signature");
  return list.whole ? Outcome::kComplete : Outcome::kPartial;
}

Outcome parse_jumplist(const Artifact& in, EventSink& out) {
  const std::string name = in.stream.path.substr(std::min(in.stream.path.size(), in.stream.path.rfind('/') + 1));
  JumpList list{in, out, name.substr(0, name.find('.')), browser_profile(in.stream.path).user};
  if (has_at(in.data, 0, "\xd0\xcf\x11\xe0")) return read_automatic(list);
  if (in.data.size() < 12 || !ascii_lower(name).ends_with("customdestinations-ms")) return Outcome::kNotMine;
  return read_custom(list);
}

constexpr std::array kPaths = {"**.automaticdestinations-ms"sv, "**.customdestinations-ms"sv};
constexpr std::array kOwnFields = {
    FieldSpec{"application_id", "hex", "id of the program the list belongs to"},
    FieldSpec{"entry", "count", "number of the entry"}, FieldSpec{"opened_on", "", "machine the entry was made on"},
    FieldSpec{"pinned", "count", "place among the pinned entries"}, FieldSpec{"accesses", "count", "times opened"}};
constexpr auto kFields = [] {
  std::array<FieldSpec, kLnkFields.size() + kOwnFields.size()> out{};
  std::copy(kLnkFields.begin(), kLnkFields.end(), out.begin());
  std::copy(kOwnFields.begin(), kOwnFields.end(), out.begin() + kLnkFields.size());
  return out;
}();
constexpr std::array kReferences = {
    "https://github.com/libyal/dtformats/blob/main/documentation/Jump%20lists%20format.asciidoc"sv,
    "https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-cfb/53989ce4-7b05-4f8d-829b-d08d6148375b"sv};

}  // namespace

extern const ArtifactParser jumplist;
constinit const ArtifactParser jumplist{
    .id = "windows.jumplist",
    .version = 1,
    .title_en = "Jump lists",
    .title_ja = "ジャンプリスト",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{64 << 20},
    .parse = parse_jumplist,
};

}  // namespace triage
