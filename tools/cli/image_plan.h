// SPDX-License-Identifier: Apache-2.0
// What `triage image` will do, worked out from its flags and the source before anything is written.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "acquire/acquire_image.h"
#include "acquire/device_dossier.h"
#include "bytes/ssh_signature.h"
#include "cli/context.h"
#include "cli/image_job.h"
#include "model/records.h"

namespace triage::cli {

struct ImagePlan {
  std::unique_ptr<ImageInput> input;
  ImageRequest request;
  std::string kind;  ///< "device", "raw", "ewf" … "pipe"
  DeviceDossier dossier;
  std::optional<VolumeRecord> opened;  ///< the volume whose plaintext is copied
  std::optional<SshPrivateKey> key;    ///< that signs
};

/// Opens and examines the source. kUsage: the flags cannot be meant together, or the source is in use.
Result<ImagePlan> make_image_plan(const Context& context, const ImageChoice& choice);
/// Room at the target: a raw image needs all of it (kOutput), a packed one at most that (a warning).
Status check_room(const Context& context, const ImagePlan& plan);
/// What of an opened volume goes into image and log: its place and the kind of key, never the key.
std::string opened_json(const VolumeRecord& volume);

}  // namespace triage::cli
