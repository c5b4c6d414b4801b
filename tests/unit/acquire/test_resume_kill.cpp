// SPDX-License-Identifier: Apache-2.0
// Acquisitions in a process of their own that is killed while it reads; every byte the medium gives is counted.
#include <doctest/doctest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "acquire/read_ring.h"
#include "acquire_fixture.h"

using namespace triage;
using namespace triage::testing;

namespace {

constexpr std::size_t kSize = (11U << 20) + 7 * 512;
constexpr std::size_t kChunk = 256 * 1024;
constexpr std::size_t kSectors = (kSize + 511) / 512;

/// How often each sector was given, in memory that the killed child shares.
class Counters {
 public:
  Counters() : memory_(::mmap(nullptr, kSectors, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
    REQUIRE(memory_ != MAP_FAILED);
  }
  ~Counters() { ::munmap(memory_, kSectors); }
  Counters(const Counters&) = delete;
  Counters& operator=(const Counters&) = delete;
  [[nodiscard]] std::span<std::uint8_t> sectors() const { return {static_cast<std::uint8_t*>(memory_), kSectors}; }

 private:
  void* memory_;
};

/// Counts what it gives, the read in which it dies included.
class MortalMedium final : public Medium {
 public:
  MortalMedium(const std::vector<std::byte>& bytes, std::span<std::uint8_t> counts, unsigned reads)
      : inner_(bytes), counts_(counts), left_(reads) {}
  FakeMedium& inner() { return inner_; }
  [[nodiscard]] ByteCount size() const override { return inner_.size(); }
  [[nodiscard]] SectorSize sector_size() const override { return inner_.sector_size(); }
  [[nodiscard]] std::string_view access() const override { return inner_.access(); }
  [[nodiscard]] bool is_gone(int sys_errno) const override { return inner_.is_gone(sys_errno); }
  Attempt read_once(ByteOffset at, std::span<std::byte> out) override {
    const Attempt attempt = inner_.read_once(at, out);
    for (std::size_t done = 0; done < attempt.bytes; done += 512) ++counts_[(at.value + done) / 512];
    if (left_-- == 0) std::raise(SIGKILL);
    return attempt;
  }

 private:
  FakeMedium inner_;
  std::span<std::uint8_t> counts_;
  unsigned left_;
};

/// True when the child came to the end of the image.
bool run_child(const std::vector<std::byte>& source, const ImageRequest& request, std::span<std::uint8_t> counts,
               unsigned reads, const std::set<std::uint64_t>& bad) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    auto medium = std::make_unique<MortalMedium>(source, counts, reads);
    medium->inner().bad = bad;
    const auto result = acquire(std::move(medium), request);
    ::_exit(result ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE((WIFSIGNALED(status) || WEXITSTATUS(status) == 0));
  return WIFEXITED(status);
}

}  // namespace

TEST_CASE("resume: killed at any read, the source is asked again for at most one chunk a kill") {
  const auto source = stamped(kSize);
  const std::set<std::uint64_t> faulty = {5000, 5001, 17000};
  for (const ImageFormat format : {ImageFormat::kZst, ImageFormat::kRaw, ImageFormat::kEwf}) {
    for (const unsigned pace : {1U, 9U, 45U, 60U}) {
      // A chunk with bad sectors takes some 40 reads; a child must live long enough for one chunk.
      const std::set<std::uint64_t> bad = pace < 45 ? std::set<std::uint64_t>() : faulty;
      auto zeroed = source;
      for (const std::uint64_t sector : bad)
        std::fill_n(zeroed.begin() + static_cast<std::ptrdiff_t>(sector * 512), 512, std::byte{0});
      CAPTURE(pace);
      CAPTURE(image_format_name(format));
      const TempFolder folder;
      const Counters counters;
      auto request = request_for(folder / "disk", format);
      std::size_t kills = 0;
      while (!run_child(source, request, counters.sectors(), pace + static_cast<unsigned>(kills % 3), bad)) {
        ++kills;
        request.resume = true;
        REQUIRE(kills < 200);
      }
      std::size_t twice = 0;
      for (const std::uint8_t count : counters.sectors()) twice += count > 1 ? std::size_t{count} - 1U : 0U;
      MESSAGE(kills, " kills, ", twice * 512 / std::max<std::size_t>(kills, 1), " bytes read again a kill");
      CHECK(kills > 0);
      CHECK(twice * 512 <= kills * kChunk);
      const std::string image = folder / (format == ImageFormat::kEwf ? "disk.E01" : "disk");
      CHECK(read_image(image) == zeroed);
      CHECK(all_good(verify(image, true)));
      for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(image).parent_path()))
        CHECK(entry.path().filename().string().find("triage-ring") == std::string::npos);
    }
  }
}

TEST_CASE("resume: a ring of another acquisition, cut or filled with noise gives nothing or what it says") {
  const TempFolder folder;
  const std::string dir = std::filesystem::path(folder / "x").parent_path();
  const std::string path = folder / "triage-ring-id";
  {
    const auto ring = ReadRing::make(dir, "id", kChunk, 12);
    REQUIRE(ring);
    const auto block = ring->block(3);
    std::fill(block.begin(), block.end(), std::byte{0x5A});
    ring->open(3);
    ring->publish(3, 3 * kChunk, kChunk, {{ByteOffset{3 * kChunk + 512}, ByteCount{512}, EIO}});
    ring->open(4);
    ring->take_place();
  }
  const auto saved = ReadRing::load(dir, "id", kChunk);
  REQUIRE(saved.size() == 1);
  CHECK(saved.begin()->first == 3 * kChunk);
  CHECK(saved.begin()->second.bytes == std::vector<std::byte>(kChunk, std::byte{0x5A}));
  REQUIRE(saved.begin()->second.faults.size() == 1);
  CHECK(saved.begin()->second.faults[0].sys_errno == EIO);
  CHECK(ReadRing::load(dir, "id", 2 * kChunk).empty());
  CHECK(ReadRing::load(dir, "other", kChunk).empty());
  const std::string whole = read_all(path);
  for (const std::size_t size : {0, 10, 4096, 20000, 300000}) {
    write_all(path, std::string_view(whole).substr(0, size));
    CHECK(ReadRing::load(dir, "id", kChunk).empty());
  }
  std::string noise = whole;
  for (std::size_t at = 20; at < 250000; ++at) noise[at] = static_cast<char>(at * 2654435761U >> 13);
  write_all(path, noise);
  CHECK(ReadRing::load(dir, "id", kChunk).size() <= 12);
}
