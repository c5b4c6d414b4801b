#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Transcripts as Windows PowerShell 5.1 and PowerShell 7 write them."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "read by hand from the lines in build.py"
STARS = "*" * 22
HEAD = [STARS, "Windows PowerShell transcript start", "Start time: 20260721023749", "Username: CORP\\suzuki", "RunAs User: CORP\\admin",
        "Configuration Name: ", "Machine: PC-0042 (Microsoft Windows NT 10.0.19045.0)",
        "Host Application: C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe", "Process ID: 6456", "PSVersion: 5.1.19041.1682", STARS]
END = [STARS, "Windows PowerShell transcript end", "End time: 20260721025000", STARS]
BODY = ["Transcript started, output file is C:\\t.txt", "PS C:\\Users\\suzuki> whoami", "corp\\suzuki", STARS, "Command start time: 20260721023800", STARS,
        "PS D:\\> Get-ChildItem |", ">> Select-Object Name", "", "a.txt", "PS D:\\> TerminatingError(): \"stopped\"", "PS D:\\> exit"]
PATH = "/Users/suzuki/Documents/PowerShell_transcript.PC-0042.rvARGulQ.20260721023749.txt"
def text(lines):
    return b"\xef\xbb\xbf" + "".join(line + "\r\n" for line in lines).encode()
JAPANESE = [STARS, "Windows PowerShell トランスクリプト開始", "開始時刻: 20260721093000", "ユーザー名: CORP\\鈴木", "RunAs ユーザー: CORP\\鈴木", "構成名: ",
            "コンピューター: PC-0042 (Microsoft Windows NT 10.0.19045.0)", "ホスト アプリケーション: C:\\pwsh.exe", "プロセス ID: 77", "PSVersion: 7.4.1", STARS, "PS C:\\> dir"]
case(__file__, "session", text(HEAD + BODY + END), path=PATH, expected_from=HAND, covers="start, commands with and without a time, one of two lines, end")
case(__file__, "japanese", text(JAPANESE), path=PATH, expected_from=HAND, covers="a localized head, no end")
case(__file__, "file-time", text(HEAD + END), path=PATH, modified="2026-07-20T17:50:00Z", expected_from=HAND, covers="the zone follows from the file's time: UTC+9")
case(__file__, "damaged-head", text(HEAD[:6]), path=PATH, expected_from=HAND, covers="cut inside the head")
case(__file__, "damaged-time", text([HEAD[0], HEAD[1], "Start time: 20261399999999"] + HEAD[3:] + END), path=PATH, expected_from=HAND, covers="a date that cannot be")
case(__file__, "damaged-no-head", text([STARS, "broken", STARS] + BODY), path=PATH, expected_from=HAND, covers="commands without a block that says who and when")
