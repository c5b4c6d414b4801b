// SPDX-License-Identifier: Apache-2.0
#include "evidence/zst_image.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <nlohmann/json.hpp>

#include "bytes/digest.h"
#include "bytes/read_file.h"
#include "bytes/text.h"
#include "bytes/zstd_frame.h"

namespace triage {
namespace {

constexpr std::size_t kMarkStep = 256;
constexpr std::uint64_t kMaxFrameBytes = 64U << 20;
constexpr std::uint64_t kMaxFrames = 0x8000000;     // seekable_format: "SEEKABLE_MAXFRAMES"
constexpr std::uint64_t kMaxTextBytes = 64U << 20;  // JSON of metadata or footer
constexpr std::uint64_t kFooterHeadBytes = 16;      // magic, version, json_bytes
constexpr std::uint64_t kMaxSealBytes = 4096;
constexpr std::size_t kTableStepBytes = 96 * 1024;  // a multiple of 8 and 12

/// True when the last bytes are the end of a seek table.
bool has_seek_table(int fd, std::uint64_t file_bytes) {
  std::array<std::byte, kSeekFooterBytes> tail{};
  if (file_bytes < kSkippableHeaderBytes + kSeekFooterBytes) return false;
  if (read_file_at(fd, file_bytes - tail.size(), tail) != tail.size()) return false;
  ByteCursor cursor(tail);
  cursor.skip(5, "frames, flags");
  return cursor.le<std::uint32_t>("magic") == kSeekFooterMagic;
}

/// True when the first bytes are our metadata frame.
bool has_metadata(int fd) {
  std::array<std::byte, 64> head{};
  const Bytes bytes = Bytes(head).first(read_file_at(fd, 0, head));
  ByteCursor cursor(bytes);
  if (cursor.le<std::uint32_t>("magic") != kImageFrameMagic || !cursor.ok()) return false;
  const std::string begin = "{\"schema\":\"" + std::string(kImageSchema) + "\"";
  return has_at(bytes, kSkippableHeaderBytes, begin);
}

/// Error map of the footer: [[offset, length], …], sorted, inside the image.
bool read_ranges(const nlohmann::json& list, std::uint64_t size,
                 std::vector<std::pair<std::uint64_t, std::uint64_t>>& out) {
  if (!list.is_array()) return false;
  std::uint64_t end = 0;
  for (const auto& item : list) {
    if (!item.is_array() || item.size() != 2 || !item[0].is_number_unsigned() || !item[1].is_number_unsigned()) {
      return false;
    }
    const auto at = item[0].get<std::uint64_t>();
    const auto length = item[1].get<std::uint64_t>();
    if (at < end || at > size || length > size - at) return false;
    end = at + length;
    out.emplace_back(at, length);
  }
  return true;
}

}  // namespace

bool ZstImage::looks_like(int fd, std::uint64_t file_bytes) {
  if (has_metadata(fd)) return true;
  if (!has_seek_table(fd, file_bytes)) return false;
  std::array<std::byte, 4> head{};
  if (read_file_at(fd, 0, head) != head.size()) return false;
  const auto magic = ByteCursor(head).le<std::uint32_t>("magic");
  return magic == 0xFD2FB528 || (magic & 0xFFFFFFF0U) == 0x184D2A50;  // RFC 8878 §3.1.1, §3.1.2
}

Status ZstImage::read_file(std::uint64_t at, std::span<std::byte> out) const {
  if (read_file_at(fd_.get(), at, out) == out.size()) return {};
  return fail(ErrorCode::kUnreadable, "the image ends or cannot be read at byte " + std::to_string(at), path_, errno);
}

Result<std::unique_ptr<ZstImage>> ZstImage::open(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!fd.valid()) return fail(ErrorCode::kUnreadable, "the image cannot be opened", path, errno);
  struct stat facts {};
  if (::fstat(fd.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) {
    return fail(ErrorCode::kUnreadable, "the image is not a file", path, errno);
  }
  std::unique_ptr<ZstImage> image(new ZstImage(path, std::move(fd), static_cast<std::uint64_t>(facts.st_size)));
  const bool table = has_seek_table(image->fd_.get(), image->file_bytes_);
  if (!table && !has_metadata(image->fd_.get())) {
    return fail(ErrorCode::kUnsupported, "not a seekable zstd image", path, 0,
                "decompress it with `zstd -d` and name the result");
  }
  image->truncated_ = !table;
  TRIAGE_TRY_STATUS(table ? image->load_seek_table() : image->walk_frames());
  image->load_metadata();
  if (table) {
    const Status footer = image->load_footer();
    if (!footer) image->footer_fault_ = footer.error().message;
  }
  return image;
}

Status ZstImage::add_frame(std::uint64_t stored_bytes, std::uint64_t content_bytes) {
  if (content_bytes > kMaxFrameBytes || stored_bytes > UINT32_MAX) {
    return fail(ErrorCode::kUnsupported, "frame " + std::to_string(stored_.size()) + " is larger than 64 MiB", path_);
  }
  if (stored_.size() >= kMaxFrames) return fail(ErrorCode::kUnsupported, "the image has too many frames", path_);
  if (stored_.size() % kMarkStep == 0) marks_.emplace_back(stored_size_, size_);
  stored_.push_back(static_cast<std::uint32_t>(stored_bytes));
  content_.push_back(static_cast<std::uint32_t>(content_bytes));
  stored_size_ += stored_bytes;
  size_ += content_bytes;
  largest_ = std::max(largest_, static_cast<std::uint32_t>(content_bytes));
  return {};
}

Status ZstImage::load_seek_table() {
  std::array<std::byte, kSeekFooterBytes> tail{};
  TRIAGE_TRY_STATUS(read_file(file_bytes_ - tail.size(), tail));
  ByteCursor foot(tail);
  const std::uint64_t frames = foot.le<std::uint32_t>("frames");
  const auto flags = foot.le<std::uint8_t>("flags");
  const std::uint64_t entry_bytes = (flags & 0x80U) != 0 ? 12 : 8;
  const auto wrong = [this](std::string why) {
    return fail(ErrorCode::kUnreadable, "the seek table does not fit the image: " + std::move(why), path_);
  };
  if ((flags & 0x7FU) != 0) return wrong("flags are set that no writer sets");
  const std::uint64_t content_bytes = frames * entry_bytes + kSeekFooterBytes;
  if (content_bytes > file_bytes_ - kSkippableHeaderBytes) return wrong("it is longer than the file");
  const std::uint64_t begin = file_bytes_ - content_bytes;
  std::array<std::byte, kSkippableHeaderBytes> head{};
  TRIAGE_TRY_STATUS(read_file(begin - head.size(), head));
  ByteCursor header(head);
  if (header.le<std::uint32_t>("magic") != kSeekTableMagic || header.le<std::uint32_t>("size") != content_bytes) {
    return wrong("its frame header is another");
  }
  std::vector<std::byte> step(kTableStepBytes);
  const std::uint64_t end = begin + frames * entry_bytes;
  for (std::uint64_t at = begin; at < end;) {
    const auto part = std::span(step).first(static_cast<std::size_t>(std::min<std::uint64_t>(step.size(), end - at)));
    TRIAGE_TRY_STATUS(read_file(at, part));
    ByteCursor entries(part);
    while (!entries.at_end() && entries.ok()) {
      const auto stored = entries.le<std::uint32_t>("stored");
      const auto content = entries.le<std::uint32_t>("content");
      if (entry_bytes == 12) entries.skip(4, "checksum");
      TRIAGE_TRY_STATUS(add_frame(stored, content));
    }
    at += part.size();
  }
  if (stored_size_ != begin - head.size()) return wrong("its frames do not end where it begins");
  return {};
}

Status ZstImage::walk_frames() {
  std::vector<std::byte> window(1U << 20);
  std::uint64_t at = 0;
  while (at < file_bytes_) {
    const Bytes view = Bytes(window).first(read_file_at(fd_.get(), at, window));
    std::size_t used = 0;
    bool cut = false;
    while (used < view.size() && !cut) {
      const auto shape = frame_shape(view.subspan(used));
      const bool footer = shape && shape->content_bytes == 0 && at + used != 0;  // one without a seek table
      cut = !shape || footer;
      if (cut) break;
      TRIAGE_TRY_STATUS(add_frame(shape->stored_bytes, shape->content_bytes));
      used += shape->stored_bytes;
    }
    at += used;
    if (used > 0) continue;
    if (view.size() < window.size() || window.size() >= 2 * kMaxFrameBytes) break;  // the frame that was being written
    window.resize(window.size() * 2);
  }
  return {};
}

ZstImage::Frame ZstImage::frame(std::size_t index) const {
  auto [stored, content] = marks_[index / kMarkStep];
  for (std::size_t i = index - index % kMarkStep; i < index; ++i) {
    stored += stored_[i];
    content += content_[i];
  }
  return {stored, stored_[index], content, content_[index]};
}

std::size_t ZstImage::frame_index_at(std::uint64_t at) const {
  const auto next = std::upper_bound(marks_.begin(), marks_.end(), at,
                                     [](std::uint64_t value, const auto& mark) { return value < mark.second; });
  const auto mark = static_cast<std::size_t>(next - marks_.begin()) - 1;
  std::size_t index = mark * kMarkStep;
  std::uint64_t content = marks_[mark].second;
  while (at - content >= content_[index]) content += content_[index++];
  return index;
}

void ZstImage::load_metadata() {
  if (stored_.empty() || content_.front() != 0 || !has_metadata(fd_.get())) return;
  std::array<std::byte, kSkippableHeaderBytes> head{};
  if (!read_file(0, head)) return;
  ByteCursor header(head);
  header.skip(4, "magic");
  if (header.le<std::uint32_t>("size") != stored_.front() - kSkippableHeaderBytes) return;
  const std::uint64_t bytes = stored_.front() - std::min<std::uint64_t>(stored_.front(), kSkippableHeaderBytes);
  if (bytes == 0 || bytes > kMaxTextBytes) return;
  std::string text(static_cast<std::size_t>(bytes), '\0');
  if (read_file(kSkippableHeaderBytes, std::as_writable_bytes(std::span(text)))) metadata_ = std::move(text);
}

Status ZstImage::load_footer() {
  if (stored_.empty()) return {};
  const Frame last = frame(stored_.size() - 1);
  if (last.content_bytes != 0 || stored_.size() < 2) {
    if (!metadata_.empty()) return fail(ErrorCode::kVerification, "the footer is missing", path_);
    return {};
  }
  std::array<std::byte, kSkippableHeaderBytes> head{};
  TRIAGE_TRY_STATUS(read_file(last.stored_at, head));
  ByteCursor header(head);
  if (header.le<std::uint32_t>("magic") != kImageFrameMagic) return {};
  if (header.le<std::uint32_t>("size") != last.stored_bytes - kSkippableHeaderBytes) {
    return fail(ErrorCode::kVerification, "the footer's size and the seek table differ", path_);
  }
  return parse_footer(last);
}

Status ZstImage::parse_footer(const Frame& frame) {
  const auto wrong = [this](const char* why) {
    return fail(ErrorCode::kVerification, std::string("the footer is not valid: ") + why, path_);
  };
  ZstFooter footer;
  footer.stored_at = frame.stored_at + kSkippableHeaderBytes;
  footer.stored_bytes = frame.stored_bytes - kSkippableHeaderBytes;
  const std::uint64_t end = footer.stored_at + footer.stored_bytes;
  if (footer.stored_bytes < kFooterHeadBytes + 8 + 4 + kDigestBytes) return wrong("it is too short");
  std::array<std::byte, kFooterHeadBytes> head{};
  TRIAGE_TRY_STATUS(read_file(footer.stored_at, head));
  ByteCursor header(head);
  if (as_chars(header.take(8, "magic")) != kImageFooterMagic) return wrong("it has another signature");
  if (header.le<std::uint32_t>("version") != kImageFooterVersion) return wrong("its version is not known");
  const std::uint64_t json_bytes = header.le<std::uint32_t>("json_bytes");
  std::uint64_t left = footer.stored_bytes - kFooterHeadBytes - 8 - 4 - kDigestBytes;
  if (json_bytes > left || json_bytes > kMaxTextBytes) return wrong("its JSON is longer than it");
  left -= json_bytes;
  footer.json.resize(static_cast<std::size_t>(json_bytes));
  TRIAGE_TRY_STATUS(read_file(footer.stored_at + kFooterHeadBytes, std::as_writable_bytes(std::span(footer.json))));
  std::array<std::byte, 8> raw{};
  footer.digests_at = footer.stored_at + kFooterHeadBytes + json_bytes + raw.size();
  TRIAGE_TRY_STATUS(read_file(footer.digests_at - raw.size(), raw));
  footer.chunk_count = ByteCursor(raw).le<std::uint64_t>("chunk_count");
  if (footer.chunk_count > left / kDigestBytes) return wrong("its list of digests is longer than it");
  left -= footer.chunk_count * kDigestBytes;
  const std::uint64_t seal_at = footer.digests_at + footer.chunk_count * kDigestBytes;
  TRIAGE_TRY_STATUS(read_file(seal_at, std::span(raw).first(4)));
  const std::uint64_t seal_bytes = ByteCursor(raw).le<std::uint32_t>("seal_bytes");
  if (seal_bytes != left || seal_bytes > kMaxSealBytes || seal_at + 4 + seal_bytes + kDigestBytes != end) {
    return wrong("its parts do not add up to its size");
  }
  footer.seal.resize(static_cast<std::size_t>(seal_bytes));
  TRIAGE_TRY_STATUS(read_file(seal_at + 4, std::as_writable_bytes(std::span(footer.seal))));
  const auto json = nlohmann::json::parse(footer.json, nullptr, false);
  if (!json.is_object()) return wrong("its JSON cannot be read");
  if (json.contains("unreadable") && !read_ranges(json["unreadable"], size_, footer.unreadable)) {
    return wrong("its error map does not fit the image");
  }
  footer_ = std::move(footer);
  return {};
}

std::vector<Damage> ZstImage::warnings() const {
  std::vector<Damage> out;
  const auto add = [&out](DamageKind kind, std::string detail) {
    Damage damage;
    damage.kind = kind;
    damage.field = "container";
    damage.detail = std::move(detail);
    damage.consumer = "evidence";
    out.push_back(std::move(damage));
  };
  if (truncated_) {
    add(DamageKind::kTruncated,
        "the image has no seek table: its acquisition did not finish or its end is missing; "
        "what follows byte " +
            std::to_string(size_) + " is not there");
  }
  if (!footer_fault_.empty()) add(DamageKind::kChecksum, to_valid_utf8(footer_fault_));
  return out;
}

}  // namespace triage
