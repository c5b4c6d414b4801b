#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# dftt8.sh TRIAGE IMAGE: what comes back of Brian Carrier's "JPEG search test 1" (dftt.sourceforge.net, image 8): seven
# plain and archived pictures, the one in a named stream, the one behind random data, the one inside a Word file; and
# that none of the three decoys is called complete.
set -euo pipefail
triage=$1 image=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$triage" run "$image" --case "$work/case" -q || [[ $? == 1 ]]
python3 - "$work/case/3-investigation/case.db" <<'PY'
import sqlite3, sys
WANTED = {  # published with the image; the last two are named by their place
    "75b8d00568815a36c3809b46fc84ba6d": "file1.jpg", "de5d83153339931371719f4e5c924eba": "file2.dat",
    "afd55222024a4e22f7f5a3a665320763": "file6.jpg, deleted", "0c452c5800fcfa7c66027ae89c4f068a": "file7.hmm, deleted",
    "f9956284a89156ef6967b49eced9d1b1": "file8.zip/file8.jpg", "c5a6917669c77d20f30ecb39d389eb7d": "file9.boo/file9.jpg",
    "c476a66ccdc2796b4f6f8e27273dd788": "file10.tar.gz/…/file10.jpg", "9b787e63e3b64562730c5aecaab1e1f8": "file13.dll:here"}
rows = sqlite3.connect(sys.argv[1]).execute("SELECT path, md5, type, grade, kind FROM files").fetchall()
found = {md5: path for path, md5, *_ in rows}
for md5, name in WANTED.items():
    print("yes" if md5 in found else "NO ", name, found.get(md5, ""))
for container in ("file11.dat", "file12.doc"):
    inside = [path for path, _, kind, *_ in rows if container + "/" in path and kind in ("jpeg", "jpg")]
    print("yes" if inside else "NO ", "inside", container, *inside)
decoys = [row for row in rows if "/invalid/" in row[0] and (row[2] in ("jpeg", "jpg")) and row[3] in ("complete", "embedded")]
print("decoys called complete:", len(decoys), *decoys)
PY
