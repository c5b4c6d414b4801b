// SPDX-License-Identifier: Apache-2.0
#include "recover/ntfs_geometry.h"

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <optional>

namespace triage {

namespace {

constexpr std::size_t kSamples = 200;
constexpr std::uint64_t kSector = 512;
constexpr std::uint64_t kLargestCluster = 2ULL << 20;

bool is_plain(const MftAttribute& attribute) {
  return !attribute.resident && attribute.sound && attribute.first_vcn == 0 && attribute.next_vcn != 0 &&
         (attribute.flags & 0x8001) == 0;
}

std::uint64_t vote_cluster(const std::vector<MftRecord>& records) {
  std::map<std::uint64_t, std::size_t> votes;
  for (const MftRecord& record : records) {
    for (const MftAttribute& attribute : record.attributes) {
      // Allocated bytes over clusters; attributes that go on in other records give no whole number.
      if (!is_plain(attribute) || attribute.allocated % attribute.next_vcn != 0) continue;
      const std::uint64_t size = attribute.allocated / attribute.next_vcn;
      if (size >= kSector && size <= kLargestCluster && std::has_single_bit(size)) ++votes[size];
    }
  }
  std::uint64_t best = 0;
  for (const auto& [size, count] : votes) {
    if (best == 0 || count > votes[best]) best = size;
  }
  return best;
}

/// First clusters of directory indices: each must begin with "INDX".
std::vector<std::uint64_t> index_clusters(const std::vector<MftRecord>& records) {
  std::vector<std::uint64_t> out;
  for (const MftRecord& record : records) {
    for (const MftAttribute& attribute : record.attributes) {
      if (attribute.type != kMftIndexAllocation || !is_plain(attribute) || attribute.runs.empty()) continue;
      if (attribute.runs.front().lcn && out.size() < kSamples) out.push_back(*attribute.runs.front().lcn);
    }
  }
  return out;
}

std::size_t hits(ImageBytes& image, const NtfsGeometry& geometry, const std::vector<std::uint64_t>& clusters) {
  std::size_t count = 0;
  for (const std::uint64_t lcn : clusters) {
    std::array<std::byte, 4> head{};
    if (lcn > image.size() / geometry.cluster) continue;
    if (image.read_into(geometry.begin + lcn * geometry.cluster, head) && has_at(head, 0, "INDX")) ++count;
  }
  return count;
}

/// Where cluster 0 would be if `record` is the table's own record: its first run begins with itself.
std::optional<std::uint64_t> begin_by_table(const MftRecord& record, std::uint64_t cluster) {
  if (record.number != 0U) return std::nullopt;
  for (const MftAttribute& attribute : record.attributes) {
    if (attribute.type != kMftData || !attribute.name.empty() || attribute.runs.empty()) continue;
    const auto lcn = attribute.runs.front().lcn;
    if (lcn && *lcn <= record.place / cluster) return record.place - *lcn * cluster;
  }
  return std::nullopt;
}

}  // namespace

NtfsGeometry infer_ntfs_geometry(ImageBytes& image, const std::vector<MftRecord>& records, std::uint64_t begin) {
  NtfsGeometry best{begin, vote_cluster(records), false};
  if (best.cluster == 0) return best;
  const std::vector<std::uint64_t> clusters = index_clusters(records);
  std::size_t most = hits(image, best, clusters);
  best.proven = most != 0;
  for (const MftRecord& record : records) {
    const auto other = begin_by_table(record, best.cluster);
    if (!other || *other == best.begin) continue;
    const NtfsGeometry candidate{*other, best.cluster, true};
    const std::size_t found = hits(image, candidate, clusters);
    if (found > most) {
      best = candidate;
      most = found;
    }
  }
  return best;
}

}  // namespace triage
