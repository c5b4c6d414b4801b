// SPDX-License-Identifier: Apache-2.0
#include "evidence/zst_source.h"

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>

#include "bytes/zstd_frame.h"
#include "evidence/zst_image.h"

namespace triage {
namespace {

constexpr std::size_t kCacheBytes = 8U << 20;
constexpr std::size_t kMinSlots = 2;
constexpr std::size_t kTinyFrame = 64;  // a frame of zeros of any size is smaller

SectorSize sector_size_of(const std::string& metadata) {
  const auto json = nlohmann::json::parse(metadata, nullptr, false);
  if (!json.is_object() || !json.contains("sector_size") || !json["sector_size"].is_number_unsigned()) return {};
  const auto size = json["sector_size"].get<std::uint64_t>();
  return size >= 512 && size <= 65536 ? SectorSize{static_cast<std::uint32_t>(size)} : SectorSize{};
}

class ZstSource final : public Source {
 public:
  explicit ZstSource(std::unique_ptr<ZstImage> image)
      : image_(std::move(image)), sector_size_(sector_size_of(image_->metadata())) {
    const std::size_t slots = kCacheBytes / std::max<std::size_t>(image_->largest_frame(), 1);
    slots_.resize(std::clamp<std::size_t>(slots, kMinSlots, 64));
  }

  [[nodiscard]] ByteCount size() const override { return ByteCount{image_->size()}; }
  [[nodiscard]] SectorSize sector_size() const override { return sector_size_; }

  void read(ByteOffset at, std::span<std::byte> out, std::vector<ReadFault>& faults) override {
    const std::uint64_t begin = at.value;
    std::uint64_t place = begin;
    std::span<std::byte> rest = out;
    while (!rest.empty() && place < image_->size()) {
      const ZstImage::Frame frame = image_->frame(image_->frame_index_at(place));
      const auto inside = static_cast<std::size_t>(place - frame.at);
      const std::size_t count = std::min<std::size_t>(rest.size(), frame.content_bytes - inside);
      if (count == frame.content_bytes) {  // a whole frame goes where it is wanted
        Slot slot;
        load(frame, rest.first(count), slot);
        if (slot.error != 0) fault(faults, place, rest.first(count), slot.error);
        if (slot.zero) std::fill_n(rest.begin(), count, std::byte{0});
      } else {
        const Slot& slot = slot_of(frame);
        if (slot.error != 0) {
          fault(faults, place, rest.first(count), slot.error);
        } else if (slot.zero) {
          std::fill_n(rest.begin(), count, std::byte{0});
        } else {
          std::copy_n(slot.bytes.begin() + static_cast<std::ptrdiff_t>(inside), count, rest.begin());
        }
      }
      rest = rest.subspan(count);
      place += count;
    }
    if (!rest.empty()) fault(faults, place, rest, 0);
    if (image_->footer()) add_unreadable(begin, out.size(), faults);
  }

 private:
  struct Slot {
    std::uint64_t at = UINT64_MAX;
    std::uint64_t used = 0;  // clock of the last use
    int error = 0;           // why the frame cannot be opened
    bool zero = false;       // all of it is zeros; `bytes` are something else
    std::vector<std::byte> bytes;
  };

  static void fault(std::vector<ReadFault>& faults, std::uint64_t at, std::span<std::byte> out, int error) {
    std::fill(out.begin(), out.end(), std::byte{0});
    faults.push_back({ByteOffset{at}, ByteCount{out.size()}, error});
  }

  /// Opens the frame into `out` and says in `slot` how it went.
  void load(const ZstImage::Frame& frame, std::span<std::byte> out, Slot& slot) {
    if (stored_.size() < frame.stored_bytes) stored_.resize(frame.stored_bytes);
    const auto part = std::span(stored_).first(frame.stored_bytes);
    slot.zero = false;
    slot.error = image_->read_file(frame.stored_at, part) ? 0 : EIO;
    if (slot.error != 0) return;
    // The same stored bytes have the same content: zeros need not be made again.
    const bool tiny = frame.stored_bytes <= kTinyFrame;
    slot.zero = tiny && frame.content_bytes == zero_content_ && std::ranges::equal(part, zero_frame_);
    if (slot.zero) return;
    slot.error = decompressor_.decompress(part, out) ? 0 : EBADMSG;
    if (tiny && slot.error == 0 && std::ranges::all_of(out, [](std::byte one) { return one == std::byte{0}; })) {
      zero_frame_.assign(part.begin(), part.end());
      zero_content_ = frame.content_bytes;
    }
  }

  const Slot& slot_of(const ZstImage::Frame& frame) {
    Slot* oldest = slots_.data();
    for (Slot& slot : slots_) {
      if (slot.at == frame.at) {
        slot.used = ++clock_;
        return slot;
      }
      if (slot.used < oldest->used) oldest = &slot;
    }
    if (oldest->bytes.size() != frame.content_bytes) oldest->bytes.resize(frame.content_bytes);
    oldest->at = frame.at;
    oldest->used = ++clock_;
    load(frame, oldest->bytes, *oldest);
    return *oldest;
  }

  void add_unreadable(std::uint64_t begin, std::size_t length, std::vector<ReadFault>& faults) const {
    const auto& ranges = image_->footer()->unreadable;
    const std::uint64_t end = begin + length;
    auto range = std::upper_bound(ranges.begin(), ranges.end(), begin,
                                  [](std::uint64_t value, const auto& one) { return value < one.first; });
    if (range != ranges.begin()) --range;
    for (; range != ranges.end() && range->first < end; ++range) {
      const std::uint64_t from = std::max(begin, range->first);
      const std::uint64_t to = std::min(end, range->first + range->second);
      if (from < to) faults.push_back({ByteOffset{from}, ByteCount{to - from}, EIO});
    }
  }

  std::unique_ptr<ZstImage> image_;
  SectorSize sector_size_;
  FrameDecompressor decompressor_;
  std::vector<std::byte> stored_;
  std::vector<std::byte> zero_frame_;  // a frame as stored whose content is zeros
  std::uint32_t zero_content_ = 0;     // and how many
  std::vector<Slot> slots_;
  std::uint64_t clock_ = 0;
};

}  // namespace

Result<std::unique_ptr<Source>> open_zst_source(const std::string& path, std::vector<Damage>& warnings) {
  TRIAGE_TRY(std::unique_ptr<ZstImage> image, ZstImage::open(path));
  if (image->size() == 0) return fail(ErrorCode::kUnreadable, "the image holds no byte", path);
  warnings = image->warnings();
  return std::make_unique<ZstSource>(std::move(image));
}

}  // namespace triage
