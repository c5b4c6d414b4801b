// SPDX-License-Identifier: Apache-2.0
// Deleted files by NTFS file records that no table in use has: a quick format writes a short new table over the head
// of the old one and leaves the rest. Runs become extents with the old geometry; paths follow the parent references.
// Not handled: content compressed by NTFS (named, not expanded).
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "recover/mft_search.h"
#include "recover/ntfs_geometry.h"
#include "recover/recovery_context.h"

namespace triage {

namespace {

constexpr std::uint64_t kRoot = 5;
constexpr std::uint64_t kFirstUserRecord = 16;
constexpr int kMaxDepth = 128;
constexpr std::uint64_t kMaxExtents = 8'000'000;
constexpr std::uint16_t kCompressed = 0x1;
constexpr std::uint16_t kEncrypted = 0x4000;

using RecordIndex = std::size_t;

class NtfsRecords {
 public:
  NtfsRecords(RecoveryContext& context, std::vector<MftRecord> records)
      : context_(context), records_(std::move(records)) {}

  void run() {
    drop_known();
    if (records_.empty()) return;
    geometry_ = infer_ntfs_geometry(context_.image, records_, context_.volume.content);
    index_records();
    for (RecordIndex i = 0; i < records_.size(); ++i) {
      if (is_base(records_[i])) bring_back(i);
    }
    if (compressed_ != 0) {
      context_.damage(
          DamageKind::kLimit, "compressed content",
          fmt::format("{} files of found records are compressed by NTFS; their content is not expanded", compressed_));
    }
  }

 private:
  static bool is_base(const MftRecord& record) { return record.base.number == 0 && record.base.sequence == 0; }

  /// Records that the table in use still has are files in use, or deleted ones that the map knows.
  void drop_known() {
    const std::vector<Extent>& table = context_.volume.table;
    if (table.empty()) return;
    std::erase_if(records_, [&](const MftRecord& record) {
      const auto now = record.number ? record_in_table(context_.image, table, *record.number) : std::nullopt;
      if (!now) return false;
      const MftName* here = best_name(record);
      const MftName* there = best_name(*now);
      const bool same_birth = record.times && now->times && record.times->created == now->times->created;
      return here != nullptr && there != nullptr && here->name == there->name && here->parent == there->parent &&
             same_birth;
    });
  }

  void index_records() {
    for (RecordIndex i = 0; i < records_.size(); ++i) {
      const MftRecord& record = records_[i];
      if (!record.number) continue;
      if (is_base(record)) {
        by_number_[*record.number].push_back(i);
      } else {
        parts_[record.base].push_back(i);
      }
    }
  }

  /// The directory that `parent` means: a deleted one counts its sequence up by one.
  [[nodiscard]] const MftRecord* directory(const MftReference& parent) const {
    const auto found = by_number_.find(parent.number);
    if (found == by_number_.end()) return nullptr;
    for (const RecordIndex i : found->second) {
      const MftRecord& record = records_[i];
      const std::uint16_t was = static_cast<std::uint16_t>(record.sequence - (record.in_use ? 0 : 1));
      if (record.directory && was == parent.sequence) return &record;
    }
    return nullptr;
  }

  [[nodiscard]] std::string directory_path(const MftReference& parent, int depth) const {
    if (parent.number == kRoot) return "";
    const MftRecord* record = depth < kMaxDepth ? directory(parent) : nullptr;
    const MftName* name = record == nullptr ? nullptr : best_name(*record);
    if (name == nullptr || name->parent == parent) return "/$OrphanFiles";
    return directory_path(name->parent, depth + 1) + "/" + path_component(name->name);
  }

  void bring_back(RecordIndex index) {
    const MftRecord& record = records_[index];
    const MftName* name = best_name(record);
    if (name == nullptr || record.number.value_or(kFirstUserRecord) < kFirstUserRecord) return;
    Stream base = recovered_stream(context_.volume, RecoveryMethod::kRecord,
                                   record.directory ? StreamKind::kDirectory : StreamKind::kFile);
    base.path = directory_path(name->parent, 0) + "/" + path_component(name->name);
    EntryMeta& meta = *base.meta;
    meta.inode = record.number.value_or(0);
    meta.sequence = record.sequence;
    meta.parent_inode = name->parent.number;
    meta.times = record.times.value_or(name->times);
    meta.file_name_times = name->times;
    if (record.directory) {
      base.key = fmt::format("v{}.r{}.a{}-0", context_.volume.begin(), record.place, kMftIndexRoot);
      context_.add(std::move(base));
      return;
    }
    bool any = false;
    for (const MftAttribute& attribute : record.attributes) any = add_content(base, record, attribute) || any;
    if (!any) add_parts_only(base, record);
  }

  /// One $DATA attribute as a stream; false for other attributes.
  bool add_content(const Stream& base, const MftRecord& record, const MftAttribute& attribute) {
    if (attribute.type != kMftData || attribute.first_vcn != 0) return false;
    Stream stream = base;
    stream.key = fmt::format("v{}.r{}.a{}-{}", context_.volume.begin(), record.place, attribute.type, attribute.id);
    if (!attribute.name.empty()) {
      stream.kind = StreamKind::kNamedStream;
      stream.path += ":" + path_component(attribute.name);
    }
    stream.size = ByteCount{attribute.size};
    if (attribute.resident) {
      stream.inline_content = attribute.value;
    } else {
      place(record, attribute, stream);
    }
    context_.add(std::move(stream));
    return true;
  }

  /// The first part of the content lies in another record.
  void add_parts_only(const Stream& base, const MftRecord& record) {
    if (!record.number) return;
    const auto parts = parts_.find({*record.number, record.sequence});
    if (parts == parts_.end()) return;
    for (const RecordIndex i : parts->second) {
      for (const MftAttribute& attribute : records_[i].attributes) add_content(base, record, attribute);
    }
  }

  void place(const MftRecord& record, const MftAttribute& first, Stream& stream) {
    if ((first.flags & kEncrypted) != 0) stream.availability = Availability::kEncrypted;
    if ((first.flags & kCompressed) != 0) {
      ++compressed_;
      stream.availability = Availability::kNameOnly;
      stream.survive_percent = 0;
      return;
    }
    if (geometry_.cluster == 0) {
      stream.availability = Availability::kNameOnly;
      return;
    }
    bool whole = first.sound;
    std::vector<MftRun> runs = first.runs;
    std::uint64_t next = first.next_vcn;
    while (const MftAttribute* part = following(record, first, next)) {
      runs.insert(runs.end(), part->runs.begin(), part->runs.end());
      whole = whole && part->sound;
      next = part->next_vcn;
    }
    stream.inferred = !whole || !geometry_.proven;
    const bool covered = add_extents(runs, std::min(first.valid, first.size), stream);
    if (!covered) stream.inferred = true;
    if (stream.extents.empty() && first.size != 0) stream.availability = Availability::kNameOnly;
  }

  /// The part of the attribute that begins at cluster `vcn` of it, in a further record of the file.
  [[nodiscard]] const MftAttribute* following(const MftRecord& record, const MftAttribute& first,
                                              std::uint64_t vcn) const {
    if (!record.number || vcn == 0 || vcn >= first.allocated / geometry_.cluster) return nullptr;
    const auto parts = parts_.find({*record.number, record.sequence});
    if (parts == parts_.end()) return nullptr;
    for (const RecordIndex i : parts->second) {
      for (const MftAttribute& part : records_[i].attributes) {
        if (part.type == first.type && part.name == first.name && !part.resident && part.first_vcn == vcn &&
            part.next_vcn > vcn)
          return &part;
      }
    }
    return nullptr;
  }

  /// False where the runs end before the content, or leave the volume.
  bool add_extents(const std::vector<MftRun>& runs, std::uint64_t valid, Stream& stream) {
    const std::uint64_t size = stream.size.value;
    std::uint64_t done = 0;
    bool inside = true;
    for (const MftRun& run : runs) {
      if (done >= valid || extents_ >= kMaxExtents) break;
      const std::uint64_t most = run.count > size / geometry_.cluster ? size : run.count * geometry_.cluster;
      const std::uint64_t length = std::min(most, valid - done);
      const std::uint64_t limit = context_.image.size();
      bool placed = run.lcn && *run.lcn <= limit / geometry_.cluster;
      const std::uint64_t at = placed ? geometry_.begin + *run.lcn * geometry_.cluster : 0;
      placed = placed && at <= limit && length <= limit - at;
      inside = inside && (placed || !run.lcn);
      append_extent(stream.extents, placed ? Extent{ByteOffset{at}, ByteCount{length}, false}
                                           : Extent{ByteOffset{0}, ByteCount{length}, true});
      ++extents_;
      done += length;
    }
    const bool covered = done >= valid;
    if (covered) append_extent(stream.extents, Extent{ByteOffset{0}, ByteCount{size - done}, true});
    return covered && inside;
  }

  RecoveryContext& context_;
  std::vector<MftRecord> records_;
  NtfsGeometry geometry_;
  std::unordered_map<std::uint64_t, std::vector<RecordIndex>> by_number_;
  std::map<MftReference, std::vector<RecordIndex>> parts_;  // by base record
  std::uint64_t compressed_ = 0;
  std::uint64_t extents_ = 0;
};

}  // namespace

void recover_ntfs_records(RecoveryContext& context, ImageBytes& probe) {
  const VolumeFacts& volume = context.volume;
  std::vector<std::uint64_t> first;
  for (const Extent& extent : volume.table) {
    if (!extent.sparse) first.push_back((extent.at + extent.length).value);
  }
  for (std::uint64_t& place : first) place = (place + 1023) / 1024 * 1024;
  MftSearch search = search_mft_records(probe, context.image, {volume.begin(), volume.end()}, volume.free, first);
  if (search.cut) context.damage(DamageKind::kLimit, "file records", "the search for them ended at its budget");
  if (!search.records.empty()) NtfsRecords(context, std::move(search.records)).run();
}

}  // namespace triage
