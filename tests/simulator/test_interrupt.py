import contextlib
import multiprocessing
import signal
import threading

import pytest

from simulator.interrupt import (
    interrupted,
    interrupts_held,
    interrupts_noted,
    raise_swallowed,
)
from simulator.stream import warm_up


def test_an_interrupt_waits_for_the_end():
    done = []

    def held():
        with interrupts_held():
            signal.raise_signal(signal.SIGINT)
            done.append("all of it")

    with pytest.raises(KeyboardInterrupt):
        held()
    assert done == ["all of it"]


def test_the_compiling_is_not_cut_short(monkeypatch):
    told = []
    monkeypatch.setattr(
        "simulator.station.flow.warm_up", lambda: signal.raise_signal(signal.SIGINT)
    )
    monkeypatch.setattr(
        "simulator.quantile.lognormals", lambda *_: told.append("the end")
    )
    with pytest.raises(KeyboardInterrupt):
        warm_up(lambda: None)
    assert told == ["the end"]


def test_an_error_inside_is_not_hidden():
    with pytest.raises(ZeroDivisionError), interrupts_held():
        raise ZeroDivisionError


def test_afterwards_an_interrupt_is_raised_as_ever():
    before = signal.getsignal(signal.SIGINT)
    with interrupts_held():
        assert signal.getsignal(signal.SIGINT) != before
    assert signal.getsignal(signal.SIGINT) == before
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def interrupt_yourself(answers):
    signal.raise_signal(signal.SIGINT)
    answers.send("went on")


@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_a_process_that_is_started_inside_never_hears_it(method):
    context = multiprocessing.get_context(method)
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=interrupt_yourself, args=(sender,))
    with interrupts_held():
        child.start()
    assert receiver.poll(60)
    assert receiver.recv() == "went on"
    child.join(60)
    assert child.exitcode == 0


def test_another_thread_may_use_it_too():
    before, found = signal.getsignal(signal.SIGINT), []

    def use():
        with interrupts_held():
            found.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert found == [before]


def interrupt_swallowed():
    with contextlib.suppress(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_an_interrupt_that_was_swallowed_is_raised_again():
    before = signal.getsignal(signal.SIGINT)
    with interrupts_noted():
        raise_swallowed()
        assert not interrupted()
        interrupt_swallowed()
        assert interrupted()
        with pytest.raises(KeyboardInterrupt):
            raise_swallowed()
    assert signal.getsignal(signal.SIGINT) == before
    raise_swallowed()  # what is not noted is none of its business


def test_one_that_was_held_is_noted():
    with interrupts_noted():
        with pytest.raises(KeyboardInterrupt), interrupts_held():
            signal.raise_signal(signal.SIGINT)
        assert interrupted()


def test_where_interrupts_are_ignored_none_is_raised():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with interrupts_held():
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)
