// SPDX-License-Identifier: Apache-2.0
// file := SOI segment* (SOS entropy)+ EOI      segment := FF marker length(be16, itself included) data
// Spec: ITU-T T.81 annexes B (syntax), F (sequential), G (progressive). Multi picture index: CIPA DC-007.
#include "formats/jpeg_stream.h"

#include <algorithm>
#include <bit>

#include "formats/peek.h"

namespace triage {
namespace {

constexpr std::uint8_t kEoi = 0xd9;
constexpr std::uint8_t kSos = 0xda;
constexpr std::uint64_t kMaxBlocks = 4U << 20;  // 32 MiB of what is known

bool is_frame(std::uint8_t marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/// Markers that may stand between segments of an image: tables, frames, scans, application data, comments.
bool is_segment(std::uint8_t marker) {
  return is_frame(marker) || marker == 0xc4 || marker == 0xcc || (marker >= 0xda && marker <= 0xdf) ||
         (marker >= 0xe0 && marker <= 0xef) || marker == 0xfe || (marker >= 0xf0 && marker <= 0xfd);
}

std::uint32_t blocks_of(std::uint32_t samples, unsigned factor, unsigned most) {
  return ((samples * factor + most - 1) / most + 7) / 8;
}

/// §C.2; false when the lengths take more room than there is.
bool build(JpegCode& code, Bytes counts, Bytes symbols) {
  code = {};
  std::int32_t next = 0;
  std::int32_t index = 0;
  for (std::size_t length = 1; length <= 16; ++length) {
    const auto count = std::to_integer<std::int32_t>(counts[length - 1]);
    code.first[length] = index - next;
    if (count != 0 && next + count > (1 << length)) return false;
    for (std::int32_t i = 0; i < count; ++i, ++next, ++index) {
      const auto symbol = std::to_integer<std::uint8_t>(symbols[static_cast<std::size_t>(index)]);
      code.symbols[static_cast<std::size_t>(index)] = symbol;
      if (length > 9) continue;
      const std::size_t begin = static_cast<std::size_t>(next) << (9 - length);
      std::fill_n(code.fast.begin() + static_cast<std::ptrdiff_t>(begin), std::size_t{1} << (9 - length),
                  static_cast<std::uint16_t>(length << 8 | symbol));
    }
    code.most[length] = count == 0 ? -1 : next - 1;
    next <<= 1;
  }
  code.set = true;
  return true;
}

/// Reads the "MPF" index: 16 bytes an entry with the size and the place of each picture. Places count from the TIFF
/// header of the segment at `base`. Returns the end of the last picture, 0 when there is none.
std::size_t end_of_pictures(Bytes mpf, std::size_t base) {
  const bool big = has_at(mpf, 0, "MM");
  const auto u16 = [&](std::uint64_t at) {
    return big ? be_at<std::uint16_t>(mpf, at) : le_at<std::uint16_t>(mpf, at);
  };
  const auto u32 = [&](std::uint64_t at) {
    return big ? be_at<std::uint32_t>(mpf, at) : le_at<std::uint32_t>(mpf, at);
  };
  if (!big && !has_at(mpf, 0, "II")) return 0;
  const std::uint64_t directory = u32(4);
  std::uint64_t end = 0;
  for (std::uint64_t i = 0; i < std::min<std::uint64_t>(u16(directory), 64); ++i) {
    const std::uint64_t entry = directory + 2 + 12 * i;
    if (u16(entry) != 0xb002) continue;  // MPEntry
    const std::uint64_t count = std::min<std::uint64_t>(u32(entry + 4) / 16, 64);
    for (std::uint64_t p = 0; p < count; ++p) {
      const std::uint64_t at = u32(entry + 8) + 16 * p;
      const std::uint64_t size = u32(at + 4);
      const std::uint64_t place = u32(at + 8);
      if (place != 0 && size != 0) end = std::max(end, base + place + size);
    }
  }
  return static_cast<std::size_t>(end);
}

}  // namespace

JpegStream::Status JpegStream::run(Bytes data) {
  data_ = data;
  while (!ended_) {
    const Step step = in_scan_ ? scan() : segment();
    if (step == Step::kEnd) return Status::kRanOut;
    if (step == Step::kBad) return Status::kBroken;
  }
  return scans_ > 0 ? Status::kWhole : Status::kBroken;
}

JpegStream::Step JpegStream::segment() {
  std::size_t at = at_;
  if (!holds(data_, at, 2)) return Step::kEnd;
  if (data_[at] != std::byte{0xff}) return Step::kBad;
  while (holds(data_, at, 2) && data_[at + 1] == std::byte{0xff}) ++at;  // §B.1.1.2: fill bytes
  if (!holds(data_, at, 2)) return Step::kEnd;
  const auto marker = std::to_integer<std::uint8_t>(data_[at + 1]);
  if (marker == kEoi) {
    at_ = at + 2;
    ended_ = true;
    return scans_ > 0 ? Step::kGood : Step::kBad;
  }
  if (!is_segment(marker)) return Step::kBad;
  if (!holds(data_, at, 4)) return Step::kEnd;
  const std::size_t length = be_at<std::uint16_t>(data_, at + 2);
  if (length < 2) return Step::kBad;
  const Bytes body = part(data_, at + 4, length - 2);
  if (body.size() != length - 2) return Step::kEnd;
  if (is_frame(marker) && !frame(marker, body)) return Step::kBad;
  if (marker == 0xc4 && !codes(body)) return Step::kBad;
  if (marker == 0xdd && body.size() == 2) interval_ = be_at<std::uint16_t>(body, 0);
  if (marker == 0xe2 && has_at(body, 0, std::string_view("MPF\0", 4)) && further_ == 0)
    further_ = end_of_pictures(body.subspan(4), at + 8);
  if (marker == kSos && !begin_scan(body)) return Step::kBad;
  at_ = at + 2 + length;
  if (marker == kSos) {
    in_scan_ = true;
    bits_ = {at_, 0, 0};
  }
  return Step::kGood;
}

/// §B.2.2
bool JpegStream::frame(std::uint8_t marker, Bytes body) {
  const std::size_t count = le_at<std::uint8_t>(body, 5);
  const auto precision = le_at<std::uint8_t>(body, 0);
  height_ = be_at<std::uint16_t>(body, 1);
  width_ = be_at<std::uint16_t>(body, 3);
  if (precision < 2 || precision > 16 || width_ == 0 || count < 1 || count > 4 || body.size() != 6 + 3 * count)
    return false;
  coded_ = marker == 0xc0 || marker == 0xc1 ? Coding::kSequential
           : marker == 0xc2                 ? Coding::kProgressive
                                            : Coding::kOther;
  if (height_ == 0 || frame_) coded_ = Coding::kOther;  // lines counted later; hierarchical
  frame_ = true;
  components_.clear();
  most_across_ = most_down_ = 1;
  for (std::size_t i = 0; i < count; ++i) {
    Component c;
    c.id = le_at<std::uint8_t>(body, 6 + 3 * i);
    c.across = le_at<std::uint8_t>(body, 7 + 3 * i) >> 4;
    c.down = le_at<std::uint8_t>(body, 7 + 3 * i) & 15;
    if (c.across < 1 || c.across > 4 || c.down < 1 || c.down > 4) return false;
    most_across_ = std::max(most_across_, c.across);
    most_down_ = std::max(most_down_, c.down);
    components_.push_back(std::move(c));
  }
  std::uint64_t blocks = 0;
  for (Component& c : components_) {
    c.columns = blocks_of(width_, c.across, most_across_);
    c.rows = blocks_of(height_, c.down, most_down_);
    blocks += std::uint64_t{c.columns} * c.rows;
  }
  if (coded_ == Coding::kProgressive && blocks > kMaxBlocks) coded_ = Coding::kOther;
  if (coded_ == Coding::kProgressive)
    for (Component& c : components_) c.known.assign(std::size_t{c.columns} * c.rows, 0);
  return true;
}

/// §B.2.4.2: tables until the segment is full.
bool JpegStream::codes(Bytes body) {
  while (!body.empty()) {
    if (body.size() < 17) return false;
    const auto where = std::to_integer<unsigned>(body[0]);
    std::size_t total = 0;
    for (std::size_t i = 1; i <= 16; ++i) total += std::to_integer<std::size_t>(body[i]);
    if (total > 256 || body.size() - 17 < total || where > 0x1f || (where & 15) > 3) return false;
    JpegCode& code = where >= 0x10 ? ac_[where & 3] : dc_[where & 3];
    if (!build(code, body.subspan(1, 16), body.subspan(17, total))) return false;
    body = body.subspan(17 + total);
  }
  return true;
}

/// §B.2.3
bool JpegStream::begin_scan(Bytes body) {
  const std::size_t count = le_at<std::uint8_t>(body, 0);
  if (!frame_ || count < 1 || count > 4 || body.size() != 4 + 2 * count) return false;
  ++scans_;
  scan_ = {};
  if (coded_ == Coding::kOther) return true;
  scan_.components = static_cast<std::uint8_t>(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto id = le_at<std::uint8_t>(body, 1 + 2 * i);
    const auto found =
        std::find_if(components_.begin(), components_.end(), [id](const Component& c) { return c.id == id; });
    const auto tables = le_at<std::uint8_t>(body, 2 + 2 * i);
    if (found == components_.end() || (tables & 0xcc) != 0) return false;
    scan_.component[i] = static_cast<std::uint8_t>(found - components_.begin());
    scan_.dc[i] = tables >> 4;
    scan_.ac[i] = tables & 15;
  }
  scan_.from = le_at<std::uint8_t>(body, 1 + 2 * count);
  scan_.to = le_at<std::uint8_t>(body, 2 + 2 * count);
  scan_.refines = le_at<std::uint8_t>(body, 3 + 2 * count) >> 4 != 0;
  if (coded_ == Coding::kSequential) {
    scan_.from = 0;
    scan_.to = 63;
  } else if (scan_.from > scan_.to || scan_.to > 63 || (scan_.from == 0 && scan_.to != 0) ||
             (scan_.from != 0 && count != 1)) {
    return false;
  }
  if (count == 1) {
    const Component& c = components_[scan_.component[0]];
    scan_.units = std::uint64_t{c.columns} * c.rows;
  } else {
    const std::uint64_t across = (width_ + 8U * most_across_ - 1) / (8U * most_across_);
    const std::uint64_t down = (height_ + 8U * most_down_ - 1) / (8U * most_down_);
    scan_.units = across * down;
  }
  return true;
}

/// Entropy-coded data from where it stands.
JpegStream::Step JpegStream::scan() {
  if (coded_ == Coding::kOther) return walk_scan();
  while (scan_.done < scan_.units) {
    if (interval_ != 0 && scan_.done != 0 && scan_.done % interval_ == 0)
      if (const Step step = restart(); step != Step::kGood) return step;
    const Bits before = bits_;
    const std::uint32_t skip = scan_.skip;
    Component& only = components_[scan_.component[0]];
    const bool banded = coded_ == Coding::kProgressive && scan_.from != 0;
    const std::uint64_t known = banded ? only.known[static_cast<std::size_t>(scan_.done)] : 0;
    const Step step = unit();
    if (step != Step::kGood) {
      bits_ = before;
      scan_.skip = skip;
      if (banded) only.known[static_cast<std::size_t>(scan_.done)] = known;
      return step;
    }
    ++scan_.done;
  }
  return end_of_scan();
}

/// The marker behind the last unit; at most the padding of a byte stands before it.
JpegStream::Step JpegStream::end_of_scan() {
  std::size_t at = bits_.at;
  constexpr std::size_t kStray = 16;  // some encoders leave bytes behind the last unit
  for (const std::size_t from = at; at - from <= kStray; ++at) {
    if (!holds(data_, at, 2)) return Step::kEnd;
    const auto next = std::to_integer<std::uint8_t>(data_[at + 1]);
    if (data_[at] != std::byte{0xff} || next == 0 || next == 0xff || (next >= 0xd0 && next <= 0xd7)) continue;
    at_ = at;
    in_scan_ = false;
    return Step::kGood;
  }
  return Step::kBad;
}

/// Coded data of the kinds that are not decoded: to the next marker that is no restart.
JpegStream::Step JpegStream::walk_scan() {
  for (std::size_t at = bits_.at; holds(data_, at, 2); ++at) {
    if (data_[at] != std::byte{0xff}) continue;
    const auto next = std::to_integer<std::uint8_t>(data_[at + 1]);
    if (next == 0 || next == 0xff || (next >= 0xd0 && next <= 0xd7)) continue;
    at_ = at;
    in_scan_ = false;
    return next == kEoi || is_segment(next) ? Step::kGood : Step::kBad;
  }
  if (data_.size() > 1) bits_.at = std::max(bits_.at, data_.size() - 1);
  return Step::kEnd;
}

/// §E.1.4: the rest of the byte, then the next of eight markers.
JpegStream::Step JpegStream::restart() {
  std::size_t at = bits_.at;
  while (holds(data_, at, 2) && data_[at] == std::byte{0xff} && data_[at + 1] == std::byte{0xff}) ++at;
  if (!holds(data_, at, 2)) return Step::kEnd;
  if (be_at<std::uint16_t>(data_, at) != 0xffd0 + scan_.restart) return Step::kBad;
  scan_.restart = (scan_.restart + 1) & 7;
  scan_.skip = 0;
  bits_ = {at + 2, 0, 0};
  return Step::kGood;
}

JpegStream::Step JpegStream::unit() {
  if (scan_.components == 1) return block(0, scan_.done);
  for (std::size_t i = 0; i < scan_.components; ++i) {
    const Component& c = components_[scan_.component[i]];
    for (unsigned b = 0; b < unsigned{c.across} * c.down; ++b)
      if (const Step step = block(i, 0); step != Step::kGood) return step;  // no history in interleaved scans
  }
  return Step::kGood;
}

JpegStream::Step JpegStream::block(std::size_t index, std::uint64_t place) {
  if (coded_ == Coding::kSequential) return sequential(index);
  std::uint32_t value = 0;
  if (scan_.from == 0) {
    if (scan_.refines) return bits(1, value);
    std::uint8_t size = 0;
    if (const Step step = symbol(dc_[scan_.dc[index]], size); step != Step::kGood) return step;
    return size > 16 ? Step::kBad : bits(size, value);
  }
  std::uint64_t& known = components_[scan_.component[0]].known[static_cast<std::size_t>(place)];
  const JpegCode& code = ac_[scan_.ac[index]];
  return scan_.refines ? refine_band(code, known) : first_band(code, known);
}

/// §F.2.2
JpegStream::Step JpegStream::sequential(std::size_t index) {
  std::uint8_t size = 0;
  std::uint32_t value = 0;
  Step step = symbol(dc_[scan_.dc[index]], size);
  if (step == Step::kGood) step = size > 16 ? Step::kBad : bits(size, value);
  const JpegCode& code = ac_[scan_.ac[index]];
  for (unsigned k = 1; k < 64 && step == Step::kGood; ++k) {
    step = symbol(code, size);
    if (step != Step::kGood || size == 0) return step;
    k += size >> 4;
    if (k > 63) return Step::kBad;
    if ((size & 15) == 0 && size != 0xf0) return Step::kBad;
    step = bits(size & 15, value);
  }
  return step;
}

/// §G.1.2.2
JpegStream::Step JpegStream::first_band(const JpegCode& code, std::uint64_t& known) {
  if (scan_.skip > 0) {
    --scan_.skip;
    return Step::kGood;
  }
  std::uint32_t value = 0;
  for (unsigned k = scan_.from; k <= scan_.to; ++k) {
    std::uint8_t size = 0;
    if (const Step step = symbol(code, size); step != Step::kGood) return step;
    const unsigned run = size >> 4;
    if ((size & 15) == 0 && run < 15) {
      if (const Step step = bits(run, value); step != Step::kGood) return step;
      scan_.skip = (1U << run) - 1 + value;
      return Step::kGood;
    }
    k += run;
    if (k > scan_.to) return Step::kBad;
    if ((size & 15) == 0) continue;
    if (const Step step = bits(size & 15, value); step != Step::kGood) return step;
    known |= std::uint64_t{1} << k;
  }
  return Step::kGood;
}

/// §G.1.2.3
JpegStream::Step JpegStream::refine_band(const JpegCode& code, std::uint64_t& known) {
  std::uint32_t value = 0;
  unsigned k = scan_.from;
  while (scan_.skip == 0 && k <= scan_.to) {
    std::uint8_t size = 0;
    if (const Step step = symbol(code, size); step != Step::kGood) return step;
    unsigned run = size >> 4;
    if ((size & 15) > 1) return Step::kBad;
    if ((size & 15) == 0 && run < 15) {
      if (const Step step = bits(run, value); step != Step::kGood) return step;
      scan_.skip = (1U << run) + value;
      break;
    }
    if ((size & 15) == 1)
      if (const Step step = bits(1, value); step != Step::kGood) return step;
    for (; k <= scan_.to; ++k) {
      if ((known >> k & 1) != 0) {
        if (const Step step = bits(1, value); step != Step::kGood) return step;
      } else if (run-- == 0) {
        break;
      }
    }
    if ((size & 15) == 1) {
      if (k > scan_.to) return Step::kBad;
      known |= std::uint64_t{1} << k;
    }
    ++k;
  }
  if (scan_.skip == 0) return Step::kGood;
  --scan_.skip;
  return pass_known(known, k);
}

/// The correction bits of the coefficients that an end-of-band run leaves.
JpegStream::Step JpegStream::pass_known(std::uint64_t known, unsigned& k) {
  std::uint32_t value = 0;
  for (; k <= scan_.to; ++k)
    if ((known >> k & 1) != 0)
      if (const Step step = bits(1, value); step != Step::kGood) return step;
  return Step::kGood;
}

void JpegStream::fill() {
  at_marker_ = false;
  while (bits_.count <= 48) {
    if (bits_.at >= data_.size()) return;
    const auto byte = std::to_integer<std::uint64_t>(data_[bits_.at]);
    if (byte == 0xff) {
      if (data_.size() - bits_.at < 2) return;
      const auto next = std::to_integer<unsigned>(data_[bits_.at + 1]);
      if (next != 0) {
        at_marker_ = true;
        return;
      }
      ++bits_.at;
    }
    ++bits_.at;
    bits_.held = bits_.held << 8 | byte;
    bits_.count += 8;
  }
}

JpegStream::Step JpegStream::bits(unsigned count, std::uint32_t& value) {
  if (bits_.count < count) fill();
  if (bits_.count < count) return short_of_bits();
  bits_.count -= count;
  value = static_cast<std::uint32_t>(bits_.held >> bits_.count & ((std::uint64_t{1} << count) - 1));
  return Step::kGood;
}

JpegStream::Step JpegStream::symbol(const JpegCode& code, std::uint8_t& value) {
  if (!code.set) return Step::kBad;
  if (bits_.count < 16) fill();
  const std::uint64_t ahead = bits_.count >= 16 ? bits_.held >> (bits_.count - 16) : bits_.held << (16 - bits_.count);
  const auto next = static_cast<std::uint32_t>(ahead & 0xffff);
  unsigned length = code.fast[next >> 7] >> 8;
  if (length != 0) {
    value = static_cast<std::uint8_t>(code.fast[next >> 7] & 0xff);
  } else {
    for (length = 10; length <= 16; ++length)
      if (static_cast<std::int32_t>(next >> (16 - length)) <= code.most[length]) break;
    if (length > 16) return bits_.count >= 16 ? Step::kBad : short_of_bits();
    value =
        code.symbols[static_cast<std::size_t>(code.first[length] + static_cast<std::int32_t>(next >> (16 - length))) &
                     0xff];
  }
  if (length > bits_.count) return short_of_bits();
  bits_.count -= length;
  return Step::kGood;
}

}  // namespace triage
