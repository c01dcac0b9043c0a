"""The pack becomes arrays: whatever the kernels and the components are given of it is made here.

:mod:`~engine.prepare.case` gathers it: yearly paths (:mod:`~engine.prepare.economy`), the law of each year and the switches
(:mod:`~engine.prepare.rules`), rates by payer (:mod:`~engine.prepare.contributions`), how housing funds pay and what is
printed (:mod:`~engine.prepare.financing`), who is there and what a unit of pension pays (:mod:`~engine.prepare.demography`).
"""
