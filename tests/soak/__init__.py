"""Does the wall run for days? ``python -m tests.soak [--refreshes N]``, outside ``make test``.

A headless Chromium shows the wall of a small city while new versions of its lake come in one after
the other. Both ends must stay flat: the browser's heap after a full collection, and the server's
resident memory.
"""
