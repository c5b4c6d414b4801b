// SPDX-License-Identifier: Apache-2.0
// CRC-32 and Adler-32 are zlib's (fast); the others are tables of their own. Specifications: see the header; XXH32:
// "xxHash fast digest algorithm" 0.1.1.
#include "formats/checksum.h"

#include <zlib.h>

#include <array>
#include <bit>

#include "formats/peek.h"

namespace triage {
namespace {

/// Table of a CRC that is not reflected; `width` bits, `polynomial` without its top bit.
template <typename T>
constexpr std::array<T, 256> make_table(T polynomial) {
  constexpr int kWidth = 8 * sizeof(T);
  constexpr T kTop = static_cast<T>(T{1} << (kWidth - 1));
  std::array<T, 256> out{};
  for (std::uint32_t n = 0; n < 256; ++n) {
    T value = static_cast<T>(static_cast<T>(n) << (kWidth - 8));
    for (int bit = 0; bit < 8; ++bit)
      value = static_cast<T>((value & kTop) != 0 ? static_cast<T>(value << 1) ^ polynomial : value << 1);
    out[n] = value;
  }
  return out;
}

constexpr auto kOgg = make_table<std::uint32_t>(0x04c11db7U);
constexpr auto kFlac16 = make_table<std::uint16_t>(0x8005U);
constexpr auto kFlac8 = make_table<std::uint8_t>(0x07U);

const Bytef* as_zlib(Bytes data) { return static_cast<const Bytef*>(static_cast<const void*>(data.data())); }

}  // namespace

std::uint32_t adler32(Bytes data) { return static_cast<std::uint32_t>(::adler32_z(1, as_zlib(data), data.size())); }

std::uint32_t ogg_crc32(Bytes data, std::uint32_t seed) {
  for (const std::byte b : data) seed = seed << 8 ^ kOgg[(seed >> 24 ^ std::to_integer<std::uint32_t>(b)) & 0xff];
  return seed;
}

std::uint32_t mpeg_crc32(Bytes data) { return ogg_crc32(data, 0xffffffffU); }

std::uint8_t crc8(Bytes data) {
  std::uint8_t out = 0;
  for (const std::byte b : data) out = kFlac8[out ^ std::to_integer<std::uint8_t>(b)];
  return out;
}

std::uint16_t crc16(Bytes data, std::uint16_t seed) {
  for (const std::byte b : data)
    seed = static_cast<std::uint16_t>(seed << 8 ^ kFlac16[(seed >> 8 ^ std::to_integer<unsigned>(b)) & 0xff]);
  return seed;
}

std::uint32_t crc24(Bytes data) {
  std::uint32_t crc = 0xb704ce;
  for (const std::byte b : data) {
    crc ^= std::to_integer<std::uint32_t>(b) << 16;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x800000) != 0 ? crc << 1 ^ 0x1864cfb : crc << 1;
  }
  return crc & 0xffffff;
}

std::uint32_t xxh32(Bytes data) {
  constexpr std::uint32_t kPrime[] = {0, 2654435761U, 2246822519U, 3266489917U, 668265263U, 374761393U};
  std::size_t at = 0;
  std::uint32_t hash = kPrime[5];
  if (data.size() >= 16) {
    std::array<std::uint32_t, 4> lane = {kPrime[1] + kPrime[2], kPrime[2], 0, 0U - kPrime[1]};
    for (; data.size() - at >= 16; at += 16)
      for (std::size_t i = 0; i < 4; ++i)
        lane[i] = std::rotl(lane[i] + le_at<std::uint32_t>(data, at + 4 * i) * kPrime[2], 13) * kPrime[1];
    hash = std::rotl(lane[0], 1) + std::rotl(lane[1], 7) + std::rotl(lane[2], 12) + std::rotl(lane[3], 18);
  }
  hash += static_cast<std::uint32_t>(data.size());
  for (; data.size() - at >= 4; at += 4)
    hash = std::rotl(hash + le_at<std::uint32_t>(data, at) * kPrime[3], 17) * kPrime[4];
  for (; at < data.size(); ++at)
    hash = std::rotl(hash + std::to_integer<std::uint32_t>(data[at]) * kPrime[5], 11) * kPrime[1];
  hash = (hash ^ hash >> 15) * kPrime[2];
  hash = (hash ^ hash >> 13) * kPrime[3];
  return hash ^ hash >> 16;
}

std::uint32_t xor32(Bytes data, std::uint32_t seed) {
  for (std::size_t at = 0; data.size() - at >= 4; at += 4) seed ^= le_at<std::uint32_t>(data, at);
  return seed;
}

}  // namespace triage
