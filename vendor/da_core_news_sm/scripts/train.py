"""Train a pipeline: `spacy train` with the project's own parts."""

from pathlib import Path

import augment  # noqa: F401 registers the augmenter
import danish  # noqa: F401 registers the embedding layer, the lists and the lemmatizer
import typer
from spacy.cli._util import parse_config_overrides
from spacy.cli.train import train


def main(context: typer.Context, config: Path, output: Path):
    """Train what the configuration says, with overrides as in `spacy train` (--paths.train …), into the folder `output`."""
    output.mkdir(parents=True, exist_ok=True)
    train(config, output, overrides=parse_config_overrides(context.args))


if __name__ == "__main__":
    app = typer.Typer(add_completion=False)
    app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(main)
    app()
