// SPDX-License-Identifier: Apache-2.0
#include "acquire/chunk_check.h"

#include <algorithm>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "acquire/image_sidecar.h"
#include "acquire/output_stream.h"
#include "acquire/pipeline.h"

namespace triage {
namespace {

constexpr std::size_t kBatch = 16;  // chunks a thread takes at a time
constexpr std::size_t kListStep = 8192;

class NoPacker final : public ChunkPacker {
 public:
  void pack(Bytes /*chunk*/, PackedChunk& /*out*/) override {}
};

class ChunkChecker {
 public:
  ChunkChecker(const ChunkCheckPlan& plan, const VerifyImageOptions& options) : plan_(plan), options_(options) {
    const std::vector<std::byte> zeros(plan.chunk_bytes);
    zero_digest_ = sha256_raw(zeros);
  }

  Result<std::vector<std::pair<std::uint64_t, std::uint64_t>>> run() {
    std::vector<std::thread> threads;
    for (unsigned i = 1; i < std::max(1U, options_.jobs); ++i) threads.emplace_back([this] { work(); });
    work();
    for (std::thread& thread : threads) thread.join();
    if (failure_) return tl::unexpected(*failure_);
    if (stopped()) return fail(ErrorCode::kInterrupted, "stopped before the check was complete");
    std::vector<ReadFault> faults;
    for (const std::uint64_t index : bad_) {
      const std::uint64_t at = index * plan_.chunk_bytes;
      faults.push_back({ByteOffset{at}, ByteCount{std::min<std::uint64_t>(plan_.chunk_bytes, plan_.size - at)}, 0});
    }
    return ranges_of(faults);
  }

 private:
  [[nodiscard]] bool stopped() const { return options_.stop != nullptr && options_.stop->load(); }

  void work() {
    auto reader = plan_.make_reader();
    if (!reader) {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = reader.error();
      return;
    }
    std::vector<std::byte> buffer(plan_.chunk_bytes);
    const std::uint64_t count = (plan_.size + plan_.chunk_bytes - 1) / plan_.chunk_bytes;
    while (!stopped()) {
      const std::uint64_t first = next_.fetch_add(kBatch);
      if (first >= count) return;
      const std::uint64_t last = std::min<std::uint64_t>(count, first + kBatch);
      const auto digests = plan_.list->read(first, static_cast<std::size_t>(last - first));
      std::vector<std::uint64_t> bad;
      for (std::uint64_t index = first; index < last; ++index) {
        const std::uint64_t left = plan_.size - index * plan_.chunk_bytes;
        const auto chunk =
            std::span(buffer).first(static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), left)));
        const bool known = index - first < digests.size();
        if (!known || !(*reader)(index, chunk) ||
            digest_of(chunk) != digests[static_cast<std::size_t>(index - first)]) {
          bad.push_back(index);
        }
      }
      report(bad, last - first);
    }
  }

  ChunkDigest digest_of(Bytes chunk) const {
    return chunk.size() == plan_.chunk_bytes && all_zero(chunk) ? zero_digest_ : sha256_raw(chunk);
  }

  void report(const std::vector<std::uint64_t>& bad, std::uint64_t count) {
    const std::lock_guard lock(mutex_);
    bad_.insert(bad_.end(), bad.begin(), bad.end());
    done_ += count;
    if (options_.progress) {
      options_.progress(std::min<std::uint64_t>(done_ * plan_.chunk_bytes, plan_.size), plan_.size, bad_.size());
    }
  }

  const ChunkCheckPlan& plan_;
  const VerifyImageOptions& options_;
  ChunkDigest zero_digest_{};
  std::atomic<std::uint64_t> next_{0};
  std::mutex mutex_;  // guards what follows
  std::vector<std::uint64_t> bad_;
  std::uint64_t done_ = 0;
  std::optional<Error> failure_;
};

}  // namespace

std::vector<ChunkDigest> ChunkList::read(std::uint64_t first, std::size_t limit) const {
  if (first >= count_) return {};
  std::vector<ChunkDigest> out(static_cast<std::size_t>(std::min<std::uint64_t>(limit, count_ - first)));
  const auto raw = std::as_writable_bytes(std::span(out));
  out.resize(read_file_at(fd_, at_ + first * sizeof(ChunkDigest), raw) / sizeof(ChunkDigest));
  return out;
}

std::optional<std::string> ChunkList::merkle_root() const {
  MerkleTree tree;
  while (tree.count() < count_) {
    const auto digests = read(tree.count(), kListStep);
    if (digests.empty()) return std::nullopt;
    for (const ChunkDigest& digest : digests) tree.add(digest);
  }
  return tree.root_hex();
}

Result<std::vector<std::pair<std::uint64_t, std::uint64_t>>> check_chunks(const ChunkCheckPlan& plan,
                                                                          const VerifyImageOptions& options) {
  return ChunkChecker(plan, options).run();
}

Result<ImageClaims> parse_claims(std::string_view footer_json) {
  const auto json = nlohmann::json::parse(footer_json, nullptr, false);
  const auto wrong = [](const char* key) {
    return fail(ErrorCode::kVerification, std::string("the footer has no valid ") + key);
  };
  if (!json.is_object()) return wrong("JSON");
  ImageClaims claims;
  for (const auto& [key, into] : {std::pair{"image_id", &claims.image_id},
                                  {"metadata_sha256", &claims.metadata_sha256},
                                  {"merkle_root", &claims.merkle_root}}) {
    if (!json.contains(key) || !json[key].is_string()) return wrong(key);
    *into = json[key].get<std::string>();
  }
  for (const auto& [key, into] : {std::pair{"size", &claims.size},
                                  {"chunk_bytes", &claims.chunk_bytes},
                                  {"chunk_count", &claims.chunk_count},
                                  {"unreadable_bytes", &claims.unreadable_bytes}}) {
    if (!json.contains(key) || !json[key].is_number_unsigned()) return wrong(key);
    *into = json[key].get<std::uint64_t>();
  }
  if (claims.chunk_bytes == 0 || claims.chunk_bytes > (64U << 20)) return wrong("chunk_bytes");
  if (claims.chunk_count != claims.size / claims.chunk_bytes + (claims.size % claims.chunk_bytes != 0 ? 1 : 0)) {
    return wrong("chunk_count");
  }
  if (!json.contains("hashes") || !json["hashes"].is_object()) return wrong("hashes");
  for (const auto& [name, hex] : json["hashes"].items()) {
    const auto kind = digest_kind_from_name(name);
    if (kind && hex.is_string()) claims.hashes.emplace_back(*kind, hex.get<std::string>());
  }
  if (json.contains("unreadable") && json["unreadable"].is_array()) claims.unreadable_runs = json["unreadable"].size();
  return claims;
}

Result<std::vector<std::pair<DigestKind, std::string>>> hash_in_order(
    ImageInput& input, const std::vector<DigestKind>& kinds, const VerifyImageOptions& options,
    std::vector<std::pair<std::uint64_t, std::uint64_t>>& unreadable) {
  PipelineOptions pipeline;
  pipeline.hashes = kinds;
  pipeline.chunk_bytes = pipeline.block_bytes;
  pipeline.hash_chunks = false;
  std::vector<std::unique_ptr<ChunkPacker>> packers;
  packers.push_back(std::make_unique<NoPacker>());
  std::uint64_t at = 0;
  std::uint64_t done = 0;
  std::vector<ReadFault> faults;
  const PipelineResult result = run_pipeline(
      pipeline, std::move(packers),
      [&](Block& block) -> Status {
        if (options.stop != nullptr && options.stop->load()) {
          return fail(ErrorCode::kInterrupted, "stopped before the check was complete");
        }
        block.at = at;
        TRIAGE_TRY(block.length, input.read(at, block.data.span(), block.faults));
        at += block.length;
        return {};
      },
      [&](const Block& block) -> Status {
        for (const ReadFault& fault : block.faults) {
          append_fault(faults, fault.at.value, fault.length.value, fault.sys_errno);
        }
        done += block.length;
        if (options.progress) options.progress(done, input.size().value_or(0), faults.size());
        return {};
      });
  if (!result.status) return tl::unexpected(result.status.error());
  unreadable = ranges_of(faults);
  return std::vector<std::pair<DigestKind, std::string>>(result.hashes.begin(), result.hashes.end());
}

}  // namespace triage
