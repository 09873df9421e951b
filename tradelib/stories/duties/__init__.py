"""Country-wide duties, lists, and what is scheduled."""
