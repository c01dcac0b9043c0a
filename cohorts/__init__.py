"""Who they are: transition workers, new entrants, pensions in payment; decrements, careers and survival."""
