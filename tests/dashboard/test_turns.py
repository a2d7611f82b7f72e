"""Turns: never more at once than allowed, by rank, then in order of arrival."""

from __future__ import annotations

import time
from threading import Lock, Thread

import pytest

from dashboard.turns import MAP, PANELS, Turns


def run_all(turns, ranks, hold_s=0.0):
    """Start one thread per rank, in order, behind a held turn; return who was let in when."""
    order, running, most, lock = [], 0, 0, Lock()

    def work(name, rank):
        nonlocal running, most
        with turns.taken(rank):
            with lock:
                order.append(name)
                running += 1
                most = max(most, running)
            time.sleep(hold_s)
            with lock:
                running -= 1

    threads = [Thread(target=work, args=pair) for pair in enumerate(ranks)]
    for at, thread in enumerate(threads):
        thread.start()
        while len(turns._waiting) < at + 1 and thread.is_alive() and not order:  # noqa: SLF001
            time.sleep(0.001)
    return threads, order, lambda: most


def test_maps_come_before_panels_and_each_in_order_of_arrival():
    turns = Turns(1)
    with turns.taken():
        threads, order, _ = run_all(turns, [PANELS, MAP, PANELS, MAP])
    for thread in threads:
        thread.join(5)
    assert order == [1, 3, 0, 2]


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_never_more_at_once(at_once):
    turns = Turns(at_once)
    threads, order, most = run_all(turns, [MAP] * 12, hold_s=0.01)
    for thread in threads:
        thread.join(5)
    assert len(order) == 12
    assert most() == at_once


def test_a_page_that_fails_gives_its_turn_back():
    turns = Turns(1)
    with pytest.raises(ZeroDivisionError), turns.taken():
        raise ZeroDivisionError
    threads, order, _ = run_all(turns, [MAP])
    threads[0].join(5)
    assert order == [0]


def test_who_lets_go_cannot_take_the_turn_of_one_who_waits():
    turns = Turns(1)
    with turns.taken(MAP):
        threads, order, _ = run_all(turns, [MAP], hold_s=0.02)
    with turns.taken(MAP):
        assert order == [0]
    threads[0].join(5)
