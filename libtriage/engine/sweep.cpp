// SPDX-License-Identifier: Apache-2.0
#include "engine/sweep.h"

#include <fcntl.h>

#include "engine/sandbox.h"
#include "engine/supervisor.h"
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

Result<ExtractSummary> extract(const EvidenceSpec& spec, const std::string& wanted, const std::string& work_folder,
                               const std::function<Status(std::string_view)>& write) {
  UniqueFd store(::open(work_folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (!store.valid()) return fail(ErrorCode::kOutput, "cannot make a working file", work_folder, errno);
  Breadcrumb& breadcrumb = make_shared_breadcrumb();
  std::vector<Slot> no_slots;
  ChildProcess child([&](Channel channel) {
    ReaderSetup setup;
    setup.channel = std::move(channel);
    setup.spec = spec;
    setup.slots = &no_slots;
    setup.breadcrumb = &breadcrumb;
    setup.plan_store = std::move(store);
    setup.memory_limit = 4ULL << 30;
    return extractor_main(setup, wanted);
  });
  ExtractSummary summary;
  while (auto frame = child.channel().receive()) {
    BinaryReader in(frame->payload);
    if (frame->type == FrameType::kContent) {
      TRIAGE_TRY_STATUS(write(frame->payload));
      summary.bytes += frame->payload.size();
    } else if (frame->type == FrameType::kDamage) {
      Damage damage;
      decode(in, damage);
      // Damage met while mapping other streams does not concern this one.
      if (in.ok() && damage.at && damage.stream.empty()) summary.damages.push_back(std::move(damage));
    } else if (frame->type == FrameType::kFailed) {
      Error error;
      decode(in, error);
      return tl::unexpected(error);
    } else if (frame->type == FrameType::kSwept) {
      return summary;
    }
  }
  return fail(ErrorCode::kUnreadable, "the library that reads this evidence died on it", spec.name);
}

}  // namespace triage
