// SPDX-License-Identifier: Apache-2.0
// RecordFileWriter and RecordFileReader: what a scanner said about one batch, on its way to the case.
//   file := record*     record := kind:u8 length:u32le payload
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "base/result.h"
#include "model/batch.h"
#include "model/codec.h"
#include "model/preview.h"

namespace triage {

enum class RecordKind : std::uint8_t { kEvent, kFinding, kDamage, kFile, kOutput, kContent, kPreview };

/// Writes at the start of a descriptor, buffered. Used in the scanner.
class RecordFileWriter {
 public:
  explicit RecordFileWriter(int fd) : fd_(fd) {}
  void event(const std::string& id, const Event& event);
  void finding(const Finding& finding) { put(RecordKind::kFinding, finding); }
  void damage(const Damage& damage) { put(RecordKind::kDamage, damage); }
  void file(const FileRecord& file) { put(RecordKind::kFile, file); }
  void output(const OutputRecord& output) { put(RecordKind::kOutput, output); }
  void content(const ContentRecord& record);
  void preview(const PreviewRecord& record);
  /// Bytes written, or an Error when the disk is full.
  Result<std::uint64_t> finish();

 private:
  template <typename T>
  void put(RecordKind kind, const T& record) {
    BinaryWriter out;
    encode(out, record);
    append(kind, out.buffer());
  }
  void append(RecordKind kind, const std::string& payload);
  void flush();

  int fd_;
  std::string buffer_;
  std::uint64_t written_ = 0;
  int error_ = 0;
};

/// Reads a record file of `size` bytes in steps. Nothing in it is trusted: a bad record is an Error.
class RecordFileReader {
 public:
  RecordFileReader(int fd, std::uint64_t size) : fd_(fd), left_(size) {}
  /// The next records, up to about 8 MiB of them. False in `more` when the end is reached.
  Result<BatchRecords> next(bool& more);
  /// Contents and previews among the records of the last next().
  [[nodiscard]] BatchExtras take_extras() { return std::exchange(extras_, {}); }

 private:
  int fd_;
  std::uint64_t at_ = 0;
  std::uint64_t left_;
  std::string buffer_;
  BatchExtras extras_;
};

}  // namespace triage
