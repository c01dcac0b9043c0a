"""The hindcast: the projection of 1996 told what happened, one thing at a time, beside what was observed.

Nothing here is fitted: observed spending is read by :mod:`engine.hindcast.compare` alone, after everything is projected.
"""
