"""`dataset.annexv`: what a run says, its money, its plots and its files, on any run or selection of one."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from engine.outputs import export, headline, money, scenario_words, selection, texts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_CASES = ("basis", "scenario")
_SENTENCE = ("fiscal_cost_total", "gdp", "method", "resolved_input")


@xr.register_dataset_accessor("annexv")  # type: ignore[no-untyped-call]
class Run:
    """A run of annexv, or a part of one.

    Examples
    --------
    >>> import annexv
    >>> run = annexv.project("3B")
    >>> run.annexv.total.dims
    ('basis', 'scenario', 'year')
    >>> run.annexv.to_pesos("nominal").fiscal_cost_mxn.attrs["price_basis"]
    'each year, prices of the run'
    """

    def __init__(self, dataset: xr.Dataset) -> None:
        self._dataset = dataset

    @property
    def total(self) -> xr.DataArray:
        """Fiscal cost of all components, percent of GDP."""
        return self._dataset["fiscal_cost_total"]

    @property
    def total_mxn(self) -> xr.DataArray:
        """Fiscal cost of all components in the money of the dataset."""
        item = self._dataset["fiscal_cost_mxn"]
        return (
            item.sum("component").rename("fiscal_cost_total_mxn").assign_attrs(item.attrs)
            if "component" in item.dims
            else item
        )

    def to_pesos(self, pesos: int | str) -> xr.Dataset:
        """The same run with its money in pesos of December of a year, or ``"nominal"``.

        A year with observed prices (INPC) uses them, a later one the run's own path; nominal money always the run's path.
        ``price_basis`` of each variable says which.

        Raises
        ------
        engine.outputs.OutputError
            If the money is not known, or the dataset is not in pesos of December 1996.
        """
        return money.convert(self._dataset, pesos)

    def scenarios(self, lang: str = "en") -> dict[str, str]:
        """The scenarios in words, by code."""
        text = texts.load(lang)
        out: dict[str, str] = {}
        for _, scenario, case in self._cases():
            found = scenario_words.words(headline.case_input(case), int(np.atleast_1d(case.year.values)[-1]))
            out.setdefault(scenario, scenario_words.said_scenario(found, text))
        return out

    def sentences(self, lang: str = "en") -> list[str]:
        """The answer of every case in one sentence."""
        text = texts.load(lang)
        return [headline.said(headline.headline(self._dataset, s, b), text) for b, s, _ in self._cases()]

    def _answer(self) -> str:
        """The sentence of the main scenario, else of the first, on the first basis."""
        from assumptions import main_scenario

        text, cases = texts.load("en"), self._cases()
        basis, scenario, _ = next((case for case in cases if case[1] == main_scenario()), cases[0])
        return headline.said(headline.headline(self._dataset, scenario, basis), text)

    def changes(self) -> dict[str, str]:
        """What the user set, by name, with its value in short."""
        from assumptions import audit

        found: dict[str, str] = {}
        for _, _, case in self._cases():
            resolved = headline.case_input(case)
            for name in resolved.user_set:
                found.setdefault(name, audit.summary(resolved, name))
        return found

    def plot(
        self, variable: str = "fiscal_cost_total", ax: Axes | None = None, *, lang: str = "en", **labels: Any
    ) -> Axes:
        """Lines by year, one a case and item, with readable axes; needs matplotlib.

        Parameters
        ----------
        variable : str
            A yearly variable of :mod:`engine.outputs.schema`.
        ax : matplotlib Axes, optional
            To draw on; a new one by default.
        lang : str
            ``en`` or ``es``.
        **labels
            Selection of items, as ``component="acquired_rights"``.

        Raises
        ------
        engine.outputs.OutputError
            If there is no such yearly variable.
        """
        from engine.outputs import OutputError

        yearly = [
            str(name)
            for name, item in self._dataset.data_vars.items()
            if "year" in item.dims and item.dtype.kind == "f"
        ]
        if variable not in yearly:
            raise OutputError(f"{variable}: is no yearly variable of the run; it has {', '.join(yearly)}")
        if ax is None:
            import matplotlib.pyplot as plt

            ax = plt.subplots(layout="constrained")[1]
        text = texts.load(lang)
        item = self._dataset[variable].sel(**labels)
        lines = [str(dim) for dim in item.dims if dim != "year"]
        flat = item.stack(line=lines).transpose("line", "year") if lines else item.expand_dims("line")
        for number, line in enumerate(flat):
            name = [
                self._word(dim, str(flat[dim].values[number]), text) for dim in lines if item.sizes[dim] > 1
            ]
            ax.plot(line.year, line, label=", ".join(name))
        ax.set_xlabel(text["year"].lower())
        ax.set_ylabel(self._unit(item, text))
        ax.set_title(
            str(text.get("variable", {}).get(variable, item.attrs.get("long_name", variable))), loc="left"
        )
        if any(item.sizes[dim] > 1 for dim in lines):
            ax.legend(frameon=False)
        return ax

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write the run, or the selection as one, to a netCDF file."""
        from engine.outputs import netcdf

        return netcdf.write(
            selection.labelled(self._dataset), path, command="annexv.save", overwrite=overwrite
        )

    def export(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write csv, xlsx, dta or parquet, as the ending says."""
        return export.write(self._dataset, path, overwrite=overwrite)

    def report(self, path: str | Path, *, lang: str = "en", overwrite: bool = False) -> Path:
        """Write a page with figures, tables, assumptions and sources."""
        from engine.outputs import report

        return report.write(self._dataset, path, language=lang, overwrite=overwrite)

    def _cases(self) -> Sequence[tuple[str, str, xr.Dataset]]:
        bases, scenarios = (map(str, np.atleast_1d(self._dataset[name].values)) for name in _CASES)
        codes = list(scenarios)
        return [(b, s, headline.one_case(self._dataset, s, b)) for b in bases for s in codes]

    @staticmethod
    def _word(dim: str, label: str, text: Any) -> str:
        if dim == "basis":
            return str(text["basis_short"].get(label, label))
        words = text.get(dim)
        return str(words.get(label, label)) if isinstance(words, dict) else label

    def _unit(self, item: xr.DataArray, text: Any) -> str:
        unit = str(item.attrs.get("units_label", ""))
        if item.attrs.get("price_basis"):
            return str(text["pesos_of"].format(base=headline.said_money(money.unit_of(self._dataset), text)))
        return str(text.get("unit", {}).get(unit, unit))

    @property
    def _speaks(self) -> bool:
        """Whether the variables that a sentence needs are there."""
        return all(name in self._dataset for name in _SENTENCE)

    def _facts(self) -> list[tuple[str, str]]:
        attributes = self._dataset.attrs
        changed = ", ".join(f"{name} = {value}" for name, value in self.changes().items())
        marked = selection.describe(selection.labelled(self._dataset))
        return [
            ("run", str(attributes.get("run_id", ""))),
            *([("selection", marked)] if marked else []),
            ("bases", ", ".join(dict.fromkeys(basis for basis, _, _ in self._cases()))),
            *((code, said) for code, said in self.scenarios().items()),
            ("set", changed or "nothing: the shipped assumptions"),
            ("assumptions", f"sha256 {str(attributes.get('assumptions_sha256', ''))[:16]}"),
        ]

    def __repr__(self) -> str:
        if not self._speaks:
            held = ", ".join(map(str, self._dataset.data_vars))
            return f"part of run {self._dataset.attrs.get('run_id', '')}: {held}"
        said = self._answer()
        width = max(len(name) for name, _ in self._facts())
        return "\n".join([said, *(f"  {name:<{width}}  {value}" for name, value in self._facts())])

    def _repr_html_(self) -> str:
        if not self._speaks:
            return f"<p>{html.escape(repr(self))}</p>"
        rows = "".join(
            f"<tr><th>{html.escape(a)}</th><td>{html.escape(b)}</td></tr>" for a, b in self._facts()
        )
        return f"<p><b>{html.escape(self._answer())}</b></p><table>{rows}</table>"


__all__ = ["Run"]
