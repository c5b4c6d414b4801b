# SPDX-License-Identifier: Apache-2.0
# Sourced by *.test: makes nested.img, 4 MiB of FAT12. Existing: box.zip with a picture and an archive in it, odd.dat with
# a picture behind 700 other bytes. In unallocated space: a picture twice, and a document.
cat >nested.py <<'PY'
import io, sys, zipfile
def golden(name):
    with open(f"{sys.argv[1]}/../golden/carve/{name}/input.hex", encoding="ascii") as source:
        return bytes.fromhex(source.read())
def zipped(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 2, 3, 4, 6)), data)
    return out.getvalue()
gif, png, pdf = golden("gif/animation"), golden("png/two-idat"), golden("pdf/linearized")
if len(sys.argv) == 2:
    open("box.zip", "wb").write(zipped(("in/photo.gif", gif), ("inner.zip", zipped(("memo.txt", b"a memo\n" * 30)))))
    open("odd.dat", "wb").write(bytes(128 + i * 7 % 100 for i in range(700)) + gif)
else:
    with open(sys.argv[2], "r+b") as image:
        for at, data in ((1 << 20, png), (3 << 19, pdf), (5 << 19, png)):
            image.seek(at)
            image.write(data)
PY
python3 nested.py "$CASES"
mkfs.vfat -C -F 12 -i 1234abcd -n NESTED nested.img 4096 >/dev/null
touch -d 2026-01-01T00:00:00Z box.zip odd.dat
mcopy -m -i nested.img box.zip odd.dat ::
python3 nested.py "$CASES" nested.img
