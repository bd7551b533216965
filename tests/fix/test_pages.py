"""What a page says of a fix is what the fix is held to."""

from pathlib import Path

import pytest

from slslint import registry, testing

PAGE = """\
# unused-suppression

## Bad

`template.yaml`:

```yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/, Timeout: 3}
```

`src/app.py`:

```python
def handler(event, context):
    # slslint: ignore[wildcard-action] # warning: [unused-suppression]
    return event
```

After `slslint check --fix`:

`src/app.py`:

```python
def handler(event, context):
    return event
```
"""


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (PAGE, []),
        (
            PAGE.replace("    return event\n```\n\nAfter", "    return [event]\n```\n\nAfter"),
            ["src/app.py is not fixed as shown"],
        ),
        (
            PAGE.replace("    # slslint: ignore[wildcard-action] # warning: [unused-suppression]\n", ""),
            ["src/app.py is not"],
        ),
        (
            PAGE.replace("`:\n\n`src/app.py", "`:\n\n`template.yaml"),
            ["src/app.py is not fixed", "template.yaml is not"],
        ),
    ],
)
def test_a_page_that_shows_another_fix_is_wrong(tmp_path: Path, page: str, said: list[str]) -> None:
    (tmp_path / "unused_suppression.md").write_text(page)
    (case,) = testing.cases(str(tmp_path / "unused_suppression.md"))
    differences = testing.run(case, registry.load())
    assert [found for found, start in zip(differences, said, strict=True) if not found.startswith(start)] == []
