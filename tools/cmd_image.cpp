// SPDX-License-Identifier: Apache-2.0
// triage image: acquires a disk, hashed while it is copied, exact to the sector.
#include <CLI/CLI.hpp>

#include <memory>

#include "bytes/text.h"
#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/image_job.h"

namespace triage {
namespace {

using cli::Context;
using cli::Flag;
using cli::ImageChoice;
using cli::Message;

// clang-format off
constexpr Message kTitle{"acquire a disk as an image, hashed while it is copied", "ディスクをイメージとして取得し、同時にハッシュ値を計算する"};
constexpr Message kDetails{"SOURCE is a device, a partition, a file, another image (converted), or - for standard input. The device is described and set read-only by software before the first byte is read. Sectors that cannot be read are zeros in the image and named in NAME.map (ddrescue's syntax), in NAME.log.jsonl and in the image itself. zst is a zstd file that `zstd -d` turns into the raw image and that every command reads in place; raw is the bytes as they are, ewf is E01. An interrupted acquisition goes on with --resume. Exit status 1: complete, but sectors could not be read.", "SOURCE はデバイス、パーティション、ファイル、別形式のイメージ(変換)、または標準入力を表す -。最初の1バイトを読む前にデバイス情報を記録し、ソフトウェアで読み取り専用に設定する。読めないセクタはイメージ内でゼロとし、NAME.map(ddrescue 形式)、NAME.log.jsonl、イメージ自体に記録する。zst は `zstd -d` で生イメージに戻せる zstd ファイルで、すべてのコマンドがそのまま読める。raw は生データ、ewf は E01。中断した取得は --resume で再開する。終了コード 1 は、完了したが読めないセクタがあったことを示す。"};
constexpr Message kOne{"a disk, with MD5 and SHA-1 besides SHA-256", "ディスクを取得し、SHA-256 に加えて MD5 と SHA-1 を計算する"};
constexpr Message kTwo{"stream to another machine", "別のコンピュータへ送る"};
constexpr Message kThree{"an E01 in pieces of 2 GiB, with case data", "事案情報を付け、2 GiB ごとに分割した E01 を作る"};
constexpr Message kFour{"go on where ddrescue stopped", "ddrescue の続きから取得する"};
constexpr Message kSource{"Device, file, image, or - for standard input", "デバイス、ファイル、イメージ、または標準入力 -"};
constexpr Message kFormat{"Format of the image", "イメージの形式"};
constexpr Message kHash{"Further digests besides SHA-256: md5, sha1, sha512, separated by commas", "SHA-256 以外のハッシュ。md5、sha1、sha512 をコンマ区切りで指定"};
constexpr Message kSplit{"Size of one file of the image (raw and ewf)", "分割する1ファイルの大きさ(raw、ewf)"};
constexpr Message kLevel{"Compression: 1 fast to 19 small", "圧縮の強さ。1(速い)から 19(小さい)"};
constexpr Message kRetries{"Read sectors that failed N more times", "読めないセクタを N 回まで再度読む"};
constexpr Message kReverse{"Read what failed once more from the back", "読めなかった範囲を逆方向からもう一度読む"};
constexpr Message kMap{"Map of a ddrescue run; what it finished is taken from --rescued", "ddrescue のマップ。完了済みの範囲は --rescued から取り込む"};
constexpr Message kRescued{"The file that ddrescue wrote (default: MAP without .map)", "ddrescue の出力ファイル(既定値は MAP から .map を除いた名前)"};
constexpr Message kCaseNumber{"Case number, stored in the image", "イメージに記録する事案番号"};
constexpr Message kEvidenceNumber{"Evidence number, stored in the image", "イメージに記録する証拠番号"};
constexpr Message kExaminer{"Name of the examiner, stored in the image", "イメージに記録する担当者名"};
constexpr Message kDescription{"Description, stored in the image", "イメージに記録する説明"};
constexpr Message kNotes{"Notes, stored in the image", "イメージに記録する備考"};
constexpr Message kAllowMounted{"Acquire a source that is mounted for writing; its content may change meanwhile", "書き込み可能でマウント中の対象も取得する(取得中に内容が変わりうる)"};
constexpr Message kDecrypted{"Copy the plaintext of one encrypted volume that --unlock opens; =VOLUME where the keys open several", "--unlock で開いた暗号化ボリューム1つの平文を取得する。複数開く場合は =VOLUME で指定"};
constexpr Message kSign{"Sign the footer with this OpenSSH Ed25519 private key; `ssh-keygen -Y verify -n triage-image-v1` checks NAME.statement.json", "この OpenSSH Ed25519 秘密鍵で末尾の記録に署名する。`ssh-keygen -Y verify -n triage-image-v1` で NAME.statement.json を検証できる"};
constexpr Message kFive{"the plaintext of a LUKS or BitLocker volume", "LUKS や BitLocker のボリュームの平文を取得する"};
constexpr Message kBadSize{"{}: not a size; write it like 512, 64K, 256M or 2G", "{}: 大きさではない。512、64K、256M、2G のように書く"};
// clang-format on

void add_size(CLI::App& command, const Context& context, const std::string& name, std::uint64_t& value,
              const Message& help) {
  const auto set = [&context, &value, name](const std::string& word) {
    const auto size = cli::parse_size(word);
    if (!size) throw CLI::ValidationError(name, text(context.lang, kBadSize, escape_terminal(word)));
    value = *size;
  };
  command.add_option_function<std::string>(name, set, text(context.lang, help))
      ->type_name("SIZE")
      ->allow_extra_args(false);
}

}  // namespace

void add_image(CLI::App& app, Context& context) {
  CLI::App& command =
      cli::add_command(app, context, "image",
                       {kTitle,
                        kDetails,
                        {{"triage image /dev/sdb -o disk.zst --hash md5,sha1", kOne},
                         {"triage image /dev/sdb -o - | ssh host 'cat > disk.zst'", kTwo},
                         {"triage image /dev/sdb -o disk.E01 --format ewf --split 2G --case-number 7", kThree},
                         {"triage image /dev/sdb -o disk.zst --map dd.map --rescued dd.img", kFour},
                         {"triage image disk.zst -o plain.zst --decrypted --unlock '*=passphrase:-'", kFive}}});
  const auto choice = std::make_shared<ImageChoice>();
  command.add_option("SOURCE", choice->source, text(context.lang, kSource))->type_name("PATH")->required();
  cli::add_flags(command, context,
                 {Flag::kOutput, Flag::kCaseOptional, Flag::kJobs, Flag::kJson, Flag::kProgress, Flag::kDryRun,
                  Flag::kResume, Flag::kUnlock});
  const auto option = [&](const char* name, auto& value, const Message& help, const char* placeholder) {
    return command.add_option(name, value, text(context.lang, help))->type_name(placeholder)->allow_extra_args(false);
  };
  cli::add_choice(command, context, "--format", choice->format, {"zst", "raw", "ewf"}, kFormat);
  option("--hash", choice->hashes, kHash, "LIST");
  add_size(command, context, "--split", choice->split, kSplit);
  option("--level", choice->level, kLevel, "N")->check(CLI::Range(1, 19));
  option("--retries", choice->retries, kRetries, "N")->check(CLI::Range(0U, 100U));
  command.add_flag("--reverse", choice->reverse, text(context.lang, kReverse));
  option("--map", choice->map, kMap, "PATH");
  option("--rescued", choice->rescued, kRescued, "PATH");
  option("--case-number", choice->labels.case_number, kCaseNumber, "TEXT");
  option("--evidence-number", choice->labels.evidence_number, kEvidenceNumber, "TEXT");
  option("--examiner", choice->labels.examiner, kExaminer, "TEXT");
  option("--description", choice->labels.description, kDescription, "TEXT");
  option("--notes", choice->labels.notes, kNotes, "TEXT");
  command.add_flag("--allow-mounted", choice->allow_mounted, text(context.lang, kAllowMounted));
  option("--sign", choice->sign, kSign, "KEY");
  command.add_flag("--decrypted{*}", choice->decrypted, text(context.lang, kDecrypted));
  cli::on_run(command, context, [&context, choice] { return cli::run_image(context, *choice); });
}

}  // namespace triage
