#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The language tests find what they are there to find."""
import contextlib
import io
import pathlib
import tempfile
import unittest

import commands
import originality
import relations
import terms
import texts

ENGLISH = """message 100001 6 "First"
  text    all of this is a format of eight words {user}
  about   "The control unit did it, see `show this`."
          "And more."
  note    user "Whose \\"name\\""
  related 100002
message 100002 6 "Second"
  about   "A user."
"""
JAPANESE = """language ja
message 100001 "最初"
  about   "ユーザーの`show that`が行った。"
          "続き。"
message 100002 "次"
  about   "サーバ"
"""


def catalog_of(**files):
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for name, text in files.items():
            paths.append(pathlib.Path(folder, name + ".cat"))
            paths[-1].write_text(text, encoding="utf-8")
        return texts.load(paths)


def japanese(text):
    return texts.Text("ja", ("message", 1), ("message", 1, "about"), text, "here:1")


class Reading(unittest.TestCase):
    def setUp(self):
        self.catalog = catalog_of(en=ENGLISH, ja=JAPANESE)

    def test_pieces_of_a_text_are_joined_as_the_parser_does(self):
        found = {t.slot + (t.language,): t.text for t in self.catalog.texts}
        self.assertEqual(found["message", 100001, "about", "en"], "The control unit did it, see `show this`. And more.")
        self.assertEqual(found["message", 100001, "about", "ja"], "ユーザーの`show that`が行った。続き。")
        self.assertEqual(found["message", 100001, "note", "user", "en"], 'Whose "name"')

    def test_templates_are_no_texts(self):
        self.assertFalse([t for t in self.catalog.texts if "eight words" in t.text])

    def test_the_whole_catalogue_is_read(self):
        catalog = texts.load()
        self.assertGreaterEqual(len(catalog.places), 426)
        self.assertEqual(len(catalog.pairs()), sum(t.language == "en" for t in catalog.texts))


class Originality(unittest.TestCase):
    def setUp(self):
        self.reference = originality.Reference()
        self.reference.add("さて、吾輩は*猫*である。名前は まだ無い。どこで生れたかとんと見当がつかぬ。")
        self.reference.add("One two three, four *five* six seven eight nine.")

    def test_more_than_20_characters_in_common(self):
        self.assertEqual(self.reference.common("彼は言う。吾輩は猫である。名前はまだ無い。どこで生れた"), "吾輩は猫である。名前はまだ無い。どこで生れ")
        self.assertIsNone(self.reference.common("吾輩は猫である。名前はまだ無い。どこで生"))

    def test_8_words_in_common(self):
        self.assertEqual(self.reference.common("So: two three four five six seven eight nine"), "two three four five six seven eight nine")
        self.assertIsNone(self.reference.common("two three four five six seven eight, and nine"))

    def test_commands_are_excepted(self):
        self.assertIsNone(self.reference.common("see `one two three four five six seven eight` here"))

    def run_on(self, chapter):
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as output:
            shared = pathlib.Path(folder)
            if chapter is not None:
                (shared / "seeds").mkdir()
                (shared / "seeds" / "chapter.txt").write_text(chapter, encoding="utf-8")
            return originality.main(shared), output.getvalue()

    def test_no_chapter_passes_and_says_so(self):
        status, output = self.run_on(None)
        self.assertEqual(status, 0)
        self.assertIn("nothing compared", output)

    def test_a_chapter_that_gives_nothing_to_compare_fails(self):
        status, output = self.run_on("")
        self.assertEqual(status, 1)
        self.assertIn("nothing could be compared", output)

    def test_a_stolen_sentence_fails(self):
        longest = max((t for t in texts.load().texts if t.language == "ja" and "`" not in t.text), key=lambda t: len(t.text))
        status, output = self.run_on(longest.text + " one two three four five six seven eight nine")
        self.assertEqual(status, 1)
        self.assertIn(longest.where, output)


class Terms(unittest.TestCase):
    row = staticmethod(lambda line: terms.Term.parse("glossary:1", line.replace("|", "\t")))

    def setUp(self):
        self.terms = [self.row("user|ユーザ|||ユーザー||"), self.row("server|サーバ||strict|サーバー||"),
                      self.row("master key|マスターキー||strict|||"), self.row("control unit|制御ユニット||strict|マスター|master unit|")]

    def test_discouraged_words(self):
        self.assertEqual(len(list(terms.discouraged(japanese("ユーザーがサーバに"), self.terms))), 1)
        self.assertEqual(len(list(terms.discouraged(japanese("ユーザがサーバに"), self.terms))), 0)
        self.assertEqual(len(list(terms.discouraged(japanese("マスターキーを`マスター`で"), self.terms))), 0)
        self.assertEqual(len(list(terms.discouraged(japanese("マスターのマスターキー"), self.terms))), 1)
        english = texts.Text("en", ("message", 1), ("message", 1, "about"), "The Master units meet.", "here:1")
        self.assertEqual(len(list(terms.discouraged(english, self.terms))), 1)

    def test_strict_terms(self):
        english = texts.Text("en", ("message", 1), ("message", 1, "about"), "Two servers and a user.", "here:1")
        self.assertEqual(len(list(terms.missing(english, japanese("2台のホスト"), self.terms))), 1)
        self.assertEqual(len(list(terms.missing(english, japanese("2台のサーバ"), self.terms))), 0)

    def test_labels_and_dead_rows(self):
        catalog = catalog_of(en='field user text "Person"\n', ja='language ja\nfield user "ユーザ"\n')
        rows = [self.row("user|ユーザ|user||||"), self.row("person|人|nobody||||")]
        faults = list(terms.labels(catalog, rows))
        self.assertEqual(len(faults), 2)
        self.assertIn("does not say `user`", faults[0])
        self.assertIn("no field nobody", faults[1])
        self.assertEqual([f.split(": ")[1] for f in terms.unused(catalog, rows)], ["no text uses `user`"])

    def test_strings_of_the_program(self):
        found = texts.program()
        self.assertTrue({"summary", "check_codes", "findings"} <= {pathlib.Path(text.where.split(":")[0]).stem.removeprefix("cmd_") for text in found})
        self.assertTrue(all(texts.JAPANESE.search(text.text) for text in found))

    def test_style(self):
        self.assertEqual(len(list(terms.style(japanese("（ＩＰ）")))), 1)
        self.assertEqual(len(list(terms.style(japanese("`show x` を見る")))), 1)
        self.assertEqual(len(list(terms.style(japanese("`show x`を見る。Cisco TACに送る(必ず)。")))), 0)

    def test_a_row_short_of_columns(self):
        with self.assertRaises(ValueError):
            self.row("user|ユーザ")


class Commands(unittest.TestCase):
    def test_differences(self):
        found = list(commands.differences(catalog_of(en=ENGLISH, ja=JAPANESE)))
        self.assertEqual(found, ["message 100001: English only ['show this'], Japanese only ['show that']"])


class Relations(unittest.TestCase):
    def test_one_sided(self):
        found = list(relations.relations(catalog_of(en=ENGLISH)))
        self.assertEqual(len(found), 1)
        self.assertIn("100002 does not name 100001", found[0])

    def test_titles(self):
        long = catalog_of(en='message 1 6 "' + "x" * 51 + '"\nmessage 2 6 "y."\nmessage 3 6 "Y."\n')
        self.assertEqual(len(list(relations.titles(long))), 4)


if __name__ == "__main__":
    unittest.main()
