"""Parameters as users of papermill give them: what arrives in a notebook is read, or refused in one sentence before any work."""

import json
from pathlib import Path
from typing import Any

import papermill
import pytest
from papermill.utils import chdir
from yaml import safe_load

from tradelib import asked, cli
from tradelib.errors import DayError, ParameterError, TradelibError
from tradelib.report import shipped
from tradelib.report.page import Page, open_page
from tradelib.report.parameters import declared
from tradelib.report.session import names_injected
from tradelib.report.values import spelled, typed

NAMES = [path.stem for path in sorted(shipped.folder().glob("*.ipynb"))]
TAGGED = 'as_of = "latest"  # day\ncodes = []\n'


def opened(notebook: str, **given: Any) -> Page:
    """The page of a notebook whose parameters cell ran, with values put in behind it."""
    values = {name: parameter.default for name, parameter in declared(shipped.folder() / f"{notebook}.ipynb").items()}
    return open_page(notebook, **{**values, **given})


@pytest.mark.parametrize(
    ("arrived", "read"),
    [
        (8507.6, "8507.60"),  # what papermill makes of -p codes 8507.60
        ("8507.60.0020", "8507.60.0020"),
        (850760, "8507.60"),
        (101.21, "0101.21"),  # of 0101.21
        (101210010, "0101.21.0010"),  # of 0101210010
        (8507600020, "8507.60.0020"),
        (8507600020.0, "8507.60.0020"),
    ],
)
def test_one_code_given_with_p_is_read_where_it_can_be_one_only(arrived: object, read: str) -> None:
    assert opened("06_product_exposure", codes=arrived).codes == [read]
    assert opened("08_methods_and_validation", code=arrived).code == read


@pytest.mark.parametrize(
    ("arrived", "may"),
    [
        (409.0, "409.0, a number that may be 0409.00 or 0409"),
        (8507.6002, "8507.6002, a number that may be several codes"),
        (8401, "8401, a number that may be 8401 or 0203.21"),  # YAML takes 020321 for 8401
        (65, "65, a number that may be 65 or 0101"),
        (1e22, "a number that may be several codes"),
        (-8507.6, "a number that may be several codes"),
        (True, "not True"),
    ],
)
def test_a_number_that_may_be_several_codes_is_to_be_quoted(arrived: object, may: str) -> None:
    with pytest.raises(ParameterError) as caught:
        opened("06_product_exposure", codes=arrived)
    assert str(caught.value).startswith("codes of 06_product_exposure must be a list separated by commas such as 8507.60,9503, not ")
    assert may in str(caught.value)
    assert ("in quotes, with papermill as -r" in str(caught.value)) == (arrived is not True)
    with pytest.raises(ParameterError):
        opened("08_methods_and_validation", code=arrived)


@pytest.mark.parametrize(
    ("notebook", "text", "read"),
    [
        ("06_product_exposure", "codes: [8507.60]", ["8507.60"]),
        ("06_product_exposure", "codes: ['0409.00', '8507.60.0020']", ["0409.00", "8507.60.0020"]),
        ("06_product_exposure", "{importer: cn, codes: '1201'}", "CN"),
        ("03_tariff_history", "importer: Both", "both"),
        ("05_rare_earths", "year: 2024", "2024"),
        ("03_tariff_history", "since: 2025-01-01", "2025-01-01"),
        ("01_briefing", "window_days: '60'", 60),
        ("01_briefing", "window_days: 60.0", 60),
        ("07_scenarios", "pass_through: 1", 1.0),
        ("04_trade_flows", "partners: Mexico", ["Mexico"]),
    ],
)
def test_values_from_yaml_become_what_the_notebook_declares(notebook: str, text: str, read: object) -> None:
    given = safe_load(text)
    name, page = next(iter(given)), opened(notebook, **given)
    assert getattr(page, name) == page.parameters[name] == read
    assert type(page.parameters[name]) is type(read)


@pytest.mark.parametrize(
    ("notebook", "text", "words"),
    [
        ("06_product_exposure", "basket: null", "basket of 06_product_exposure must be text such as lithium_ion_batteries, not None."),
        (
            "06_product_exposure",
            "codes: null",
            "codes of 06_product_exposure must be a list separated by commas such as 8507.60,9503, not None.",
        ),
        ("06_product_exposure", "codes: '[\"8507.60\"]'", "must be a list separated by commas such as 8507.60,9503"),
        ("06_product_exposure", "codes: {a: 1}", "must be a list separated by commas"),
        ("06_product_exposure", "codes: 8507.605", "may be several codes"),
        ("06_product_exposure", "codes: ['8507.6']", "A product code has 2, 4, 6, 8 or 10 digits"),
        ("06_product_exposure", "importer: both", "importer of 06_product_exposure must be US or CN, not 'both'."),
        ("06_product_exposure", "importer: EU", "importer of 06_product_exposure must be US or CN, not 'EU'."),
        ("03_tariff_history", "importer: null", "importer of 03_tariff_history must be US, CN or both, not None."),
        ("03_tariff_history", "since: yesterday", "since must be an ISO day such as 2025-06-09"),
        ("01_briefing", "window_days: many", "window_days of 01_briefing must be a whole number such as 30, not 'many'."),
        ("01_briefing", "window_days: 30.5", "must be a whole number"),
        ("01_briefing", "window_days: true", "must be a whole number"),
        ("07_scenarios", "pass_through: .nan", "must be a number such as 0.94"),
        ("05_rare_earths", "country: 5.5", "country of 05_rare_earths must be text such as China, not 5.5; write it in quotes."),
        ("01_briefing", "as_of: 20250609", "as_of must be an ISO day such as 2025-06-09, not 20250609."),
    ],
)
def test_values_that_no_reading_fits_are_one_sentence(notebook: str, text: str, words: str) -> None:
    ((name, value),) = safe_load(text).items()
    with pytest.raises((ParameterError, DayError)) as caught:
        opened(notebook, **{name: value})
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("days", [0, -1, 1_000_000])
def test_a_window_that_the_edition_cannot_hold_is_one_sentence(days: int) -> None:
    page = Page("01_briefing", as_of="latest")
    with pytest.raises(ParameterError, match=rf"^window_days must be from 1 to [\d,]+, the days .*, not {days:,}\.$"):
        page.days_before(days)


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        ([TAGGED], []),
        ([TAGGED, '# Parameters\nasof = "2025-06-09"\n'], ["asof"]),
        ([TAGGED, '# Parameters\nas_of = "2025-06-09"\ncodes = [1]\n', "from tradelib import x"], ["as_of", "codes"]),
        # Run again in JupyterLab, after the cell that was put in is gone, or with another one.
        ([TAGGED, "# Parameters\nasof = 1\n", "open", TAGGED, "open"], []),
        ([TAGGED, "# Parameters\nasof = 1\n", "open", TAGGED, "# Parameters\nas_of = 1\n", "open"], ["as_of"]),
        # A person's own variables are nobody's parameters.
        ([TAGGED, "x = 5", "%time 1", "y: int = 2"], []),
        ([], []),
    ],
)
def test_names_put_in_by_papermill_are_told_from_a_persons_own(cells: list[str], names: list[str]) -> None:
    assert names_injected(cells, until="as_of") == names


@pytest.mark.parametrize(("name", "did_you_mean"), [("asof", "Did you mean as_of?"), ("codes", "Allowed: as_of, window_days.")])
def test_a_parameter_without_effect_is_refused_by_papermill_itself(tmp_path: Path, name: str, did_you_mean: str) -> None:
    with chdir(tmp_path), pytest.raises(papermill.PapermillExecutionError) as caught:
        papermill.execute_notebook(
            shipped.folder() / "01_briefing.ipynb", tmp_path / "out.ipynb", parameters={name: "2025-06-09"}, progress_bar=False
        )
    assert caught.value.ename == "ParameterError"
    assert caught.value.evalue.startswith(f"01_briefing has no parameter '{name}'.")
    assert did_you_mean in caught.value.evalue
    # The cell that opens the page, the third of code, is the last that ran.
    code = [cell for cell in json.loads((tmp_path / "out.ipynb").read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    assert [bool(cell["execution_count"]) for cell in code[:4]] == [True, True, True, False]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["01_briefing", "-p", "asof=2025-06-09"], "01_briefing has no parameter 'asof'. Did you mean as_of?"),
        (["01_briefing", "-p", "codes=8507.60"], "01_briefing has no parameter 'codes'."),
        (["06_product_exposure", "-p", "codes=8507.6"], "A product code has 2, 4, 6, 8 or 10 digits"),
        (["06_product_exposure", "-p", "importer=EU"], "must be US or CN, not 'EU'"),
        (["01_briefing", "-p", "window_days=1e3"], "must be a whole number"),
        (["03_tariff_history", "-p", "since=2025-13-01"], "since must be a day of the calendar"),
    ],
)
def test_publish_refuses_the_same_before_a_notebook_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], given: list[str], words: str
) -> None:
    monkeypatch.setattr("tradelib.report.execute.execute", lambda *_, **__: pytest.fail("a notebook was executed"))
    assert cli.main(["publish", *given, "--out", str(tmp_path / "site")]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert not (tmp_path / "site").exists()


NOT_HELD = [
    ("01_briefing", "window_days", 1_000_000, "window_days must be from 1 to"),
    ("02_truce", "agreement", "Munich", "agreement must be all or one known on"),
    ("02_truce", "since", "2030-01-01", "since must not lie after as_of"),
    ("03_tariff_history", "since", "2030-01-01", "since must not lie after as_of"),
    ("03_tariff_history", "layers", "some", "layers must be country_wide or all, not 'some'."),
    ("04_trade_flows", "start", "2030-01-01", "start must not lie after as_of"),
    ("04_trade_flows", "partners", ["Atlantis"], "There is no partner 'Atlantis'"),
    ("04_trade_flows", "basis", 10**14, "basis must be a year before"),
    ("04_trade_flows", "basis", -1, "basis must be a year before"),
    ("05_rare_earths", "country", "Chnia", "There is no country 'Chnia' in the tables of mining. Did you mean China?"),
    ("05_rare_earths", "year", "2099", "year must be one that is held"),
    ("06_product_exposure", "basket", "toy", "There is no basket 'toy'. Did you mean toys?"),
    ("06_product_exposure", "codes", ["9999.99"], "No US tariff line stands under 9999.99"),
    ("06_product_exposure", "weights_file", "none.csv", "none.csv cannot be read"),
    ("07_scenarios", "scenario", "truce_lapse", "There is no scenario 'truce_lapse'. The scenarios are"),
    ("07_scenarios", "compare_with", "nothing", "nothing"),
    ("07_scenarios", "on", "2026-13-01", "on must be a day of the calendar"),
    ("07_scenarios", "pass_through", 94.0, "pass_through"),
    ("07_scenarios", "draws", 0, "draws must be a whole number from 1 to"),
    ("07_scenarios", "seed", -1, "seed must be a whole number of 0 or more"),
    ("07_scenarios", "revenue", "bonds", "revenue"),
    ("08_methods_and_validation", "code", "9999.99", "No US tariff line stands under 9999.99"),
    ("09_what_was_believed", "horizon_days", 0, "horizon_days must be from 1 to 730"),
    ("09_what_was_believed", "horizon_days", 731, "horizon_days must be from 1 to 730"),
]


@pytest.mark.parametrize(("notebook", "name", "value", "words"), NOT_HELD, ids=[f"{each[0][:2]} {each[1]} {each[2]}" for each in NOT_HELD])
def test_values_that_nothing_answers_to_are_one_sentence_in_the_notebook_and_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], notebook: str, name: str, value: Any, words: str
) -> None:
    with pytest.raises(TradelibError) as caught:
        opened(notebook, **{name: value})
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    monkeypatch.setattr("tradelib.report.execute.execute", lambda *_, **__: pytest.fail("a notebook was executed"))
    assert cli.main(["publish", notebook, "-p", f"{name}={spelled(value)}", "--out", str(tmp_path / "site")]) == 2
    assert capsys.readouterr().err == f"tradelib: {caught.value}\n"


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_but_the_day_is_judged(name: str) -> None:
    known = {each for names, _ in asked._CHECKS for each in names}
    own = set(declared(shipped.folder() / f"{name}.ipynb")) - {"as_of"}
    assert own - known <= {"importer"}, "the values of an importer are judged by its kind"
    for names, _ in asked._CHECKS:
        assert set(names) <= own or not set(names) & own or name in ("02_truce", "03_tariff_history", "09_what_was_believed"), names


def test_one_question_has_one_spelling() -> None:
    """So that a page has one address, and the same however it was asked for."""
    assert typed("850760, 9503", "codes", [], "x") == typed("8507.60,95.03", "codes", [], "x") == ["8507.60", "9503"]
    assert typed("china", "importer", "US", "x") == typed("CN", "importer", "US", "x") == "CN"


@pytest.mark.parametrize("name", NAMES)
def test_every_declared_parameter_has_an_effect(name: str) -> None:
    """It is handed to the page, and read from there: what was given is not what was read."""
    import ast

    cells = json.loads((shipped.folder() / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    trees = [ast.parse("".join(cell["source"])) for cell in cells if cell["cell_type"] == "code"]
    parameters = set(declared(shipped.folder() / f"{name}.ipynb"))
    (call,) = [node for node in ast.walk(trees[1]) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "open_page"]
    assert {keyword.arg: getattr(keyword.value, "id", None) for keyword in call.keywords} == {each: each for each in parameters}
    later = [node for tree in trees[2:] for node in ast.walk(tree)]
    assert {node.attr for node in later if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "page"} >= parameters
    own = {node.id for node in later if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    assert {node.id for node in later if isinstance(node, ast.Name)} & parameters <= own
