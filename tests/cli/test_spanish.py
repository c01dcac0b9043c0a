"""Errors and notices in Spanish: by --lang, the variable or the locale; files and JSON keep English."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from assumptions import liveness
from engine.cli import language

# A command, and what it says in Spanish.
WRONG = [
    (("run", "-s", "9Z"), "--scenario 9Z: no se conoce; se admiten 1B,"),
    (
        ("run", "--basis", "legal"),
        "--basis: 'legal' no se conoce; se admiten statutory, published, reconstructed, both, all",
    ),
    (
        ("run", "--set", "economy.gdp_growht=1"),
        "--set: economy.gdp_growht: nombre desconocido; ¿quiso decir economy.gdp_growth o ",
    ),
    (
        ("run", "--set", "economy.gdp_growth=35"),
        "--set: economy.gdp_growth: 35 está fuera de -0.2 a 0.2 (fracción anual; escriba 0.035 para 3.5%)",
    ),
    (("run", "--overlay", "no.toml"), "no.toml: no existe el archivo de cambios"),
    (("run", "--out", "no/run.nc"), "no/run.nc: no: no existe la carpeta; créela primero"),
    (("run", "--out", "there.nc"), "there.nc: ya existe; --force lo reemplaza"),
    (("run", "--out", "run.txt"), "run.txt: el nombre debe terminar en .nc"),
    (("run", "--foo"), "no existe la opción --foo"),
    (("report", "no.nc"), "no.nc: no existe el archivo"),
    (("plot", "no.nc", "--out", "no.png"), "no.nc: no existe el archivo"),
    (("explain", "there.nc", "-c", "x", "-y", "y"), "valor no válido de "),
    (
        ("export", "there.nc", "--out", "a.csv"),
        "there.nc: no es un archivo netCDF-4; se espera un archivo escrito por `annexv run`",
    ),
    (
        ("worker", "--wage", "3", "--from-age", "20"),
        "--wage '3': 3.00 pesos al año está por debajo del salario mínimo de 9,654.25; parece un monto en salarios mínimos;",
    ),
    (("worker", "--wage", "2mw"), "--wage requiere --from-age"),
    (("balance", "--date", "1995"), "--date '1995' no es una fecha; escríbala como 1994-12-31"),
    (("compare",), "dé dos archivos, como annexv compare A.nc B.nc, o --bases"),
]


@pytest.mark.parametrize(("command", "said"), WRONG, ids=[" ".join(command) for command, _ in WRONG])
def test_errors_in_spanish(annexv, monkeypatch, command: tuple[str, ...], said: str) -> None:
    Path("there.nc").touch()
    monkeypatch.delenv(language.VARIABLE, raising=False)
    english = annexv(*command)
    monkeypatch.setenv(language.VARIABLE, "es")
    spanish = annexv(*command)
    assert english.status == spanish.status == 2
    assert spanish.err.startswith(f"annexv: {said}")
    assert len(spanish.err.splitlines()) == 1
    assert said not in english.err
    if "Usage" not in english.err:
        numbers = r"\d[\d.,]*\d"
        assert re.findall(numbers, spanish.err) == re.findall(numbers, english.err)


def test_the_language_of_an_error_is_that_of_the_option_the_variable_or_the_locale(
    annexv, monkeypatch
) -> None:
    for name in (language.VARIABLE, *language.LOCALES):
        monkeypatch.delenv(name, raising=False)
    wrong = ("report", "no.nc")
    assert annexv(*wrong).err == "annexv: no.nc: no such file\n"
    assert annexv(*wrong, "--lang", "es").err == "annexv: no.nc: no existe el archivo\n"
    assert annexv(*wrong).err == "annexv: no.nc: no such file\n"  # it is forgotten
    monkeypatch.setenv("LANG", "es_MX.UTF-8")
    assert annexv(*wrong).err == "annexv: no.nc: no existe el archivo\n"
    assert annexv(*wrong, "--lang", "en").err == "annexv: no.nc: no such file\n"
    assert annexv(*wrong, "--lang", "fr").err == "annexv: --lang fr: no se conoce; se admiten en, es\n"
    monkeypatch.setenv(language.VARIABLE, "fr")
    assert annexv(*wrong).err == "annexv: ANNEXV_LANG fr: not known; allowed are en, es\n"


def test_all_faults_of_a_file_in_spanish(annexv, monkeypatch) -> None:
    Path("own.toml").write_text(
        '[overlay]\ntitle = "own"\n[economy]\ngdp_growht = 1.0\ngdp_growth = 35.0\n', encoding="utf-8"
    )
    done = annexv("run", "--overlay", "own.toml", "--lang", "es")
    first, *rest = done.err.splitlines()
    assert first == f"annexv: {len(rest)} fallas:"
    assert any("nombre desconocido" in line for line in rest)
    assert not any(re.search(r"unknown|outside|allowed", line) for line in rest)


def test_notices_are_spanish_on_screen_and_english_in_json_and_file(annexv) -> None:
    odd = ("--set", "economy.real_wage_growth=0.19", "--set", "law_1995.occupational_orphan_share_both=0.4")
    done = annexv("run", "-s", "3B", "--basis", "statutory", *odd, "--out", "a.nc", "--json", "--lang", "es")
    measured = liveness.said("law_1995.occupational_orphan_share_both")
    measured = measured.replace(" from ", " desde ").replace(" not to ", " no hasta ")
    assert done.err.splitlines() == [
        "annexv: nota: economy.real_wage_growth (--set) está fuera de su intervalo documentado, 0 a 0.04: 0.19 en 1997",
        "annexv: nota: law_1995.occupational_orphan_share_both (--set) no mueve nada antes de 2031 en 3B (statutory);"
        f" movido en todo su intervalo: {measured}",
    ]
    assert "outside its documented range" in json.loads(done.out)["notices"][0]
