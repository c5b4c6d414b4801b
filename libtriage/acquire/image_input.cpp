// SPDX-License-Identifier: Apache-2.0
#include "acquire/image_input.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "acquire/aligned_buffer.h"

namespace triage {
namespace {

class MediumInput final : public ImageInput {
 public:
  MediumInput(std::unique_ptr<Medium> medium, RetryPolicy policy)
      : medium_(std::move(medium)), reader_(*medium_, policy) {}
  [[nodiscard]] std::optional<std::uint64_t> size() const override { return medium_->size().value; }
  [[nodiscard]] SectorSize sector_size() const override { return medium_->sector_size(); }
  [[nodiscard]] std::string_view access() const override { return medium_->access(); }
  Result<std::size_t> read(std::uint64_t at, std::span<std::byte> out, std::vector<ReadFault>& faults) override {
    const std::uint64_t size = medium_->size().value;
    if (at >= size) return std::size_t{0};
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), size - at));
    TRIAGE_TRY_STATUS(reader_.read(ByteOffset{at}, out, wanted, faults));
    return wanted;
  }

 private:
  std::unique_ptr<Medium> medium_;
  SectorReader reader_;
};

class SourceInput final : public ImageInput {
 public:
  /// Shared, because a source may be a part of the reader that keeps it.
  SourceInput(std::shared_ptr<Source> source, std::string_view access) : source_(std::move(source)), access_(access) {}
  [[nodiscard]] std::optional<std::uint64_t> size() const override { return source_->size().value; }
  [[nodiscard]] SectorSize sector_size() const override { return source_->sector_size(); }
  [[nodiscard]] std::string_view access() const override { return access_; }
  Result<std::size_t> read(std::uint64_t at, std::span<std::byte> out, std::vector<ReadFault>& faults) override {
    const std::uint64_t size = source_->size().value;
    if (at >= size) return std::size_t{0};
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), size - at));
    std::vector<ReadFault> met;
    source_->read(ByteOffset{at}, out.first(wanted), met);
    // Containers name what they zero (a chunk with a wrong checksum) once a read, and not always in order.
    std::sort(met.begin(), met.end(), [](const ReadFault& a, const ReadFault& b) { return a.at < b.at; });
    std::uint64_t told = at;
    for (const ReadFault& fault : met) {
      const std::uint64_t from = std::max(told, fault.at.value);
      const std::uint64_t to = std::min((fault.at + fault.length).value, at + wanted);
      if (from >= to) continue;
      append_fault(faults, from, to - from, fault.sys_errno);
      told = to;
    }
    return wanted;
  }

 private:
  std::shared_ptr<Source> source_;
  std::string_view access_;
};

class PipeInput final : public ImageInput {
 public:
  explicit PipeInput(int fd) : fd_(fd) {}
  [[nodiscard]] std::optional<std::uint64_t> size() const override { return std::nullopt; }
  [[nodiscard]] SectorSize sector_size() const override { return {}; }
  [[nodiscard]] std::string_view access() const override { return "pipe"; }
  [[nodiscard]] bool can_seek() const override { return false; }
  Result<std::size_t> read(std::uint64_t at, std::span<std::byte> out, std::vector<ReadFault>& /*faults*/) override {
    std::size_t done = 0;
    while (done < out.size()) {
      const ssize_t got = ::read(fd_, out.data() + done, out.size() - done);
      if (got == 0) break;
      if (got > 0) done += static_cast<std::size_t>(got);
      if (got < 0 && errno == EINTR) break;  // the caller looks whether it was stopped
      if (got < 0) {
        return fail(ErrorCode::kUnreadable, "standard input cannot be read at byte " + std::to_string(at + done), "-",
                    errno);
      }
    }
    return done;
  }

 private:
  int fd_;
};

class RescuedInput final : public ImageInput {
 public:
  RescuedInput(std::unique_ptr<ImageInput> source, ErrorMap map, std::unique_ptr<Medium> rescued)
      : source_(std::move(source)), map_(std::move(map)), rescued_(std::move(rescued)), bounce_(kBounceBytes) {}
  [[nodiscard]] std::optional<std::uint64_t> size() const override { return source_->size(); }
  [[nodiscard]] SectorSize sector_size() const override { return source_->sector_size(); }
  [[nodiscard]] std::string_view access() const override { return source_->access(); }

  Result<std::size_t> read(std::uint64_t at, std::span<std::byte> out, std::vector<ReadFault>& faults) override {
    const std::uint64_t size = source_->size().value_or(0);
    if (at >= size) return std::size_t{0};
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), size - at));
    for (std::size_t done = 0; done < wanted;) {
      const auto [status, end] = map_.status_at(at + done);
      const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(wanted - done, end - (at + done)));
      const bool kept = status == MapStatus::kRescued && read_rescued(at + done, out.subspan(done, count));
      if (!kept) TRIAGE_TRY_STATUS(read_source(at + done, out.subspan(done, count), faults));
      done += count;
    }
    return wanted;
  }

 private:
  static constexpr std::size_t kBounceBytes = 1U << 20;

  bool read_rescued(std::uint64_t at, std::span<std::byte> out) {
    while (!out.empty()) {
      const Medium::Attempt attempt = rescued_->read_once(ByteOffset{at}, out);
      if (attempt.bytes == 0) return false;  // the file is shorter or bad: ask the source
      out = out.subspan(attempt.bytes);
      at += attempt.bytes;
    }
    return true;
  }

  /// The edges of a map need not lie on sectors of the source.
  Status read_source(std::uint64_t at, std::span<std::byte> out, std::vector<ReadFault>& faults) {
    while (!out.empty()) {
      const std::uint64_t begin = at / kMediumAlignment * kMediumAlignment;
      const auto skip = static_cast<std::size_t>(at - begin);
      const std::size_t count = std::min(out.size(), kBounceBytes - skip);
      const std::size_t rounded = (skip + count + kMediumAlignment - 1) / kMediumAlignment * kMediumAlignment;
      std::vector<ReadFault> met;
      TRIAGE_TRY(const std::size_t got, source_->read(begin, bounce_.span().first(rounded), met));
      if (got < skip + count) return fail(ErrorCode::kUnreadable, "the source became shorter");
      std::copy_n(bounce_.span().begin() + static_cast<std::ptrdiff_t>(skip), count, out.begin());
      for (const ReadFault& fault : met) {
        const std::uint64_t from = std::max(at, fault.at.value);
        const std::uint64_t to = std::min((fault.at + fault.length).value, at + count);
        if (from < to) append_fault(faults, from, to - from, fault.sys_errno);
      }
      out = out.subspan(count);
      at += count;
    }
    return {};
  }

  std::unique_ptr<ImageInput> source_;
  ErrorMap map_;
  std::unique_ptr<Medium> rescued_;
  AlignedBuffer bounce_;
};

}  // namespace

std::unique_ptr<ImageInput> make_medium_input(std::unique_ptr<Medium> medium, RetryPolicy policy) {
  return std::make_unique<MediumInput>(std::move(medium), policy);
}
std::unique_ptr<ImageInput> make_reader_input(std::unique_ptr<EvidenceReader> reader) {
  const std::shared_ptr<EvidenceReader> shared = std::move(reader);
  return std::make_unique<SourceInput>(std::shared_ptr<Source>(shared, shared->source()), "image");
}
std::unique_ptr<ImageInput> make_decrypted_input(std::unique_ptr<Source> plain) {
  return std::make_unique<SourceInput>(std::move(plain), "decrypted");
}
std::unique_ptr<ImageInput> make_pipe_input(int fd) { return std::make_unique<PipeInput>(fd); }
std::unique_ptr<ImageInput> make_rescued_input(std::unique_ptr<ImageInput> source, ErrorMap map,
                                               std::unique_ptr<Medium> rescued) {
  return std::make_unique<RescuedInput>(std::move(source), std::move(map), std::move(rescued));
}

}  // namespace triage
