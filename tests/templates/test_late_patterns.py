"""That PyYAML still works for others in the process, though its patterns are compiled late."""

import subprocess
import sys

OTHERS = """
import re
import slslint.templates
import yaml

assert isinstance(re.compile("a"), re.Pattern)
read = yaml.safe_load("on: 1.5\\nat: 2020-02-03\\nnone: ~\\nhex: 0x10\\n<<: {base: yes}")
print(read)
print(yaml.dump(read).splitlines()[0])
try:
    yaml.safe_load("a\\u0001b")
except yaml.reader.ReaderError as error:
    print(error.reason)
"""


def test_others_can_load_and_dump() -> None:
    done = subprocess.run([sys.executable, "-c", OTHERS], capture_output=True, text=True, check=True)
    loaded, dumped, refused = done.stdout.splitlines()
    assert loaded == "{'base': True, True: 1.5, 'at': datetime.date(2020, 2, 3), 'none': None, 'hex': 16}"
    assert dumped == "base: true"
    assert refused == "special characters are not allowed"
