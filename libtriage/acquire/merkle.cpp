// SPDX-License-Identifier: Apache-2.0
#include "acquire/merkle.h"

#include "bytes/text.h"

namespace triage {
namespace {

ChunkDigest node_of(const ChunkDigest& left, const ChunkDigest& right) {
  constexpr std::array<std::byte, 1> kNode = {std::byte{1}};
  Sha256 digest;
  digest.update(Bytes(kNode));
  digest.update(Bytes(left));
  digest.update(Bytes(right));
  return digest.finish_raw();
}

}  // namespace

void MerkleTree::add(const ChunkDigest& chunk) {
  constexpr std::array<std::byte, 1> kLeaf = {std::byte{0}};
  Sha256 digest;
  digest.update(Bytes(kLeaf));
  digest.update(Bytes(chunk));
  ChunkDigest node = digest.finish_raw();
  for (std::uint64_t bits = count_; (bits & 1U) != 0; bits >>= 1) {
    node = node_of(open_.back(), node);
    open_.pop_back();
  }
  open_.push_back(node);
  ++count_;
}

ChunkDigest MerkleTree::root() const {
  if (open_.empty()) return Sha256().finish_raw();
  ChunkDigest node = open_.back();
  for (std::size_t i = open_.size() - 1; i-- > 0;) node = node_of(open_[i], node);
  return node;
}

std::string MerkleTree::root_hex() const { return to_hex(Bytes(root())); }

}  // namespace triage
