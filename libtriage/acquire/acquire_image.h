// SPDX-License-Identifier: Apache-2.0
// acquire_image: one acquisition from the first byte to the footer, begun anew or gone on with. What lies beside the
// image NAME: NAME.map (ddrescue's syntax), NAME.log.jsonl, NAME.state (until it is finished), and for raw and ewf
// NAME.json and NAME.chunks (image_sidecar.h). README.md of this folder says what each holds.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "acquire/image_input.h"
#include "acquire/image_writer.h"
#include "base/clock.h"
#include "bytes/ssh_signature.h"

namespace triage {

enum class ImageFormat : std::uint8_t { kZst, kRaw, kEwf };
std::string_view image_format_name(ImageFormat format);

struct ImageProgress {
  std::uint64_t bytes_done = 0;
  std::optional<std::uint64_t> bytes_total;
  std::uint64_t unreadable_bytes = 0;
  std::uint64_t unreadable_runs = 0;
  bool replaying = false;  ///< reading back what an earlier run stored
};

struct ImageRequest {
  ImageFormat format = ImageFormat::kZst;
  std::string output;  ///< path as given; "-" is standard output
  int stdout_fd = 1;
  std::uint64_t segment_bytes = 0;
  int level = 1;
  std::vector<DigestKind> hashes;  ///< SHA-256 is taken whether named or not
  unsigned jobs = 1;               ///< workers that compress
  bool resume = false;
  CaseLabels labels;
  std::string source_name;  ///< as given
  std::string source_json;  ///< the dossier, one JSON object
  std::string identity;     ///< of the source; an unfinished image of another one is refused
  std::string model, serial;
  std::string tool;  ///< name and version
  std::vector<std::string> argv;
  /// Signs the footer; nullptr: unsigned. It outlives the acquisition.
  const SshPrivateKey* key = nullptr;
  /// tmpfs for what is read and not yet stored (read_ring.h); "": a run that goes on reads that again.
  std::string ring_folder = "/dev/shm";
  const std::atomic<bool>* stop = nullptr;
  std::function<void(const ImageProgress&)> progress;
  /// Called after each block with read errors and at the end; gives a JSON object for the log (the state of the write
  /// block), or "".
  std::function<std::string()> on_fault;
};

struct ImageResult {
  std::uint64_t size = 0;
  std::uint64_t stored_bytes = 0;  ///< of the image's files
  std::uint64_t resumed_at = 0;    ///< byte the source was read from; 0 for a new one
  std::map<DigestKind, std::string> hashes;
  std::string merkle_root;
  std::string image_id;
  std::string access;                                               ///< ImageInput::access
  std::string signer;                                               ///< fingerprint of the key; "" unsigned
  std::vector<std::pair<std::uint64_t, std::uint64_t>> unreadable;  ///< {offset, length}
  std::vector<std::string> files;                                   ///< of the image, then beside it
};

/// 32 random hex digits.
std::string new_image_id();

/// Namespace of the signature over the footer's JSON, as `ssh-keygen -Y verify -n` takes it.
inline constexpr std::string_view kImageNamespace = "triage-image-v1";
/// What a signed image has beside it: the footer's JSON as it was signed, and the signature.
inline constexpr std::string_view kStatementSuffix = ".statement.json";
inline constexpr std::string_view kStatementSignatureSuffix = ".statement.json.sig";

/// Name of the image's first or only file, and the prefix of what lies beside it.
std::string image_base_name(ImageFormat format, const std::string& output);

/// kOutput: full or failing target. kUnreadable: the source went away. kInterrupted: stopped by request. After these
/// what was written stays usable and --resume goes on. kUsage: the request cannot be meant.
Result<ImageResult> acquire_image(ImageInput& input, const ImageRequest& request, const Clock& clock);

}  // namespace triage
