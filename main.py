"""Start the platform from a checkout: `python main.py` is `stackwright serve`."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "src"))

from stackwright.cli import main

# What the platform starts with this interpreter must find the package too, installed or not.
known = os.environ.get("PYTHONPATH", "")  # noqa: TID251
os.environ["PYTHONPATH"] = f"{sys.path[0]}{os.pathsep}{known}".rstrip(os.pathsep)  # noqa: TID251

if __name__ == "__main__":
    main(["serve", *sys.argv[1:]])
