"""A question and its answer, near misses to pick from, and words that lean on the last answer."""

from core.reply import Choice
from core.router import Router
from handlers import texts
from handlers.answer import offered, question_choice, render, sources
from handlers.turn import Turn, clarify, fill, visit
from knowledge.entry import Entry
from knowledge.heard import Answer, Heard

routes: Router[Heard] = Router()

_BESIDE = 4
"""Other questions offered under an answer: the nearest first, then the related."""

THERE = "没有查到{place}对这件事的单独规定，全国的规定是：\n\n"
THERE_NEAR = "\n\n{place}相近的规定，回复数字看："


def _note(turn: Turn, answers: tuple[Answer, ...], near: tuple[Entry, ...]) -> None:
    result = turn.result
    result.journey, result.score = "faq", turn.heard.score
    result.near = offered(turn, near)
    if answers:
        result.outcome, result.entry = "answer", answers[0].entry.slug
        result.facts = list(dict.fromkeys(f for a in answers for f in a.entry.facts))
        turn.data["entry"] = answers[-1].entry.slug
        typed = turn.heard.text if turn.inbound.kind == "text" else ""  # a digit or 返回 is no question
        turn.data["question"] = typed or answers[-1].entry.question
        turn.data.pop("missed", None)
    else:
        result.outcome = "pick"
        turn.data["question"] = turn.heard.text


def _related(turn: Turn, entry: Entry) -> list[Choice]:
    entries = turn.heard.snapshot.entries
    return [question_choice(entries[slug]) for slug in entry.related if slug in entries]


@routes.action("faq")
async def chosen(turn: Turn) -> None:
    """Answer a question that was picked from a list."""
    entry = turn.heard.snapshot.entries.get(turn.argument)
    if entry is None:
        turn.say(texts.STALE, texts.START_CHOICE)
        return
    answer = Answer(entry, 1.0, turn.heard.snapshot.is_elsewhere(entry))
    _note(turn, (answer,), ())
    visit(turn, f"faq:{entry.slug}")
    turn.say(render(turn, answer), *_related(turn, entry), texts.PERSON_CHOICE, texts.BACK_CHOICE, replaces=True)


@routes.text(lambda turn: turn.heard.part is not None)
async def follow_up(turn: Turn) -> None:
    """Answer the part of the last answer that was asked for."""
    answer, field, near = turn.heard.answers[0], turn.heard.part, turn.heard.near
    entry, others = answer.entry, [question_choice(other) for other in near]
    assert field is not None
    _note(turn, turn.heard.answers, near)
    if field == "there":
        text = THERE.format(place=turn.heard.place) + render(turn, answer)
        text += THERE_NEAR.format(place=turn.heard.place) if near else ""
        turn.say(text, *(others or _related(turn, entry)), texts.PERSON_CHOICE, texts.BACK_CHOICE)
        return
    if field == "who":
        text = texts.FOLLOW_WHO.format(who="、".join(entry.who)) + render(turn, answer)
    else:
        value = {"bring": "、".join(entry.bring), "where": entry.where, "how_long": entry.how_long}[field]
        known, unknown = texts.FOLLOW[field]
        text = fill(turn, known if value else unknown, question=entry.question, value=value and fill(turn, value))
        text += "\n\n" + sources(turn, entry) if value else ""
    turn.say(text, question_choice(entry), *others, texts.PERSON_CHOICE, texts.BACK_CHOICE)


@routes.text(lambda turn: bool(turn.heard.answers))
async def answer(turn: Turn) -> None:
    """Answer outright: one question, or several in their order."""
    answers, near = turn.heard.answers, turn.heard.near
    _note(turn, answers, near)
    visit(turn, f"faq:{answers[-1].entry.slug}")
    beside = [question_choice(entry) for entry in near]
    if len(answers) == 1:
        beside = list(dict.fromkeys([*beside, *_related(turn, answers[0].entry)]))
    if len(answers) > 1:
        turn.say(texts.SEVERAL.format(count=len(answers) + len(near)))
    also = "\n\n" + texts.ALSO if near and len(answers) > 1 else ""
    for number, one in enumerate(answers, 1):
        part = texts.PART.format(number=number, question=one.entry.question) if len(answers) > 1 else ""
        if number < len(answers):
            turn.say(part + render(turn, one))
        else:
            turn.say(part + render(turn, one) + also, *beside[:_BESIDE], texts.PERSON_CHOICE, texts.BACK_CHOICE)


@routes.text(lambda turn: bool(turn.heard.near) and turn.heard.journey == "faq")
async def pick(turn: Turn) -> None:
    """Offer near misses, or ask what tells them apart; after two clarifying turns, a person beside them."""
    near, ask = turn.heard.near, turn.heard.ask
    _note(turn, (), near)
    choices = [question_choice(entry) for entry in near]
    if ask is not None:
        choices = [Choice(label, f"faq:{slug}") for label, slug in ask.choices.items()]
    if clarify(turn):
        turn.say(ask.ask if ask else texts.PICK, *choices, texts.NONE_CHOICE, texts.PERSON_CHOICE)
    else:
        text = texts.NO_ANSWER_AGAIN.format(person=fill(turn, texts.PERSON_WAYS)) + "\n" + texts.MAYBE
        turn.say(text, *choices, texts.PERSON_CHOICE)
