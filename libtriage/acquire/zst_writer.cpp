// SPDX-License-Identifier: Apache-2.0
// The seekable zstd image; its layout stands in evidence/zst_image.h and, field by field, in README.md.
#include <algorithm>

#include "acquire/image_writer.h"
#include "acquire/output_stream.h"
#include "bytes/binary.h"
#include "bytes/zstd_frame.h"
#include "evidence/zst_image.h"

namespace triage {
namespace {

constexpr std::size_t kListStep = 4096;  // chunks taken from the journal at a time

class ZstPacker final : public ChunkPacker {
 public:
  ZstPacker(int level, std::size_t chunk_bytes) : compressor_(level), zero_frame_(frame_bound(chunk_bytes)) {
    const std::vector<std::byte> zeros(chunk_bytes);
    zero_frame_.resize(compressor_.compress(zeros, zero_frame_));
    chunk_bytes_ = chunk_bytes;
  }
  void pack(Bytes chunk, PackedChunk& out) override {
    if (out.zero && chunk.size() == chunk_bytes_) {
      out.stored = zero_frame_;
    } else {
      if (out.buffer.size() < frame_bound(chunk_bytes_)) out.buffer.resize(frame_bound(chunk_bytes_));
      out.stored = Bytes(out.buffer).first(compressor_.compress(chunk, out.buffer));
    }
    out.parts[0] = static_cast<std::uint32_t>(out.stored.size());
  }

 private:
  FrameCompressor compressor_;
  std::vector<std::byte> zero_frame_;
  std::size_t chunk_bytes_;
};

class ZstWriter final : public ImageWriter {
 public:
  ZstWriter(ImageTarget target, ImageHead head) : target_(std::move(target)), head_(std::move(head)) {}

  [[nodiscard]] std::size_t parts() const override { return 1; }
  [[nodiscard]] std::unique_ptr<ChunkPacker> make_packer() const override {
    return std::make_unique<ZstPacker>(head_.level, head_.chunk_bytes);
  }

  Status begin() override {
    if (target_.path == "-") {
      out_ = OutputStream::to_descriptor(target_.stdout_fd);
    } else {
      TRIAGE_TRY(out_, OutputStream::create(target_.path));
    }
    return out_->write(metadata_frame());
  }

  Status reopen() override {
    TRIAGE_TRY(out_, OutputStream::reopen(target_.path));
    const std::vector<std::byte> wanted = metadata_frame();
    std::vector<std::byte> found(wanted.size());
    TRIAGE_TRY_STATUS(out_->read_back(0, found));
    if (found != wanted) return fail(ErrorCode::kUsage, "the unfinished image is of another acquisition", target_.path);
    read_at_ = good_at_ = wanted.size();
    return {};
  }

  Status read_back(const ChunkJournal::Entry& entry, std::span<std::byte> out) override {
    if (stored_.size() < entry.parts[0]) stored_.resize(std::min<std::size_t>(entry.parts[0], frame_bound(out.size())));
    if (entry.parts[0] > stored_.size()) return fail(ErrorCode::kUnreadable, "a frame is longer than it can be");
    const auto frame = std::span(stored_).first(entry.parts[0]);
    TRIAGE_TRY_STATUS(out_->read_back(read_at_, frame));
    TRIAGE_TRY_STATUS(decompressor_.decompress(frame, out));
    read_at_ += frame.size();
    return {};
  }

  void mark() override { good_at_ = read_at_; }
  Status go_on(std::uint64_t /*count*/) override { return out_->cut(good_at_); }

  Status append(const PackedChunk& chunk) override {
    const std::uint64_t before = out_->position();
    Status written = out_->write(chunk.stored);
    // The image stays one that `zstd -d` opens as far as it goes: no half frame at its end.
    if (!written && out_->is_file()) (void)out_->cut(before);
    out_->push();
    return written;
  }

  Status finish(const ImageSeal& seal, const ChunkJournal& journal) override {
    const std::uint64_t before = out_->position();
    Status written = write_end(seal, journal);
    if (!written && out_->is_file()) (void)out_->cut(before);
    return written;
  }

  Status sync() override { return out_->sync(); }
  [[nodiscard]] std::uint64_t stored_bytes() const override { return out_ ? out_->position() : 0; }
  [[nodiscard]] std::vector<std::string> files() const override { return {target_.path}; }

 private:
  [[nodiscard]] std::vector<std::byte> metadata_frame() const {
    auto frame = skippable_header(kImageFrameMagic, static_cast<std::uint32_t>(head_.metadata.size()));
    const Bytes text = as_byte_span(head_.metadata);
    frame.insert(frame.end(), text.begin(), text.end());
    return frame;
  }

  Status write_end(const ImageSeal& seal, const ChunkJournal& journal) {
    BinaryWriter begin;
    begin.buffer() += kImageFooterMagic;
    begin.put(kImageFooterVersion);
    begin.put(std::string_view(seal.footer));
    begin.put(journal.chunk_count());
    BinaryWriter end;
    end.put(std::string_view(seal.signature));
    const std::uint64_t bytes =
        begin.buffer().size() + journal.chunk_count() * kDigestBytes + end.buffer().size() + kDigestBytes;
    if (bytes > UINT32_MAX) return fail(ErrorCode::kUnsupported, "the list of chunk digests exceeds 4 GiB");
    TRIAGE_TRY_STATUS(out_->write(skippable_header(kImageFrameMagic, static_cast<std::uint32_t>(bytes))));
    Sha256 digest;
    const auto put = [&](Bytes part) {
      digest.update(part);
      return out_->write(part);
    };
    TRIAGE_TRY_STATUS(put(as_byte_span(begin.buffer())));
    TRIAGE_TRY_STATUS(for_each_entry(journal, [&](const std::vector<ChunkJournal::Entry>& entries) {
      std::vector<std::byte> list;
      for (const auto& entry : entries) list.insert(list.end(), entry.digest.begin(), entry.digest.end());
      return put(list);
    }));
    TRIAGE_TRY_STATUS(put(as_byte_span(end.buffer())));
    TRIAGE_TRY_STATUS(out_->write(Bytes(digest.finish_raw())));
    return write_seek_table(seal, journal, bytes);
  }

  Status write_seek_table(const ImageSeal& seal, const ChunkJournal& journal, std::uint64_t footer_bytes) {
    const std::uint64_t frames = journal.chunk_count() + 2;  // the metadata and the footer count as well
    BinaryWriter table;
    table.put(static_cast<std::uint32_t>(kSkippableHeaderBytes + head_.metadata.size()));
    table.put(std::uint32_t{0});
    TRIAGE_TRY_STATUS(
        out_->write(skippable_header(kSeekTableMagic, static_cast<std::uint32_t>(frames * 8 + kSeekFooterBytes))));
    std::uint64_t left = seal.size;
    TRIAGE_TRY_STATUS(for_each_entry(journal, [&](const std::vector<ChunkJournal::Entry>& entries) {
      for (const auto& entry : entries) {
        const auto content = static_cast<std::uint32_t>(std::min<std::uint64_t>(left, head_.chunk_bytes));
        table.put(entry.parts[0]);
        table.put(content);
        left -= content;
      }
      Status written = out_->write(as_byte_span(table.buffer()));
      table.buffer().clear();
      return written;
    }));
    table.put(static_cast<std::uint32_t>(kSkippableHeaderBytes + footer_bytes));
    table.put(std::uint32_t{0});
    table.put(static_cast<std::uint32_t>(frames));
    table.put(std::uint8_t{0});
    table.put(kSeekFooterMagic);
    return out_->write(as_byte_span(table.buffer()));
  }

  static Status for_each_entry(const ChunkJournal& journal,
                               const std::function<Status(const std::vector<ChunkJournal::Entry>&)>& use) {
    for (std::uint64_t first = 0; first < journal.chunk_count(); first += kListStep) {
      TRIAGE_TRY(const auto entries, journal.read(first, kListStep));
      TRIAGE_TRY_STATUS(use(entries));
    }
    return {};
  }

  ImageTarget target_;
  ImageHead head_;
  std::optional<OutputStream> out_;
  FrameDecompressor decompressor_;
  std::vector<std::byte> stored_;
  std::uint64_t read_at_ = 0;
  std::uint64_t good_at_ = 0;
};

}  // namespace

std::unique_ptr<ImageWriter> make_zst_writer(const ImageTarget& target, const ImageHead& head) {
  return std::make_unique<ZstWriter>(target, head);
}

}  // namespace triage
