#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Docker's and CRI's logs."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "read by hand from the lines in build.py"
DOCKER = b'{"log":"root@e7:/# ls \\"x\\"\\r\\n","stream":"stdout","time":"2016-01-07T16:49:10.237Z"}\n{"log":"tab\\there\\n","stream":"stderr","attrs":{"tag":"a"},"time":"2016-01-07T16:49:11.000000001Z"}\n'
CRI = b"2016-10-06T00:17:09.669794202Z stdout P log content 1\n2024-04-16T06:21:30.494902976+09:00 stderr F 2024/04/16 Starting server...\n"
ID = "e7d0b7ea5ccf08366e2b0c8afa2318674e8aefe802315378125d2bb83fe3110c"
case(__file__, "docker", DOCKER, path=f"/var/lib/docker/containers/{ID}/{ID}-json.log", expected_from=HAND, covers="escapes, both streams, nanoseconds, the container's id")
case(__file__, "cri", CRI, path="/var/log/pods/default_web_1/web/0.log", expected_from=HAND, covers="parts and whole lines, UTC and an offset")
case(__file__, "damaged-line", DOCKER[:50] + b"\n" + DOCKER, path=f"/var/lib/docker/containers/{ID}/{ID}-json.log", expected_from=HAND, covers="a line that is cut")
