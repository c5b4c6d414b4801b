// SPDX-License-Identifier: Apache-2.0
#include "acquire/memory_acquisition.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "acquire/output_stream.h"
#include "bytes/json.h"
#include "bytes/text.h"
#include "bytes/time_formats.h"

namespace triage {
namespace {

std::string ranges_json(const std::vector<MemoryRange>& ranges) {
  std::string out = "[";
  for (const MemoryRange& range : ranges)
    out += fmt::format("{}[{},{}]", out.size() > 1 ? "," : "", range.begin, range.end - range.begin);
  return out + "]";
}

template <typename Each, typename Write>
std::string list_json(const std::vector<Each>& all, Write write) {
  std::string out = "[";
  for (const Each& one : all) out += (out.size() > 1 ? "," : "") + write(one);
  return out + "]";
}

std::string quoted(const std::string& text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

/// Memory this process itself takes: an analysis finds these pages in the image.
std::string footprint_json() {
  const std::string status = read_kernel_file("/proc/self/status").value_or("");
  JsonLine line;
  line.add("pid", static_cast<std::uint64_t>(::getpid()));
  for (const auto& [key, name] :
       {std::pair{"VmHWM:", "peak_kib"}, {"VmRSS:", "resident_kib"}, {"VmSize:", "virtual_kib"}}) {
    const std::size_t at = status.find(key);
    if (at == std::string::npos) continue;
    line.add(name, static_cast<std::uint64_t>(
                       std::strtoull(status.c_str() + at + std::string_view(key).size(), nullptr, 10)));
  }
  return line.finish();
}

class Acquisition {
 public:
  Acquisition(const MemoryRequest& request, const Clock& clock) : request_(request), clock_(clock) {}

  Result<MemoryResult> run() {
    started_ = clock_.utc_nanos();
    out_.id = new_image_id();
    MemoryPlan plan = plan_memory(request_.paths);
    out_.ram = plan.ram;
    lockdown_ = plan.lockdown;
    if (!plan.no_ram.empty()) out_.attempts.push_back({request_.paths.iomem, plan.no_ram, "run as root"});
    for (const MemoryProbe& probe : plan.probes) out_.attempts.push_back({probe.name, probe.reason, probe.next_step});
    MemorySource* source = plan.source();
    if (source != nullptr) {
      const auto used =
          std::find_if(plan.probes.begin(), plan.probes.end(), [](const auto& each) { return each.source != nullptr; });
      out_.source = used->name;
      TRIAGE_TRY_STATUS(check_space(total_bytes(plan.ram)));
    }
    TRIAGE_TRY_STATUS(keep_context(source));
    if (source != nullptr) {
      TRIAGE_TRY_STATUS(take_image(*source));
    } else {
      TRIAGE_TRY_STATUS(take_cores());
    }
    TRIAGE_TRY_STATUS(write_record());
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool streams() const { return request_.output == "-"; }
  [[nodiscard]] std::string folder() const { return request_.output + ".d"; }

  /// Compressed images may be smaller; how much is not known before.
  Status check_space(std::uint64_t needed) const {
    if (streams() || request_.packed) return {};
    const std::filesystem::path parent = std::filesystem::path(request_.output).parent_path();
    struct statvfs facts {};
    if (::statvfs(parent.empty() ? "." : parent.c_str(), &facts) != 0) return {};
    const std::uint64_t free = facts.f_bavail * facts.f_frsize;
    if (free >= needed) return {};
    return fail(ErrorCode::kOutput, fmt::format("{} bytes are needed and {} are free", needed, free), request_.output,
                ENOSPC, "write to another disk, choose --format zst, or stream with -o -");
  }

  Status keep_context(const MemorySource* source) {
    if (streams()) return {};
    if (::mkdir(folder().c_str(), 0700) != 0) {
      return fail(ErrorCode::kOutput, "the folder beside the image cannot be made", folder(), errno,
                  errno == EEXIST ? "nothing is overwritten; choose another name" : "");
    }
    MemoryContextRequest wanted;
    wanted.folder = folder();
    wanted.ram = out_.ram;
    wanted.proc = request_.proc;
    wanted.sys = request_.sys;
    if (source != nullptr) wanted.vmcoreinfo = source->vmcoreinfo();
    TRIAGE_TRY(out_.context, collect_memory_context(wanted));
    return {};
  }

  Status take_image(MemorySource& source) {
    MemoryInput input(source, out_.ram, request_.format);
    ImageRequest wanted;
    wanted.format = request_.packed ? ImageFormat::kZst : ImageFormat::kRaw;
    wanted.output = request_.output;
    wanted.jobs = request_.jobs;
    wanted.source_name = out_.source;
    wanted.source_json =
        JsonLine().add("kind", "memory").add("source", out_.source).add_raw("ram", ranges_json(out_.ram)).finish();
    wanted.identity = fmt::format("memory {}", started_);
    wanted.ring_folder.clear();  // memory has changed by the time a run could go on
    wanted.tool = request_.tool;
    wanted.argv = request_.argv;
    wanted.stop = request_.stop;
    wanted.progress = request_.progress;
    TRIAGE_TRY(ImageResult image, acquire_image(input, wanted, clock_));
    for (const auto& [at, length] : image.unreadable) {
      for (const MemoryRange& range : input.physical_of(at, length)) out_.unreadable.push_back(range);
    }
    out_.image = std::move(image);
    return {};
  }

  Status take_cores() {
    if (streams()) {
      return fail(ErrorCode::kUnreadable, "no source of physical memory works here, and process cores are many files",
                  {}, 0, "name a file with -o to get a core of every process");
    }
    TRIAGE_TRY(out_.cores, dump_processes(request_.proc, folder(), static_cast<std::uint64_t>(::getpid())));
    const bool any =
        std::any_of(out_.cores.begin(), out_.cores.end(), [](const auto& core) { return !core.sha256.empty(); });
    if (any) return {};
    TRIAGE_TRY_STATUS(write_record());
    return fail(ErrorCode::kUnreadable, "neither physical memory nor the memory of any process can be read", {}, 0,
                "run as root, outside a container");
  }

  Status write_record() {
    utsname system{};
    (void)::uname(&system);  // an empty host name says enough
    JsonLine line;
    line.add("schema", "triage.memory.v1")
        .add("id", out_.id)
        .add("host", system.nodename)
        .add("kernel", out_.context.kernel_release);
    line.add("machine", system.machine)
        .add("started", utc_text(started_, 3))
        .add("ended", utc_text(clock_.utc_nanos(), 3));
    line.add("source", out_.source).add("lockdown", lockdown_);
    line.add_raw("tried", list_json(out_.attempts, [](const MemoryAttempt& each) {
                   return JsonLine()
                       .add("source", each.name)
                       .add("reason", each.reason)
                       .add("next_step", each.next_step)
                       .finish();
                 }));
    line.add("format", request_.format == MemoryFormat::kElf ? "elf" : "lime").add("packed", request_.packed);
    line.add_raw("ram", ranges_json(out_.ram)).add_raw("unreadable", ranges_json(out_.unreadable));
    if (out_.image) {
      line.add("size", out_.image->size);
      const auto digest = out_.image->hashes.find(DigestKind::kSha256);
      if (digest != out_.image->hashes.end()) line.add("sha256", digest->second);
    }
    line.add("kaslr_slide", out_.context.kaslr_slide).add("build_id", out_.context.build_id);
    line.add("processes", out_.context.processes).add("sockets", out_.context.sockets);
    line.add_raw("files", list_json(out_.context.files, [](const MemoryContext::File& each) {
                   return JsonLine().add("name", each.name).add("size", each.size).add("sha256", each.sha256).finish();
                 }));
    line.add_raw("missing", list_json(out_.context.missing, quoted));
    line.add_raw("cores", list_json(out_.cores, [](const ProcessCore& each) {
                   JsonLine core;
                   core.add("pid", each.pid).add("name", to_valid_utf8(each.name)).add("memory", each.size);
                   core.add("read", each.stored).add("unreadable_pages", each.unreadable_pages);
                   return core.add("sha256", each.sha256).add("reason", each.reason).finish();
                 }));
    line.add("tool", request_.tool).add_raw("footprint", footprint_json());
    out_.record_json = line.finish();
    if (streams()) return {};
    TRIAGE_TRY(OutputStream file, OutputStream::create(request_.output + ".memory.json"));
    TRIAGE_TRY_STATUS(file.write(as_byte_span(out_.record_json + "\n")));
    return file.sync();
  }

  const MemoryRequest& request_;
  const Clock& clock_;
  MemoryResult out_;
  std::int64_t started_ = 0;
  std::string lockdown_;
};

}  // namespace

MemorySource* MemoryPlan::source() const {
  const auto used = std::find_if(probes.begin(), probes.end(), [](const auto& each) { return each.source != nullptr; });
  return used == probes.end() ? nullptr : used->source.get();
}

MemoryPlan plan_memory(const MemoryPaths& paths) {
  MemoryPlan plan;
  plan.lockdown = lockdown_level(paths);
  const auto text = read_kernel_file(paths.iomem);
  const IomemRam ram = parse_iomem(text.value_or(""));
  if (!text) {
    plan.no_ram = "the map of RAM cannot be read";
  } else if (ram.hidden) {
    plan.no_ram = "the kernel hides the places of RAM: it needs CAP_SYS_ADMIN";
  } else if (ram.ranges.empty()) {
    plan.no_ram = "the kernel names no RAM";
  }
  plan.ram = ram.ranges;
  plan.probes = probe_memory(paths, plan.ram);
  return plan;
}

Result<MemoryResult> acquire_memory(const MemoryRequest& request, const Clock& clock) {
  return Acquisition(request, clock).run();
}

}  // namespace triage
