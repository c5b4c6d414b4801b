// SPDX-License-Identifier: Apache-2.0
#include "acquire/pipeline.h"

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <exception>
#include <mutex>
#include <thread>

#include "base/check.h"
#include "bytes/sha256_pair.h"

namespace triage {

bool all_zero(Bytes data) {
  return data.empty() || (data[0] == std::byte{0} && std::memcmp(data.data(), data.data() + 1, data.size() - 1) == 0);
}

namespace {

class Pipeline {
 public:
  Pipeline(const PipelineOptions& options, std::vector<std::unique_ptr<ChunkPacker>> packers)
      : options_(options),
        packers_(std::move(packers)),
        pairs_(options.hash_chunks && Sha256Pair::is_fast() &&
               std::find(options.hashes.begin(), options.hashes.end(), DigestKind::kSha256) != options.hashes.end()),
        hashed_(options.hashes.size(), 0) {
    TRIAGE_CHECK(!packers_.empty() && options_.block_bytes % options_.chunk_bytes == 0);
    for (std::size_t i = 0; i < options_.block_count; ++i) {
      blocks_.push_back(std::make_unique<Block>(options_.memory ? AlignedBuffer(options_.memory(i))
                                                                : AlignedBuffer(options_.block_bytes)));
      blocks_.back()->place = i;
      blocks_.back()->chunks.resize(options_.block_bytes / options_.chunk_bytes);
    }
    packed_.resize(options_.block_count, false);
    const std::vector<std::byte> zeros(options_.chunk_bytes);
    zero_digest_ = sha256_raw(zeros);
  }

  PipelineResult run(const BlockFeed& feed, const BlockDrain& drain) {
    std::vector<std::thread> threads;
    threads.emplace_back([this, &feed] { guard([&] { read_blocks(feed); }); });
    std::vector<std::string> digests(options_.hashes.size());
    for (std::size_t i = 0; i < options_.hashes.size(); ++i) {
      threads.emplace_back([this, i, &digests] { guard([&] { digests[i] = hash_blocks(i); }); });
    }
    for (const auto& packer : packers_) {
      threads.emplace_back([this, &packer] { guard([&] { pack_blocks(*packer); }); });
    }
    guard([&] { drain_blocks(drain); });
    for (std::thread& thread : threads) thread.join();
    if (bug_) std::rethrow_exception(bug_);
    PipelineResult result;
    result.status = std::move(status_);
    if (result.status) {
      for (std::size_t i = 0; i < digests.size(); ++i) result.hashes[options_.hashes[i]] = std::move(digests[i]);
    }
    return result;
  }

 private:
  using Lock = std::unique_lock<std::mutex>;

  /// An exception of one thread ends all and is thrown again on the calling thread.
  template <typename Work>
  void guard(const Work& work) {
    try {
      work();
    } catch (...) {
      const Lock lock(mutex_);
      if (!bug_) bug_ = std::current_exception();
      abandoned_ = true;
      changed_.notify_all();
    }
  }

  Block& block(std::uint64_t sequence) { return *blocks_[static_cast<std::size_t>(sequence % blocks_.size())]; }

  void read_blocks(const BlockFeed& feed) {
    while (true) {
      std::uint64_t sequence = 0;
      {
        Lock lock(mutex_);
        changed_.wait(lock, [this] { return abandoned_ || filled_ - drained_ < blocks_.size(); });
        if (abandoned_) return;
        sequence = filled_;
        packed_[static_cast<std::size_t>(sequence % blocks_.size())] = false;
      }
      Block& into = block(sequence);
      into.faults.clear();
      into.length = 0;
      into.replayed = false;
      Status fed = feed(into);
      into.chunk_count = (into.length + options_.chunk_bytes - 1) / options_.chunk_bytes;
      if (options_.hash_chunks && !into.replayed) look_for_zeros(into);
      const Lock lock(mutex_);
      if (!fed && status_) status_ = std::move(fed);
      const bool last = !status_ || into.length == 0;
      if (!last) ++filled_;
      if (last) ended_ = true;
      changed_.notify_all();
      if (last) return;
    }
  }

  std::string hash_blocks(std::size_t index) {
    if (pairs_ && options_.hashes[index] == DigestKind::kSha256) {
      Sha256Pair pair;
      take_blocks(index, [&](Block& from) { hash_pairs(pair, from); });
      return pair.finish_hex();
    }
    RunningDigest digest(options_.hashes[index]);
    take_blocks(index, [&](Block& from) { digest.update(Bytes(from.data.span()).first(from.length)); });
    return digest.finish_hex();
  }

  /// One digest's way through the blocks, in order.
  template <typename Use>
  void take_blocks(std::size_t index, const Use& use) {
    while (true) {
      {
        Lock lock(mutex_);
        changed_.wait(lock, [&] { return abandoned_ || hashed_[index] < filled_ || ended_; });
        if (abandoned_ || hashed_[index] == filled_) return;
      }
      use(block(hashed_[index]));
      const Lock lock(mutex_);
      ++hashed_[index];
      changed_.notify_all();
    }
  }

  /// The next chunk of `rest`, which goes on behind it.
  Bytes next_chunk(Bytes& rest) const {
    const Bytes chunk = rest.first(std::min(rest.size(), options_.chunk_bytes));
    rest = rest.subspan(chunk.size());
    return chunk;
  }

  /// The whole's digest takes the block, its chunks get theirs.
  void hash_pairs(Sha256Pair& pair, Block& one) const {
    Bytes rest = Bytes(one.data.span()).first(one.length);
    if (one.replayed) return pair.add(rest);
    for (std::size_t i = 0; i < one.chunk_count; ++i) {
      const Bytes chunk = next_chunk(rest);
      if (one.chunks[i].zero && chunk.size() == options_.chunk_bytes) {
        pair.add(chunk);
        one.chunks[i].digest = zero_digest_;
      } else {
        one.chunks[i].digest = pair.add_chunk(chunk);
      }
    }
  }

  /// Which chunks are zeros: asked by the reading thread, while the bytes are at hand.
  void look_for_zeros(Block& one) const {
    Bytes rest = Bytes(one.data.span()).first(one.length);
    for (std::size_t i = 0; i < one.chunk_count; ++i) one.chunks[i].zero = all_zero(next_chunk(rest));
  }

  void pack_blocks(ChunkPacker& packer) {
    while (true) {
      std::uint64_t sequence = 0;
      {
        Lock lock(mutex_);
        changed_.wait(lock, [this] { return abandoned_ || claimed_ < filled_ || ended_; });
        if (abandoned_ || claimed_ == filled_) return;
        sequence = claimed_++;
      }
      Block& one = block(sequence);
      if (!one.replayed && options_.hash_chunks) pack_block(packer, one);
      const Lock lock(mutex_);
      packed_[static_cast<std::size_t>(sequence % blocks_.size())] = true;
      changed_.notify_all();
    }
  }

  void pack_block(ChunkPacker& packer, Block& one) {
    Bytes rest = Bytes(one.data.span()).first(one.length);
    for (std::size_t i = 0; i < one.chunk_count; ++i) {
      const Bytes chunk = next_chunk(rest);
      PackedChunk& packed = one.chunks[i];
      packed.content_bytes = static_cast<std::uint32_t>(chunk.size());
      if (!pairs_) {
        packed.digest = packed.zero && chunk.size() == options_.chunk_bytes ? zero_digest_ : sha256_raw(chunk);
      }
      packer.pack(chunk, packed);
    }
  }

  [[nodiscard]] bool is_done(std::uint64_t sequence) const {
    if (!packed_[static_cast<std::size_t>(sequence % blocks_.size())]) return false;
    return std::all_of(hashed_.begin(), hashed_.end(), [sequence](std::uint64_t at) { return at > sequence; });
  }

  void drain_blocks(const BlockDrain& drain) {
    while (true) {
      std::uint64_t sequence = 0;
      {
        Lock lock(mutex_);
        sequence = drained_;
        changed_.wait(lock, [&] {
          return abandoned_ || (sequence < filled_ && is_done(sequence)) || (ended_ && sequence == filled_);
        });
        if (abandoned_ || sequence == filled_) return;
      }
      Status drained = drain(block(sequence));
      const Lock lock(mutex_);
      if (!drained) {
        status_ = std::move(drained);
        abandoned_ = true;
      }
      ++drained_;
      changed_.notify_all();
      if (abandoned_) return;
    }
  }

  const PipelineOptions options_;
  std::vector<std::unique_ptr<ChunkPacker>> packers_;
  const bool pairs_;  // the thread of SHA-256 makes the chunks' digests, too
  std::vector<std::unique_ptr<Block>> blocks_;
  ChunkDigest zero_digest_{};

  std::mutex mutex_;  // guards all below; a block's own bytes belong to whom the counters say
  std::condition_variable changed_;
  std::uint64_t filled_ = 0;           // blocks read
  std::uint64_t claimed_ = 0;          // blocks a worker took
  std::uint64_t drained_ = 0;          // blocks taken by the calling thread: their place in the ring is free
  std::vector<std::uint64_t> hashed_;  // by digest
  std::vector<bool> packed_;           // by place in the ring
  bool ended_ = false;                 // nothing more will be filled
  bool abandoned_ = false;             // everybody stops at once
  Status status_;
  std::exception_ptr bug_;
};

}  // namespace

PipelineResult run_pipeline(const PipelineOptions& options, std::vector<std::unique_ptr<ChunkPacker>> packers,
                            const BlockFeed& feed, const BlockDrain& drain) {
  return Pipeline(options, std::move(packers)).run(feed, drain);
}

}  // namespace triage
