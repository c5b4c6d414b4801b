// SPDX-License-Identifier: Apache-2.0
// The E01 image (EWF-E01 as EnCase 6 writes it), written by ourselves: libewf packs in one thread and cannot go on with
// an unfinished image. Little-endian; every checksum is Adler-32.   Spec: libyal/libewf, "Expert Witness Compression
// Format (EWF)".
//   segment  := "EVF" 09 0d 0a ff 00 01 number(u16) 0(u16) section*
//   first    := header2 header2 header volume group* … ; further ones begin with data (the volume again)
//   group    := sectors table table2: packed chunks of 32 KiB, then their offsets (bit 31: zlib) from the group's begin
//   end      := next in every segment but the last; there data (first segment only) error2? digest hash done
//   section  := type(16) next(u64) size(u64) 0(40) checksum(u32) content
#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "acquire/ewf_sections.h"
#include "acquire/image_writer.h"
#include "acquire/output_stream.h"
#include "base/check.h"

namespace triage {
namespace {

constexpr std::uint32_t kPacked = 0x80000000U;
constexpr std::size_t kMaxEntries = 16375;  // of one table; EnCase before 6 reads no more
constexpr std::uint64_t kEndReserve = 16 * 1024;

struct CompressorFree {
  void operator()(libdeflate_compressor* compressor) const { libdeflate_free_compressor(compressor); }
};
struct DecompressorFree {
  void operator()(libdeflate_decompressor* decompressor) const { libdeflate_free_decompressor(decompressor); }
};

class EwfPacker final : public ChunkPacker {
 public:
  explicit EwfPacker(int level) : compressor_(libdeflate_alloc_compressor(std::min(level, 12))) {
    TRIAGE_CHECK(compressor_ != nullptr);
    const std::vector<std::byte> zeros(kEwfChunkBytes);
    zero_.resize(kEwfChunkBytes);
    zero_.resize(libdeflate_zlib_compress(compressor_.get(), zeros.data(), zeros.size(), zero_.data(), zero_.size()));
  }

  void pack(Bytes chunk, PackedChunk& out) override {
    const std::size_t pieces = (chunk.size() + kEwfChunkBytes - 1) / kEwfChunkBytes;
    TRIAGE_CHECK(pieces <= kMaxParts);
    if (out.buffer.size() < kMaxParts * kEwfStoredBytes) out.buffer.resize(kMaxParts * kEwfStoredBytes);
    out.parts = {};
    std::size_t used = 0;
    for (std::size_t i = 0; i < pieces; ++i) {
      const Bytes piece =
          chunk.subspan(i * kEwfChunkBytes).first(std::min(kEwfChunkBytes, chunk.size() - i * kEwfChunkBytes));
      const auto into = std::span(out.buffer).subspan(used);
      const bool zero = piece.size() == kEwfChunkBytes && (out.zero || all_zero(piece));
      std::size_t size = 0;
      if (zero) {
        std::copy(zero_.begin(), zero_.end(), into.begin());
        size = zero_.size();
      } else {  // at most what storing it plainly takes
        size = libdeflate_zlib_compress(compressor_.get(), piece.data(), piece.size(), into.data(), piece.size() + 3);
      }
      if (size != 0) {
        out.parts[i] = static_cast<std::uint32_t>(size) | kPacked;
      } else {
        std::copy(piece.begin(), piece.end(), into.begin());
        const auto sum = ewf_u32(libdeflate_adler32(1, piece.data(), piece.size()));
        std::copy(sum.begin(), sum.end(), into.begin() + static_cast<std::ptrdiff_t>(piece.size()));
        size = piece.size() + sum.size();
        out.parts[i] = static_cast<std::uint32_t>(size);
      }
      used += size;
    }
    out.stored = Bytes(out.buffer).first(used);
  }

 private:
  std::unique_ptr<libdeflate_compressor, CompressorFree> compressor_;
  std::vector<std::byte> zero_;
};

class EwfWriter final : public ImageWriter {
 public:
  EwfWriter(std::string base, ImageHead head)
      : base_(std::move(base)), head_(std::move(head)), decompressor_(libdeflate_alloc_decompressor()) {
    TRIAGE_CHECK(decompressor_ != nullptr);
  }

  [[nodiscard]] std::size_t parts() const override { return kMaxParts; }
  [[nodiscard]] std::unique_ptr<ChunkPacker> make_packer() const override {
    return std::make_unique<EwfPacker>(head_.level);
  }

  Status begin() override {
    TRIAGE_TRY_STATUS(check_size());
    return open_segment();
  }

  Status reopen() override {
    TRIAGE_TRY_STATUS(check_size());
    replaying_ = true;
    TRIAGE_TRY_STATUS(open_segment());
    good_ = state_;
    return {};
  }

  Status read_back(const ChunkJournal::Entry& entry, std::span<std::byte> out) override {
    for (std::size_t i = 0; i < kMaxParts && entry.parts[i] != 0; ++i) {
      const std::size_t stored = entry.parts[i] & ~kPacked;
      if (stored > kEwfStoredBytes || out.empty()) return fail(ErrorCode::kUnreadable, "a chunk is too long");
      TRIAGE_TRY_STATUS(make_room(stored));
      stored_.resize(stored);
      TRIAGE_TRY_STATUS(out_->read_back(state_.position, stored_));
      const auto piece = out.first(std::min(out.size(), kEwfChunkBytes));
      if ((entry.parts[i] & kPacked) != 0) {
        std::size_t got = 0;
        const auto result = libdeflate_zlib_decompress(decompressor_.get(), stored_.data(), stored_.size(),
                                                       piece.data(), piece.size(), &got);
        if (result != LIBDEFLATE_SUCCESS || got != piece.size()) return fail(ErrorCode::kUnreadable, "a bad chunk");
      } else {
        if (stored != piece.size() + 4) return fail(ErrorCode::kUnreadable, "a chunk of a wrong size");
        std::copy_n(stored_.begin(), piece.size(), piece.begin());
      }
      took(entry.parts[i]);
      out = out.subspan(piece.size());
    }
    return out.empty() ? Status() : fail(ErrorCode::kUnreadable, "chunks are missing");
  }

  void mark() override { good_ = state_; }

  Status go_on(std::uint64_t /*count*/) override {
    replaying_ = false;
    state_ = good_;
    std::error_code error;
    for (std::uint64_t i = state_.segment + 1; std::filesystem::remove(name(i), error);) ++i;
    TRIAGE_TRY(out_, OutputStream::reopen(name(state_.segment)));
    return out_->cut(state_.position);
  }

  Status append(const PackedChunk& chunk) override {
    Bytes rest = chunk.stored;
    for (std::size_t i = 0; i < kMaxParts && chunk.parts[i] != 0; ++i) {
      const std::size_t stored = chunk.parts[i] & ~kPacked;
      TRIAGE_TRY_STATUS(make_room(stored));
      TRIAGE_TRY_STATUS(out_->write(rest.first(stored)));
      took(chunk.parts[i]);
      rest = rest.subspan(stored);
    }
    out_->push();
    return {};
  }

  Status finish(const ImageSeal& seal, const ChunkJournal& /*journal*/) override {
    TRIAGE_TRY_STATUS(close_group());
    if (state_.segment == 1) TRIAGE_TRY_STATUS(put(ewf_section("data", state_.position, ewf_volume(head_))));
    if (!seal.unreadable.empty()) {
      TRIAGE_TRY_STATUS(put(ewf_section("error2", state_.position, ewf_errors(seal, head_.sector_size))));
    }
    TRIAGE_TRY_STATUS(put(ewf_section("digest", state_.position, ewf_digest(seal))));
    TRIAGE_TRY_STATUS(put(ewf_section("hash", state_.position, ewf_hash(seal))));
    return put(ewf_last_section("done", state_.position));
  }

  Status sync() override { return out_->sync(); }
  [[nodiscard]] std::uint64_t stored_bytes() const override { return state_.before + state_.position; }
  [[nodiscard]] std::vector<std::string> files() const override {
    std::vector<std::string> names;
    for (std::uint64_t i = 1; i <= state_.segment; ++i) names.push_back(name(i));
    return names;
  }

 private:
  /// Where the image stands; copied at every mark.
  struct State {
    std::uint64_t segment = 0;           // counted from 1
    std::uint64_t position = 0;          // in it
    std::uint64_t before = 0;            // bytes of earlier segments
    std::uint64_t group = 0;             // begin of the sectors section; 0: none is open
    std::vector<std::uint32_t> entries;  // offsets from it
  };

  Status check_size() const {
    if (!head_.size)
      return fail(ErrorCode::kUsage, "E01 needs a source whose size is known", {}, 0, "choose zst or raw");
    if (*head_.size % head_.sector_size != 0) {
      return fail(ErrorCode::kUnsupported, "E01 holds whole sectors and the source ends inside one", {}, 0,
                  "choose zst or raw");
    }
    if (head_.segment_bytes != 0 && head_.segment_bytes < (1U << 20)) {
      return fail(ErrorCode::kUsage, "a segment of an E01 must have at least 1 MiB", "--split");
    }
    return {};
  }
  [[nodiscard]] std::string name(std::uint64_t segment) const { return base_ + "." + ewf_suffix(segment); }

  Status put(const std::vector<std::byte>& bytes) {
    TRIAGE_CHECK(!replaying_);
    TRIAGE_TRY_STATUS(out_->write(bytes));
    state_.position += bytes.size();
    return {};
  }

  Status open_segment() {
    state_.before += state_.position;
    state_.position = 0;
    ++state_.segment;
    if (ewf_suffix(state_.segment).empty()) {
      return fail(ErrorCode::kOutput, "an E01 has no more names for its segments", name(1), 0,
                  "choose a larger --split");
    }
    if (replaying_) {
      TRIAGE_TRY(out_, OutputStream::reopen(name(state_.segment)));
      return skip_front();
    }
    TRIAGE_TRY(out_, OutputStream::create(name(state_.segment)));
    TRIAGE_TRY_STATUS(put(ewf_file_header(static_cast<std::uint16_t>(state_.segment))));
    if (state_.segment != 1) return put(ewf_section("data", state_.position, ewf_volume(head_)));
    for (int i = 0; i < 2; ++i) TRIAGE_TRY_STATUS(put(ewf_section("header2", state_.position, ewf_header2(head_))));
    TRIAGE_TRY_STATUS(put(ewf_section("header", state_.position, ewf_header(head_))));
    return put(ewf_section("volume", state_.position, ewf_volume(head_)));
  }

  /// Passes over what stands before the first chunk of a segment that exists.
  Status skip_front() {
    state_.position = kEwfFileHeaderBytes;
    std::vector<std::byte> raw(kEwfSectionBytes);
    for (int sections = 0; sections < 8; ++sections) {
      if (!out_->read_back(state_.position, raw)) return {};  // it ends here: the next chunk begins a group
      ByteCursor cursor(raw);
      const std::string_view type = as_chars(cursor.take(16, "type"));
      const auto next = cursor.le<std::uint64_t>("next");
      const bool front = type.starts_with("header") || type.starts_with("volume") || type.starts_with("data");
      if (!front || next <= state_.position) return {};
      state_.position = next;
    }
    return {};
  }

  /// A place for a chunk of `stored` bytes: in the open group, a new one, or a new segment.
  Status make_room(std::size_t stored) {
    const std::uint64_t tables = 2 * (kEwfSectionBytes + kEwfTableBytes + 4 * (state_.entries.size() + 1));
    const bool full = head_.segment_bytes != 0 && state_.position + stored + tables + kEndReserve > head_.segment_bytes;
    if (state_.group != 0 && (full || state_.entries.size() >= kMaxEntries)) TRIAGE_TRY_STATUS(close_group());
    if (full) {
      const auto next = ewf_last_section("next", state_.position);
      if (replaying_) {
        state_.position += next.size();
      } else {
        TRIAGE_TRY_STATUS(put(next));
        TRIAGE_TRY_STATUS(out_->sync());
      }
      TRIAGE_TRY_STATUS(open_segment());
    }
    if (state_.group != 0) return {};
    state_.group = state_.position;
    if (!replaying_) return put(ewf_section_header("sectors", state_.group, 0));  // its size comes in close_group()
    state_.position += kEwfSectionBytes;
    return {};
  }

  void took(std::uint32_t part) {
    state_.entries.push_back(static_cast<std::uint32_t>(state_.position - state_.group) | (part & kPacked));
    state_.position += part & ~kPacked;
  }

  Status close_group() {
    if (state_.group == 0) return {};
    const auto table = ewf_table(state_.group, state_.entries);
    state_.entries.clear();
    const std::uint64_t group = std::exchange(state_.group, 0);
    if (replaying_) {
      state_.position += 2 * (kEwfSectionBytes + table.size());
      return {};
    }
    TRIAGE_TRY_STATUS(out_->patch(group, ewf_section_header("sectors", group, state_.position - group)));
    for (const char* type : {"table", "table2"}) TRIAGE_TRY_STATUS(put(ewf_section(type, state_.position, table)));
    return {};
  }

  std::string base_;
  ImageHead head_;
  std::unique_ptr<libdeflate_decompressor, DecompressorFree> decompressor_;
  std::optional<OutputStream> out_;
  std::vector<std::byte> stored_;
  State state_;
  State good_;
  bool replaying_ = false;
};

}  // namespace

std::unique_ptr<ImageWriter> make_ewf_writer(const ImageTarget& target, const ImageHead& head) {
  return std::make_unique<EwfWriter>(target.path, head);
}

}  // namespace triage
