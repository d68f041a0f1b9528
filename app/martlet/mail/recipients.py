"""How many people one letter can go to.

MOST: what the largest providers take from a person in a day lies between 500 and 2,000; what goes
to more belongs on a list, and is told so before it is tried. MOST_SHOWN: Postfix cuts off a head
of more than 100 kB (header_size_limit), and some names are long.
"""

from __future__ import annotations

MOST = 5_000
MOST_SHOWN = 1_000
