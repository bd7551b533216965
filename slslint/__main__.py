"""`python -m slslint`, and what the `slslint` command runs."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line and return its exit status."""
    from slslint import cli

    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
