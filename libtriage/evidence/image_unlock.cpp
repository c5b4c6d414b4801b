// SPDX-License-Identifier: Apache-2.0
// ImageReader and encrypted volumes: which keys are meant for a volume, what became of them, and who owns its header.
#include <fmt/format.h>

#include <algorithm>

#include "evidence/image_reader.h"
#include "evidence/recognise_volume.h"

namespace triage {

namespace {

constexpr std::size_t kLockHeadBytes = 4096;

std::string volume_text(const VolumeRecord& volume, std::uint32_t index) {
  return fmt::format("volume {} at byte {}", index, volume.offset.value);
}

/// A run of an image that its reader keeps open.
class DecryptedSource final : public Source {
 public:
  DecryptedSource(std::unique_ptr<ImageReader> reader, ByteRange range) : reader_(std::move(reader)), range_(range) {}
  [[nodiscard]] ByteCount size() const override { return ByteCount{range_.end - range_.begin}; }
  [[nodiscard]] SectorSize sector_size() const override { return reader_->source()->sector_size(); }
  void read(ByteOffset at, std::span<std::byte> out, std::vector<ReadFault>& faults) override {
    const std::uint64_t begin = std::min(at.value, size().value);
    const auto inside = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), size().value - begin));
    std::vector<ReadFault> met;
    reader_->source()->read(ByteOffset{range_.begin + begin}, out.first(inside), met);
    for (const ReadFault& fault : met) {
      faults.push_back({ByteOffset{fault.at.value - range_.begin}, fault.length, fault.sys_errno});
    }
    if (inside == out.size()) return;
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(inside), out.end(), std::byte{0});
    faults.push_back({ByteOffset{begin + inside}, ByteCount{out.size() - inside}, 0});
  }

 private:
  std::unique_ptr<ImageReader> reader_;
  ByteRange range_;
};

/// Hears nothing: only keys are tried.
class SilentSink final : public MapSink {
 public:
  void volume(VolumeRecord) override {}
  void stream(Stream) override {}
  void damage(Damage) override {}
  void entering(ByteOffset, std::uint64_t) override {}
};

Error wrong_key(const VolumeRecord& volume, std::uint32_t index, const Error& reason) {
  Error out = reason;
  out.message = reason.code == ErrorCode::kUsage
                    ? fmt::format("no key given opens {}: {}", volume_text(volume, index), reason.message)
                    : fmt::format("{} cannot be opened: {}", volume_text(volume, index), reason.message);
  if (out.next_step.empty() && reason.code == ErrorCode::kUsage)
    out.next_step = "check the key: one line end after it is ignored, everything else counts";
  return out;
}

}  // namespace

std::uint64_t ImageReader::plain_begin(std::uint64_t volume_offset) const {
  const auto found = unlocked_volumes_.find(volume_offset);
  return found == unlocked_volumes_.end() ? volume_offset : found->second.plain_begin;
}

std::vector<KeyToTry> ImageReader::keys_for(Mapping& mapping, const VolumeRecord& volume, bool& exact) {
  std::vector<KeyToTry> out;
  exact = false;
  if (!keys_) return out;
  mapping.volumes_of_key.resize(keys_->keys().size());
  for (std::size_t i = 0; i < keys_->keys().size(); ++i) {
    const UnlockKey& key = keys_->keys()[i];
    if (!key.volume.matches(mapping.next_volume, volume.offset)) continue;
    auto secret = keys_->secret(key);
    if (!secret) {
      mapping.stop = secret.error();
      continue;
    }
    ++mapping.volumes_of_key[i];
    exact = exact || !key.volume.any();
    out.push_back({key.kind, std::move(*secret)});
  }
  return out;
}

/// True where the volume is open now; what is known of its lock goes into `volume` and `mapping`.
bool ImageReader::unlock(Mapping& mapping, const Region& region, VolumeRecord& volume) {
  mapping.lock_note.clear();
  auto known = unlocked_volumes_.find(region.range.begin);
  if (known == unlocked_volumes_.end()) {
    const VolumeGuess guess = recognise_volume(peek(region.range.begin, kLockHeadBytes, region.range), {});
    if (guess.encryption.empty() || guess.encryption == "possible") return false;
    bool exact = false;
    const std::vector<KeyToTry> keys = keys_for(mapping, volume, exact);
    if (mapping.stop) return false;
    auto opened =
        unlock_volume(guess.encryption, {source_, region.range, keys, [&] { mapping.out.entering(volume.offset, 0); }});
    mapping.out.entering(volume.offset, 0);
    if (!opened) {
      volume.encryption = guess.encryption;
      volume.status = "encrypted";
      mapping.lock_note = fmt::format("encrypted with {}; it is recognised but not opened ({})", guess.encryption,
                                      opened.error().message);
      if (keys.empty()) return false;
      const Error error = wrong_key(volume, mapping.next_volume, opened.error());
      if (exact) mapping.stop = error;
      if (!mapping.locked) mapping.locked = error;
      return false;
    }
    mapping.unlocked = mapping.unlocked || opened->key_kind != "clear-key";
    known = unlocked_volumes_
                .emplace(region.range.begin,
                         Unlocked{opened->scheme, opened->key_kind, opened->protector, opened->plain_begin})
                .first;
    unlocked_.add(std::move(*opened));
    cache_.forget();
  }
  volume.encryption = known->second.scheme;
  volume.unlocked_with = known->second.key_kind;
  volume.unlocked_lock = known->second.protector;
  return true;
}

Status ImageReader::check_keys(const Mapping& mapping) const {
  if (mapping.stop) return tl::unexpected(*mapping.stop);
  if (mapping.locked && !mapping.unlocked) return tl::unexpected(*mapping.locked);
  for (std::size_t i = 0; keys_ && i < keys_->keys().size(); ++i) {
    const UnlockKey& key = keys_->keys()[i];
    const bool met = i < mapping.volumes_of_key.size() && mapping.volumes_of_key[i] != 0;
    if (met || key.volume.any()) continue;
    return fail(ErrorCode::kUsage,
                fmt::format("volume {} of --unlock is not an encrypted volume of this evidence", key.volume.text()), {},
                0, "triage list EVIDENCE --volumes shows the volumes; * means any");
  }
  return {};
}

/// Tries the keys on what `wanted` means, volumes counted as map() counts them up to the first file system with parts.
void ImageReader::unlock_regions(Mapping& mapping, const std::vector<Region>& regions, const VolumeSelector& wanted,
                                 std::vector<OpenedVolume>& found) {
  for (const Region& region : regions) {
    OpenedVolume one;
    one.volume.index = mapping.next_volume;
    one.volume.offset = ByteOffset{region.range.begin};
    one.volume.length = ByteCount{region.range.end - region.range.begin};
    one.volume.table = region.table;
    one.volume.description = region.description;
    if (wanted.matches(one.volume.index, one.volume.offset) && unlock(mapping, region, one.volume)) {
      one.plain = {plain_begin(region.range.begin), region.range.end};
      found.push_back(std::move(one));
    }
    if (mapping.stop) return;
    ++mapping.next_volume;
    auto inside = find_logical_volumes({{plain_begin(region.range.begin), region.range.end}, "", ""});
    if (inside && *inside) unlock_regions(mapping, (*inside)->regions, wanted, found);
  }
}

Result<ImageReader::OpenedVolume> ImageReader::unlock_one(const VolumeSelector& wanted) {
  SilentSink sink;
  const MapOptions options;
  Mapping mapping{options, MapEmitter(sink)};
  std::vector<OpenedVolume> found;
  unlock_regions(mapping, find_regions(*image_.get(), false, mapping.out), wanted, found);
  if (mapping.stop) return tl::unexpected(*mapping.stop);
  if (found.size() == 1) return found.front();
  if (found.empty() && mapping.locked) return tl::unexpected(*mapping.locked);
  return fail(ErrorCode::kUsage, fmt::format("{} volumes are opened by the keys given; one is needed", found.size()),
              {}, 0, "name it: triage list EVIDENCE --volumes shows the volumes");
}

Result<DecryptedVolume> open_decrypted(const EvidenceSpec& spec, const VolumeSelector& wanted) {
  if (spec.format == EvidenceFormat::kFolder)
    return fail(ErrorCode::kUnsupported, "a folder has no encrypted volumes", spec.name);
  TRIAGE_TRY(std::unique_ptr<EvidenceReader> reader, open_evidence(spec));
  // open_evidence() makes an ImageReader of everything but a folder.
  std::unique_ptr<ImageReader> image(static_cast<ImageReader*>(reader.release()));
  TRIAGE_TRY(ImageReader::OpenedVolume opened, image->unlock_one(wanted));
  return DecryptedVolume{std::make_unique<DecryptedSource>(std::move(image), opened.plain), std::move(opened.volume)};
}

/// What lies before the plaintext (a LUKS header with its key slots) reads as on the medium and is owned as metadata.
void ImageReader::emit_header(Mapping& mapping, const Region& region, const VolumeRecord& volume) {
  const ByteRange range{region.range.begin, plain_begin(region.range.begin)};
  if (range.begin >= range.end) return;
  Stream stream;
  stream.key = fmt::format("v{}.header", volume.offset.value);
  stream.kind = StreamKind::kMetadata;
  stream.volume = mapping.next_volume;
  stream.volume_offset = volume.offset;
  stream.size = ByteCount{range.end - range.begin};
  stream.extents.push_back(Extent{ByteOffset{range.begin}, stream.size, false});
  mapping.out.stream(std::move(stream), true);
}

}  // namespace triage
