#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""authorized_keys and known_hosts with keys made of fixed bytes; fingerprints by hashlib."""
import base64
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "fields by hand; fingerprints by hashlib: 'SHA256:' and base64 of sha256 of the key"
def key(kind, fill):
    blob = struct.pack(">I", len(kind)) + kind + struct.pack(">I", 32) + bytes([fill]) * 32
    return kind + b" " + base64.b64encode(blob)
ED, RSA = b"ssh-ed25519", b"ssh-rsa"
AUTHORIZED = b'# keys\n' + key(ED, 1) + b' eve@laptop\n' + b'from="192.0.2.0/24",command="echo \\"a b\\"" ' + key(RSA, 2) + b'\n\n'
KNOWN = b'files.example,192.0.2.9 ' + key(ED, 3) + b'\n' + b'|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg= ' + key(RSA, 4) + b'\n' + b'[git.example]:2222 ' + key(ED, 5) + b'\n@revoked * ' + key(ED, 6) + b' old\n'
case(__file__, "authorized", AUTHORIZED, path="/home/suzuki/.ssh/authorized_keys", expected_from=HAND, covers="a plain key, one with options that hold blanks")
case(__file__, "known", KNOWN, path="/root/.ssh/known_hosts", expected_from=HAND, covers="names, a hashed name, a port, a mark")
case(__file__, "damaged-key", key(ED, 1)[:-9] + b'\n' + key(ED, 7) + b' good\n', path="/home/suzuki/.ssh/authorized_keys", expected_from=HAND, covers="a key that is cut, then a good one")
