"""The front page of a day: what applies, what happened, what comes next, what goods owe."""
