"""Policy levers: one sentence moves everything that belongs together.

>>> from assumptions import levers, load
>>> levers.over(load("3B"), "social_quota=125% from 2010").resolve("statutory").path("state.social_quota", [2010])[0]
1.8184375

A lever is data (`data/levers`); what it does is an overlay (:func:`text`), and it does nothing that the overlay does not do.
"""

from assumptions.levers.model import Lever, Move, Option, Said, known
from assumptions.levers.moves import changes, moved
from assumptions.levers.overlay import over, text
from assumptions.levers.sentence import Statement, parse, statement, written

__all__ = [
    "Lever",
    "Move",
    "Option",
    "Said",
    "Statement",
    "changes",
    "known",
    "moved",
    "over",
    "parse",
    "statement",
    "text",
    "written",
]
