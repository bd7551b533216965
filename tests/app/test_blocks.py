"""What stands inside a block is the same, and in the same order, as one by one."""

from sources import code_of

from slslint.app.blocks import Blocks

SOURCE = """\
def handler(event, context):
    first(event)
    if event["kind"] == "a":
        found = second(event)
        for each in found:
            if each:
                third(each)
                return each
        fourth(found)
    elif event["kind"] == "b":
        found = None
    else:
        try:
            found = fifth(event)
        except KeyError:
            return None
    return sixth(found)
"""


def test_what_stands_inside_each_block_is_found_in_textual_order() -> None:
    function = code_of(SOURCE).handler.function
    inside = Blocks(function)
    for block in range(len(function.blocks)):
        for things, by_block in (
            (function.calls, inside.calls),
            (function.assigns, inside.assigns),
            (function.exits, inside.exits),
        ):
            one_by_one = [each for each in things if function.within(each.block, block)]
            assert list(by_block.within(block)) == one_by_one


def test_a_block_without_anything_in_it_holds_nothing() -> None:
    function = code_of(SOURCE).handler.function
    alone = next(index for index, block in enumerate(function.blocks) if block.kind == "except")
    assert list(Blocks(function).calls.within(alone)) == []
