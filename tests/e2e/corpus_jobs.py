#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""corpus_jobs.py TRIAGE [CORPUS]: the whole corpus through `triage run`, with one worker and with two.

Every export is the same byte for byte, and no file of the corpus ends a worker or a run. Packed samples (hives, disk
images) are unpacked and read beside the others; of the NTFS image the $LogFile names the files that its maker deleted.
Exit status 0, 1, or 77 where the corpus is absent.
"""
import hashlib
import json
import lzma
import os
import pathlib
import subprocess
import sys
import tempfile
import zipfile

EXPORTS = ["timeline.jsonl.zst", "timeline.csv", "files.csv", "findings.jsonl", "damage.jsonl"]
# 7-undel-ntfs: the files its README says were made and deleted.
DELETED = {"frag1.dat", "frag2.dat", "frag3.dat", "sing1.dat", "sing2.dat", "mult1.dat", "mult2.dat", "res1.dat"}


def unpack(corpus, folder):
    """Hives and images; returns the images."""
    images = []
    for packed in sorted(corpus.glob("registry/**/*.xz")):
        place = folder / "registry" / packed.relative_to(corpus / "registry").with_suffix("")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(lzma.decompress(packed.read_bytes()))
    for packed in sorted(corpus.glob("carving/*.zip")):
        with zipfile.ZipFile(packed) as archive:
            for name in archive.namelist():
                if name.endswith((".dd", ".img", ".raw")):
                    images.append(folder.parent / os.path.basename(name))
                    images[-1].write_bytes(archive.read(name))
    return images


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main(arguments):
    root = pathlib.Path(__file__).resolve().parents[2].parent / "shared/corpus"
    corpus = pathlib.Path(arguments[1]) if len(arguments) > 1 else root
    if not corpus.exists():
        print("skipped 1 corpus: none beside the checkout")
        return 77
    failures = 0

    def check(good, words):
        nonlocal failures
        failures += not good
        print(f"{'ok' if good else 'FAIL'}: {words}", flush=True)

    with tempfile.TemporaryDirectory() as place:
        unpacked = pathlib.Path(place) / "unpacked"
        unpacked.mkdir()
        images = unpack(corpus, unpacked)
        digests = []
        for jobs in ("1", "2"):
            case = pathlib.Path(place) / f"case{jobs}"
            done = subprocess.run([arguments[0], "run", str(corpus), str(unpacked), *map(str, images), "--case", str(case), "-q",
                                   "--jobs", jobs, "--lang", "en"], check=False, capture_output=True, text=True)
            check(done.returncode in (0, 1), f"--jobs {jobs} ends with {done.returncode} {done.stderr[-300:]}")
            digests.append({name: digest(case / "3-investigation" / name) for name in EXPORTS})
        check(digests[0] == digests[1], f"--jobs 1 and --jobs 2 give the same: {[n for n in EXPORTS if digests[0][n] != digests[1][n]]}")
        damages = [json.loads(line) for line in (case / "3-investigation/damage.jsonl").read_text().splitlines()]
        ended = [d for d in damages if d["kind"] in ("crash", "timeout")]
        check(not ended, f"no file ends a worker: {ended[:3]}")
        said = subprocess.run([arguments[0], "timeline", "--case", str(case), "--json"], check=True, capture_output=True, text=True).stdout
        events = [json.loads(line) for line in said.splitlines()]
        logged = {e["object"] for e in events if e["artifact"] == "ntfs.logfile" and e["what"] == "file.deleted"}
        check(DELETED <= logged, f"$LogFile of 7-undel-ntfs names what was deleted: {sorted(DELETED - logged)} missing")
        kinds = {e["artifact"] for e in events}
        check(len(kinds) >= 30, f"{len(events)} events of {len(kinds)} artifacts, {len(damages)} damages")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
