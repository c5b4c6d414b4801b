// SPDX-License-Identifier: Apache-2.0
// What holds for every parser and carver whatever the bytes: no crash, no hang, less than a second, declared fields
// only, locators in range. Each golden input is cut, flipped and spliced with a fixed seed.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <map>

#include "golden/golden_case.h"
#include "golden/golden_registry.h"
#include "golden/golden_run.h"
#include "mutation.h"

using namespace triage;
using namespace triage::golden;

namespace {

constexpr std::chrono::milliseconds kLimit{1000};
constexpr unsigned kHangSeconds = 60;

// What is being tried, for the signal handler. doctest reports the case, this reports the mutation.
std::array<char, 256> g_trial{};

extern "C" void say_trial(int signal) {
  static constexpr std::string_view kText = "\nproperty: died or hung in: ";
  (void)!::write(STDERR_FILENO, kText.data(), kText.size());  // nothing else can be done here
  (void)!::write(STDERR_FILENO, g_trial.data(), std::strlen(g_trial.data()));
  (void)!::write(STDERR_FILENO, "\n", 1);
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

void note_trial(const std::string& text) {
  const std::size_t count = std::min(text.size(), g_trial.size() - 1);
  std::memcpy(g_trial.data(), text.data(), count);
  g_trial[count] = '\0';
}

struct Tally {
  std::size_t runs = 0;
  std::size_t slow = 0;
  std::size_t faults = 0;
  std::chrono::nanoseconds worst{0};
  std::string worst_trial;

  void time(const std::string& trial, std::chrono::nanoseconds taken) {
    ++runs;
    if (taken > kLimit) {
      ++slow;
      MESSAGE(trial << " took " << std::chrono::duration_cast<std::chrono::milliseconds>(taken).count() << " ms");
    }
    if (taken <= worst) return;
    worst = taken;
    worst_trial = trial;
  }
};

/// Processor time of this process: the limit holds on a busy machine too.
std::chrono::nanoseconds processor_time() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

template <typename Call>
std::chrono::nanoseconds timed(const Call& call) {
  const auto begin = processor_time();
  call();
  return processor_time() - begin;
}

void try_parser(const ArtifactParser& parser, const GoldenCase& golden, const std::string& what, std::string_view data,
                Tally& tally) {
  const std::string trial = golden.title() + ": " + what;
  note_trial(trial);
  const Stream stream = stream_of(golden, data.size());
  CollectingSink sink(parser, stream);
  sink.keep_lines(false);
  Outcome outcome = Outcome::kNotMine;
  tally.time(trial, timed([&] { outcome = run_parser(parser, golden, as_byte_span(data), stream, sink); }));
  for (const std::string& fault : check_output(parser, sink, data.size())) {
    if (++tally.faults <= 20) FAIL_CHECK(trial << ": " << fault);
  }
  if (outcome == Outcome::kNotMine && !sink.events().empty() && ++tally.faults <= 20)
    FAIL_CHECK(trial << ": not_mine, but gave events");
}

void try_carver(const Carver& carver, const GoldenCase& golden, const std::string& what, std::string_view data,
                Tally& tally) {
  const std::string trial = golden.title() + ": " + what;
  note_trial(trial);
  CarveResult result;
  tally.time(trial, timed([&] { result = carver.validate(as_byte_span(data)); }));
  if (result.length.value > data.size() && ++tally.faults <= 20)
    FAIL_CHECK(trial << ": length " << result.length.value << " of " << data.size());
}

void try_case(const GoldenCase& golden, const std::string& other, Tally& tally) {
  // Large inputs get fewer trials, so that the whole stays within minutes under the sanitizers. So do the hives of
  // registry plugins: what reads a hive is tried in full on those of the registry parser itself.
  property::Budget budget;
  const auto rows = named_parsers();
  const bool plugin = std::any_of(rows.begin(), rows.end(), [&golden](const NamedParser& row) {
    return row.plugin != nullptr && golden.folder == "artifacts" && row.stem == golden.stem;
  });
  if (plugin || golden.input.size() > 65536) budget = {120, 80, 40, 512, 32};
  const std::uint64_t seed = 0x7269616765ULL + golden.input.size();
  property::mutate(golden.input, other, seed, budget, [&](const std::string& what, std::string_view data) {
    ::alarm(kHangSeconds);
    for (const NamedParser& row : named_parsers())
      if (golden.folder == "artifacts" && row.stem == golden.stem) try_parser(*row.parser, golden, what, data, tally);
    for (const NamedCarver& row : named_carvers())
      if (golden.folder == "carve" && row.stem == golden.stem) try_carver(*row.carver, golden, what, data, tally);
  });
  ::alarm(0);
}

/// All cases of one folder of tests/golden.
void try_folder(std::string_view folder) {
  for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGALRM}) ::signal(signal, say_trial);
  std::map<std::string, Tally> tallies;
  std::map<std::string, std::string> last_input;  // of the same stem: spliced into the next
  for (const auto& directory : find_cases(TRIAGE_GOLDEN_DIR)) {
    const Result<GoldenCase> golden = load_case(directory);
    REQUIRE_MESSAGE(golden.has_value(), directory.string());
    if (golden->folder != folder) continue;
    try_case(*golden, last_input[golden->stem], tallies[golden->stem]);
    last_input[golden->stem] = golden->input;
  }
  std::size_t runs = 0;
  for (const auto& row : tallies) {
    const std::string& stem = row.first;  // clang 14 cannot capture a binding
    const Tally& tally = row.second;
    CHECK_MESSAGE(tally.slow == 0, stem);
    CHECK_MESSAGE(tally.faults == 0, stem);
    runs += tally.runs;
    MESSAGE(fmt::format("{:<20} {:>7} runs, slowest {:>8.3f} ms ({})", stem, tally.runs,
                        static_cast<double>(tally.worst.count()) / 1e6, tally.worst_trial));
  }
  MESSAGE(folder << ": " << runs << " runs over " << tallies.size());
}

}  // namespace

TEST_CASE("property: no mutation of a golden input makes a parser crash, hang or break its contract") {
  try_folder("artifacts");
}

TEST_CASE("property: no mutation of a golden input makes a carver crash, hang or claim bytes that are not there") {
  try_folder("carve");
}

TEST_CASE("property: every registered parser and carver has golden cases") {
  for (const ArtifactParser* parser : all_parsers()) {
    const auto rows = named_parsers();
    CHECK_MESSAGE(std::any_of(rows.begin(), rows.end(), [&](const NamedParser& row) { return row.parser == parser; }),
                  parser->id);
  }
  for (const Carver* carver : all_carvers()) {
    const auto rows = named_carvers();
    CHECK_MESSAGE(std::any_of(rows.begin(), rows.end(), [&](const NamedCarver& row) { return row.carver == carver; }),
                  carver->id);
  }
}
