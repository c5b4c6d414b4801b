// SPDX-License-Identifier: Apache-2.0
// Deleted files of ext3 and ext4. Deletion empties an inode's map, but the journal still holds copies of the inode
// table and of directories from before it. One inode number can hold several files in turn: a life is told by the
// generation and the creation time, and each life is brought back by its last copy that still had its map.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>

#include "recover/ext_inode.h"
#include "recover/ext_names.h"
#include "recover/jbd2_log.h"
#include "recover/recovery_context.h"

namespace triage {

namespace {

constexpr std::size_t kMaxCopies = 8'000'000;
constexpr std::size_t kMaxLives = 2'000'000;
constexpr std::uint64_t kStepsPerBlock = 16;

struct LifeKey {
  std::uint64_t inode = 0;
  std::uint32_t generation = 0;
  std::int64_t created = 0;
  auto operator<=>(const LifeKey&) const = default;
};

struct Life {
  ExtInode inode;
  std::uint64_t place = 0;  ///< byte place of the copy in the image
  std::int64_t order = 0;   ///< transaction of the copy
  std::int64_t first = 0;   ///< first and last transaction that show it in use
  std::int64_t last = 0;
  bool linked = false;  ///< the copy is from before the deletion
};

LifeKey key_of(std::uint64_t number, const ExtInode& inode) {
  return {number, inode.generation, inode.times.created.utc_nanos.value_or(0)};
}

std::uint8_t entry_type(const ExtInode& inode) { return inode.is_directory() ? 2 : inode.is_link() ? 7 : 1; }

class ExtRecovery {
 public:
  ExtRecovery(RecoveryContext& context, ImageBytes& probe, const ExtLayout& layout)
      : context_(context),
        probe_(probe),
        layout_(layout),
        names_(context.volume.directories),
        steps_(layout.block_count * kStepsPerBlock + 100'000) {}

  void run() {
    if (!open_journal()) return;
    for (const std::size_t index : context_.volume.held) {
      const Stream& stream = context_.held[index].stream;
      if (stream.meta && stream.availability == Availability::kNameOnly && !stream.alias_of)
        empty_entries_[stream.meta->inode].push_back(index);
    }
    collect_lives();
    collect_names();
    for (const auto& [key, life] : lives_) bring_back(key, life);
    bring_back_unmapped();
  }

 private:
  bool open_journal() {
    const auto place = layout_.journal_inode == 0 ? std::nullopt : layout_.inode_place(layout_.journal_inode);
    if (!place) return false;
    const auto raw = context_.image.read(*place, layout_.inode_size);
    auto inode = raw ? parse_ext_inode(*raw) : std::nullopt;
    if (!inode || !inode->is_file() || !inode->has_map()) {
      context_.damage(DamageKind::kRange, "journal", "its inode says not where it lies; its copies are not used");
      return false;
    }
    const auto fetch = [this](std::uint64_t block) {
      return context_.image.read(layout_.place(block), layout_.block_size);
    };
    const ExtRuns runs = ext_runs(*inode, layout_, fetch, steps_);
    std::vector<std::uint64_t> places;
    for (const ExtRun& run : runs.runs) {
      for (std::uint64_t i = 0; i < run.count; ++i) places.push_back(layout_.place(run.block + i));
    }
    log_ = read_journal(context_.image, places, layout_.block_size, kMaxCopies);
    if (!log_.fault.empty()) context_.damage(DamageKind::kLimit, "journal", "not read to its end: " + log_.fault);
    return !log_.copies.empty();
  }

  void collect_lives() {
    std::vector<const JournalCopy*> tables;
    for (const JournalCopy& copy : log_.copies) {
      if (layout_.first_inode_of(copy.block)) tables.push_back(&copy);
    }
    std::stable_sort(tables.begin(), tables.end(),
                     [](const JournalCopy* a, const JournalCopy* b) { return a->order < b->order; });
    for (const JournalCopy* copy : tables) {
      const auto raw = journal_block(context_.image, *copy, layout_.block_size);
      if (!raw) continue;
      std::uint64_t number = *layout_.first_inode_of(copy->block);
      for (std::size_t at = 0; at + layout_.inode_size <= raw->size(); at += layout_.inode_size, ++number) {
        const auto inode = parse_ext_inode(Bytes(*raw).subspan(at, layout_.inode_size));
        if (inode) note_version(number, *inode, copy->order, copy->place + at);
      }
    }
  }

  /// Copies come by age: of those in use the newest counts, of those already deleted the oldest.
  void note_version(std::uint64_t number, const ExtInode& inode, std::int64_t order, std::uint64_t place) {
    if (!inode.is_file() && !inode.is_directory() && !inode.is_link()) return;
    const bool linked = inode.links != 0;
    const LifeKey key = key_of(number, inode);
    auto found = lives_.find(key);
    if (found != lives_.end() && linked) {
      found->second.last = order;
      if (!found->second.linked) found->second.first = order;
    }
    const bool keeps_content = inode.has_map() || (inode.is_link() && inode.size != 0);
    if (!keeps_content) return;
    if (found == lives_.end()) {
      if (lives_.size() >= kMaxLives) return;
      found = lives_.emplace(key, Life{inode, place, order, order, order, linked}).first;
      return;
    }
    if (!linked) return;
    found->second.inode = inode;
    found->second.place = place;
    found->second.order = order;
    found->second.linked = true;
  }

  /// Blocks of directories: those in use now, and those the lives tell of.
  void collect_names() {
    std::unordered_map<std::uint64_t, std::uint64_t> owners;  // block → directory
    for (const auto& [key, life] : lives_) {
      if (!life.inode.is_directory()) continue;
      for (const ExtRun& run : runs_of(life).runs) {
        for (std::uint64_t i = 0; i < run.count; ++i) owners[run.block + i] = key.inode;
      }
    }
    for (const DirectoryRun& run : context_.volume.directory_runs) {
      for (std::uint64_t at = run.range.begin; at < run.range.end; at += layout_.block_size)
        owners[(at - layout_.begin) / layout_.block_size] = run.inode;
    }
    for (const JournalCopy& copy : log_.copies) {
      if (layout_.first_inode_of(copy.block)) continue;
      const auto raw = journal_block(context_.image, copy, layout_.block_size);
      if (!raw) continue;
      const ExtDirectoryBlock block = parse_ext_directory(*raw, layout_.inode_count, layout_.file_types);
      const auto owner = owners.find(copy.block);
      // A first block names its directory itself; others need somebody who knows.
      std::uint64_t parent = block.self;
      if (parent == 0 && owner != owners.end()) parent = owner->second;
      if (!block.sound || (parent == 0 && block.entries.size() < 2)) continue;
      for (const ExtEntry& entry : block.entries) names_.add(parent, entry, copy.order);
    }
  }

  /// The block as it was at `order`: the journal's copy that is nearest, else the medium's.
  std::optional<std::vector<std::byte>> block_at(std::uint64_t block, std::int64_t order) {
    const auto begin = std::lower_bound(log_.copies.begin(), log_.copies.end(), block,
                                        [](const JournalCopy& copy, std::uint64_t b) { return copy.block < b; });
    const JournalCopy* best = nullptr;
    for (auto at = begin; at != log_.copies.end() && at->block == block; ++at) {
      if (at->order <= order || best == nullptr) best = &*at;
    }
    if (best != nullptr) return journal_block(context_.image, *best, layout_.block_size);
    return context_.image.read(layout_.place(block), layout_.block_size);
  }

  ExtRuns runs_of(const Life& life) {
    return ext_runs(
        life.inode, layout_, [&](std::uint64_t block) { return block_at(block, life.order); }, steps_);
  }

  /// What the medium says about the inode now.
  std::optional<ExtInode> on_disk(std::uint64_t number) {
    const auto place = layout_.inode_place(number);
    const auto raw = place ? context_.image.read(*place, layout_.inode_size) : std::nullopt;
    return raw ? parse_ext_inode(*raw) : std::nullopt;
  }

  void bring_back(const LifeKey& key, const Life& life) {
    const auto now = on_disk(key.inode);
    const bool same = now && key_of(key.inode, *now) == key;
    if (same && now->links != 0) return;
    Stream stream = recovered_stream(context_.volume, RecoveryMethod::kJournal,
                                     life.inode.is_directory() ? StreamKind::kDirectory
                                     : life.inode.is_link()    ? StreamKind::kLink
                                                               : StreamKind::kFile);
    stream.key = fmt::format("v{}.j{}.i{}", context_.volume.begin(), life.place, key.inode);
    describe(life.inode, *stream.meta);
    stream.meta->inode = key.inode;
    if (same && now->deleted_seconds != 0)
      stream.meta->deleted = from_unix(static_cast<std::int32_t>(now->deleted_seconds));
    const ExtName* name = names_.find(key.inode, entry_type(life.inode), life.first, life.last);
    stream.path = name != nullptr ? names_.path(*name) : fmt::format("/$OrphanFiles/OrphanFile-{}", key.inode);
    if (name != nullptr) stream.meta->parent_inode = name->parent;
    if (!place_content(life, stream)) return;
    replace_or_add(std::move(stream), same, name != nullptr);
  }

  /// Deleted files that a directory's copy still names, but whose map no copy of the inode has.
  void bring_back_unmapped() {
    std::vector<std::size_t> unmapped;
    for (const std::uint64_t number : names_.inodes()) {
      const ExtName* name = names_.newest_in_use(number, 1);
      const auto now = name == nullptr ? std::nullopt : on_disk(number);
      if (!now || !now->is_file() || now->links != 0 || now->deleted_seconds == 0 || now->has_map()) continue;
      const auto created = now->times.created.utc_nanos;
      const auto seen = log_.commits.find(*name->live_order);
      // A name from before the inode's last file was created is an earlier file's.
      if (!created || seen == log_.commits.end() || seen->second < *created || lives_.contains(key_of(number, *now)))
        continue;
      Stream stream = recovered_stream(context_.volume, RecoveryMethod::kJournal, StreamKind::kFile);
      stream.key = fmt::format("v{}.j{}.i{}", context_.volume.begin(), *layout_.inode_place(number), number);
      describe(*now, *stream.meta);
      stream.meta->inode = number;
      stream.meta->deleted = from_unix(static_cast<std::int32_t>(now->deleted_seconds));
      stream.meta->parent_inode = name->parent;
      stream.path = names_.path(*name);
      stream.availability = Availability::kNameOnly;
      stream.survive_percent = 0;
      unmapped.push_back(replace_or_add(std::move(stream), true, true));
    }
    place_by_order(context_, probe_, layout_.block_size, unmapped);
  }

  static void describe(const ExtInode& inode, EntryMeta& meta) {
    meta.mode = inode.mode;
    meta.uid = inode.uid;
    meta.gid = inode.gid;
    meta.times = inode.times;
    if (inode.is_link() && inode.size < inode.map.size() && !inode.uses_extents())
      meta.link_target = path_component(as_chars(Bytes(inode.map).first(static_cast<std::size_t>(inode.size))));
  }

  /// False where nothing of a file's content can be said.
  bool place_content(const Life& life, Stream& stream) {
    stream.size = ByteCount{life.inode.size};
    if (stream.kind == StreamKind::kLink) return true;
    if (life.inode.is_inline()) {
      // Content beyond the map lies in an extended attribute that is not read.
      const bool whole = life.inode.size <= life.inode.map.size();
      const std::size_t length = whole ? static_cast<std::size_t>(life.inode.size) : 0;
      stream.inline_content = std::string(as_chars(Bytes(life.inode.map).first(length)));
      if (!whole) stream.availability = Availability::kNameOnly;
      return true;
    }
    const ExtRuns runs = runs_of(life);
    if (runs.runs.empty()) return false;
    if (life.inode.is_encrypted()) stream.availability = Availability::kEncrypted;
    stream.extents = ext_extents(runs, layout_, life.inode.size);
    stream.inferred = !runs.complete || !life.linked;
    return !stream.extents.empty();
  }

  /// The map has an entry without content for the inode's last file: it is told anew instead of twice. Its index.
  std::size_t replace_or_add(Stream stream, bool last_life, bool named) {
    for (const std::size_t index : empty_entries_[stream.meta->inode]) {
      Stream& old = context_.held[index].stream;
      if (old.availability != Availability::kNameOnly || old.kind != stream.kind) continue;
      const bool orphan = old.path.starts_with("/$OrphanFiles/");
      if (old.path != stream.path && !(last_life && (orphan || !named))) continue;
      if (!named && !orphan) stream.path = old.path;
      if (!named) stream.raw_path = old.raw_path;
      stream.sequence = old.sequence;
      old = std::move(stream);
      return index;
    }
    context_.add(std::move(stream));
    return context_.held.size() - 1;
  }

  RecoveryContext& context_;
  ImageBytes& probe_;
  const ExtLayout& layout_;
  ExtNames names_;
  std::uint64_t steps_;
  JournalLog log_;
  std::map<LifeKey, Life> lives_;
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> empty_entries_;  // inode → held entries without content
};

}  // namespace

void recover_ext(RecoveryContext& context, ImageBytes& probe) {
  const auto layout = read_ext_layout(context.image, context.volume.content);
  if (layout) ExtRecovery(context, probe, *layout).run();
}

}  // namespace triage
