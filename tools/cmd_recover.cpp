// SPDX-License-Identifier: Apache-2.0
// triage recover: deleted files whose metadata still says where their content lies.
#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/keep_files.h"

namespace triage {
namespace {

using cli::Context;
using cli::Flag;
using cli::Message;

// clang-format off
constexpr Message kTitle{"recover deleted files that the file system still describes", "ファイルシステムに記録が残る削除ファイルを復元する"};
constexpr Message kDetails{"Each file is graded: complete, likely, overwritten. DIR must be absent or empty; files are named by the first 32 hex digits of their SHA-256, DIR/recovered.jsonl gives path, grade and place. `triage carve` finds what no file system describes any more.", "各ファイルに等級(complete、likely、overwritten)を付ける。DIR は存在しないか空であること。ファイル名は SHA-256 の先頭 32 桁で、パス、等級、位置は DIR/recovered.jsonl に記す。記録も残らないものは `triage carve` で探す。"};
constexpr Message kOne{"recover into a new folder", "新しいフォルダに復元する"};
constexpr Message kTwo{"two images, for a script", "2つのイメージをスクリプトから処理する"};
// clang-format on

}  // namespace

void add_recover(CLI::App& app, Context& context) {
  CLI::App& command = cli::add_command(
      app, context, "recover",
      {kTitle,
       kDetails,
       {{"triage recover usb.img -o recovered", kOne}, {"triage recover pc.E01 usb.img -o out -q --json", kTwo}}});
  cli::add_flags(
      command, context,
      {Flag::kEvidence, Flag::kOutput, Flag::kJson, Flag::kJobs, Flag::kMaxFile, Flag::kProgress, Flag::kDryRun});
  cli::on_run(command, context, [&context] {
    cli::PlainSweep plan;
    plan.files = false;
    plan.regions = false;
    plan.consumers.times = plan.consumers.parsers = plan.consumers.carve = false;
    return cli::keep_files(context, plan, cli::FolderSink::Kept::kDeleted);
  });
}

}  // namespace triage
