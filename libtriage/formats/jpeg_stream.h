// SPDX-License-Identifier: Apache-2.0
// A JPEG picture read as far as its bits make sense: marker segments, then the entropy-coded data itself, Huffman code
// by Huffman code (nothing is kept but which coefficients are set). An object can be copied in the middle and go on
// with other bytes: that is how the pieces of a fragmented picture are found.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "bytes/cursor.h"

namespace triage {

/// A Huffman table (T.81 §C, §F.2.2.3).
struct JpegCode {
  std::array<std::uint16_t, 512> fast{};  ///< by the next nine bits: length << 8 | symbol; 0: longer
  std::array<std::int32_t, 18> most{};    ///< largest code of each length; −1: none
  std::array<std::int32_t, 17> first{};   ///< symbols_ index of the first code, less its code
  std::array<std::uint8_t, 256> symbols{};
  bool set = false;
};

class JpegStream {
 public:
  enum class Status : std::uint8_t {
    kWhole,   ///< the end marker was reached and every block of the frame's scans was there
    kRanOut,  ///< the data ended; run() goes on with more
    kBroken,  ///< something that cannot be
  };

  /// Goes on in `data`, the picture from its first byte on; it may be called again with longer data, or with data that
  /// differs behind position().
  Status run(Bytes data);

  /// From here on coded bits are stepped over, not read: for pictures whose bits are wrong but whose markers stand.
  void stop_checking() { coded_ = Coding::kOther; }
  /// Everything before it held: the last whole segment or coded unit.
  [[nodiscard]] std::size_t position() const { return in_scan_ ? bits_.at : at_; }
  [[nodiscard]] bool has_frame() const { return frame_; }
  [[nodiscard]] bool has_scan() const { return scans_ > 0; }
  /// True where the coded bits are checked; false for the kinds that are only walked (arithmetic, lossless).
  [[nodiscard]] bool checks_bits() const { return coded_ != Coding::kOther; }
  /// End of the pictures that a multi picture index places behind this one; 0 without one.
  [[nodiscard]] std::size_t further() const { return further_; }

 private:
  enum class Coding : std::uint8_t { kSequential, kProgressive, kOther };
  enum class Step : std::uint8_t { kGood, kEnd, kBad };

  struct Component {
    std::uint8_t id = 0;
    std::uint8_t across = 1;
    std::uint8_t down = 1;
    std::uint32_t columns = 0;         ///< blocks
    std::uint32_t rows = 0;            ///< blocks
    std::vector<std::uint64_t> known;  ///< for each block, which coefficients are set (progressive only)
  };
  struct Bits {
    std::size_t at = 0;
    std::uint64_t held = 0;
    unsigned count = 0;
  };
  struct Scan {
    std::array<std::uint8_t, 4> component{};
    std::array<std::uint8_t, 4> dc{};
    std::array<std::uint8_t, 4> ac{};
    std::uint8_t components = 0;
    std::uint8_t from = 0;
    std::uint8_t to = 63;
    bool refines = false;
    std::uint64_t units = 0;  ///< coded units (MCUs) of the scan
    std::uint64_t done = 0;
    std::uint32_t skip = 0;  ///< blocks of the end-of-band run
    std::uint8_t restart = 0;
  };

  Step segment();
  bool frame(std::uint8_t marker, Bytes body);
  bool codes(Bytes body);
  bool begin_scan(Bytes body);
  Step scan();
  Step walk_scan();
  Step restart();
  Step end_of_scan();
  Step unit();
  Step block(std::size_t index, std::uint64_t place);
  Step sequential(std::size_t index);
  Step first_band(const JpegCode& code, std::uint64_t& known);
  Step refine_band(const JpegCode& code, std::uint64_t& known);
  Step pass_known(std::uint64_t known, unsigned& k);

  void fill();
  Step bits(unsigned count, std::uint32_t& value);
  Step symbol(const JpegCode& code, std::uint8_t& value);
  Step short_of_bits() const { return at_marker_ ? Step::kBad : Step::kEnd; }

  Bytes data_;
  std::size_t at_ = 2;
  bool in_scan_ = false;
  bool frame_ = false;
  bool ended_ = false;
  bool at_marker_ = false;
  Coding coded_ = Coding::kSequential;
  unsigned scans_ = 0;
  std::size_t further_ = 0;
  std::uint32_t interval_ = 0;
  std::uint16_t width_ = 0;
  std::uint16_t height_ = 0;
  std::uint8_t most_across_ = 1;
  std::uint8_t most_down_ = 1;
  std::vector<Component> components_;
  std::array<JpegCode, 4> dc_{};
  std::array<JpegCode, 4> ac_{};
  Scan scan_;
  Bits bits_;
};

}  // namespace triage
