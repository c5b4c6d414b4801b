// SPDX-License-Identifier: Apache-2.0
// box := size(be32) type(4) [size64(be64) when size = 1] content; size 0 reaches to the file's end, which content alone
// cannot tell.   Spec: ISO/IEC 14496-12:2022 §4.2, §8; QuickTime File Format (Apple, 2001).
#include "formats/iso_media.h"

#include <algorithm>
#include <array>

#include "formats/peek.h"

namespace triage {
namespace {

constexpr auto kTopLevel = std::to_array<std::string_view>(
    {"ftyp", "moov", "mdat", "free", "skip", "wide", "pnot", "PICT", "udta", "uuid", "moof",
     "mfra", "sidx", "ssix", "styp", "meta", "meco", "pdin", "prft", "emsg", "junk", "thum",
     "inst", "idat", "crhd", "mett", "beam", "Exif", "sefd", "vndr", "IDIT", "ID32"});

struct Box {
  std::uint64_t size = 0;
  std::uint64_t header = 8;
  std::string_view type;
};

/// The box at `at`; size 0 when there is none that can be.
Box box_at(Bytes data, std::uint64_t at) {
  Box box;
  if (!holds(data, at, 8)) return box;
  box.size = be_at<std::uint32_t>(data, at);
  box.type = as_chars(part(data, at + 4, 4));
  if (box.size == 1) {
    box.size = be_at<std::uint64_t>(data, at + 8);
    box.header = 16;
  }
  if (box.size < box.header || box.size > std::uint64_t{1} << 48) box.size = 0;
  return box;
}

bool is_container(std::string_view type) {
  return type == "moov" || type == "trak" || type == "mdia" || type == "minf" || type == "stbl" || type == "edts" ||
         type == "dinf";
}

/// True when the boxes of data[at, end) fill it and those of nested containers theirs.
bool boxes_fill(Bytes data, std::uint64_t at, std::uint64_t end, int depth, int& budget) {
  while (at < end) {
    if (end - at < 8) return is_filled(part(data, at, end - at), 0);  // QuickTime's closing 32-bit zero
    const Box box = box_at(data, at);
    if (box.size == 0) return be_at<std::uint32_t>(data, at) == 0;
    if (box.size > end - at || --budget < 0) return false;
    if (is_container(box.type) && depth < 8 && !boxes_fill(data, at + box.header, at + box.size, depth + 1, budget))
      return false;
    at += box.size;
  }
  return true;
}

/// Checks the chunk tables of data[at, end).
bool offsets_in(Bytes data, std::uint64_t at, std::uint64_t end, std::uint64_t media_end, int& budget) {
  while (at < end && end - at >= 8) {
    const Box box = box_at(data, at);
    if (box.size == 0 || box.size > end - at) return true;  // boxes_fill() spoke already
    if (--budget < 0) return false;
    const std::uint64_t body = at + box.header;
    const std::size_t width = box.type == "stco" ? 4 : box.type == "co64" ? 8 : 0;
    if (is_container(box.type) && !offsets_in(data, body, at + box.size, media_end, budget)) return false;
    if (width != 0) {
      const std::uint64_t count = be_at<std::uint32_t>(data, body + 4);
      if (count * width > box.size - std::min(box.size, box.header + 8)) return false;
      for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t entry = body + 8 + i * width;
        const std::uint64_t offset = width == 4 ? be_at<std::uint32_t>(data, entry) : be_at<std::uint64_t>(data, entry);
        if (offset >= media_end) return false;
      }
    }
    at += box.size;
  }
  return true;
}

}  // namespace

IsoMediaWalk walk_iso_media(Bytes data) {
  IsoMediaWalk walk;
  while (walk.end < data.size()) {
    const Box box = box_at(data, walk.end);
    if (std::find(kTopLevel.begin(), kTopLevel.end(), box.type) == kTopLevel.end()) {
      walk.ran_out = data.size() - walk.end < 8 && !is_filled(part(data, walk.end, 8), 0);
      return walk;
    }
    if (box.size == 0) {  // to the end, or a 64-bit size that is cut
      walk.ran_out = data.size() - walk.end < 16 && be_at<std::uint32_t>(data, walk.end) == 1;
      return walk;
    }
    const bool whole = holds(data, walk.end, box.size);
    if (box.type == "ftyp") {
      if (walk.end != 0 || box.size < 16 || box.size > 1024) break;
      walk.brand = as_chars(part(data, 8, 4));
    }
    if (box.type == "mdat") walk.mdat = true;
    if (!whole) {
      walk.ran_out = true;
      return walk;
    }
    int budget = 100000;
    if (box.type == "moov") {
      walk.broken = walk.moov || !boxes_fill(data, walk.end + box.header, walk.end + box.size, 0, budget);
      walk.moov = true;
    }
    if (box.type == "meta") walk.meta = true;
    if (box.type == "moof") walk.fragments = true;
    walk.end += box.size;
    if (box.type == "mdat") walk.media_end = walk.end;
    if (walk.broken) return walk;
  }
  return walk;
}

bool chunk_offsets_hold(Bytes data, const IsoMediaWalk& walk) {
  std::uint64_t at = 0;
  while (at < walk.end) {
    const Box box = box_at(data, at);
    if (box.size == 0) return true;
    int budget = 100000;
    if (box.type == "moov") return offsets_in(data, at + box.header, at + box.size, walk.media_end, budget);
    at += box.size;
  }
  return true;
}

}  // namespace triage
