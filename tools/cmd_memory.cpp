// SPDX-License-Identifier: Apache-2.0
// triage memory acquire: RAM of this host, without a kernel module.
#include <CLI/CLI.hpp>

#include <memory>

#include "acquire/memory_acquisition.h"
#include "bytes/json.h"
#include "bytes/text.h"
#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/image_record.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/version.h"

namespace triage {
namespace {

using cli::Context;
using cli::ExitCode;
using cli::Flag;
using cli::Message;

// clang-format off
constexpr Message kGroup{"acquire the memory of this host", "このホストのメモリを取得する"};
constexpr Message kTitle{"acquire the memory of this host, hashed while it is copied", "このホストのメモリを取得し、同時にハッシュ値を計算する"};
constexpr Message kDetails{"No kernel module is needed: /proc/kcore, /dev/crash and /dev/mem are tried in turn, and --dry-run says which would work and why the others would not. Pages that cannot be read are zeros in the image and named by physical address in NAME.memory.json. NAME.d holds what an analysis needs: kernel symbols, types (BTF), page flags, and the tables of processes and sockets taken right before. Where no source works, a core of every process is written there instead, and the exit status is 1. lime and elf are plain files; zst is LiME inside a zstd image that every command reads in place. -o - streams the image only.", "カーネルモジュールは不要。/proc/kcore、/dev/crash、/dev/mem を順に試し、--dry-run は使えるものと使えない理由を示す。読めないページはイメージ内でゼロとし、物理アドレスを NAME.memory.json に記録する。NAME.d には解析に必要なもの(カーネルのシンボル、型情報(BTF)、ページ属性、直前のプロセスとソケットの一覧)を保存する。どれも使えないときは、代わりに各プロセスのコアをそこに書き、終了コードは 1 となる。lime と elf は非圧縮、zst は LiME を収めた zstd イメージで、すべてのコマンドがそのまま読める。-o - はイメージだけを流す。"};
constexpr Message kOne{"all of RAM as a LiME file", "メモリ全体を LiME 形式で取得する"};
constexpr Message kTwo{"compressed, to another machine", "圧縮して別のコンピュータへ送る"};
constexpr Message kThree{"which sources would work here", "このホストで使える取得元を調べる"};
constexpr Message kFormat{"Format of the image", "イメージの形式"};
constexpr Message kWorks{"{}: works, {} of RAM", "{}: 使用できる。RAM は {}"};
constexpr Message kFails{"{}: not usable: {}; {}", "{}: 使用できない: {}。対処: {}"};
constexpr Message kCores{"instead: the memory of every process", "代わりに各プロセスのメモリを取得する"};
constexpr Message kDone{"{}: {} bytes from {}, SHA-256 {}", "{}: {} バイト({} から取得)、SHA-256 {}"};
constexpr Message kBad{"{} bytes of RAM could not be read; {}.memory.json names them", "RAM のうち {} バイトを読み取れなかった。{}.memory.json に記録した"};
constexpr Message kKept{"no source of physical memory works; cores of {} of {} processes are in {}.d", "物理メモリの取得元が使えない。{1} 個中 {0} 個のプロセスのコアを {2}.d に保存した"};
// clang-format on

void tell_attempt(const Context& context, const MemoryAttempt& attempt, std::uint64_t ram) {
  if (attempt.reason.empty()) {
    cli::say(context, text(context.lang, kWorks, attempt.name, cli::human_bytes(ram)));
  } else {
    cli::say(context, text(context.lang, kFails, attempt.name, attempt.reason, attempt.next_step));
  }
}

Result<ExitCode> dry_run(const Context& context) {
  const MemoryPlan plan = plan_memory({});
  if (!plan.no_ram.empty()) tell_attempt(context, {"/proc/iomem", plan.no_ram, "run as root"}, 0);
  cli::Output out;
  for (const MemoryProbe& probe : plan.probes) {
    tell_attempt(context, {probe.name, probe.reason, probe.next_step}, total_bytes(plan.ram));
    if (context.json)
      out.line(JsonLine()
                   .add("schema", "triage.memory.source.v1")
                   .add("source", probe.name)
                   .add("works", probe.source != nullptr)
                   .add("reason", probe.reason)
                   .add("next_step", probe.next_step)
                   .finish());
  }
  if (plan.source() == nullptr) cli::say(context, text(context.lang, kCores));
  TRIAGE_TRY_STATUS(out.finish());
  return ExitCode::kComplete;
}

Status tell(const Context& context, const MemoryResult& result) {
  const std::string name = escape_terminal(context.output);
  for (const MemoryAttempt& attempt : result.attempts) {
    if (context.verbose > 0 || !result.image) tell_attempt(context, attempt, total_bytes(result.ram));
  }
  std::uint64_t kept = 0;
  for (const ProcessCore& core : result.cores) kept += core.sha256.empty() ? 0 : 1;
  std::string sha256;
  if (result.image) {
    sha256 = result.image->hashes.at(DigestKind::kSha256);
    cli::say(context, text(context.lang, kDone, name, result.image->size, result.source, sha256));
    if (!result.unreadable.empty()) cli::warn(context, text(context.lang, kBad, total_bytes(result.unreadable), name));
  } else {
    cli::warn(context, text(context.lang, kKept, kept, result.cores.size(), name));
  }
  if (context.json && context.output != "-") {
    cli::Output out;
    JsonLine line;
    line.add("schema", "triage.memory.acquired.v1")
        .add("file", result.image ? context.output : "")
        .add("source", result.source);
    line.add("size", result.image ? std::optional(result.image->size) : std::nullopt).add("sha256", sha256);
    line.add("unreadable_bytes", total_bytes(result.unreadable))
        .add("cores", kept)
        .add("processes", result.context.processes);
    out.line(line.finish());
    TRIAGE_TRY_STATUS(out.finish());
  }
  return {};
}

/// What was made, as exhibits: the image, or the core of each process.
cli::Acquired acquired_of(const Context& context, const MemoryResult& result) {
  cli::Acquired out;
  out.source = result.source.empty() ? "/proc/PID/mem" : result.source;
  out.id = result.id;
  if (result.image) {
    out.id = result.image->image_id;
    out.size = result.image->size;
    out.sha256 = result.image->hashes.at(DigestKind::kSha256);
    out.outputs.push_back({out.id, context.output, out.size, out.sha256});
  }
  for (const ProcessCore& core : result.cores) {
    if (core.sha256.empty()) continue;
    const std::string path = context.output + ".d/" + std::to_string(core.pid) + ".core";
    out.outputs.push_back({path, path, core.file_bytes, core.sha256});
  }
  out.unreadable_runs = result.unreadable.size();
  out.facts_json = result.record_json;
  return out;
}

ExitCode exit_of(const Result<MemoryResult>& result) {
  if (!result) return cli::exit_code_of(result.error().code);
  return result->image && result->unreadable.empty() ? ExitCode::kComplete : ExitCode::kDamaged;
}

Result<ExitCode> acquire(const Context& context, const std::string& format) {
  if (context.dry_run) return dry_run(context);
  cli::catch_interrupts();
  MemoryRequest request;
  request.output = context.output;
  request.format = format == "elf" ? MemoryFormat::kElf : MemoryFormat::kLime;
  request.packed = format == "zst";
  request.jobs = context.jobs;
  request.tool = cli::version_line();
  request.argv = context.argv;
  request.stop = &cli::interrupted();
  cli::ProgressPrinter printer(context);
  const auto start = std::chrono::steady_clock::now();
  request.progress = [&](const ImageProgress& progress) {
    cli::Progress shown;
    shown.phase = "memory";
    shown.bytes_done = progress.bytes_done;
    shown.bytes_total = progress.bytes_total;
    shown.elapsed = std::chrono::steady_clock::now() - start;
    printer.update(shown);
  };
  std::unique_ptr<cli::ImageRecord> record;
  if (!context.case_dir.empty()) {
    TRIAGE_TRY(record, cli::ImageRecord::open(context, "no write block: the source is memory"));
  }
  const auto result = acquire_memory(request, SystemClock());
  printer.finish();
  if (record != nullptr) {
    TRIAGE_TRY_STATUS(record->finish(
        exit_of(result), result ? acquired_of(context, *result) : cli::Acquired{"memory", {}, {}, {}, {}, 0, {}}));
  }
  if (!result) return tl::unexpected(result.error());
  TRIAGE_TRY_STATUS(tell(context, *result));
  return exit_of(result);
}

}  // namespace

void add_memory(CLI::App& app, Context& context) {
  CLI::App& group = cli::add_command(app, context, "memory",
                                     {kGroup, Message{"", ""}, {{"triage memory acquire -o host.lime", kOne}}});
  CLI::App& command = cli::add_command(group, context, "acquire",
                                       {kTitle,
                                        kDetails,
                                        {{"triage memory acquire -o host.lime", kOne},
                                         {"triage memory acquire -o - --format zst | ssh host 'cat > ram.zst'", kTwo},
                                         {"triage memory acquire -o x --dry-run", kThree}}});
  cli::add_flags(command, context,
                 {Flag::kOutput, Flag::kCaseOptional, Flag::kJson, Flag::kJobs, Flag::kProgress, Flag::kDryRun});
  const auto format = std::make_shared<std::string>("lime");
  cli::add_choice(command, context, "--format", *format, {"lime", "elf", "zst"}, kFormat);
  cli::on_run(command, context, [&context, format] { return acquire(context, *format); });
}

}  // namespace triage
