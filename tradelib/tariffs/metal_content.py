"""How much of a good is the metal that a duty falls on, and how the answer says so."""

import numpy as np
import pandas as pd

from tradelib.tariffs.stacking import ON_METAL, Assumptions, Book, Step
from tradelib.tariffs.tariff_lines import Lines

_METALS = ("us_232_steel", "us_232_alum", "us_232_deriv", "us_232_copper", "us_232_metals")


def told(rows: pd.DataFrame, over: Lines, at: int, assumptions: Assumptions) -> pd.DataFrame:
    """Layers of one line with the share of metal they were computed with, and where it comes from.

    Parameters
    ----------
    rows : layers as `rates.explain` makes them.
    over, at : the lines, and the position of the one asked for.
    assumptions : the choices made.

    Returns
    -------
    The same rows with a column metal_content_frac (NaN where a layer does not fall on the metal alone), and the share named in `why`
    where such a layer applies.
    """
    on_metal = rows["basis"].isin(ON_METAL)
    share = float(assumptions.metal(over, np.array([at]))[0]) if on_metal.any() else np.nan
    rows = rows.assign(metal_content_frac=np.where(on_metal, share, np.nan))
    says = on_metal & rows["outcome"].eq("applies")
    if says.any():
        rows.loc[says, "why"] = [f"{_words(over, at, assumptions, share)}{why and '; '}{why}" for why in rows.loc[says, "why"]]
    return rows


def idle(rows: pd.DataFrame, assumptions: Assumptions) -> tuple[str, ...]:
    """What to say of a share of metal that was given and changes nothing: one sentence, or none."""
    if assumptions.metal_content_frac is None or (rows["basis"].isin(ON_METAL) & rows["outcome"].eq("applies")).any():
        return ()
    metals = rows[rows["measure_id"].str.startswith(_METALS) & rows["outcome"].eq("applies")]
    why = "the duty on its metal falls on the full value on this day" if len(metals) else "no duty on it falls on the metal alone on this day"
    return (f"The share of metal given ({_percent(assumptions.metal_content_frac)}) changes nothing for this good: {why}.",)


def _words(over: Lines, at: int, assumptions: Assumptions, share: float) -> str:
    if assumptions.metal_content_frac is not None:
        return f"on the metal content, given as {_percent(share)} of the value"
    if over.is_metal[at]:
        return "on the metal content: all of the value, as customs takes it where the content is not known"
    return f"on the metal content, taken as {_percent(share)} of the value"


def _percent(share: float) -> str:
    return f"{100 * share:.4g} %"


def both_owed(step: Step, rival: Step, held: Book) -> bool:
    """Whether two duties on metals meet on a good, of which neither displaces the other.

    Each falls on the content of its own metal (EO 14289 sec. 3(a)(iii)). Since 6 April 2026 the programmes of the single metals have
    ended (Proclamation 11021), and one rate holds for a good of several.
    """
    metals = {held.rows.loc[item.row, "programme"].split()[0] for item in (step, rival)}
    return step.priority == rival.priority and len(metals) == 2 and metals <= _SINGLE


# Programmes of single metals begin with its name.
_SINGLE = frozenset({"Steel", "Aluminium", "Copper"})
