"""Draws the figures of docs/workers.md and renews the printed output in it.

Run in the project's folder: python docs/figures/workers.py
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import pandas as pd

import assumptions
from engine.worker import calculator, careers

FOLDER = Path(__file__).parent
PAGE = FOLDER.parent / "workers.md"
WIDTH = 150
THOUSAND = 1000.0
BLUE, ORANGE, GREEN, GREY = "#1f5a94", "#d9822b", "#3a8f5c", "#8a8a8a"
FUNDS = {
    "retirement": ("retirement", BLUE),
    "ceav": ("severance and old age", "#6fa3d0"),
    "social_quota": ("social quota", GREEN),
    "infonavit": ("INFONAVIT", ORANGE),
}


def blocks(text: str) -> list[str]:
    """Console blocks of a page."""
    return re.findall(r"```console\n(.*?)```", text, flags=re.S)


def command(block: str) -> str:
    """The command of a block."""
    return block.splitlines()[0].removeprefix("$ ")


def output(line: str) -> str:
    """What a command prints, as wide as the page takes."""
    done = subprocess.run(
        [sys.executable, "-c", "from engine.cli import main; main()", *shlex.split(line)[1:]],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "COLUMNS": str(WIDTH), "NO_COLOR": "1"},
    )
    return "\n".join(row.rstrip() for row in done.stdout.splitlines()).rstrip()


def renew() -> None:
    """Put the present output below each command."""
    text = PAGE.read_text(encoding="utf-8")
    for block in blocks(text):
        line = command(block)
        text = text.replace(f"```console\n{block}```", f"```console\n$ {line}\n{output(line)}\n```")
    PAGE.write_text(text, encoding="utf-8")


def axes(title: str, ylabel: str) -> tuple[plt.Figure, plt.Axes]:
    figure, ax = plt.subplots(figsize=(7.2, 3.6), layout="constrained")
    ax.set_title(title, loc="left", fontsize=11)
    ax.set_xlabel("age")
    ax.set_ylabel(ylabel)
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(axis="y", color="#e0e0e0", linewidth=0.8)
    ax.set_axisbelow(True)
    return figure, ax


def save(figure: plt.Figure, name: str) -> None:
    figure.savefig(FOLDER / f"{name}.png", dpi=120, metadata={"Software": None})
    plt.close(figure)


def balance(study: calculator.Study, title: str, name: str) -> None:
    figure, ax = axes(title, "thousand pesos of December 1996")
    before = study.before
    ax.stackplot(
        before["age"] + 1,
        *(before[fund] / THOUSAND for fund in FUNDS),
        labels=[label for label, _ in FUNDS.values()],
        colors=[colour for _, colour in FUNDS.values()],
    )
    ax.set_xlim(before["age"].iloc[0], before["age"].iloc[-1] + 1)
    ax.set_ylim(0)
    ax.legend(loc="upper left", frameon=False, reverse=True)
    save(figure, name)


def main() -> None:
    resolved = assumptions.load("3B").resolve("statutory")
    wage = careers.parse_wage("2.6mw", resolved)
    women = careers.read(FOLDER.parent / "careers" / "low_wage_women.csv", resolved)
    elena = calculator.study(women[1], resolved)
    average = calculator.study(careers.steady(resolved, wage, 20, 65, spouse="entitled"), resolved)
    transition = calculator.study(
        careers.steady(resolved, wage, 20, 60, born=1955, spouse="entitled"), resolved
    )
    balance(elena, "Elena: balance by fund", "worker_balance_low")
    balance(average, "Average worker: balance by fund", "worker_balance")
    award_year = average.career.born + average.career.award_age - int(average.context.terms.first_year)
    guarantee = float(average.context.economy.guarantee[award_year]) / THOUSAND

    figure, ax = axes("Average worker: payments to a pensioner alive", "thousand pesos a year")
    alive = average.after[(average.after["survival"] > 0.0) & (average.after["age"] <= 100)]
    ax.plot(alive["age"], alive["annuity"] / THOUSAND, color=BLUE, label="annuity")
    ax.plot(alive["age"], alive["withdrawal"] / THOUSAND, color=ORANGE, label="programmed withdrawals")
    ax.axhline(guarantee, color=GREY, linestyle="--", linewidth=1.2, label="guarantee")
    ax.set_ylim(0)
    ax.set_xlim(65, 100)
    ax.legend(loc="lower left", frameon=False)
    save(figure, "worker_withdrawals")

    figure, ax = axes("Transition worker: who pays the old-law pension (expected)", "thousand pesos a year")
    after = transition.after[transition.after["age"] <= 100]
    ax.bar(after["age"], after["expected_old_account"] / THOUSAND, color=ORANGE, label="accounts handed over")
    ax.bar(
        after["age"],
        after["expected_old_state"] / THOUSAND,
        bottom=after["expected_old_account"] / THOUSAND,
        color=BLUE,
        label="State",
    )
    ax.plot(
        after["age"],
        after["old_pension"] / THOUSAND,
        color=GREY,
        linewidth=1.2,
        label="pension while alive",
    )
    ax.set_ylim(0, 1.2 * float(after["old_pension"].max()) / THOUSAND)
    ax.legend(loc="upper left", frameon=False)
    save(figure, "worker_transition")

    figure, ax = axes("Transition worker: pension by age at retirement", "thousand pesos a year")
    ages = list(range(60, 66))
    many = [careers.steady(resolved, wage, 20, age, born=1955, spouse="entitled") for age in ages]
    found = pd.DataFrame(calculator.evaluate(many, resolved), index=ages)
    ax.plot(ages, found["old_pension"] / THOUSAND, color=BLUE, marker="o", label="old law")
    ax.plot(
        ages, found["new_pension"] / THOUSAND, color=ORANGE, marker="o", label="new law, with the guarantee"
    )
    ax.plot(ages, found["annuity"] / THOUSAND, color=GREY, marker="o", label="annuity of the account alone")
    ax.set_ylim(0)
    ax.legend(loc="upper left", frameon=False)
    save(figure, "worker_ages")
    renew()


if __name__ == "__main__":
    main()
