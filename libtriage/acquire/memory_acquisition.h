// SPDX-License-Identifier: Apache-2.0
// acquire_memory: RAM of this host into one file, without a kernel module, with what an analysis needs beside it:
//   NAME              LiME or ELF core, or LiME inside a zst image
//   NAME.map .json .chunks .log.jsonl    as of every image (acquire_image.h)
//   NAME.memory.json  what was tried, ranges, unreadable pages by physical address, kernel, footprint of this tool
//   NAME.d/           tables of the kernel (memory_context.h); PID.core where no source of RAM works (memory_cores.h)
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "acquire/acquire_image.h"
#include "acquire/memory_context.h"
#include "acquire/memory_cores.h"
#include "acquire/memory_input.h"

namespace triage {

struct MemoryRequest {
  std::string output;  ///< path of the image; "-" is standard output: nothing is kept beside it then
  MemoryFormat format = MemoryFormat::kLime;
  bool packed = false;  ///< inside a zst image
  unsigned jobs = 1;
  std::string tool;
  std::vector<std::string> argv;
  MemoryPaths paths;
  std::string proc = "/proc";
  std::string sys = "/sys";
  const std::atomic<bool>* stop = nullptr;
  std::function<void(const ImageProgress&)> progress;
};

/// One source that was tried, without its handle.
struct MemoryAttempt {
  std::string name;
  std::string reason;  ///< "" where it works
  std::string next_step;
};

/// What acquire_memory() would find, without writing anything.
struct MemoryPlan {
  std::vector<MemoryRange> ram;
  std::string no_ram;  ///< why the ranges are not known; "" where they are
  std::string lockdown;
  std::vector<MemoryProbe> probes;
  [[nodiscard]] MemorySource* source() const;
};
MemoryPlan plan_memory(const MemoryPaths& paths);

struct MemoryResult {
  std::string id;           ///< of this acquisition, 32 hex digits
  std::string record_json;  ///< NAME.memory.json
  std::vector<MemoryAttempt> attempts;
  std::string source;  ///< path of the one used; "" where none works
  std::vector<MemoryRange> ram;
  std::optional<ImageResult> image;
  std::vector<MemoryRange> unreadable;  ///< physical
  MemoryContext context;
  std::vector<ProcessCore> cores;
};

/// kOutput: full or failing target. kUnreadable: neither RAM nor any process could be read.
Result<MemoryResult> acquire_memory(const MemoryRequest& request, const Clock& clock);

}  // namespace triage
