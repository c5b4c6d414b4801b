// SPDX-License-Identifier: Apache-2.0
#include "cli/keep_files.h"

#include "bytes/json.h"
#include "bytes/text.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/sweep_setup.h"

namespace triage::cli {
namespace {

constexpr Message kKept{"files kept: {} ({}) in {}; recovered.jsonl describes them",
                        "{} 個のファイル({})を {} に保存した。説明は recovered.jsonl にある"};
constexpr Message kWould{"would read {} and write into {}", "{} を読み、{} に書き込む"};

}  // namespace

Result<ExitCode> keep_files(const Context& context, const PlainSweep& plan, FolderSink::Kept kept) {
  TRIAGE_TRY(const std::vector<EvidenceSpec> specs, recognise_all(context, context.output));
  if (context.dry_run) {
    for (const EvidenceSpec& spec : specs)
      say(context, text(context.lang, kWould, escape_terminal(spec.name), escape_terminal(context.output)));
    return ExitCode::kComplete;
  }
  TRIAGE_TRY(const std::unique_ptr<FolderSink> sink, FolderSink::open(context.output, kept, context.evidence));
  catch_interrupts();
  PlainSweep into_folder = plan;
  into_folder.work_folder = context.output;
  Result<ExitCode> code = sweep_plainly(context, specs, into_folder, *sink);
  const Status described = sink->finish();
  if (!code && code.error().code == ErrorCode::kInterrupted)
    code.error().next_step = "name another folder to begin anew";
  if (code && !described) return tl::unexpected(described.error());
  say(context, text(context.lang, kKept, sink->files(), human_bytes(sink->bytes()), escape_terminal(context.output)));
  if (!code || !context.json) return code;
  Output out;
  JsonLine line;
  line.add("schema", "triage.kept.v1").add("folder", context.output).add("files", sink->files());
  line.add("bytes", sink->bytes()).add("lines", sink->lines()).add("damage", sink->damage().total());
  out.line(line.finish());
  TRIAGE_TRY_STATUS(out.finish());
  return code;
}

}  // namespace triage::cli
