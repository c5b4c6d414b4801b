// SPDX-License-Identifier: Apache-2.0
#include "carve/carve_filter.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace triage;

namespace {

const Carver& carver(std::string_view id) {
  for (const Carver* one : all_carvers())
    if (one->id == id) return *one;
  FAIL("no such carver");
  return *all_carvers().front();
}

}  // namespace

TEST_CASE("carve filter: every carver belongs to a group and every word names something") {
  for (const Carver* one : all_carvers()) {
    CAPTURE(one->id);
    CHECK(group_of(*one, one->extension) != FormatGroup::kOther);
  }
  CHECK(format_group_words().size() == kFormatGroupCount);
  const auto words = format_type_words();
  for (const char* word : {"jpeg", "jpg", "docx", "sqlite", "wal", "mov"})
    CHECK(std::find(words.begin(), words.end(), word) != words.end());
}

TEST_CASE("carve filter: extensions, ids, groups and size") {
  CarveFilter filter;
  CHECK(filter.wants(carver("jpeg"), "jpg", 0));
  filter.types = {"jpeg", "zip"};
  CHECK(filter.wants(carver("jpeg"), "jpg", 1));
  CHECK(filter.wants(carver("zip"), "zip", 1));
  CHECK_FALSE(filter.wants(carver("zip"), "docx", 1));
  CHECK_FALSE(filter.wants(carver("png"), "png", 1));
  CHECK(filter.wants_type("jpeg", 1));
  CHECK_FALSE(filter.wants_type("", 1));
  filter.groups = {FormatGroup::kDocs};
  CHECK(filter.wants(carver("zip"), "docx", 1));
  CHECK(filter.wants(carver("jpeg"), "jpg", 1));
  CHECK_FALSE(filter.wants(carver("png"), "png", 1));
  CHECK(filter.wants_type("docx", 1));
  CHECK(filter.wants_type("pdf", 1));
  CHECK_FALSE(filter.wants_type("png", 1));
  filter.min_size = 100;
  CHECK_FALSE(filter.wants(carver("jpeg"), "jpg", 99));
  CHECK(filter.wants(carver("jpeg"), "jpg", 100));
}
