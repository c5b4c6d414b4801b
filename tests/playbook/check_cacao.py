#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check_cacao.py < PLAYBOOK.json: the required properties of CACAO 2.0 (sections 3.1, 4.1 to 4.5, 6.1, 7.5), and that the
workflow is one walk from its start to its end."""
import json
import re
import sys

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
REQUIRED = ("type", "spec_version", "id", "name", "created_by", "created", "modified", "workflow_start", "workflow")


def main():
    book = json.load(sys.stdin)
    faults = [f"no {key}" for key in REQUIRED if key not in book]
    if faults:
        sys.exit("; ".join(faults))
    assert book["type"] == "playbook" and book["spec_version"] == "cacao-2.0"
    assert re.fullmatch("playbook--" + UUID, book["id"]) and re.fullmatch("identity--" + UUID, book["created_by"])
    assert all(re.fullmatch(STAMP, book[key]) for key in ("created", "modified"))
    for name, agent in book["agent_definitions"].items():
        assert re.fullmatch("group--" + UUID, name) and agent["type"] == "group" and agent["name"]
    steps, at, seen = book["workflow"], book["workflow_start"], set()
    while True:
        step = steps[at]
        assert at not in seen and re.fullmatch(step["type"] + "--" + UUID, at), at
        seen.add(at)
        if step["type"] == "end":
            break
        if step["type"] == "action":
            assert step["agent"] in book["agent_definitions"], at
            assert step["commands"] and all(c["type"] == "manual" and c["command"] for c in step["commands"]), at
        at = step["on_completion"]
    assert seen == set(steps), "steps that no walk reaches"
    print(f"{len(steps)} steps, one walk")


if __name__ == "__main__":
    main()
