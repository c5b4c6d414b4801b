// SPDX-License-Identifier: Apache-2.0
#include "evidence/image_reader.h"
#include "evidence/raw_source.h"
#include "evidence/tsk_source.h"
#include "evidence/zst_source.h"

namespace triage {

Result<std::unique_ptr<EvidenceReader>> open_evidence(const EvidenceSpec& spec) {
  if (spec.format == EvidenceFormat::kFolder) return open_folder(spec);
  EvidenceRecord record;
  record.name = spec.name;
  record.format = evidence_format_name(spec.format);
  const bool raw = spec.format == EvidenceFormat::kRaw || spec.format == EvidenceFormat::kSplitRaw ||
                   spec.format == EvidenceFormat::kDevice;
  std::vector<Damage> warnings;
  const auto open_source = [&]() -> Result<std::unique_ptr<Source>> {
    if (raw) return open_raw_source(spec.paths);
    if (spec.format == EvidenceFormat::kZst) return open_zst_source(spec.paths.front(), warnings);
    return open_container_source(spec);
  };
  TRIAGE_TRY(std::unique_ptr<Source> source, open_source());
  record.size = source->size().value;
  record.sector_size = source->sector_size().value;
  if (spec.format == EvidenceFormat::kEwf) {
    read_ewf_hashes(spec, record);
    warnings = check_ewf_end(spec);
  }
  return std::make_unique<ImageReader>(std::move(source), std::move(record), std::move(warnings), spec.keys);
}

}  // namespace triage
