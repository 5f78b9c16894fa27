"""Cards of models, in a classic session and through Connect."""

import re
from pathlib import Path

import pytest
from conftest import model
from pyspark.sql import SparkSession

from spark_onnx import model_card


def test_a_card_tells_what_a_model_takes_and_gives(spark: SparkSession) -> None:
    card = model_card(model("digits"))
    assert card.path.endswith("digits.onnx")
    assert len(card.sha256) == 64
    assert card.inputs
    assert card.outputs
    assert "html" not in repr(card)


def test_a_card_is_drawn_in_notebooks(spark: SparkSession) -> None:
    html = model_card(model("digits"))._repr_html_()
    assert html.startswith('<div class="onnx-card">')
    assert "<svg" in html


def test_of_long_metadata_the_start_is_shown(spark: SparkSession) -> None:
    html = model_card(model("breast_cancer")).html
    assert "mean_radius,mean_texture" in html
    assert "worst_fractal_dimension" not in html
    assert re.search(r"… \([0-9,]+ characters\)", html)


@pytest.mark.parametrize("spark", ["classic"], indirect=True)  # the server reads demo models only
def test_a_file_that_is_no_model_is_refused(spark: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "text.onnx").write_text("no model")
    with pytest.raises(ValueError, match=r"text|model|protobuf"):
        model_card(str(tmp_path / "text.onnx"))


def test_several_models_are_refused(spark: SparkSession) -> None:
    folder = model("digits").rsplit("/", 1)[0]
    with pytest.raises(ValueError, match="expected one"):
        model_card(folder)
