"""Labels of the axes that cohorts and kernels share, and the positions of the labels."""

SEXES = ("m", "f")
MALE, FEMALE = range(2)

# Causes of leaving active membership; all but the last are also the types of pension.
PENSION_TYPES = ("retirement", "disability", "death", "occupational_disability", "occupational_death")
CAUSES = (*PENSION_TYPES, "leaving")
RETIREMENT, DISABILITY, DEATH, OCCUPATIONAL_DISABILITY, OCCUPATIONAL_DEATH, LEAVING = range(6)
N_CAUSES = len(CAUSES)
N_TYPES = len(PENSION_TYPES)
# Beside the types, what family allowances of retirement and disability pay: those of a type stand `N_TYPES` behind it.
N_WITH_ALLOWANCES = 2
N_STREAMS = N_TYPES + N_WITH_ALLOWANCES

# Generations: rights under the old law at the start, or first contribution after it.
GENERATIONS = ("present", "future")
PRESENT, FUTURE = range(2)
N_GENERATIONS = len(GENERATIONS)

# Who pays: the old-law pension, or the guarantee on the account.
OLD_LAW, GUARANTEE = 0, 1
N_REGIMES = 2

# Accounts.
ACCOUNTS = ("retirement", "ceav", "social_quota", "infonavit")
ACCOUNT_RETIREMENT, ACCOUNT_SEVERANCE, ACCOUNT_QUOTA, ACCOUNT_HOUSING = range(4)
N_ACCOUNTS = len(ACCOUNTS)

# Wage ceilings, in the order of `Economy.ceilings`; the last base has no ceiling.
BASE_RETIREMENT, BASE_SEVERANCE, BASE_DISABILITY, BASE_HOUSING, BASE_OLD_LAW, BASE_UNCAPPED = range(6)
N_CEILINGS = 5
N_BASES = 6

# Who enters when.
MEMBER, ENTRANT, ARRIVAL = 0, 1, 2

# The worker's choice.
BEST, ALWAYS_OLD = 0, 1
