#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""readme_example.py COMPILER ROOT: the parser shown in libtriage/artifacts/README.md compiles without a warning."""
import pathlib
import re
import subprocess
import sys

root = pathlib.Path(sys.argv[2])
blocks = re.findall(r"```cpp\n(.*?)```", (root / "libtriage/artifacts/README.md").read_text(), re.S)
if not blocks:
    sys.exit("no example in the README")
for block in blocks:
    subprocess.run([sys.argv[1], "-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror",
                    "-fsyntax-only", f"-I{root / 'libtriage'}", "-x", "c++", "-"], input=block.encode(), check=True)
