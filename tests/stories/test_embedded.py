"""`images: embedded`: the mail carries its pictures, and shows each of them."""

import re
from email import policy
from email.parser import BytesParser
from io import BytesIO
from pathlib import Path

from PIL import Image

from tests.stories.project import read_maildir, sample_project


def test_a_mail_carries_every_picture_that_it_shows(tmp_path: Path) -> None:
    project = sample_project(tmp_path)
    config = project.folder / "ruhrmail.yaml"
    config.write_text(config.read_text(encoding="utf-8") + "images: embedded\n", encoding="utf-8")
    assert 0 == project.run("send", "2026-11", "--yes").returncode
    message = read_maildir(project.folder / "maildir")[0]
    html = message.get_body(("html",)).get_content()
    shown = set(re.findall(r'src="cid:([^"]+)"', html))
    carried = {
        part["Content-ID"].strip("<>"): part.get_content() for part in message.walk() if part["Content-ID"] is not None
    }
    assert shown == set(carried)
    assert len(shown) >= 9
    assert "/assets/" not in html
    for content in carried.values():
        assert Image.open(BytesIO(content)).format in ("JPEG", "PNG")


def test_the_built_mail_can_be_looked_at_in_a_browser(tmp_path: Path) -> None:
    project = sample_project(tmp_path)
    config = project.folder / "ruhrmail.yaml"
    config.write_text(config.read_text(encoding="utf-8") + "images: embedded\n", encoding="utf-8")
    assert 0 == project.run("build", "2026-11").returncode
    folder = project.folder / "build" / "2026-11"
    names = re.findall(r'src="([^"]+)"', (folder / "mail.html").read_text(encoding="utf-8"))
    assert names
    assert all((folder / name).is_file() for name in names)
    sample = BytesParser(policy=policy.default).parsebytes((folder / "mail.eml").read_bytes())
    assert "multipart/related" in [part.get_content_type() for part in sample.walk()]
