// SPDX-License-Identifier: Apache-2.0
// triage extract: one stream of evidence, byte for byte, to stdout or into a new file.
#include <fcntl.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <cerrno>
#include <filesystem>
#include <memory>

#include "bytes/digest.h"
#include "bytes/json.h"
#include "bytes/text.h"
#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/output.h"
#include "cli/plain_sweep.h"
#include "cli/sweep_setup.h"
#include "store/output_file.h"

namespace triage {
namespace {

using cli::Context;
using cli::ExitCode;
using cli::Flag;
using cli::Message;

// clang-format off
constexpr Message kTitle{"take one file or stream out of evidence", "証拠からファイルまたはストリームを1つ取り出す"};
constexpr Message kDetails{"STREAM is a path as `triage list` shows it, a stream key, or a path with its volume: v1048576:/docs/a.txt is /docs/a.txt of the volume that begins at byte 1048576. Without the volume the first existing file of that path is meant, then a deleted one. Content goes to stdout, but not to a terminal; -o never overwrites. The number of bytes and the SHA-256 are said on stderr.", "STREAM は `triage list` が示すパス、ストリームのキー、またはボリューム付きのパス。v1048576:/docs/a.txt は、1048576 バイト目から始まるボリュームの /docs/a.txt を指す。ボリュームを省くと、そのパスの現存する最初のファイル、無ければ削除されたものとなる。内容は標準出力に出すが、端末には出さない。-o は上書きしない。バイト数と SHA-256 を標準エラーに示す。"};
constexpr Message kOne{"a file into a new file", "ファイルを新しいファイルに取り出す"};
constexpr Message kTwo{"a named stream of the volume at 1 MiB, into a pipe", "1 MiB 目のボリュームの名前付きストリームをパイプへ"};
constexpr Message kStreamHelp{"Path, v<volume offset>:path, or stream key", "パス、v<ボリューム位置>:パス、またはストリームのキー"};
constexpr Message kEvidenceHelp{"Disk, image or folder", "ディスク、イメージ、フォルダ"};
constexpr Message kDone{"{}: {} bytes, SHA-256 {}", "{}: {} バイト、SHA-256 {}"};
// clang-format on

/// Where the content goes: a new file that appears when it is whole, or stdout.
class Target {
 public:
  static Result<Target> open(const Context& context) {
    Target target;
    if (context.output.empty()) {
      if (context.json) return fail(ErrorCode::kUsage, "--json needs -o: stdout carries the content");
      if (::isatty(STDOUT_FILENO) == 1)
        return fail(ErrorCode::kUsage, "the content would go to the terminal", {}, 0, "add -o FILE, or pipe it on");
      return target;
    }
    const std::filesystem::path path(context.output);
    const std::filesystem::path parent = path.has_parent_path() ? path.parent_path() : ".";
    for (const char* suffix : {"", ".part"}) {  // OutputFile writes NAME.part first and takes an old one away
      const std::string name = context.output + suffix;
      std::error_code ignored;  // what cannot be looked at is found out when the file is made
      if (std::filesystem::exists(std::filesystem::symlink_status(name, ignored)))
        return fail(ErrorCode::kUsage, "the output file is there already", name, 0,
                    "nothing is overwritten; name another file");
    }
    target.folder_ = UniqueFd(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!target.folder_.valid()) return fail(ErrorCode::kOutput, "cannot open the output's folder", parent, errno);
    TRIAGE_TRY(OutputFile file,
               OutputFile::create(target.folder_.get(), path.filename(), OutputFile::Existing::kRefuse));
    target.file_ = std::make_unique<OutputFile>(std::move(file));
    return target;
  }
  Status write(std::string_view data) {
    if (file_) return file_->write(data);
    while (!data.empty()) {
      const ssize_t written = ::write(STDOUT_FILENO, data.data(), data.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return fail(ErrorCode::kOutput, "cannot write the output", "stdout", errno);
      data.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  }
  Status finish() { return file_ ? file_->commit() : Status{}; }

 private:
  UniqueFd folder_;
  std::unique_ptr<OutputFile> file_;  ///< on the heap: it must not move away from under its folder
};

Result<ExitCode> extract_one(Context& context, const std::string& wanted) {
  TRIAGE_TRY(const std::vector<EvidenceSpec> specs, cli::recognise_all(context, context.output));
  TRIAGE_TRY(Target target, Target::open(context));
  Sha256 digest;
  bool closed = false;
  const auto summary = extract(specs.front(), wanted, cli::temporary_folder(), [&](std::string_view data) -> Status {
    digest.update(data);
    const Status written = target.write(data);
    closed = !written && written.error().sys_errno == EPIPE;
    return written;
  });
  if (closed) return ExitCode::kComplete;  // the reader has what it wanted
  if (!summary) return tl::unexpected(summary.error());
  TRIAGE_TRY_STATUS(target.finish());
  const std::string sha256 = digest.finish_hex();
  cli::say(context, text(context.lang, kDone, escape_terminal(wanted), summary->bytes, sha256));
  cli::DamageTally damage;
  for (const Damage& one : summary->damages) damage.add(one);
  damage.tell(context);
  if (context.json) {
    cli::Output out;
    out.line(JsonLine()
                 .add("schema", "triage.extract.v1")
                 .add("stream", wanted)
                 .add("file", context.output)
                 .add("size", summary->bytes)
                 .add("sha256", sha256)
                 .add("damage", damage.total())
                 .finish());
    TRIAGE_TRY_STATUS(out.finish());
  }
  return damage.total() == 0 ? ExitCode::kComplete : ExitCode::kDamaged;
}

}  // namespace

void add_extract(CLI::App& app, Context& context) {
  CLI::App& command = cli::add_command(app, context, "extract",
                                       {kTitle,
                                        kDetails,
                                        {{"triage extract laptop.E01 /Users/t/plan.docx -o plan.docx", kOne},
                                         {"triage extract pc.img v1048576:/a.txt:hidden | less", kTwo}}});
  const auto evidence = std::make_shared<std::string>();
  const auto wanted = std::make_shared<std::string>();
  command.add_option("EVIDENCE", *evidence, text(context.lang, kEvidenceHelp))->type_name("PATH")->required();
  command.add_option("STREAM", *wanted, text(context.lang, kStreamHelp))->type_name("TEXT")->required();
  cli::add_flags(command, context, {Flag::kUnlock, Flag::kOutputOptional, Flag::kJson});
  cli::on_run(command, context, [&context, evidence, wanted] {
    context.evidence = {*evidence};
    return extract_one(context, *wanted);
  });
}

}  // namespace triage
