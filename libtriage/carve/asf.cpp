// SPDX-License-Identifier: Apache-2.0
// ASF (WMV, WMA): the header's file properties state the size; top-level objects must fill it.
//   object := guid(16) size(le64) content       file := header data index*       Spec: Microsoft "ASF
//   Specification" 1.20 §2, §3.
#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver asf;

namespace {

using namespace std::string_view_literals;
constexpr std::string_view kHeader = "\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c"sv;
constexpr std::string_view kFile = "\xa1\xdc\xab\x8c\x47\xa9\xcf\x11\x8e\xe4\x00\xc0\x0c\x20\x53\x65"sv;
constexpr std::string_view kStream = "\x91\x07\xdc\xb7\xb7\xa9\xcf\x11\x8e\xe6\x00\xc0\x0c\x20\x53\x65"sv;
constexpr std::string_view kVideo = "\xc0\xef\x19\xbc\x4d\x5b\xcf\x11\xa8\xfd\x00\x80\x5f\x5c\x44\x2b"sv;

CarveResult validate(Bytes data) {
  const auto header = le_at<std::uint64_t>(data, 16);
  if (!has_at(data, 0, kHeader) || header < 54 || header > 16U << 20) return {};
  std::uint64_t stated = 0;
  bool video = false;
  for (std::uint64_t at = 30; at + 24 <= header && holds(data, at, 24);) {
    const auto size = le_at<std::uint64_t>(data, at + 16);
    if (size < 24 || size > header - at) return {};
    if (has_at(data, at, kFile)) stated = le_at<std::uint64_t>(data, at + 40);
    if (has_at(data, at, kStream) && has_at(data, at + 24, kVideo)) video = true;
    at += size;
  }
  const std::string_view extension = video ? "wmv" : "wma";
  if (stated == 0) return holds(data, 0, header) ? CarveResult{} : carve_more(data, extension);
  if (stated < header || stated > std::uint64_t{1} << 44) return {};
  if (stated > data.size()) return carve_more(data, extension);
  for (std::uint64_t at = 0; at < stated;) {
    const auto size = le_at<std::uint64_t>(data, at + 16);
    if (stated - at < 24 || size < 24 || size > stated - at) return carve_cut(at, extension);
    at += size;
  }
  return carve_whole(stated, extension);
}

constexpr CarveMagic kMagics[] = {{0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c"sv}};
constexpr std::string_view kReferences[] = {"Microsoft: Advanced Systems Format Specification 1.20 §2, §3"};

}  // namespace

constinit const Carver asf{
    .id = "asf",
    .extension = "wmv",
    .title_en = "Windows media (ASF)",
    .title_ja = "Windows Media(ASF)",
    .magics = kMagics,
    .min_length = ByteCount{130},
    .max_length = ByteCount{8ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
