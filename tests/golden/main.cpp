// SPDX-License-Identifier: Apache-2.0
// triage-golden [--accept] [--list] [TEXT …]: runs the cases whose title (artifacts/prefetch/v30) holds one of TEXT,
// or all. --accept writes what was found to expected.jsonl, to be reviewed as a diff. Exit 0 when all pass.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "golden/golden_case.h"
#include "golden/golden_registry.h"
#include "golden/golden_run.h"

namespace triage::golden {
namespace {

struct Verdict {
  std::vector<std::string> lines;   ///< what the runner prints for the case
  std::vector<std::string> faults;  ///< rules broken whatever is expected
};

Verdict judge_parser(const NamedParser& row, const GoldenCase& golden) {
  const ArtifactParser& parser = *row.parser;
  Verdict out;
  const Stream stream = stream_of(golden, golden.input.size());
  const Bytes data = as_byte_span(golden.input);
  CollectingSink sink(parser, stream);
  const Outcome outcome = run_parser(parser, golden, data, stream, sink);
  out.faults = check_output(parser, sink, golden.input.size());
  const bool gave_events = !sink.events().empty();
  if (row.plugin != nullptr) sink.keep_artifact(row.plugin->id);
  if (row.plugin != nullptr && !golden.damaged() && sink.events().empty())
    out.faults.emplace_back("the plugin gave no event");
  out.lines = sink.lines();
  out.lines.push_back(fmt::format("{{\"outcome\":\"{}\"}}", outcome_name(outcome)));
  const bool clean = sink.damages().empty() && (outcome == Outcome::kComplete || outcome == Outcome::kNotMine);
  if (!golden.damaged() && !clean) out.faults.emplace_back("a case that is not damaged-* must leave a clean log");
  if (golden.damaged() && sink.damages().empty() && outcome == Outcome::kComplete)
    out.faults.emplace_back("a damaged-* case must leave damage or another outcome than complete");
  if (outcome == Outcome::kNotMine && gave_events) out.faults.emplace_back("not_mine, but gave events");
  if (!golden.damaged() && !parser_wants(parser, stream, data))
    out.faults.emplace_back("magics and paths of the parser do not choose this input at this path");
  if (parser.max_input.value < golden.input.size()) out.faults.emplace_back("input is larger than max_input");
  return out;
}

Verdict judge_carver(const Carver& carver, const GoldenCase& golden) {
  Verdict out;
  const CarveResult result = carver.validate(as_byte_span(golden.input));
  out.lines.push_back(carve_line(result));
  if (result.length.value > golden.input.size()) out.faults.emplace_back("length is more than the input holds");
  // A run of records is a part of a lost file, whole as it may be in itself.
  const bool part = golden.name.starts_with("part-");
  if (!golden.damaged() && !part && result.grade != CarveGrade::kComplete)
    out.faults.emplace_back("a case that is neither damaged-* nor part-* must be graded complete");
  if (part && result.grade != CarveGrade::kTruncated) out.faults.emplace_back("a part-* case must be graded truncated");
  if (golden.damaged() && result.grade == CarveGrade::kComplete)
    out.faults.emplace_back("a damaged-* case must not be graded complete");
  return out;
}

template <typename Rows>
auto find_stem(const Rows& rows, std::string_view stem) {
  return std::find_if(rows.begin(), rows.end(), [stem](const auto& row) { return row.stem == stem; });
}

Verdict judge(const GoldenCase& golden) {
  if (golden.folder == "artifacts") {
    const auto row = find_stem(named_parsers(), golden.stem);
    if (row != named_parsers().end()) return judge_parser(*row, golden);
  } else {
    const auto row = find_stem(named_carvers(), golden.stem);
    if (row != named_carvers().end()) return judge_carver(*row->carver, golden);
  }
  return {{}, {fmt::format("libtriage/{}/{}.cpp defines nothing of this name", golden.folder, golden.stem)}};
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

/// The first lines that differ, as "- expected" and "+ found".
void show_difference(const std::vector<std::string>& expected, const std::vector<std::string>& found) {
  constexpr int kShown = 5;
  int shown = 0;
  for (std::size_t i = 0; i < std::max(expected.size(), found.size()) && shown < kShown; ++i) {
    if (i < expected.size() && i < found.size() && expected[i] == found[i]) continue;
    if (i < expected.size()) std::cout << "  - " << expected[i] << "\n";
    if (i < found.size()) std::cout << "  + " << found[i] << "\n";
    ++shown;
  }
}

/// True when the case passes (or was accepted).
bool run_case(const std::filesystem::path& directory, bool accept) {
  const Result<GoldenCase> golden = load_case(directory);
  if (!golden) {
    std::cout << "FAILED " << directory.string() << ": " << golden.error().text() << "\n";
    return false;
  }
  Verdict verdict = judge(*golden);
  for (std::string& fault : check_origin(*golden)) verdict.faults.push_back(std::move(fault));
  const std::filesystem::path expected_file = directory / "expected.jsonl";
  if (accept) std::ofstream(expected_file, std::ios::binary) << joined(verdict.lines);
  const std::string expected = read_whole(expected_file);
  const bool same = expected == joined(verdict.lines);
  if (same && verdict.faults.empty()) return true;
  std::cout << "FAILED " << golden->title() << "\n";
  for (const std::string& fault : verdict.faults) std::cout << "  ! " << fault << "\n";
  if (!same) show_difference(split_lines(expected), verdict.lines);
  return false;
}

int run(const std::vector<std::string>& arguments) {
  bool accept = false;
  bool list = false;
  std::vector<std::string> wanted;
  for (const std::string& argument : arguments) {
    if (argument == "--accept") {
      accept = true;
    } else if (argument == "--list") {
      list = true;
    } else {
      wanted.push_back(argument);
    }
  }
  std::size_t passed = 0;
  std::size_t failed = 0;
  for (const auto& directory : find_cases(TRIAGE_GOLDEN_DIR)) {
    const std::string title = directory.lexically_relative(TRIAGE_GOLDEN_DIR).generic_string();
    const auto holds = [&title](const std::string& text) { return title.find(text) != std::string::npos; };
    if (!wanted.empty() && std::none_of(wanted.begin(), wanted.end(), holds)) continue;
    if (list) {
      std::cout << title << "\n";
      continue;
    }
    ++(run_case(directory, accept) ? passed : failed);
  }
  if (!list) std::cout << passed << " passed, " << failed << " failed\n";
  return failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace triage::golden

int main(int argc, char** argv) { return triage::golden::run({argv + 1, argv + argc}); }
