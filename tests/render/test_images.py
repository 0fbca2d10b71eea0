"""Pictures: every kind that editors send ends as a small JPEG or PNG, or as an error at its line."""

import io

import pytest
from PIL import Image, ImageCms

from ruhrmail.errors import InvalidInput
from ruhrmail.render.images import CARD, FULL, LOGO, PORTRAIT, Unreadable, fit_picture


def save(image: Image.Image, form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def many_colours(size: tuple[int, int]) -> Image.Image:
    grey = Image.linear_gradient("L").resize(size)
    return Image.merge("RGB", (grey, Image.radial_gradient("L").resize(size), grey))


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize(
    ("size", "place", "pixels", "shown"),
    [
        ((3000, 1500), FULL, (1200, 600), (600, 300)),
        ((900, 450), FULL, (900, 450), (600, 300)),
        ((300, 150), FULL, (300, 150), (300, 150)),
        ((1600, 900), CARD, (580, 326), (290, 163)),
        ((1600, 900), PORTRAIT, (192, 192), (96, 96)),
        ((100, 60), PORTRAIT, (60, 60), (60, 60)),
        ((800, 200), LOGO, (352, 88), (176, 44)),
        ((10, 2), FULL, (10, 2), (10, 2)),
    ],
)
def test_a_picture_fits_twice_its_place_and_is_never_enlarged(size, place, pixels, shown):
    fitted = fit_picture(save(many_colours(size), "JPEG"), place)
    assert (fitted.asset.width, fitted.asset.height) == pixels == opened(fitted.asset.content).size
    assert (fitted.width, fitted.height) == shown


def test_a_turned_photograph_stands_upright_and_loses_its_metadata():
    image = Image.new("RGB", (400, 200), "red")
    image.paste("blue", (0, 0, 200, 200))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "camera"
    fitted = fit_picture(save(image, "JPEG", exif=exif, comment=b"secret"), FULL)
    found = opened(fitted.asset.content)
    assert found.size == (200, 400)
    assert found.convert("RGB").getpixel((100, 50))[2] > 200
    assert dict(found.getexif()) == {} and "comment" not in found.info and b"camera" not in fitted.asset.content


@pytest.mark.parametrize("mode", ["CMYK", "L", "RGB"])
def test_opaque_photographs_become_progressive_jpeg(mode):
    fitted = fit_picture(save(many_colours((700, 400)).convert(mode), "JPEG"), FULL)
    found = opened(fitted.asset.content)
    assert (found.format, fitted.asset.media_type, fitted.asset.name[-4:]) == (
        ("PNG", "image/png", ".png") if mode == "L" else ("JPEG", "image/jpeg", ".jpg")
    )
    assert found.mode in ("RGB", "L")


def test_print_colours_with_a_profile_become_srgb():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    fitted = fit_picture(save(many_colours((700, 400)), "JPEG", icc_profile=profile), FULL)
    assert "icc_profile" not in opened(fitted.asset.content).info


@pytest.mark.parametrize(
    "image",
    [
        Image.new("RGBA", (50, 50), (255, 0, 0, 100)),
        Image.new("LA", (50, 50), (9, 100)),
    ],
)
def test_what_is_transparent_stays_transparent(image):
    found = opened(fit_picture(save(image, "PNG"), FULL).asset.content)
    assert (found.format, found.mode) == ("PNG", "RGBA")
    assert found.getpixel((5, 5))[3] == 100


def test_a_palette_with_transparency_keeps_it():
    image = Image.new("P", (50, 50), 1)
    image.putpalette([0, 0, 0, 255, 0, 0])
    image.paste(0, (0, 0, 25, 50))
    found = opened(fit_picture(save(image, "PNG", transparency=0), FULL).asset.content)
    assert (found.getpixel((5, 5))[3], found.getpixel((40, 5))) == (0, (255, 0, 0, 255))


@pytest.mark.parametrize("mode", ["1", "P", "I;16", "I", "F"])
def test_rare_kinds_are_readable(mode):
    image = Image.new(mode, (50, 50))
    fitted = fit_picture(save(image, "TIFF"), FULL)
    assert opened(fitted.asset.content).mode in ("RGB", "L")


@pytest.mark.parametrize("form", ["GIF", "WEBP", "BMP", "TIFF"])
def test_other_formats_become_jpeg_or_png(form):
    assert opened(fit_picture(save(many_colours((64, 64)), form), FULL).asset.content).format in ("JPEG", "PNG")


@pytest.mark.parametrize("content", [b"", b"nothing", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, b"GIF89a" + b"\xff" * 30])
def test_what_is_no_picture_is_unreadable(content):
    with pytest.raises(Unreadable) as caught:
        fit_picture(content, FULL)
    assert caught.value.reason == "broken"


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_truncated_picture_is_unreadable(form):
    content = save(many_colours((800, 600)), form)
    with pytest.raises(Unreadable):
        fit_picture(content[: len(content) // 2], FULL)


@pytest.mark.parametrize("side", [8_000, 20_000])
def test_a_bomb_is_refused_before_it_is_unpacked(side):
    with pytest.raises(Unreadable) as caught:
        fit_picture(save(Image.new("1", (side, side)), "PNG"), FULL)
    assert caught.value.reason == "large"


def test_the_name_is_made_from_the_content():
    one, two = (fit_picture(save(many_colours((900, 900)), "JPEG"), FULL) for _ in range(2))
    assert one.asset == two.asset and len(one.asset.name) == len("0123456789abcdef.jpg")


def test_every_broken_picture_is_reported_at_its_line(project, render):
    (project / "issues" / "one" / "bad.jpg").write_bytes(b"bad")
    (project / "issues" / "one" / "bomb.png").write_bytes(save(Image.new("1", (9_000, 9_000)), "PNG"))
    with pytest.raises(InvalidInput) as caught:
        render("  - {type: image, src: bad.jpg, alt: x}\n  - type: image\n    alt: y\n    src: bomb.png\n")
    found = [(one.rule, str(one.at), one.at.excerpt.strip()) for one in caught.value.findings]
    assert found == [
        ("img/unreadable", "issues/one/issue.yaml:6:24", "- {type: image, src: bad.jpg, alt: x}"),
        ("img/unreadable", "issues/one/issue.yaml:9:10", "src: bomb.png"),
    ]
    assert caught.value.findings[1].hint is not None


def test_the_same_picture_in_two_sizes_is_two_assets_and_twice_the_same_is_one(render):
    card = "  - {type: article, layout: card, title: %s, image: {src: wide.jpg, alt: x}}\n"
    edition = render("  - {type: image, src: wide.jpg, alt: x}\n" + card % "A" + card % "B")
    assert [asset.width for asset in edition.assets] == [1200, 580]


def test_a_missing_logo_is_reported_in_the_settings(project, render):
    config = project / "ruhrmail.yaml"
    config.write_text(config.read_text(encoding="utf-8") + "theme: {logo: nowhere.png}\n", encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        render("  - {type: text, text: x}\n")
    assert [(one.rule, str(one.at)) for one in caught.value.findings] == [("img/missing", "ruhrmail.yaml:16:15")]
    config.write_text(config.read_text(encoding="utf-8").replace("nowhere.png", "../../etc/hosts"), encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        render("  - {type: text, text: x}\n")
    assert [one.rule for one in caught.value.findings] == ["img/outside-project"]


@pytest.mark.parametrize("form", ["EPS", "PPM", "TGA", "ICO"])
def test_reads_nothing_but_pictures_that_editors_have(form):
    buffer = io.BytesIO()
    Image.new("RGB", (32, 32)).save(buffer, form)
    with pytest.raises(Unreadable):
        fit_picture(buffer.getvalue(), FULL)
