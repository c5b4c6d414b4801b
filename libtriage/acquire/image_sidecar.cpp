// SPDX-License-Identifier: Apache-2.0
#include "acquire/image_sidecar.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "acquire/output_stream.h"
#include "bytes/digest.h"
#include "bytes/json.h"
#include "bytes/text.h"
#include "bytes/time_formats.h"
#include "evidence/zst_image.h"

namespace triage {
namespace {

constexpr std::size_t kListStep = 4096;

std::string labels_json(const CaseLabels& labels) {
  JsonLine line;
  const auto add = [&line](std::string_view key, const std::string& value) {
    if (!value.empty()) line.add(key, value);
  };
  add("case_number", labels.case_number);
  add("evidence_number", labels.evidence_number);
  add("examiner", labels.examiner);
  add("description", labels.description);
  add("notes", labels.notes);
  return line.finish();
}

}  // namespace

std::string image_metadata(const ImageRequest& request, const ImageHead& head, std::string_view access) {
  JsonLine line;
  line.add("schema", kImageSchema).add("image_id", head.image_id).add("tool", head.tool);
  line.add("started", utc_text(head.started_ns, 3)).add("format", image_format_name(request.format));
  line.add("size", head.size).add("sector_size", head.sector_size);
  line.add("chunk_bytes", std::uint64_t{head.chunk_bytes}).add("level", head.level).add("access", access);
  line.add_raw("labels", labels_json(head.labels));
  line.add("source_name", request.source_name);
  line.add_raw("source", request.source_json.empty() ? "{}" : request.source_json);
  return line.finish();
}

std::string image_footer(const ImageHead& head, const ImageSeal& seal, std::uint64_t chunk_count) {
  JsonLine hashes;
  for (const auto& [kind, hex] : seal.hashes) hashes.add(digest_kind_name(kind), hex);
  std::string ranges = "[";
  std::uint64_t bytes = 0;
  for (const auto& [at, length] : seal.unreadable) {
    ranges += fmt::format("{}[{},{}]", ranges.size() > 1 ? "," : "", at, length);
    bytes += length;
  }
  JsonLine line;
  line.add("schema", "triage.image.footer.v1").add("image_id", head.image_id);
  line.add("metadata_sha256", sha256_hex(head.metadata)).add("size", seal.size);
  line.add("chunk_bytes", std::uint64_t{head.chunk_bytes}).add("chunk_count", chunk_count);
  line.add("merkle_root", seal.merkle_root).add_raw("hashes", hashes.finish());
  return line.add("unreadable_bytes", bytes).add_raw("unreadable", ranges + "]").finish();
}

Status write_sidecar(const std::string& base, const ImageHead& head, const ImageSeal& seal,
                     const ChunkJournal& journal) {
  TRIAGE_TRY(OutputStream chunks, OutputStream::create(base + ".chunks"));
  for (std::uint64_t first = 0; first < journal.chunk_count(); first += kListStep) {
    TRIAGE_TRY(const auto entries, journal.read(first, kListStep));
    std::vector<std::byte> list;
    for (const auto& entry : entries) list.insert(list.end(), entry.digest.begin(), entry.digest.end());
    TRIAGE_TRY_STATUS(chunks.write(list));
  }
  TRIAGE_TRY_STATUS(chunks.sync());
  JsonLine line;
  line.add("schema", "triage.image.sidecar.v1").add_raw("metadata", head.metadata).add_raw("footer", seal.footer);
  TRIAGE_TRY(OutputStream json, OutputStream::create(base + ".json"));
  TRIAGE_TRY_STATUS(json.write(as_byte_span(line.finish() + "\n")));
  return json.sync();
}

Status write_map(const std::string& path, const ImageRequest& request, std::uint64_t size, std::uint64_t done,
                 const std::vector<std::pair<std::uint64_t, std::uint64_t>>& unreadable) {
  std::string command = "Command line:";
  for (const std::string& word : request.argv) command += " " + escape_terminal(word);
  const std::string text = ErrorMap::of(size, done, unreadable).text({"Mapfile. Created by " + request.tool, command});
  const std::string part = path + ".part";
  std::remove(part.c_str());
  {
    TRIAGE_TRY(OutputStream out, OutputStream::create(part));
    TRIAGE_TRY_STATUS(out.write(as_byte_span(text)));
    TRIAGE_TRY_STATUS(out.sync());
  }
  if (std::rename(part.c_str(), path.c_str()) == 0) return {};
  return fail(ErrorCode::kOutput, "the map cannot be written", path, errno);
}

std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges_of(const std::vector<ReadFault>& faults) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> sorted;
  for (const ReadFault& fault : faults) sorted.emplace_back(fault.at.value, fault.length.value);
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::pair<std::uint64_t, std::uint64_t>> out;
  for (const auto& [at, length] : sorted) {
    if (!out.empty() && at <= out.back().first + out.back().second) {
      out.back().second = std::max(out.back().second, at + length - out.back().first);
    } else {
      out.emplace_back(at, length);
    }
  }
  return out;
}

}  // namespace triage
