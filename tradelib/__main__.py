"""`python -m tradelib`: the command line."""

import sys

from tradelib.cli import main

sys.exit(main())
