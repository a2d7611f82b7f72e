"""Offices, areas and streets held to the standard indicators; the ledger behind them."""
