#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""PCA text files as Windows 11 22H2 writes them."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case

HAND = "the lines given to build.py"
FOLDER = "/Windows/appcompat/pca/"
dic = "C:\\Program Files\\7-Zip\\7zFM.exe|2026-04-10 10:28:55.476\r\nE:\\tool\\sdelete.exe|2026-04-10 10:39:01.001\r\n"
general = ("2026-04-10 10:39:05.789|2|%programfiles%\\x\\x.exe|x updater|x corporation|1.2.3|0006aabb|Abnormal process exit with code 0x1\r\n"
           "2026-04-10 10:40:00.000|0|e:\\顧客\\setup.exe|||||\r\n")
case(__file__, "launch", dic.encode(), path=FOLDER + "PcaAppLaunchDic.txt", expected_from=HAND, covers="two programs")
case(__file__, "general-utf16", general.encode("utf-16-le"), path=FOLDER + "PcaGeneralDb0.txt", expected_from=HAND, covers="UTF-16 with empty parts")
case(__file__, "damaged-line", (dic + "nonsense\r\nC:\\a.exe|not a time\r\n").encode(), path=FOLDER + "PcaAppLaunchDic.txt", expected_from=HAND, covers="lines that are no entry")
