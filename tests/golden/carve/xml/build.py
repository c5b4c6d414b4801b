#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""XML with a comment, CDATA and a document type."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import broken, cases, whole  # noqa: E402

GOOD = (b'<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY x "]">]>\n<!-- </a> -->\n<a t="<">\n<b/><![CDATA[</a>]]><c>1</c>\n</a>\n').replace(b'"<"', b'"&lt;>"').replace(
    b'"]"', b'"y"')
cases(__file__, "nested", GOOD, covers="closing tags that are none", after=bytes(600), decoy=b"<?xml version='1.0'?>" + b" words without a root" * 9, why="no root")
whole(__file__, "picture", b'<svg xmlns="http://www.w3.org/2000/svg"><rect width="1"/></svg>\n', covers="SVG", after=bytes(600))
broken(__file__, "tags", b"<?xml version='1.0'?><a><b></a" + b"\1\2\3" * 99, covers="a root that nothing closes", why="the text's end")
