"""`python -m slslint`, and what the `slslint` command runs."""

from __future__ import annotations

import gc
import sys


def main() -> int:
    """Run the command line and return its exit status."""
    # What a check makes lives until its unit is done, so looking for garbage meanwhile finds none. The engine collects
    # between units.
    gc.disable()
    try:
        from slslint import cli

        return cli.main()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
