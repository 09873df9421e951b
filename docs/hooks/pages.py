"""What is made when the documentation is built: the data dictionary, from the description of the data; relative links of page 404."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradelib.catalogue import dictionary as described

if TYPE_CHECKING:
    from mkdocs.structure.files import Files

PACKAGE = Path(__file__).parents[2] / "data" / "datapackage.json"


def on_files(files: "Files", config: Any) -> "Files":
    """Add the data dictionary."""
    from mkdocs.structure.files import File

    files.append(
        File.generated(config, "data_dictionary.md", content="\n".join(dictionary(json.loads(PACKAGE.read_text(encoding="utf-8")))))
    )
    return files


def on_post_template(output: str, *, template_name: str, config: Any) -> str:  # noqa: ARG001, names of MkDocs
    """The page for a wrong address with links that also lead on where the documentation is one folder of a site."""
    return relative(output) if template_name == "404.html" else output


def relative(html: str) -> str:
    """A page at the root of the documentation whose links begin there."""
    return re.sub(r'((?:href|src)="|"base": "|new URL\(")/(?!/)', r"\1./", html)


def dictionary(package: dict[str, Any]) -> Iterator[str]:
    """Lines of Markdown: every table and every column with its type, unit, keys and meaning."""
    yield "# Data dictionary"
    yield ""
    yield f"Edition {package['tradelib:edition']}. {package['description']} The same words are in `data/datapackage.json`, for machines."
    tables = package["resources"]
    yield ""
    yield "| Table | What a row is |"
    yield "| --- | --- |"
    yield from (f"| [{each['name']}](#{each['name']}) | {cell(each['description'])} |" for each in tables)
    for each in tables:
        yield from table(each)


def table(resource: dict[str, Any]) -> Iterator[str]:
    """Lines of Markdown for one table."""
    columns = described.columns(resource["name"])
    yield f"\n## {resource['name']}\n"
    yield f"**{resource['title']}.** {resource['description']} File `data/{resource['path']}`."
    yield f"\nKey: {', '.join(f'`{name}`' for name in columns.loc[columns['in_key'], 'column'])}."
    yield "\n| Column | Type | Unit | Allowed | In the table | Meaning |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for row in columns.itertuples():
        other = row.refers_to.partition(".")[0]
        link = f"[{other}](#{other})" if other else ""
        yield f"| `{row.column}` | {row.type} | {row.unit} | {cell(row.allowed)} | {link} | {cell(row.description)} |"


def cell(words: str) -> str:
    """Words for a cell of a table in Markdown."""
    return words.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")
