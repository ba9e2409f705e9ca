"""A short turn of the stress of fork safety; ``bench_fork_stress.py`` is the long one."""

import sys
import unittest

from tests.bench_fork_stress import stress
from tests.native_support import NativeTest, native

COUNT = 20


class Stress(NativeTest):
    @unittest.skipUnless(native is not None and native.forks, "this system cannot fork")
    def test_a_busy_program_is_undisturbed_and_nothing_is_left(self):
        self.assertEqual(stress(sys.executable, COUNT)["snapshots"], COUNT)
