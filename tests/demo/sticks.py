#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The two sticks: `sticks.py WORKDIR LIBFAKETIME` leaves WORKDIR/fat.img and WORKDIR/exfat.img.

FAT32 with mtools under the laptop's clock (local time that does not say so), exFAT with mkfs.exfat
and exfat.py (local time with its UTC offset).
"""
import os
import struct
import sys
import time

import content
from exfat import ExfatVolume, stamp
from laptop import Clock
from traces import USB_SERIAL

FAT_BYTES = 63 << 20
EXFAT_BYTES = 48 << 20
REMAINS_AT = 40 << 20  # where a picture of an earlier format lies, far behind all files
LONG_NAME = "2026年度_顧客名簿_最新版_取扱注意_社外持出禁止.csv"


def stage(work, name, data, modified):
    """A host file whose time `mcopy -m` carries over."""
    path = os.path.join(work, "stage-" + name)
    with open(path, "wb") as out:
        out.write(data)
    stamp = time.mktime(time.strptime(modified, "%Y-%m-%d %H:%M:%S"))
    os.utime(path, (stamp, stamp))
    return path


def set_created(image, size, modified, created):
    """`mcopy -m` writes one time twice; Windows keeps the moment of the copy as the creation time.
    The entry is found by its own modification time and size (FAT specification, section 6)."""
    made, written = stamp(created), stamp(modified)
    with open(image, "r+b") as out:
        head = out.read(4 << 20)
        found = [at for at in range(0, len(head), 32)
                 if head[at + 11] == 0x20 and head[at + 22:at + 26] == struct.pack("<I", written[0])
                 and head[at + 28:at + 32] == struct.pack("<I", size)]
        if len(found) != 1:
            sys.exit(f"build_demo: {len(found)} FAT entries instead of one for {modified}")
        out.seek(found[0] + 13)
        out.write(struct.pack("<BI", made[1], made[0]))


def fat(work, clock, files):
    image = os.path.join(work, "fat.img")
    with open(image, "wb") as out:
        out.truncate(FAT_BYTES)
    clock.at("2026-04-02 08:45:00")
    clock.run("mkfs.vfat", "-F", "32", "-s", "1", "-S", "512", "-h", "2048", "-n", "USBDEMO", "-i",
              f"{USB_SERIAL:08x}", image)
    steps = [("2026-04-03 15:40:10", "新製品写真.jpg", "::/新製品写真.jpg", "2026-04-03 15:31:02"),
             ("2026-04-03 15:41:00", "連絡メモ.txt", "::/連絡メモ.txt", "2026-04-03 15:10:00"),
             ("2026-04-10 19:38:30", "backup_0412.zip", "::/backup_0412.zip", "2026-04-10 19:31:08"),
             ("2026-04-10 19:39:48", "顧客名簿.csv", "::/営業/" + LONG_NAME, "2026-04-08 16:02:12")]
    for now, source, target, modified in steps:
        clock.at(now)
        if target.startswith("::/営業"):
            clock.run("mmd", "-i", image, "::/営業")
        clock.run("mcopy", "-m", "-i", image, stage(work, source, files[source], modified), target)
        set_created(image, len(files[source]), modified, now)
    clock.at("2026-04-10 19:42:30")
    clock.run("mdel", "-i", image, "::/新製品写真.jpg", "::/連絡メモ.txt")
    with open(image, "r+b") as out:  # of this file no directory knows: only carving finds it
        out.seek(REMAINS_AT)
        out.write(files["旧データ.jpg"])


def exfat(work, clock, files):
    image = os.path.join(work, "exfat.img")
    with open(image, "wb") as out:
        out.truncate(EXFAT_BYTES)
    clock.at("2026-04-09 17:35:00")
    clock.run("mkfs.exfat", "-L", "USB2DEMO", image)
    volume = ExfatVolume(image)
    volume.add("図面.png", files["図面.png"], "2026-04-09 17:38:12.25", "2026-04-03 15:31:44.87")
    volume.add("顧客名簿_控え.csv", files["顧客名簿.csv"], "2026-04-09 17:40:26.45",
               "2026-04-08 16:02:11.12")
    volume.delete("図面.png")
    volume.close()


def main():
    work, library = sys.argv[1:3]
    os.environ["TZ"] = "JST-9"
    time.tzset()
    clock, files = Clock(work, library), content.originals()
    fat(work, clock, files)
    exfat(work, clock, files)


if __name__ == "__main__":
    main()
