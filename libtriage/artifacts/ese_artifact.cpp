// SPDX-License-Identifier: Apache-2.0
#include "artifacts/ese_artifact.h"

namespace triage {

Outcome tell_faults(const EseView& view, EventSink& out) {
  for (const EseFault& fault : view.faults()) out.damage(fault.kind, fault.at, fault.field, fault.detail);
  return view.faults().empty() ? Outcome::kComplete : Outcome::kPartial;
}

}  // namespace triage
