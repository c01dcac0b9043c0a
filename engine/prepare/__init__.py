"""The pack becomes arrays: whatever the kernels and the components are given of it is made here.

:mod:`~engine.prepare.economy` has the yearly paths, :mod:`~engine.prepare.rules` the law of each year and the switches,
:mod:`~engine.prepare.demography` who is there and what a unit of pension pays.
"""
