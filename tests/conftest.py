import matplotlib
import pytest

matplotlib.use("agg")


@pytest.fixture(params=["es", "en"])
def language(request):
    """Each language in turn, as a notebook would choose it."""
    from coursekit import words

    words.use(request.param)
    yield request.param
    words.use("es")
