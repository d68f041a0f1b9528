"""`martlet` and `python -m martlet`: hands over to the command line, which opens the window
when there is no command."""

from __future__ import annotations

import sys


def main() -> int:
    from martlet import bootstrap
    from martlet.cli.main import main as run

    return run(sys.argv[1:], bootstrap.services())


if __name__ == "__main__":
    sys.exit(main())
