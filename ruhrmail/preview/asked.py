"""What an address asks for: issue, variant, reader and view, or why it cannot be answered."""

import re

from starlette.exceptions import HTTPException
from starlette.requests import Request

from ruhrmail.errors import RuhrmailError
from ruhrmail.flows.proof import Proof, is_missing_issue
from ruhrmail.flows.proof_mail import Chosen, choose
from ruhrmail.flows.readers import NEUTRAL, Reader
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.parse import check_slug
from ruhrmail.preview.desk import Desk
from ruhrmail.preview.press import Press
from ruhrmail.simulate import MODES, View

NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._+@:,=-]{0,199}")
SWITCHES = {"images": True, "styles": True, "outlook": False, "clip": False}
WORDS = {"on": True, "off": False}


class Refused(HTTPException):
    """An answer that says what is wrong."""

    def __init__(self, status: int, message: Phrase) -> None:
        super().__init__(status)
        self.message = message


def desk_of(request: Request) -> Desk:
    """The preview that this request is for."""
    desk: Desk = request.app.state.desk
    return desk


def press_of(request: Request) -> Press:
    """What renders."""
    press: Press = request.app.state.press
    return press


def slug_of(request: Request) -> str:
    """The issue's name. Raises Refused for what is none."""
    slug = str(request.path_params["slug"])
    try:
        check_slug(slug)
    except RuhrmailError as error:
        raise Refused(404, error.message) from error
    return slug


def name_of(request: Request) -> str:
    """The name of a file. Raises Refused for what is none."""
    name = str(request.path_params["name"])
    if not NAME.fullmatch(name) or ".." in name:
        raise Refused(404, phrase("there is no such file"))
    return name


async def proof_of(request: Request) -> Proof:
    """The issue as it is now. Raises Refused where there is none."""
    proof = await press_of(request).proof(slug_of(request))
    if proof.made is None and is_missing_issue(proof):
        raise Refused(404, proof.errors[0].message)
    return proof


def reader_of(request: Request, name: str | None = None) -> Reader:
    """Who looks. Raises Refused for somebody that nobody searched for."""
    reader = desk_of(request).readers.get(name or request.query_params.get("reader") or NEUTRAL)
    if reader is None:
        raise Refused(404, phrase("this reader is not known (any more): search again"))
    return reader


def choice_of(request: Request, proof: Proof) -> Chosen:
    """The issue as variant and reader of the address select it. Raises Refused."""
    if proof.made is None or proof.config is None:
        raise Refused(409, phrase("the issue has errors, and there is no earlier state to show"))
    chosen = choose(proof.config, proof.made, reader_of(request), request.query_params.get("variant"))
    if chosen is None:
        raise Refused(404, phrase("the issue has no such variant"))
    return chosen


def view_of(request: Request) -> View:
    """How to show it. Raises Refused for what cannot be chosen."""
    mode = request.query_params.get("mode", "light")
    values = {name: request.query_params.get(name, "on" if usual else "off") for name, usual in SWITCHES.items()}
    known = [one for one in MODES if one == mode]
    if not known or not set(values.values()) <= WORDS.keys():
        raise Refused(400, phrase("the mail cannot be shown this way"))
    return View(known[0], **{name: WORDS[value] for name, value in values.items()})
