// SPDX-License-Identifier: Apache-2.0
#include "bytes/base64.h"

#include <openssl/evp.h>

#include <limits>

#include "base/check.h"

namespace triage {
namespace {

const unsigned char* raw(std::string_view text) {
  return static_cast<const unsigned char*>(static_cast<const void*>(text.data()));
}
unsigned char* raw(std::string& text) { return static_cast<unsigned char*>(static_cast<void*>(text.data())); }

}  // namespace

std::string to_base64(Bytes data) {
  TRIAGE_CHECK(data.size() < std::numeric_limits<int>::max() / 2);
  std::string out((data.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL ends it with NUL
  const int written = EVP_EncodeBlock(raw(out), raw(as_chars(data)), static_cast<int>(data.size()));
  out.resize(static_cast<std::size_t>(written));
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0 || text.size() >= std::numeric_limits<int>::max() / 2) return std::nullopt;
  std::string out(text.size() / 4 * 3, '\0');
  const int written = EVP_DecodeBlock(raw(out), raw(text), static_cast<int>(text.size()));
  if (written < 0) return std::nullopt;
  // OpenSSL counts the padding as content, skips blanks at the ends and takes any bits behind the last byte.
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  if (static_cast<std::size_t>(written) < padding) return std::nullopt;
  out.resize(static_cast<std::size_t>(written) - padding);
  if (to_base64(as_byte_span(out)) != text) return std::nullopt;
  return out;
}

}  // namespace triage
