# SPDX-License-Identifier: Apache-2.0
# triage_commit: at every build writes triage_commit.h when version or commit changed. Run as a script (-P) it does the
# writing. The commit comes from git, in an exported tree from .git_archival.txt, else it is "unknown".
if(NOT CMAKE_SCRIPT_MODE_FILE)
  set(TRIAGE_COMMIT_FOLDER "${PROJECT_BINARY_DIR}/generated")
  add_custom_target(triage_commit
    COMMAND "${CMAKE_COMMAND}" "-DSOURCE=${PROJECT_SOURCE_DIR}" "-DVERSION=${PROJECT_VERSION}"
      "-DOUT=${TRIAGE_COMMIT_FOLDER}/triage_commit.h" -P "${CMAKE_CURRENT_LIST_FILE}"
    BYPRODUCTS "${TRIAGE_COMMIT_FOLDER}/triage_commit.h"
    COMMENT "" VERBATIM)
  return()
endif()

set(commit "")
find_program(git git)
if(git AND EXISTS "${SOURCE}/.git")
  execute_process(COMMAND "${git}" -C "${SOURCE}" rev-parse --short=12 HEAD
    OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(commit)
    execute_process(COMMAND "${git}" -C "${SOURCE}" diff --quiet HEAD -- RESULT_VARIABLE differs ERROR_QUIET)
    if(differs)
      string(APPEND commit "-dirty")
    endif()
  endif()
elseif(EXISTS "${SOURCE}/.git_archival.txt")
  file(STRINGS "${SOURCE}/.git_archival.txt" commit LIMIT_COUNT 1)
  if(NOT commit MATCHES "^[0-9a-f]+$")
    set(commit "")
  endif()
  string(SUBSTRING "${commit}" 0 12 commit)
endif()
if(NOT commit)
  set(commit "unknown")
endif()
set(text "#pragma once
#include <string_view>
namespace triage::cli {
inline constexpr std::string_view kVersion = \"${VERSION}\";
inline constexpr std::string_view kCommit = \"${commit}\";
}  // namespace triage::cli
")
set(old "")
if(EXISTS "${OUT}")
  file(READ "${OUT}" old)
endif()
if(NOT old STREQUAL text)
  file(WRITE "${OUT}" "${text}")
endif()
