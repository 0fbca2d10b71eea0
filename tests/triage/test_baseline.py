"""A baseline hides what it notes, wherever the lines go, and says when an entry has had its time."""

import json

import pytest

from ruhrmail.errors import RuhrmailError, UsageError
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import phrase
from ruhrmail.triage import read_baseline, sift, write_baseline


def finding(rule="img/missing", line=3, excerpt="  src: x.jpg", file="issues/a.yaml"):
    return Finding(rule, "error", Location(file, line, 5, excerpt), phrase("there is no picture"))


def everything(_rule, _file):
    return True


def test_a_noted_finding_is_known_on_whatever_line(tmp_path):
    write_baseline(tmp_path / "b.json", [finding()])
    sifted = sift([finding(line=30, excerpt="src:  x.jpg")], read_baseline(tmp_path / "b.json"), everything)
    assert ((), 1, ()) == (sifted.findings, sifted.known, sifted.stale)


def test_a_second_of_the_same_kind_is_told(tmp_path):
    write_baseline(tmp_path / "b.json", [finding()])
    second = finding(line=9)
    assert (second,) == sift([finding(), second], read_baseline(tmp_path / "b.json"), everything).findings


@pytest.mark.parametrize(
    "other", [finding(rule="img/format"), finding(excerpt="  src: y.jpg"), finding(file="issues/b.yaml")]
)
def test_another_rule_line_or_file_is_another_finding(tmp_path, other):
    write_baseline(tmp_path / "b.json", [finding()])
    sifted = sift([other], read_baseline(tmp_path / "b.json"), everything)
    assert ((other,), 0, 1) == (sifted.findings, sifted.known, len(sifted.stale))


def test_what_a_run_did_not_look_for_is_not_stale(tmp_path):
    write_baseline(tmp_path / "b.json", [finding()])
    assert () == sift([], read_baseline(tmp_path / "b.json"), lambda rule, file: False).stale


def test_writing_is_in_order_and_the_same_whatever_the_order_of_findings(tmp_path):
    several = [finding(), finding("a/b"), finding(file="issues/\udcff")]
    write_baseline(tmp_path / "b.json", several)
    first = (tmp_path / "b.json").read_bytes()
    write_baseline(tmp_path / "b.json", several[::-1], read_baseline(tmp_path / "b.json"))
    assert first == (tmp_path / "b.json").read_bytes()
    assert 3 == len(json.loads(first)["findings"])
    assert ["b.json"] == [path.name for path in tmp_path.iterdir()]


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path):
    with pytest.raises(UsageError):
        read_baseline(tmp_path / "b.json")


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "null", '{"version": 2, "findings": []}', '{"version": 1, "findings": [{"rule": "a"}]}',
     '{"version": 1, "findings": [{"rule": 1, "file": "", "fingerprint": ""}]}', '{"version": 1, "findings": 3}',
     "[" * 100_000, "\ufeff\x00"],
)  # fmt: skip
def test_a_file_that_is_no_baseline_is_an_error(tmp_path, text):
    (tmp_path / "b.json").write_text(text, encoding="utf-8")
    with pytest.raises(RuhrmailError, match="no baseline"):
        read_baseline(tmp_path / "b.json")


def test_a_folder_in_its_place_is_an_error(tmp_path):
    with pytest.raises(RuhrmailError):
        read_baseline(tmp_path)
    with pytest.raises(RuhrmailError):
        write_baseline(tmp_path / "gibt" / "es.json", [])
