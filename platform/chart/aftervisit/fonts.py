"""The fonts of scripts that the summary's own font lacks: Chinese, Japanese, Korean, Thai, Arabic, Hindi and more.

They are Noto fonts (SIL Open Font License), installed with the application as packages that hold nothing but fonts,
so that a bare machine shows the same letters as a container.
"""

from importlib.resources import files

_PACKS = (
    "justmytype_intl_cjk",
    "justmytype_intl_sea",
    "justmytype_intl_south_asia",
    "justmytype_intl_rtl",
    "justmytype_intl_africa",
)


def font_paths() -> list[str]:
    """The folders in which a PDF's maker looks for fonts, beside the machine's own. Raises ModuleNotFoundError."""
    return [str(files(pack) / "fonts") for pack in _PACKS]
