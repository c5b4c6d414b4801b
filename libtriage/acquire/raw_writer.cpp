// SPDX-License-Identifier: Apache-2.0
// The raw image: the bytes of the source and nothing else, in one file or in segments PATH.001, PATH.002 …; zeros are
// holes where the file system has such. What else is known of it stands beside it (image_sidecar.h).
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "acquire/image_writer.h"
#include "acquire/output_stream.h"

namespace triage {
namespace {

class RawPacker final : public ChunkPacker {
 public:
  void pack(Bytes chunk, PackedChunk& out) override { out.stored = chunk; }
};

class RawWriter final : public ImageWriter {
 public:
  RawWriter(ImageTarget target, ImageHead head) : target_(std::move(target)), head_(std::move(head)) {}

  [[nodiscard]] std::size_t parts() const override { return 0; }
  [[nodiscard]] std::unique_ptr<ChunkPacker> make_packer() const override { return std::make_unique<RawPacker>(); }
  Status begin() override { return next_segment(false); }
  Status reopen() override { return next_segment(true); }

  Status read_back(const ChunkJournal::Entry& /*entry*/, std::span<std::byte> out) override {
    while (!out.empty()) {
      if (room() == 0) TRIAGE_TRY_STATUS(next_segment(true));
      const auto step = out.first(static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), room())));
      TRIAGE_TRY_STATUS(out_->read_back(in_segment_, step));
      in_segment_ += step.size();
      out = out.subspan(step.size());
    }
    return {};
  }

  void mark() override {}

  Status go_on(std::uint64_t count) override {
    const std::uint64_t end = std::min(count * head_.chunk_bytes, head_.size.value_or(UINT64_MAX));
    // A chunk may have been read in part when it proved wrong; segments behind the good end go.
    const std::uint64_t segment = head_.segment_bytes == 0 ? 0 : (end == 0 ? 0 : (end - 1) / head_.segment_bytes);
    std::error_code error;
    for (std::uint64_t i = segment + 1; head_.segment_bytes != 0; ++i) {
      if (!std::filesystem::remove(name(i), error)) break;
    }
    segment_ = segment;
    TRIAGE_TRY_STATUS(open_segment(true));
    in_segment_ = end - segment * head_.segment_bytes;
    return out_->cut(in_segment_);
  }

  Status append(const PackedChunk& chunk) override {
    Bytes rest = chunk.stored;
    std::uint64_t left = chunk.content_bytes;
    while (left > 0) {
      if (room() == 0) TRIAGE_TRY_STATUS(next_segment(false));
      const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(left, room()));
      TRIAGE_TRY_STATUS(chunk.zero ? out_->write_hole(step) : out_->write(rest.first(step)));
      rest = rest.subspan(step);
      left -= step;
      in_segment_ += step;
      stored_ += chunk.zero ? 0 : step;
    }
    out_->push();
    return {};
  }

  Status finish(const ImageSeal& /*seal*/, const ChunkJournal& /*journal*/) override { return {}; }
  Status sync() override { return out_->sync(); }
  [[nodiscard]] std::uint64_t stored_bytes() const override { return stored_; }
  [[nodiscard]] std::vector<std::string> files() const override {
    std::vector<std::string> names;
    for (std::uint64_t i = 0; i <= segment_; ++i) names.push_back(name(i));
    return names;
  }

 private:
  [[nodiscard]] std::string name(std::uint64_t segment) const {
    return head_.segment_bytes == 0 ? target_.path : fmt::format("{}.{:03}", target_.path, segment + 1);
  }
  [[nodiscard]] std::uint64_t room() const {
    return head_.segment_bytes == 0 ? UINT64_MAX - in_segment_ : head_.segment_bytes - in_segment_;
  }
  Status next_segment(bool existing) {
    if (out_) {
      if (!existing) TRIAGE_TRY_STATUS(out_->sync());
      ++segment_;
    }
    return open_segment(existing);
  }
  Status open_segment(bool existing) {
    in_segment_ = 0;
    if (target_.path == "-") {
      out_ = OutputStream::to_descriptor(target_.stdout_fd);
      return {};
    }
    TRIAGE_TRY(out_, existing ? OutputStream::reopen(name(segment_)) : OutputStream::create(name(segment_)));
    return {};
  }

  ImageTarget target_;
  ImageHead head_;
  std::optional<OutputStream> out_;
  std::uint64_t segment_ = 0;
  std::uint64_t in_segment_ = 0;
  std::uint64_t stored_ = 0;
};

}  // namespace

std::unique_ptr<ImageWriter> make_raw_writer(const ImageTarget& target, const ImageHead& head) {
  return std::make_unique<RawWriter>(target, head);
}

}  // namespace triage
