"""How the pages are made: `make docs`. Nothing is fetched, and every warning is an error."""

import logging
import os
import sys
import tempfile
from pathlib import Path

import mentormatch

sys.path.insert(0, str(Path(__file__).resolve().parent / "extensions"))

# Cells run as on any machine, without the settings of whoever builds, and say what is wrong only.
SETTINGS = Path(tempfile.mkdtemp(prefix="mentormatch-docs-")) / "profile_default"
SETTINGS.mkdir()
SETTINGS.joinpath("ipython_kernel_config.py").write_text(
    "c.IPKernelApp.log_level = 'ERROR'\nc.HistoryManager.enabled = False\n", encoding="utf-8"
)
os.environ["IPYTHONDIR"] = str(SETTINGS.parent)
logging.getLogger("traitlets").setLevel(logging.WARNING)

project = "mentormatch"
author = "the mentormatch maintainers"
copyright = "the mentormatch maintainers. Apache License 2.0"
version = release = mentormatch.__version__

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "long_lines",
    "mathml",
    "public_names",
]
exclude_patterns = ["_build"]
nitpicky = True
nitpick_ignore_regex = [
    # Names in single backticks link where they are public, and else stay words.
    ("py:obj", r".*"),
    # What signatures say in types of others.
    ("py:.*", r"(collections|datetime|enum|os|pathlib|types|typing)\..*"),
    ("py:.*", r"(matplotlib|networkx|numpy|pydantic|scipy)\..*"),
    ("py:class", r"(ArrayLike|Axes|NDArray|NoneType|Self|csr_array|optional)(\[.*)?"),
    ("py:class", r"(bool|float64|int64)"),
    # What public names are made of, and nobody has to name.
    ("py:.*", r"mentormatch\.(assign|exchange|matching|people|rounds|skills|solving)\..*"),
    ("py:class", r"(Preference|Rule)"),
]

# Markdown.
myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
myst_links_external_new_tab = False

# Pages with cells are run as they are built; what a cell warns of is an error.
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 60
nb_execution_show_tb = True
nb_merge_streams = True
nb_output_stderr = "error"

# The reference.
default_role = "py:obj"
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 88
add_module_names = False
autosummary_generate = False
numpydoc_show_class_members = False
numpydoc_xref_param_type = False

# How it looks.
html_theme = "furo"
html_title = f"mentormatch {release}"
html_static_path = ["static"]
html_css_files = ["mentormatch.css"]
html_copy_source = False
html_show_sphinx = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#1b5e7a", "color-brand-content": "#1b5e7a"},
    "dark_css_variables": {"color-brand-primary": "#7cc4de", "color-brand-content": "#7cc4de"},
}
