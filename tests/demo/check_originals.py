#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check_originals.py LIST: the documents built here have the hashes that truth.csv relies on.

LIST has lines of `sha256  name`, as sha256sum prints them; `--print` instead of LIST prints them.
"""
import hashlib
import sys

import content


def main():
    made = {name: hashlib.sha256(data).hexdigest() for name, data in content.originals().items()}
    if sys.argv[1] == "--print":
        for name in sorted(made):
            print(f"{made[name]}  {name}")
        return 0
    with open(sys.argv[1], encoding="utf-8") as source:
        wanted = dict(reversed(line.rstrip("\n").split("  ", 1)) for line in source)
    wrong = sorted(name for name in made.keys() | wanted.keys() if made.get(name) != wanted.get(name))
    if wrong:
        print("build_demo: these documents came out differently than on Debian 12 (another zlib?), so "
              "truth.csv would not fit: " + ", ".join(wrong), file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
