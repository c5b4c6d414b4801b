// SPDX-License-Identifier: Apache-2.0
// Memory acquisition from files laid out as the kernel lays out its own; a process core of a live child is compared
// with what the child planted. The rig of tests/acquire/memory compares a whole guest byte for byte.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "acquire/memory_acquisition.h"
#include "acquire/memory_fields.h"

using namespace triage;

namespace {

constexpr std::uint64_t kPage = 4096;

struct Folder {
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "triage-memory-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }
  ~Folder() {
    std::error_code ignored;  // a folder left behind harms no test
    std::filesystem::remove_all(path, ignored);
  }
  std::string operator/(const std::string& name) const { return path + "/" + name; }
  std::string path;
};

void write_at(const std::string& path, std::uint64_t at, std::string_view bytes) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT, 0600);
  REQUIRE(::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(at)) == static_cast<ssize_t>(bytes.size()));
  ::close(fd);
}

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string page_of(std::uint64_t number) {
  std::string out(kPage, static_cast<char>('a' + number % 26));
  return out.replace(0, 20, "page " + std::to_string(number) + std::string(20, '.'), 0, 20);
}

/// A kcore of 10 pages at 0x1000 and 4 at 0x100000, their bytes at `data_at`; text and vmalloc segments besides.
std::string kcore_head(std::uint64_t data_at) {
  const std::string info = "OSRELEASE=6.1.0-test\nKERNELOFFSET=1c000000\nBUILD-ID=00112233\n";
  Fields note;
  note.put(std::uint32_t{11}).put(static_cast<std::uint32_t>(info.size())).put(std::uint32_t{0}).text("VMCOREINFO", 12);
  note.text(info, (info.size() + 3) / 4 * 4);
  Fields out;
  put_core_header(out, 5);
  put_program_header(out, {4, 0, 64 + 5 * 56, 0, 0, note.out().size()});
  put_program_header(out, {1, 7, data_at + 0x900000, 0xffffffff81000000, 0x2000, 2 * kPage});  // text, a second view
  put_program_header(out, {1, 7, data_at + 0x800000, 0xffffc90000000000, ~std::uint64_t{0}, 1ULL << 45});  // vmalloc
  put_program_header(out, {1, 7, data_at, 0xffff888000001000, 0x1000, 10 * kPage});
  put_program_header(out, {1, 7, data_at + 10 * kPage, 0xffff888000100000, 0x100000, 4 * kPage});
  return out.out() + note.out();
}

MemoryPaths fake_kernel(const Folder& folder, std::uint64_t data_at = 0x10000) {
  write_at(folder / "kcore", 0, kcore_head(data_at));
  for (std::uint64_t i = 0; i < 14; ++i) write_at(folder / "kcore", data_at + i * kPage, page_of(i));
  write_at(folder / "iomem", 0,
           "00000000-00000fff : Reserved\n00001000-0000afff : System RAM\n  00002000-00003fff : Kernel code\n"
           "00100000-00103fff : System RAM\n");
  write_at(folder / "lockdown", 0, "none [integrity] confidentiality\n");
  MemoryPaths paths;
  paths.kcore = folder / "kcore";
  paths.crash = folder / "no-crash";
  paths.mem = folder / "no-mem";
  paths.iomem = folder / "iomem";
  paths.lockdown = folder / "lockdown";
  return paths;
}

struct StillClock final : Clock {
  [[nodiscard]] std::int64_t utc_nanos() const override { return 1'700'000'000'000'000'000; }
  [[nodiscard]] std::chrono::nanoseconds steady() const override { return {}; }
};

}  // namespace

TEST_CASE("iomem: ends are inclusive, nested and named RAM counts once, zeros mean that the kernel hides it") {
  const IomemRam ram = parse_iomem(
      "00001000-0009fbff : System RAM\n"
      "00100000-3fffffff : System RAM\n"
      "  01000000-01e00fff : Kernel code\n"
      "    01000000-010000ff : System RAM\n"
      "140000000-2bfffffff : PCI Bus 0000:00\n"
      "  140000000-14fffffff : virtio-mem\n"
      "    140000000-147ffffff : System RAM (virtio_mem)\n"
      "  150000000-15fffffff : dax0.0\n"
      "    150000000-15fffffff : System RAM (kmem)\n"
      "    160000000-16fffffff : System RAMBUS\n"
      "40000000-4fffffff : System RAM\n"
      "zz-1 : System RAM\n");
  const std::vector<MemoryRange> expected = {
      {0x1000, 0x9fc00}, {0x100000, 0x50000000}, {0x140000000, 0x148000000}, {0x150000000, 0x160000000}};
  CHECK(ram.ranges == expected);
  CHECK(!ram.hidden);
  const IomemRam hidden = parse_iomem("00000000-00000000 : System RAM\n00000000-00000000 : Reserved\n");
  CHECK(hidden.hidden);
  CHECK(hidden.ranges.empty());
}

TEST_CASE("kcore: segments without a physical address and second views are left out") {
  const std::string head = kcore_head(0x7ffffff000000000);
  const auto layout = parse_kcore(as_byte_span(head));
  REQUIRE(layout);
  REQUIRE(layout->segments.size() == 2);
  CHECK(layout->segments[0].physical == 0x1000);
  CHECK(layout->segments[0].offset == 0x7ffffff000000000);
  CHECK(layout->segments[1].virtual_address == 0xffff888000100000);
  for (std::size_t length = 0; length < head.size(); ++length)
    (void)parse_kcore(as_byte_span(head).first(length));  // a torn head must not be read past its end
  CHECK(
      !parse_kcore(as_byte_span("\x7f"
                                "ELF but short")));
  std::string old = head;
  for (const std::size_t program : {1U, 2U, 3U, 4U}) old.replace(64 + program * 56 + 24, 8, 8, '\0');
  const auto refused = parse_kcore(as_byte_span(old));
  REQUIRE(!refused);
  CHECK(refused.error().message == "this kernel's core names no physical addresses (before 4.16)");
}

TEST_CASE("memory: LiME has each range with inclusive ends and every byte") {
  const Folder folder;
  MemoryPlan plan = plan_memory(fake_kernel(folder));
  REQUIRE(plan.source() != nullptr);
  CHECK(plan.lockdown == "integrity");
  MemoryInput input(*plan.source(), plan.ram, MemoryFormat::kLime);
  REQUIRE(input.size() == 2 * 32 + 14 * kPage);
  std::vector<std::byte> out(*input.size());
  std::vector<ReadFault> faults;
  REQUIRE(input.read(0, out, faults) == out.size());
  CHECK(faults.empty());
  std::string expected("EMiL\1\0\0\0\0\x10\0\0\0\0\0\0\xff\xaf\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 32);
  for (std::uint64_t i = 0; i < 10; ++i) expected += page_of(i);
  expected += std::string("EMiL\1\0\0\0\0\0\x10\0\0\0\0\0\xff\x3f\x10\0\0\0\0\0\0\0\0\0\0\0\0\0", 32);
  for (std::uint64_t i = 10; i < 14; ++i) expected += page_of(i);
  CHECK(as_chars(out) == expected);
  std::string pieces;
  for (std::uint64_t at = 0; at < out.size(); at += 5000) {
    std::vector<std::byte> part(5000);
    const auto got = input.read(at, part, faults);
    REQUIRE(got);
    pieces += as_chars(Bytes(part).first(*got));
  }
  CHECK(pieces == expected);
}

TEST_CASE("memory: an ELF core has true addresses, the note and page-aligned ranges; readelf agrees") {
  const Folder folder;
  MemoryPlan plan = plan_memory(fake_kernel(folder));
  REQUIRE(plan.source() != nullptr);
  MemoryInput input(*plan.source(), plan.ram, MemoryFormat::kElf);
  std::vector<std::byte> out(*input.size());
  std::vector<ReadFault> faults;
  REQUIRE(input.read(0, out, faults));
  const auto again = parse_kcore(out);
  REQUIRE(again);
  REQUIRE(again->segments.size() == 2);
  CHECK(again->segments[1].physical == 0x100000);
  CHECK(again->segments[1].offset % kPage == 0);
  CHECK(as_chars(Bytes(out).subspan(again->segments[1].offset, kPage)) == page_of(10));
  CHECK(vmcoreinfo_of(Bytes(out).subspan(again->note_offset, again->note_length)) == plan.source()->vmcoreinfo());
  write_at(folder / "core", 0, as_chars(out));
  if (std::system("command -v readelf >/dev/null") != 0) {
    MESSAGE("skipped 1: needs readelf");
    return;
  }
  const std::string line =
      fmt::format("LOAD  *0x{:06x} 0xffff888000100000 0x0000000000100000 0x0*4000 ", again->segments[1].offset);
  CHECK(std::system(("readelf -lW " + (folder / "core") + " | grep -q '" + line + "'").c_str()) == 0);
}

TEST_CASE("memory: pages that cannot be read are zeros and named; the rest is there") {
  struct Holed final : MemorySource {
    int read(std::uint64_t at, std::span<std::byte> out) override {
      for (std::uint64_t byte = at; byte < at + out.size(); ++byte) {
        if (byte / kPage == 7 || byte / kPage == 8 || byte >= 0x100c00) return EIO;
        out[byte - at] = std::byte(byte / kPage + 1);
      }
      return 0;
    }
    [[nodiscard]] std::optional<std::uint64_t> virtual_address(std::uint64_t) const override { return std::nullopt; }
    [[nodiscard]] const std::string& vmcoreinfo() const override { return none; }
    std::string none;
  } source;
  MemoryInput input(source, {{0, 0x100000}, {0x100000, 0x101c00}}, MemoryFormat::kLime);
  std::vector<std::byte> out(*input.size());
  std::vector<ReadFault> faults;
  REQUIRE(input.read(0, out, faults));
  REQUIRE(faults.size() == 2);
  CHECK(faults[0].at == ByteOffset{32 + 7 * kPage});
  CHECK(faults[0].length == ByteCount{2 * kPage});
  CHECK(faults[1].at == ByteOffset{64 + 0x100000});
  CHECK(faults[1].length == ByteCount{0x1c00});
  CHECK(input.physical_of(faults[0].at.value, faults[0].length.value) ==
        std::vector<MemoryRange>{{7 * kPage, 9 * kPage}});
  CHECK(out[32 + 6 * kPage] == std::byte{7});
  CHECK(out[32 + 7 * kPage] == std::byte{0});
  CHECK(out[32 + 9 * kPage] == std::byte{10});
}

TEST_CASE("memory: offsets near 2^56 are read where the file system has them") {
  const Folder folder;
  Folder shared;
  std::filesystem::remove_all(shared.path);
  shared.path = "/dev/shm/triage-memory-" + std::to_string(::getpid());
  if (!std::filesystem::create_directory(shared.path)) {
    MESSAGE("skipped 1: needs /dev/shm");
    return;
  }
  MemoryPlan plan = plan_memory(fake_kernel(shared, (1ULL << 56) + 0x10000));
  REQUIRE(plan.source() != nullptr);
  std::vector<std::byte> page(kPage);
  CHECK(plan.source()->read(0x100000, page) == 0);
  CHECK(as_chars(page) == page_of(10));
}

TEST_CASE("memory: an acquisition keeps image, record and context; a second one overwrites nothing") {
  const Folder folder;
  MemoryRequest request;
  request.paths = fake_kernel(folder);
  request.output = folder / "host.lime";
  request.tool = "test";
  const auto result = acquire_memory(request, StillClock());
  REQUIRE(result);
  REQUIRE(result->image);
  CHECK(result->unreadable.empty());
  CHECK(result->image->hashes.at(DigestKind::kSha256) == sha256_hex(content(request.output)));
  const auto record = nlohmann::json::parse(content(request.output + ".memory.json"));
  CHECK(record["kaslr_slide"] == 0x1c000000);
  CHECK(record["build_id"] == "00112233");
  CHECK(record["lockdown"] == "integrity");
  CHECK(record["ram"] == nlohmann::json::parse("[[4096,40960],[1048576,16384]]"));
  CHECK(record["tried"][1]["reason"] == "this kernel does not have it (no crash driver)");
  CHECK(record["footprint"]["peak_kib"] > 0);
  const std::string processes = content(request.output + ".d/processes.jsonl");
  CHECK(processes.find("\"pid\":" + std::to_string(::getpid()) + ",") != std::string::npos);
  CHECK(content(request.output + ".d/version") == content("/proc/version"));
  const auto again = acquire_memory(request, StillClock());
  REQUIRE(!again);
  CHECK(again.error().code == ErrorCode::kOutput);
}

TEST_CASE("memory: where no source works every process becomes a core with its private bytes") {
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    auto* memory =
        static_cast<char*>(::mmap(nullptr, 64 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    std::string word = "planted-";
    word += "7f3a9c51-in-a-child";
    word.copy(memory + 5 * kPage, word.size());
    (void)!::write(ready[1], &memory, sizeof memory);
    ::pause();
    ::_exit(0);
  }
  char* memory = nullptr;
  REQUIRE(::read(ready[0], &memory, sizeof memory) == sizeof memory);
  const Folder folder;
  const auto core = dump_process("/proc", static_cast<std::uint64_t>(child), folder / "core");
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  REQUIRE(core);
  const std::string bytes = content(folder / "core");
  CHECK(core->sha256 == sha256_hex(bytes));
  CHECK(core->stored < core->size);
  ByteCursor c(as_byte_span(bytes));
  c.seek(56, "e_phnum");
  const auto programs = c.le<std::uint16_t>("e_phnum");
  bool found = false;
  for (std::size_t i = 1; i < programs; ++i) {
    c.seek(64 + i * 56 + 8, "program");
    const auto offset = c.le<std::uint64_t>("offset");
    const auto address = c.le<std::uint64_t>("address");
    c.skip(8, "physical");
    const auto length = c.le<std::uint64_t>("length");
    const auto wanted = reinterpret_cast<std::uint64_t>(memory) + 5 * kPage;
    if (wanted < address || wanted >= address + length) continue;
    found = bytes.substr(offset + (wanted - address), 27) == "planted-7f3a9c51-in-a-child";
  }
  CHECK(found);
}

TEST_CASE("memory: addresses of /proc/net") {
  CHECK(net_address("0100007F:1F90") == "127.0.0.1:8080");
  CHECK(net_address("00000000000000000000000001000000:0016") == "[::1]:22");
  CHECK(net_address("B80D01200000000067452301EFCDAB89:01BB") == "[2001:db8::123:4567:89ab:cdef]:443");
  CHECK(net_address("nonsense") == "nonsense");
}
