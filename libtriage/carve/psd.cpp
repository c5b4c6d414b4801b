// SPDX-License-Identifier: Apache-2.0
// Photoshop: four sections with their sizes, then the picture, raw or in PackBits rows.
//   file := "8BPS" version(be16: 1, 2) zero(6) channels height width depth mode  colours resources layers  picture
// PSB (version 2) has 64-bit layer sizes and 32-bit row sizes.  Spec: Adobe Photoshop File Formats Specification
// (2019).
#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver psd;

namespace {

using namespace std::string_view_literals;
struct Header {
  bool big = false;
  std::uint16_t channels = 0;
  std::uint32_t height = 0;
  std::uint32_t width = 0;
  std::uint16_t depth = 0;
  std::uint16_t mode = 0;
};

bool is_sane(const Header& h) {
  const std::uint32_t most = h.big ? 300000 : 30000;
  return h.channels >= 1 && h.channels <= 56 && h.height >= 1 && h.height <= most && h.width >= 1 && h.width <= most &&
         (h.depth == 1 || h.depth == 8 || h.depth == 16 || h.depth == 32) && h.mode <= 9;
}

/// The merged picture at the cursor (section "Image Data").
std::uint64_t picture_size(ByteCursor& cursor, const Header& h) {
  const auto compression = cursor.be<std::uint16_t>("compression");
  const std::uint64_t row = (static_cast<std::uint64_t>(h.width) * h.depth + 7) / 8;
  const std::uint64_t rows = static_cast<std::uint64_t>(h.height) * h.channels;
  if (compression == 0) return row * rows;
  if (compression != 1) {
    cursor.reject("compression");
    return 0;
  }
  std::uint64_t size = 0;
  for (std::uint64_t i = 0; i < rows && cursor.ok(); ++i)
    size += h.big ? cursor.be<std::uint32_t>("row") : cursor.be<std::uint16_t>("row");
  return size;
}

CarveResult validate(Bytes data) {
  ByteCursor cursor(data);
  if (!has_at(data, 0, "8BPS")) return {};
  cursor.skip(4, "signature");
  const auto version = cursor.be<std::uint16_t>("version");
  const Bytes zero = cursor.take(6, "reserved");
  Header h{version == 2,
           cursor.be<std::uint16_t>("channels"),
           cursor.be<std::uint32_t>("height"),
           cursor.be<std::uint32_t>("width"),
           cursor.be<std::uint16_t>("depth"),
           cursor.be<std::uint16_t>("mode")};
  if (!cursor.ok() || (version != 1 && version != 2) || !is_filled(zero, 0) || !is_sane(h)) return {};
  const std::string_view extension = h.big ? "psb" : "psd";
  cursor.skip(cursor.be<std::uint32_t>("colours"), "colour mode data");
  const auto resources = cursor.be<std::uint32_t>("resources");
  const std::uint64_t resources_at = cursor.position();
  if (cursor.ok() && resources != 0 && holds(data, resources_at, 4) && !has_at(data, resources_at, "8BIM") &&
      !has_at(data, resources_at, "MeSa") && !has_at(data, resources_at, "PHUT") &&
      !has_at(data, resources_at, "AgHg") && !has_at(data, resources_at, "DCSR"))
    return {};
  cursor.skip(resources, "resources");
  const std::uint64_t layers = h.big ? cursor.be<std::uint64_t>("layers") : cursor.be<std::uint32_t>("layers");
  cursor.skip(static_cast<std::size_t>(layers), "layers");
  if (!cursor.ok()) return layers > std::uint64_t{1} << 40 ? CarveResult{} : carve_more(data, extension);
  const std::uint64_t picture_at = cursor.position();
  const std::uint64_t size = picture_size(cursor, h);
  if (!cursor.ok())
    return cursor.fault()->field == "compression" && holds(data, picture_at, 2) ? carve_cut(picture_at, extension)
                                                                                : carve_more(data, extension);
  return carve_stated(data, cursor.position() + size, extension);
}

constexpr CarveMagic kMagics[] = {{0, "8BPS\0\1"sv}, {0, "8BPS\0\2"sv}};
constexpr std::string_view kReferences[] = {"Adobe Photoshop File Formats Specification (November 2019)"};

}  // namespace

constinit const Carver psd{
    .id = "psd",
    .extension = "psd",
    .title_en = "Photoshop picture",
    .title_ja = "Photoshop 画像",
    .magics = kMagics,
    .min_length = ByteCount{40},
    .max_length = ByteCount{2ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
