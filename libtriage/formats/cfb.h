// SPDX-License-Identifier: Apache-2.0
// CfbView: a compound file (OLE structured storage) taken apart: jump lists, Office documents, messages, thumbnails.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bytes/cursor.h"
#include "model/timestamp.h"

namespace triage {

struct CfbEntry {
  std::string path;  ///< names from below the root joined by "/"; control characters as found
  bool storage = false;
  std::uint64_t size = 0;       ///< bytes of a stream
  Timestamp created, modified;  ///< of storages; not set on most streams
  std::uint64_t at = 0;         ///< of the directory entry, bytes from the start of the file
  std::uint32_t start = 0;      ///< first sector or mini sector
};

class CfbView {
 public:
  /// nullopt when `data` does not begin as a compound file. `data` must outlive the view.
  static std::optional<CfbView> open(Bytes data);

  /// Streams and storages below the root, in order of the directory's tree; at most 65536.
  [[nodiscard]] const std::vector<CfbEntry>& entries() const { return entries_; }
  /// Content of a stream as far as its chain leads; at most `limit` bytes. Shorter than entry.size where it is broken.
  [[nodiscard]] std::vector<std::byte> read(const CfbEntry& entry, std::size_t limit) const;
  /// Place of the stream's first byte in the file; nullopt where it has none.
  [[nodiscard]] std::optional<std::uint64_t> first_byte(const CfbEntry& entry) const;
  /// First thing that was wrong with the structure; "" when all was well.
  [[nodiscard]] const std::string& fault() const { return fault_; }

 private:
  CfbView() = default;
  void say(std::string text);
  void read_fat(ByteCursor& header);
  void read_directory(std::uint32_t first);
  [[nodiscard]] Bytes sector(std::uint32_t index) const;
  [[nodiscard]] std::vector<std::uint32_t> chain(std::uint32_t first, const std::vector<std::uint32_t>& table) const;
  [[nodiscard]] Bytes mini_sector(std::uint32_t index) const;

  Bytes data_;
  std::size_t sector_bytes_ = 512;
  std::size_t mini_bytes_ = 64;
  std::uint32_t mini_cutoff_ = 4096;
  std::vector<std::uint32_t> fat_, mini_fat_;
  std::vector<std::uint32_t> mini_stream_;  ///< sectors of the root's stream
  std::vector<CfbEntry> entries_;
  std::string fault_;
};

}  // namespace triage
