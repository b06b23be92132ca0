"""The limit of requests a minute: exact within a minute, fair across two, and forgetful."""

from __future__ import annotations

from rasa_project.rate import RateLimit


class Clock:
    def __init__(self) -> None:
        self.now = 600.0

    def __call__(self) -> float:
        return self.now


def test_a_key_gets_its_share_and_no_more() -> None:
    rate = RateLimit(Clock())
    assert [rate.hit("a", 3) for _ in range(5)] == [True, True, True, False, False]
    assert rate.hit("b", 3)


def test_the_share_comes_back_as_time_goes_by() -> None:
    clock = Clock()
    rate = RateLimit(clock)
    assert all(rate.hit("a", 60) for _ in range(60))
    clock.now += 60
    assert not rate.hit("a", 60)
    clock.now += 30
    assert [rate.hit("a", 60) for _ in range(31)].count(True) == 30
    clock.now += 120
    assert all(rate.hit("a", 60) for _ in range(60))


def test_nothing_is_remembered_for_longer_than_two_minutes() -> None:
    clock = Clock()
    rate = RateLimit(clock)
    for number in range(1000):
        rate.hit(f"visitor-{number}", 60)
    for _ in range(2):
        clock.now += 60
        rate.hit("a", 60)
    assert len(rate._now) + len(rate._before) == 2
