// SPDX-License-Identifier: Apache-2.0
// WebCacheV01.dat of Internet Explorer 10+, Edge Legacy and everything that uses WinINet: history, cache, cookies and
// downloads, also file:// addresses of documents opened with Office or Explorer. Times are FILETIME, UTC.
//   Containers(ContainerId Name Directory PartitionId …) → Container_<id>(EntryId Url AccessCount SyncTime CreationTime
//   ExpiryTime ModifiedTime AccessedTime FileSize Filename ResponseHeaders …)
// Spec: libyal/esedb-kb, "WebCache database"; downloads: blob of ResponseHeaders in container "iedownload".
#include <fmt/format.h>

#include <array>

#include "artifacts/ese_artifact.h"
#include "bytes/text.h"
#include "formats/browser_profile.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

struct Container {
  std::int64_t id = 0;
  std::string name, directory;
};

/// "Visited: sales01@https://a.example/" and ":2026041020260411: sales01@…" as user and address.
std::pair<std::string, std::string> split_address(std::string_view text) {
  if (!text.starts_with("Visited: ") && !text.starts_with(":")) return {"", std::string(text)};
  const std::size_t space = text.find(": ");
  const std::size_t at = text.find('@', space == std::string_view::npos ? 0 : space);
  if (space == std::string_view::npos || at == std::string_view::npos) return {"", std::string(text)};
  return {std::string(text.substr(space + 2, at - space - 2)), std::string(text.substr(at + 1))};
}

/// Texts of the download blob: the last one is the file's path, the one before the address.
std::vector<std::string> texts_of(Bytes blob) {
  std::vector<std::string> out;
  constexpr std::size_t kFirstText = 0x148;
  if (blob.size() <= kFirstText) return out;
  const std::string all = utf16le_to_utf8(blob.subspan(kFirstText));
  for (std::size_t begin = 0; begin < all.size() && out.size() < 32;) {
    const std::size_t end = std::min(all.find('\0', begin), all.size());
    if (end > begin) out.push_back(all.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

struct Reader {
  const Artifact& in;
  EventSink& out;
  BrowserProfile profile;

  Event describe(const Container& container, const EseRow& row) const {
    Event event;
    event.locator = in.at(row.at(), row.length());
    event.recovered = row.recovered();
    if (const auto id = row.integer("EntryId"); id && *id >= 0) event.record = static_cast<std::uint64_t>(*id);
    auto [user, url] = split_address(row.text("Url").value_or(""));
    event.who = user.empty() ? profile.user : std::optional(user);
    event.object_kind = "url";
    if (!url.empty()) event.object = url;
    event.remote = url_host(url);
    if (is_web_url(url)) event.channel = "web";
    if (url.starts_with("file://")) event.path = url;
    event.how = "WinINet: " + container.name;
    if (const auto count = row.integer("AccessCount"); count && *count >= 0)
      event.attribute("access_count", static_cast<std::uint64_t>(*count));
    if (const auto size = row.integer("FileSize"); size && *size > 0)
      event.object_size = static_cast<std::uint64_t>(*size);
    if (const auto name = row.text("Filename")) event.attribute("cache_file", *name);
    return event;
  }

  void stamp(Event event, const std::optional<Timestamp>& when, Meaning meaning, std::string_view what) const {
    if (!when || when->status == TimeStatus::kNotSet) return;
    event.when = *when;
    event.when_meaning = meaning;
    event.what = what;
    out.event(std::move(event));
  }

  void give(const Container& container, const EseRow& row) const {
    Event event = describe(container, row);
    const std::string name = ascii_lower(container.name);
    if (name == "iedownload") {
      if (const auto blob = row.binary("ResponseHeaders")) {
        const auto texts = texts_of(*blob);
        if (texts.size() >= 2) {
          event.object = texts[texts.size() - 1];
          event.path = event.object;
          event.object_kind = "file";
          event.remote = url_host(texts[texts.size() - 2]);
          event.channel = "web";
          event.attribute("url", texts[texts.size() - 2]);
        }
      }
      stamp(event, row.date("AccessedTime"), Meaning::kDownloadEnded, action::kFileDownloaded);
      return;
    }
    const bool history = name.starts_with("history") || name.starts_with("mshist");
    const bool cookies = name.starts_with("cookies");
    const std::string_view what = event.path ? action::kFileOpened : action::kUrlVisited;
    stamp(event, row.date("AccessedTime"), history ? Meaning::kVisited : Meaning::kAccessed, what);
    if (history) return;
    stamp(event, row.date("CreationTime"), Meaning::kCreated, what);
    if (cookies) return;
    stamp(event, row.date("ModifiedTime"), Meaning::kModified, action::kOther);
  }
};

Outcome parse_webcache(const Artifact& in, EventSink& out) {
  auto view = EseView::open(in.data);
  if (!view) return Outcome::kNotMine;
  const EseTable* list = view->table("Containers");
  if (list == nullptr && view->faults().empty()) return Outcome::kNotMine;
  std::vector<Container> containers;
  if (list != nullptr)
    view->rows(*list, [&containers](const EseRow& row) {
      const auto id = row.integer("ContainerId");
      if (id && !row.recovered())
        containers.push_back({*id, row.text("Name").value_or(""), row.text("Directory").value_or("")});
    });
  const Reader reader{in, out, browser_profile(in.stream.path)};
  for (const Container& container : containers)
    if (const EseTable* table = view->table(fmt::format("Container_{}", container.id)))
      view->rows(*table, [&](const EseRow& row) { reader.give(container, row); });
  return tell_faults(*view, out);
}

constexpr std::array kMagics = {kEseMagic};
constexpr std::array kPaths = {"**/webcachev*.dat"sv};
constexpr std::array kFields = {FieldSpec{"access_count", "count", "times the entry was used"},
                                FieldSpec{"cache_file", "", "file in the cache's folder"},
                                FieldSpec{"url", "", "address the file was downloaded from"}};
constexpr std::array kReferences = {
    "https://github.com/libyal/esedb-kb/blob/main/documentation/WebCache%20database.asciidoc"sv,
    "https://github.com/libyal/libesedb/blob/main/documentation/Extensible%20Storage%20Engine%20(ESE)%20Database%20File%20(EDB)%20format.asciidoc"sv};

}  // namespace

extern const ArtifactParser webcache;
constinit const ArtifactParser webcache{
    .id = "windows.webcache",
    .version = 1,
    .title_en = "Internet Explorer and Edge Legacy history, cookies, downloads (WebCache)",
    .title_ja = "IE・旧Edgeの履歴・Cookie・ダウンロード(WebCache)",
    .magics = kMagics,
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{std::uint64_t{1} << 30},
    .parse = parse_webcache,
};

}  // namespace triage
