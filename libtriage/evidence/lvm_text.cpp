// SPDX-License-Identifier: Apache-2.0
#include "evidence/lvm_text.h"

#include <algorithm>
#include <charconv>

namespace triage {
namespace {

constexpr int kMaxDepth = 8;
constexpr std::size_t kMaxParts = 200'000;

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' ||
         c == '.' || c == '+' || c == '/';
}

class TreeParser {
 public:
  explicit TreeParser(std::string_view text) : rest_(text) {}

  std::optional<LvmNode> run() {
    LvmNode root;
    root.section = true;
    if (!entries(root, 0) || !rest_.empty()) return std::nullopt;
    return root;
  }

 private:
  void skip_blanks() {
    while (!rest_.empty()) {
      const char c = rest_.front();
      if (c == '#') {
        rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
      } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\0') {
        rest_.remove_prefix(1);
      } else {
        return;
      }
    }
  }
  bool take(char wanted) {
    skip_blanks();
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::string_view word() {
    skip_blanks();
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_word);
    const std::string_view out = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(out.size());
    return out;
  }

  bool entries(LvmNode& into, int depth) {
    while (true) {
      skip_blanks();
      if (rest_.empty() || rest_.front() == '}') return true;
      if (++parts_ > kMaxParts) return false;
      LvmNode node;
      node.name = word();
      if (node.name.empty()) return false;
      if (take('{')) {
        node.section = true;
        if (depth >= kMaxDepth || !entries(node, depth + 1) || !take('}')) return false;
      } else if (!take('=') || !values(node)) {
        return false;
      }
      into.entries.push_back(std::move(node));
    }
  }

  bool values(LvmNode& into) {
    if (!take('[')) return value(into);
    if (take(']')) return true;
    do {
      if (!value(into)) return false;
    } while (take(','));
    return take(']');
  }

  bool value(LvmNode& into) {
    if (++parts_ > kMaxParts) return false;
    if (!take('"')) {
      into.values.emplace_back(word());
      return !into.values.back().empty();
    }
    std::string out;
    while (!rest_.empty() && rest_.front() != '"') {
      if (rest_.front() == '\\') rest_.remove_prefix(1);
      if (rest_.empty()) return false;
      out += rest_.front();
      rest_.remove_prefix(1);
    }
    into.values.push_back(std::move(out));
    return take('"');
  }

  std::string_view rest_;
  std::size_t parts_ = 0;
};

}  // namespace

const LvmNode* LvmNode::find(std::string_view wanted) const {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const LvmNode& one) { return one.name == wanted; });
  return found == entries.end() ? nullptr : &*found;
}

std::string_view LvmNode::text(std::string_view wanted) const {
  const LvmNode* one = find(wanted);
  return one == nullptr || one->values.empty() ? std::string_view() : std::string_view(one->values.front());
}

std::optional<std::uint64_t> LvmNode::number(std::string_view wanted) const { return lvm_number(text(wanted)); }

std::optional<LvmNode> parse_lvm_tree(std::string_view text) { return TreeParser(text).run(); }

std::optional<std::uint64_t> lvm_number(std::string_view digits) {
  std::uint64_t value = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || fault != std::errc{} || end != digits.data() + digits.size() || value >> 63 != 0) {
    return std::nullopt;
  }
  return value;
}

}  // namespace triage
