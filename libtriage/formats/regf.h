// SPDX-License-Identifier: Apache-2.0
// RegfHive: a registry hive with its logs replayed, as a tree of keys; deleted keys and values too. Opened once, asked
// by many (artifacts/registry_plugin.h).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/regf_log.h"
#include "model/timestamp.h"

namespace triage {

class RegfHive;

/// Registry value types (winnt.h).
namespace regf_type {
inline constexpr std::uint32_t kNone = 0, kSz = 1, kExpandSz = 2, kBinary = 3, kDword = 4, kDwordBigEndian = 5,
                               kLink = 6, kMultiSz = 7, kQword = 11;
}
/// "REG_SZ"; "type 0x12" for one without a name.
std::string regf_type_name(std::uint32_t type);

/// A value. Views live as long as the hive.
struct RegfValue {
  std::string name;  ///< "" for the default value
  std::uint32_t type = 0;
  std::uint64_t at = 0;           ///< of its record, bytes from the start of the hive
  std::uint64_t length = 0;       ///< of the record
  bool recovered = false;         ///< in free space or of a deleted key
  bool replayed = false;          ///< record or data come from a log
  bool whole = true;              ///< false: less data than promised
  Bytes stored;                   ///< data in one piece
  std::vector<std::byte> joined;  ///< data of several pieces (inline, big data)

  [[nodiscard]] Bytes data() const { return joined.empty() ? stored : Bytes(joined); }
  /// Text up to the first NUL of a string value (REG_SZ, REG_EXPAND_SZ, REG_LINK, first of REG_MULTI_SZ); nullopt for
  /// other types and for "".
  [[nodiscard]] std::optional<std::string> text() const;
  /// All texts of a string value; empty ones are left out.
  [[nodiscard]] std::vector<std::string> texts() const;
  /// REG_DWORD (either order) and REG_QWORD; nullopt for other types or sizes.
  [[nodiscard]] std::optional<std::uint64_t> integer() const;
  /// Eight bytes of REG_BINARY or REG_QWORD as FILETIME.
  [[nodiscard]] std::optional<Timestamp> filetime() const;
  /// What people see: text, texts joined by "; ", a decimal number, or hex; at most about `limit` bytes.
  [[nodiscard]] std::string shown(std::size_t limit = 1024) const;
};

/// A key of an open hive: cheap to copy, lives as long as the hive.
class RegfKey {
 public:
  RegfKey(const RegfHive& hive, std::uint32_t index) : hive_(&hive), index_(index) {}
  [[nodiscard]] std::string name() const;
  /// Names from below the root, joined by backslashes; "" for the root. Of a key whose parent is lost: "?\name".
  [[nodiscard]] std::string path() const;
  [[nodiscard]] Timestamp last_write() const;
  [[nodiscard]] std::optional<std::string> class_name() const;
  /// Owner in the key's security descriptor, "S-1-…".
  [[nodiscard]] std::optional<std::string> owner_sid() const;
  [[nodiscard]] std::uint32_t value_count() const;   ///< as the key says
  [[nodiscard]] std::uint32_t subkey_count() const;  ///< as the key says
  [[nodiscard]] bool recovered() const;              ///< deleted, or no longer reachable
  [[nodiscard]] bool replayed() const;               ///< the record comes from a log
  [[nodiscard]] std::uint64_t at() const;            ///< of the record, bytes from the start of the hive
  [[nodiscard]] std::uint64_t length() const;
  [[nodiscard]] std::optional<RegfKey> parent() const;
  [[nodiscard]] std::vector<RegfKey> subkeys() const;
  /// Live subkey of that name, ASCII case ignored.
  [[nodiscard]] std::optional<RegfKey> subkey(std::string_view name) const;
  /// Live key at `path` below this one.
  [[nodiscard]] std::optional<RegfKey> at_path(std::string_view path) const;
  [[nodiscard]] std::vector<RegfValue> values() const;
  [[nodiscard]] std::optional<RegfValue> value(std::string_view name) const;
  /// Text of the string value `name`.
  [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
  [[nodiscard]] std::optional<std::uint64_t> integer(std::string_view name) const;
  [[nodiscard]] std::uint32_t index() const { return index_; }
  [[nodiscard]] const RegfHive& hive() const { return *hive_; }

 private:
  const RegfHive* hive_;
  std::uint32_t index_;
};

/// Record of a key ("nk") as stored.
struct RegfKeyRecord {
  std::uint16_t flags = 0;
  std::uint64_t last_write = 0;  ///< FILETIME
  std::uint32_t parent = 0, subkey_count = 0, subkey_list = 0, value_count = 0, value_list = 0, security = 0,
                class_name = 0;
  std::uint16_t class_bytes = 0;
  Bytes name;
  [[nodiscard]] bool latin1_name() const { return (flags & 0x20) != 0; }
};

class RegfHive {
 public:
  /// Replays `logs` where the hive is dirty and reads the tree. nullptr when `data` is no hive (a log, say). `data`
  /// must outlive the hive.
  static std::unique_ptr<RegfHive> open(Bytes data, std::span<const RegfLogFile> logs);

  [[nodiscard]] const RegfBaseBlock& base_block() const { return base_block_; }
  [[nodiscard]] const RegfReplay& replay() const { return replay_; }
  [[nodiscard]] const std::vector<RegfFault>& faults() const { return faults_; }
  [[nodiscard]] std::optional<RegfKey> root() const;
  /// All keys in tree order, the recovered ones last.
  [[nodiscard]] std::uint32_t key_count() const { return static_cast<std::uint32_t>(nodes_.size()); }
  [[nodiscard]] std::uint32_t live_key_count() const { return live_; }
  [[nodiscard]] RegfKey key(std::uint32_t index) const { return {*this, index}; }
  /// Deleted values that no key, live or deleted, names any more.
  [[nodiscard]] const std::vector<RegfValue>& lost_values() const { return lost_values_; }

  // For RegfKey and tests: records by cell offset. Empty and nullopt where the bytes do not hold one.
  [[nodiscard]] Bytes cell(std::uint32_t offset) const;
  [[nodiscard]] std::optional<RegfKeyRecord> key_record(std::uint32_t offset) const;
  [[nodiscard]] std::optional<RegfValue> value_record(std::uint32_t offset) const;
  [[nodiscard]] Bytes image() const { return image_; }
  /// True when these bytes of the recovered hive differ from the hive as found.
  [[nodiscard]] bool differs(std::uint64_t at, std::uint64_t length) const;
  /// Values are read on demand, and forged keys may share them: true once that came to more work than any sound hive
  /// of this size can ask for. From then on keys have no values.
  [[nodiscard]] bool exhausted() const { return work_left_ == 0; }

 private:
  friend class RegfKey;
  friend class RegfTreeReader;
  friend class RegfRecovery;
  static constexpr std::uint32_t kNoNode = 0xffffffff;
  struct Node {
    std::uint32_t cell = 0;
    std::uint32_t parent = kNoNode;
    std::uint32_t first_child = kNoNode;
    std::uint32_t next_sibling = kNoNode;
    bool recovered = false;
  };
  RegfHive() = default;
  void fault(DamageKind kind, std::uint64_t at, std::string_view field, std::string detail);
  bool spend(std::uint64_t work) const;
  [[nodiscard]] std::vector<std::byte> big_data(Bytes record, std::uint32_t size) const;

  Bytes base_;   ///< as found
  Bytes image_;  ///< with logs
  RegfBaseBlock base_block_;
  RegfReplay replay_;
  std::vector<RegfFault> faults_;
  std::uint64_t faults_left_out_ = 0;
  std::vector<Node> nodes_;
  std::uint32_t live_ = 0;
  std::vector<RegfValue> lost_values_;
  mutable std::uint64_t work_left_ = 0;
};

}  // namespace triage
