// SPDX-License-Identifier: Apache-2.0
#include "engine/sweep.h"

#include <poll.h>

#include "engine/map_blame.h"
#include "engine/sandbox.h"
#include "engine/supervisor.h"
#include "engine/unnamed_file.h"
#include "model/codec.h"

namespace triage {

Result<SweepSummary> sweep(const EvidenceSpec& spec, const SweepOptions& options, SweepSink& sink) {
  Supervisor supervisor(spec, options, sink);
  return supervisor.run();
}

std::vector<std::string> probe_sandbox() {
  ChildProcess probe([](Channel channel) {
    SandboxPolicy policy;
    policy.keep.push_back(channel.fd());
    std::string names;
    for (const std::string& layer : enter_sandbox(policy)) names += layer + "\n";
    (void)channel.send(FrameType::kFailed, names);  // a probe that cannot answer counts as everything missing
    return 0;
  });
  const auto answer = probe.channel().receive();
  probe.wait();
  std::vector<std::string> missing;
  if (!answer) return {"sandbox"};
  for (std::size_t begin = 0; begin < answer->payload.size();) {
    const std::size_t end = answer->payload.find('\n', begin);
    missing.push_back(answer->payload.substr(begin, end - begin));
    begin = end + 1;
  }
  return missing;
}

namespace {

constexpr int kTickMilliseconds = 100;

/// One reader's try at an extraction.
class Extraction {
 public:
  Extraction(ChildProcess child, Breadcrumb& breadcrumb, const std::function<Status(std::string_view)>& write)
      : child_(std::move(child)), breadcrumb_(breadcrumb), write_(write) {}

  /// True when it came to its end; false where the reader died or hung, see fault().
  Result<bool> run(ExtractSummary& summary) {
    while (true) {
      pollfd wait{child_.channel().fd(), POLLIN, 0};
      (void)::poll(&wait, 1, kTickMilliseconds);  // EINTR and time-out: look around again
      const bool alive = child_.channel().fill();
      while (auto frame = child_.channel().next()) {
        if (frame->type == FrameType::kSwept) return true;
        TRIAGE_TRY_STATUS(take(*frame, summary));
      }
      if (!alive || child_.channel().broken()) return false;
      const auto limit = reader_limit({}, breadcrumb_, image_size_);
      if (limit.count() == 0 || !child_.over_limit(breadcrumb_, limit)) continue;
      fault_ = DamageKind::kTimeout;
      child_.kill_and_wait();
      return false;
    }
  }
  [[nodiscard]] DamageKind fault() const { return fault_; }

 private:
  Status take(const Frame& frame, ExtractSummary& summary) {
    BinaryReader in(frame.payload);
    if (frame.type == FrameType::kContent) {
      TRIAGE_TRY_STATUS(write_(frame.payload));
      summary.bytes += frame.payload.size();
    } else if (frame.type == FrameType::kOpened) {
      EvidenceRecord record;
      decode(in, record);
      image_size_ = record.size;
    } else if (frame.type == FrameType::kDamage) {
      Damage damage;
      decode(in, damage);
      // Damage met while mapping other streams does not concern this one.
      if (in.ok() && damage.at && damage.stream.empty()) summary.damages.push_back(std::move(damage));
    } else if (frame.type == FrameType::kFailed) {
      Error error;
      decode(in, error);
      return tl::unexpected(error);
    }
    return {};
  }

  ChildProcess child_;
  Breadcrumb& breadcrumb_;
  const std::function<Status(std::string_view)>& write_;
  DamageKind fault_ = DamageKind::kCrash;
  std::uint64_t image_size_ = 0;
};

}  // namespace

Result<ExtractSummary> extract(const EvidenceSpec& spec, const std::string& wanted, const std::string& work_folder,
                               const std::function<Status(std::string_view)>& write) {
  MapBlame blame(spec.name);
  Breadcrumb& breadcrumb = make_shared_breadcrumb();
  ExtractSummary summary;
  std::vector<Slot> no_slots;
  while (true) {
    TRIAGE_TRY(UniqueFd store, make_unnamed_file(work_folder));
    breadcrumb.idle();
    ChildProcess child([&](Channel channel) {
      ReaderSetup setup;
      setup.channel = std::move(channel);
      setup.spec = spec;
      setup.slots = &no_slots;
      setup.breadcrumb = &breadcrumb;
      setup.map = blame.options();
      setup.plan_store = std::move(store);
      setup.memory_limit = 4ULL << 30;
      return extractor_main(setup, wanted);
    });
    Extraction extraction(std::move(child), breadcrumb, write);
    TRIAGE_TRY(const bool finished, extraction.run(summary));
    if (finished) return summary;
    // A death while mapping is worked around as in a sweep; one on the wanted content itself is not.
    if (breadcrumb.phase.load() != 1 || summary.bytes != 0)
      return fail(ErrorCode::kUnreadable, "the library that reads this evidence died on it", spec.name);
    TRIAGE_TRY(Damage damage, blame.blame(breadcrumb, extraction.fault()));
    summary.damages.push_back(std::move(damage));
  }
}

}  // namespace triage
