"""What the program learns from letters holds for letters that it has not learnt from: each file of
letters/ is read by what was learnt from all others. Prints the table."""
import os
import pathlib
import re
import subprocess
import unittest

LEARN = pathlib.Path(os.environ["LIANLUO"]).parent / "letters" / "learn"
LETTERS = pathlib.Path("letters")
# Written against the program, or in pieces that stand in no letter: what is learnt elsewhere says
# little of them. Their own tests hold them (tests/handlers/stance_test.c, replies_test.c).
APART = {"disguises", "phrasings", "stances", "replies", "replies_learnt"}
ROW = re.compile(r"letters/(\w+)\.json +no_comment understood: (\d+) of (\d+);"
                 r" others taken for it: (\d+) of (\d+)")


class Letters(unittest.TestCase):
    def test_letters_of_people_who_were_not_learnt_from_are_understood(self):
        files = sorted(str(path) for path in LETTERS.glob("*.json"))
        table = subprocess.run([LEARN, "--cross", *files], capture_output=True, text=True,
                               timeout=300, check=True).stdout
        print(table)
        rows = [row for row in ROW.findall(table) if row[0] not in APART]
        self.assertEqual(len(ROW.findall(table)), len(files))
        understood, none, wrong, other = (sum(int(row[i]) for row in rows) for i in range(1, 5))
        self.assertGreater(none, 3000)
        self.assertGreater(other, 3000)
        # Half of the letters to be understood were written with rare words, nearly all others to
        # be taken for 无意见.
        self.assertGreaterEqual(understood * 100, none * 40)
        self.assertLessEqual(wrong * 100, other * 3)


if __name__ == "__main__":
    unittest.main()
