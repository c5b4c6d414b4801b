// SPDX-License-Identifier: Apache-2.0
// Scans one run of bytes with compiled YARA rules and turns each rule that matches into a Finding. libyara installs no
// signal handlers here (NO_TRYCATCH): the bytes are in memory of our own, and the worker is the crash barrier.
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <limits>
#include <optional>

#include "base/check.h"
#include "bytes/json.h"
#include "bytes/text.h"
#include "scan/yara_handles.h"

namespace triage {
namespace {

constexpr std::size_t kMaxStrings = 32;           // matched strings told in `details`
constexpr std::size_t kMaxPerString = 8;          // of one string, so that a frequent one leaves room
constexpr std::uint64_t kContext = 64;            // bytes on both sides
constexpr std::uint64_t kMaxShownMatch = 256;     // bytes of the match itself
constexpr std::uint64_t kMaxCounted = 1'000'000;  // libyara's own limit per string

struct MatchedString {
  std::string_view id;
  std::uint64_t offset = 0;  ///< in the scanned data
  std::uint64_t length = 0;
};

/// What one rule matched in one scan.
struct RuleMatches {
  std::vector<MatchedString> shown;  ///< by offset
  std::optional<MatchedString> first;
  std::uint64_t count = 0;
  bool left_out = false;  ///< the window before or another stream tells some
};

struct ScanCall {
  const YaraScan& scan;
  std::string_view set_sha256;
  RecordSink& out;
  std::exception_ptr thrown;  ///< from `out`; no exception passes through libyara's frames
};

std::string_view meta_of(const YaraRuleInfo& info, std::string_view key) {
  for (const auto& [name, value] : info.meta)
    if (name == key) return value;
  return {};
}

std::string_view first_meta(const YaraRuleInfo& info, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys)
    if (const std::string_view value = meta_of(info, key); !value.empty()) return value;
  return {};
}

RuleMatches collect_matches(YR_SCAN_CONTEXT* context, YR_RULE* rule, const YaraScan& scan) {
  RuleMatches out;
  out.left_out = scan.report_from != 0;
  YR_STRING* string = nullptr;
  yr_rule_strings_foreach(rule, string) {
    if (STRING_IS_PRIVATE(string)) continue;
    std::size_t of_this = 0;
    YR_MATCH* match = nullptr;
    yr_string_matches_foreach(context, string, match) {
      const MatchedString found{string->identifier, static_cast<std::uint64_t>(match->base + match->offset),
                                static_cast<std::uint64_t>(std::max<std::int32_t>(match->match_length, 0))};
      if (scan.report_from != 0 && found.offset + found.length <= scan.report_from) continue;
      if (scan.told_elsewhere && scan.told_elsewhere(found.offset, found.length)) {
        out.left_out = true;
        continue;
      }
      ++out.count;
      if (!out.first || found.offset < out.first->offset) out.first = found;
      if (++of_this <= kMaxPerString) out.shown.push_back(found);
    }
  }
  std::stable_sort(out.shown.begin(), out.shown.end(),
                   [](const MatchedString& a, const MatchedString& b) { return a.offset < b.offset; });
  if (out.shown.size() > kMaxStrings) out.shown.resize(kMaxStrings);
  return out;
}

std::string string_json(const MatchedString& match, const YaraScan& scan) {
  const std::uint64_t size = scan.data.size();
  const std::uint64_t begin = std::min(match.offset > kContext ? match.offset - kContext : 0, size);
  const std::uint64_t shown_end = match.offset + std::min(match.length, kMaxShownMatch);
  const std::uint64_t end = std::max(begin, std::min(shown_end + kContext, size));
  const Bytes context = scan.data.subspan(begin, end - begin);
  JsonLine json;
  json.add("id", match.id).add("offset", scan.base_offset + match.offset).add("length", match.length);
  json.add("context_offset", scan.base_offset + begin).add("hex", to_hex(context));
  json.add("text", to_valid_utf8(as_chars(context)));
  return json.finish();
}

template <typename Items, typename Render>
std::string json_array(const Items& items, Render render) {
  std::string out = "[";
  for (const auto& item : items) {
    if (out.size() > 1) out += ',';
    out += render(item);
  }
  return out + "]";
}

std::string details_json(const YaraRuleInfo& info, const RuleMatches& matches, const ScanCall& call) {
  JsonLine json;
  json.add("rule", info.name).add("id", meta_of(info, "id")).add("file", info.file);
  json.add_raw("tags", json_array(info.tags, [](const std::string& tag) {
                 std::string text;
                 append_json_string(text, tag);
                 return text;
               }));
  json.add("description", meta_of(info, "description")).add("reference", meta_of(info, "reference"));
  json.add("author", meta_of(info, "author")).add("licence", first_meta(info, {"licence", "license"}));
  json.add("set_sha256", call.set_sha256).add("match_count", matches.count);
  json.add_raw("strings",
               json_array(matches.shown, [&call](const MatchedString& m) { return string_json(m, call.scan); }));
  return json.finish();
}

bool is_allocated_file(const Stream& stream) {
  const bool content = stream.kind == StreamKind::kFile || stream.kind == StreamKind::kNamedStream;
  return content && (!stream.meta || (stream.meta->allocated && stream.meta->name_allocated));
}

bool is_recovered(const Stream& stream) {
  switch (stream.kind) {
    case StreamKind::kSlack:
    case StreamKind::kUnallocated:
    case StreamKind::kUnparsed:
    case StreamKind::kGap: return true;
    default: return stream.meta && !(stream.meta->allocated && stream.meta->name_allocated);
  }
}

Finding make_finding(const YaraRuleInfo& info, const RuleMatches& matches, const ScanCall& call) {
  const YaraScan& scan = call.scan;
  Finding finding;
  finding.rule = "yara." + info.name;
  finding.claim.en = first_meta(info, {"title_en", "description"});
  if (finding.claim.en.empty()) finding.claim.en = info.name;
  finding.claim.ja = first_meta(info, {"title_ja"});
  if (finding.claim.ja.empty()) finding.claim.ja = finding.claim.en;
  finding.severity = severity_from_name(meta_of(info, "severity")).value_or(Severity::kMedium);
  const bool whole = scan.base_offset == 0 && scan.data.size() >= scan.stream.size.value;
  finding.quality = whole && is_allocated_file(scan.stream) ? Quality::kHigh : Quality::kMedium;
  finding.alternatives = {std::string(meta_of(info, "alternatives_en")), std::string(meta_of(info, "alternatives_ja"))};
  finding.limits = {std::string(meta_of(info, "limits_en")), std::string(meta_of(info, "limits_ja"))};
  finding.technique = meta_of(info, "technique");
  finding.question = meta_of(info, "question");
  finding.step = meta_of(info, "step");
  finding.locator =
      matches.first ? scan.base.at(scan.base_offset + matches.first->offset, matches.first->length) : scan.base;
  finding.exhibits.push_back(finding.locator.text());
  finding.path = scan.stream.path;
  finding.recovered = is_recovered(scan.stream);
  finding.details = details_json(info, matches, call);
  return finding;
}

void report_rule(ScanCall& call, YR_SCAN_CONTEXT* context, YR_RULE* rule, const YaraRuleInfo& info) {
  const RuleMatches matches = collect_matches(context, rule, call.scan);
  // A rule without a match of its own here was told with the window before or another stream.
  if (!matches.first && matches.left_out) return;
  call.out.finding(make_finding(info, matches, call));
}

void report_too_many(ScanCall& call, const YR_STRING& string) {
  call.out.damage(
      DamageKind::kLimit, call.scan.base_offset, "yara",
      fmt::format("the string {} matched more than {} times; the rest is not counted", string.identifier, kMaxCounted));
}

}  // namespace

struct YaraScanner::State {
  const YaraRules::State* rules = nullptr;  ///< stays where it is when the YaraRules moves
  YaraScannerHandle scanner;
  ScanCall* call = nullptr;  ///< set during scan()

  static int on_message(YR_SCAN_CONTEXT* context, int message, void* data, void* user) noexcept {
    auto* self = static_cast<State*>(user);
    try {
      if (message == CALLBACK_MSG_RULE_MATCHING) {
        auto* rule = static_cast<YR_RULE*>(data);
        if (const auto at = self->rules->index.find(rule); at != self->rules->index.end())
          report_rule(*self->call, context, rule, self->rules->rules[at->second]);
      } else if (message == CALLBACK_MSG_TOO_MANY_MATCHES) {
        report_too_many(*self->call, *static_cast<YR_STRING*>(data));
      }
    } catch (...) {
      self->call->thrown = std::current_exception();
      return CALLBACK_ABORT;
    }
    return CALLBACK_CONTINUE;
  }

  void define(const char* name, std::string_view value) const {
    const std::string text(value.substr(0, value.find('\0')));
    // Only fails for a name that was not given to the compiler.
    TRIAGE_CHECK(yr_scanner_define_string_variable(scanner.get(), name, text.c_str()) == ERROR_SUCCESS);
  }

  void define_all(const YaraScan& scan) const {
    const std::string_view path = scan.stream.path;
    const std::size_t slash = path.rfind('/');
    const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
    const std::size_t dot = name.rfind('.');
    define("filename", name);
    define("filepath", path);
    define("extension", dot == std::string_view::npos ? std::string_view() : name.substr(dot));
    define("filetype", scan.file_type);
    define("owner", scan.stream.meta && scan.stream.meta->sid ? std::string_view(*scan.stream.meta->sid) : "");
  }
};

YaraScanner::YaraScanner(const YaraRules& rules) : state_(std::make_unique<State>()) {
  state_->rules = rules.state_.get();
  YR_SCANNER* raw = nullptr;
  if (yr_scanner_create(rules.state_->compiled.get(), &raw) != ERROR_SUCCESS) throw std::bad_alloc();
  state_->scanner.reset(raw);
  yr_scanner_set_flags(raw, SCAN_FLAGS_NO_TRYCATCH | SCAN_FLAGS_REPORT_RULES_MATCHING);
  yr_scanner_set_timeout(raw, 0);  // none: the engine limits processor time
}

YaraScanner::~YaraScanner() = default;
YaraScanner::YaraScanner(YaraScanner&&) noexcept = default;
YaraScanner& YaraScanner::operator=(YaraScanner&&) noexcept = default;

void YaraScanner::scan(const YaraScan& scan, RecordSink& out) {
  ScanCall call{scan, state_->rules->set_sha256, out, nullptr};
  state_->call = &call;
  state_->define_all(scan);
  yr_scanner_set_callback(state_->scanner.get(), State::on_message, state_.get());
  // libyara only reads the bytes; its interface predates const.
  static constexpr std::byte kEmpty{0};
  const void* raw = scan.data.empty() ? &kEmpty : scan.data.data();
  const auto* bytes = static_cast<const std::uint8_t*>(raw);
  const int code = yr_scanner_scan_mem(state_->scanner.get(), bytes, scan.data.size());
  state_->call = nullptr;
  if (call.thrown) std::rethrow_exception(call.thrown);
  if (code == ERROR_SUCCESS) return;
  out.damage(code == ERROR_SCAN_TIMEOUT ? DamageKind::kTimeout : DamageKind::kLimit, scan.base_offset, "yara",
             "the scan did not finish: " + yara_error_text(code));
}

}  // namespace triage
