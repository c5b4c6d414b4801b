// SPDX-License-Identifier: Apache-2.0
// What `triage image` does once its flags are read: the source is examined, the plan checked, the image acquired, and
// what came of it told and recorded.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "acquire/acquire_image.h"
#include "cli/context.h"

namespace triage::cli {

struct ImageChoice {
  std::string source;  ///< path, or "-" for standard input
  std::string format = "zst";
  std::string hashes;  ///< "md5,sha1"
  std::uint64_t split = 0;
  int level = 1;
  unsigned retries = 0;
  bool reverse = false;
  std::string map;      ///< of an earlier ddrescue run
  std::string rescued;  ///< the file of that run
  CaseLabels labels;
  bool allow_mounted = false;
  std::string decrypted;  ///< volume whose plaintext is copied, as --unlock names it; "" the source as it is
  std::string sign;       ///< file of an OpenSSH Ed25519 private key
};

Result<ExitCode> run_image(const Context& context, const ImageChoice& choice);

}  // namespace triage::cli
