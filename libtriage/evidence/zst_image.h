// SPDX-License-Identifier: Apache-2.0
// ZstImage: the frames of a seekable zstd image and what our footer says of it. Little-endian.
//   image    := metadata frame* footer? seek-table
//   metadata := skippable(0x184D2A5D): JSON "triage.image.v1"; only in ours
//   footer   := skippable(0x184D2A5D): "TRIAGEIF" version u32 json_bytes u32 json chunk_count u64
//               chunk_count × SHA-256 (32 bytes) seal_bytes u32 seal SHA-256 of all before it
//   seek-table := skippable(0x184D2A5E): {stored u32, content u32, [checksum u32]}* frames u32 flags u8 0x8F92EAB1
// The seek table is facebook/zstd contrib/seekable_format 0.1.0, so other readers open it too.
// libtriage/acquire/README.md tells the fields. An image cut off before its footer is read as far as its frames go.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "bytes/cursor.h"
#include "model/damage.h"

namespace triage {

inline constexpr std::uint32_t kImageFrameMagic = 0x184D2A5D;
inline constexpr std::uint32_t kSeekTableMagic = 0x184D2A5E;
inline constexpr std::uint32_t kSeekFooterMagic = 0x8F92EAB1;
inline constexpr std::size_t kSeekFooterBytes = 9;
inline constexpr std::string_view kImageFooterMagic = "TRIAGEIF";
inline constexpr std::string_view kImageSchema = "triage.image.v1";
inline constexpr std::uint32_t kImageFooterVersion = 1;
inline constexpr std::size_t kDigestBytes = 32;

/// The footer of an image of ours.
struct ZstFooter {
  std::string json;                ///< as stored
  std::uint64_t stored_at = 0;     ///< place of its content in the file
  std::uint64_t stored_bytes = 0;  ///< of its content
  std::uint64_t digests_at = 0;    ///< place of the chunk digests in the file
  std::uint64_t chunk_count = 0;
  std::string seal;                                                 ///< signature block; empty when unsigned
  std::vector<std::pair<std::uint64_t, std::uint64_t>> unreadable;  ///< {offset, length} of the source
};

class ZstImage {
 public:
  struct Frame {
    std::uint64_t stored_at = 0;
    std::uint32_t stored_bytes = 0;
    std::uint64_t at = 0;             ///< in the image
    std::uint32_t content_bytes = 0;  ///< 0: skippable
  };

  /// kUnreadable where the seek table does not fit the file, kUnsupported where a frame is larger than 64 MiB.
  static Result<std::unique_ptr<ZstImage>> open(const std::string& path);
  /// True when the file begins or ends like one; never an error.
  static bool looks_like(int fd, std::uint64_t file_bytes);

  [[nodiscard]] std::uint64_t size() const { return size_; }  ///< bytes of the image
  [[nodiscard]] std::uint64_t file_bytes() const { return file_bytes_; }
  [[nodiscard]] std::size_t frame_count() const { return stored_.size(); }
  /// REQUIRES: index < frame_count()
  [[nodiscard]] Frame frame(std::size_t index) const;
  /// The frame that holds byte `at` of the image. REQUIRES: at < size()
  [[nodiscard]] std::size_t frame_index_at(std::uint64_t at) const;
  [[nodiscard]] std::uint32_t largest_frame() const { return largest_; }
  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] const std::string& path() const { return path_; }
  /// JSON of the metadata frame; empty in images of others.
  [[nodiscard]] const std::string& metadata() const { return metadata_; }
  [[nodiscard]] const std::optional<ZstFooter>& footer() const { return footer_; }
  /// No seek table: the acquisition did not finish, or the end is missing.
  [[nodiscard]] bool truncated() const { return truncated_; }
  /// Why the footer of an image of ours is not believed; empty when it is, or there is none.
  [[nodiscard]] const std::string& footer_fault() const { return footer_fault_; }
  /// What reading it in part means, for the case.
  [[nodiscard]] std::vector<Damage> warnings() const;

  /// Reads exactly out.size() bytes of the file. kUnreadable with the place.
  Status read_file(std::uint64_t at, std::span<std::byte> out) const;

 private:
  ZstImage(std::string path, UniqueFd fd, std::uint64_t file_bytes)
      : path_(std::move(path)), fd_(std::move(fd)), file_bytes_(file_bytes) {}
  Status load_seek_table();
  Status walk_frames();
  Status add_frame(std::uint64_t stored_bytes, std::uint64_t content_bytes);
  void load_metadata();
  Status load_footer();
  Status parse_footer(const Frame& frame);

  std::string path_;
  UniqueFd fd_;
  std::uint64_t file_bytes_ = 0;
  std::uint64_t size_ = 0;
  std::uint64_t stored_size_ = 0;
  std::uint32_t largest_ = 0;
  std::vector<std::uint32_t> stored_;
  std::vector<std::uint32_t> content_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> marks_;  // {stored, content} before every 256th frame
  std::string metadata_;
  std::optional<ZstFooter> footer_;
  std::string footer_fault_;
  bool truncated_ = false;
};

}  // namespace triage
