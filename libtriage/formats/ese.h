// SPDX-License-Identifier: Apache-2.0
// EseView: reads tables of an Extensible Storage Engine database (SRUM, WebCache, UAL, BITS) that lies in memory and is
// not to be trusted. Dirty databases are read as they lie; nothing is recovered from their logs.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bytes/cursor.h"
#include "model/damage.h"
#include "model/timestamp.h"

namespace triage {

/// Something wrong with a database, for EventSink::damage.
struct EseFault {
  DamageKind kind = DamageKind::kRange;
  std::uint64_t at = 0;  ///< bytes from the start of the file
  std::string field;
  std::string detail;
};

enum class EseType : std::uint8_t {
  kNil,
  kBit,
  kU8,
  kI16,
  kI32,
  kCurrency,
  kF32,
  kF64,
  kDateTime,
  kBinary,
  kText,
  kLongBinary,
  kLongText,
  kSlv,
  kU32,
  kI64,
  kGuid,
  kU16
};

struct EseColumn {
  std::uint32_t id = 0;  ///< 1–127 fixed, 128–255 variable, 256 and more tagged
  EseType type = EseType::kNil;
  std::uint32_t code_page = 0;
  std::uint32_t size = 0;  ///< of a fixed column
  std::string name;
};

struct EseTable {
  std::string name;
  std::uint32_t object = 0;  ///< id of its tree
  std::uint32_t root_page = 0;
  std::uint32_t long_root = 0;                                         ///< root page of its long values; 0 without
  std::vector<EseColumn> columns;                                      ///< by id
  [[nodiscard]] const EseColumn* column(std::string_view name) const;  ///< nullptr when absent; ASCII case ignored
};

class EseView;

/// One record; valid during the callback.
class EseRow {
 public:
  EseRow(const EseView& view, const EseTable& table, Bytes record, std::uint64_t at)
      : view_(view), table_(table), record_(record), at_(at) {}
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view column) const;
  [[nodiscard]] std::optional<std::string> text(std::string_view column) const;  ///< UTF-8; "" is nullopt
  [[nodiscard]] std::optional<std::vector<std::byte>> binary(std::string_view column) const;
  /// A time, UTC in the databases read here: a DateTime column as a double of days since 1899-12-30 (OLE) or, where
  /// that cannot be, as FILETIME; an integer column as FILETIME.
  [[nodiscard]] std::optional<Timestamp> date(std::string_view column) const;
  [[nodiscard]] const EseTable& table() const { return table_; }
  [[nodiscard]] std::uint64_t at() const { return at_; }
  [[nodiscard]] std::uint64_t length() const { return record_.size(); }
  [[nodiscard]] bool recovered() const { return recovered_; }

 private:
  friend class EseView;
  [[nodiscard]] std::optional<std::vector<std::byte>> raw(const EseColumn& column) const;
  const EseView& view_;
  const EseTable& table_;
  Bytes record_;
  std::uint64_t at_;
  bool recovered_ = false;
};

class EseView {
 public:
  /// nullopt when neither the header nor its shadow is an ESE header with a page size.
  static std::optional<EseView> open(Bytes data);

  [[nodiscard]] const std::vector<EseTable>& tables() const { return tables_; }
  [[nodiscard]] const EseTable* table(std::string_view name) const;
  [[nodiscard]] bool dirty() const { return dirty_; }
  /// Calls `on_row` for each record: those of the tree, then those of leaf pages that nothing leads to and of records
  /// marked deleted, as recovered.
  void rows(const EseTable& table, const std::function<void(const EseRow&)>& on_row);
  [[nodiscard]] const std::vector<EseFault>& faults() const { return faults_; }
  [[nodiscard]] std::uint32_t page_bytes() const { return page_bytes_; }

  /// One value of a B+tree's leaf.
  struct Leaf {
    std::string key;
    Bytes data;
    std::uint64_t at = 0;
    bool deleted = false;
  };

 private:
  friend class EseRow;
  EseView() = default;
  struct Page {
    std::uint32_t flags = 0, object = 0, next = 0;
    std::vector<Leaf> values;  ///< without the first, which holds the common key
  };
  [[nodiscard]] std::optional<Page> page(std::uint32_t number) const;
  void walk(std::uint32_t root, std::vector<bool>& seen, const std::function<void(const Leaf&)>& on_leaf);
  void read_catalog();
  void note_catalog(const EseRow& row);
  [[nodiscard]] std::vector<std::byte> long_value(const EseTable& table, Bytes id) const;
  void index_long_values(const EseTable& table);
  void fault(DamageKind kind, std::uint64_t at, std::string_view field, std::string detail);

  Bytes data_;
  std::uint32_t page_bytes_ = 0;
  std::uint32_t pages_ = 0;
  bool large_pages_ = false;  ///< 16 KiB and more: wide tags, flags in the values
  bool dirty_ = false;
  std::vector<EseTable> tables_;
  std::vector<EseFault> faults_;
  std::map<std::string, std::map<std::uint32_t, Bytes>, std::less<>> long_values_;  ///< id → offset → segment
  std::uint32_t long_values_of_ = 0;
  mutable std::uint64_t work_left_ = 0;
};

/// Compressed column data: 7-bit ASCII or UTF-16, or XPRESS. nullopt for other methods and broken data.
std::optional<std::vector<std::byte>> ese_decompress(Bytes data, std::size_t limit);

/// XPRESS without Huffman (MS-XCA §2.4) up to `output_size` bytes; what came out before a fault.
std::vector<std::byte> xpress_plain_decompress(Bytes input, std::size_t output_size);

}  // namespace triage
