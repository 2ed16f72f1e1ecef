"""An address says what a chunk is, in words that a person and a machine can read."""

from __future__ import annotations

import pytest

from farm.domain.address import ChunkAddress, SubjectKind, kind_of_code
from farm.domain.calendar import Month
from farm.orchestration.canvas import shown


@pytest.mark.parametrize(
    "address",
    [
        ChunkAddress(1, "FO-2015-07", Month(2016, 3)),
        ChunkAddress(1, "FO-N", Month(2016, 3)),
        ChunkAddress.simulation(12, "FO"),
    ],
)
def test_an_address_is_read_as_it_is_written(address):
    assert ChunkAddress.parse(str(address)) == address


@pytest.mark.parametrize("text", ["", "1/FO-N", "x/FO-N/2016-03", "1//2016-03", "1/FO-N/March"])
def test_anything_else_is_no_address(text):
    with pytest.raises(ValueError, match=r"not a (chunk address|month)"):
        ChunkAddress.parse(text)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("FO-2015-07", SubjectKind.BATCH),
        ("SC-2024-123", SubjectKind.BATCH),
        ("FO-N", SubjectKind.AREA),
        ("SC-A", SubjectKind.AREA),
    ],
)
def test_codes_of_batches_end_in_year_and_number_and_those_of_areas_do_not(code, kind):
    assert kind_of_code(code) is kind


def test_flower_shows_a_message_by_the_kind_of_its_subject():
    month = {"month": "2016-03"}

    assert (
        shown({"session": "1", "subject": "FO-N", **month}) == "session=1 area=FO-N month=2016-03"
    )
    assert (
        shown({"session": "1", "subject": "FO-2015-07", **month})
        == "session=1 batch=FO-2015-07 month=2016-03"
    )
    assert shown({"session": "1", "geography": "FO"}) == "session=1 geography=FO"
