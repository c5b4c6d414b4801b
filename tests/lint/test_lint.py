#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The lint's own tests: each rule finds the fault that is planted for it, and leaves a good tree alone."""
import pathlib
import tempfile
import unittest

import lint

GOOD_PARSER = """// SPDX-License-Identifier: Apache-2.0
#include "artifacts/parser.h"
#include "formats/lnk_view.h"
#include <string>
constexpr std::array kReferences = {"A specification"sv};
constinit const ArtifactParser good{
    .id = "x.good",
    .title_en = "Good",
    .title_ja = "良",
    .references = kReferences,
};
"""
ORIGIN = "path: /x\nmade-by: build.py\nlicence: Apache-2.0\nsha256: 00\nexpected-from: hand\ncovers: all\n"


class Tree(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)
        self.write("libtriage/CMakeLists.txt", "triage_module(base)\ntriage_module(bytes DEPENDS base)\n")
        self.write("tools/main.cpp", "#include <CLI/CLI.hpp>\n#include \"engine/sweep.h\"\n")
        self.write("libtriage/artifacts/good.cpp", GOOD_PARSER)
        for name in ("one", "damaged-one"):
            self.case(name)

    def tearDown(self):
        self.folder.cleanup()

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def case(self, name, origin=ORIGIN):
        where = f"tests/golden/artifacts/good/{name}/"
        self.write(where + "origin", origin)
        self.write(where + "input.hex", "00\n")
        self.write(where + "expected.jsonl", "{}\n")

    def assert_one(self, faults, text):
        self.assertEqual(len(faults), 1, faults)
        self.assertIn(text, faults[0])


class Layers(Tree):
    def test_a_good_tree_has_no_faults(self):
        self.assertEqual(lint.check_layers(self.root), [])
        self.assertEqual(lint.check_parsers(self.root), [])

    def test_a_folder_that_includes_a_later_one(self):
        self.write("libtriage/bytes/x.cpp", '#include "model/event.h"\n')
        self.assert_one(lint.check_layers(self.root), "bytes/ may not include model/")

    def test_indirect_folders_are_allowed(self):
        self.write("libtriage/report/x.cpp", '#include "base/ids.h"\n#include "model/event.h"\n#include "store/a.h"\n')
        self.assertEqual(lint.check_layers(self.root), [])

    def test_parsers_do_not_see_evidence(self):
        self.write("libtriage/artifacts/x.cpp", '#include "evidence/reader.h"\n')
        self.assert_one(lint.check_layers(self.root), "artifacts/ may not include evidence/")

    def test_foreign_libraries_stay_in_their_folders(self):
        for name, folder in (("CLI/CLI.hpp", "engine"), ("yara.h", "engine"), ("tsk/libtsk.h", "recover"),
                             ("sqlite3.h", "artifacts"), ("archive.h", "formats")):
            path = self.write(f"libtriage/{folder}/x.cpp", f"#include <{name}>\n")
            self.assert_one(lint.check_layers(self.root), "only")
            path.unlink()

    def test_an_include_without_its_folder(self):
        self.write("libtriage/bytes/x.cpp", '#include "cursor.h"\n')
        self.assert_one(lint.check_layers(self.root), "not named by its folder")

    def test_a_link_that_the_design_does_not_let(self):
        self.write("libtriage/CMakeLists.txt", "triage_module(bytes DEPENDS base model)\n")
        self.assert_one(lint.check_layers(self.root), "bytes links model")

    def test_a_new_folder(self):
        self.write("libtriage/helpers/x.h", "")
        self.assert_one(lint.check_layers(self.root), "does not know")


class Parsers(Tree):
    def test_no_reference(self):
        self.write("libtriage/artifacts/good.cpp", GOOD_PARSER.replace('"A specification"sv', ""))
        self.assert_one(lint.check_parsers(self.root), "no reference")

    def test_no_japanese_title(self):
        self.write("libtriage/artifacts/good.cpp", GOOD_PARSER.replace('"良"', '""'))
        self.assert_one(lint.check_parsers(self.root), "title_ja")

    def test_a_misnamed_parser(self):
        self.write("libtriage/artifacts/good.cpp", GOOD_PARSER.replace("Parser good", "Parser bad"))
        self.assert_one(lint.check_parsers(self.root), "defines bad")

    def test_no_damaged_case(self):
        for path in (self.root / "tests/golden/artifacts/good/damaged-one").iterdir():
            path.unlink()
        (self.root / "tests/golden/artifacts/good/damaged-one").rmdir()
        self.assert_one(lint.check_parsers(self.root), "damaged-*")

    def test_an_origin_without_a_source_of_its_values(self):
        self.case("one", ORIGIN.replace("expected-from: hand\n", ""))
        self.assert_one(lint.check_parsers(self.root), "expected-from")

    def test_the_same_id_twice(self):
        self.write("libtriage/carve/good.cpp", GOOD_PARSER.replace("ArtifactParser", "Carver"))
        for name in ("one", "damaged-one"):
            for part, text in (("origin", ORIGIN), ("input.hex", ""), ("expected.jsonl", "")):
                self.write(f"tests/golden/carve/good/{name}/{part}", text)
        self.assert_one(lint.check_parsers(self.root), "is taken by")

    def test_golden_cases_of_nothing(self):
        self.write("tests/golden/artifacts/gone/one/origin", ORIGIN)
        self.assert_one(lint.check_parsers(self.root), "golden cases of nothing")


class Files(Tree):
    def test_a_machine_path(self):
        path = self.write("notes.md", "see /wo" + "rk/main/x\n")
        self.assert_one(lint.check_tree(self.root, [path]), "notes.md:1")

    def test_a_long_source_and_no_licence(self):
        path = self.write("libtriage/base/x.cpp", "\n" * 501)
        faults = lint.check_tree(self.root, [path])
        self.assertEqual(len(faults), 2, faults)

    def test_data_may_be_long(self):
        self.assertEqual(lint.check_tree(self.root, [self.write("a.jsonl", "{}\n" * 900)]), [])


if __name__ == "__main__":
    unittest.main()
