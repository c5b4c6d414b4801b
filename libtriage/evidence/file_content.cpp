// SPDX-License-Identifier: Apache-2.0
// Content of streams: by extents straight from the source, else through libtsk (resident, compressed, encrypted).
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "evidence/image_reader.h"

namespace triage {

namespace {

void add_damage(std::vector<Damage>& damages, const Stream& stream, std::uint64_t at, DamageKind kind,
                std::string detail) {
  Damage damage;
  damage.stream = stream.key;
  damage.path = stream.path;
  damage.at = at;
  damage.kind = kind;
  damage.field = "content";
  damage.detail = std::move(detail);
  damage.consumer = "evidence";
  damages.push_back(std::move(damage));
}

/// The attribute a key names: "v0.i64.a128-1" → 128, 1.
std::optional<std::pair<std::uint32_t, std::uint16_t>> attribute_of(std::string_view key) {
  const std::size_t at = key.rfind(".a");
  if (at == std::string_view::npos) return std::nullopt;
  const char* end = key.data() + key.size();
  std::uint32_t type = 0;
  std::uint16_t id = 0;
  const auto first = std::from_chars(key.data() + at + 2, end, type);
  if (first.ec != std::errc{} || first.ptr == end || *first.ptr != '-') return std::nullopt;
  const auto second = std::from_chars(first.ptr + 1, end, id);
  if (second.ec != std::errc{} || second.ptr != end) return std::nullopt;
  return std::pair{type, id};
}

}  // namespace

void ImageReader::read(const Stream& stream, std::uint64_t offset, std::span<std::byte> out,
                       std::vector<Damage>& damages) {
  std::fill(out.begin(), out.end(), std::byte{0});
  if (offset >= stream.size.value || stream.availability == Availability::kNameOnly) return;
  out = out.first(static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), stream.size.value - offset)));
  if (stream.extents.empty()) {
    read_attribute(stream, offset, out, damages);
  } else {
    read_extents(stream, offset, out, damages);
  }
}

void ImageReader::read_extents(const Stream& stream, std::uint64_t offset, std::span<std::byte> out,
                               std::vector<Damage>& damages) {
  std::uint64_t begin = 0;  // of the extent in the stream
  for (const Extent& extent : stream.extents) {
    const std::uint64_t end = begin + extent.length.value;
    if (end > offset && begin < offset + out.size()) {
      const std::uint64_t from = std::max(begin, offset);
      const std::uint64_t to = std::min<std::uint64_t>(end, offset + out.size());
      if (!extent.sparse) {
        const std::span<std::byte> part =
            out.subspan(static_cast<std::size_t>(from - offset), static_cast<std::size_t>(to - from));
        const std::uint64_t place = (extent.at + ByteCount{from - begin}).value;
        std::vector<ReadFault> faults;
        cache_.read_through(place, part, faults);
        for (const ReadFault& fault : faults) {
          add_damage(damages, stream, from + (fault.at.value - place), DamageKind::kUnreadable,
                     fmt::format("{} bytes at {} of the image cannot be read and count as zeros", fault.length.value,
                                 fault.at.value));
        }
      }
    }
    begin = end;
    if (begin >= offset + out.size()) return;
  }
}

TSK_FS_FILE* ImageReader::open_file(const Stream& stream) {
  if (!stream.meta || !stream.volume_offset) return nullptr;
  if (open_file_.file && open_file_.volume_offset == stream.volume_offset->value &&
      open_file_.inode == stream.meta->inode) {
    return open_file_.file.get();
  }
  OpenFileSystem* opened = open_file_system(*stream.volume_offset);
  if (opened == nullptr) return nullptr;
  open_file_.file.reset(tsk_fs_file_open_meta(opened->fs.get(), nullptr, stream.meta->inode));
  open_file_.volume_offset = stream.volume_offset->value;
  open_file_.inode = stream.meta->inode;
  return open_file_.file.get();
}

void ImageReader::read_attribute(const Stream& stream, std::uint64_t offset, std::span<std::byte> out,
                                 std::vector<Damage>& damages) {
  const auto wanted = attribute_of(stream.key);
  TSK_FS_FILE* file = wanted ? open_file(stream) : nullptr;
  const TSK_FS_ATTR* attribute =
      file == nullptr
          ? nullptr
          : tsk_fs_file_attr_get_type(file, static_cast<TSK_FS_ATTR_TYPE_ENUM>(wanted->first), wanted->second, 1);
  std::size_t done = 0;
  while (attribute != nullptr && done < out.size()) {
    const ssize_t got = tsk_fs_attr_read(attribute, static_cast<TSK_OFF_T>(offset + done),
                                         static_cast<char*>(static_cast<void*>(out.data() + done)), out.size() - done,
                                         TSK_FS_FILE_READ_FLAG_NONE);
    if (got <= 0) break;
    done += std::min(static_cast<std::size_t>(got), out.size() - done);
  }
  if (done < out.size()) {
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(done), out.end(), std::byte{0});
    add_damage(damages, stream, offset + done, DamageKind::kUnreadable,
               fmt::format("{} bytes cannot be read through the file system and count as zeros: {}", out.size() - done,
                           take_tsk_error()));
  }
  tsk_error_reset();
  const auto opened = file == nullptr ? file_systems_.end() : file_systems_.find(stream.volume_offset->value);
  if (opened == file_systems_.end() || !opened->second.image) return;
  for (const ReadFault& fault : opened->second.image->take_faults()) {
    add_damage(damages, stream, offset, DamageKind::kUnreadable,
               fmt::format("{} bytes at {} of the image cannot be read and count as zeros", fault.length.value,
                           fault.at.value));
  }
}

}  // namespace triage
