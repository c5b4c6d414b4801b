#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Task files as the task scheduler writes them (MS-TSCH §2.5)."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case

HAND = "the text given to build.py"
FOLDER = "/Windows/System32/Tasks/"
TASK = '''<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Date>2026-04-01T09:00:00.1234567</Date>
    <Author>SALES-PC7\\sales01</Author>
    <URI>\\夜間複写</URI>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger><StartBoundary>2026-04-02T03:00:00</StartBoundary></CalendarTrigger>
    <LogonTrigger><Enabled>true</Enabled></LogonTrigger>
  </Triggers>
  <Principals><Principal id="Author"><UserId>S-1-5-21-1-2-3-1001</UserId></Principal></Principals>
  <Settings><Enabled>true</Enabled><Hidden>true</Hidden></Settings>
  <Actions Context="Author">
    <Exec><Command>C:\\tool\\rclone.exe</Command><Arguments>copy C:\\work remote: &amp;&amp; exit</Arguments></Exec>
    <Exec><Command>cmd.exe</Command><WorkingDirectory>C:\\tool</WorkingDirectory></Exec>
  </Actions>
</Task>
'''
COM = '''<Task xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><RegistrationInfo><Date>2026-01-05T00:00:00Z</Date></RegistrationInfo>
<Actions><ComHandler><ClassId>{11111111-2222-3333-4444-555555555555}</ClassId></ComHandler></Actions></Task>'''
wide = b"\xff\xfe" + TASK.replace("\n", "\r\n").encode("utf-16-le")
case(__file__, "two-programs", wide, path=FOLDER + "夜間複写", expected_from=HAND, covers="two programs, two triggers, a hidden task")
case(__file__, "handler", COM.encode(), path=FOLDER + "x", expected_from=HAND, covers="a COM handler, UTF-8, date with its zone")
case(__file__, "other-file", b"not a task", path=FOLDER + "x", expected_from=HAND, covers="another file in that folder")
case(__file__, "damaged-cut", wide[:-200], path=FOLDER + "夜間複写", expected_from=HAND, covers="the end is missing")
