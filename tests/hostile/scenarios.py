# SPDX-License-Identifier: Apache-2.0
"""Runs that are more than a file handed to triage: others touch the evidence, output lies oddly.

`prepare` runs before, the thread of `disturb` during the run. An item names one by expect.scenario.
"""
import os
import threading

PRECIOUS = b"somebody's own notes\n"
DISTURBING = ("truncate", "empty", "vanish", "overwrite")


def prepare(scenario, place):
    if scenario == "case-is-evidence":
        place.case = place.evidence
    elif scenario == "foreign-folder":
        place.case.mkdir()
        (place.case / "precious.txt").write_bytes(PRECIOUS)
        (place.case / "precious.txt").chmod(0o600)
    elif scenario == "beneath-a-file":
        stone = place.root / "stone"
        stone.write_bytes(PRECIOUS)
        place.case = stone / "case"


def faults(scenario, place):
    """What the scenario itself demands afterwards."""
    if scenario == "foreign-folder":
        names = sorted(os.listdir(place.case))
        if names != ["precious.txt"]:
            yield f"the foreign folder was written to: {names}"
        elif (place.case / "precious.txt").read_bytes() != PRECIOUS:
            yield "the foreign file was changed"
    elif scenario == "beneath-a-file" and (place.root / "stone").read_bytes() != PRECIOUS:
        yield "the file in the way was changed"


class Disturber(threading.Thread):
    """Waits for the case folder, then spoils the evidence; stop() ends it."""

    def __init__(self, scenario, place):
        super().__init__(daemon=True)
        self.scenario, self.place, self.ended = scenario, place, threading.Event()

    def run(self):
        while not self.place.case.exists():
            if self.ended.wait(0.002):
                return
        path = self.place.evidence
        path.chmod(0o644)
        if self.scenario == "vanish":
            path.unlink()
        elif self.scenario == "overwrite":
            self.overwrite(path)
        else:
            os.truncate(path, 0 if self.scenario == "empty" else path.stat().st_size // 2)

    def overwrite(self, path):
        with open(path, "r+b", buffering=0) as stream:
            size, turn = path.stat().st_size, 0
            while not self.ended.wait(0.001):
                turn += 1
                stream.seek(turn * 7919 * 4096 % (size - 4096))
                stream.write(bytes((turn * 31 + index) & 0xFF for index in range(4096)))

    def stop(self):
        self.ended.set()
        self.join()
