// SPDX-License-Identifier: Apache-2.0
// Files opened on a Linux desktop (recently-used.xbel of GTK and KDE): which file, when, with which program.
//   xbel := { <bookmark href="URL" added= modified= visited=> … { <bookmark:application name= exec= modified= count=> }
//   }
// Times are UTC. Spec: freedesktop.org, "Desktop Bookmarks Storage Specification".
#include <array>
#include <optional>
#include <string>

#include "artifacts/parser.h"
#include "bytes/text.h"
#include "bytes/time_formats.h"
#include "formats/browser_profile.h"
#include "formats/home_path.h"
#include "formats/log_line.h"
#include "formats/xml_scan.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

Timestamp stamp_of(const std::string& text) {
  Timestamp out;
  if (text.empty()) return out;
  out.raw = text;
  out.utc_nanos = parse_time_text(text);
  out.basis = TimeBasis::kUtc;
  out.precision = text.find('.') == std::string::npos ? Precision::kSecond : Precision::kMicrosecond;
  out.status = out.utc_nanos ? TimeStatus::kOk : TimeStatus::kOutOfRange;
  return out;
}

class RecentReader {
 public:
  RecentReader(const Artifact& in, EventSink& out) : in_(in), out_(out), owner_(home_owner(in.stream.path)) {}
  Outcome read();

 private:
  void application(const XmlTag& tag);
  void stamps(const XmlTag& tag);
  Event event_of(const XmlTag& tag) const;

  const Artifact& in_;
  EventSink& out_;
  std::optional<std::string> owner_;
  std::string url_;
  std::uint64_t number_ = 0;
  bool bad_time_ = false;
  std::size_t bad_at_ = 0;
};

Event RecentReader::event_of(const XmlTag& tag) const {
  Event event;
  event.what = action::kFileOpened;
  event.who = owner_;
  event.object_kind = "file";
  if (!url_.empty()) event.object = url_;
  if (const auto path = file_url_path(url_)) event.object = event.path = path;
  if (!event.path) event.remote = url_host(url_);
  event.record = number_;
  event.locator = in_.at(tag.at, tag.end - tag.at);
  return event;
}

constexpr std::string_view kNever = "1969-12-31T23:59:59Z";  // GLib's "not visited": -1 second

/// One event for each of the times, with every meaning it has.
void RecentReader::stamps(const XmlTag& tag) {
  static constexpr std::array<std::pair<std::string_view, Meaning>, 3> kStamps = {
      {{"added", Meaning::kFirstSeen}, {"modified", Meaning::kModified}, {"visited", Meaning::kAccessed}}};
  std::array<std::string, 3> texts;
  for (std::size_t i = 0; i < kStamps.size(); ++i) texts[i] = tag.attribute(kStamps[i].first).value_or("");
  for (std::size_t i = 0; i < kStamps.size(); ++i) {
    if (texts[i].empty() || texts[i] == kNever) continue;
    Event event = event_of(tag);
    event.how = "list of recently used files";
    event.when = stamp_of(texts[i]);
    for (std::size_t k = i; k < kStamps.size(); ++k) {
      if (texts[k] != event.when.raw) continue;
      event.when_meaning.add(kStamps[k].second);
      texts[k].clear();
    }
    if (event.when.status != TimeStatus::kOk && !bad_time_) bad_at_ = tag.at;
    bad_time_ = bad_time_ || event.when.status != TimeStatus::kOk;
    out_.event(std::move(event));
  }
}

void RecentReader::application(const XmlTag& tag) {
  const auto name = tag.attribute("name");
  if (url_.empty() || !name) return;
  Event event = event_of(tag);
  event.how = "opened with a program";
  if (!name->empty()) event.program = name;
  event.when = stamp_of(tag.attribute("modified").value_or(""));
  if (event.when.status == TimeStatus::kNotSet) {  // older writers: seconds since 1970
    const auto seconds = decimal(tag.attribute("timestamp").value_or(""));
    if (seconds) event.when = from_unix(static_cast<std::int64_t>(*seconds));
  }
  event.when_meaning = Meaning::kAccessed;
  if (const auto exec = tag.attribute("exec"); exec && !exec->empty()) event.attribute("command", *exec);
  if (const auto count = decimal(tag.attribute("count").value_or(""))) event.attribute("count", *count);
  out_.event(std::move(event));
}

Outcome RecentReader::read() {
  const std::string_view xml = as_chars(in_.data);
  if (xml.substr(0, 4096).find("<xbel") == std::string_view::npos) return Outcome::kNotMine;
  XmlScan scan(xml);
  bool ended = false;
  for (XmlTag tag; scan.next(tag);) {
    if (tag.name == "bookmark" && tag.opens) {
      url_ = tag.attribute("href").value_or("");
      ++number_;
      if (!url_.empty()) stamps(tag);
    } else if (tag.name == "bookmark:application" && tag.opens) {
      application(tag);
    }
    ended = ended || (tag.name == "xbel" && tag.closes);
  }
  if (!ended) out_.damage(DamageKind::kTruncated, in_.data.size(), "xbel", "the list does not end");
  if (bad_time_) out_.damage(DamageKind::kRange, bad_at_, "time", "a time that cannot be");
  return ended && !bad_time_ ? Outcome::kComplete : Outcome::kPartial;
}

Outcome parse_recent(const Artifact& in, EventSink& out) { return RecentReader(in, out).read(); }

constexpr std::array kPaths = {"**/recently-used.xbel*"sv, "**/.recently-used*"sv};
constexpr std::array kFields = {FieldSpec{"command", "", "how the program is called"},
                                FieldSpec{"count", "count", "how often the program registered the file"}};
constexpr std::array kReferences = {"https://www.freedesktop.org/wiki/Specifications/desktop-bookmark-spec/"sv,
                                    "https://docs.gtk.org/glib/struct.BookmarkFile.html"sv};

}  // namespace

extern const ArtifactParser recently_used;
constinit const ArtifactParser recently_used{
    .id = "linux.recently_used",
    .version = 1,
    .title_en = "Recently used files of a Linux desktop",
    .title_ja = "Linux デスクトップの最近使ったファイル",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{64 << 20},
    .parse = parse_recent,
};

}  // namespace triage
