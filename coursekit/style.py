"""How every figure of the course looks: colours, sizes, lines. `setup` applies it."""

# Colours that colour-blind readers tell apart (Okabe and Ito, 2008).
BLUE, ORANGE, GREEN, PURPLE, GREY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#666666"

WIDTH = 10  # inches, of every figure that fills the page
SETTINGS = {
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.constrained_layout.use": True,
    "figure.figsize": (WIDTH, 4),
    "font.size": 15,
    "grid.alpha": 0.3,
    "image.cmap": "gray",
    "lines.linewidth": 2.5,
}


def apply():
    """Draw all figures from now on in the style of the course, whoever draws them."""
    import matplotlib  # a sixth of a second: not when coursekit is imported
    from cycler import cycler

    colours = cycler(color=[BLUE, ORANGE, GREEN, PURPLE, GREY])
    matplotlib.rcParams.update(SETTINGS | {"axes.prop_cycle": colours})
