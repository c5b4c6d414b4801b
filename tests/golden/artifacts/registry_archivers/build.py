#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""7-Zip and WinRAR histories."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from regf_builder import Hive, binary, plugin_cases, sz

hive = Hive(r"\??\C:\Users\sales01\ntuser.dat")
texts = "".join(t + "\0" for t in (r"E:\out.7z", r"C:\old.7z")).encode("utf-16-le")
hive.key(r"Software\7-Zip\Compression", "2026-04-10 10:29:00", {"ArcHistory": binary(texts)})
hive.key(r"Software\7-Zip\FM", "2026-04-10 10:28:00", {"FolderHistory": binary("C:\\work\\\0".encode("utf-16-le"))})
hive.key(r"Software\WinRAR\ArcHistory", "2026-04-09 00:00:00", {"0": sz(r"E:\a.rar"), "1": sz(r"E:\b.rar")})
plugin_cases(__file__, hive, "/Users/sales01/NTUSER.DAT", "archives and folders, newest first")
