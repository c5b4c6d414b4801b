// SPDX-License-Identifier: Apache-2.0
#include "report/event_selection.h"

#include <algorithm>
#include <limits>

#include "bytes/json.h"
#include "bytes/text.h"

namespace triage {
namespace {

/// What decides the order of taking; the whole of it makes the choice independent of the order of rows.
struct Candidate {
  EventRank rank = EventRank::kRest;
  std::uint32_t finding = 0;
  std::int64_t order = 0;
  std::string id;
  bool operator<(const Candidate& other) const {
    if (rank != other.rank) return rank < other.rank;
    if (finding != other.finding) return finding < other.finding;
    if (order != other.order) return order > other.order;  // later first
    return id < other.id;
  }
};

/// The `limit` smallest candidates seen.
class Best {
 public:
  explicit Best(std::size_t limit) : limit_(limit) {}
  void offer(Candidate candidate) {
    if (limit_ == 0) return;
    if (heap_.size() == limit_) {
      if (!(candidate < heap_.front())) return;
      std::pop_heap(heap_.begin(), heap_.end());
      heap_.back() = std::move(candidate);
    } else {
      heap_.push_back(std::move(candidate));
    }
    std::push_heap(heap_.begin(), heap_.end());
  }
  [[nodiscard]] std::vector<std::string> ids() const {
    const bool others = std::any_of(heap_.begin(), heap_.end(),
                                    [](const Candidate& candidate) { return candidate.rank != EventRank::kSystem; });
    std::vector<std::string> out;
    for (const Candidate& candidate : heap_) {
      if (!others || candidate.rank != EventRank::kSystem) out.push_back(candidate.id);
    }
    std::sort(out.begin(), out.end());
    return out;
  }

 private:
  std::size_t limit_;
  std::vector<Candidate> heap_;
};

/// The entry of `key`, made where it is absent; a lookup makes no string.
template <typename Map>
typename Map::mapped_type& entry_of(Map& map, std::string_view key) {
  const auto at = map.find(key);
  return at != map.end() ? at->second : map[std::string(key)];
}

/// "C:\Users\a" and "/Users/a" alike.
std::string plain_path(std::string_view path) {
  std::string out = ascii_lower(path);
  std::replace(out.begin(), out.end(), '\\', '/');
  if (out.size() > 2 && out[1] == ':' && out[2] == '/') out.erase(0, 2);
  return out;
}

bool starts_with_any(std::string_view path, std::initializer_list<std::string_view> folders) {
  return std::any_of(folders.begin(), folders.end(),
                     [path](std::string_view folder) { return path.starts_with(folder); });
}

bool is_user_file(std::string_view path) {
  if (!starts_with_any(path, {"/users/", "/home/", "/root/", "/documents and settings/"})) return false;
  return path.find("/appdata/") == std::string_view::npos && path.find("/.cache/") == std::string_view::npos &&
         path.find("/library/") == std::string_view::npos && path.find("/ntuser.dat") == std::string_view::npos;
}

/// Below a home folder, in the recycle bin, or a file whose folder is gone: of some person, if not a document.
bool is_near_user(std::string_view path) {
  return starts_with_any(
      path, {"/users/", "/home/", "/root/", "/documents and settings/", "/$recycle.bin/", "/$orphanfiles/"});
}

bool is_system_file(std::string_view path) {
  return path.empty() || path == "/" || starts_with_any(path, {"/windows",       "/program files",
                                                               "/programdata/",  "/$",
                                                               "/bin/",          "/boot/",
                                                               "/dev/",          "/etc/",
                                                               "/lib",           "/opt/",
                                                               "/proc/",         "/run/",
                                                               "/sbin/",         "/sys/",
                                                               "/usr/",          "/var/",
                                                               "/system/",       "/library/",
                                                               "/applications/", "/private/",
                                                               "/recovery/",     "/system volume information/"});
}

}  // namespace

EventRank rank_of(std::string_view artifact, std::string_view what, std::string_view path, bool recovered) {
  if (family_of(artifact) != Family::kFiles) return EventRank::kRecord;
  const std::string plain = plain_path(path);
  if (is_user_file(plain) || plain.starts_with("/$recycle.bin/")) return EventRank::kUserFile;
  if (is_near_user(plain)) return EventRank::kRest;
  if (is_system_file(plain)) return EventRank::kSystem;
  if (recovered || what == "file.deleted" || what == "file.recycled") return EventRank::kUserFile;
  return EventRank::kOtherFile;
}

Result<EventOverview> choose_events(Database& database, const ReportZone& zone, std::size_t limit,
                                    const std::unordered_map<std::string, std::uint32_t>& named) {
  // The path is only looked up for records about files: it is the costly column.
  TRIAGE_TRY(
      Statement rows,
      database.prepare("SELECT id, when_ns, when_basis, artifact, what, recovered, CASE WHEN artifact = 'fs.times' "
                       "OR artifact LIKE 'ntfs.%' THEN coalesce(path, object) END, artifact_version FROM events"));
  EventOverview out;
  Best best(limit);
  while (true) {
    TRIAGE_TRY(const bool more, rows.step());
    if (!more) break;
    ++out.total;
    ArtifactCoverage& coverage = entry_of(out.artifacts, rows.text(3));
    ++coverage.count;
    coverage.version = std::max(coverage.version, rows.integer(7));
    Candidate candidate;
    candidate.order = std::numeric_limits<std::int64_t>::min();
    if (rows.is_null(1)) {
      ++out.without_time;
      ++coverage.without_time;
    } else {
      candidate.order = order_ns(rows.integer(1), rows.text(2), zone);
      const std::int64_t day = zone.day_of(candidate.order);
      ++out.days[day][static_cast<std::size_t>(family_of(rows.text(3)))];
      ++coverage.days[day];
      ++entry_of(out.bases, rows.text(2));
    }
    candidate.id = rows.text(0);
    if (const auto at = named.find(candidate.id); at != named.end()) {
      candidate.rank = EventRank::kFinding;
      candidate.finding = at->second;
    } else {
      candidate.rank = rank_of(rows.text(3), rows.text(4), rows.text(6), rows.integer(5) != 0);
    }
    best.offer(std::move(candidate));
  }
  out.chosen = best.ids();
  return out;
}

std::optional<std::int64_t> day_at_share(const EventOverview& overview, double share) {
  const auto dated = static_cast<double>(overview.total - overview.without_time);
  double below = 0;
  std::optional<std::int64_t> last;
  for (const auto& [day, counts] : overview.days) {
    for (const std::uint64_t count : counts) below += static_cast<double>(count);
    last = day;
    if (below >= share * dated) return day;
  }
  return last;
}

Status for_events_by_id(Database& database, const std::vector<std::string>& ids,
                        const std::function<void(EventRow)>& visit) {
  std::string list = "[";
  for (const std::string& id : ids) {
    if (list.size() > 1) list.push_back(',');
    append_json_string(list, id);
  }
  list.push_back(']');
  // With the index on ids this is a lookup for each, without it (a case still being filled) one scan.
  TRIAGE_TRY(Statement rows, database.prepare(fmt::format("SELECT {} FROM events WHERE id IN (SELECT value FROM "
                                                          "json_each(?1))",
                                                          kEventRowColumns)));
  rows.bind(1, std::string_view(list));
  while (true) {
    TRIAGE_TRY(const bool more, rows.step());
    if (!more) return {};
    visit(read_event_row(rows));
  }
}

}  // namespace triage
