"""Build `docs/slslint.schema.json`, the JSON Schema of the settings, from the keys and the rules' options.

python scripts/build_schema.py          writes the schema
python scripts/build_schema.py --check  fails when it is not current
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from slslint import registry
from slslint.config.schema import schema

SCHEMA = Path(__file__).parent.parent / "docs" / "slslint.schema.json"


def main() -> int:
    """Write the schema, or compare it."""
    text = json.dumps(schema(registry.vocabulary(registry.load())), indent=1) + "\n"
    if "--check" not in sys.argv[1:]:
        SCHEMA.write_text(text)
        return 0
    if SCHEMA.exists() and SCHEMA.read_text() == text:
        return 0
    print(f"{SCHEMA} is not current; run {Path(__file__).name}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
