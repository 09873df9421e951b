"""How the figures are made, and how they compare with published ones."""
