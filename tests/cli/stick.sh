# SPDX-License-Identifier: Apache-2.0
# Sourced by *.test: makes stick.img, 2 MiB of FAT12 with an existing and a deleted file, and a picture that no folder
# knows. Sizes, places and contents are the same on every run; some directory stamps are not.
png=$CASES/../golden/carve/png/two-idat/input.hex
mkfs.vfat -C -F 12 -i 1234abcd -n STICK stick.img 2048 >/dev/null
printf 'customer list\n' >kept.txt
printf 'a deleted memo of forty-two bytes or so...\n' >memo.txt
touch -d 2026-01-01T00:00:00Z kept.txt memo.txt
mcopy -m -i stick.img kept.txt memo.txt ::
mdel -i stick.img ::memo.txt
python3 - "$png" <<'PY'
import sys
with open(sys.argv[1], encoding="ascii") as source, open("stick.img", "r+b") as image:
    image.seek(1 << 20)
    image.write(bytes.fromhex(source.read()))
PY
