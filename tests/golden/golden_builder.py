# SPDX-License-Identifier: Apache-2.0
"""What every build.py of tests/golden uses: writes one case folder's input, companions and origin.

    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
    from golden_builder import case
    case(__file__, "normal", data, path="/Windows/x", expected_from="…", covers="…")
"""
import datetime
import hashlib
import pathlib
import subprocess

HEX_LIMIT = 16 << 10


def store(folder, base, data):
    """Writes `data` as base.hex (64 digits a line) or, where larger than 16 KiB, base.zst."""
    for old in (folder / f"{base}.hex", folder / f"{base}.zst"):
        old.unlink(missing_ok=True)
    if len(data) <= HEX_LIMIT:
        text = data.hex()
        lines = [text[i:i + 64] for i in range(0, len(text), 64)]
        (folder / f"{base}.hex").write_text("".join(line + "\n" for line in lines))
        return
    packed = subprocess.run(["zstd", "-19", "-q", "--single-thread"], input=data, check=True,
                            capture_output=True).stdout
    (folder / f"{base}.zst").write_bytes(packed)


def case(script, name, data, *, expected_from, covers, path="", companions=None, **more):
    """One case beside `script`; `companions` maps suffix → bytes; `more` adds origin lines."""
    folder = pathlib.Path(script).resolve().parent / name
    folder.mkdir(exist_ok=True)
    store(folder, "input", data)
    for suffix, content in (companions or {}).items():
        store(folder, "companion" + suffix, content)
    lines = {"path": path, "made-by": f"{folder.parent.name}/build.py (python3, no other tool)",
             "licence": "Apache-2.0", "sha256": hashlib.sha256(data).hexdigest(),
             "expected-from": expected_from, "covers": covers, **more}
    text = "".join(f"{key}: {value}\n" for key, value in lines.items() if value)
    (folder / "origin").write_text(text)


def filetime(text):
    """"2026-04-10 10:31:07.1234567" (UTC) to 100 ns units since 1601, without floats."""
    whole, _, fraction = text.partition(".")
    moment = datetime.datetime.strptime(whole, "%Y-%m-%d %H:%M:%S").replace(tzinfo=datetime.timezone.utc)
    return int(moment.timestamp()) * 10**7 + int((fraction + "0000000")[:7]) + 116444736000000000
