"""Who promised what by when, and what was observed or claimed since."""

from datetime import date

import pandas as pd

from tradelib import catalogue

STATUSES = ("kept", "partly", "breached", "disputed", "not yet due", "no evidence")


def commitments(*, as_of: date, agreement: str = "all") -> pd.DataFrame:
    """Commitments made by a day, each with the newest evidence of each side and a status.

    Parameters
    ----------
    as_of : day of knowledge.
    agreement : one of the agreements of the table, or `all`.

    Returns
    -------
    One row a commitment, in order of the day it was made: commitment_id, agreement, party, what, metric, target, due_on, made_on,
    confirmed_by_other_side, status, evidence (the newest observation), evidence_by (who says so), evidence_on, us_says, cn_says,
    others_say (the newest direction of each), source, url, known_on.

    The status is that of the newest word of every speaker: `kept`, `partly` or `breached` where they agree (or only one spoke),
    `disputed` where they do not, or where the only one who calls it breached is the other party; `not yet due` and `no evidence`
    where nobody spoke. A claim stays the claim of `evidence_by`.
    """
    rows = catalogue.load("commitments", as_of=as_of)
    if agreement != "all":
        rows = rows[rows["agreement"].eq(agreement)]
    evidence = catalogue.load("evidence", as_of=as_of)
    evidence = evidence[evidence["commitment_id"].isin(rows["commitment_id"])].sort_values(["observed_on", "evidence_id"])
    newest = evidence.drop_duplicates("commitment_id", keep="last").set_index("commitment_id")
    says = {speaker: dict(zip(part["commitment_id"], part["direction"], strict=True)) for speaker, part in evidence.groupby("claimed_by")}
    ids = rows["commitment_id"]
    rows = rows.assign(
        evidence=_words(ids, newest["observation"].to_dict()),
        evidence_by=_words(ids, newest["claimed_by"].to_dict()),
        evidence_on=pd.to_datetime(ids.map(newest["observed_on"].to_dict())).astype("datetime64[us]"),
        us_says=_words(ids, says.get("US", {})),
        cn_says=_words(ids, says.get("CN", {})),
        others_say=_words(ids, says.get("third party", {})),
    )
    rows["status"] = [_status(row, as_of) for row in rows.itertuples()]
    rows["url"] = [newest["url"].get(row.commitment_id, row.url) for row in rows.itertuples()]
    rows["source"] = [newest["source"].get(row.commitment_id, row.source) for row in rows.itertuples()]
    rows["known_on"] = rows["evidence_on"].fillna(rows["made_on"])
    columns = [
        "commitment_id", "agreement", "party", "what", "metric", "target", "due_on", "made_on", "confirmed_by_other_side", "status",
        "evidence", "evidence_by", "evidence_on", "us_says", "cn_says", "others_say", "source", "url", "known_on",
    ]  # fmt: skip
    return rows[columns].sort_values(["made_on", "commitment_id"]).reset_index(drop=True)


def _words(ids: pd.Series, found: dict[str, str]) -> list[str]:
    return [found.get(item, "") for item in ids]


def _status(row: tuple, as_of: date) -> str:
    words = {"US": row.us_says, "CN": row.cn_says, "third party": row.others_say}
    spoken = {speaker: word for speaker, word in words.items() if word}
    if not spoken:
        return "not yet due" if pd.notna(row.due_on) and row.due_on > pd.Timestamp(as_of) else "no evidence"
    directions = set(spoken.values())
    if len(directions) > 1:
        return "partly" if directions == {"kept", "partly"} else "disputed"
    (direction,) = directions
    accusers = set(spoken) - {row.party, "third party"}
    if direction == "breached" and row.party != "both" and set(spoken) == accusers:
        return "disputed"
    return direction
