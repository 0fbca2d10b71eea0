"""Addresses that an issue may name."""

import pytest
from pydantic_core import PydanticCustomError

from ruhrmail.model.links import read_url


@pytest.mark.parametrize("port", ["0", "65536", "99999999", "abc", "-1", "٣"])
def test_a_port_that_cannot_be_is_a_broken_link(port):
    with pytest.raises(PydanticCustomError) as caught:
        read_url(f"https://halle.example:{port}/programm")
    assert "link/broken" == caught.value.type


@pytest.mark.parametrize(
    "url",
    ["https://halle.example:8443/", "https://a:b@halle.example/", "https://[2001:db8::1]:80", "https://h.example/a:b"],
)
def test_other_colons_are_fine(url):
    assert url == read_url(url)
