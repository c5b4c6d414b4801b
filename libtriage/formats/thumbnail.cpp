// SPDX-License-Identifier: Apache-2.0
// JPEG is decoded at the smallest of the decoder's own scales that is still large enough, PNG and BMP whole; then boxes
// of pixels are averaged. The result is compressed anew, more strongly until it is small enough.
// BMP: uncompressed, 24 and 32 bits a pixel only.
#include "formats/thumbnail.h"

#include <png.h>
#include <turbojpeg.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

#include "formats/peek.h"

namespace triage {
namespace {

/// Pixels of red, green, blue.
struct Picture {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint32_t source_width = 0;
  std::uint32_t source_height = 0;
  std::vector<std::uint8_t> rgb;
};

struct EndTurbo {
  void operator()(void* handle) const { (void)tjDestroy(handle); }
};
using TurboHandle = std::unique_ptr<void, EndTurbo>;

// The library's bytes are unsigned char; the conversion reads the same bytes.
const unsigned char* raw(Bytes data) {
  return static_cast<const unsigned char*>(static_cast<const void*>(data.data()));
}

bool is_size(std::uint64_t width, std::uint64_t height) {
  constexpr std::uint64_t kMostSide = 60'000;
  return width > 0 && height > 0 && width <= kMostSide && height <= kMostSide && width * height <= kThumbnailPixels;
}

/// The smallest scale that leaves the longer side at least as long as a thumbnail's.
tjscalingfactor scale_for(int longer) {
  int count = 0;
  const tjscalingfactor* factors = tjGetScalingFactors(&count);
  tjscalingfactor best{1, 1};
  for (const tjscalingfactor& factor : std::span(factors, static_cast<std::size_t>(std::max(count, 0)))) {
    const int scaled = (longer * factor.num + factor.denom - 1) / factor.denom;
    const bool smaller = factor.num * best.denom < best.num * factor.denom;
    if (smaller && scaled >= static_cast<int>(kThumbnailSide)) best = factor;
  }
  return best;
}

/// Adobe writes CMYK inverted; every CMYK JPEG in the wild is Adobe's.
void from_cmyk(const std::vector<std::uint8_t>& cmyk, std::vector<std::uint8_t>& rgb) {
  for (std::size_t i = 0; i < cmyk.size() / 4; ++i)
    for (std::size_t c = 0; c < 3; ++c)
      rgb[3 * i + c] = static_cast<std::uint8_t>(cmyk[4 * i + c] * cmyk[4 * i + 3] / 255);
}

std::optional<Picture> read_jpeg(Bytes content) {
  const TurboHandle handle(tjInitDecompress());
  int width = 0, height = 0, sampling = 0, space = 0;
  const auto size = static_cast<unsigned long>(content.size());
  if (!handle || tjDecompressHeader3(handle.get(), raw(content), size, &width, &height, &sampling, &space) != 0)
    return std::nullopt;
  if (width <= 0 || height <= 0 || !is_size(static_cast<std::uint64_t>(width), static_cast<std::uint64_t>(height)))
    return std::nullopt;
  const tjscalingfactor scale = scale_for(std::max(width, height));
  const int scaled_width = (width * scale.num + scale.denom - 1) / scale.denom;
  const int scaled_height = (height * scale.num + scale.denom - 1) / scale.denom;
  Picture picture{static_cast<std::uint32_t>(scaled_width),
                  static_cast<std::uint32_t>(scaled_height),
                  static_cast<std::uint32_t>(width),
                  static_cast<std::uint32_t>(height),
                  {}};
  const std::size_t pixels = std::size_t{picture.width} * picture.height;
  const bool inks = space == TJCS_CMYK || space == TJCS_YCCK;
  picture.rgb.resize(pixels * 3, 0x80);
  std::vector<std::uint8_t> cmyk(inks ? pixels * 4 : 0);
  // A scan that is read a hundred times over is a trap, not a picture.
  const int done =
      tjDecompress2(handle.get(), raw(content), size, inks ? cmyk.data() : picture.rgb.data(), scaled_width, 0,
                    scaled_height, inks ? TJPF_CMYK : TJPF_RGB, TJFLAG_FASTDCT | TJFLAG_LIMITSCANS);
  if (done != 0 && tjGetErrorCode(handle.get()) != TJERR_WARNING) return std::nullopt;
  if (inks) from_cmyk(cmyk, picture.rgb);
  return picture;
}

std::optional<Picture> read_png(Bytes content) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&image, content.data(), content.size()) == 0) return std::nullopt;
  constexpr std::uint64_t kMostPixels = 24 << 20;  // it is decoded whole
  Picture picture{image.width, image.height, image.width, image.height, {}};
  if (!is_size(image.width, image.height) || std::uint64_t{image.width} * image.height > kMostPixels) {
    png_image_free(&image);
    return std::nullopt;
  }
  image.format = PNG_FORMAT_RGB;
  picture.rgb.resize(PNG_IMAGE_SIZE(image), 0x80);
  const png_color white{255, 255, 255};
  // A picture that breaks off later keeps the rows before.
  const bool whole = png_image_finish_read(&image, &white, picture.rgb.data(), 0, nullptr) != 0;
  const bool some =
      std::any_of(picture.rgb.begin(), picture.rgb.end(), [](std::uint8_t value) { return value != 0x80; });
  png_image_free(&image);
  if (!whole && !some) return std::nullopt;
  return picture;
}

std::optional<Picture> read_bmp(Bytes content) {
  const std::uint64_t at = le_at<std::uint32_t>(content, 10);
  const auto width = le_at<std::uint32_t>(content, 18);
  const auto stated = le_at<std::int32_t>(content, 22);
  const std::uint64_t height = stated < 0 ? -std::int64_t{stated} : std::int64_t{stated};
  const auto bits = le_at<std::uint16_t>(content, 28);
  if (le_at<std::uint32_t>(content, 30) != 0 || (bits != 24 && bits != 32) || !is_size(width, height))
    return std::nullopt;
  const std::uint64_t row = (std::uint64_t{width} * bits / 8 + 3) / 4 * 4;
  const std::uint64_t rows = at < content.size() ? std::min(height, (content.size() - at) / row) : 0;
  if (rows == 0 || rows * width > kThumbnailPixels / 4) return std::nullopt;
  Picture picture{width, static_cast<std::uint32_t>(rows), width, static_cast<std::uint32_t>(height), {}};
  picture.rgb.resize(static_cast<std::size_t>(rows * width * 3));
  for (std::uint64_t y = 0; y < rows; ++y) {
    const Bytes line = part(content, at + y * row, row);
    std::uint8_t* out = &picture.rgb[static_cast<std::size_t>((stated < 0 ? y : rows - 1 - y) * width * 3)];
    for (std::uint32_t x = 0; x < width; ++x)
      for (std::size_t c = 0; c < 3; ++c)
        std::span(out, std::size_t{width} * 3)[3 * x + c] = std::to_integer<std::uint8_t>(line[x * bits / 8 + 2 - c]);
  }
  return picture;
}

/// Each pixel of the result is the mean of the pixels it stands for.
Picture shrink(const Picture& from) {
  const std::uint32_t longer = std::max(from.width, from.height);
  if (longer <= kThumbnailSide) return from;
  const auto side = [longer](std::uint32_t length) { return std::max(1U, length * kThumbnailSide / longer); };
  Picture out{side(from.width), side(from.height), from.source_width, from.source_height, {}};
  out.rgb.resize(std::size_t{out.width} * out.height * 3);
  for (std::uint32_t y = 0; y < out.height; ++y) {
    const std::uint64_t top = std::uint64_t{y} * from.height / out.height;
    const std::uint64_t bottom = std::max(top + 1, std::uint64_t{y + 1} * from.height / out.height);
    for (std::uint32_t x = 0; x < out.width; ++x) {
      const std::uint64_t left = std::uint64_t{x} * from.width / out.width;
      const std::uint64_t right = std::max(left + 1, std::uint64_t{x + 1} * from.width / out.width);
      std::array<std::uint64_t, 3> sum{};
      for (std::uint64_t v = top; v < bottom; ++v)
        for (std::uint64_t u = left; u < right; ++u)
          for (std::size_t c = 0; c < 3; ++c)
            sum[c] += from.rgb[static_cast<std::size_t>((v * from.width + u) * 3 + c)];
      const std::uint64_t count = (bottom - top) * (right - left);
      for (std::size_t c = 0; c < 3; ++c)
        out.rgb[(std::size_t{y} * out.width + x) * 3 + c] = static_cast<std::uint8_t>(sum[c] / count);
    }
  }
  return out;
}

std::optional<std::string> compress(const Picture& picture) {
  const TurboHandle handle(tjInitCompress());
  if (!handle) return std::nullopt;
  const auto width = static_cast<int>(picture.width);
  const auto height = static_cast<int>(picture.height);
  std::vector<unsigned char> buffer(tjBufSize(width, height, TJSAMP_420));
  for (const int quality : {70, 50, 35, 20, 10}) {
    unsigned char* out = buffer.data();
    auto size = static_cast<unsigned long>(buffer.size());
    if (tjCompress2(handle.get(), picture.rgb.data(), width, 0, height, TJPF_RGB, &out, &size, TJSAMP_420, quality,
                    TJFLAG_NOREALLOC | TJFLAG_ACCURATEDCT) != 0)
      return std::nullopt;
    if (size <= kThumbnailBytes) return std::string(as_chars(std::as_bytes(std::span(buffer).first(size))));
  }
  return std::nullopt;
}

}  // namespace

bool has_thumbnail(std::string_view type) { return type == "jpeg" || type == "jpg" || type == "png" || type == "bmp"; }

std::optional<Thumbnail> make_thumbnail(std::string_view type, Bytes content) {
  std::optional<Picture> picture;
  if (type == "jpeg" || type == "jpg") picture = read_jpeg(content);
  if (type == "png") picture = read_png(content);
  if (type == "bmp") picture = read_bmp(content);
  if (!picture) return std::nullopt;
  const Picture small = shrink(*picture);
  auto jpeg = compress(small);
  if (!jpeg) return std::nullopt;
  return Thumbnail{small.width, small.height, small.source_width, small.source_height, *std::move(jpeg)};
}

}  // namespace triage
