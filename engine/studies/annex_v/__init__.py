"""Annex V of report P-7018-ME against the model: discrepancies of the report, reproduction of its tables, fits that judge the fit."""
