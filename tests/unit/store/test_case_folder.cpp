// SPDX-License-Identifier: Apache-2.0
#include "store/case_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "store_fixture.h"

using namespace triage;
using namespace triage::store_test;

TEST_CASE("case folder: an absent and an empty folder become a case, with modes 0700 and 0600") {
  const Folder folder;
  CaseInit init;
  init.organisation = "Example Works";
  init.people = {{"Responder One", "responder", ""}};
  init.clock_offsets = {{"LAPTOP", -42, "photo of the BIOS"}};
  {
    const auto made = CaseFolder::open_or_create(folder / "case", init);
    REQUIRE(made);
    CHECK(made->created());
    CHECK(*made->settings() == init);
  }
  std::filesystem::create_directory(folder / "empty");
  CHECK(CaseFolder::create(folder / "empty", {}));
  CHECK(output_of("find '" + (folder / "case") + "' -type d ! -perm 0700 -o -type f ! -perm 0600") == "");
  CHECK(output_of("cd '" + (folder / "case") + "' && ls -d [1-6]-* | wc -l") == "6");
  CHECK(read_file(folder / "case/4-notification/status.json") == "{\"step\":4,\"state\":\"open\"}\n");
  CHECK(output_of("python3 -c \"import sys;print('調査' in open('" + (folder / "case") +
                  "/3-investigation/README.txt',encoding='utf-8').read())\"") == "True");
  const std::string yaml = read_file(folder / "case/case.yaml");
  CHECK(yaml.find("knew_time: ~") != std::string::npos);
  CHECK(yaml.find("leak_type: unspecified") != std::string::npos);
}

TEST_CASE("case folder: a folder with something else in it is refused and left as it was") {
  const Folder folder;
  write_file(folder / "thesis.txt", "x");
  const auto made = CaseFolder::open_or_create(folder.path(), {});
  REQUIRE_FALSE(made);
  CHECK(made.error().code == ErrorCode::kUsage);
  CHECK_FALSE(made.error().next_step.empty());
  CHECK(output_of("ls -A '" + folder.path() + "'") == "thesis.txt");
  CHECK(CaseFolder::open(folder / "absent", CaseFolder::Access::kRead).error().code == ErrorCode::kUsage);
  CHECK(CaseFolder::open(folder / "thesis.txt", CaseFolder::Access::kRead).error().code == ErrorCode::kUsage);
}

TEST_CASE("case folder: a case whose making was cut short is completed at the next open") {
  const Folder folder;
  write_file(folder / "case.yaml.part", "schem");
  CHECK(CaseFolder::create(folder.path(), {}));
  std::filesystem::remove_all(folder / "5-containment-recovery");
  std::filesystem::remove(folder / "README.txt");
  CHECK(CaseFolder::open(folder.path(), CaseFolder::Access::kWrite));
  CHECK(std::filesystem::exists(folder / "5-containment-recovery/status.json"));
  CHECK(std::filesystem::exists(folder / "README.txt"));
}

TEST_CASE("case folder: a second writer is told that the case is in use, a reader is not") {
  const Folder folder;
  const auto first = CaseFolder::create(folder / "case", {});
  REQUIRE(first);
  const auto second = CaseFolder::open(folder / "case", CaseFolder::Access::kWrite);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::kUsage);
  CHECK(second.error().message.find("another run") != std::string::npos);
  CHECK(CaseFolder::open(folder / "case", CaseFolder::Access::kRead));
}

TEST_CASE("case folder: settings a person added survive a change, broken YAML is named") {
  const Folder folder;
  auto made = CaseFolder::create(folder / "case", {});
  REQUIRE(made);
  write_file(folder / "case/case.yaml", read_file(folder / "case/case.yaml") + "insurance: policy 7\n");
  auto settings = *made->settings();
  settings.leak_type = "insider";
  settings.knew_time = "2026-04-01T09:00:00+09:00";
  REQUIRE(made->write_settings(settings));
  CHECK(*made->settings() == settings);
  CHECK(read_file(folder / "case/case.yaml").find("insurance: policy 7") != std::string::npos);
  write_file(folder / "case/case.yaml", "schema: [\n");
  const auto broken = made->settings();
  REQUIRE_FALSE(broken);
  CHECK(broken.error().code == ErrorCode::kUsage);
  write_file(folder / "case/case.yaml",
             "schema: triage.case.v1\npeople: {a: b}\nclock_offsets: [7, {offset_seconds: x}]\n");
  CHECK(made->settings());
}

TEST_CASE("case folder: step states are written and read back") {
  const Folder folder;
  auto made = CaseFolder::create(folder / "case", {});
  REQUIRE(made);
  REQUIRE(made->write_step_state(3, "running", R"({"runs":2})"));
  CHECK(made->step_state(3) == "running");
  CHECK(read_file(folder / "case/3-investigation/status.json") == "{\"step\":3,\"state\":\"running\",\"runs\":2}\n");
  write_file(folder / "case/3-investigation/status.json", "not json");
  CHECK(made->step_state(3) == "open");
}

TEST_CASE("output file: links, parents and existing names are refused, an unfinished file is taken away") {
  const Folder folder;
  std::filesystem::create_directory(folder / "in");
  std::filesystem::create_directory(folder / "out");
  std::filesystem::create_directory_symlink(folder / "out", folder / "in/link");
  const UniqueFd fd(::open((folder / "in").c_str(), O_RDONLY | O_DIRECTORY));
  for (const char* path : {"../out/a", "link/a", "/etc/a", "sub/../../out/a"}) {
    CAPTURE(path);
    const auto file = OutputFile::create(fd.get(), path, OutputFile::Existing::kReplace);
    REQUIRE_FALSE(file);
    CHECK(file.error().code == ErrorCode::kOutput);
  }
  CHECK(output_of("ls '" + (folder / "out") + "'") == "");
  {
    auto file = OutputFile::create(fd.get(), "a", OutputFile::Existing::kRefuse);
    REQUIRE(file);
    REQUIRE(file->write("one"));
  }
  CHECK(output_of("ls '" + (folder / "in") + "'") == "link");
  write_file(folder / "in/a", "kept");
  auto file = OutputFile::create(fd.get(), "a", OutputFile::Existing::kRefuse);
  REQUIRE(file);
  REQUIRE(file->write("two"));
  CHECK(file->commit().error().code == ErrorCode::kOutput);
  CHECK(read_file(folder / "in/a") == "kept");
}

TEST_CASE("case folder: a target that cannot be written is an output error" * doctest::skip(::geteuid() == 0)) {
  const Folder folder;
  std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  CHECK(CaseFolder::create(folder / "case", {}).error().code == ErrorCode::kOutput);
  std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_all);
}
