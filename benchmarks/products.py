"""How long the pages of all tariff lines of a day take, and how large they are: `python benchmarks/products.py`.

The time of the processors says what a busy machine hides: on two idle cores a day takes half of it, or as long as its longer part.
"""

import io
import platform
import resource
import time

from timing import line

from tradelib import catalogue
from tradelib.report import pool, products
from tradelib.stories.lines import pages

TARGET_SECONDS, TARGET_KB, CORES = 30, 400, 2


def main() -> None:
    """Print the times and the sizes of the newest day."""
    print(f"Python {platform.python_version()}, {platform.machine()}; edition {catalogue.edition().version}")
    day = catalogue.resolve_as_of("latest").isoformat()

    def run(parts: list[products.Part]) -> list[tuple[list[products.ProductPage], float]]:
        return pool.run_jobs(products.make, parts, workers=CORES, describe=lambda part: part.words, stream=io.StringIO())

    begun = time.perf_counter()
    [made] = products.made(products.Products(pages.PARTS, pages.sheets, pages.front), {day: ""}, {}, run)
    line(f"{len(made.pages)} pages of a day, from cold, {CORES} processes", time.perf_counter() - begun, "s", f"{TARGET_SECONDS} s")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    line(f"the same, time of the processors over {CORES} cores", (used.ru_utime + used.ru_stime) / CORES, "s", f"{TARGET_SECONDS} s")
    sizes = {name: len(text.encode()) for name, text in made.files().items()}
    largest = max((name for name in sizes if name.endswith(".html")), key=sizes.__getitem__)
    line(f"largest page ({largest})", sizes[largest] / 1e3, "kB", f"{TARGET_KB} kB")
    line("pages and their data", sum(sizes.values()) / 1e6, "MB")


if __name__ == "__main__":
    main()
