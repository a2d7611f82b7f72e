"""The budgets, measured: ``python -m tests.benchmarks [names…] [--quick] [--json FILE]``.

Each module measures one line of the budget table and returns rows. A ratio is always
against a named alternative, measured in the same run, turn by turn. Made-up cities are built
once into ``.bench/``; remove that folder after changes to the generator or the lake.
"""
