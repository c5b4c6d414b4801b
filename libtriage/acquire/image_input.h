// SPDX-License-Identifier: Apache-2.0
// ImageInput: the bytes to be imaged, in order: a device, a file, another image, a pipe, or what ddrescue left undone.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "acquire/error_map.h"
#include "acquire/medium.h"
#include "evidence/reader.h"

namespace triage {

class ImageInput {
 public:
  virtual ~ImageInput() = default;
  /// nullopt for a pipe.
  [[nodiscard]] virtual std::optional<std::uint64_t> size() const = 0;
  [[nodiscard]] virtual SectorSize sector_size() const = 0;
  /// Fills `out` from `at` and gives the number of bytes, fewer only at the end. Unreadable parts are zeros in
  /// `faults`. REQUIRES: out begins at a multiple of kMediumAlignment and its size is one; `at` follows what was read
  /// last, where can_seek() is false.
  virtual Result<std::size_t> read(std::uint64_t at, std::span<std::byte> out, std::vector<ReadFault>& faults) = 0;
  [[nodiscard]] virtual bool can_seek() const { return true; }
  /// "direct", "buffered", "image", "decrypted", "memory", "pipe".
  [[nodiscard]] virtual std::string_view access() const = 0;
};

/// A device or file, read to the sector.
std::unique_ptr<ImageInput> make_medium_input(std::unique_ptr<Medium> medium, RetryPolicy policy);
/// An image of another format; `reader` must have a source.
std::unique_ptr<ImageInput> make_reader_input(std::unique_ptr<EvidenceReader> reader);
/// The plaintext of an opened volume.
std::unique_ptr<ImageInput> make_decrypted_input(std::unique_ptr<Source> plain);
/// Bytes as they come on `fd`, which stays open.
std::unique_ptr<ImageInput> make_pipe_input(int fd);
/// What `map` calls rescued is taken from `rescued` (a file of ddrescue), the rest from `source`.
std::unique_ptr<ImageInput> make_rescued_input(std::unique_ptr<ImageInput> source, ErrorMap map,
                                               std::unique_ptr<Medium> rescued);

}  // namespace triage
