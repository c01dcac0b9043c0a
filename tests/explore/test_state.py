"""The address of a page: what it says is what is shown, and what it cannot say is refused."""

from __future__ import annotations

import pytest

pytest.importorskip("dash", reason="the extra explore is not installed")

from assumptions import AssumptionError, levers
from engine.explore import controls, numbers, page, state
from engine.outputs import texts

ADDRESSES = (
    "?lang=en",
    "?scenario=1B%2C3B&basis=published&lang=es",
    "?lever=social_quota%3D125%25+from+2010&lang=en",
    "?lever=weeks_required%3D750+from+2010%2C+law%3Dboth&to=2050&year=2040&lang=en",
    "?overlay=reform_december_2020&lever=density%3D70%25&wage=2.5&born=1970&age=62&lang=es",
    "?lever=real_return%3D4%25+from+2010&lever=real_return%3D5%25+from+2020&lang=en",
)


@pytest.mark.parametrize("query", ADDRESSES)
def test_an_address_reads_back_as_it_is_written(query: str) -> None:
    found = state.read(query)
    assert found.address == query
    assert state.read(found.address) == found


REFUSED = (
    ("?color=red", "address: color: is no key of an address; allowed are scenario"),
    ("?scenario=9Z", "address: scenario: '9Z' is not allowed"),
    ("?basis=legal", "address: basis: 'legal' is not allowed"),
    ("?overlay=none", "address: overlay: 'none' is not allowed"),
    ("?lever=wages%3D3", "lever: wages: unknown lever"),
    ("?lever=density%3D3", "lever: density: 300% is outside 40% to 100%"),
    ("?to=3000", "address: to: '3000' is not allowed; a year from"),
    ("?year=1990", "address: year: '1990' is not allowed; a year from 1997 to 2030 is"),
    ("?wage=0", "address: wage: '0' is not allowed; a number from 1 to 25 is"),
    ("?born=1950.5", "address: born: '1950.5' is not allowed"),
    ("?lang=de", "address: lang: 'de' is not allowed; allowed are en, es"),
    ("?to=2030&to=2040", "address: to: is given twice"),
)


@pytest.mark.parametrize(("query", "message"), REFUSED)
def test_what_an_address_cannot_say_is_refused(query: str, message: str) -> None:
    with pytest.raises(AssumptionError) as error:
        state.read(query)
    assert message in str(error.value)


def test_all_faults_of_an_address_at_once() -> None:
    with pytest.raises(AssumptionError) as error:
        state.read("?scenario=9Z&to=1&lever=a%3D1&color=red")
    assert len(error.value.faults) == 4


@pytest.mark.parametrize("query", ADDRESSES)
def test_controls_say_the_levers_they_were_made_of(query: str) -> None:
    found = state.read(query)
    text = texts.load(found.language)
    resolved = numbers.resolved(numbers.keys(found)[0]._replace(levers=()))
    listed = [
        {"id": node.id, "value": getattr(node, "value", None)}
        for group in controls.groups(found, resolved, text)
        for node in group._traverse()
        if isinstance(getattr(node, "id", None), dict) and "lever" in node.id
    ]
    said = controls.texts(listed, (), controls.extra(found))
    assert levers.parse(said) == found.statements


@pytest.mark.parametrize("language", texts.languages())
def test_every_control_has_words(language: str) -> None:
    text = texts.load(language)
    assert set(text["explore"]["group"]) >= {lever.group for lever in levers.known().values()}
    laid_out = page.layout(state.default(language))
    assert laid_out


def test_files_of_a_page_are_those_of_the_commands(annexv) -> None:
    pytest.importorskip("xlsxwriter")
    found = state.read(ADDRESSES[2])
    for ending in ("toml", "nc", "xlsx", "html"):
        name, content = page.file(found, ending)
        assert name == f"reform.{ending}"
        assert len(content) > 100
    name, content = page.file(found, "toml")
    with open("reform.toml", "wb") as stream:  # noqa: PTH123
        stream.write(content)
    assert (
        annexv("run", "-s", "3B", "--basis", "statutory", "--overlay", "reform.toml", "--out", "a.nc").status
        == 0
    )
