// SPDX-License-Identifier: Apache-2.0
// Checks a bundle, a folder or a .tar.zst, without writing a byte and without unpacking it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/verify.h"

namespace triage {

/// Whom the reader of a bundle trusts. Both may be empty: then a valid signature says who made it, not that this is
/// the right person.
struct BundleTrust {
  std::string allowed_signers;  ///< content of an allowed-signers file the reader has from elsewhere
  std::string authorities_pem;  ///< certificates
};

/// True for a folder with bagit.txt and for a file named .tar.zst or .tar.
bool is_bundle(const std::string& path);

/// Every check is made whatever the others find: the bag's tag files, each payload file against the manifest, the
/// signatures over tagmanifest-sha256.txt, the chain of custody and its end as sealed; of a folder also the case in
/// data/. kUnreadable where the bundle cannot be read, kUnsupported for an encrypted one.
Result<std::vector<CheckResult>> verify_bundle(const std::string& path, const BundleTrust& trust);

}  // namespace triage
