// SPDX-License-Identifier: Apache-2.0
// triage list: the files and volumes of evidence, deleted ones too, each with its SHA-256.
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/file_listing.h"
#include "cli/sweep_setup.h"

namespace triage {
namespace {

using cli::Context;
using cli::ExitCode;
using cli::Flag;
using cli::Message;

// clang-format off
constexpr Message kTitle{"list the files and volumes on evidence, deleted ones too", "証拠上のファイルとボリュームを、削除されたものも含めて一覧する"};
constexpr Message kDetails{"Every file is read once for its SHA-256; --no-hash leaves that out. Further names of one content (hard links) come last. What could not be read is summed up on stderr, and the exit status is then 1.", "各ファイルを一度読んで SHA-256 を計算する。--no-hash で省く。同じ内容の別名(ハードリンク)は最後に並ぶ。読み取れなかった箇所は標準エラーに要約し、終了コードは 1 となる。"};
constexpr Message kOne{"every file with its state, size and digest", "すべてのファイルの状態、大きさ、ハッシュ値"};
constexpr Message kTwo{"deleted files only, for a script", "削除されたファイルだけをスクリプト向けに"};
constexpr Message kThree{"partitions and file systems", "パーティションとファイルシステム"};
constexpr Message kDeleted{"Deleted entries only", "削除されたものだけ"};
constexpr Message kAllocated{"Existing entries only", "現存するものだけ"};
constexpr Message kNoHash{"Do not read contents; digests and types stay unknown", "内容を読まない。ハッシュ値と種類は不明となる"};
constexpr Message kVolumes{"Volumes instead of files", "ファイルではなくボリューム"};
// clang-format on

struct ListChoice {
  bool deleted = false;
  bool allocated = false;
  bool no_hash = false;
  bool volumes = false;
};

Result<ExitCode> list(const Context& context, const ListChoice& choice) {
  TRIAGE_TRY(const std::vector<EvidenceSpec> specs, cli::recognise_all(context, ""));
  cli::PlainSweep plan;
  plan.regions = false;
  plan.contents = !choice.no_hash && !choice.volumes;
  plan.consumers.times = plan.consumers.parsers = plan.consumers.carve = plan.consumers.recover =
      plan.consumers.unpack = false;
  plan.consumers.digests = plan.contents;
  cli::Output out;
  cli::FileListing listing(context, out, {choice.volumes, !choice.deleted, !choice.allocated});
  listing.title();
  TRIAGE_TRY(const ExitCode code, cli::sweep_plainly(context, specs, plan, listing));
  TRIAGE_TRY_STATUS(out.finish());
  return code;
}

}  // namespace

void add_list(CLI::App& app, Context& context) {
  CLI::App& command = cli::add_command(app, context, "list",
                                       {kTitle,
                                        kDetails,
                                        {{"triage list laptop.E01", kOne},
                                         {"triage list usb.img --deleted --json", kTwo},
                                         {"triage list disk.img --volumes", kThree}}});
  cli::add_flags(command, context, {Flag::kEvidence, Flag::kJson, Flag::kJobs, Flag::kMaxFile, Flag::kProgress});
  const auto choice = std::make_shared<ListChoice>();
  CLI::Option* deleted = command.add_flag("--deleted", choice->deleted, text(context.lang, kDeleted));
  command.add_flag("--allocated", choice->allocated, text(context.lang, kAllocated))->excludes(deleted);
  command.add_flag("--no-hash", choice->no_hash, text(context.lang, kNoHash));
  command.add_flag("--volumes", choice->volumes, text(context.lang, kVolumes));
  cli::on_run(command, context, [&context, choice] { return list(context, *choice); });
}

}  // namespace triage
