// SPDX-License-Identifier: Apache-2.0
// Background Intelligent Transfer Service: what was fetched or sent from which address to which file, for whom, when
// the job was made and last changed. qmgr.db (Windows 10): jobs that are done stay on pages for a while (recovered).
//   Jobs(Id Blob), Files(Id Blob)
//   job := GUID, u32 kind, u32 priority, u32 state, u32, GUID id, text name, text description, text command, text
//          arguments, text SID, …, mark, u32 files, GUID…, mark, u32, u32, u32 retry, u32 timeout, FILETIME created,
//          FILETIME changed, …        file := GUID, text target, text address, text temporary, u64 size, u64 done, …
//   text := u32 characters with the NUL, UTF-16LE          mark := 36DA56776F515A43ACAC44A248FFF34D
// qmgr0.dat, qmgr1.dat (Windows XP to 8.1) := mark of the file, mark of the queue, u32 jobs, job…, mark of the queue …
//   their jobs hold the files themselves (without GUID) between the two marks. Spec: ANSSI-FR/bits_parser, structs;
//   checked on a hex dump.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "artifacts/ese_artifact.h"
#include "bytes/text.h"
#include "formats/browser_profile.h"
#include "formats/peek.h"
#include "formats/shell_item.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::string_view kMark = "\x36\xda\x56\x77\x6f\x51\x5a\x43\xac\xac\x44\xa2\x48\xff\xf3\x4d"sv;
constexpr std::string_view kQueueFile = "\x13\xf7\x2b\xc8\x40\x99\x12\x4a\x9f\x1a\x3a\xae\xbd\x89\x4e\xea"sv;
constexpr std::string_view kQueue = "\x47\x44\x5f\x00\xa9\xbd\xba\x44\x98\x51\xc4\x7b\xb6\xc0\x7a\xce"sv;
// What begins a job, by version of Windows: XP and 2003, Vista, 7, 8 and later.
constexpr std::array kJobMarks = {"\x93\x36\x20\x35\xa0\x0c\x10\x4a\x84\xf3\xb1\x7e\x7b\x49\x9c\xd7"sv,
                                  "\x10\x13\x70\xc8\x36\x53\xb3\x41\x83\xe5\x81\x55\x7f\x36\x1b\x87"sv,
                                  "\x8c\x93\xea\x64\x03\x0f\x68\x40\xb4\x6f\xf9\x7f\xe5\x1d\x4d\xcd"sv,
                                  "\xb3\x46\xed\x3d\x3b\x10\xf9\x44\xbc\x2f\xe8\x37\x8b\xd3\x19\x86"sv};
constexpr std::size_t kMaxFiles = 4096;
constexpr std::uint32_t kUnknownSize = 0xffffffff;
constexpr std::array kKinds = {"download"sv, "upload"sv, "upload with reply"sv};
constexpr std::array kStates = {"queued"sv,          "connecting"sv,  "transferring"sv, "suspended"sv, "error"sv,
                                "transient error"sv, "transferred"sv, "acknowledged"sv, "cancelled"sv};

struct File {
  std::string target, address, temporary;
  std::uint64_t size = 0, done = 0;
  std::uint64_t at = 0, length = 0;
  bool recovered = false;
};

struct Job {
  std::uint32_t kind = 0, state = 0;
  std::string id, name, description, command, sid;
  std::vector<std::string> files;
  Timestamp created, changed;
  std::size_t files_at = 0, files_end = 0;
  bool whole = true;
};

std::string counted_text(ByteCursor& c, std::string_view field) {
  const std::size_t units = c.le<std::uint32_t>(field);
  if (units > c.remaining() / 2) c.reject(field);
  return utf16le_zstring(c.take(units * 2, field));
}

File take_file(ByteCursor& c) {
  File out;
  out.target = counted_text(c, "target");
  out.address = counted_text(c, "address");
  out.temporary = counted_text(c, "temporary file");
  out.size = c.le<std::uint64_t>("size");
  out.done = c.le<std::uint64_t>("done");
  return out;
}

File read_file(Bytes blob) {
  ByteCursor c(blob);
  c.skip(16, "signature");
  return take_file(c);
}

/// Behind the second mark.
void read_times(ByteCursor& c, Job& out) {
  const auto failed = c.le<std::uint32_t>("error");
  c.skip(12, "retry, timeout");
  if (failed != 0) return;  // what an error puts in between is not known
  const auto created = c.le<std::uint64_t>("created");
  const auto changed = c.le<std::uint64_t>("changed");
  if (!c.ok()) return;
  out.created = from_filetime(created);
  out.changed = from_filetime(changed);
}

/// `by_guid`: the job names its files; else it holds them, from files_at to files_end.
Job read_job(Bytes blob, bool by_guid = true) {
  ByteCursor c(blob);
  Job out;
  c.skip(16, "signature");
  out.kind = c.le<std::uint32_t>("kind");
  c.skip(4, "priority");
  out.state = c.le<std::uint32_t>("state");
  c.skip(4, "unknown");
  out.id = guid_text(c.take(16, "id"));
  out.name = counted_text(c, "name");
  out.description = counted_text(c, "description");
  out.command = counted_text(c, "command");
  std::string arguments = counted_text(c, "arguments");
  if (!arguments.empty()) out.command += " " + arguments;
  out.sid = counted_text(c, "sid");
  out.whole = c.ok();
  const std::string_view all = as_chars(blob);
  const std::size_t mark = all.find(kMark);
  if (!out.whole || mark == std::string_view::npos) return out;
  out.files_at = mark + kMark.size();
  c.seek(out.files_at, "files");
  if (!by_guid) {
    const std::size_t next = all.find(kMark, out.files_at);
    if (next == std::string_view::npos) return out;
    out.files_end = next;
    c.seek(next + kMark.size(), "error");
    read_times(c, out);
    return out;
  }
  const std::size_t count = std::min<std::size_t>(c.le<std::uint32_t>("files"), c.remaining() / 16);
  for (std::size_t i = 0; i < count; ++i) out.files.push_back(guid_text(c.take(16, "file")));
  if (as_chars(c.take(16, "mark")) != kMark) return out;
  read_times(c, out);
  return out;
}

Event describe(const Job& job, const File* file) {
  Event event;
  event.what = job.kind == 0 ? action::kFileDownloaded : action::kNetworkConnected;
  event.how = fmt::format("BITS {}", job.kind < kKinds.size() ? kKinds[job.kind] : "job"sv);
  event.object_kind = "file";
  if (job.sid.starts_with("S-1-")) event.sid = job.sid;
  event.partial = !job.whole;
  const auto put = [&event](std::string_view name, const std::string& text) {
    if (!text.empty()) event.attribute(name, text);
  };
  put("job", job.name);
  put("job_id", job.id);
  put("description", job.description);
  put("command", job.command);
  put("state", job.state < kStates.size() ? std::string(kStates[job.state]) : fmt::format("{}", job.state));
  if (file == nullptr) return event;
  if (!file->target.empty()) {
    event.object = file->target;
    event.path = file->target;
  }
  event.remote = url_host(file->address);
  if (is_web_url(file->address)) event.channel = "web";
  if (file->size < kUnknownSize) event.object_size = file->size;
  put("url", file->address);
  put("temporary", file->temporary);
  if (file->done < kUnknownSize) event.attribute("transferred", file->done);
  return event;
}

void stamp(Event event, const Timestamp& when, Meaning meaning, EventSink& out) {
  event.when = when;
  event.when_meaning = when.status == TimeStatus::kNotSet ? Meaning::kOther : meaning;
  out.event(std::move(event));
}

void give_job(const EseRow& row, std::map<std::string, File>& files, const Artifact& in, EventSink& out, bool& whole) {
  const auto blob = row.binary("Blob");
  if (!blob) return;
  const Job job = read_job(*blob);
  if (!job.whole) {
    whole = false;
    out.damage(DamageKind::kTruncated, row.at(), "job", "a job is cut off");
  }
  std::vector<const File*> parts;
  for (const std::string& id : job.files)
    if (const auto found = files.find(id); found != files.end()) parts.push_back(&found->second);
  if (parts.empty()) parts.push_back(nullptr);
  for (const File* file : parts) {
    Event event = describe(job, file);
    event.recovered = row.recovered();
    event.locator = file != nullptr ? in.at(file->at, file->length) : in.at(row.at(), row.length());
    stamp(event, job.created, Meaning::kDownloadStarted, out);
    if (job.changed.status != TimeStatus::kNotSet && job.changed.raw != job.created.raw)
      stamp(event, job.changed, Meaning::kModified, out);
  }
}

/// A file of a job in a queue: it begins with a path, so with "C" NUL ":" behind the count of its characters. What
/// stands between two files differs by version, so that the next one is found by that.
std::optional<std::size_t> next_path(Bytes data, std::size_t from) {
  for (std::size_t at = from; at + 8 <= data.size(); ++at) {
    const bool drive = has_at(data, at + 5, "\0:\0"sv);
    const bool share = has_at(data, at + 4, "\\\0\\\0"sv);
    const auto units = le_at<std::uint32_t>(data, at);
    if ((drive || share) && units >= 4 && units < 32768 && holds(data, at + 4, std::uint64_t{units} * 2)) return at;
  }
  return std::nullopt;
}

void give_queued(Bytes blob, std::size_t at, const Artifact& in, EventSink& out, bool& whole) {
  const Job job = read_job(blob, false);
  const Bytes held = blob.first(job.files_end);
  std::vector<File> files;
  for (auto next = next_path(held, job.files_at); job.files_end != 0 && next && files.size() < kMaxFiles;) {
    ByteCursor c(held);
    c.seek(*next, "file");
    File file = take_file(c);
    file.at = at + *next;
    file.length = c.position() - *next;
    if (!c.ok()) break;
    c.skip(1, "unknown");
    (void)counted_text(c, "drive");   // where the target lies: the target says it
    (void)counted_text(c, "volume");  // its GUID
    next = next_path(held, c.position());
    files.push_back(std::move(file));
  }
  const std::size_t promised = le_at<std::uint32_t>(blob, job.files_at);
  if (!job.whole || job.files_end == 0 || files.size() < promised) {
    whole = false;
    out.damage(DamageKind::kTruncated, at, "job", "a job is cut off, or one of its files");
  }
  const auto give = [&](const File* file) {
    Event event = describe(job, file);
    event.locator = file != nullptr ? in.at(file->at, file->length) : in.at(at, blob.size());
    stamp(event, job.created, Meaning::kDownloadStarted, out);
    if (job.changed.status != TimeStatus::kNotSet && job.changed.raw != job.created.raw)
      stamp(event, job.changed, Meaning::kModified, out);
  };
  for (const File& file : files) give(&file);
  if (files.empty()) give(nullptr);
}

/// qmgr0.dat and qmgr1.dat. Jobs that the queue no longer counts stand behind it and are found, too.
Outcome parse_queue(const Artifact& in, EventSink& out) {
  const std::string_view all = as_chars(in.data);
  std::vector<std::size_t> begins;
  for (const std::string_view mark : kJobMarks)
    for (std::size_t at = all.find(mark); at != std::string_view::npos; at = all.find(mark, at + mark.size()))
      begins.push_back(at);
  std::sort(begins.begin(), begins.end());
  const std::size_t queue = all.find(kQueue);
  const bool ended =
      queue != std::string_view::npos && all.find(kQueue, queue + kQueue.size()) != std::string_view::npos;
  bool whole = ended;
  if (!ended) out.damage(DamageKind::kTruncated, all.size(), "queue", "the mark that ends the queue is missing");
  // A mark stands before a job and behind it, too: what is too short for a job lies between two.
  constexpr std::size_t kLeast = 16 + 4 * 4 + 16 + 5 * 4;
  for (std::size_t i = 0; i < begins.size(); ++i) {
    const std::size_t end = i + 1 < begins.size() ? begins[i + 1] : all.size();
    const Bytes blob = in.data.subspan(begins[i], end - begins[i]);
    const bool job = blob.size() >= kLeast && as_chars(blob).find(kMark) != std::string_view::npos;
    const bool cut = !ended && i + 1 == begins.size() && blob.size() > kMark.size();
    if (job || cut) give_queued(blob, begins[i], in, out, whole);
  }
  return whole ? Outcome::kComplete : Outcome::kPartial;
}

Outcome parse_bits(const Artifact& in, EventSink& out) {
  if (has_at(in.data, 0, kQueueFile)) return parse_queue(in, out);
  auto view = EseView::open(in.data);
  if (!view) return Outcome::kNotMine;
  const EseTable* jobs = view->table("Jobs");
  const EseTable* list = view->table("Files");
  if ((jobs == nullptr || list == nullptr) && view->faults().empty()) return Outcome::kNotMine;
  std::map<std::string, File> files;
  bool whole = true;
  if (list != nullptr)
    view->rows(*list, [&files](const EseRow& row) {
      const auto id = row.binary("Id");
      const auto blob = row.binary("Blob");
      if (!id || !blob) return;
      File file = read_file(*blob);
      file.at = row.at();
      file.length = row.length();
      file.recovered = row.recovered();
      files.try_emplace(guid_text(*id), std::move(file));
    });
  if (jobs != nullptr) view->rows(*jobs, [&](const EseRow& row) { give_job(row, files, in, out, whole); });
  const Outcome outcome = tell_faults(*view, out);
  return whole ? outcome : Outcome::kPartial;
}

constexpr std::array kMagics = {kEseMagic, Magic{0, kQueueFile}};
constexpr std::array kPaths = {"**/qmgr.db"sv, "**/qmgr?.dat"sv};
constexpr std::array kFields = {FieldSpec{"job", "", "name of the job"},
                                FieldSpec{"job_id", "", "id of the job"},
                                FieldSpec{"description", "", "description of the job"},
                                FieldSpec{"command", "", "program run when the job is done"},
                                FieldSpec{"state", "", "state of the job"},
                                FieldSpec{"url", "", "address"},
                                FieldSpec{"temporary", "", "file it is written to until it is whole"},
                                FieldSpec{"transferred", "bytes", "transferred so far"}};
constexpr std::array kReferences = {
    "https://github.com/ANSSI-FR/bits_parser/blob/master/bits/structs.py"sv,
    "https://github.com/libyal/libesedb/blob/main/documentation/Extensible%20Storage%20Engine%20(ESE)%20Database%20File%20(EDB)%20format.asciidoc"sv};

}  // namespace

extern const ArtifactParser bits;
constinit const ArtifactParser bits{
    .id = "windows.bits",
    .version = 1,
    .title_en = "Background transfers (BITS)",
    .title_ja = "バックグラウンド転送(BITS)",
    .magics = kMagics,
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{256 << 20},
    .parse = parse_bits,
};

}  // namespace triage
