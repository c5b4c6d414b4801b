// SPDX-License-Identifier: Apache-2.0
//   SID := u8 revision (1), u8 count (0–15), 6 bytes authority (big-endian), u32 sub-authority{count}
//   descriptor := u8 revision, u8, u16 control, u32 owner, u32 group, u32 SACL, u32 DACL (offsets from its start)
#include "formats/windows_sid.h"

#include <fmt/format.h>

namespace triage {

std::string sid_text(Bytes data) {
  ByteCursor c(data);
  const auto revision = c.le<std::uint8_t>("revision");
  const auto count = c.le<std::uint8_t>("sub-authority count");
  std::uint64_t authority = c.be<std::uint16_t>("authority");
  authority = authority << 32 | c.be<std::uint32_t>("authority");
  if (revision != 1 || count > 15) return {};
  std::string out = fmt::format("S-1-{}", authority);
  for (unsigned i = 0; i < count; ++i) out += fmt::format("-{}", c.le<std::uint32_t>("sub-authority"));
  return c.ok() ? out : std::string{};
}

std::string descriptor_owner(Bytes descriptor) {
  ByteCursor c(descriptor);
  c.skip(4, "revision, control");
  const auto owner = c.le<std::uint32_t>("owner");
  if (!c.ok() || owner < 20 || owner >= descriptor.size()) return {};
  return sid_text(descriptor.subspan(owner));
}

}  // namespace triage
