// SPDX-License-Identifier: Apache-2.0
#include "cli/progress.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace triage::cli;
using namespace std::chrono_literals;

TEST_CASE("a progress line says share, rate, time left and damage") {
  const Progress progress{"sweep", 512ULL << 20, 1024ULL << 20, 3, 2s};
  CHECK(progress_line(progress, Lang::kEnglish) ==
        "sweep   50%  512.0 MiB of 1.0 GiB  256.0 MiB/s  0:02 left  3 damaged");
  CHECK(progress_line(progress, Lang::kJapanese) ==
        "sweep   50%  512.0 MiB / 1.0 GiB  256.0 MiB/s  残り 0:02  破損 3 件");
}

TEST_CASE("progress without a known total, or before the first byte, invents nothing") {
  CHECK(progress_line({"map", 0, std::nullopt, 0, 0s}, Lang::kEnglish) == "map  0 B");
  const auto json = nlohmann::json::parse(progress_json({"map", 0, std::nullopt, 0, 0s}));
  CHECK(json["schema"] == "triage.progress.v1");
  CHECK(json["bytes_total"].is_null());
  CHECK(json["bytes_per_second"].is_null());
  CHECK(json["seconds_left"].is_null());
}

TEST_CASE("a progress line holds no control bytes of a phase name") {
  CHECK(progress_line({"\x1b[2J", 0, std::nullopt, 0, 0s}, Lang::kEnglish) == "\\x1b[2J  0 B");
}
