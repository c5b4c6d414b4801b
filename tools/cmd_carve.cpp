// SPDX-License-Identifier: Apache-2.0
// triage carve: files found by their content in unallocated space, gaps and volumes that could not be parsed.
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
constexpr Message kTitle{"find files by content in unallocated space", "未割り当て領域から内容でファイルを復元する(カービング)"};
constexpr Message kDetails{"Every candidate is checked to its exact end. Content that an existing file holds anyway is left out. DIR must be absent or empty; files are named by the first 32 hex digits of their SHA-256, DIR/recovered.jsonl says where each one lay.", "候補は終端まで検査する。現存するファイルと同じ内容は除く。DIR は存在しないか空であること。ファイル名は SHA-256 の先頭 32 桁で、元の位置は DIR/recovered.jsonl に記す。"};
constexpr Message kOne{"carve an image into a new folder", "イメージから新しいフォルダに復元する"};
constexpr Message kTwo{"a memory card, for a script", "メモリカードをスクリプトから処理する"};
// clang-format on

}  // namespace

void add_carve(CLI::App& app, Context& context) {
  CLI::App& command = cli::add_command(
      app, context, "carve",
      {kTitle, kDetails, {{"triage carve usb.img -o carved", kOne}, {"triage carve card.E01 -o out -q --json", kTwo}}});
  cli::add_flags(
      command, context,
      {Flag::kEvidence, Flag::kOutput, Flag::kJson, Flag::kJobs, Flag::kMaxFile, Flag::kProgress, Flag::kDryRun});
  cli::on_run(command, context, [&context] {
    cli::PlainSweep plan;
    plan.consumers.times = plan.consumers.parsers = false;
    return cli::keep_files(context, plan, cli::FolderSink::Kept::kCarved);
  });
}

}  // namespace triage
