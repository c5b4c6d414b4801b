// SPDX-License-Identifier: Apache-2.0
// LossEstimate: what a leak may cost, as a range with method, year and warning (playbooks/damage.yaml). JNSA JO model:
//   yen a person = 500 × (10^(x-1) + 5^(y-1)) × identifiability × responsibility × response
// What was not answered spans all its values; an estimate is neither a claim nor an award.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "playbook/case_facts.h"

namespace triage {

struct YenRange {
  std::int64_t low = 0;
  std::int64_t high = 0;
};

/// Factors of the JO model. x, y: 1 to 3; identifiability 6, 3, 1; responsibility and response 2, 1.
std::int64_t jo_yen_per_person(int x, int y, int identifiability, int responsibility, int response);
/// With what the answers leave open.
YenRange jo_range(const Answers& answers);

/// Adds the tables estimate, awards, costs and the fact damage.warning, from damage.yaml of the last folder that has
/// one.
Status add_loss_facts(const std::vector<std::string>& folders, const Answers& answers, CaseFacts& facts);

}  // namespace triage
