// SPDX-License-Identifier: Apache-2.0
// OpenSSL's handles and its kind of bytes. Only unlock_*.cpp includes this.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <span>

#include "bytes/cursor.h"

namespace triage {

struct CipherContextFree {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, CipherContextFree>;

inline unsigned char* as_octets(std::span<std::byte> bytes) {
  return static_cast<unsigned char*>(static_cast<void*>(bytes.data()));
}
inline const unsigned char* octets_of(Bytes bytes) {
  return static_cast<const unsigned char*>(static_cast<const void*>(bytes.data()));
}
inline const char* as_text(Bytes bytes) { return static_cast<const char*>(static_cast<const void*>(bytes.data())); }

}  // namespace triage
