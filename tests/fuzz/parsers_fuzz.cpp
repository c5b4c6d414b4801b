// SPDX-License-Identifier: Apache-2.0
#include "parsers_fuzz.h"

#include <cstdio>
#include <cstdlib>
#include <string>

#include "artifacts/parser.h"
#include "carve/carver.h"
#include "golden/golden_run.h"

namespace triage::fuzz {
namespace {

/// A path that the parser's first glob accepts: the glob with its stars taken away.
std::string path_for(const ArtifactParser& parser) {
  std::string out;
  if (parser.paths.empty()) return "/f";
  for (const char c : parser.paths[0])
    if (c != '*') out.push_back(c == '?' ? 'x' : c);
  return out;
}

void run(const ArtifactParser& parser, Bytes data) {
  if (data.size() > parser.max_input.value) return;
  golden::GoldenCase input;
  input.origin["path"] = path_for(parser);
  const Stream stream = golden::stream_of(input, data.size());
  golden::CollectingSink sink(parser, stream);
  sink.keep_lines(false);
  (void)golden::run_parser(parser, input, data, stream, sink);  // any outcome is allowed here
  const auto faults = golden::check_output(parser, sink, data.size());
  if (faults.empty()) return;
  std::fprintf(stderr, "%s: %s\n", std::string(parser.id).c_str(), faults.front().c_str());
  std::abort();
}

void run(const Carver& carver, Bytes data) {
  const CarveResult result = carver.validate(data);
  if (result.length.value <= data.size()) return;
  std::fprintf(stderr, "carve:%s: length past the end\n", std::string(carver.id).c_str());
  std::abort();
}

}  // namespace

void fuzz_one(Bytes data, std::string_view only) {
  for (const ArtifactParser* parser : all_parsers())
    if (only.empty() || only == parser->id) run(*parser, data);
  for (const Carver* carver : all_carvers())
    if (only.empty() || only == "carve:" + std::string(carver->id)) run(*carver, data);
}

}  // namespace triage::fuzz
