// SPDX-License-Identifier: Apache-2.0
// The chain of each item: every hand-over begins where the one before ended. A hole is shown, never closed.
#include <fmt/format.h>

#include <map>

#include "bytes/time_formats.h"
#include "playbook/case_record.h"

namespace triage {
namespace {

void add_fault(ItemChain& chain, const Handover& move, const char* kind, std::string en, std::string ja) {
  chain.faults.push_back({kind, move.entry, {std::move(en), std::move(ja)}});
}

const std::string& end_of(const Handover& move) { return move.received_at.empty() ? move.at : move.received_at; }

void check_pair(ItemChain& chain, const Handover& before, const Handover& move) {
  if (before.to != move.from)
    add_fault(chain, move, "gap",
              fmt::format("released by {}, but entry {} left it with {}", move.from, before.entry, before.to),
              fmt::format("引渡者は{}だが、記録{}では{}が保管していた", move.from, before.entry, before.to));
  const auto ended = parse_time_text(end_of(before)), began = parse_time_text(move.at);
  if (ended && began && *began < *ended)
    add_fault(chain, move, "overlap",
              fmt::format("released at {}, before it was received at {}", move.at, end_of(before)),
              fmt::format("引渡し {} が、その前の受領 {} より早い", move.at, end_of(before)));
  if (before.kind == "disposed" || before.kind == "returned")
    add_fault(
        chain, move, "overlap", fmt::format("moved after entry {} said it was {}", before.entry, before.kind),
        fmt::format("記録{}で{}とされた後に移動している", before.entry, before.kind == "disposed" ? "廃棄" : "返却"));
}

void check_move(ItemChain& chain, const Handover& move) {
  const auto released = parse_time_text(move.at), received = parse_time_text(end_of(move));
  if (!released) add_fault(chain, move, "gap", "the time of the hand-over is not known", "引渡しの日時が分からない");
  if (released && received && *received > *released && move.carrier.empty())
    add_fault(chain, move, "gap", fmt::format("between {} and {} nobody is named as holder", move.at, move.received_at),
              fmt::format("{} から {} まで保管者の記録がない", move.at, move.received_at));
  if (released && received && *received < *released)
    add_fault(chain, move, "overlap", fmt::format("received at {} before it was released", move.received_at),
              fmt::format("受領 {} が引渡しより早い", move.received_at));
  if (move.seal_intact == false)
    add_fault(chain, move, "unsealed", fmt::format("seal {} was not intact", move.seal),
              fmt::format("封印 {} に異常があった", move.seal));
  if (move.hash_agrees == false)
    add_fault(chain, move, "hash", "the re-hash does not agree with the record",
              "再計算したハッシュ値が記録と一致しない");
  if (move.signed_to.empty() && move.kind != "disposed")
    add_fault(chain, move, "unsigned", fmt::format("no signature of {}", move.to),
              fmt::format("{}の署名がない", move.to));
}

}  // namespace

std::vector<ItemChain> item_chains(const CaseRecord& record) {
  std::map<std::string, ItemChain> chains;
  for (const Handover& move : record.handovers) {
    ItemChain& chain = chains[move.item];
    chain.item = move.item;
    if (!move.label.empty()) chain.label = move.label;
    if (!chain.moves.empty()) {
      check_pair(chain, *chain.moves.back(), move);
    } else if (move.kind != "collected") {
      add_fault(chain, move, "gap", "no entry says how it was collected", "収集の記録がない");
    }
    check_move(chain, move);
    chain.moves.push_back(&move);
    chain.holder = move.kind == "disposed" ? std::string() : move.to;
  }
  std::vector<ItemChain> out;
  for (auto& [item, chain] : chains) out.push_back(std::move(chain));
  return out;
}

}  // namespace triage
