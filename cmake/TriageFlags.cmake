# SPDX-License-Identifier: Apache-2.0
# Language level, warnings, hardening and sanitizers for every target of the project.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

find_program(TRIAGE_CCACHE ccache)
if(TRIAGE_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${TRIAGE_CCACHE}")
endif()

add_library(triage_flags INTERFACE)
target_compile_options(triage_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor
  # GCC 12 sees overlaps and overflows in inlined std::string code at -O3 that are not there (GCC bugs 105651, 105329).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict;-Wno-array-bounds;-Wno-stringop-overflow>
  $<$<BOOL:${TRIAGE_WERROR}>:-Werror>
  # Guessed wrong for std::optional and tl::expected; it stays a warning.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-error=maybe-uninitialized>
  -fstack-protector-strong)
target_compile_definitions(triage_flags INTERFACE
  _FILE_OFFSET_BITS=64
  $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(triage_flags INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
  add_link_options(-Wl,-z,relro,-z,now)
endif()
if(TRIAGE_SANITIZE)
  add_compile_options(-fsanitize=${TRIAGE_SANITIZE} -fno-omit-frame-pointer -g)
  add_link_options(-fsanitize=${TRIAGE_SANITIZE})
endif()
# Paths of the build machine do not reach the binary: two checkouts give the same bytes.
add_compile_options("-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=")
