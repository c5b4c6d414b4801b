#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Ethereum key store."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import cases  # noqa: E402

GOOD = (b'{"address":"00112233445566778899aabbccddeeff00112233","crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"00"},'
        b'"ciphertext":"aa}bb","kdf":"scrypt","kdfparams":{"n":262144},"mac":"cc"},"id":"1","version":3}\n')
cases(__file__, "key-store", GOOD, covers="a brace inside a string, a line end", after=bytes(600),
      decoy=b'{"version": 2, "name": "some other program", "items": [1, 2, 3, {"a": "b"}]}', why="not the fields of a wallet")
