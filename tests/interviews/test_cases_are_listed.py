"""docs/scheduling-cases.md says where each hard case is tested, and that is where it is."""

import re

from portal.config import ROOT


def test_each_of_the_24_cases_names_tests_that_exist() -> None:
    text = (ROOT / "docs" / "scheduling-cases.md").read_text(encoding="utf-8")
    rows = {int(number): row for number, row in re.findall(r"^\| (\d+)\. (.*)$", text, re.MULTILINE)}
    assert sorted(rows) == list(range(1, 25))
    for number, row in rows.items():
        files = re.findall(r"`((?:agenda|interviews|aftercare|house|outbox)/test_\w+\.py)`(?: case (\d+))?", row)
        assert files, number
        for name, case in files:
            written = (ROOT / "tests" / name).read_text(encoding="utf-8")
            assert case in ("", str(number)), (number, name)
            assert not case or re.search(rf"def test_case_(?:\d+_and_)?{case}_", written), (number, name)
