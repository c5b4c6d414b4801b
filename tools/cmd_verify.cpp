// SPDX-License-Identifier: Apache-2.0
// triage verify: is a case what it says it is? Writes nothing.
#include <CLI/CLI.hpp>

#include <filesystem>
#include <memory>

#include "cli/check_lines.h"
#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/image_verify.h"
#include "cli/output.h"
#include "cli/runs_verify.h"
#include "cli/small_file.h"
#include "store/bundle_check.h"
#include "store/kept_index.h"
#include "store/verify.h"

namespace triage {
namespace {

using cli::Context;
using cli::ExitCode;
using cli::Flag;
using cli::Message;

// clang-format off
constexpr Message kTitle{"check that a case, a bundle or an image is whole and unchanged", "事案、封印した資料一式、イメージが完全で改変されていないことを検査する"};
constexpr Message kDetails{"Checks case.yaml, case.db, the chain of the custody log, every kept file against its name, and every export against case.db; of a folder that triage recover or triage carve wrote, every file against its line in recovered.jsonl; of a bundle (a folder or .tar.zst made by triage bundle) every file against the manifest, the signatures, and the custody log as it was sealed. Of an image (zst; raw with its .json and .chunks; E01): the container, its footer, and every chunk against its SHA-256 on all processors; what changed is named as bytes of the source. One line a check, then OK or FAILED; the exit status is 0 or 4. Nothing is written.", "case.yaml、case.db、証拠管理記録の連鎖、保存ファイルと名前、出力ファイルと case.db の一致を検査する。triage recover と triage carve のフォルダでは、全ファイルと recovered.jsonl の行を照合する。triage bundle による資料一式(フォルダまたは .tar.zst)では、全ファイルとマニフェスト、署名、封印時の証拠管理記録を検査する。イメージ(zst、.json と .chunks を伴う raw、E01)では、容器、末尾の記録、全チャンクの SHA-256 を全プロセッサで検査し、変化した箇所を取得元のバイト位置で示す。1行に1検査、最後に OK または FAILED。終了コードは 0 または 4。何も書き込まない。"};
constexpr Message kRunsExample{"files of triage recover, and their bytes on the image", "triage recover のファイルと、イメージ上のバイト列"};
constexpr Message kEvidenceHelp{"Of a case or a folder of recover or carve: read the byte runs of every kept file again from this evidence and compare the digests; may be repeated", "事案、または recover・carve のフォルダでは、保存した全ファイルのバイト列をこの証拠から読み直してハッシュ値を照合する。複数指定可"};
constexpr Message kOne{"a case folder", "事案フォルダを検査する"};
constexpr Message kTwo{"for a script", "スクリプト向け"};
constexpr Message kBundleExample{"a bundle, against a key you were given", "渡された公開鍵で資料一式を検査する"};
constexpr Message kImageExample{"an image, with the digests of the whole", "イメージを全体のハッシュ値も含めて検査する"};
constexpr Message kSignedImageExample{"an image that must be signed with a key you were given", "渡された公開鍵で署名されたイメージを検査する"};
constexpr Message kWholeHelp{"Of an image: take the digests of the whole too", "イメージ全体のハッシュ値も計算する"};
constexpr Message kPathHelp{"The case folder, the bundle or the image", "事案フォルダ、資料一式またはイメージ"};
constexpr Message kSigners{"Allowed-signers file (ssh-keygen) with the keys you trust", "信頼する鍵を書いた allowed signers ファイル (ssh-keygen の形式)"};
constexpr Message kAuthorities{"Certificates (PEM) of the authorities you trust, for CMS signatures", "CMS 署名用に信頼する認証局の証明書 (PEM)"};
// clang-format on

struct VerifyChoice {
  std::string path;
  std::string signers;
  std::string authorities;
  std::vector<std::string> evidence;
  bool whole = false;
};

Result<std::vector<CheckResult>> checks_of(const Context& context, const VerifyChoice& choice) {
  const std::string& path = choice.path;
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) return fail(ErrorCode::kUnreadable, "cannot be opened", path, error.value());
  if (!fs::is_directory(status) && !is_bundle(path)) {
    std::string signers;
    if (!choice.signers.empty()) {
      TRIAGE_TRY(signers, cli::read_small_file(choice.signers));
    }
    return cli::verify_image_file(context, path, choice.whole, signers);
  }
  if (is_kept_folder(path)) return verify_kept_folder(path);
  const fs::file_status settings = fs::symlink_status(fs::path(path) / "case.yaml", error);
  if (error && error != std::errc::no_such_file_or_directory && error != std::errc::not_a_directory)
    return fail(ErrorCode::kUnreadable, "cannot be opened", path, error.value());
  if (!fs::exists(settings) && is_bundle(path)) {
    BundleTrust trust;
    if (!choice.signers.empty()) {
      TRIAGE_TRY(trust.allowed_signers, cli::read_small_file(choice.signers));
    }
    if (!choice.authorities.empty()) {
      TRIAGE_TRY(trust.authorities_pem, cli::read_small_file(choice.authorities));
    }
    return verify_bundle(path, trust);
  }
  if (!fs::exists(settings))
    return fail(ErrorCode::kUnsupported, "neither a case nor a bundle", path, 0,
                "name a case folder, a bundle (a folder with bagit.txt, or a file .tar.zst), a folder that recover or "
                "carve wrote, or an image");
  auto checks = verify_case(path);
  // It is a case, but one whose settings nobody can read: that is what the check is for.
  if (!checks && checks.error().code == ErrorCode::kUsage)
    return std::vector<CheckResult>{{"case.yaml", false, checks.error().text()}};
  return checks;
}

Result<ExitCode> verify(const Context& context, const VerifyChoice& choice) {
  TRIAGE_TRY(std::vector<CheckResult> checks, checks_of(context, choice));
  if (!choice.evidence.empty()) {
    TRIAGE_TRY(const std::vector<CheckResult> runs, cli::verify_runs(choice.path, choice.evidence));
    checks.insert(checks.end(), runs.begin(), runs.end());
  }
  return cli::print_checks(context, "triage.verify.v1", choice.path, checks);
}

}  // namespace

void add_verify(CLI::App& app, Context& context) {
  CLI::App& command = cli::add_command(app, context, "verify",
                                       {kTitle,
                                        kDetails,
                                        {{"triage verify leak", kOne},
                                         {"triage verify leak --json", kTwo},
                                         {"triage verify leak.tar.zst --signers allowed_signers", kBundleExample},
                                         {"triage verify disk.zst --whole", kImageExample},
                                         {"triage verify disk.zst --signers allowed_signers", kSignedImageExample},
                                         {"triage verify recovered --evidence usb.img", kRunsExample}}});
  const auto choice = std::make_shared<VerifyChoice>();
  command.add_option("PATH", choice->path, text(context.lang, kPathHelp))->type_name("PATH")->required();
  command.add_option("--signers", choice->signers, text(context.lang, kSigners))->type_name("PATH");
  command.add_option("--authorities", choice->authorities, text(context.lang, kAuthorities))->type_name("PATH");
  command.add_option("--evidence", choice->evidence, text(context.lang, kEvidenceHelp))
      ->type_name("PATH")
      ->allow_extra_args(false);
  command.add_flag("--whole", choice->whole, text(context.lang, kWholeHelp));
  cli::add_flags(command, context, {Flag::kJson, Flag::kJobs, Flag::kProgress});
  cli::on_run(command, context, [&context, choice] { return verify(context, *choice); });
}

}  // namespace triage
