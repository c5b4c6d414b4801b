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
constexpr Message kTitle{"recover deleted files that the file system or its leftovers still describe", "ファイルシステムやその残りに記録がある削除ファイルを復元する"};
constexpr Message kDetails{"What is read: deleted entries of every file system; on ext3 and ext4 the journal's old copies of inodes and directories, on ext2 and ext3 indirect blocks, on NTFS file records that no table has any more (after a quick format, or outside the table) and, for folders that are gone, the names in index slack, $LogFile and $UsnJrnl, on FAT and exFAT chains through other deleted files. The method of each file says which: metadata, journal or record. Journals and earlier checkpoints of HFS+ and APFS are not read. Each file is graded: complete, likely, overwritten. DIR must be absent or empty; files are named by the first 32 hex digits of their SHA-256, DIR/recovered.jsonl gives path, grade and place, and `triage verify DIR --evidence IMAGE` reads every place again. `triage carve` finds what no file system describes any more.", "読むもの: 各ファイルシステムの削除済み項目。ext3・ext4 ではジャーナルに残る古い inode とディレクトリ、ext2・ext3 では間接ブロック、NTFS では表から外れたファイルレコード(クイックフォーマット後など)と、消えたフォルダの名前が残る索引の余白・$LogFile・$UsnJrnl、FAT・exFAT では他の削除ファイルをまたぐ連鎖。どれによるかは各ファイルの method (metadata、journal、record) に記す。HFS+ と APFS のジャーナルや過去のチェックポイントは読まない。各ファイルに等級(complete、likely、overwritten)を付ける。DIR は存在しないか空であること。ファイル名は SHA-256 の先頭 32 桁で、パス、等級、位置は DIR/recovered.jsonl に記す。`triage verify DIR --evidence IMAGE` は全ファイルの位置を読み直して照合する。記録も残らないものは `triage carve` で探す。"};
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
    plan.consumers.times = plan.consumers.parsers = plan.consumers.carve = plan.consumers.unpack = false;
    return cli::keep_files(context, plan, cli::FolderSink::Kept::kDeleted);
  });
}

}  // namespace triage
