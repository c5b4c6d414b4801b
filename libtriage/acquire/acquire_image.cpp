// SPDX-License-Identifier: Apache-2.0
#include "acquire/acquire_image.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <mutex>
#include <nlohmann/json.hpp>

#include "acquire/image_log.h"
#include "acquire/image_sidecar.h"
#include "acquire/output_stream.h"
#include "acquire/read_ring.h"
#include "base/check.h"
#include "bytes/text.h"

namespace triage {
namespace {

constexpr std::size_t kChunkBytes = 256 * 1024;
constexpr std::uint64_t kLargeSource = 24ULL << 40;  // above it chunks of 1 MiB keep the footer below 4 GiB
constexpr std::size_t kLargeChunkBytes = 1024 * 1024;
constexpr std::size_t kRingBytes = 3U << 20;
constexpr auto kSyncPause = std::chrono::seconds(30);

/// What the journal remembers of the request, so that a run that goes on is the same acquisition.
std::string journal_head(const ImageRequest& request, const ImageHead& head) {
  JsonLine line;
  line.add("schema", "triage.image.state.v1").add("identity", request.identity).add("image_id", head.image_id);
  line.add("format", image_format_name(request.format)).add("level", head.level);
  line.add("segment_bytes", head.segment_bytes).add("chunk_bytes", std::uint64_t{head.chunk_bytes});
  return line.add("started_ns", head.started_ns).add("metadata", head.metadata).finish();
}

class Acquisition {
 public:
  Acquisition(ImageInput& input, const ImageRequest& request, const Clock& clock)
      : input_(input), request_(request), clock_(clock), log_(clock), streams_(request.output == "-") {}

  Result<ImageResult> run() {
    TRIAGE_TRY_STATUS(open());
    PipelineOptions options;
    options.chunk_bytes = head_.chunk_bytes;
    // One chunk a block: no more than one chunk is being read when the program is killed.
    options.block_bytes = head_.chunk_bytes;
    options.block_count = block_count();
    if (ring_) options.memory = [this](std::size_t place) { return ring_->block(place); };
    options.hashes = hashes();
    std::vector<std::unique_ptr<ChunkPacker>> packers;
    for (unsigned i = 0; i < std::max(1U, request_.jobs); ++i) packers.push_back(writer_->make_packer());
    PipelineResult passed = run_pipeline(
        options, std::move(packers), [this](Block& block) { return feed(block); },
        [this](const Block& block) { return drain(block); });
    if (passed.status) passed.status = finish(passed.hashes);
    if (!passed.status) {
      stop_here(passed.status.error());
      return tl::unexpected(std::move(passed.status).error());
    }
    return std::move(result_);
  }

 private:
  [[nodiscard]] std::vector<DigestKind> hashes() const {
    std::vector<DigestKind> kinds = {DigestKind::kSha256};
    for (const DigestKind kind : request_.hashes) {
      if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) kinds.push_back(kind);
    }
    // E01 carries MD5 and SHA-1 of its content.
    if (request_.format == ImageFormat::kEwf) {
      for (const DigestKind kind : {DigestKind::kMd5, DigestKind::kSha1}) {
        if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) kinds.push_back(kind);
      }
    }
    return kinds;
  }

  [[nodiscard]] std::size_t block_count() const { return std::max<std::size_t>(6, kRingBytes / head_.chunk_bytes); }

  /// A pipe cannot be asked again, a stream cannot be gone on with: for them no memory outlives the program.
  void make_ring() {
    if (streams_ || !input_.can_seek()) return;
    if (request_.resume) saved_ = ReadRing::load(request_.ring_folder, head_.image_id, head_.chunk_bytes);
    ring_ = ReadRing::make(request_.ring_folder, head_.image_id, head_.chunk_bytes, block_count());
    if (ring_ && !request_.resume) ring_->take_place();
  }

  Status open() {
    base_ = streams_ ? "" : image_base_name(request_.format, request_.output);
    head_.size = input_.size();
    head_.sector_size = input_.sector_size().value;
    head_.chunk_bytes = head_.size.value_or(0) > kLargeSource ? kLargeChunkBytes : kChunkBytes;
    head_.segment_bytes = request_.segment_bytes;
    head_.level = request_.level;
    head_.labels = request_.labels;
    head_.model = request_.model;
    head_.serial = request_.serial;
    head_.tool = request_.tool;
    TRIAGE_TRY_STATUS(request_.resume ? open_unfinished() : open_new());
    make_ring();
    return {};
  }

  void make_writer() {
    const ImageTarget target{streams_ ? request_.output : base_, request_.stdout_fd};
    switch (request_.format) {
      case ImageFormat::kZst: writer_ = make_zst_writer(target, head_); break;
      case ImageFormat::kRaw: writer_ = make_raw_writer(target, head_); break;
      case ImageFormat::kEwf: writer_ = make_ewf_writer(target, head_); break;
    }
  }

  Status open_new() {
    std::error_code error;
    for (const std::string& beside :
         {std::string(".state"), std::string(), std::string(".map"), std::string(".json"), std::string(".chunks"),
          std::string(kStatementSuffix), std::string(kStatementSignatureSuffix)}) {
      if (streams_ || !std::filesystem::exists(base_ + beside, error)) continue;
      const bool state = beside == ".state";
      return fail(ErrorCode::kOutput,
                  state ? "an acquisition of this name was begun and not finished" : "nothing is overwritten",
                  base_ + beside, EEXIST,
                  state ? "go on with --resume, or choose another name" : "choose another name");
    }
    head_.image_id = new_image_id();
    head_.started_ns = clock_.utc_nanos();
    head_.metadata = image_metadata(request_, head_, input_.access());
    make_writer();
    TRIAGE_TRY_STATUS(writer_->begin());
    if (!streams_) {
      TRIAGE_TRY(log_, ImageLog::open(base_ + ".log.jsonl", clock_));
    }
    TRIAGE_TRY_STATUS(log_.add("started", head_.metadata));
    TRIAGE_TRY(journal_,
               ChunkJournal::create(streams_ ? "" : base_ + ".state", journal_head(request_, head_), writer_->parts()));
    return {};
  }

  Status open_unfinished() {
    if (streams_ || !input_.can_seek()) return fail(ErrorCode::kUsage, "a stream cannot be gone on with");
    make_writer();  // its number of parts is needed to read the journal
    TRIAGE_TRY(journal_, ChunkJournal::open(base_ + ".state", writer_->parts()));
    const auto head = nlohmann::json::parse(journal_->head(), nullptr, false);
    const auto text = [&head](const char* key) {
      return head.is_object() && head.contains(key) && head[key].is_string() ? head[key].get<std::string>() : "";
    };
    const auto number = [&head](const char* key) {
      return head.is_object() && head.contains(key) && head[key].is_number_integer() ? head[key].get<std::int64_t>()
                                                                                     : 0;
    };
    if (text("identity") != request_.identity) {
      return fail(ErrorCode::kUsage, "the unfinished image is of another source", base_ + ".state", 0,
                  "name the source it was begun from");
    }
    if (text("format") != image_format_name(request_.format) ||
        number("segment_bytes") != static_cast<std::int64_t>(request_.segment_bytes) ||
        number("level") != request_.level || number("chunk_bytes") != static_cast<std::int64_t>(head_.chunk_bytes)) {
      return fail(ErrorCode::kUsage, "the unfinished image was begun with other options", base_ + ".state", 0,
                  "give the format, level and segment size it was begun with");
    }
    head_.image_id = text("image_id");
    head_.metadata = text("metadata");
    head_.started_ns = number("started_ns");
    make_writer();
    TRIAGE_TRY_STATUS(writer_->reopen());
    TRIAGE_TRY(log_, ImageLog::open(base_ + ".log.jsonl", clock_));
    for (const ReadFault& fault : journal_->faults()) unreadable_bytes_ += fault.length.value;
    replay_ = true;
    return {};
  }

  /// The reading thread: first what is stored, then the source.
  Status feed(Block& block) {
    if (request_.stop != nullptr && request_.stop->load()) {
      return fail(ErrorCode::kInterrupted, "stopped; what was read is kept", {}, 0, "go on with --resume");
    }
    block.at = fed_;
    if (ring_) ring_->open(block.place);
    if (replay_) {
      TRIAGE_TRY(const bool more, feed_stored(block));
      if (more) return {};
      TRIAGE_TRY_STATUS(end_replay());
    }
    block.replayed = false;
    block.at = fed_;
    if (input_ended_) return {};
    if (take_saved(block)) return {};
    TRIAGE_TRY(block.length, input_.read(fed_, block.data.span(), block.faults));
    if (request_.stop != nullptr && request_.stop->load() && !input_.can_seek()) {
      return fail(ErrorCode::kInterrupted, "stopped; a pipe cannot be gone on with");
    }
    pass_on(block);
    return {};
  }

  /// `block` holds what comes next of the source.
  void pass_on(const Block& block) {
    if (ring_) ring_->publish(block.place, fed_, block.length, block.faults);
    input_ended_ = block.length < block.data.span().size();
    fed_ += block.length;
  }

  /// What an earlier run read and did not store; false where there is no such.
  bool take_saved(Block& block) {
    const auto found = saved_.find(fed_);
    const std::uint64_t left = head_.size.value_or(UINT64_MAX) - fed_;
    if (found == saved_.end() ||
        found->second.bytes.size() != std::min<std::uint64_t>(block.data.span().size(), left)) {
      // All of them lie in the ring of this run by now, or in the image.
      saved_.clear();
      if (ring_) ring_->take_place();
      return false;
    }
    block.length = found->second.bytes.size();
    block.faults = std::move(found->second.faults);
    std::copy(found->second.bytes.begin(), found->second.bytes.end(), block.data.span().begin());
    pass_on(block);
    return true;
  }

  /// One block of what an earlier run stored; false where it ends or is not what the journal says. Blocks begin at the
  /// same places in every run, so that the faults of one never stand before chunks of another.
  Result<bool> feed_stored(Block& block) {
    TRIAGE_TRY(const auto entries, journal_->read(stored_chunks_, block.chunks.size()));
    const std::uint64_t size = head_.size.value_or(UINT64_MAX);
    const auto bytes = static_cast<std::size_t>(std::min<std::uint64_t>(block.data.span().size(), size - fed_));
    if (bytes == 0 || entries.size() != (bytes + head_.chunk_bytes - 1) / head_.chunk_bytes) return false;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const std::size_t begin = i * head_.chunk_bytes;
      const auto place = block.data.span().subspan(begin, std::min(head_.chunk_bytes, bytes - begin));
      if (!writer_->read_back(entries[i], place) || sha256_raw(place) != entries[i].digest) return false;
      block.chunks[i].digest = entries[i].digest;
    }
    writer_->mark();
    block.replayed = true;
    block.length = bytes;
    stored_chunks_ += entries.size();
    fed_ += bytes;
    return true;
  }

  Status end_replay() {
    replay_ = false;
    TRIAGE_TRY(const std::uint64_t kept, journal_->cut(stored_chunks_, head_.chunk_bytes));
    TRIAGE_CHECK(kept == stored_chunks_);
    TRIAGE_TRY_STATUS(writer_->go_on(kept));
    result_.resumed_at = fed_;
    JsonLine line;
    line.add("at", fed_).add("access", input_.access());
    input_ended_ = head_.size && fed_ >= *head_.size;
    return log_.add("resumed", line.finish());
  }

  /// The calling thread: the image grows by one block.
  Status drain(const Block& block) {
    for (std::size_t i = 0; i < block.chunk_count; ++i) tree_.add(block.chunks[i].digest);
    if (!block.replayed) {
      TRIAGE_TRY_STATUS(note_faults(block));
      for (std::size_t i = 0; i < block.chunk_count; ++i) TRIAGE_TRY_STATUS(writer_->append(block.chunks[i]));
      TRIAGE_TRY_STATUS(journal_->append(block.faults, block.chunks.data(), block.chunk_count));
      const auto now = clock_.steady();
      if (!streams_ && now - synced_ > kSyncPause) {
        TRIAGE_TRY_STATUS(writer_->sync());
        TRIAGE_TRY_STATUS(journal_->sync());
        TRIAGE_TRY_STATUS(save_map());
        synced_ = now;
      }
    }
    done_ += block.length;
    if (request_.progress) {
      request_.progress({done_, head_.size, unreadable_bytes_, journal_->faults().size(), block.replayed});
    }
    return {};
  }

  Status note_faults(const Block& block) {
    for (const ReadFault& fault : block.faults) {
      JsonLine line;
      unreadable_bytes_ += fault.length.value;
      line.add("at", fault.at.value).add("length", fault.length.value).add("errno", fault.sys_errno);
      TRIAGE_TRY_STATUS(log_.add("unreadable", line.finish()));
    }
    if (block.faults.empty() || !request_.on_fault) return {};
    const std::string state = request_.on_fault();
    return state.empty() ? Status() : log_.add("write_block", state);
  }

  Status save_map() {
    if (streams_) return {};
    return write_map(base_ + ".map", request_, head_.size.value_or(done_), done_, ranges_of(journal_->faults()));
  }

  Status finish(const std::map<DigestKind, std::string>& hashes) {
    ImageSeal seal;
    seal.size = done_;
    seal.unreadable = ranges_of(journal_->faults());
    seal.hashes = hashes;
    seal.merkle_root = tree_.root_hex();
    seal.footer = image_footer(head_, seal, journal_->chunk_count());
    if (request_.key != nullptr) {
      TRIAGE_TRY(seal.signature, request_.key->sign(kImageNamespace, seal.footer));
      result_.signer = request_.key->public_key().fingerprint();
    }
    TRIAGE_TRY_STATUS(writer_->finish(seal, *journal_));
    TRIAGE_TRY_STATUS(writer_->sync());
    result_.size = done_;
    result_.stored_bytes = writer_->stored_bytes();
    result_.hashes = hashes;
    result_.merkle_root = seal.merkle_root;
    result_.image_id = head_.image_id;
    result_.access = input_.access();
    result_.unreadable = seal.unreadable;
    result_.files = writer_->files();
    if (streams_) return {};
    TRIAGE_TRY_STATUS(save_map());
    if (request_.format != ImageFormat::kZst) {
      TRIAGE_TRY_STATUS(write_sidecar(base_, head_, seal, *journal_));
      for (const char* beside : {".json", ".chunks"}) result_.files.push_back(base_ + beside);
    }
    for (const char* beside : {".map", ".log.jsonl"}) result_.files.push_back(base_ + beside);
    if (!seal.signature.empty()) {
      TRIAGE_TRY_STATUS(write_beside(kStatementSuffix, seal.footer));
      TRIAGE_TRY_STATUS(write_beside(kStatementSignatureSuffix, seal.signature));
    }
    if (request_.on_fault) {
      if (const std::string state = request_.on_fault(); !state.empty()) {
        TRIAGE_TRY_STATUS(log_.add("write_block", state));
      }
    }
    TRIAGE_TRY_STATUS(log_.add("finished", seal.footer));
    if (ring_) ring_->remove();
    return journal_->remove();
  }

  Status write_beside(std::string_view suffix, const std::string& text) {
    const std::string path = base_ + std::string(suffix);
    TRIAGE_TRY(OutputStream out, OutputStream::create(path));
    TRIAGE_TRY_STATUS(out.write(as_byte_span(text)));
    result_.files.push_back(path);
    return out.sync();
  }

  /// Keeps what there is; the reason itself is told by the caller.
  void stop_here(const Error& error) {
    if (!journal_ || streams_) return;
    JsonLine line;
    line.add("at", done_).add("message", error.message).add("errno", error.sys_errno);
    (void)log_.add(error.code == ErrorCode::kInterrupted ? "stopped" : "failed", line.finish());
    (void)writer_->sync();
    (void)journal_->sync();
    (void)save_map();
  }

  ImageInput& input_;
  const ImageRequest& request_;
  const Clock& clock_;
  ImageLog log_;
  const bool streams_;
  std::string base_;
  ImageHead head_;
  std::unique_ptr<ImageWriter> writer_;
  std::optional<ChunkJournal> journal_;
  std::unique_ptr<ReadRing> ring_;  // null: the pipeline takes its own memory
  ImageResult result_;
  // Of the reading thread, once the pipeline runs.
  std::uint64_t fed_ = 0;
  std::uint64_t stored_chunks_ = 0;
  bool replay_ = false;
  bool input_ended_ = false;
  std::map<std::uint64_t, SavedBlock> saved_;
  // Of the calling thread.
  MerkleTree tree_;
  std::uint64_t done_ = 0;
  std::uint64_t unreadable_bytes_ = 0;
  std::chrono::nanoseconds synced_{0};
};

}  // namespace

std::string new_image_id() {
  std::array<std::byte, 16> bytes{};
  TRIAGE_CHECK(::getrandom(bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
  return to_hex(bytes);
}

std::string_view image_format_name(ImageFormat format) {
  switch (format) {
    case ImageFormat::kZst: return "zst";
    case ImageFormat::kRaw: return "raw";
    case ImageFormat::kEwf: return "ewf";
  }
  return "";
}

std::string image_base_name(ImageFormat format, const std::string& output) {
  std::string base = output;
  if (format == ImageFormat::kEwf && base.size() > 4 && ascii_lower(base.substr(base.size() - 4)) == ".e01") {
    base.resize(base.size() - 4);
  }
  return base;
}

Result<ImageResult> acquire_image(ImageInput& input, const ImageRequest& request, const Clock& clock) {
  return Acquisition(input, request, clock).run();
}

}  // namespace triage
