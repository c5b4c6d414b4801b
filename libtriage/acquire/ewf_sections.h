// SPDX-License-Identifier: Apache-2.0
// The sections of an E01 file as bytes (ewf_writer.cpp puts them in order). Little-endian.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "acquire/image_writer.h"

namespace triage {

inline constexpr std::size_t kEwfChunkBytes = 32768;
inline constexpr std::size_t kEwfStoredBytes = kEwfChunkBytes + 4;  ///< of a chunk that is not packed
inline constexpr std::size_t kEwfFileHeaderBytes = 13;
inline constexpr std::size_t kEwfSectionBytes = 76;
inline constexpr std::size_t kEwfTableBytes = 28;  ///< of a table without entries

std::array<std::byte, 4> ewf_u32(std::uint32_t value);
/// "E01" for 1 to "E99", "EAA" … "ZZZ"; empty beyond.
std::string ewf_suffix(std::uint64_t segment);
std::vector<std::byte> ewf_file_header(std::uint16_t segment);
/// Descriptor of a section at `at` with `size` bytes in all.
std::vector<std::byte> ewf_section_header(std::string_view type, std::uint64_t at, std::uint64_t size);
/// Descriptor and content.
std::vector<std::byte> ewf_section(std::string_view type, std::uint64_t at, const std::vector<std::byte>& content);
/// "next" or "done": a descriptor that names itself.
std::vector<std::byte> ewf_last_section(std::string_view type, std::uint64_t at);

/// Contents. `head.size` must be known.
std::vector<std::byte> ewf_header2(const ImageHead& head);
std::vector<std::byte> ewf_header(const ImageHead& head);
std::vector<std::byte> ewf_volume(const ImageHead& head);
std::vector<std::byte> ewf_table(std::uint64_t base, const std::vector<std::uint32_t>& entries);
std::vector<std::byte> ewf_errors(const ImageSeal& seal, std::uint32_t sector_size);
std::vector<std::byte> ewf_digest(const ImageSeal& seal);
std::vector<std::byte> ewf_hash(const ImageSeal& seal);

}  // namespace triage
