"""`python -m stackwright` is `stackwright`."""

from stackwright.cli import main

if __name__ == "__main__":
    main()
