#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plays the leak on a real NTFS volume: `laptop.py WORKDIR LIBFAKETIME` leaves WORKDIR/ntfs.img.

mkntfs, ntfs-3g and ntfscp run under libfaketime; `Clock.at` moves the time they see, so that
$STANDARD_INFORMATION, $FILE_NAME and the index entries are what those programs write at that
moment.  Times below are JST.  Needs root and /dev/fuse.
"""
import errno
import glob
import os
import struct
import subprocess
import sys
import time

import browsers
import content
import traces

VOLUME_BYTES = 256 << 20
FIRST_SECTOR = 2048
USER = "Users/tanaka.demo"
DOCUMENTS = USER + "/Documents"
DOWNLOADS = USER + "/Downloads"
RECENT = USER + "/AppData/Roaming/Microsoft/Windows/Recent"
CHROME = USER + "/AppData/Local/Google/Chrome/User Data/Default"
FIREFOX = USER + "/AppData/Roaming/Mozilla/Firefox/Profiles/demo.default-release"
HOSTS = "Windows/System32/drivers/etc/hosts"
BIN = "$Recycle.Bin/" + traces.SID
ZIP_WINDOWS = "C:\\Users\\tanaka.demo\\Documents\\backup_0412.zip"
DEVICE = "\\VOLUME{01dca91a2b3c4d00-5e0d1a2b}"


def opened(descriptor):
    """What a /proc/PID/fd entry points at; empty if it is gone or not ours to see."""
    try:
        return os.readlink(descriptor)
    except OSError:
        return ""


class Clock:
    """The time that programs started with `environment` see."""

    def __init__(self, work, library):
        self.path = os.path.join(work, "clock")
        self.environment = dict(os.environ, LD_PRELOAD=library, FAKETIME_TIMESTAMP_FILE=self.path,
                                FAKETIME_NO_CACHE="1", NO_FAKE_STAT="1", TZ="JST-9",
                                LC_ALL="C.UTF-8")

    def at(self, text):
        part = self.path + ".part"
        with open(part, "w") as out:
            # half a tick more, so that the float inside libfaketime does not round down
            out.write(text + "5\n" if len(text) == 27 else text + "\n")
        os.replace(part, self.path)

    def run(self, *argv):
        done = subprocess.run(argv, env=self.environment, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace")
        if done.returncode:
            sys.exit(f"build_demo: {argv[0]} failed ({done.returncode}): {done.stdout.strip()}")
        return done.stdout

    def wait(self, image):
        """Until the FUSE daemon, which outlives umount for a moment, has let go of the image."""
        for _ in range(500):
            if os.path.realpath(image) not in map(opened, glob.glob("/proc/[0-9]*/fd/*")):
                return
            time.sleep(0.01)
        sys.exit(f"build_demo: {image} is still in use after umount")


class Laptop:
    def __init__(self, work, library):
        self.work, self.clock = work, Clock(work, library)
        self.image, self.mount = os.path.join(work, "ntfs.img"), os.path.join(work, "mnt")
        self.files = content.originals()
        self.numbers = {}

    def format(self):
        self.clock.at("2026-03-01 10:00:00.1234567")
        with open(self.image, "wb") as out:
            out.truncate(VOLUME_BYTES)
        self.clock.run("mkntfs", "-F", "-Q", "-q", "-L", "OSDISK", "-s", "512", "-c", "4096", "-p",
                       str(FIRST_SECTOR), "-H", "255", "-S", "63", self.image)
        self.copy_in(b"", "$Extend/$UsnJrnl")

    def copy_in(self, data, target, stream=None):
        """ntfscp reaches $Extend, which a mounted ntfs-3g protects."""
        source = os.path.join(self.work, "copy")
        with open(source, "wb") as out:
            out.write(data)
        self.clock.run("ntfscp", *(["-N", stream] if stream else []), self.image, source, target)

    def as_windows_journal(self, number=64):
        """Takes the unnamed stream off $UsnJrnl, the first file made on the volume (record 64)."""
        with open(self.image, "r+b") as out:
            boot = out.read(512)
            at = struct.unpack_from("<Q", boot, 48)[0] * 4096 + number * 1024
            out.seek(at)
            record = out.read(1024)
            if record[:4] != b"FILE" or "$UsnJrnl".encode("utf-16-le") not in record:
                sys.exit("build_demo: $UsnJrnl is not where mkntfs and ntfscp used to put it")
            out.seek(at)
            out.write(traces.without_unnamed_data(record))

    def __enter__(self):
        os.makedirs(self.mount, exist_ok=True)
        self.clock.run("ntfs-3g", "-o", "noatime,streams_interface=windows,big_writes", self.image,
                       self.mount)
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", self.mount], check=True)
        self.clock.wait(self.image)

    def at(self, path):
        return os.path.join(self.mount, path)

    def folder(self, when, *paths):
        self.clock.at(when)
        for path in paths:
            os.makedirs(self.at(path), exist_ok=True)

    def write(self, when, path, data):
        """Creates or rewrites a file (or with `name:stream` a named stream) at that time."""
        self.clock.at(when)
        with open(self.at(path), "wb") as out:
            out.write(data)
        self.numbers[path] = os.stat(self.at(path.partition(":")[0])).st_ino

    def document(self, when, folder, name, created_as=None):
        self.write(when, f"{folder}/{name}", self.files[created_as or name])

    def delete(self, when, path):
        self.clock.at(when)
        os.remove(self.at(path))

    def move(self, when, old, new):
        self.clock.at(when)
        os.rename(self.at(old), self.at(new))
        self.numbers[new] = self.numbers[old]


def set_up(laptop):
    """The profile, and the memo that will be overwritten."""
    laptop.folder("2026-03-02 09:05:12.3400000", DOCUMENTS, DOWNLOADS, RECENT, CHROME, FIREFOX,
                  USER + "/AppData/Roaming/rclone", "Windows/Prefetch",
                  "Windows/System32/drivers/etc", "Program Files/7-Zip")
    laptop.folder("2026-03-02 09:05:20.5600000", BIN)
    for path in (DOCUMENTS, BIN, DOWNLOADS):
        laptop.numbers[path] = os.stat(laptop.at(path)).st_ino
    laptop.write("2026-03-02 09:06:00.1000000", HOSTS, b"")
    laptop.document("2026-04-03 16:10:02.5000000", DOCUMENTS, "送付先メモ.txt")
    laptop.write("2026-04-06 09:12:00.7500000", DOCUMENTS + "/週報_0406.txt", b"")


def fill(path):
    """Takes every free cluster of the volume.  The buffer is touched memory: where the kernel meets
    an absent page it cuts a write in two, and ntfs-3g counts its writes in the MFT record."""
    zeros = b"\0" * (1 << 17)
    with open(path, "wb", buffering=0) as out:
        for step in (len(zeros), 4096):
            try:
                while out.write(zeros[:step]):
                    pass
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise


def deletions(laptop):
    """Played last, so that no new file takes a deleted file's record.  For a moment `hosts` fills the
    volume; when the memo is deleted, its clusters are the only free ones, and the weekly report
    grows over them.  Mounted anew, ntfs-3g gives the freed record of `hosts` to `hosts` again."""
    with laptop:
        laptop.clock.at("2026-03-02 09:06:00.1000000")
        fill(laptop.at(HOSTS))
        laptop.delete("2026-04-06 09:41:30.2500000", DOCUMENTS + "/送付先メモ.txt")
        laptop.document("2026-04-06 17:45:05.3750000", DOCUMENTS, "週報_0406.txt")
        laptop.delete("2026-03-02 09:06:00.1000000", HOSTS)
    with laptop:
        laptop.write("2026-03-02 09:06:00.1000000", HOSTS, b"# demo\r\n127.0.0.1 localhost\r\n")
        laptop.delete("2026-04-10 20:05:13.1250000", DOCUMENTS + "/退職後_連絡先一覧.pdf")
        laptop.delete("2026-04-10 20:05:20.8750000", DOCUMENTS + "/設計概要_転職先提出用.docx")


def office_days(laptop):
    """2 March to 9 April: ordinary documents, and the two that will be deleted."""
    laptop.document("2026-03-16 10:12:33.2500000", DOCUMENTS, "見積書.pdf")
    laptop.document("2026-03-24 14:40:02.5000000", DOCUMENTS, "設計仕様書_社外秘.txt")
    laptop.write("2026-04-01 11:20:45.7500000", DOCUMENTS + "/顧客名簿.csv",
                 content.customer_csv(200))
    laptop.document("2026-04-02 13:05:10.6250000", DOCUMENTS, "顧客一覧.xlsx")
    laptop.document("2026-04-03 15:30:20.5000000", DOCUMENTS, "写真.jpg")
    laptop.document("2026-04-03 15:31:44.8750000", DOCUMENTS, "図面.png")
    laptop.document("2026-04-07 11:20:00.2500000", DOCUMENTS, "設計概要_転職先提出用.docx")
    laptop.document("2026-04-07 17:58:21.1250000", DOCUMENTS, "退職後_連絡先一覧.pdf")
    laptop.document("2026-04-08 10:15:00.8750000", DOWNLOADS, "eicar_test.com")
    laptop.document("2026-04-08 16:02:11.1250000", DOCUMENTS, "顧客名簿.csv")
    laptop.document("2026-04-09 10:30:00.5000000", DOCUMENTS, "議事録.txt")


def the_evening(laptop):
    """Friday 10 April 2026, 18:52 to 20:10."""
    laptop.document("2026-04-10 18:58:05.7500000", DOWNLOADS, "rclone-demo.zip")
    laptop.write("2026-04-10 18:58:05.8750000", DOWNLOADS + "/rclone-demo.zip:Zone.Identifier",
                 b"[ZoneTransfer]\r\nZoneId=3\r\nReferrerUrl=https://downloads.example/rclone/\r\n"
                 b"HostUrl=" + browsers.DOWNLOAD["url"].encode() + b"\r\n")
    laptop.document("2026-04-10 19:31:07.1234567", DOCUMENTS, "backup_0412.zip")
    laptop.write("2026-04-10 19:31:15.2500000", "Windows/Prefetch/7Z.EXE-1A2B3C4D.pf", traces.prefetch(
        "7Z.EXE", 0x1A2B3C4D, 2, ["2026-04-10 19:31:05.1234567", "2026-04-10 19:05:22.5000000"],
        (DEVICE, "2026-03-01 10:00:00.1234567"),
        [DEVICE + "\\PROGRAM FILES\\7-ZIP\\7Z.EXE", DEVICE + "\\WINDOWS\\SYSTEM32\\NTDLL.DLL",
         DEVICE + "\\USERS\\TANAKA.DEMO\\DOCUMENTS\\BACKUP_0412.ZIP"]))
    shortcuts(laptop)
    laptop.write("2026-04-10 19:47:26.5000000", USER + "/AppData/Roaming/rclone/rclone.conf",
                 b"[personal]\ntype = drive\nscope = drive\ntoken = {\"access_token\":\"DEMO-NOT-A-TOKEN\"}\n")
    laptop.write("2026-04-10 19:50:40.3750000", DOCUMENTS + "/議事録.txt:sendlist",
                 "送付予定(見本)\r\nbackup_0412.zip -> buyer@buyer.example\r\n".encode() * 40)
    size = len(laptop.files["backup_0412.zip"])
    laptop.move("2026-04-10 20:03:41.2500000", DOCUMENTS + "/backup_0412.zip", BIN + "/$RABCDEF.zip")
    laptop.write("2026-04-10 20:03:41.2500000", BIN + "/$IABCDEF.zip",
                 traces.recycled(ZIP_WINDOWS, size, "2026-04-10 20:03:41.2500000"))
    history(laptop)


def shortcuts(laptop):
    size = len(laptop.files["backup_0412.zip"])
    laptop.write("2026-04-10 19:31:40.5000000", RECENT + "/顧客名簿.lnk", traces.shortcut(
        "C:\\Users\\tanaka.demo\\Documents\\顧客名簿.csv", 28002,
        ("2026-04-01 11:20:45.7500000", "2026-04-10 19:31:40.2500000", "2026-04-08 16:02:11.1250000"),
        traces.SYSTEM_SERIAL, "OSDISK", 3, "..\\..\\..\\..\\..\\Documents\\顧客名簿.csv"))
    laptop.write("2026-04-10 19:39:02.6250000", RECENT + "/backup_0412.lnk", traces.shortcut(
        "E:\\backup_0412.zip", size, ("2026-04-10 19:38:30.1250000", "2026-04-10 00:00:00",
                                      "2026-04-10 19:31:08"), traces.USB_SERIAL, "USBDEMO"))
    laptop.write("2026-04-10 19:40:11.8750000", RECENT + "/2026年度_顧客名簿.lnk", traces.shortcut(
        "E:\\営業\\2026年度_顧客名簿_最新版_取扱注意_社外持出禁止.csv", 28002,
        ("2026-04-10 19:39:48.2500000", "2026-04-10 00:00:00", "2026-04-08 16:02:12"),
        traces.USB_SERIAL, "USBDEMO"))


def history(laptop):
    staged = {}
    for name, make in (("History", lambda p: browsers.chrome_history(
            p, len(laptop.files["rclone-demo.zip"]))), ("places.sqlite", browsers.firefox_places)):
        path = os.path.join(laptop.work, name)
        make(path)
        for suffix in ("", "-wal"):
            if os.path.exists(path + suffix):
                with open(path + suffix, "rb") as source:
                    staged[name + suffix] = source.read()
    laptop.write("2026-04-10 20:07:45.2500000", CHROME + "/History", staged["History"])
    laptop.write("2026-04-10 19:41:21.5000000", FIREFOX + "/places.sqlite", staged["places.sqlite"])
    laptop.write("2026-04-10 20:09:48.6250000", FIREFOX + "/places.sqlite-wal",
                 staged["places.sqlite-wal"])


def journal(laptop):
    """The change journal of the evening, written last; every file is in its first life (sequence 1)."""
    ref = lambda path: (1 << 48) | laptop.numbers[path]
    docs, bin_, home = ((1 << 48) | laptop.numbers[p] for p in (DOCUMENTS, BIN, DOWNLOADS))
    package, info = BIN + "/$RABCDEF.zip", BIN + "/$IABCDEF.zip"
    memo, pdf = DOCUMENTS + "/設計概要_転職先提出用.docx", DOCUMENTS + "/退職後_連絡先一覧.pdf"
    z = "backup_0412.zip"
    laptop.clock.at("2026-04-10 20:10:00.5000000")
    laptop.copy_in(traces.usn_journal([
        ("2026-04-10 18:58:05.7500000", ref(DOWNLOADS + "/rclone-demo.zip"), home,
         ["create", "extend", "close"], "rclone-demo.zip"),
        ("2026-04-10 19:31:07.1234567", ref(package), docs, ["create"], z),
        ("2026-04-10 19:31:07.2500000", ref(package), docs, ["create", "extend"], z),
        ("2026-04-10 19:31:07.5000000", ref(package), docs, ["create", "extend", "close"], z),
        ("2026-04-10 20:03:41.2500000", ref(package), docs, ["old_name"], z),
        ("2026-04-10 20:03:41.2500000", ref(package), bin_, ["new_name"], "$RABCDEF.zip"),
        ("2026-04-10 20:03:41.2500000", ref(package), bin_, ["new_name", "close"], "$RABCDEF.zip"),
        ("2026-04-10 20:03:41.3750000", ref(info), bin_, ["create", "extend", "close"], "$IABCDEF.zip"),
        ("2026-04-10 20:05:13.1250000", ref(pdf), docs, ["delete", "close"], "退職後_連絡先一覧.pdf"),
        ("2026-04-10 20:05:20.8750000", ref(memo), docs, ["delete", "close"],
         "設計概要_転職先提出用.docx"),
    ]), "$Extend/$UsnJrnl", "$J")
    laptop.copy_in(traces.usn_max("2026-03-01 10:00:00"), "$Extend/$UsnJrnl", "$Max")
    laptop.as_windows_journal()


def main():
    work, library = sys.argv[1:3]
    laptop = Laptop(work, library)
    laptop.format()
    with laptop:
        set_up(laptop)
        office_days(laptop)
        the_evening(laptop)
    journal(laptop)
    deletions(laptop)


if __name__ == "__main__":
    main()
