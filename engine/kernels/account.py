"""One year of an individual account."""

from engine.compiled import njit


@njit(cache=True, nogil=True, error_model="numpy")
def credit(balance: float, annual_return: float, contribution: float) -> float:
    """Balance at the end of a year: interest on the opening balance, then the year's contribution."""
    return balance * (1.0 + annual_return) + contribution
