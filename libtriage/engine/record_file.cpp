// SPDX-License-Identifier: Apache-2.0
#include "engine/record_file.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace triage {
namespace {
constexpr std::size_t kStep = 8U << 20;
constexpr std::size_t kHeader = 5;
}  // namespace

void RecordFileWriter::event(const std::string& id, const Event& event) {
  BinaryWriter out;
  out.put(std::string_view(id));
  encode(out, event);
  append(RecordKind::kEvent, out.buffer());
}

void RecordFileWriter::content(const ContentRecord& record) {
  BinaryWriter out;
  encode(out, record.as);
  out.put(std::string_view(record.content));
  append(RecordKind::kContent, out.buffer());
}

void RecordFileWriter::preview(const PreviewRecord& record) {
  BinaryWriter out;
  out.put(std::string_view(record.sha256));
  out.put(std::string_view(record.media));
  for (const std::uint32_t side : {record.width, record.height, record.source_width, record.source_height})
    out.put(side);
  out.put(std::string_view(record.content));
  append(RecordKind::kPreview, out.buffer());
}

void RecordFileWriter::append(RecordKind kind, const std::string& payload) {
  BinaryWriter header;
  header.put(static_cast<std::uint8_t>(kind));
  header.put(static_cast<std::uint32_t>(payload.size()));
  buffer_ += header.buffer();
  buffer_ += payload;
  if (buffer_.size() >= kStep / 8) flush();
}

void RecordFileWriter::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty() && error_ == 0) {
    const ssize_t put = ::pwrite(fd_, rest.data(), rest.size(), static_cast<off_t>(written_));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) {
      error_ = put < 0 ? errno : ENOSPC;
      break;
    }
    written_ += static_cast<std::uint64_t>(put);
    rest.remove_prefix(static_cast<std::size_t>(put));
  }
  buffer_.clear();
}

Result<std::uint64_t> RecordFileWriter::finish() {
  flush();
  if (error_ != 0) return fail(ErrorCode::kOutput, "cannot write records", {}, error_);
  return written_;
}

Result<BatchRecords> RecordFileReader::next(bool& more) {
  const std::size_t had = buffer_.size();
  const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(left_, kStep));
  buffer_.resize(had + want);
  std::size_t done = 0;
  while (done < want) {
    const ssize_t got = ::pread(fd_, buffer_.data() + had + done, want - done, static_cast<off_t>(at_));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return fail(ErrorCode::kInternal, "cannot read the records of a worker", {}, errno);
    done += static_cast<std::size_t>(got);
    at_ += static_cast<std::uint64_t>(got);
    left_ -= static_cast<std::uint64_t>(got);
  }
  BatchRecords out;
  std::size_t begin = 0;
  const std::string_view all = buffer_;
  while (all.size() - begin >= kHeader) {
    BinaryReader header(all.substr(begin, kHeader));
    std::uint8_t kind = 0;
    std::uint32_t size = 0;
    header.get(kind);
    header.get(size);
    if (size > all.size() - begin - kHeader) break;
    BinaryReader in(all.substr(begin + kHeader, size));
    switch (static_cast<RecordKind>(kind)) {
      case RecordKind::kEvent: {
        IdentifiedEvent& event = out.events.emplace_back();
        in.get(event.id);
        decode(in, event.event);
        break;
      }
      case RecordKind::kFinding: decode(in, out.findings.emplace_back()); break;
      case RecordKind::kDamage: decode(in, out.damages.emplace_back()); break;
      case RecordKind::kFile: decode(in, out.files.emplace_back()); break;
      case RecordKind::kOutput: decode(in, out.outputs.emplace_back()); break;
      case RecordKind::kContent: {
        ContentRecord& content = extras_.contents.emplace_back();
        decode(in, content.as);
        in.get(content.content);
        break;
      }
      case RecordKind::kPreview: {
        PreviewRecord& preview = extras_.previews.emplace_back();
        in.get(preview.sha256);
        in.get(preview.media);
        for (std::uint32_t* side : {&preview.width, &preview.height, &preview.source_width, &preview.source_height})
          in.get(*side);
        in.get(preview.content);
        break;
      }
      default: in.reject();
    }
    if (!in.ok() || !in.at_end()) return fail(ErrorCode::kInternal, "a worker wrote a record that is none");
    begin += kHeader + size;
  }
  buffer_.erase(0, begin);
  more = left_ > 0;
  // One record larger than a step: go on reading, it is completed by later steps.
  if (!more && !buffer_.empty()) return fail(ErrorCode::kInternal, "the records of a worker are cut short");
  return out;
}

}  // namespace triage
