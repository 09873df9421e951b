"""What is imported once, in the process from which those of single notebooks are forked; importing this module does it (see `pool`)."""

import contextlib
import gc
import importlib
import json
import os
from collections.abc import Iterator

from tradelib.report.notebook_format import nbformat
from tradelib.report.pool import PLAN

# All that executing and rendering a notebook loads, whatever the notebook is.
_ALWAYS = ("papermill", "nbconvert", "tradelib.report.shell", "tradelib.report.publish", "tradelib.report.render", "tradelib.show.drawing")
# Objects that may be new before the garbage collector looks, as many as five pages leave: it looks at each of them once, whenever it does.
_NEW_OBJECTS = 300_000


def _prepare() -> None:
    if PLAN not in os.environ:
        return  # somebody looks at this module, and no process was begun to fork others from
    plan = json.loads(os.environ.pop(PLAN))
    gc.disable()  # what is imported stays: looking for what does not takes a seventh of the time
    with contextlib.suppress(Exception):  # it is part of an extra
        nbformat()
    with _undescribed():
        for name in [*_ALWAYS, *plan["modules"]]:
            with contextlib.suppress(Exception, SystemExit):
                importlib.import_module(name)
    for name in plan["prepare"]:
        with contextlib.suppress(Exception, SystemExit):  # a notebook will meet the same error, and say it
            module, function = name.split(":")
            getattr(importlib.import_module(module), function)()
    # Before the collector may look: it would look through all that is new, and in a fork write to, and so copy, all that is shared.
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)
    gc.enable()


@contextlib.contextmanager
def _undescribed() -> Iterator[None]:
    """Leave out the docstrings that matplotlib 3.11 writes when it is imported, one for the method `set` of each kind of artist.

    They take a third of the time that importing it does, and the method is the same without.
    """
    try:
        from matplotlib.artist import Artist

        name = "_update_set_signature_and_docstring"
        before = vars(Artist)[name]
    except (ImportError, KeyError):
        yield
        return
    setattr(Artist, name, classmethod(lambda _: None))
    try:
        yield
    finally:
        setattr(Artist, name, before)


_prepare()
