// SPDX-License-Identifier: Apache-2.0
// Entry point of libFuzzer. TRIAGE_PARSER names one parser ("windows.lnk") or carver ("carve:jpeg"); unset: all.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "parsers_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const char* const only = std::getenv("TRIAGE_PARSER");
  triage::fuzz::fuzz_one(std::as_bytes(std::span(data, size)), only == nullptr ? "" : only);
  return 0;
}
