// SPDX-License-Identifier: Apache-2.0
#include "cli/plain_sweep.h"

#include <fmt/format.h>

#include <cstdlib>

#include "bytes/text.h"
#include "cli/output.h"
#include "cli/sweep_setup.h"

namespace triage::cli {
namespace {

constexpr std::size_t kPlacesKept = 50;
constexpr std::size_t kPlacesShown = 5;

constexpr Message kDamage{"places that could not be read: {} ({})", "読み取れなかった箇所 {} 件({})"};
constexpr Message kMore{"  and more; -v shows up to {}", "  ほかにもある。-v で {} 件まで表示する"};
constexpr Message kEvidence{"{}: {}, {}, {}", "{}: {}、{}、{}"};

std::string place_of(const Damage& damage) {
  std::string where = damage.path.empty() ? damage.stream : damage.path;
  if (damage.at) where += fmt::format("@{:#x}", *damage.at);
  std::string out = fmt::format("  {} {}", damage_kind_name(damage.kind), escape_terminal(where));
  if (!damage.detail.empty()) out += ": " + escape_terminal(damage.detail);
  return out;
}

}  // namespace

void DamageTally::add(const Damage& damage) {
  ++total_;
  ++counts_[static_cast<std::size_t>(damage.kind)];
  if (places_.size() < kPlacesKept) places_.push_back(place_of(damage));
}

void DamageTally::tell(const Context& context) const {
  if (total_ == 0) return;
  std::string kinds;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] == 0) continue;
    if (!kinds.empty()) kinds += ", ";
    kinds += fmt::format("{} {}", counts_[i], damage_kind_name(static_cast<DamageKind>(i)));
  }
  warn(context, text(context.lang, kDamage, total_, kinds));
  const std::size_t shown = context.verbose > 0 ? places_.size() : std::min(places_.size(), kPlacesShown);
  for (std::size_t i = 0; i < shown; ++i) say(context, places_[i]);
  if (shown < total_) say(context, text(context.lang, kMore, kPlacesKept));
}

Result<SweepStart> PlainSink::begin(const EvidenceRecord& evidence) {
  evidence_ = evidence;
  return SweepStart{};
}

Status PlainSink::map(const std::vector<VolumeRecord>& volumes, const std::vector<Damage>& damages,
                      std::uint64_t batches, const std::string& plan_digest) {
  (void)volumes, (void)batches, (void)plan_digest;  // of interest to some commands only
  for (const Damage& damage : damages) damage_.add(damage);
  return {};
}

Status PlainSink::begin_batch(std::uint64_t index) {
  (void)index;
  return {};
}

Status PlainSink::records(BatchRecords records, int slot_memory) {
  for (const Damage& damage : records.damages) damage_.add(damage);
  TRIAGE_TRY_STATUS(take(records, slot_memory));
  if (wanted()) return {};
  given_up_ = true;
  return fail(ErrorCode::kOutput, "nobody reads the output any more");
}

Status PlainSink::commit_batch(std::uint64_t index) {
  (void)index;
  return {};
}

std::string temporary_folder() {
  const char* folder = std::getenv("TMPDIR");
  return folder != nullptr && *folder != '\0' ? folder : "/tmp";
}

Result<ExitCode> sweep_plainly(const Context& context, const std::vector<EvidenceSpec>& specs, const PlainSweep& plan,
                               PlainSink& sink) {
  for (const EvidenceSpec& spec : specs) {
    SweepProgressPrinter progress(context);
    const std::string folder = plan.work_folder.empty() ? temporary_folder() : plan.work_folder;
    SweepOptions options = sweep_options(context, progress, folder);
    options.image_hash = false;
    options.plan.files = plan.files;
    options.plan.deleted = plan.deleted;
    options.plan.regions = plan.regions;
    options.plan.contents = plan.contents;
    options.consumers = [&plan] { return make_consumers(plan.consumers); };
    const auto summary = sweep(spec, options, sink);
    progress.finish();
    if (!summary && sink.given_up()) break;
    if (!summary) {
      sink.damage().tell(context);
      return tl::unexpected(summary.error());
    }
    warn_missing_layers(context, *summary);
    const EvidenceRecord& evidence = summary->evidence;
    if (context.verbose > 0)
      say(context, text(context.lang, kEvidence, escape_terminal(evidence.name), evidence.id, evidence.format,
                        human_bytes(evidence.size)));
    TRIAGE_TRY_STATUS(sink.end());
  }
  sink.damage().tell(context);
  return sink.damage().total() == 0 ? ExitCode::kComplete : ExitCode::kDamaged;
}

}  // namespace triage::cli
