"""Rare earths and the controls on them."""
