"""First tries grow with the list, gaps and pauses do not."""

import pytest

from ruhrmail.rehearse import Forecast, forecast


def test_a_rehearsal_with_everybody_is_taken_as_it_was():
    taken = [float(second) for second in range(1, 101)]
    assert Forecast(first_tries=100, most=95, total=400, rate=1.0) == forecast([100.0], taken, 400, 1)


def test_a_sample_stretches_the_first_tries_only():
    found = forecast([10.0, 100.0], [50.0, 100.0, 160.0], 3700, 5)
    assert (500, 560, 4100) == (found.first_tries, found.most, found.total)
    assert pytest.approx(0.02) == found.rate


def test_without_any_acceptance_there_is_no_rate():
    assert Forecast(0, 0, 60, 0) == forecast([], [], 60, 1)
