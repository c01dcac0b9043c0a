"""Positions on the axes that the kernels share."""

MALE, FEMALE = 0, 1

# Causes of leaving active membership; the first five are also the types of pension.
RETIREMENT, DISABILITY, DEATH, OCCUPATIONAL_DISABILITY, OCCUPATIONAL_DEATH, LEAVING = range(6)
N_CAUSES = 6
N_TYPES = 5

# Generations: rights under the old law at the start, or first contribution after it.
PRESENT, FUTURE = 0, 1
N_GENERATIONS = 2

# Who pays: the old-law pension, or the guarantee on the account.
OLD_LAW, GUARANTEE = 0, 1
N_REGIMES = 2

# Accounts.
ACCOUNT_RETIREMENT, ACCOUNT_SEVERANCE, ACCOUNT_QUOTA, ACCOUNT_HOUSING = range(4)
N_ACCOUNTS = 4

# Wage ceilings, in the order of `Economy.ceilings`; the last base has no ceiling.
BASE_RETIREMENT, BASE_SEVERANCE, BASE_DISABILITY, BASE_HOUSING, BASE_OLD_LAW, BASE_UNCAPPED = range(6)
N_CEILINGS = 5
N_BASES = 6

# Who enters when.
MEMBER, ENTRANT, ARRIVAL = 0, 1, 2

# The worker's choice.
BEST, ALWAYS_OLD = 0, 1
