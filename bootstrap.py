"""Placeholder until the environment is made by itself."""


def enter(*, tests: bool) -> None:
    """Runs on in the present interpreter."""
