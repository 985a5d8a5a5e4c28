"""`python -m srmcheck`."""

from srmcheck.cli import main

if __name__ == "__main__":
    main()
