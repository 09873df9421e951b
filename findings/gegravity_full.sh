#!/usr/bin/env bash
# gegravity: the resistances of its "full" general equilibrium are the conditional ones, so that sales do not add up to output.
# Seen 2026-11-29: gegravity 0.3, gme 1.3.1, numpy 2.4.6, pandas 3.1.1, Python 3.11; four economies, sigma 5, one pair's cost up by half.
# The full system takes shares of output and spending from before the shock and prices enter only the last of its three blocks, so that
# the first two are solved by the same numbers as the conditional system. Output after the shock then differs from sales.
# So: check that sales equal output before you read levels off such a model.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/python -m pip install --quiet --disable-pip-version-check gegravity==0.3 gme==1.3.1 numpy==2.4.6 pandas==3.1.1 2>/dev/null
v/bin/python -W ignore - <<'PY'
import sys
import pandas as pd
from gegravity import BaselineData, CostCoeffs, OneSectorGE
size = {"A": 50.0, "B": 30.0, "C": 15.0, "D": 5.0}
rows = []
for exporter in size:
    for importer in size:
        cost = 0.0 if exporter == importer else 1.0
        rows.append({"exporter": exporter, "importer": importer, "year": "2023", "trade": size[exporter] * size[importer] / 100,
                     "Y": size[exporter], "E": size[importer], "barrier": cost})
data = pd.DataFrame(rows)
base = BaselineData(data, year_var_name="year", trade_var_name="trade", expend_var_name="E", output_var_name="Y")
costs = CostCoeffs(pd.DataFrame({"variable": ["barrier"], "beta": [-1.5], "error": [0.1]}), identifier_col="variable",
                   coeff_col="beta", stderr_col="error")
model = OneSectorGE(base, year="2023", expend_var_name="E", output_var_name="Y", reference_importer="D", sigma=5,
                    cost_variables=["barrier"], cost_coeff_values=costs, quiet=True)
model.build_baseline()
shock = model.baseline_data.copy()
shock.loc[shock["exporter"].eq("B") & shock["importer"].eq("A"), "barrier"] = 2.0
model.define_experiment(shock)
model.simulate()
terms = model.country_mr_terms
gap = max((terms[f"experiment {name}"] / terms[f"conditional {name}"] - 1).abs().max() for name in ("imr", "omr"))
made = model.outputs_expenditures
trade = model.bilateral_trade_results.groupby(level="exporter")[["baseline modeled trade", "experiment trade"]].sum()
before = (trade["baseline modeled trade"] / made["baseline output"] - 1).abs().max()
after = (trade["experiment trade"] / made["experiment output"] - 1).abs().max()
print(f"seen: full against conditional resistances {gap:.0e} apart; sales against output: {before:.1%} apart before, {after:.1%} after")
if gap > 1e-5 or before > 1e-5 or after < 1e-3:
    sys.exit("Changed: in gegravity 0.3 the full resistances were the conditional ones and sales left output; read its notes again.")
PY
