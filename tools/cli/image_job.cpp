// SPDX-License-Identifier: Apache-2.0
#include "cli/image_job.h"

#include <fmt/format.h>

#include <chrono>

#include "bytes/json.h"
#include "bytes/text.h"
#include "cli/image_plan.h"
#include "cli/image_record.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/progress.h"

namespace triage::cli {
namespace {

// clang-format off
constexpr Message kWould{"would read {} ({}, {}) into {} as {}", "{}({}、{})を {} に {} 形式で取得する"};
constexpr Message kDone{"{}: {} read, {} written to {}", "{}: {} を読み取り、{} を {} に書き込んだ"};
constexpr Message kDigest{"  {:<7} {}", "  {:<7} {}"};
constexpr Message kSigned{"signed by {}", "署名: {}"};
constexpr Message kBad{"{} bytes in {} places could not be read and are zeros in the image; {} names them", "{} バイト({} か所)が読み取れず、イメージではゼロとした。場所は {} に記録した"};
constexpr Message kResumed{"went on at byte {}; what was stored before was read back and checked", "バイト {} から再開した。保存済みの部分は読み戻して検査した"};
constexpr Message kHidden{"the drive hides {} sectors (HPA or DCO): they are not in the image", "ドライブに {} セクタの隠し領域(HPA または DCO)があり、イメージには含まれない"};
constexpr Message kNoBlock{"{}: use a hardware write blocker", "{}。ハードウェアの書き込み防止装置を使うこと"};
constexpr Message kUnknownSize{"size not known", "大きさ不明"};
// clang-format on

std::string result_json(const ImageChoice& choice, const ImageResult& result) {
  JsonLine hashes;
  for (const auto& [kind, hex] : result.hashes) hashes.add(digest_kind_name(kind), hex);
  std::uint64_t bytes = 0;
  std::string ranges;
  for (const auto& [at, length] : result.unreadable) {
    bytes += length;
    ranges += fmt::format("{}[{},{}]", ranges.empty() ? "" : ",", at, length);
  }
  std::string files;
  for (const std::string& file : result.files) {
    files += files.empty() ? "" : ",";
    append_json_string(files, file);
  }
  JsonLine line;
  line.add("schema", "triage.image.result.v1").add("source", choice.source).add("format", choice.format);
  line.add("image_id", result.image_id).add("size", result.size).add("stored_bytes", result.stored_bytes);
  line.add_raw("hashes", hashes.finish()).add("merkle_root", result.merkle_root).add("access", result.access);
  if (!result.signer.empty()) line.add("signer", result.signer);
  line.add("resumed_at", result.resumed_at).add("unreadable_bytes", bytes).add_raw("unreadable", "[" + ranges + "]");
  return line.add_raw("files", "[" + files + "]").finish();
}

Status tell(const Context& context, const ImageChoice& choice, const ImageResult& result) {
  if (context.json) {
    if (context.output == "-") {  // stdout is the image
      fmt::print(stderr, "{}\n", result_json(choice, result));
      return {};
    }
    Output out;
    out.line(result_json(choice, result));
    return out.finish();
  }
  if (result.resumed_at != 0) say(context, text(context.lang, kResumed, result.resumed_at));
  say(context, text(context.lang, kDone, escape_terminal(choice.source), human_bytes(result.size),
                    human_bytes(result.stored_bytes), escape_terminal(context.output)));
  for (const auto& [kind, hex] : result.hashes) say(context, text(context.lang, kDigest, digest_kind_name(kind), hex));
  if (!result.signer.empty()) say(context, text(context.lang, kSigned, result.signer));
  if (result.unreadable.empty()) return {};
  std::uint64_t bytes = 0;
  for (const auto& range : result.unreadable) bytes += range.second;
  const std::string map = context.output == "-" ? "the image's footer" : context.output + ".map";
  warn(context, text(context.lang, kBad, bytes, result.unreadable.size(), escape_terminal(map)));
  return {};
}

/// What 2-initial-response/ keeps: the result and the device's own facts.
std::string facts_json(const ImagePlan& plan, const ImageChoice& choice, const ImageResult& result,
                       const std::string& block_at_start, const std::string& block_at_end) {
  std::string out = result_json(choice, result);
  out.back() = ',';
  JsonLine line;
  line.add_raw("device", plan.request.source_json).add_raw("write_block_at_start", block_at_start);
  return out + line.add_raw("write_block_at_end", block_at_end).finish().substr(1);
}

/// The image as an exhibit.
Acquired acquired_of(const Context& context, const ImageChoice& choice, const ImageResult& result,
                     const std::string& facts) {
  Acquired out;
  out.source = choice.source;
  out.id = result.image_id;
  out.size = result.size;
  const auto sha256 = result.hashes.find(DigestKind::kSha256);
  if (sha256 != result.hashes.end()) out.sha256 = sha256->second;
  out.outputs.push_back({result.image_id, context.output, result.size, out.sha256});
  out.unreadable_runs = result.unreadable.size();
  out.facts_json = facts;
  return out;
}

void tell_device(const Context& context, const ImagePlan& plan, const SoftWriteBlock& block) {
  if (plan.dossier.kind == "file" || plan.dossier.kind.empty()) return;
  say(context, escape_terminal(fmt::format("{} {} {} {}", plan.dossier.vendor, plan.dossier.model, plan.dossier.serial,
                                           human_bytes(plan.dossier.size))));
  if (!block.holds()) warn(context, text(context.lang, kNoBlock, escape_terminal(block.words())));
  const auto hidden = plan.dossier.hidden_sectors();
  if (hidden && *hidden != 0) warn(context, text(context.lang, kHidden, *hidden));
}

Result<ImageResult> acquire_with_progress(const Context& context, ImagePlan& plan) {
  ProgressPrinter printer(context);
  const auto start = std::chrono::steady_clock::now();
  plan.request.progress = [&](const ImageProgress& now) {
    printer.update({now.replaying ? "check" : "image", now.bytes_done, now.bytes_total, now.unreadable_runs,
                    std::chrono::steady_clock::now() - start});
  };
  const SystemClock clock;
  auto result = acquire_image(*plan.input, plan.request, clock);
  printer.finish();
  return result;
}

}  // namespace

Result<ExitCode> run_image(const Context& context, const ImageChoice& choice) {
  TRIAGE_TRY(ImagePlan plan, make_image_plan(context, choice));
  TRIAGE_TRY_STATUS(check_room(context, plan));
  if (context.dry_run) {
    const auto size = plan.input->size();
    say(context, text(context.lang, kWould, escape_terminal(choice.source), plan.kind,
                      size ? human_bytes(*size) : text(context.lang, kUnknownSize), escape_terminal(context.output),
                      choice.format));
    return ExitCode::kComplete;
  }
  catch_interrupts();
  const SoftWriteBlock block = SoftWriteBlock::set(plan.dossier);
  const std::string block_at_start = block.read_back();
  tell_device(context, plan, block);
  JsonLine source;
  source.add_raw("device", plan.request.source_json).add_raw("write_block", block_at_start);
  if (plan.opened) source.add_raw("decrypted", opened_json(*plan.opened));
  plan.request.source_json = source.finish();
  if (plan.key) plan.request.key = &*plan.key;
  plan.request.on_fault = [&block] { return block.read_back(); };
  std::unique_ptr<ImageRecord> record;
  if (!context.case_dir.empty()) {
    TRIAGE_TRY(record, ImageRecord::open(context, block.words()));
    if (plan.opened) TRIAGE_TRY_STATUS(record->note_unlocked(choice.source, *plan.opened));
  }
  auto result = acquire_with_progress(context, plan);
  const ExitCode code = !result                      ? exit_code_of(result.error().code)
                        : result->unreadable.empty() ? ExitCode::kComplete
                                                     : ExitCode::kDamaged;
  if (record != nullptr) {
    Acquired acquired{choice.source, {}, std::nullopt, std::nullopt, {}, 0, {}};
    if (result)
      acquired =
          acquired_of(context, choice, *result, facts_json(plan, choice, *result, block_at_start, block.read_back()));
    TRIAGE_TRY_STATUS(record->finish(code, acquired));
  }
  if (!result) return tl::unexpected(result.error());
  TRIAGE_TRY_STATUS(tell(context, choice, *result));
  return code;
}

}  // namespace triage::cli
