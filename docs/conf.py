"""How `make docs` builds these pages: Markdown in, plain pages out, nothing fetched from elsewhere."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

project = "Motions"
extensions = ["myst_parser", "from_code"]
exclude_patterns = ["_build"]
myst_heading_anchors = 3
html_theme = "alabaster"
html_theme_options = {
    "description": "The strategy dashboard for partner-led growth",
    "page_width": "1120px",
    "body_max_width": "100%",
    "code_font_size": "0.75em",
    "show_powered_by": False,
    # The theme's own begin with a font that is on no list of any system.
    "font_family": "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', Arial, sans-serif",
    "head_font_family": "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', Arial, sans-serif",
}
html_show_copyright = False
html_copy_source = False
html_use_index = False
