// SPDX-License-Identifier: Apache-2.0
// The harness without a fuzzer: every golden input and every stored crasher (tests/fuzz/crashers/, raw bytes) goes
// through all parsers and carvers. Arguments: files to replay instead. TRIAGE_PARSER chooses one parser.
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "golden/golden_case.h"
#include "parsers_fuzz.h"

int main(int argc, char** argv) {
  using namespace triage;
  const char* chosen = std::getenv("TRIAGE_PARSER");
  const std::string only = chosen == nullptr ? "" : chosen;
  std::vector<std::string> inputs;
  for (const std::string& file : std::vector<std::string>(argv + 1, argv + argc))
    inputs.push_back(golden::read_whole(file));
  if (inputs.empty()) {
    const std::filesystem::path tests = TRIAGE_TESTS_DIR;
    for (const auto& directory : golden::find_cases(tests / "golden"))
      if (const auto golden = golden::load_case(directory)) inputs.push_back(golden->input);
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(tests / "fuzz" / "crashers", none))
      inputs.push_back(golden::read_whole(entry.path()));
  }
  for (const std::string& input : inputs) fuzz::fuzz_one(as_byte_span(input), only);
  std::cout << inputs.size() << " inputs replayed\n";
  return inputs.empty() ? 1 : 0;
}
