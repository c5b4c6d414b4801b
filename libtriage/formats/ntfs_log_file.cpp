// SPDX-License-Identifier: Apache-2.0
#include "formats/ntfs_log_file.h"

#include <algorithm>
#include <bit>
#include <unordered_map>

#include "formats/peek.h"

namespace triage {
namespace {

constexpr std::size_t kRecordHeader = 0x30;
constexpr std::size_t kClientHeader = 0x20;
constexpr std::size_t kMaxRecord = 64 * 1024;  // redo and undo of one operation; dumps of tables may be longer
constexpr std::uint16_t kLastOperation = 0x26;
constexpr std::uint32_t kClientRecord = 1;
constexpr std::size_t kAlign = 8;
constexpr std::size_t kSmallestPage = 512, kLargestPage = 65536;

bool is_page_size(std::uint64_t size) {
  return std::has_single_bit(size) && size >= kSmallestPage && size <= kLargestPage;
}

/// The head of a client record at `at`; its LSN is checked by the caller.
bool plausible_head(Bytes page, std::size_t at) {
  const auto lsn = le_at<std::uint64_t>(page, at);
  const auto length = le_at<std::uint32_t>(page, at + 0x18);
  return lsn != 0 && le_at<std::uint64_t>(page, at + 8) < lsn && length >= kClientHeader && length <= kMaxRecord &&
         le_at<std::uint32_t>(page, at + 0x20) == kClientRecord;
}

/// Fields of the client data (fslog.c, struct LOG_REC_HDR); offsets count from its start.
bool read_client(Bytes client, NtfsLogRecord& out) {
  ByteCursor c(client);
  const auto redo = c.le<std::uint16_t>("redo operation");
  const auto undo = c.le<std::uint16_t>("undo operation");
  const auto redo_at = c.le<std::uint16_t>("redo offset");
  const auto redo_length = c.le<std::uint16_t>("redo length");
  const auto undo_at = c.le<std::uint16_t>("undo offset");
  const auto undo_length = c.le<std::uint16_t>("undo length");
  if (!c.ok() || redo > kLastOperation || undo > kLastOperation) return false;
  out.redo_operation = static_cast<NtfsLogOperation>(redo);
  out.undo_operation = static_cast<NtfsLogOperation>(undo);
  out.redo = part(client, redo_at, redo_length);
  out.undo = part(client, undo_at, undo_length);
  return true;
}

bool adds_entry(NtfsLogOperation operation) {
  return operation == NtfsLogOperation::kAddEntryRoot || operation == NtfsLogOperation::kAddEntryAllocation;
}
bool deletes_entry(NtfsLogOperation operation) {
  return operation == NtfsLogOperation::kDeleteEntryRoot || operation == NtfsLogOperation::kDeleteEntryAllocation;
}

void add_entry(const NtfsLogRecord& record, NtfsLogName::Kind kind, Bytes raw, std::vector<NtfsLogName>& out) {
  auto entry = read_index_entry(raw);
  if (!entry || !plausible_name(entry->name)) return;  // indexes of other things than names are logged alike
  NtfsLogName name;
  name.kind = kind;
  name.lsn = record.lsn;
  name.at = record.at;
  name.length = record.length;
  name.transaction = record.transaction;
  name.file = entry->file;
  name.name = std::move(entry->name);
  out.push_back(std::move(name));
}

void add_record(const NtfsLogRecord& record, std::vector<NtfsLogName>& out) {
  const auto begun = parse_mft_record_plain(record.redo);
  if (!begun || begun->base != MftReference{}) return;
  const MftName* best = best_name(*begun);
  if (best == nullptr || !plausible_name(*best)) return;
  NtfsLogName name;
  name.kind = NtfsLogName::Kind::kRecordBegun;
  name.lsn = record.lsn;
  name.at = record.at;
  name.length = record.length;
  name.transaction = record.transaction;
  if (begun->number) name.file = MftReference{*begun->number, begun->sequence};
  name.name = *best;
  if (begun->times) name.created = begun->times->created;
  out.push_back(std::move(name));
}

}  // namespace

NtfsLogFile::NtfsLogFile(Bytes data) : data_(data) {
  const std::uint64_t second = is_page_size(le_at<std::uint32_t>(data, 0x10)) ? le_at<std::uint32_t>(data, 0x10) : 4096;
  const bool first_holds = read_restart(0);
  const NtfsLogHeader first = header_;
  const bool second_holds = read_restart(second);
  if (first_holds && (!second_holds || first.current_lsn >= header_.current_lsn)) header_ = first;
  header_.restart_found = first_holds || second_holds;
  if (header_.sequence_bits == 0)  // §13.2: what an LSN does not need for places in the file, in units of 8 bytes
    header_.sequence_bits = 67U - static_cast<std::uint32_t>(std::bit_width(std::uint64_t{data.size()}));
}

/// §13.2. False where the page does not hold.
bool NtfsLogFile::read_restart(std::uint64_t at) {
  const Bytes head = part(data_, at, 0x30);
  if (!has_at(head, 0, "RSTR") && !has_at(head, 0, "CHKD")) return false;
  const std::uint64_t system_page = le_at<std::uint32_t>(head, 0x10);
  if (!is_page_size(system_page) || !holds(data_, at, system_page)) return false;
  const Bytes raw = part(data_, at, system_page);
  std::vector<std::byte> fixed(raw.begin(), raw.end());
  if (!undo_update_sequence(fixed)) {
    faults_.push_back({at, true});
    return false;
  }
  ByteCursor c(fixed);
  c.seek(0x14, "log page size");
  NtfsLogHeader out;
  out.page_size = c.le<std::uint32_t>("log page size");
  const std::size_t area = c.le<std::uint16_t>("restart offset");
  out.minor = c.le<std::uint16_t>("minor version");
  out.major = c.le<std::uint16_t>("major version");
  c.seek(area, "restart area");
  out.current_lsn = c.le<std::uint64_t>("current LSN");
  c.skip(8, "clients and flags");
  out.sequence_bits = c.le<std::uint32_t>("sequence number bits");
  c.skip(4, "lengths");
  out.file_size = c.le<std::uint64_t>("file size");
  c.seek(area + 0x26, "log page data offset");
  out.data_at = c.le<std::uint16_t>("log page data offset");
  if (!c.ok() || !is_page_size(out.page_size) || out.sequence_bits < 8 || out.sequence_bits > 60 ||
      out.data_at < 0x28 || out.data_at > out.page_size / 2)
    return false;
  header_ = out;
  return true;
}

std::uint64_t NtfsLogFile::place_of(std::uint64_t lsn) const {
  return (lsn << header_.sequence_bits) >> (header_.sequence_bits - 3);
}

/// The page at `at` with its fixups undone; nullopt where it is no record page or torn.
std::optional<std::vector<std::byte>> NtfsLogFile::page(std::uint64_t at) const {
  if (!holds(data_, at, header_.page_size) || !has_at(data_, static_cast<std::size_t>(at), "RCRD")) return std::nullopt;
  const Bytes raw = part(data_, at, header_.page_size);
  std::vector<std::byte> fixed(raw.begin(), raw.end());
  if (!undo_update_sequence(fixed)) return std::nullopt;
  return fixed;
}

/// `wanted` bytes of a record that begins with `first` at the end of the page at `page_at`; fewer where a page that
/// follows is not there.
std::vector<std::byte> NtfsLogFile::assemble(Bytes first, std::uint64_t page_at, std::size_t wanted) const {
  std::vector<std::byte> out(first.begin(),
                             first.begin() + static_cast<std::ptrdiff_t>(std::min(first.size(), wanted)));
  const std::uint64_t first_page = (header_.major >= 2 ? 34U : 4U) * std::uint64_t{header_.page_size};
  for (std::uint64_t at = page_at + header_.page_size; out.size() < wanted; at += header_.page_size) {
    if (!holds(data_, at, header_.page_size)) at = first_page;  // the pages are a ring
    const auto next = page(at);
    if (!next) break;
    const Bytes more = part(*next, header_.data_at, wanted - out.size());
    out.insert(out.end(), more.begin(), more.end());
  }
  return out;
}

void NtfsLogFile::read_page(std::uint64_t at, const std::function<void(const NtfsLogRecord&)>& each) {
  const auto fixed = page(at);
  if (!fixed) {
    if (has_at(data_, static_cast<std::size_t>(at), "RCRD") || has_at(data_, static_cast<std::size_t>(at), "BAAD"))
      faults_.push_back({at, false});
    return;
  }
  // A copy of a last page says where it belongs in place of its last LSN.
  const Bytes bytes(*fixed);
  const auto belongs = le_at<std::uint64_t>(bytes, 8);
  const bool is_copy = belongs % header_.page_size == 0 && belongs != 0 && belongs < data_.size();
  for (std::size_t offset = (header_.data_at + kAlign - 1) / kAlign * kAlign; holds(bytes, offset, kRecordHeader);) {
    const std::uint64_t place = place_of(le_at<std::uint64_t>(bytes, offset));
    const bool stands = place == at + offset || (is_copy && place == belongs + offset);
    if (!stands || !plausible_head(bytes, offset)) {
      offset += kAlign;
      continue;
    }
    NtfsLogRecord record;
    record.lsn = le_at<std::uint64_t>(bytes, offset);
    record.previous_lsn = le_at<std::uint64_t>(bytes, offset + 8);
    record.transaction = le_at<std::uint32_t>(bytes, offset + 0x24);
    const std::size_t total = kRecordHeader + le_at<std::uint32_t>(bytes, offset + 0x18);
    record.at = at + offset;
    record.length = std::min<std::uint64_t>(total, header_.page_size - offset);
    const std::vector<std::byte> whole = assemble(bytes.subspan(offset), is_copy ? belongs : at, total);
    if (read_client(part(whole, kRecordHeader, total - kRecordHeader), record)) each(record);
    offset += (total + kAlign - 1) / kAlign * kAlign;
  }
}

void NtfsLogFile::for_each(const std::function<void(const NtfsLogRecord&)>& each) {
  std::erase_if(faults_, [](const NtfsLogFault& fault) { return !fault.is_restart; });
  for (std::uint64_t at = 2 * std::uint64_t{header_.page_size}; holds(data_, at, header_.page_size);
       at += header_.page_size)
    read_page(at, each);
}

std::vector<NtfsLogName> NtfsLogFile::names() {
  std::vector<NtfsLogName> out;
  std::unordered_map<std::uint32_t, std::vector<std::uint64_t>> ends;
  for_each([&](const NtfsLogRecord& record) {
    using enum NtfsLogOperation;
    if (record.redo_operation == kInitializeRecord) {
      add_record(record, out);
    } else if (adds_entry(record.redo_operation)) {
      add_entry(record, NtfsLogName::Kind::kAdded, record.redo, out);
    } else if (deletes_entry(record.redo_operation)) {
      add_entry(record, NtfsLogName::Kind::kRemoved, record.undo, out);
    } else if (record.redo_operation == kForget || record.redo_operation == kCommit) {
      ends[record.transaction].push_back(record.lsn);
    }
  });
  std::stable_sort(out.begin(), out.end(), [](const NtfsLogName& a, const NtfsLogName& b) { return a.lsn < b.lsn; });
  out.erase(
      std::unique(out.begin(), out.end(), [](const NtfsLogName& a, const NtfsLogName& b) { return a.lsn == b.lsn; }),
      out.end());
  for (auto& [transaction, lsns] : ends) std::sort(lsns.begin(), lsns.end());
  for (NtfsLogName& name : out) {
    const std::vector<std::uint64_t>& lsns = ends[name.transaction];
    name.turn = static_cast<std::uint32_t>(std::lower_bound(lsns.begin(), lsns.end(), name.lsn) - lsns.begin());
  }
  return out;
}

}  // namespace triage
