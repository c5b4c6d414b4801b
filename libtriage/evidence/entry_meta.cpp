// SPDX-License-Identifier: Apache-2.0
// Metadata of one entry. NTFS times come from the attributes themselves, because libtsk cuts them to 32-bit seconds:
//   $STANDARD_INFORMATION := created modified mft_changed accessed (FILETIME, little-endian) …
//   $FILE_NAME := parent(8) created modified mft_changed accessed …
// FAT and ISO times are local: libtsk runs them through mktime(), which is undone here, whatever TZ is.
#include <fmt/format.h>

#include <ctime>

#include "bytes/cursor.h"
#include "bytes/text.h"
#include "bytes/time_formats.h"
#include "evidence/file_system.h"

namespace triage {

namespace {

Timestamp filetime_stamp(std::uint64_t filetime) {
  Timestamp stamp;
  stamp.precision = Precision::kHundredNanoseconds;
  stamp.basis = TimeBasis::kUtc;
  stamp.raw = fmt::format("0x{:016x}", filetime);
  stamp.utc_nanos = nanos_from_filetime(filetime);
  const bool unset = filetime == 0 || filetime == 0x7fffffffffffffff;
  stamp.status = stamp.utc_nanos ? TimeStatus::kOk : unset ? TimeStatus::kNotSet : TimeStatus::kOutOfRange;
  return stamp;
}

EntryTimes filetimes(ByteCursor& cursor) {
  EntryTimes times;
  times.created = filetime_stamp(cursor.le<std::uint64_t>("created"));
  times.modified = filetime_stamp(cursor.le<std::uint64_t>("modified"));
  times.changed = filetime_stamp(cursor.le<std::uint64_t>("mft_changed"));
  times.accessed = filetime_stamp(cursor.le<std::uint64_t>("accessed"));
  return times;
}

Bytes resident_bytes(const TSK_FS_ATTR* attribute) {
  if (attribute == nullptr || (attribute->flags & TSK_FS_ATTR_RES) == 0 || attribute->rd.buf == nullptr ||
      attribute->size <= 0) {
    return {};
  }
  const std::size_t size = std::min(static_cast<std::size_t>(attribute->size), attribute->rd.buf_size);
  return Bytes(static_cast<const std::byte*>(static_cast<const void*>(attribute->rd.buf)), size);
}

/// The $FILE_NAME libtsk took its own times from, else the first one.
const TSK_FS_ATTR* file_name_attribute(TSK_FS_FILE& file) {
  const TSK_FS_ATTR* first = nullptr;
  const int count = tsk_fs_file_attr_getsize(&file);
  for (int i = 0; i < count; ++i) {
    const TSK_FS_ATTR* attribute = tsk_fs_file_attr_get_idx(&file, i);
    if (attribute == nullptr || attribute->type != TSK_FS_ATTR_TYPE_NTFS_FNAME) continue;
    if (attribute->id == file.meta->time2.ntfs.fn_id) return attribute;
    if (first == nullptr) first = attribute;
  }
  return first;
}

/// Owner of a self-relative SECURITY_DESCRIPTOR (MS-DTYP §2.4.6): revision sbz control(2) owner_offset(4) …
///   SID (§2.4.2.2) := revision count authority(6, big-endian) subauthority(4, little-endian){count}
std::optional<std::string> owner_of(Bytes descriptor) {
  ByteCursor cursor(descriptor);
  cursor.skip(4, "revision, control");
  const auto owner = cursor.le<std::uint32_t>("owner_offset");
  cursor.seek(owner, "owner");
  const auto revision = cursor.le<std::uint8_t>("sid_revision");
  const auto count = cursor.le<std::uint8_t>("sid_count");
  const std::uint64_t high = cursor.be<std::uint16_t>("sid_authority");
  const std::uint64_t low = cursor.be<std::uint32_t>("sid_authority");
  if (owner == 0 || count > 15) return std::nullopt;
  std::string sid = fmt::format("S-{}-{}", revision, high << 32 | low);
  for (unsigned i = 0; i < count; ++i) sid += fmt::format("-{}", cursor.le<std::uint32_t>("sid_subauthority"));
  return cursor.ok() ? std::optional(sid) : std::nullopt;
}

void ntfs_meta(TSK_FS_FILE& file, EntryMeta& meta) {
  ByteCursor standard(resident_bytes(tsk_fs_file_attr_get_type(&file, TSK_FS_ATTR_TYPE_NTFS_SI, 0, 0)));
  const EntryTimes times = filetimes(standard);
  if (standard.ok()) meta.times = times;
  ByteCursor name(resident_bytes(file_name_attribute(file)));
  name.skip(8, "parent");
  const EntryTimes name_times = filetimes(name);
  if (name.ok()) meta.file_name_times = name_times;
  char* sid = nullptr;
  if (tsk_fs_file_get_owner_sid(&file, &sid) == 0 && sid != nullptr) meta.sid = to_valid_utf8(sid);
  std::free(sid);  // allocated by libtsk with malloc
  if (!meta.sid) meta.sid = owner_of(resident_bytes(tsk_fs_file_attr_get_type(&file, TSK_FS_ATTR_TYPE_NTFS_SEC, 0, 0)));
  tsk_error_reset();
}

Timestamp unix_stamp(std::int64_t seconds, std::uint32_t nanos, Precision precision) {
  Timestamp stamp;
  stamp.precision = precision;
  stamp.basis = TimeBasis::kUtc;
  if (seconds == 0 && nanos == 0) return stamp;
  const bool fraction = nanos < 1'000'000'000 && precision == Precision::kNanosecond;
  stamp.raw = fraction ? fmt::format("{}.{:09}", seconds, nanos) : fmt::format("{}", seconds);
  stamp.utc_nanos = nanos_from_unix(seconds, fraction ? nanos : 0);
  stamp.status = stamp.utc_nanos ? TimeStatus::kOk : TimeStatus::kOutOfRange;
  return stamp;
}

/// Takes back the shift by the process's zone: the result is the wall-clock time as if it were UTC.
Timestamp local_stamp(std::time_t seconds, std::uint32_t nanos, Precision precision) {
  std::tm civil{};
  Timestamp stamp;
  if (seconds != 0 && ::localtime_r(&seconds, &civil) != nullptr) {
    stamp = unix_stamp(::timegm(&civil), nanos, Precision::kNanosecond);
  }
  stamp.precision = precision;
  stamp.basis = TimeBasis::kUnknown;
  return stamp;
}

void local_times(const FileSystemView& view, const TSK_FS_META& from, EntryTimes& times) {
  if (TSK_FS_TYPE_ISFAT(view.fs->ftype)) {
    const bool ex = view.name == "exfat";
    times.modified =
        local_stamp(from.mtime, from.mtime_nano, ex ? Precision::kTenMilliseconds : Precision::kTwoSeconds);
    times.accessed = local_stamp(from.atime, from.atime_nano, ex ? Precision::kTwoSeconds : Precision::kDay);
    times.created = local_stamp(from.crtime, from.crtime_nano, Precision::kTenMilliseconds);
    return;
  }
  times.created = local_stamp(from.crtime, from.crtime_nano, Precision::kSecond);
}

void unix_times(const FileSystemView& view, const TSK_FS_META& from, EntryMeta& meta) {
  const TSK_FS_TYPE_ENUM type = view.fs->ftype;
  const bool coarse = TSK_FS_TYPE_ISHFS(type) || !view.nanoseconds;
  const Precision precision = coarse ? Precision::kSecond : Precision::kNanosecond;
  meta.times.modified = unix_stamp(from.mtime, from.mtime_nano, precision);
  meta.times.accessed = unix_stamp(from.atime, from.atime_nano, precision);
  meta.times.changed = unix_stamp(from.ctime, from.ctime_nano, precision);
  meta.times.created = unix_stamp(from.crtime, from.crtime_nano, precision);
  if (TSK_FS_TYPE_ISEXT(type)) {
    if (!view.nanoseconds) meta.times.created = Timestamp{};
    if (from.time2.ext2.dtime != 0) meta.deleted = unix_stamp(from.time2.ext2.dtime, 0, Precision::kSecond);
  }
  if (TSK_FS_TYPE_ISHFS(type) && from.time2.hfs.bkup_time != 0) {
    meta.backed_up = unix_stamp(from.time2.hfs.bkup_time, 0, Precision::kSecond);
  }
}

}  // namespace

EntryMeta entry_meta(const FileSystemView& view, TSK_FS_FILE& file) {
  EntryMeta meta;
  if (file.meta == nullptr) return meta;
  const TSK_FS_META& from = *file.meta;
  meta.inode = from.addr;
  meta.sequence = from.seq;
  meta.allocated = (from.flags & TSK_FS_META_FLAG_ALLOC) != 0;
  if (from.link != nullptr) meta.link_target = decode_name(from.link);
  if (from.type == TSK_FS_META_TYPE_VIRT || from.type == TSK_FS_META_TYPE_VIRT_DIR) return meta;
  const TSK_FS_TYPE_ENUM type = view.fs->ftype;
  if (TSK_FS_TYPE_ISNTFS(type)) {
    ntfs_meta(file, meta);
    return meta;
  }
  if (!TSK_FS_TYPE_ISFAT(type)) {
    meta.mode = static_cast<std::uint32_t>(from.mode);
    meta.uid = from.uid;
    meta.gid = from.gid;
  }
  if (TSK_FS_TYPE_ISFAT(type) || TSK_FS_TYPE_ISISO9660(type)) {
    local_times(view, from, meta.times);
  } else {
    unix_times(view, from, meta);
  }
  return meta;
}

}  // namespace triage
