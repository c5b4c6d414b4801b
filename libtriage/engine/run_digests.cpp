// SPDX-License-Identifier: Apache-2.0
#include "engine/run_digests.h"

#include <algorithm>
#include <exception>

#include "bytes/digest.h"
#include "engine/child_process.h"
#include "engine/reader_process.h"
#include "engine/sandbox.h"

namespace triage {
namespace {

constexpr std::size_t kStep = std::size_t{4} << 20;
constexpr std::uint64_t kMemory = 4ULL << 30;
/// Zeros of sparse runs that one item may have hashed beyond the size of the image.
constexpr std::uint64_t kMostZeros = 64ULL << 30;

class RunReader {
 public:
  explicit RunReader(Source& source) : source_(source), buffer_(kStep) {}

  RunDigest digest(const std::vector<Extent>& runs) {
    const std::uint64_t size = source_.size().value;
    std::uint64_t zeros = 0;
    for (const Extent& run : runs) {
      const bool inside = run.sparse ? run.length.value <= kMostZeros - zeros
                                     : run.at.value <= size && run.length.value <= size - run.at.value;
      if (!inside) return {{}, true};
      zeros += run.sparse ? run.length.value : 0;
    }
    RunDigest out;
    for (const Extent& run : runs) {
      for (std::uint64_t done = 0; done < run.length.value;) {
        const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(kStep, run.length.value - done));
        const auto part = std::span(buffer_).first(step);
        if (run.sparse) {
          std::fill(part.begin(), part.end(), std::byte{0});
        } else {
          faults_.clear();
          source_.read(run.at + ByteCount{done}, part, faults_);
          out.readable = out.readable && faults_.empty();
        }
        sha256_.update(Bytes(part));
        done += step;
      }
    }
    out.sha256 = sha256_.finish_hex();
    return out;
  }

 private:
  Source& source_;
  std::vector<std::byte> buffer_;
  std::vector<ReadFault> faults_;
  Sha256 sha256_;
};

int fail_with(Channel& channel, const Error& error) {
  BinaryWriter out;
  encode(out, error);
  (void)channel.send(FrameType::kFailed, out.buffer());
  return 0;
}

int digester_main(Channel& channel, const EvidenceSpec& spec, const std::vector<std::vector<Extent>>& items) {
  SandboxPolicy policy;
  policy.readable = spec.paths;
  policy.keep = {channel.fd()};
  policy.address_space = kMemory;
  (void)enter_sandbox(policy);
  try {
    const auto reader = open_evidence(spec);
    if (!reader) return fail_with(channel, reader.error());
    Source* source = (*reader)->source();
    if (source == nullptr)
      return fail_with(channel, Error{ErrorCode::kUnsupported, "a folder has no byte runs", spec.name, 0, {}});
    RunReader runs(*source);
    for (const std::vector<Extent>& item : items) {
      const RunDigest digest = runs.digest(item);
      BinaryWriter out;
      out.put(std::string_view(digest.sha256));
      out.put(digest.readable);
      if (!channel.send(FrameType::kContent, out.buffer())) return 0;
    }
  } catch (const std::exception& error) {
    return fail_with(channel, Error{ErrorCode::kUnreadable, error.what(), spec.name, 0, {}});
  }
  (void)channel.send(FrameType::kSwept, {});
  return 0;
}

}  // namespace

Result<std::vector<RunDigest>> digest_runs(const EvidenceSpec& spec, const std::vector<std::vector<Extent>>& items) {
  (void)sha256_hex(std::string_view{});  // OpenSSL loads what it needs before the sandbox closes the file system
  ChildProcess child([&](Channel channel) { return digester_main(channel, spec, items); });
  std::vector<RunDigest> out;
  while (const auto frame = child.channel().receive()) {
    BinaryReader in(frame->payload);
    if (frame->type == FrameType::kSwept && out.size() == items.size()) return out;
    if (frame->type == FrameType::kFailed) {
      Error error;
      decode(in, error);
      return tl::unexpected(std::move(error));
    }
    RunDigest digest;
    in.get(digest.sha256);
    in.get(digest.readable);
    if (frame->type != FrameType::kContent || !in.ok() || out.size() == items.size()) break;
    out.push_back(std::move(digest));
  }
  return fail(ErrorCode::kUnreadable, "the library that reads this evidence died on it", spec.name);
}

}  // namespace triage
