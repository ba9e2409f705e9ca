"""What ``pip install`` would take: every room of the package."""

import os
import re
import unittest

from tests.support import ROOT


class Package(unittest.TestCase):
    def test_names_every_folder_with_code(self):
        folders = {os.path.relpath(folder, ROOT).replace(os.sep, ".")
                   for folder, _, files in os.walk(os.path.join(ROOT, "heapscope_agent"))
                   if any(name.endswith(".py") for name in files)}
        with open(os.path.join(ROOT, "pyproject.toml")) as file:
            listed = re.search(r"^packages = \[(.*)\]$", file.read(), re.M).group(1)
        self.assertEqual(set(re.findall('"([^"]+)"', listed)), folders)


if __name__ == "__main__":
    unittest.main()
