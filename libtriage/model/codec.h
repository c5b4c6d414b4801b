// SPDX-License-Identifier: Apache-2.0
// Binary form of the model's records, for the pipes between our processes. decode() trusts nothing: a record that is
// not whole, has an enumerator out of range or trailing bytes gives nullopt.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "bytes/binary.h"
#include "model/records.h"

namespace triage {

void encode(BinaryWriter& out, const Event& event);
void encode(BinaryWriter& out, const Finding& finding);
void encode(BinaryWriter& out, const Damage& damage);
void encode(BinaryWriter& out, const FileRecord& file);
void encode(BinaryWriter& out, const OutputRecord& output);
void encode(BinaryWriter& out, const Stream& stream);
void encode(BinaryWriter& out, const VolumeRecord& volume);

/// Each reads one record; the reader is rejected (`!in.ok()`) where it is not one.
void decode(BinaryReader& in, Event& event);
void decode(BinaryReader& in, Finding& finding);
void decode(BinaryReader& in, Damage& damage);
void decode(BinaryReader& in, FileRecord& file);
void decode(BinaryReader& in, OutputRecord& output);
void decode(BinaryReader& in, Stream& stream);
void decode(BinaryReader& in, VolumeRecord& volume);

}  // namespace triage
