// SPDX-License-Identifier: Apache-2.0
#include "recover/gap_names.h"

#include <algorithm>
#include <map>
#include <optional>

#include "formats/file_type.h"
#include "formats/text_kind.h"
#include "recover/name_fits_type.h"

namespace triage {

namespace {

constexpr std::uint64_t kMaxSteps = 20'000;
constexpr std::size_t kMaxDivisions = 64;
constexpr std::size_t kMaxEnds = 64;      ///< tried for content of unknown structure
constexpr std::uint64_t kPlainText = 64;  ///< shorter text may be part of something else

bool is_zero(std::byte b) { return b == std::byte{0}; }

/// What begins at one block of the gap.
struct Beginning {
  std::string_view type;
  bool is_text = false;
  bool empty = false;  ///< zeros
  std::vector<GapPiece> ends;
};

class GapSearch {
 public:
  GapSearch(Bytes gap, std::uint64_t block_size, const std::vector<std::string>& names, ContentCheck check)
      : gap_(gap), block_(block_size), names_(names), check_(check) {}

  std::vector<GapPiece> run() {
    divide(0, 0);
    if (cut_ || divisions_.empty()) return {};
    std::vector<GapPiece> common = divisions_.front();
    for (const std::vector<GapPiece>& other : divisions_)
      std::erase_if(common,
                    [&](const GapPiece& one) { return std::find(other.begin(), other.end(), one) == other.end(); });
    return common;
  }

 private:
  void divide(std::uint64_t at, std::size_t first) {
    if (cut_ || ++steps_ > kMaxSteps) {
      cut_ = true;
      return;
    }
    if (at == gap_.size()) {
      cut_ = divisions_.size() == kMaxDivisions;
      if (!cut_) divisions_.push_back(taken_);
      return;
    }
    const Beginning& beginning = look(at);
    if (beginning.empty) return;
    for (std::size_t file = first; file < names_.size(); ++file) {
      if (!name_fits_type(names_[file], beginning.type, beginning.is_text)) continue;
      for (GapPiece piece : beginning.ends) {
        piece.file = file;
        taken_.push_back(piece);
        divide(at + (piece.size + block_ - 1) / block_ * block_, file + 1);
        taken_.pop_back();
      }
    }
  }

  const Beginning& look(std::uint64_t at) {
    const auto known = beginnings_.find(at);
    if (known != beginnings_.end()) return known->second;
    return beginnings_.emplace(at, judge(at)).first->second;
  }

  Beginning judge(std::uint64_t at) const {
    Beginning out;
    const Bytes rest = gap_.subspan(static_cast<std::size_t>(at));
    const Bytes block = rest.first(static_cast<std::size_t>(block_));
    out.empty = std::all_of(block.begin(), block.end(), is_zero);
    if (out.empty) return out;
    out.type = text_at(at, out);
    if (out.is_text) return out;
    out.type = type_by_content(rest);
    const ContentJudgement judged = out.type.empty() || check_ == nullptr ? ContentJudgement{} : check_(out.type, rest);
    if (judged.verdict == ContentVerdict::kWhole && judged.length != 0 && ends_at(at, judged.length))
      out.ends.push_back({0, at, judged.length, true});
    if (judged.verdict == ContentVerdict::kUnknown) add_open_ends(at, out);
    return out;
  }

  /// Text holds no zero: it ends at the first one, or with the gap.
  std::string_view text_at(std::uint64_t at, Beginning& out) const {
    const Bytes rest = gap_.subspan(static_cast<std::size_t>(at));
    const auto length = static_cast<std::size_t>(std::find_if(rest.begin(), rest.end(), is_zero) - rest.begin());
    const std::string_view kind = length == 0 ? std::string_view() : text_kind(rest.first(length), false);
    out.is_text = !kind.empty();
    if (out.is_text && ends_at(at, length)) out.ends.push_back({0, at, length, false});
    return kind;
  }

  /// True where another file begins at `at`, which a file that ended with zeros before it does not reach into.
  [[nodiscard]] bool begins_at(std::uint64_t at) const {
    Beginning text;
    text_at(at, text);
    if (text.is_text) return !text.ends.empty() && text.ends.front().size >= kPlainText;
    return !type_by_content(gap_.subspan(static_cast<std::size_t>(at))).empty();
  }

  /// Content that ends after `length` bytes is followed by zeros up to the end of its block.
  [[nodiscard]] bool ends_at(std::uint64_t at, std::uint64_t length) const {
    const std::uint64_t end = at + length;
    if (end > gap_.size()) return false;
    const std::uint64_t up = (end + block_ - 1) / block_ * block_;
    if (up > gap_.size()) return false;
    const Bytes tail = gap_.subspan(static_cast<std::size_t>(end), static_cast<std::size_t>(up - end));
    return std::all_of(tail.begin(), tail.end(), is_zero);
  }

  /// Every block that ends with zeros may be the last one, up to the first behind which another file begins.
  void add_open_ends(std::uint64_t at, Beginning& out) const {
    for (std::uint64_t end = at + block_; end <= gap_.size(); end += block_) {
      const bool last = end == gap_.size();
      const Bytes block = gap_.subspan(static_cast<std::size_t>(end - block_), static_cast<std::size_t>(block_));
      const auto zeros =
          static_cast<std::uint64_t>(std::find_if_not(block.rbegin(), block.rend(), is_zero) - block.rbegin());
      if (zeros == block_) return;  // an empty block belongs to nobody
      if (zeros == 0 && !last) continue;
      if (out.ends.size() == kMaxEnds) return;
      out.ends.push_back({0, at, end - at - zeros, false});
      if (!last && begins_at(end)) return;
    }
  }

  Bytes gap_;
  std::uint64_t block_;
  const std::vector<std::string>& names_;
  ContentCheck check_;
  std::map<std::uint64_t, Beginning> beginnings_;
  std::vector<GapPiece> taken_;
  std::vector<std::vector<GapPiece>> divisions_;
  std::uint64_t steps_ = 0;
  bool cut_ = false;
};

}  // namespace

std::vector<GapPiece> name_gap(Bytes gap, std::uint64_t block_size, const std::vector<std::string>& names,
                               ContentCheck check) {
  if (gap.empty() || block_size == 0 || gap.size() % block_size != 0 || names.empty()) return {};
  return GapSearch(gap, block_size, names, check).run();
}

}  // namespace triage
