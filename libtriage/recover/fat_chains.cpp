// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "bytes/text.h"
#include "formats/file_type.h"
#include "formats/text_kind.h"
#include "recover/fat_layout.h"
#include "recover/name_fits_type.h"
#include "recover/recovery_context.h"

namespace triage {

namespace {

constexpr std::uint64_t kMaxJudged = 64ULL << 20;  ///< larger content is not read to judge a chain
constexpr std::size_t kMaxFiles = 1'000'000;
constexpr std::size_t kMaxTried = 24;              ///< chains tried for one file
constexpr std::uint64_t kMaxReach = 4096;          ///< clusters behind a file that meets another one
constexpr std::uint64_t kMaxVouched = 1ULL << 20;  ///< larger content is not read to see whose it is
constexpr std::size_t kHead = 512;
constexpr std::uint64_t kTail = 16;  ///< bytes on both sides of a file's end that say whether it is one

class FatChains {
 public:
  FatChains(RecoveryContext& context, ImageBytes& probe, const FatLayout& layout)
      : context_(context), probe_(probe), layout_(layout) {}

  void run() {
    collect();
    find_gone();
    const std::vector<FatChain> chains = replay_fat_writes(layout_, context_.volume.free, files_);
    for (std::size_t i = 0; i < files_.size(); ++i) {
      if (!chains[i].empty()) settle(i, chains[i]);
    }
  }

 private:
  void collect() {
    for (std::size_t index = 0; index < context_.volume.held.size() && files_.size() < kMaxFiles; ++index) {
      const Stream& stream = context_.entry(index);
      const bool placed = !stream.extents.empty() && !stream.extents.front().sparse && !stream.alias_of;
      if (!placed || stream.availability == Availability::kNameOnly || stream.method != RecoveryMethod::kMetadata)
        continue;
      const auto start = layout_.index_of(stream.extents.front().at.value);
      if (!start) continue;
      FatFile file;
      file.start = *start;
      const std::uint64_t size = stream.size.value;
      file.clusters = std::max<std::uint64_t>(size / layout_.cluster + (size % layout_.cluster != 0 ? 1 : 0), 1);
      const EntryTimes& times = stream.meta->times;
      file.created = times.created.utc_nanos.value_or(times.modified.utc_nanos.value_or(0));
      file.last_write = std::max(file.created, times.modified.utc_nanos.value_or(file.created));
      files_.push_back(file);
      entries_.push_back(index);
    }
  }

  /// An entry whose first cluster cannot be its content any more stood in nobody's way later on.
  void find_gone() {
    // Only where a file starts inside another does it matter who was there.
    RangeSet inside;
    for (std::size_t i = 0; i < files_.size(); ++i) {
      starts_.emplace(files_[i].start, i);
      bool first = true;
      for (const Extent& extent : context_.entry(entries_[i]).extents) {
        const std::uint64_t begin = extent.at.value + (first ? layout_.cluster : 0);
        if (!extent.sparse) inside.insert({begin, (extent.at + extent.length).value});
        first = false;
      }
    }
    // A file that meets another one goes on behind it, so that those it reaches then matter, too.
    RangeSet reached = inside;
    for (const FatFile& file : files_) {
      const auto met = starts_.upper_bound(file.start);
      if (met == starts_.end() || met->first - file.start >= file.clusters) continue;
      const std::uint64_t more = std::min(3 * std::min(file.clusters, kMaxReach) + 64, kMaxReach);
      reached.insert(layout_.range_of({file.start + 1, std::min(file.clusters, layout_.count) + more}));
    }
    for (const FatFile& file : files_) {
      if (reached.overlaps(layout_.range_of({file.start, 1}))) contested_.insert(file.start);
    }
    for (std::size_t i = 0; i < files_.size(); ++i) {
      FatFile& file = files_[i];
      const ByteRange first = layout_.range_of({file.start, 1});
      // In use now, or taken as first cluster by a younger file.
      file.gone = !context_.volume.free.outside(first).empty() || has_heir(file);
      if (file.gone || !contested_.contains(file.start)) continue;
      file.gone = is_gone(i);
      file.vouched = !file.gone && is_intact(i);
    }
  }

  /// A cluster has one owner at a time: of two files that begin there the younger came when the older was gone.
  [[nodiscard]] bool has_heir(const FatFile& file) const {
    const auto [from, to] = starts_.equal_range(file.start);
    return std::any_of(from, to, [&](const auto& one) { return files_[one.second].created > file.created; });
  }

  bool is_gone(std::size_t i) {
    const Stream& stream = context_.entry(entries_[i]);
    const auto head = probe_.read(layout_.range_of({files_[i].start, 1}).begin, kHead);
    if (!head) return false;
    if (stream.kind == StreamKind::kDirectory) return !has_at(*head, 0, ".          ");
    const std::string_view type = type_by_content(*head);
    const std::string extension = extension_of(stream.path);
    static constexpr std::array<std::string_view, 8> kText = {"txt", "log", "csv", "htm", "html", "xml", "json", "md"};
    const bool says_text = std::find(kText.begin(), kText.end(), extension) != kText.end();
    if (says_text) return type.empty() || type != text_kind(*head, true);
    return !type.empty() && !extension.empty() && is_signed(extension) && extension_of_type(type) != extension;
  }

  /// Content that is this file's own: a directory, a structure that holds, or an end that is followed by the zeros of
  /// its last cluster.
  bool is_intact(std::size_t i) {
    const Stream& stream = context_.entry(entries_[i]);
    if (stream.kind == StreamKind::kDirectory) return true;  // its first entry was seen
    const std::vector<Extent> plain =
        extents_of(lay_out(layout_, context_.volume.free, {}, files_[i].start, files_[i].clusters), stream.size.value);
    if (stream.size.value <= kMaxVouched && judge(plain, stream.size.value) == ContentVerdict::kWhole) return true;
    const std::uint64_t rest = stream.size.value % layout_.cluster;
    if (plain.empty() || rest < kTail || layout_.cluster - rest < kTail) return false;
    const auto end = probe_.read((plain.back().at + plain.back().length).value - kTail,
                                 static_cast<std::size_t>(kTail + layout_.cluster - rest));
    const auto is_zero = [](std::byte b) { return b == std::byte{0}; };
    return end && !std::all_of(end->begin(), end->begin() + kTail, is_zero) &&
           std::all_of(end->begin() + kTail, end->end(), is_zero);
  }

  /// Extensions whose files always begin with the type's signature.
  static bool is_signed(std::string_view extension) {
    static constexpr std::array<std::string_view, 8> kSigned = {"jpg", "png",  "gif",  "pdf",
                                                                "zip", "docx", "xlsx", "exe"};
    return std::find(kSigned.begin(), kSigned.end(), extension) != kSigned.end();
  }

  [[nodiscard]] std::vector<Extent> extents_of(const FatChain& chain, std::uint64_t size) const {
    std::vector<Extent> out;
    std::uint64_t done = 0;
    for (const FatSpan& span : chain) {
      const ByteRange range = layout_.range_of(span);
      const std::uint64_t length = std::min(range.end - range.begin, size - done);
      append_extent(out, Extent{ByteOffset{range.begin}, ByteCount{length}, false});
      done += length;
    }
    return out;
  }

  [[nodiscard]] ContentVerdict judge(const std::vector<Extent>& extents, std::uint64_t size) {
    if (context_.check == nullptr || size == 0 || size > kMaxJudged) return ContentVerdict::kUnknown;
    std::vector<std::byte> content(static_cast<std::size_t>(size));
    std::size_t done = 0;
    for (const Extent& extent : extents) {
      const auto part = std::span(content).subspan(done, static_cast<std::size_t>(extent.length.value));
      if (extent.sparse || !probe_.read_into(extent.at.value, part)) return ContentVerdict::kUnknown;
      done += part.size();
    }
    if (done != content.size()) return ContentVerdict::kBroken;
    return context_.check(type_by_content(content), content).verdict;
  }

  /// Takes the chain that content proves; where nothing does, the replayed one, and says that it is a guess.
  void settle(std::size_t i, const FatChain& replayed) {
    HeldStream& held = context_.held[context_.volume.held[entries_[i]]];
    Stream& stream = held.stream;
    if (stream.kind == StreamKind::kDirectory || stream.size.value == 0) return;
    std::vector<std::vector<Extent>> chains{extents_of(replayed, stream.size.value)};
    if (files_[i].gone || !files_[i].vouched) stream.inferred = true;
    if (chains.front() == stream.extents && !is_contested(i)) return;
    chains.push_back(stream.extents);
    add_other_chains(i, chains);
    for (const std::vector<Extent>& chain : chains) {
      const ContentVerdict verdict = judge(chain, stream.size.value);
      if (verdict == ContentVerdict::kUnknown) break;
      if (verdict != ContentVerdict::kWhole) continue;
      stream.extents = chain;
      stream.inferred = chain.size() > 1;
      held.proven = true;
      return;
    }
    std::uint64_t covered = 0;
    for (const Extent& extent : chains.front()) covered += extent.length.value;
    if (covered == stream.size.value) stream.extents = chains.front();
    stream.inferred = true;
  }

  [[nodiscard]] bool is_contested(std::size_t i) const {
    const Stream& stream = context_.entry(entries_[i]);
    for (const Extent& extent : stream.extents) {
      const auto first = layout_.index_of(extent.at.value);
      if (!first) continue;
      const auto other = contested_.lower_bound(*first == files_[i].start ? *first + 1 : *first);
      if (other != contested_.end() && layout_.range_of({*other, 1}).begin < (extent.at + extent.length).value)
        return true;
    }
    return contested_.contains(files_[i].start);
  }

  /// With each one of the files that start in the way left out, and with all of them.
  void add_other_chains(std::size_t i, std::vector<std::vector<Extent>>& chains) {
    const FatFile& file = files_[i];
    RangeSet all;
    std::vector<RangeSet> one_by_one;
    const std::uint64_t reach = file.start + 2 * file.clusters + 4096;
    for (auto next = starts_.upper_bound(file.start); next != starts_.end() && next->first < reach; ++next) {
      if (one_by_one.size() >= kMaxTried) break;
      const FatFile& in_way = files_[next->second];
      RangeSet just;
      for (const FatSpan& span : lay_out(layout_, context_.volume.free, {}, in_way.start, in_way.clusters)) {
        just.insert(layout_.range_of(span));
        all.insert(layout_.range_of(span));
      }
      one_by_one.push_back(std::move(just));
    }
    if (one_by_one.empty()) return;
    const auto add = [&](const RangeSet& blocked) {
      std::vector<Extent> extents =
          extents_of(lay_out(layout_, context_.volume.free, blocked, file.start, file.clusters),
                     context_.entry(entries_[i]).size.value);
      if (std::find(chains.begin(), chains.end(), extents) == chains.end()) chains.push_back(std::move(extents));
    };
    add(all);
    for (const RangeSet& just : one_by_one) add(just);
  }

  RecoveryContext& context_;
  ImageBytes& probe_;
  const FatLayout& layout_;
  std::vector<FatFile> files_;
  std::vector<std::size_t> entries_;  // places in volume.held
  std::multimap<std::uint64_t, std::size_t> starts_;
  std::set<std::uint64_t> contested_;  // first clusters that lie within another deleted file
};

}  // namespace

void recover_fat_chains(RecoveryContext& context, ImageBytes& probe) {
  const auto layout = read_fat_layout(context.image, context.volume.content);
  if (layout) FatChains(context, probe, *layout).run();
}

}  // namespace triage
