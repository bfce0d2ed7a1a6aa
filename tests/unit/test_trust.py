"""What is handed in is read with limits: YAML, evidence files, names of files."""

import pytest
import yaml

from dudao.base import yaml_text
from dudao_pipeline.intake import attachments

UNFIT = {
    "deep": "[" * 5000 + "]" * 5000,
    "repetitive": "a: &a [x]\n" + "".join(f"b{n}: *a\n" for n in range(yaml_text.MOST_ALIASES + 1)),
    "large": "x" * (yaml_text.LARGEST + 1),
    "no day": "date: 2024-13-45",
    "an object": "a: !!python/object/apply:os.system [id]",
    "unhashable": "? [1, 2]\n: 3",
    "a sign that is none": "a: \x00",
}


@pytest.mark.parametrize("text", UNFIT.values(), ids=UNFIT)
def test_a_yaml_text_that_no_file_of_ours_needs_is_one_kind_of_error(text):
    with pytest.raises(yaml.YAMLError):
        yaml_text.load(text)


def test_an_ordinary_yaml_text_is_read():
    text = "a: &a {x: 1}\nb: {<<: *a, y: [2, 三]}\n"
    assert yaml_text.load(text) == {"a": {"x": 1}, "b": {"x": 1, "y": [2, "三"]}}


def test_evidence_that_is_a_link_is_no_evidence(tmp_path):
    folder, outside = tmp_path / "报送", tmp_path / "外"
    (folder / attachments.FOLDER).mkdir(parents=True)
    outside.mkdir()
    (outside / "机密.pdf").write_text("x", encoding="utf-8")
    (folder / "机密.pdf").symlink_to(outside / "机密.pdf")
    assert attachments.find("机密.pdf", folder) is None
    (folder / attachments.FOLDER / "通知.pdf").write_text("x", encoding="utf-8")
    assert attachments.find("通知.pdf", folder)


def test_a_collection_that_is_a_link_is_none(tmp_path):
    folder, outside = tmp_path / "报送", tmp_path / "外"
    folder.mkdir()
    outside.mkdir()
    (outside / "机密.pdf").write_text("x", encoding="utf-8")
    (folder / attachments.FOLDER).symlink_to(outside)
    assert attachments.find("机密.pdf", folder) is None
