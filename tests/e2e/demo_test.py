"""The demo plays to its end and finds everything as the story says."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent


class Demo(unittest.TestCase):
    def test_the_story_comes_out_as_told(self):
        with tempfile.TemporaryDirectory(prefix="lianluo-demo-") as place:
            result = subprocess.run(
                [sys.executable, HERE / "demo.py", os.environ["LIANLUO"], place],
                capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn("全部对得上", result.stdout)


if __name__ == "__main__":
    unittest.main()
