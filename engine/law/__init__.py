"""Formulas of the two laws, on plain numbers and arrays.

Values of the law (rates, weeks, the Art. 167 table) are data in :mod:`assumptions`; here they arrive as arguments. Every
function is compiled by numba, works on one case at a time and never raises: inputs are checked before they get here.
"""

from engine.law import choice, new, old

__all__ = ["choice", "new", "old"]
