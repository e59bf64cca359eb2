"""Start the platform from a checkout: `python main.py` is `stackwright serve`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "src"))

from stackwright.cli import main

if __name__ == "__main__":
    main(["serve", *sys.argv[1:]])
