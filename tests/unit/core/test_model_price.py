import pytest

from stackwright.core.model_price import read_model_price


def test_a_price_is_read_with_and_without_its_cache() -> None:
    plain = read_model_price("my-model=2/10")
    assert plain.cost_usd(read=1_000_000, written=100_000, cache_read=500_000) == 4.0
    cached = read_model_price("ollama:mine=2/10/0.5/2.5")
    assert cached.cost_usd(read=0, written=0, cache_read=1_000_000, cache_write=1_000_000) == 3.0


@pytest.mark.parametrize("text", ["", "m", "m=", "m=2", "m=a/b", "m=1/2/3/4/5", "=1/2", "m=-1/2"])
def test_what_is_no_price_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="my-model=2/10"):
        read_model_price(text)
