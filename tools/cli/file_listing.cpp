// SPDX-License-Identifier: Apache-2.0
#include "cli/file_listing.h"

#include <fmt/format.h>
#include <unistd.h>

#include "bytes/json.h"
#include "bytes/text.h"

namespace triage::cli {
namespace {

constexpr std::string_view kFileLine = "{:>3}  {:<9}  {:<8}  {:>14}  {:<16}  {}";
constexpr std::string_view kVolumeLine = "{:>3}  {:>14}  {:>14}  {:<10}  {:<10}  {:<9}  {}";
constexpr std::size_t kShownDigits = 16;

JsonLine& add_known(JsonLine& line, std::string_view key, std::string_view value) {
  return value.empty() ? line.add_null(key) : line.add(key, value);
}

}  // namespace

std::string runs_json(const std::vector<Extent>& runs) {
  std::string out = "[";
  for (const Extent& run : runs) {
    fmt::format_to(std::back_inserter(out), "{}[{},{},{}]", out.size() > 1 ? "," : "", run.at.value, run.length.value,
                   run.sparse ? 1 : 0);
  }
  return out + "]";
}

std::string file_json(const FileRecord& file) {
  JsonLine line;
  line.add("schema", "triage.file.v1").add("evidence", file.evidence).add("volume", file.volume);
  line.add("path", file.path).add("inode", file.inode).add("allocated", file.allocated ? 1 : 0);
  line.add("kind", file.kind).add("size", file.size);
  line.add("sha256", file.digests ? std::optional(file.digests->sha256) : std::nullopt);
  return add_known(line.add_raw("runs", runs_json(file.runs)), "type", file.type).finish();
}

std::string volume_json(const VolumeRecord& volume) {
  JsonLine line;
  line.add("schema", "triage.volume.v1").add("evidence", volume.evidence).add("volume", volume.index);
  line.add("offset", volume.offset.value).add("length", volume.length.value);
  add_known(add_known(line, "table_kind", volume.table), "description", volume.description);
  add_known(add_known(line, "file_system", volume.file_system), "status", volume.status);
  add_known(add_known(line, "label", volume.label), "serial", volume.serial);
  add_known(line.add("block_size", volume.block_size), "encryption", volume.encryption);
  return add_known(add_known(line, "unlocked_with", volume.unlocked_with), "lock", volume.unlocked_lock).finish();
}

void FileListing::title() {
  if (context_.json) return;
  const std::string line =
      choice_.volumes
          ? fmt::format(kVolumeLine, "VOL", "OFFSET", "LENGTH", "STATUS", "FS", "SERIAL", "LABEL, DESCRIPTION")
          : fmt::format(kFileLine, "VOL", "STATE", "KIND", "SIZE", "SHA-256 (16)", "PATH");
  out_.line(paint(use_color(context_, STDOUT_FILENO), Tone::kBold, line));
}

void FileListing::print(const VolumeRecord& volume) {
  if (context_.json) {
    out_.line(volume_json(volume));
    return;
  }
  std::string words = volume.label;
  if (!words.empty() && !volume.description.empty()) words += ", ";
  words += volume.description;
  if (!volume.encryption.empty()) {
    words += " [" + volume.encryption;
    if (!volume.unlocked_with.empty()) words += ", opened: " + volume.unlocked_with + " " + volume.unlocked_lock;
    words += "]";
  }
  out_.line(fmt::format(kVolumeLine, volume.index, volume.offset.value, volume.length.value,
                        escape_terminal(volume.status), escape_terminal(volume.file_system),
                        escape_terminal(volume.serial), escape_terminal(words)));
}

void FileListing::print(const FileRecord& file) {
  if (context_.json) {
    out_.line(file_json(file));
    return;
  }
  const std::string digits = file.digests ? file.digests->sha256.substr(0, kShownDigits) : "-";
  out_.line(fmt::format(kFileLine, file.volume ? fmt::to_string(*file.volume) : "-",
                        file.allocated ? "allocated" : "deleted", escape_terminal(file.kind), file.size, digits,
                        escape_terminal(file.path)));
}

Status FileListing::map(const std::vector<VolumeRecord>& volumes, const std::vector<Damage>& damages,
                        std::uint64_t batches, const std::string& plan_digest) {
  if (choice_.volumes) {
    for (const VolumeRecord& volume : volumes) print(volume);
  }
  return PlainSink::map(volumes, damages, batches, plan_digest);
}

Status FileListing::take(BatchRecords& records, int slot_memory) {
  (void)slot_memory;  // contents are not kept
  if (choice_.volumes) return {};
  for (FileRecord& file : records.files) {
    file.evidence = evidence().id;
    if (const auto owner = owners_.find(file.sequence); owner != owners_.end()) owner->second = file.digests;
    if (!(file.allocated ? choice_.allocated : choice_.deleted)) continue;
    if (file.alias_of && !file.digests) {
      owners_.try_emplace(*file.alias_of);
      further_names_.push_back(std::move(file));
    } else {
      print(file);
    }
  }
  return {};
}

Status FileListing::end() {
  for (FileRecord& file : further_names_) {
    file.digests = owners_[*file.alias_of];
    print(file);
  }
  further_names_.clear();
  owners_.clear();
  return {};
}

}  // namespace triage::cli
