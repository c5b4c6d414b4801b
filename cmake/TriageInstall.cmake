# SPDX-License-Identifier: Apache-2.0
# Installed layout and the .deb (CPack): the program under all its names, rules, playbooks, man pages, completions.
install(TARGETS triage RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

# triage-NAME is the same program called by another name.
get_property(commands GLOBAL PROPERTY TRIAGE_COMMANDS)
foreach(command IN LISTS commands)
  if(command STREQUAL "generate")
    continue()
  endif()
  set(link "${PROJECT_BINARY_DIR}/links/triage-${command}")
  file(MAKE_DIRECTORY "${PROJECT_BINARY_DIR}/links")
  file(CREATE_LINK triage "${link}" SYMBOLIC)
  install(FILES "${link}" DESTINATION ${CMAKE_INSTALL_BINDIR})
endforeach()

foreach(data rules playbooks)
  if(IS_DIRECTORY "${PROJECT_SOURCE_DIR}/${data}")
    install(DIRECTORY "${PROJECT_SOURCE_DIR}/${data}/" DESTINATION ${CMAKE_INSTALL_DATADIR}/triage/${data})
  endif()
endforeach()

get_property(docs GLOBAL PROPERTY TRIAGE_DOCS)
install(DIRECTORY "${docs}/man/" DESTINATION ${CMAKE_INSTALL_MANDIR})
install(FILES "${docs}/completions/bash/triage" DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES "${docs}/completions/zsh/_triage" DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES "${docs}/completions/fish/triage.fish" DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME triage)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "forensic triage toolkit for information leaks")
set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}")
set(CPACK_PACKAGE_CONTACT "The triage authors <triage@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "weasyprint, fonts-noto-cjk")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION 
"Reads a disk, an image, a memory image or a folder once and makes a case of
it: files with their hashes, deleted and carved files, a timeline of who did
what when, findings with the events they rest on, and a report in Japanese
or English that a reader can check with ordinary tools.")
include(CPack)
