// SPDX-License-Identifier: Apache-2.0
// Locator: the structured address of bytes inside evidence, the same on every machine and for every argument order.
//
//   text := EVIDENCE "/" STREAM [ "@" OFFSET [ "+" LENGTH ] ] ( "|" TRANSFORM "@" OFFSET )*
//   EVIDENCE := "e" 16 hex digits of the evidence's content key      STREAM := [A-Za-z0-9._-]+ (see stream.h)
//   OFFSET := "0x" hex    LENGTH := decimal     TRANSFORM := [a-z0-9_]+ (zip, gzip, xpress …)
//
//   e0123456789abcdef/v1048576.i64.a128-1@0x1f0+56|zip@0x1874
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace triage {

struct Locator {
  /// One unpacking step: bytes at `offset` of the output of `transform`.
  struct Step {
    std::string transform;
    std::uint64_t offset = 0;
    bool operator==(const Step&) const = default;
  };

  std::string evidence;
  std::string stream;
  std::optional<std::uint64_t> begin;   ///< bytes from the start of the stream
  std::optional<std::uint64_t> length;  ///< bytes; only with begin
  std::vector<Step> steps;

  [[nodiscard]] std::string text() const;
  /// The locator that `text` prints; nullopt for anything else.
  static std::optional<Locator> parse(std::string_view text);
  /// This stream's bytes at `at`.
  [[nodiscard]] Locator at(std::uint64_t at_offset, std::optional<std::uint64_t> byte_length = std::nullopt) const;
  bool operator==(const Locator&) const = default;
};

}  // namespace triage
