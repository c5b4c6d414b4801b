// SPDX-License-Identifier: Apache-2.0
// Hand-overs of items, and the chain of each.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>

#include "bytes/digest.h"
#include "bytes/json.h"
#include "bytes/text.h"
#include "bytes/time_formats.h"
#include "cli/case_changes.h"
#include "cli/case_work.h"
#include "cli/display_zone.h"
#include "cli/output.h"
#include "cli/timeline_table.h"

namespace triage::cli {
namespace {

// clang-format off
constexpr Message kRecorded{"recorded as custody entry {}", "証拠管理記録 {} に記録した"};
constexpr Message kDiffers{"the re-hash does not agree with the record: {} instead of {}", "再計算したハッシュ値が記録と一致しない: {}(記録は {})"};
constexpr Message kNoRecord{"the record names no SHA-256 of {}: nothing to compare with", "{} の SHA-256 の記録がないため照合できない"};
constexpr Message kHolder{"{} {}: {} moves, now with {}", "{} {}: 移動 {} 回、現在の保管者 {}"};
constexpr Message kNone{"no hand-over was recorded", "受け渡しの記録がない"};
// clang-format on

Result<std::string> sha256_of_file(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return fail(ErrorCode::kUnreadable, "the file to re-hash cannot be opened", path, errno);
  Sha256 digest;
  std::vector<std::byte> block(std::size_t{1} << 20);
  while (true) {
    const ssize_t got = ::read(fd.get(), block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(ErrorCode::kUnreadable, "the file to re-hash cannot be read", path, errno);
    if (got == 0) return digest.finish_hex();
    digest.update(Bytes(block).first(static_cast<std::size_t>(got)));
  }
}

Status settle_time(const DisplayZone& zone, const char* flag, std::string& value) {
  if (value.empty()) return {};
  TRIAGE_TRY(const auto at, time_argument(value, zone, flag));
  value = offset_text(*at, 0, zone.offset_minutes(*at));
  return {};
}

std::string chain_json(const ItemChain& chain) {
  JsonLine line;
  line.add("schema", "triage.case.chain.v1").add("item", chain.item).add("label", chain.label);
  line.add("holder", chain.holder.empty() ? std::nullopt : std::optional(chain.holder));
  std::string moves = "[", faults = "[";
  for (const Handover* move : chain.moves) {
    std::string fields = handover_fields(*move);
    fields.pop_back();
    moves += fmt::format("{}{},\"entry\":{}}}", moves.size() > 1 ? "," : "", fields, move->entry);
  }
  for (const ItemChain::Fault& fault : chain.faults) {
    JsonLine one;
    one.add("kind", fault.kind).add("entry", fault.entry).add("text", fault.text.en);
    faults += (faults.size() > 1 ? "," : "") + one.finish();
  }
  return line.add_raw("moves", moves + "]").add_raw("faults", faults + "]").finish();
}

}  // namespace

Result<ExitCode> hand_over(const Context& context, Handover handover, const HandoverInput& input,
                           const std::vector<std::string>& playbooks) {
  if (handover.from.empty() || handover.to.empty())
    return fail(ErrorCode::kUsage, "a hand-over names who released and who received the item", handover.item, 0,
                "add --from NAME --to NAME");
  TRIAGE_TRY(const PlaybookLibrary library, load_playbooks(context, playbooks));
  TRIAGE_TRY(const std::unique_ptr<CaseWork> work, CaseWork::open(context, library));
  Context zoned;
  zoned.tz = !input.tz.empty() ? input.tz : work->state().settings.time_zone;
  TRIAGE_TRY(const DisplayZone zone, display_zone(zoned));
  const std::int64_t now = work->clock().utc_nanos();
  if (handover.at.empty()) handover.at = offset_text(now, 0, zone.offset_minutes(now));
  TRIAGE_TRY_STATUS(settle_time(zone, "--at", handover.at));
  TRIAGE_TRY_STATUS(settle_time(zone, "--received-at", handover.received_at));
  handover.expected_sha256 = recorded_sha256(work->state().record, handover.item);
  if (!input.rehash.empty()) {
    TRIAGE_TRY(handover.sha256, sha256_of_file(input.rehash));
    if (!handover.expected_sha256.empty()) handover.hash_agrees = handover.sha256 == handover.expected_sha256;
  }
  TRIAGE_TRY(const std::uint64_t entry, work->append("handover", handover_fields(handover)));
  TRIAGE_TRY_STATUS(work->finish());
  say(context, text(context.lang, kRecorded, entry));
  if (!input.rehash.empty() && !handover.hash_agrees)
    warn(context, text(context.lang, kNoRecord, escape_terminal(handover.item)));
  if (handover.hash_agrees != false) return ExitCode::kComplete;
  warn(context, text(context.lang, kDiffers, handover.sha256, handover.expected_sha256));
  return ExitCode::kVerification;
}

Result<ExitCode> print_chains(const Context& context, const std::vector<std::string>& playbooks) {
  (void)playbooks;  // the chain is in the log alone
  TRIAGE_TRY(const CaseFolder folder, CaseFolder::open(context.case_dir, CaseFolder::Access::kRead));
  TRIAGE_TRY(const CaseRecord record, read_record(folder));
  const bool japanese = context.lang == Lang::kJapanese;
  Output out;
  bool faulty = false;
  for (const ItemChain& chain : item_chains(record)) {
    faulty = faulty || !chain.faults.empty();
    if (context.json) {
      out.line(chain_json(chain));
      continue;
    }
    out.line(escape_terminal(text(context.lang, kHolder, chain.item, chain.label, chain.moves.size(),
                                  chain.holder.empty() ? "-" : chain.holder)));
    for (const Handover* move : chain.moves)
      out.line(escape_terminal(fmt::format("  #{}  {}  {} → {}  {}  {}", move->entry, move->at, move->from, move->to,
                                           move->place, move->seal)));
    for (const ItemChain::Fault& fault : chain.faults)
      out.line(paint(use_color(context, 1), Tone::kBad,
                     escape_terminal(fmt::format("  #{}  {}: {}", fault.entry, fault.kind,
                                                 japanese ? fault.text.ja : fault.text.en))));
  }
  if (record.handovers.empty() && !context.json) out.line(text(context.lang, kNone));
  TRIAGE_TRY_STATUS(out.finish());
  return faulty ? ExitCode::kVerification : ExitCode::kComplete;
}

}  // namespace triage::cli
