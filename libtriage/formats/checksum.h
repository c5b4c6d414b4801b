// SPDX-License-Identifier: Apache-2.0
// Checksums that file formats carry; crc32() is in bytes/crc32.h. All pure; `seed` is the value for the bytes before (0
// at the start).
#pragma once

#include <cstdint>

#include "bytes/crc32.h"  // IWYU pragma: export

namespace triage {

/// CRC-32 of Ogg pages (RFC 3533 §6): 0x04c11db7, not reflected, not inverted.
std::uint32_t ogg_crc32(Bytes data, std::uint32_t seed = 0);
/// CRC-32 of MPEG-2 sections (ISO/IEC 13818-1 annex A): as Ogg's, starting with all ones.
std::uint32_t mpeg_crc32(Bytes data);
/// CRC-8 of FLAC frame headers: polynomial 0x07.
std::uint8_t crc8(Bytes data);
/// CRC-16 of FLAC frames: polynomial 0x8005, not reflected.
std::uint16_t crc16(Bytes data, std::uint16_t seed = 0);
/// CRC-24 of OpenPGP armor (RFC 4880 §6.1).
std::uint32_t crc24(Bytes data);
/// RFC 1950.
std::uint32_t adler32(Bytes data);
/// XXH32 with seed 0 (LZ4 frames).
std::uint32_t xxh32(Bytes data);
/// Exclusive or of the little-endian 32-bit words; bytes after the last whole word are left out.
std::uint32_t xor32(Bytes data, std::uint32_t seed = 0);

}  // namespace triage
