"""A fund with members and pensioners of its own: the example, what its files mean, and what is said about bad ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from assumptions import AssumptionError, Resolved
from engine.balance.actuarial import balance
from engine.balance.valuation import FUTURE, IN_PAYMENT, value
from engine.projection import run_case
from tests.counterfactual.conftest import resolved
from tests.counterfactual.test_identities import close

FUND = Path(__file__).parents[2] / "examples" / "closed_fund"
MEMBERS = "sex,birth_year,service_years,yearly_wage,number"
PENSIONERS = "kind,sex,birth_year,yearly_pension,number"


def fund(folder: Path, members: str = "", pensioners: str = "", **changes: object) -> Resolved:
    """A closed fund whose files hold the given lines below their headers."""
    lines = ["[overlay]", 'title = "t"', "[population]", "open_group = false"]
    if members:
        (folder / "members.csv").write_text(members, encoding="utf-8")
        lines.append('members_file = "members.csv"')
    if pensioners:
        (folder / "pensioners.csv").write_text(pensioners, encoding="utf-8")
        lines += ["[pensions]", 'pensioners_file = "pensioners.csv"']
    (folder / "fund.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return resolved("0B", folder / "fund.toml", **changes)


def test_the_example_is_marked_as_made_up() -> None:
    for name in ("fund.toml", "members.csv", "pensioners.csv", "benefits.csv"):
        assert "made up" in (FUND / name).read_text(encoding="utf-8").lower().replace("-", " ")


def test_the_example_runs_out() -> None:
    found = value(resolved("0B", FUND / "fund.toml"))
    assert not found.pensions[FUTURE].any()
    assert found.members == pytest.approx(sum(_numbers("members.csv")))
    assert float(found.pensioners[IN_PAYMENT].sum(axis=0)[0]) == pytest.approx(
        sum(_numbers("pensioners.csv"))
    )
    sums = balance(found)
    assert sums.liabilities["future_generations"] == 0.0
    assert sums.debts["open_group"] == sums.debts["closed_group"]

    assert found.contributors[:, 45:].max() < 1e-9 * found.members  # the youngest is 31


def _numbers(name: str) -> list[float]:
    lines = [
        line for line in (FUND / name).read_text(encoding="utf-8").splitlines() if not line.startswith("#")
    ]
    return [float(line.rpartition(",")[2]) for line in lines[1:]]


def test_pensions_of_the_first_year_are_those_of_the_file(tmp_path: Path) -> None:
    pack = fund(
        tmp_path,
        pensioners=f"{PENSIONERS}\nretirement,m,1930,12000,2\nsurvivors,f,1950,6000,1\noccupational,m,1960,5000,1\n",
        basis__ongoing_indexation="none",
    )
    found = value(pack)
    close(found.pensions[IN_PAYMENT, :, 0], [24000.0, 0.0, 6000.0, 5000.0, 0.0])
    close(found.pensioners[IN_PAYMENT, :, 0], [2.0, 0.0, 1.0, 1.0, 0.0])


def test_wages_and_service_are_those_of_the_file(tmp_path: Path) -> None:
    """Nobody leaves before the first contribution, so what they contribute on is their wage."""
    pack = fund(
        tmp_path,
        members=f"{MEMBERS}\nm,1960,10,50000,1\nf,1966,5,30000,3\n",
        contributions__density=1.0,
        decrements__leaving=0.0,
        decrements__iv_disability_scale=0.0,
        decrements__active_mortality_scale=0.0,
        decrements__occupational_disability=0.0,
        decrements__occupational_death=0.0,
    )
    found = value(pack)
    close(found.wages.sum(axis=0)[0], 50000.0 + 3 * 30000.0)
    close(found.contributors.sum(axis=0)[0], 4.0)


def test_a_changed_file_changes_the_result(tmp_path: Path) -> None:
    """The name of the file stays the same; no cache may hide what it now holds."""
    line = "h,1950,15,40000"
    one = run_case(fund(tmp_path, members=f"{MEMBERS}\n{line},1\n"))
    two = run_case(fund(tmp_path, members=f"{MEMBERS}\n{line},2\n"))
    close(two.contributors[:20], 2.0 * one.contributors[:20])
    first = run_case(fund(tmp_path, pensioners=f"{PENSIONERS}\nretirement,h,1930,12000,1\n"))
    second = run_case(fund(tmp_path, pensioners=f"{PENSIONERS}\nretirement,h,1930,24000,1\n"))
    close(second.cost[1][:20], 2.0 * first.cost[1][:20])


@pytest.mark.parametrize(
    ("members", "said"),
    [
        (
            "sex,birth_year\nm,1960\n",
            ["members.csv", "missing column service_years", "missing column yearly_wage or monthly_wage"],
        ),
        (f"{MEMBERS},name\nh,1960,1,1,1,x\n", ["unknown column name", "allowed are sex"]),
        (
            f"{MEMBERS}\nx,1960,10,50000,1\n",
            ["line 2, column sex: 'x' is not allowed", "m or f (man, woman)"],
        ),
        (f"{MEMBERS}\nh,1900,10,50000,1\n", ["line 2, column birth_year", "1927 to 1981"]),
        (f"{MEMBERS}\nh,1960,ten,50000,1\n", ["column service_years: 'ten'", "a number is needed"]),
        (f"{MEMBERS}\nh,1960,30,50000,1\n", ["column service_years", "at most 21"]),
        (f"{MEMBERS}\nh,1960,10,-1,1\nh,1960,10,1,NA\n", ["line 2", "yearly_wage", "line 3", "number"]),
        (f"{MEMBERS}\nh,1960,10,50 000,1\n", ["column yearly_wage", "as 1234.5", "a thousands separator"]),
    ],
)
def test_bad_members(tmp_path: Path, members: str, said: list[str]) -> None:
    with pytest.raises(AssumptionError) as refused:
        run_case(fund(tmp_path, members=members))
    for fragment in said:
        assert fragment in str(refused.value)


def test_bad_pensioners_and_missing_files(tmp_path: Path) -> None:
    with pytest.raises(AssumptionError, match="column kind: 'old' is not allowed; allowed are retirement"):
        run_case(fund(tmp_path, pensioners=f"{PENSIONERS}\nold,h,1930,10000,1\n"))
    pack = fund(tmp_path, members=f"{MEMBERS}\nh,1960,10,50000,1\n")
    (tmp_path / "members.csv").unlink()
    # What was read stays; only who reads anew finds nothing.
    assert run_case(pack).contributors[0] > 0.0
    with pytest.raises(AssumptionError, match=r"members\.csv: population\.members_file: no such file"):
        resolved("0B", tmp_path / "fund.toml")


def test_what_a_file_replaces_is_refused(tmp_path: Path) -> None:
    pack = fund(tmp_path, members=f"{MEMBERS}\nh,1960,10,50000,1\n")
    with pytest.raises(AssumptionError, match=r"population\.active_1996: has no effect"):
        run_case(pack.with_values({"population.active_1996": 5e4}))
