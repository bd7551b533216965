"""PyYAML without the patterns of its own scanner: nothing here asks for one, and to compile them takes 8 ms each start.

Documents are read by LibYAML; but importing it imports all of PyYAML.
"""

from __future__ import annotations

import re

from slslint.late import Late

_compile = re.compile
re.compile = Late  # type: ignore[assignment]
try:
    import yaml  # noqa: F401
finally:
    re.compile = _compile
