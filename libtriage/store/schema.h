// SPDX-License-Identifier: Apache-2.0
// The SQL of case.db. Tables (named t_…) are ours and may change with kSchemaVersion; the views are the public
// interface described in README.md of this folder.
#pragma once

#include <string_view>

namespace triage {

/// `PRAGMA application_id` of a case.db: "trcs" in ASCII.
inline constexpr int kApplicationId = 0x74726373;
/// `PRAGMA user_version`; raised when tables or views change.
inline constexpr int kSchemaVersion = 1;

std::string_view table_schema();
std::string_view view_schema();
/// Indexes that would slow inserts down; made when evidence is finished, dropped when new evidence begins.
std::string_view index_schema();
std::string_view drop_indexes();

}  // namespace triage
