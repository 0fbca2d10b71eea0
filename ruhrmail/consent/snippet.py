"""The form as other sites put it onto their pages: plain HTML, without scripts, pictures or styles."""

from markupsafe import Markup

from ruhrmail.i18n import Translator

FORM = Markup("""\
<form action="{address}" method="post" accept-charset="utf-8">
  <p><label>{label} <input type="email" name="email" required autocomplete="email" maxlength="254"></label>
  <button type="submit">{button}</button></p>
  <p><small>{after}</small></p>
</form>
""")


def make_snippet(address: str, name: str, translate: Translator) -> str:
    """The form for a newsletter of this name, in the translator's language; `address` is where the service's own form
    stands. What people agree to is shown there, where they press the button once more."""
    return str(
        FORM.format(
            address=address,
            label=translate("Your e-mail address"),
            button=translate("Subscribe to {name}", name=name),
            after=translate("The next page says what you agree to. You can leave again at any time."),
        )
    )
