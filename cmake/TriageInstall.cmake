# SPDX-License-Identifier: Apache-2.0
# Installed layout and the .deb (CPack).
install(TARGETS triage RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY "${PROJECT_SOURCE_DIR}/rules/" DESTINATION ${CMAKE_INSTALL_DATADIR}/triage/rules)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/playbooks/" DESTINATION ${CMAKE_INSTALL_DATADIR}/triage/playbooks)
