"""What dialects advise can be pasted as it stands."""

import pytest
import yaml

from slslint.model import Advice, Dialect
from slslint.templates.cdk.words import PYTHON, TYPESCRIPT
from slslint.templates.cloudformation.words import CLOUDFORMATION
from slslint.templates.sam.words import SAM
from slslint.templates.serverless.words import OWN_ROLES, SERVERLESS
from slslint.templates.terraform.words import TERRAFORM, of_call

FIELDS = {"id": "Take", "seconds": 30, "most": 10, "handler": "app.handler", "actions": "s3:GetObject"}
SAID = {"policy": "AmazonS3FullAccess", "resources": "!GetAtt Bucket.Arn", "lines": "TimeoutSeconds: 60"}


@pytest.mark.parametrize("dialect", [CLOUDFORMATION, SAM, SERVERLESS, OWN_ROLES], ids=lambda each: each.name)
def test_what_is_advised_in_yaml_is_yaml(dialect: Dialect) -> None:
    for advice in Advice:
        first, _, lines = dialect.advise(advice, **FIELDS, **SAID).partition("\n")
        data = yaml.compose("\n".join(line for line in lines.splitlines() if not line.startswith(("(", "or "))))
        assert not lines or isinstance(data, yaml.MappingNode), first
    for kind in dialect.arns:
        assert yaml.compose(f"Resource: [{dialect.arn(kind, 'Thing')}, !Ref Other]"), kind


@pytest.mark.parametrize("dialect", [TERRAFORM, of_call("module.take"), TYPESCRIPT, PYTHON])
def test_actions_are_texts_where_policies_are_programs(dialect: Dialect) -> None:
    actions = dialect.items(["s3:GetObject", "s3:PutObject"])
    assert '["s3:GetObject", "s3:PutObject"]' in dialect.advise(Advice.NARROW_ACTIONS, id="Take", actions=actions)
