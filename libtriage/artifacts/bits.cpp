// SPDX-License-Identifier: Apache-2.0
// Background Intelligent Transfer Service (qmgr.db, Windows 10): what was fetched or sent from which address to which
// file, for whom, when the job was made and last changed. Jobs that are done stay on pages for a while (recovered).
//   Jobs(Id Blob), Files(Id Blob)
//   job := GUID, u32 kind, u32 priority, u32 state, u32, GUID id, text name, text description, text command, text
//          arguments, text SID, …, mark, u32 files, GUID…, mark, u32, u32, u32 retry, u32 timeout, FILETIME created,
//          FILETIME changed, …        file := GUID, text target, text address, text temporary, u64 size, u64 done, …
//   text := u32 characters with the NUL, UTF-16LE          mark := 36DA56776F515A43ACAC44A248FFF34D
// Not read: qmgr0.dat and qmgr1.dat of Windows 7 and 8. Spec: ANSSI-FR/bits_parser, structs; checked on a hex dump.
#include <fmt/format.h>

#include <array>
#include <map>

#include "artifacts/parser.h"
#include "bytes/text.h"
#include "formats/browser_profile.h"
#include "formats/ese.h"
#include "formats/shell_item.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::string_view kMark = "\x36\xda\x56\x77\x6f\x51\x5a\x43\xac\xac\x44\xa2\x48\xff\xf3\x4d"sv;
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
  bool whole = true;
};

std::string counted_text(ByteCursor& c, std::string_view field) {
  const std::size_t units = c.le<std::uint32_t>(field);
  if (units > c.remaining() / 2) c.reject(field);
  return utf16le_zstring(c.take(units * 2, field));
}

File read_file(Bytes blob) {
  ByteCursor c(blob);
  File out;
  c.skip(16, "signature");
  out.target = counted_text(c, "target");
  out.address = counted_text(c, "address");
  out.temporary = counted_text(c, "temporary file");
  out.size = c.le<std::uint64_t>("size");
  out.done = c.le<std::uint64_t>("done");
  return out;
}

Job read_job(Bytes blob) {
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
  c.seek(mark + kMark.size(), "files");
  const std::size_t count = std::min<std::size_t>(c.le<std::uint32_t>("files"), c.remaining() / 16);
  for (std::size_t i = 0; i < count; ++i) out.files.push_back(guid_text(c.take(16, "file")));
  if (as_chars(c.take(16, "mark")) != kMark) return out;
  const auto failed = c.le<std::uint32_t>("error");
  c.skip(12, "retry, timeout");
  if (failed != 0) return out;  // what an error puts in between is not known
  const auto created = c.le<std::uint64_t>("created");
  const auto changed = c.le<std::uint64_t>("changed");
  if (!c.ok()) return out;
  out.created = from_filetime(created);
  out.changed = from_filetime(changed);
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

Outcome parse_bits(const Artifact& in, EventSink& out) {
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
  for (const EseFault& fault : view->faults()) out.damage(fault.kind, fault.at, fault.field, fault.detail);
  return whole && view->faults().empty() ? Outcome::kComplete : Outcome::kPartial;
}

constexpr std::array kMagics = {Magic{4, "\xef\xcd\xab\x89"}};
constexpr std::array kPaths = {"**/qmgr.db"sv};
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
