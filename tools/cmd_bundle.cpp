// SPDX-License-Identifier: Apache-2.0
// triage bundle: seals a case into a signed BagIt bag.
#include <CLI/CLI.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "bytes/json.h"
#include "bytes/text.h"
#include "cli/case_session.h"
#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/small_file.h"
#include "cli/version.h"
#include "store/bundle.h"
#include "store/verify.h"

namespace triage {
namespace {

using cli::Context;
using cli::ExitCode;
using cli::Flag;
using cli::Message;

// clang-format off
constexpr Message kTitle{"seal a case into a signed bundle that ordinary tools can check", "事案を、一般のツールで検証できる署名付きの資料一式に封印する"};
constexpr Message kDetails{"The case is checked first; a case that does not verify is not sealed. The bundle is a BagIt 1.0 bag (RFC 8493) in one .tar.zst, or a folder where OUT does not end in .tar.zst or .p7m. README.txt in it says how to check it with sha256sum, ssh-keygen, openssl and zstd. The seal is noted in the custody log before the bundle is written; a bundle that could not be finished is noted too. Without --sign the bundle shows changes, but not who made it. A time-stamp request (RFC 3161) lies beside the signature for a time-stamping authority.", "先に事案を検査し、合格しない事案は封印しない。資料一式は BagIt 1.0 (RFC 8493) で、1つの .tar.zst、または OUT が .tar.zst や .p7m で終わらなければフォルダになる。sha256sum、ssh-keygen、openssl、zstd による確認手順は中の README.txt にある。封印は書き出しの前に証拠管理記録に残し、書き出せなかったときはその事実も残す。--sign がなければ改変は分かるが作成者は示せない。署名の横にタイムスタンプ要求 (RFC 3161) を置く。"};
constexpr Message kOne{"one signed archive", "署名付きの1つのアーカイブにする"};
constexpr Message kTwo{"two signatures, as a folder", "署名を2つ付けてフォルダにする"};
constexpr Message kSign{"Sign with this key: an OpenSSH Ed25519 private key, or a PEM file with a P-256 (or RSA) key and its certificate for CMS; several times for several signatures", "この鍵で署名する。OpenSSH の Ed25519 秘密鍵、または CMS 用に P-256(または RSA)の鍵と証明書を入れた PEM ファイル。複数回指定できる"};
constexpr Message kSigner{"Identity in the list of signers, for example an e-mail address; the key's comment when not given", "署名者一覧での名前(例: メールアドレス)。省略時は鍵のコメント"};
constexpr Message kEncryptTo{"Encrypt the archive to the owner of this certificate (PEM), AES-256 in CMS; several times for several readers", "この証明書 (PEM) の持ち主だけが開けるように CMS の AES-256 で暗号化する。複数回指定できる"};
constexpr Message kSealed{"{}: {} files, {}; SHA-256 of tagmanifest-sha256.txt {}", "{}: ファイル {} 個、{}。tagmanifest-sha256.txt の SHA-256 {}"};
constexpr Message kSignedBy{"signed by {}", "署名: {}"};
constexpr Message kUnsigned{"the bundle is not signed: it shows changes, but not who made it; --sign KEY signs", "署名がないため、改変は分かるが作成者は示せない。--sign KEY で署名できる"};
constexpr Message kWould{"would seal {} into {}", "{} を {} に封印する"};
constexpr std::size_t kMaxKeyFile = 64 * 1024;
// clang-format on

struct BundleChoice {
  std::vector<std::string> sign;
  std::vector<std::string> encrypt_to;
  std::string signer;
};

/// The file's name in front of what is wrong with its content.
tl::unexpected<Error> in_file(Error error, const std::string& path) {
  error.where = error.where.empty() ? path : path + ": " + error.where;
  return tl::unexpected<Error>(std::move(error));
}

Status read_keys(const BundleChoice& choice, BundleRequest& request) {
  for (const std::string& path : choice.sign) {
    TRIAGE_TRY(const std::string text, cli::read_small_file(path, kMaxKeyFile));
    if (text.find("BEGIN OPENSSH PRIVATE KEY") != std::string::npos) {
      auto key = SshPrivateKey::parse(text);
      if (!key) return in_file(key.error(), path);
      request.ssh_keys.push_back(std::move(*key));
    } else {
      auto signer = CmsSigner::parse(text);
      if (!signer) return in_file(signer.error(), path);
      request.cms_signers.push_back(std::move(*signer));
    }
  }
  for (const std::string& path : choice.encrypt_to) {
    TRIAGE_TRY(request.recipients_pem.emplace_back(), cli::read_small_file(path, kMaxKeyFile));
  }
  request.signer = choice.signer;
  return {};
}

BundleForm form_of(const std::string& out) {
  return out.ends_with(".tar.zst") || out.ends_with(".p7m") ? BundleForm::kArchive : BundleForm::kFolder;
}

/// A case that does not verify is not sealed.
Status check_case(const std::string& dir) {
  TRIAGE_TRY(const std::vector<CheckResult> checks, verify_case(dir));
  for (const CheckResult& check : checks) {
    if (!check.ok) {
      return fail(ErrorCode::kVerification, "the case does not verify and is not sealed",
                  check.name + ": " + check.detail, 0, "look at it with triage verify");
    }
  }
  return {};
}

/// The custody entry that says what will be sealed, and by which keys.
std::string seal_fields(const BundleRequest& request) {
  std::string signers;
  for (const SshPrivateKey& key : request.ssh_keys) signers += key.public_key().fingerprint() + " ";
  for (const CmsSigner& signer : request.cms_signers) signers += "x509-sha256:" + signer.certificate_sha256() + " ";
  if (!signers.empty()) signers.pop_back();
  JsonLine line;
  line.add("bundle", request.out).add("signers", signers);
  line.add("recipients", std::uint64_t{request.recipients_pem.size()});
  return line.finish();
}

/// The seal was noted before the bundle was written; when that failed, the log says so.
Status note_unfinished(const Context& context, cli::CaseSession& session, const BundleRequest& request,
                       const Error& error) {
  TRIAGE_TRY(CaseDb database, CaseDb::open(session.folder().database_path()));
  TRIAGE_TRY(Custody custody, Custody::open(session.folder(), database, session.clock()));
  JsonLine line;
  line.add("bundle", request.out).add("seal_entry", request.custody.count).add("reason", error.text());
  TRIAGE_TRY_STATUS(custody.append("seal_not_finished", line.finish()));
  return cli::close_database(context, database);
}

Status print(const Context& context, const BundleRequest& request, const BundleWritten& written) {
  cli::say(context, text(context.lang, kSealed, escape_terminal(request.out), written.payload_files,
                         cli::human_bytes(written.payload_bytes), written.tagmanifest_sha256));
  for (const std::string& by : written.signatures)
    cli::say(context, text(context.lang, kSignedBy, escape_terminal(by)));
  if (written.signatures.empty()) cli::warn(context, text(context.lang, kUnsigned));
  if (!context.json) return {};
  cli::Output out;
  JsonLine line;
  line.add("schema", "triage.bundle.v1").add("path", request.out).add("files", written.payload_files);
  line.add("bytes", written.payload_bytes).add("tagmanifest_sha256", written.tagmanifest_sha256);
  if (!written.archive_sha256.empty()) line.add("archive_sha256", written.archive_sha256);
  line.add("signatures", std::uint64_t{written.signatures.size()});
  line.add("custody_entries", request.custody.count).add("custody_head", request.custody.head);
  out.line(line.finish());
  return out.finish();
}

Result<ExitCode> bundle(const Context& context, const BundleChoice& choice) {
  BundleRequest request;
  request.out = context.output;
  request.form = form_of(context.output);
  request.software = cli::version_line();
  TRIAGE_TRY_STATUS(read_keys(choice, request));
  TRIAGE_TRY_STATUS(check_bundle_request(context.case_dir, request));
  TRIAGE_TRY_STATUS(check_case(context.case_dir));
  if (context.dry_run) {
    cli::say(context, text(context.lang, kWould, escape_terminal(context.case_dir), escape_terminal(request.out)));
    return ExitCode::kComplete;
  }
  cli::catch_interrupts();
  TRIAGE_TRY(const std::unique_ptr<cli::CaseSession> session, cli::CaseSession::open(context));
  TRIAGE_TRY(const CaseSettings settings, session->folder().settings());
  request.organisation = settings.organisation;
  request.sealed_ns = session->clock().utc_nanos();
  TRIAGE_TRY_STATUS(session->custody().append("seal", seal_fields(request)));
  TRIAGE_TRY_STATUS(session->finish(ExitCode::kComplete));
  request.custody = session->custody().head();
  TRIAGE_TRY_STATUS(session->close());
  cli::ProgressPrinter progress(context);
  const auto begun = std::chrono::steady_clock::now();
  request.progress = [&](std::uint64_t done, std::uint64_t total) {
    progress.update({"seal", done, total, 0, std::chrono::steady_clock::now() - begun});
  };
  request.interrupted = [] { return cli::interrupted().load(); };
  const auto written = write_bundle(session->folder(), request);
  progress.finish();
  if (!written) {
    TRIAGE_TRY_STATUS(note_unfinished(context, *session, request, written.error()));
    return tl::unexpected<Error>(written.error());
  }
  TRIAGE_TRY_STATUS(print(context, request, *written));
  return ExitCode::kComplete;
}

}  // namespace

void add_bundle(CLI::App& app, Context& context) {
  CLI::App& command = cli::add_command(
      app, context, "bundle",
      {kTitle,
       kDetails,
       {{"triage bundle --case leak -o leak.tar.zst --sign ~/.ssh/seal_ed25519 --signer counsel@example.jp", kOne},
        {"triage bundle --case leak -o sealed --sign seal_ed25519 --sign p256.pem", kTwo}}});
  cli::add_flags(command, context, {Flag::kCase, Flag::kOutput, Flag::kJson, Flag::kProgress, Flag::kDryRun});
  const auto choice = std::make_shared<BundleChoice>();
  command.add_option("--sign", choice->sign, text(context.lang, kSign))->type_name("KEY")->allow_extra_args(false);
  command.add_option("--signer", choice->signer, text(context.lang, kSigner))->type_name("NAME");
  command.add_option("--encrypt-to", choice->encrypt_to, text(context.lang, kEncryptTo))
      ->type_name("CERT")
      ->allow_extra_args(false);
  cli::on_run(command, context, [&context, choice] { return bundle(context, *choice); });
}

}  // namespace triage
