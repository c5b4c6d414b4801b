// SPDX-License-Identifier: Apache-2.0
#include "formats/ese.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "bytes/text.h"

using namespace triage;

namespace {

std::string corpus_file(const std::string& name) {
  std::ifstream in(std::filesystem::path(TRIAGE_SOURCE_DIR).parent_path() / "shared/corpus/ese" / name,
                   std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<std::byte> bytes_of(const std::string& text) {
  const Bytes all = as_byte_span(text);
  return {all.begin(), all.end()};
}

struct Count {
  std::size_t live = 0;
  std::size_t recovered = 0;
};
Count count(EseView& view, std::string_view table) {
  Count out;
  const EseTable* found = view.table(table);
  REQUIRE_MESSAGE(found != nullptr, std::string(table));
  view.rows(*found, [&out](const EseRow& row) { ++(row.recovered() ? out.recovered : out.live); });
  return out;
}

}  // namespace

TEST_CASE("ese: tables of the corpus have the rows that libesedb's esedbexport writes") {
  const std::string srum = corpus_file("SRUM/SRUDB.dat");
  if (srum.empty()) {
    MESSAGE("ese: skipped 2 files: no corpus beside the checkout");
    return;
  }
  auto view = EseView::open(as_byte_span(srum));
  REQUIRE(view);
  CHECK(view->tables().size() == 14);
  CHECK(count(*view, "SruDbIdMapTable").live == 1141);
  CHECK(count(*view, "{973F5D5C-1D90-4944-BE8E-24B94231A174}").live == 255);
  CHECK(count(*view, "{D10CA2FE-6FCF-4F6D-848E-B2E99266FA89}").live == 1778);
  CHECK(count(*view, "{5C8CF1C7-7257-4F13-B223-970EF5939312}").live == 4038);
  CHECK(count(*view, "{DD6636C4-8929-4683-974E-22C046A43763}").live == 17);
  for (const EseFault& fault : view->faults()) MESSAGE(fault.field << ": " << fault.detail);
  CHECK(view->faults().empty());
  const std::string ual = corpus_file("UAL/Current.mdb");
  auto clients = EseView::open(as_byte_span(ual));
  REQUIRE(clients);
  CHECK(count(*clients, "CLIENTS").live == 44);
  CHECK(count(*clients, "DNS").live == 18);
  CHECK(count(*clients, "ROLE_ACCESS").live == 3);
}

TEST_CASE("ese: the tag count of new revisions has flags above its lower twelve bits") {
  const std::string queue = corpus_file("qmgr.db");
  if (queue.empty()) {
    MESSAGE("ese: skipped 1 file: no corpus beside the checkout");
    return;
  }
  auto view = EseView::open(as_byte_span(queue));
  REQUIRE(view);
  CHECK(view->page_bytes() == 16384);
  CHECK(count(*view, "Jobs").live == 1);
  CHECK(count(*view, "Files").live == 1);
  CHECK(view->faults().empty());
}

TEST_CASE("ese: XPRESS of the specification's examples") {
  // MS-XCA §3.1: "abcdefghijklmnopqrstuvwxyz" and 300 times "abc".
  const std::string letters = *from_hex("3f0000006162636465666768696a6b6c6d6e6f707172737475767778797a");
  CHECK(xpress_plain_decompress(as_byte_span(letters), 26) == bytes_of("abcdefghijklmnopqrstuvwxyz"));
  const std::string repeated = *from_hex("ffffff1f61626317000fff2601");
  std::string expected;
  for (int i = 0; i < 100; ++i) expected += "abc";
  CHECK(xpress_plain_decompress(as_byte_span(repeated), 300) == bytes_of(expected));
  CHECK(xpress_plain_decompress(as_byte_span(repeated).first(9), 300).size() < 300);
}

TEST_CASE("ese: seven-bit text") {
  // "abc" packed by hand: 1100001 1100010 1100011, lowest bits first; five bits of the last byte count.
  CHECK(ese_decompress(as_byte_span(*from_hex("0c61f118")), 100) == bytes_of("abc"));
  CHECK(ese_decompress(as_byte_span(*from_hex("14"
                                              "61f118")),
                       100) == bytes_of(std::string("a\0b\0c\0", 6)));
  CHECK_FALSE(ese_decompress(as_byte_span(*from_hex("30aabb")), 100));
}
