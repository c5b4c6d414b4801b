// SPDX-License-Identifier: Apache-2.0
// Runs parsers over files and says what it cost: parse_bench ARTIFACT-ID FILE... [--as PATH] [--repeat N] [--print]
//   --as PATH   path the parser sees (else the file's own)     --print     the records as JSON Lines, no table
// One line a file: events, recovered, partial, damage, outcome, processor seconds, MB/s; then the sum and the largest
// resident size beyond the input. Events are counted and dropped, as the engine frames them one by one.
#include <fmt/format.h>
#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "artifacts/parser.h"
#include "golden/golden_case.h"
#include "golden/golden_run.h"

using namespace triage;

namespace {

struct CountingSink final : EventSink {
  void event(Event event) override {
    ++events;
    recovered += event.recovered ? 1 : 0;
    partial += event.partial ? 1 : 0;
    if (!print) return;
    event.source = "file";
    fmt::print("{}\n", golden::event_line(event));
  }
  void damage(DamageKind kind, std::uint64_t at, std::string_view field, std::string detail) override {
    ++damages;
    if (print)
      fmt::print("{{\"damage\":\"{}\",\"at\":{},\"field\":\"{}\",\"detail\":\"{}\"}}\n", damage_kind_name(kind), at,
                 field, detail);
  }
  bool print = false;
  std::size_t events = 0, recovered = 0, partial = 0, damages = 0;
};

double processor_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

long resident_kib() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

struct Options {
  std::vector<std::string> files;
  std::string as;
  int repeat = 1;
  bool print = false;
};

Options parse_options(int count, char** words) {
  Options out;
  for (int i = 2; i < count; ++i) {
    const std::string_view word = words[i];
    if (word == "--print") {
      out.print = true;
    } else if (word == "--repeat" && i + 1 < count) {
      out.repeat = std::max(1, std::atoi(words[++i]));
    } else if (word == "--as" && i + 1 < count) {
      out.as = words[++i];
    } else {
      out.files.emplace_back(word);
    }
  }
  return out;
}

/// Seconds of one run on average.
double run_file(const ArtifactParser& parser, const std::string& file, const Options& options, std::size_t& bytes) {
  const std::string data = golden::read_whole(file);
  bytes = data.size();
  Stream stream;
  stream.key = "v0.i64.a128-1";
  stream.path = options.as.empty() ? "/" + std::filesystem::path(file).filename().string() : options.as;
  stream.size = ByteCount{data.size()};
  Locator base;
  base.evidence = "e0000000000000000";
  base.stream = stream.key;
  const Artifact artifact{stream, as_byte_span(data), true, {}, base};
  CountingSink sink;
  Outcome outcome = Outcome::kNotMine;
  const double begin = processor_seconds();
  for (int i = 0; i < options.repeat; ++i) {
    sink = CountingSink{};
    sink.print = options.print;
    outcome = parser.parse(artifact, sink);
  }
  const double seconds = (processor_seconds() - begin) / options.repeat;
  if (!options.print)
    fmt::print("{:>9} events {:>6} recovered {:>6} partial {:>5} damage  {:<20} {:>8.4f} s {:>8.1f} MB/s  {}\n",
               sink.events, sink.recovered, sink.partial, sink.damages, outcome_name(outcome), seconds,
               static_cast<double>(bytes) / 1e6 / std::max(seconds, 1e-9), file);
  return seconds;
}

}  // namespace

int main(int count, char** words) {
  if (count < 3) {
    fmt::print(stderr, "usage: parse_bench ARTIFACT-ID FILE... [--as PATH] [--repeat N] [--print]\n");
    return 2;
  }
  const auto parsers = all_parsers();
  const auto found =
      std::find_if(parsers.begin(), parsers.end(), [&](const ArtifactParser* p) { return p->id == words[1]; });
  if (found == parsers.end()) {
    fmt::print(stderr, "no parser {}\n", words[1]);
    return 2;
  }
  const Options options = parse_options(count, words);
  double seconds = 0;
  std::size_t bytes = 0, largest = 0;
  for (const std::string& file : options.files) {
    std::size_t size = 0;
    seconds += run_file(**found, file, options, size);
    bytes += size;
    largest = std::max(largest, size);
  }
  if (!options.print)
    fmt::print("sum: {} bytes, {:.4f} s, {:.1f} MB/s; {} KiB resident at most, largest input {} KiB\n", bytes, seconds,
               static_cast<double>(bytes) / 1e6 / std::max(seconds, 1e-9), resident_kib(), largest >> 10);
  return 0;
}
