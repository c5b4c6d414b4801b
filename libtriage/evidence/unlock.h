// SPDX-License-Identifier: Apache-2.0
// Opening an encrypted volume: headers and a key become a cipher and the runs of the image that read as plaintext.
// Sectors are encrypted in place, so a plaintext byte has the image offset of its ciphertext: streams, locators and the
// partition of the image stay what they are, only the bytes read there are the plaintext's (UnlockedSource). What is
// not payload (a LUKS header) reads as it lies on the medium; BitLocker's own areas read as zeros, as Windows shows
// them. The image's hash is always taken of the ciphertext.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "evidence/source.h"
#include "evidence/stream_map.h"
#include "evidence/unlock_crypto.h"
#include "evidence/unlock_keys.h"

namespace triage {

/// A run of the image that reads as something else than what lies there.
struct PlainRun {
  ByteRange range;         ///< of the image
  bool zeros = false;      ///< reads as zeros
  std::uint64_t from = 0;  ///< else: image place of the ciphertext of its first byte
  std::uint64_t unit = 0;  ///< … and that byte's place as the cipher counts
};

struct UnlockedVolume {
  std::string scheme;                    ///< bitlocker, luks
  std::string key_kind;                  ///< recovery-key, passphrase, keyfile, clear-key
  std::string protector;                 ///< which of the volume's locks it fitted: "key slot 0", "{GUID}"
  std::uint64_t plain_begin = 0;         ///< image place of the plaintext's first byte
  std::vector<PlainRun> runs;            ///< in order, disjoint
  std::shared_ptr<SectorCipher> cipher;  ///< shared by the maps that look at one volume
};

/// One key that may be tried on a volume.
struct KeyToTry {
  KeyKind kind = KeyKind::kPassphrase;
  SecretBytes secret;
};

struct UnlockRequest {
  Source& image;
  ByteRange range;  ///< of the volume
  std::span<const KeyToTry> keys;
  std::function<void()> step;  ///< called before each costly attempt
};

/// LUKS1 and LUKS2. kUsage: no key fits (the message says what the volume would take); kUnsupported; kUnreadable: the
/// header is damaged.
Result<UnlockedVolume> unlock_luks(const UnlockRequest& request);

/// BitLocker of Windows 7 and later. A clear key needs no key of the person. Errors as unlock_luks().
Result<UnlockedVolume> unlock_bitlocker(const UnlockRequest& request);

/// Tries what `scheme` ("bitlocker", "luks", as recognise_volume() names it) asks for.
Result<UnlockedVolume> unlock_volume(std::string_view scheme, const UnlockRequest& request);

/// The image with the plaintext of unlocked volumes in the place of their ciphertext.
class UnlockedSource final : public Source {
 public:
  /// `inner` outlives this object.
  explicit UnlockedSource(Source& inner) : inner_(inner) {}
  void add(UnlockedVolume volume);
  [[nodiscard]] bool empty() const { return volumes_.empty(); }
  [[nodiscard]] ByteCount size() const override { return inner_.size(); }
  [[nodiscard]] SectorSize sector_size() const override { return inner_.sector_size(); }
  /// A sector whose ciphertext cannot be read is zeros and a fault as a whole.
  void read(ByteOffset at, std::span<std::byte> out, std::vector<ReadFault>& faults) override;

 private:
  void read_run(const PlainRun& run, SectorCipher& cipher, std::uint64_t at, std::span<std::byte> out,
                std::vector<ReadFault>& faults);
  Source& inner_;
  std::vector<UnlockedVolume> volumes_;  // in order of their places
  std::vector<std::byte> sectors_;       // of a read that does not begin and end on sectors
};

/// Bytes of the image; kUnreadable where some of them cannot be read.
Result<std::vector<std::byte>> read_whole(Source& image, std::uint64_t at, std::size_t length);

}  // namespace triage
