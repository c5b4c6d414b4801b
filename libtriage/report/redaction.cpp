// SPDX-License-Identifier: Apache-2.0
#include "report/redaction.h"

#include <algorithm>
#include <array>

#include "bytes/json.h"
#include "bytes/text.h"

namespace triage {
namespace {

constexpr std::size_t kMostNames = 2000;
constexpr std::size_t kLeastNameBytes = 3;

constexpr auto kSystemNames = std::to_array<std::string_view>(
    {"public", "default", "default user",   "all users",    "defaultuser0",    "administrator",     "administrators",
     "root",   "system",  "networkservice", "localservice", "network service", "local service",     "guest",
     "nobody", "users",   "everyone",       "shared",       "defaultaccount",  "wdagutilityaccount"});

constexpr auto kProfileRoots = std::to_array<std::string_view>(
    {"/users/", "\\users\\", "/home/", "\\documents and settings\\", "/documents and settings/"});

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_mail_char(char c) { return is_word(c) || c == '.' || c == '-' || c == '+' || c == '%'; }

std::string digits_of(std::string_view text) {
  std::string out;
  std::copy_if(text.begin(), text.end(), std::back_inserter(out), is_digit);
  return out;
}

/// A name of ASCII letters counts only as a whole word; in Japanese nothing parts the words.
bool stands_alone(std::string_view text, std::size_t at, std::size_t size) {
  const bool before = at > 0 && is_word(text[at - 1]) && is_word(text[at]);
  const std::size_t end = at + size;
  const bool after = end < text.size() && is_word(text[end]) && is_word(text[end - 1]);
  return !before && !after;
}

std::optional<MaskKind> kind_of_number(std::string_view text) {
  const std::string digits = digits_of(text);
  if (is_my_number(digits)) return MaskKind::kMyNumber;
  if (is_card_number(digits)) return MaskKind::kCard;
  if (is_phone_number(text)) return MaskKind::kPhone;
  return std::nullopt;
}

/// The number that begins at `at`: digits with single blanks or hyphens between them.
std::string_view number_at(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size()) {
    if (is_digit(text[end])) {
      ++end;
    } else if ((text[end] == '-' || text[end] == ' ') && end + 1 < text.size() && is_digit(text[end + 1])) {
      end += 2;
    } else {
      break;
    }
  }
  return text.substr(at, end - at);
}

}  // namespace

bool is_my_number(std::string_view digits) {
  if (digits.size() != 12 || digits.find_first_not_of("0123456789") != std::string_view::npos) return false;
  int sum = 0;
  for (int n = 1; n <= 11; ++n) {
    const int digit = digits[static_cast<std::size_t>(11 - n)] - '0';
    sum += digit * (n <= 6 ? n + 1 : n - 5);
  }
  const int rest = sum % 11;
  return digits[11] - '0' == (rest <= 1 ? 0 : 11 - rest);
}

bool is_card_number(std::string_view digits) {
  if (digits.size() < 14 || digits.size() > 16 || digits.find_first_not_of("0123456789") != std::string_view::npos)
    return false;
  if (digits[0] < '3' || digits[0] > '6') return false;
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    int digit = digits[digits.size() - 1 - i] - '0';
    if (i % 2 == 1) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 == 0;
}

bool is_phone_number(std::string_view text) {
  const std::string digits = digits_of(text);
  if (digits.size() < 10 || digits.size() > 11 || digits[0] != '0' || digits[1] == '0') return false;
  const bool mobile = digits.size() == 11 && digits[2] == '0' && (digits[1] == '5' || digits[1] >= '7');
  const auto hyphens = std::count(text.begin(), text.end(), '-');
  return mobile || (hyphens == 2 && (digits.size() == 10 || digits.starts_with("0120") || digits.starts_with("0800")));
}

std::string_view mask_kind_name(MaskKind kind, bool japanese) {
  static constexpr std::array<std::array<std::string_view, 2>, kMaskKindCount> kNames = {
      {{"name", "氏名"}, {"mail", "メール"}, {"phone", "電話"}, {"My Number", "個人番号"}, {"card", "カード番号"}}};
  return kNames.at(static_cast<std::size_t>(kind)).at(japanese ? 1 : 0);
}

void Redactor::learn_name(std::string_view name) {
  const std::string lower = ascii_lower(name);
  if (name.size() < kLeastNameBytes || name.size() > 200 || names_.size() >= kMostNames) return;
  if (std::find(kSystemNames.begin(), kSystemNames.end(), lower) != kSystemNames.end()) return;
  if (std::find(names_.begin(), names_.end(), name) != names_.end()) return;
  const auto at =
      std::find_if(names_.begin(), names_.end(), [&](const std::string& one) { return one.size() < name.size(); });
  names_.emplace(at, name);
}

void Redactor::learn_path(std::string_view path) {
  const std::string lower = ascii_lower(path);
  for (const std::string_view root : kProfileRoots) {
    for (std::size_t at = lower.find(root); at != std::string::npos; at = lower.find(root, at + 1)) {
      const std::string_view rest = path.substr(at + root.size());
      learn_name(rest.substr(0, rest.find_first_of("/\\\"'<>|:")));
    }
  }
}

const std::string& Redactor::mark_of(MaskKind kind, std::string_view value) {
  const auto [at, fresh] = place_.try_emplace({kind, std::string(value)}, entries_.size());
  if (fresh) {
    const auto number =
        std::count_if(entries_.begin(), entries_.end(), [&](const Entry& one) { return one.kind == kind; });
    entries_.push_back(
        {kind, std::string(value), fmt::format("[{}{}]", mask_kind_name(kind, japanese_), number + 1), 0});
  }
  Entry& entry = entries_[at->second];
  ++entry.count;
  return entry.mark;
}

std::string Redactor::mask_names(std::string text) {
  for (const std::string& name : names_) {
    for (std::size_t at = text.find(name); at != std::string::npos;) {
      if (!stands_alone(text, at, name.size())) {
        at = text.find(name, at + 1);
        continue;
      }
      const std::string& mark = mark_of(MaskKind::kName, name);
      text.replace(at, name.size(), mark);
      at = text.find(name, at + mark.size());
    }
  }
  return text;
}

std::string Redactor::mask_mails(std::string_view text) {
  std::string out;
  std::size_t done = 0;
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    std::size_t begin = at;
    while (begin > done && is_mail_char(text[begin - 1])) --begin;
    std::size_t end = at + 1;
    while (end < text.size() && is_mail_char(text[end])) ++end;
    while (end > at + 1 && (text[end - 1] == '.' || text[end - 1] == '-')) --end;
    const std::string_view domain = text.substr(at + 1, end - at - 1);
    if (begin == at || domain.find('.') == std::string_view::npos) continue;
    out += text.substr(done, begin - done);
    out += mark_of(MaskKind::kMail, text.substr(begin, end - begin));
    done = end;
  }
  return out.append(text.substr(done));
}

std::string Redactor::mask_numbers(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const bool alone = i == 0 || (!is_word(text[i - 1]) && text[i - 1] != '.' && text[i - 1] != '-');
    if (!is_digit(text[i]) || !alone) {
      out.push_back(text[i++]);
      continue;
    }
    const std::string_view number = number_at(text, i);
    const std::size_t end = i + number.size();
    const bool ends = end == text.size() || !is_word(text[end]);
    const auto kind = ends ? kind_of_number(number) : std::nullopt;
    if (kind) {
      out += mark_of(*kind, number);
    } else {
      out += number;
    }
    i = end;
  }
  return out;
}

std::string Redactor::mask(std::string_view text) {
  learn_path(text);
  return mask_numbers(mask_names(mask_mails(text)));
}

std::string Redactor::log_lines() const {
  std::string out;
  for (const Entry& entry : entries_) {
    JsonLine line;
    line.add("schema", "triage.redaction.v1").add("kind", mask_kind_name(entry.kind, false));
    line.add("mark", entry.mark).add("value", entry.value).add("count", entry.count);
    out += line.finish() + "\n";
  }
  return out;
}

Result<Redactor> redactor_for(const ReportFacts& facts, Database& database, bool japanese) {
  Redactor out(japanese);
  for (const CasePerson& person : facts.settings.people) out.learn_name(person.name);
  const auto learn = [&](std::string_view sql, bool paths) -> Status {
    TRIAGE_TRY(Statement rows, database.prepare(sql));
    while (true) {
      TRIAGE_TRY(const bool row, rows.step());
      if (!row) return {};
      if (paths) {
        out.learn_path(rows.text(0));
      } else {
        out.learn_name(rows.text(0));
      }
    }
  };
  TRIAGE_TRY_STATUS(learn("SELECT DISTINCT who FROM events WHERE who IS NOT NULL", false));
  // One path of each profile is enough; directories are few.
  TRIAGE_TRY_STATUS(learn("SELECT path FROM files WHERE kind = 'dir' AND path IS NOT NULL", true));
  for (const EventRow& event : facts.timeline) {
    out.learn_path(event.path);
    out.learn_path(event.object);
  }
  return out;
}

}  // namespace triage
