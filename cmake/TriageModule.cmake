# SPDX-License-Identifier: Apache-2.0

# triage_precompile(TARGET FIRST header...)
# TARGET is compiled with the precompiled headers of FIRST, which are made when TARGET is FIRST. The dev preset does
# without: there every file shows whether it includes what it uses, and ccache shares objects between build folders.
function(triage_precompile target first)
  if(NOT TRIAGE_PCH)
    return()
  endif()
  if(target STREQUAL first)
    target_precompile_headers(${target} PRIVATE ${ARGN})
  else()
    target_precompile_headers(${target} REUSE_FROM ${first})
  endif()
endfunction()

# triage_module(NAME [DEPENDS module...] [PUBLIC target...] [PRIVATE target...])
# Makes the static library triage_NAME out of NAME/*.cpp. A folder without sources yet is an interface library.
function(triage_module name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;PUBLIC;PRIVATE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp")
  set(target triage_${name})
  list(TRANSFORM ARG_DEPENDS PREPEND triage_)
  if(sources)
    add_library(${target} STATIC ${sources})
    target_include_directories(${target} PUBLIC "${CMAKE_CURRENT_SOURCE_DIR}")
    target_link_libraries(${target} PUBLIC ${ARG_DEPENDS} ${ARG_PUBLIC} PRIVATE triage_flags ${ARG_PRIVATE})
    triage_precompile(${target} triage_base <algorithm> <array> <fmt/format.h> <functional> <map> <memory> <optional>
      <span> <string> <string_view> <tl/expected.hpp> <vector>)
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE "${CMAKE_CURRENT_SOURCE_DIR}")
    target_link_libraries(${target} INTERFACE ${ARG_DEPENDS} ${ARG_PUBLIC})
  endif()
endfunction()

# triage_registry(FOLDER TYPE FUNCTION HEADER)
# Generates FUNCTION(), a span of every `constinit const TYPE <stem>` of FOLDER, sorted by file name. A source counts
# when it defines one; one without two golden cases (one of them damaged-*) is named and left out.
function(triage_registry folder type function header)
  if(NOT TARGET triage_${folder})
    return()
  endif()
  get_target_property(kind triage_${folder} TYPE)
  if(kind STREQUAL "INTERFACE_LIBRARY")
    return()
  endif()
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.cpp")
  file(GLOB goldens CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tests/golden/${folder}/*/*/origin")
  set(declarations "")
  set(pointers "")
  foreach(source IN LISTS sources)
    get_filename_component(stem "${source}" NAME_WE)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${source}")
    file(STRINGS "${source}" definition REGEX "constinit const ${type} ${stem}[ {]")
    if(NOT definition)
      continue()
    endif()
    set(good 0)
    set(damaged 0)
    foreach(origin IN LISTS goldens)
      if(origin MATCHES "/golden/${folder}/${stem}/damaged-[^/]*/origin$")
        math(EXPR damaged "${damaged}+1")
      elseif(origin MATCHES "/golden/${folder}/${stem}/[^/]*/origin$")
        math(EXPR good "${good}+1")
      endif()
    endforeach()
    if(good EQUAL 0 OR damaged EQUAL 0)
      message(WARNING "${folder}/${stem}.cpp is not registered: it needs a golden case and a damaged-* one under tests/golden/${folder}/${stem}/")
      continue()
    endif()
    string(APPEND declarations "extern const ${type} ${stem};\n")
    string(APPEND pointers "    &${stem},\n")
  endforeach()
  set(content "// Generated from the file names of libtriage/${folder}; do not edit.
#include <array>
#include <span>

#include \"${folder}/${header}\"

namespace triage {
${declarations}
namespace {
constexpr auto kAll = std::to_array<const ${type}*>({
${pointers}    nullptr});
}  // namespace
std::span<const ${type}* const> ${function}() { return std::span(kAll).first(kAll.size() - 1); }
}  // namespace triage
")
  set(generated "${CMAKE_CURRENT_BINARY_DIR}/${folder}_${function}.cpp")
  file(CONFIGURE OUTPUT "${generated}" CONTENT "${content}" @ONLY)
  target_sources(triage_${folder} PRIVATE "${generated}")
endfunction()
