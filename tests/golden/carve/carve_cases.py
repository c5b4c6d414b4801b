# SPDX-License-Identifier: Apache-2.0
"""The three cases every carver has: a whole file with other bytes behind it, the same file cut, a decoy.

    from carve_cases import cases
    cases(__file__, "plain", GOOD, covers="…", decoy=b"…", why="…: what makes the decoy no such file")
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from golden_builder import case  # noqa: E402

GARBAGE = bytes((7 * i * i + 3 * i + 11) & 0x7F | 0x80 for i in range(400))


def whole(script, name, good, *, covers, after=GARBAGE):
    case(script, name, good + after, covers=covers,
         expected_from=f"the {len(good)} bytes that build.py put before the other bytes")


def cases(script, name, good, *, covers, decoy, why, after=GARBAGE, cut=None):
    whole(script, name, good, covers=covers, after=after)
    size = cut or len(good) * 2 // 3
    case(script, "damaged-cut", good[:size], covers=f"the first {size} bytes only", expected_from="the bytes at hand")
    case(script, "damaged-decoy", decoy + after, covers=f"a decoy: {why}", expected_from=why)


def broken(script, name, data, *, covers, why, after=GARBAGE):
    case(script, "damaged-" + name, data + after, covers=covers, expected_from=why)
