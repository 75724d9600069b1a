"""Show why a question is understood as it is: readings, candidates, features, margin."""

import argparse

from bot.settings import Settings
from core.clock import CHINA, utc_now
from knowledge import decide
from knowledge.content import read_content
from knowledge.heard import Context
from knowledge.index import Snapshot

_SHOWN = 8


async def explain(settings: Settings, options: argparse.Namespace) -> int:
    """Print the steps of understanding."""
    today = utc_now().astimezone(CHINA).date()
    snapshot = Snapshot(read_content(settings.data_dir), today, region=settings.region)
    heard = snapshot.hear(options.question, Context())
    reading = snapshot.matcher.read(heard.text)
    print(
        f"原文   {heard.text}\n标准词 {reading.standard}\n纠错后 {reading.repaired}\n读音   {' '.join(reading.sounds)}"
    )
    print(f"地方   {heard.place or '（没有提到）'}   本局所在地 {snapshot.region or '（没有设置）'}")
    meaning = "有" if snapshot.matcher.has_meaning else "没有（只按字、词、音匹配）"
    print(f"语义模型 {meaning}\n")
    hits = heard.hits or tuple(snapshot.matcher.rank(reading))
    for hit in hits[:_SHOWN]:
        features = " ".join(f"{name}={value:.2f}" for name, value in hit.features.items())
        print(f"{hit.score:7.2f}  {hit.key}\n         问法：{hit.phrasing}\n         {features}")
    if len(hits) > 1:
        print(f"\n领先第二名 {hits[0].score - hits[1].score:.2f}")
    sure = "-" if heard.score is None else f"{heard.score:.3f}"
    print(f"把握 {sure}（直接回答 ≥ {decide.ANSWER}，列出相近问题 ≥ {decide.PICK}）")
    entry = heard.answers[0].entry.slug if heard.answers else "-"
    print(f"结果 {heard.journey} / {heard.outcome} / {heard.crisis or entry}")
    return 0
