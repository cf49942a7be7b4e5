"""Tests keep what Python compiles, also where the environment says not to, as many containers do.

Without it each run, each of its workers and each process that a test starts would compile thousands of modules anew.
"""

import os
import sys

sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
