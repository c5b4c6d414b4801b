// SPDX-License-Identifier: Apache-2.0
#include "evidence/tsk_source.h"

#include <libewf.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "bytes/text.h"
#include "evidence/ewf_source.h"
#include "evidence/tsk_handles.h"

namespace triage {

std::string take_tsk_error() {
  const char* text = tsk_error_get();
  std::string out = text == nullptr ? "no reason given" : to_valid_utf8(text);
  std::replace(out.begin(), out.end(), '\n', ' ');
  tsk_error_reset();
  return out;
}

bool tsk_found_several() {
  const std::uint32_t code = tsk_error_get_errno();
  const char* text = tsk_error_get_errstr();
  return (code == TSK_ERR_FS_UNKTYPE || code == TSK_ERR_VS_UNKTYPE) && text != nullptr &&
         std::string_view(text).find(" or ") != std::string_view::npos;
}

namespace {

constexpr std::size_t kPieceBytes = 4 * 1024 * 1024;

class TskImageSource final : public Source {
 public:
  explicit TskImageSource(TskImgHandle image) : image_(std::move(image)) {}

  [[nodiscard]] ByteCount size() const override { return ByteCount{static_cast<std::uint64_t>(image_->size)}; }
  [[nodiscard]] SectorSize sector_size() const override {
    return SectorSize{image_->sector_size < 512 ? 512 : image_->sector_size};
  }

  /// A piece that fails is halved down to one sector, so that only the damaged chunk of the container is lost.
  void read(ByteOffset at, std::span<std::byte> out, std::vector<ReadFault>& faults) override {
    std::uint64_t place = at.value;
    std::size_t piece = kPieceBytes;
    while (!out.empty()) {
      if (place >= size().value) {
        std::fill(out.begin(), out.end(), std::byte{0});
        faults.push_back({ByteOffset{place}, ByteCount{out.size()}, 0});
        return;
      }
      const std::size_t inside = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), size().value - place));
      const std::size_t wanted = std::min(piece, inside);
      const ssize_t got = tsk_img_read(image_.get(), static_cast<TSK_OFF_T>(place),
                                       static_cast<char*>(static_cast<void*>(out.data())), wanted);
      std::size_t done = got > 0 ? std::min(static_cast<std::size_t>(got), wanted) : 0;
      if (done == 0) {
        tsk_error_reset();
        if (wanted > sector_size().value) {
          piece = std::max<std::size_t>(sector_size().value, wanted / 8 / sector_size().value * sector_size().value);
          continue;
        }
        std::fill_n(out.begin(), wanted, std::byte{0});
        faults.push_back({ByteOffset{place}, ByteCount{wanted}, EIO});
        done = wanted;
      } else if (piece < kPieceBytes) {
        piece *= 2;
      }
      out = out.subspan(done);
      place += done;
    }
  }

 private:
  TskImgHandle image_;
};

TSK_IMG_TYPE_ENUM type_of(EvidenceFormat format) {
  switch (format) {
    case EvidenceFormat::kEwf: return TSK_IMG_TYPE_EWF_EWF;
    case EvidenceFormat::kAff: return TSK_IMG_TYPE_AFF_ANY;
    case EvidenceFormat::kVmdk: return TSK_IMG_TYPE_VMDK_VMDK;
    case EvidenceFormat::kVhd: return TSK_IMG_TYPE_VHD_VHD;
    default: return TSK_IMG_TYPE_DETECT;
  }
}

struct EwfClose {
  void operator()(libewf_handle_t* handle) const { libewf_handle_free(&handle, nullptr); }
};

std::optional<std::string> ewf_hash(libewf_handle_t* handle, std::string_view identifier, std::size_t digits) {
  const std::string name(identifier);
  std::array<std::uint8_t, 128> value{};
  const auto* name_bytes = static_cast<const std::uint8_t*>(static_cast<const void*>(name.c_str()));
  if (libewf_handle_get_utf8_hash_value(handle, name_bytes, name.size(), value.data(), value.size(), nullptr) != 1) {
    return std::nullopt;
  }
  std::string text(as_chars(std::as_bytes(std::span(value))));
  text = ascii_lower(text.substr(0, text.find('\0')));
  if (text.size() != digits || !from_hex(text)) return std::nullopt;
  return text;
}

}  // namespace

Result<std::unique_ptr<Source>> open_container_source(const EvidenceSpec& spec) {
  if (spec.format == EvidenceFormat::kEwf) return open_ewf_source(spec);
  std::vector<const TSK_TCHAR*> paths;
  for (const std::string& path : spec.paths) paths.push_back(path.c_str());
  if (paths.empty()) return fail(ErrorCode::kUnreadable, "no file is named", spec.name);
  TskImgHandle image(tsk_img_open(static_cast<int>(paths.size()), paths.data(), type_of(spec.format), 0));
  if (!image) {
    return fail(
        ErrorCode::kUnreadable,
        "the container cannot be opened as " + std::string(evidence_format_name(spec.format)) + ": " + take_tsk_error(),
        spec.paths.front(), 0, "check that all its segments are there and complete");
  }
  if (image->size <= 0) return fail(ErrorCode::kUnreadable, "the evidence is empty", spec.paths.front());
  return std::make_unique<TskImageSource>(std::move(image));
}

void read_ewf_hashes(const EvidenceSpec& spec, EvidenceRecord& record) {
  std::vector<std::string> names = spec.paths;
  std::vector<char*> paths;
  for (std::string& name : names) paths.push_back(name.data());
  libewf_handle_t* raw = nullptr;
  if (libewf_handle_initialize(&raw, nullptr) != 1) return;
  const std::unique_ptr<libewf_handle_t, EwfClose> handle(raw);
  if (libewf_handle_open(raw, paths.data(), static_cast<int>(paths.size()), libewf_get_access_flags_read(), nullptr) !=
      1) {
    return;
  }
  record.container_md5 = ewf_hash(raw, "MD5", 32);
  record.container_sha1 = ewf_hash(raw, "SHA1", 40);
  libewf_handle_close(raw, nullptr);
}

/// EWF-E01 §"Section": a segment file ends with a descriptor of 76 bytes whose type is "done" in the last, "next" in
/// the others. Ex01 is laid out otherwise and not checked.
std::vector<Damage> check_ewf_end(const EvidenceSpec& spec) {
  constexpr std::streamoff kDescriptorBytes = 76;
  std::ifstream file(spec.paths.back(), std::ios::binary);
  std::string signature(8, '\0');
  file.read(signature.data(), 8);
  if (signature.substr(0, 3) != "EVF" || signature[3] != '\x09') return {};
  std::string descriptor(kDescriptorBytes, '\0');
  file.seekg(-kDescriptorBytes, std::ios::end);
  file.read(descriptor.data(), kDescriptorBytes);
  if (file && descriptor.substr(0, 5) == std::string("done\0", 5)) return {};
  Damage damage;
  damage.kind = DamageKind::kTruncated;
  damage.field = "container";
  damage.detail = "the last segment found (" + to_valid_utf8(spec.paths.back()) +
                  ") does not end the container; what lies in missing segments reads as zeros";
  damage.consumer = "evidence";
  return {damage};
}

}  // namespace triage
