// SPDX-License-Identifier: Apache-2.0
// Recovery over whole images that stock tools make. Expected content is what was written before the deletion.
#include "recover/recovering_sink.h"

#include <doctest/doctest.h>

#include "../evidence/evidence_fixtures.h"

using namespace triage;
using namespace triage::testing;

namespace {

struct Recovered : Mapped {
  /// The deleted entry of `path`; nullptr where there is none.
  [[nodiscard]] const Stream* deleted(const std::string& path) const {
    for (const Stream& stream : sink.streams) {
      if (stream.path == path && stream.meta && !stream.meta->allocated) return &stream;
    }
    return nullptr;
  }
  [[nodiscard]] std::string digest(const Stream& stream) const {
    return sha256_hex(stream.inline_content.empty() ? content(stream) : stream.inline_content);
  }
};

std::unique_ptr<Recovered> recover(const std::string& path) {
  auto out = std::make_unique<Recovered>();
  const auto spec = recognise_evidence(path);
  REQUIRE(spec.has_value());
  auto reader = open_evidence(*spec);
  REQUIRE(reader.has_value());
  out->reader = std::move(*reader);
  const MapOptions options;
  RecoveringSink recovering(out->sink, *out->reader, options);
  REQUIRE(out->reader->map(options, recovering).has_value());
  recovering.finish();
  check_is_partition(*out);
  return out;
}

}  // namespace

TEST_CASE("recover: files of an NTFS volume that was formatted again come back by their records, with names") {
  if (!have("mkfs.ntfs ntfscp")) return;
  const TempFolder folder;
  const std::string image = folder / "ntfs.img";
  REQUIRE(run("truncate -s 32M " + image + " && mkfs.ntfs -F -Q -q -c 4096 " + image));
  const std::string small = pattern_bytes(300, 1);
  const std::string large = pattern_bytes(123'457, 2);
  write_file(folder / "small", small);
  write_file(folder / "large", large);
  for (int i = 0; i < 12; ++i) {
    const std::string name = (i < 6 ? "s" : "l") + std::to_string(i) + ".bin";
    REQUIRE(run("ntfscp -f " + image + " " + folder / (i < 6 ? "small" : "large") + " " + name));
  }
  REQUIRE(run("mkfs.ntfs -F -Q -q -c 4096 " + image));
  const auto found = recover(image);
  for (int i = 0; i < 12; ++i) {
    const std::string name = (i < 6 ? "/s" : "/l") + std::to_string(i) + ".bin";
    const Stream* stream = found->deleted(name);
    REQUIRE_MESSAGE(stream != nullptr, name);
    CHECK(stream->method == RecoveryMethod::kRecord);
    CHECK(stream->availability == Availability::kWhole);
    CHECK(found->digest(*stream) == sha256_hex(i < 6 ? small : large));
  }
  // The damaged twin: the boot sector is gone, too. No file system is read, and the records still say it all.
  REQUIRE(run("dd if=/dev/zero of=" + image +
              " bs=4096 count=1 conv=notrunc && "
              "dd if=/dev/zero of=" +
              image + " bs=512 seek=65535 count=1 conv=notrunc"));
  const auto damaged = recover(image);
  const Stream* stream = damaged->deleted("/l11.bin");
  REQUIRE(stream != nullptr);
  CHECK(damaged->digest(*stream) == sha256_hex(large));
}

TEST_CASE("recover: a live NTFS volume gives no file twice") {
  if (!have("mkfs.ntfs ntfscp")) return;
  const TempFolder folder;
  const std::string image = folder / "ntfs.img";
  REQUIRE(run("truncate -s 32M " + image + " && mkfs.ntfs -F -Q -q " + image));
  write_file(folder / "a", pattern_bytes(50'000, 3));
  REQUIRE(run("ntfscp -f " + image + " " + folder / "a" + " a.bin"));
  const auto found = recover(image);
  REQUIRE(found->find("/a.bin") != nullptr);
  CHECK(found->find("/a.bin")->meta->allocated);
  CHECK(found->deleted("/a.bin") == nullptr);
}

TEST_CASE("recover: an ext4 file comes back by the journal's copy of its inode, named by the copy of its directory") {
  if (!have("mkfs.ext4 debugfs")) return;
  const TempFolder folder;
  const std::string image = folder / "ext4.img";
  const std::string text = pattern_bytes(20'000, 4);
  write_file(folder / "a", text);
  REQUIRE(run("truncate -s 16M " + image + " && mkfs.ext4 -q -F -b 1024 -O ^metadata_csum,^64bit -J size=4 " + image +
              " && debugfs -w -R 'write " + folder / "a" + " gone.txt' " + image));
  // Blocks of the inode and of the root directory, and the journal's first blocks, as debugfs tells them.
  const std::string inode = output_of("debugfs -R 'imap gone.txt' " + image + " 2>/dev/null");
  std::smatch at;
  REQUIRE(std::regex_search(inode, at, std::regex("Inode (\\d+) .*\\s+located at block (\\d+), offset 0x([0-9a-f]+)")));
  const std::string number = at[1];
  const std::uint64_t table = std::stoull(at[2]);
  const std::uint64_t inside = std::stoull(at[3], nullptr, 16);
  const std::uint64_t root = std::stoull(output_of("debugfs -R 'bmap / 0' " + image + " 2>/dev/null"));
  std::vector<std::uint64_t> ring;
  for (const char* block : {"1", "2", "3"})
    ring.push_back(
        std::stoull(output_of(std::string("debugfs -R 'bmap <8> ") + block + "' " + image + " 2>/dev/null")));
  std::fstream file(image, std::ios::in | std::ios::out | std::ios::binary);
  const auto block_of = [&](std::uint64_t block) {
    std::string out(1024, '\0');
    file.seekg(static_cast<std::streamoff>(block * 1024)).read(out.data(), 1024);
    return out;
  };
  const auto put = [&](std::uint64_t place, const std::string& bytes) {
    file.seekp(static_cast<std::streamoff>(place)).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  };
  const auto be = [](std::uint64_t value) {
    std::string out(4, '\0');
    for (int i = 0; i < 4; ++i) out[static_cast<std::size_t>(i)] = static_cast<char>(value >> (24 - 8 * i));
    return out;
  };
  const std::string same_uuid("\0\0\0\2", 4);
  const std::string last("\0\0\0\x0a", 4);
  put(ring[0] * 1024, "\xc0\x3b\x39\x98" + be(1) + be(1) + be(table) + same_uuid + be(root) + last);
  put(ring[1] * 1024, block_of(table));
  put(ring[2] * 1024, block_of(root));
  file.flush();
  REQUIRE(run("debugfs -w -R 'rm gone.txt' " + image));
  // The kernel empties the map, which debugfs does not.
  put(table * 1024 + inside + 0x28 + 2, std::string(2, '\0'));
  put(table * 1024 + inside + 0x34, std::string(12, '\0'));
  file.flush();
  const auto found = recover(image);
  const Stream* stream = found->deleted("/gone.txt");
  REQUIRE(stream != nullptr);
  CHECK(stream->method == RecoveryMethod::kJournal);
  CHECK(std::to_string(stream->meta->inode) == number);
  CHECK(stream->availability == Availability::kWhole);
  CHECK(found->digest(*stream) == sha256_hex(text));
  // The damaged twin: the copy of the inode is torn.
  put(ring[1] * 1024 + inside + 0x28, std::string(60, '\x55'));
  file.flush();
  const auto damaged = recover(image);
  for (const Stream& one : damaged->sink.streams) CHECK(one.method == RecoveryMethod::kMetadata);
}
