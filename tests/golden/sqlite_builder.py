# SPDX-License-Identifier: Apache-2.0
"""Databases for build.py scripts, made by the sqlite3 module: small pages, deleted rows left where they were."""
import pathlib
import sqlite3
import tempfile

ROWS = "the rows that build.py put in, times by its own arithmetic"


def database(schema, *fillers):
    """The bytes of a database after `schema` and each of `fillers`, functions of the connection."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "db")
        db = sqlite3.connect(path)
        db.execute("PRAGMA page_size=1024")
        db.execute("PRAGMA secure_delete=OFF")
        db.executescript(schema)
        for filler in fillers:
            filler(db)
            db.commit()
        db.close()
        return path.read_bytes()
