// SPDX-License-Identifier: Apache-2.0
#include "engine/sweep.h"

#include <doctest/doctest.h>
#include <sys/mman.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <set>
#include <thread>

#include "sweep_case.h"

using namespace triage;
using namespace triage_test;

namespace {

/// Does something bad on one path only.
class PlantedConsumer final : public Consumer {
 public:
  using Deed = void (*)();
  PlantedConsumer(std::string_view name, std::string path, Deed deed)
      : name_(name), path_(std::move(path)), deed_(deed) {}
  [[nodiscard]] std::string_view name() const override { return name_; }
  [[nodiscard]] bool wants(const PieceData& data, const PieceFacts&) const override {
    return data.piece.stream.path == path_ && data.piece.stream.kind == StreamKind::kFile;
  }
  void consume(const PieceData&, PieceFacts&, RecordSink&) override { deed_(); }

 private:
  std::string_view name_;
  std::string path_;
  Deed deed_;
};

void crash() { std::raise(SIGSEGV); }

void hang() {
  volatile unsigned i = 0;
  while (i < 2) i = 1;
}

void eat_memory() {
  std::vector<std::vector<char>> hoard;
  while (true) hoard.emplace_back(16U << 20, 'x');
}

/// What a C library does with memory it does not get: it goes on and dies.
void eat_memory_like_c() {
  while (true) {
    char* block = static_cast<char*>(std::malloc(16U << 20));  // the point of the test
    std::memset(block, 1, 16U << 20);
  }
}

void sleep_for_ever() {
  while (true) std::this_thread::sleep_for(std::chrono::seconds(1));
}

Result<SweepSummary> sweep_with(const fs::path& image, KeepingSink& sink, unsigned jobs,
                                const std::function<void(Consumers&)>& plant, std::uint64_t batch_bytes = 64 << 10) {
  const auto spec = recognise_evidence(image.string());
  REQUIRE(spec.has_value());
  SweepOptions options;
  options.jobs = jobs;
  options.plan.batch_bytes = batch_bytes;
  options.plan.max_file = 16U << 20;
  options.plan.window = 4U << 20;
  options.plan.region_carry = 1U << 20;
  options.limits.consumer = std::chrono::milliseconds(400);
  options.limits.scanner_memory = 256U << 20;
  options.consumers = [&plant] {
    Consumers consumers = make_consumers({});
    if (plant) plant(consumers);
    return consumers;
  };
  return sweep(*spec, options, sink);
}

std::set<std::string> hashed_paths(const KeepingSink& sink) {
  std::set<std::string> out;
  for (const FileRecord& file : sink.files) {
    if (file.digests) out.insert(file.path + " " + file.digests->sha256);
  }
  return out;
}

void check_blamed(const KeepingSink& sink, const KeepingSink& clean, std::string_view consumer, std::string_view path,
                  DamageKind kind) {
  REQUIRE(sink.damages.size() == 1);
  CHECK(sink.damages[0].consumer == consumer);
  CHECK(sink.damages[0].path == path);
  CHECK(sink.damages[0].kind == kind);
  CHECK(hashed_paths(sink) == hashed_paths(clean));
  CHECK(sink.events == clean.events);
}

}  // namespace

TEST_CASE("a consumer that crashes, hangs or eats memory is blamed on its stream and nothing else is lost") {
  const TemporaryFolder folder;
  const fs::path image = make_image(folder, 60);
  if (image.empty()) {
    MESSAGE("skipped 1 case: mke2fs is missing");
    return;
  }
  KeepingSink clean;
  REQUIRE(sweep_with(image, clean, 2, nullptr));
  CHECK(clean.damages.empty());
  CHECK(hashed_paths(clean).size() >= 60);

  struct Plant {
    const char* name;
    PlantedConsumer::Deed deed;
    DamageKind kind;
  };
  for (const Plant& plant :
       {Plant{"test.crash", &crash, DamageKind::kCrash}, Plant{"test.hang", &hang, DamageKind::kTimeout},
        Plant{"test.sleep", &sleep_for_ever, DamageKind::kTimeout}}) {
    CAPTURE(plant.name);
    KeepingSink sink;
    const auto summary = sweep_with(image, sink, 2, [&plant](Consumers& consumers) {
      consumers.insert(consumers.begin() + 1,
                       std::make_unique<PlantedConsumer>(plant.name, "/file031.txt", plant.deed));
    });
    REQUIRE(summary.has_value());
    CHECK(summary->worker_deaths >= 1);
    check_blamed(sink, clean, plant.name, "/file031.txt", plant.kind);
  }
#if !defined(__SANITIZE_ADDRESS__)
  SUBCASE("memory through new becomes a limit, without a death") {
    KeepingSink sink;
    REQUIRE(sweep_with(image, sink, 2, [](Consumers& consumers) {
      consumers.push_back(std::make_unique<PlantedConsumer>("test.hog", "/file007.txt", &eat_memory));
    }));
    check_blamed(sink, clean, "test.hog", "/file007.txt", DamageKind::kLimit);
  }
  SUBCASE("memory through malloc kills the worker, not the sweep") {
    KeepingSink sink;
    REQUIRE(sweep_with(image, sink, 2, [](Consumers& consumers) {
      consumers.push_back(std::make_unique<PlantedConsumer>("test.hog", "/file007.txt", &eat_memory_like_c));
    }));
    check_blamed(sink, clean, "test.hog", "/file007.txt", DamageKind::kCrash);
  }
#endif
}

TEST_CASE("any number of workers gives the same records byte for byte") {
  const TemporaryFolder folder;
  const fs::path image = make_image(folder, 80);
  if (image.empty()) {
    MESSAGE("skipped 1 case: mke2fs is missing");
    return;
  }
  KeepingSink one;
  KeepingSink four;
  REQUIRE(sweep_with(image, one, 1, nullptr));
  REQUIRE(sweep_with(image, four, 4, nullptr));
  CHECK(one.batches > 8);
  CHECK(one.bytes == four.bytes);
  CHECK(one.plan_digest == four.plan_digest);
  CHECK(std::is_sorted(four.order.begin(), four.order.end()));
}

TEST_CASE("a sweep that begins at a later batch says exactly what was left") {
  const TemporaryFolder folder;
  const fs::path image = make_image(folder, 80);
  if (image.empty()) {
    MESSAGE("skipped 1 case: mke2fs is missing");
    return;
  }
  KeepingSink whole;
  REQUIRE(sweep_with(image, whole, 2, nullptr));
  for (const std::uint64_t first : {std::uint64_t{1}, whole.batches / 2, whole.batches - 1, whole.batches}) {
    KeepingSink rest;
    rest.first_batch = first;
    REQUIRE(sweep_with(image, rest, 2, nullptr));
    CHECK(rest.order.size() == whole.batches - first);
    CHECK(whole.bytes.ends_with(rest.bytes));
  }
}

TEST_CASE("the sweep reads each byte of the image about once") {
  const TemporaryFolder folder;
  const fs::path image = make_image(folder, 80);
  if (image.empty()) {
    MESSAGE("skipped 1 case: mke2fs is missing");
    return;
  }
  KeepingSink sink;
  const auto summary = sweep_with(image, sink, 2, nullptr, 8U << 20);
  REQUIRE(summary.has_value());
  CHECK(summary->bytes_read >= fs::file_size(image));
  CHECK(static_cast<double>(summary->bytes_read) <= 1.02 * static_cast<double>(fs::file_size(image)));
}

TEST_CASE("files that share blocks beyond the limit are named and not read") {
  const TemporaryFolder folder;
  const fs::path image = make_image(folder, 6);
  if (image.empty()) {
    MESSAGE("skipped 1 case: mke2fs is missing");
    return;
  }
  // Four more inodes say that their content is the block of file000.txt.
  std::string script;
  for (int i = 1; i <= 4; ++i)
    script += fmt::format("copy_inode file000.txt file{0:03}.txt\nset_inode_field file{0:03}.txt links_count 1\n", i);
  std::ofstream(folder.path() / "script") << script;
  if (std::system(
          fmt::format("debugfs -w -f '{}' '{}' >/dev/null 2>&1", (folder.path() / "script").string(), image.string())
              .c_str()) != 0) {
    MESSAGE("skipped 1 case: debugfs is missing");
    return;
  }
  const auto spec = recognise_evidence(image.string());
  REQUIRE(spec.has_value());
  SweepOptions options;
  options.jobs = 1;
  options.plan.shared_limit = 7000;  // two of the four files of 3,017 bytes
  options.consumers = [] { return make_consumers({}); };
  KeepingSink sink;
  REQUIRE(sweep(*spec, options, sink));
  CHECK(std::count_if(sink.damages.begin(), sink.damages.end(), [](const Damage& damage) {
          return damage.kind == DamageKind::kLimit && damage.path.starts_with("/file00") && damage.consumer == "reader";
        }) == 2);
  const auto hashed = std::count_if(sink.files.begin(), sink.files.end(), [](const FileRecord& file) {
    return file.path.starts_with("/file00") && file.digests;
  });
  CHECK(hashed == 4);  // file000.txt, file005.txt and two that share
}

TEST_CASE("stopping keeps what is finished and says how to go on") {
  const TemporaryFolder folder;
  const fs::path image = make_image(folder, 10);
  if (image.empty()) {
    MESSAGE("skipped 1 case: mke2fs is missing");
    return;
  }
  const auto spec = recognise_evidence(image.string());
  REQUIRE(spec.has_value());
  const std::atomic<bool> stop{true};
  SweepOptions options;
  options.stop = &stop;
  KeepingSink sink;
  const auto summary = sweep(*spec, options, sink);
  REQUIRE_FALSE(summary.has_value());
  CHECK(summary.error().code == ErrorCode::kInterrupted);
  CHECK(summary.error().next_step.find("--resume") != std::string::npos);
}
