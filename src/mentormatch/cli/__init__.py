"""The command line: ``mentormatch match people.csv --program program.json --out pairs.csv``."""

try:
    import typer  # noqa: F401 - the extra, asked for before anything that needs it
except ModuleNotFoundError as missing:
    raise SystemExit(
        f"mentormatch's command line needs {missing.name}: pip install 'mentormatch-engine[cli]'"
    ) from missing

from mentormatch.cli.commands import app, main

__all__ = ["app", "main"]
