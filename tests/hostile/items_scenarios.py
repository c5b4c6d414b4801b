# SPDX-License-Identifier: Apache-2.0
"""Ordinary evidence in a hostile place: it changes or vanishes while read, or is its own output."""
from fat import FatVolume
from kit import KEEP, MIB, item, noise


def ordinary():
    volume = FatVolume(34 * MIB, bits=32)
    for number in range(24):
        volume.add(f"/folder/noise{number:02d}.bin", noise(512 * 1024, 100 + number))
    volume.add("/keep.txt", KEEP)
    return volume.image()


@item("live-truncated", "The evidence loses its second half as soon as the case folder appears.",
      exit=(0, 1, 3), scenario="truncate")
def truncated():
    return ordinary()


@item("live-emptied", "The evidence is cut to 0 bytes as soon as the case folder appears.",
      exit=(0, 1, 3), scenario="empty")
def emptied():
    return ordinary()


@item("live-vanished", "The evidence's name is removed as soon as the case folder appears.",
      exit=(0, 1, 3), scenario="vanish")
def vanished():
    return ordinary()


@item("live-overwritten",
      "The evidence is overwritten with noise, over and over, while it is read.",
      exit=(0, 1, 3), scenario="overwrite")
def overwritten():
    return ordinary()


@item("output-is-evidence", "--case names the evidence file itself: refused, evidence unchanged.",
      exit=(2, 6), scenario="case-is-evidence", stderr_re="evidence|not a (folder|directory|case)|"
      "exists")
def output_is_evidence():
    return ordinary()


@item("output-foreign-folder",
      "--case names a folder of somebody's own files: refused, left as is.",
      exit=(2, 6), scenario="foreign-folder", stderr_re="case|empty")
def output_foreign():
    return ordinary()


@item("output-beneath-a-file", "--case lies below something that is a file.", exit=(2, 6),
      scenario="beneath-a-file")
def output_beneath():
    return ordinary()
