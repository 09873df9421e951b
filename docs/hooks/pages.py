"""Pages of the documentation that are made when it is built: the data dictionary, from the description of the data."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

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


def dictionary(package: dict[str, Any]) -> Iterator[str]:
    """Lines of Markdown: every table and every column with its type, unit, keys and meaning."""
    yield "# Data dictionary"
    yield ""
    yield f"Edition {package['version']}. {package['description']} The same words are in `data/datapackage.json`, for machines."
    tables = package["resources"]
    yield ""
    yield "| Table | What a row is |"
    yield "| --- | --- |"
    yield from (f"| [{each['name']}](#{each['name']}) | {cell(each['description'])} |" for each in tables)
    for each in tables:
        yield from table(each)


def table(resource: dict[str, Any]) -> Iterator[str]:
    """Lines of Markdown for one table."""
    schema = resource["schema"]
    key = schema.get("primaryKey") or next(iter(schema.get("uniqueKeys", [])), [])
    yield f"\n## {resource['name']}\n"
    yield f"**{resource['title']}.** {resource['description']} File `data/{resource['path']}`."
    if key:
        yield f"\nKey: {', '.join(f'`{name}`' for name in ([key] if isinstance(key, str) else key))}."
    for foreign in schema.get("foreignKeys", []):
        fields, other = foreign["fields"], foreign["reference"]
        named = ", ".join(f"`{name}`" for name in ([fields] if isinstance(fields, str) else fields))
        yield f"\n{named} stands in the table [{other['resource'] or resource['name']}](#{other['resource'] or resource['name']})."
    yield "\n| Column | Type | Unit | Meaning |"
    yield "| --- | --- | --- | --- |"
    for field in schema["fields"]:
        allowed = field.get("constraints", {}).get("enum")
        words = field["description"] + (f" One of {', '.join(f'`{value}`' for value in allowed)}." if allowed else "")
        yield f"| `{field['name']}` | {field['type']} | {field.get('tradelib:unit', field.get('unit', ''))} | {cell(words)} |"


def cell(words: str) -> str:
    """Words for a cell of a table in Markdown."""
    return words.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")
