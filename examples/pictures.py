"""Draw the two pictures of the README anew: ``make pictures``."""

from pathlib import Path

import mentormatch as mm

HERE = Path(__file__).parent
PICTURES = HERE.parent / "docs" / "pictures"


def drawn(folder: Path = PICTURES) -> list[Path]:
    """Draw them into a folder, and return the files.

    Parameters
    ----------
    folder
        Where they go; those of the README by default.
    """
    people = mm.read_csv(HERE / "people.csv")
    program = mm.Program.model_validate_json((HERE / "program.json").read_bytes())
    exchange = mm.report.plot_exchange(mm.match(people, program))
    rings = mm.report.plot_rings(mm.match(people, mm.Program(format=mm.Rings(longest=4))))
    files = []
    for name, ax in {"exchange": exchange, "rings": rings}.items():
        file = folder / f"{name}.png"
        # No word of the version that drew it: else the file would change with matplotlib alone.
        figure = ax.get_figure(root=True)
        assert figure is not None  # axes are of a figure
        figure.savefig(file, dpi=110, bbox_inches="tight", metadata={"Software": None})
        files.append(file)
    return files


if __name__ == "__main__":
    for path in drawn():
        print(path)
