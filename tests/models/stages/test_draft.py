from __future__ import annotations

from dataclasses import replace

from models.schema import ActionItem, Agreement, Draft, Evidence, Recommendation, SkillGap, ToneFlag
from models.stages.draft import assemble
from models.stages.extract import Extraction
from tests.models.stages.talks import talk

TRANSCRIPT = talk("m: Could you send the list?\ne: Okay, by Friday.")
SAID = (Evidence(1, "by Friday"),)
ITEM = ActionItem("a1", "Send the list", "e", SAID, 0.9, due="2026-05-08")
GAP = SkillGap("s1", "SQL", "e", SAID, 0.8)


def draft(items: tuple[ActionItem, ...] = (), **parts: object) -> Draft:
    given = {"gaps": (), "recommendations": (), "flags": (), **parts}
    return assemble(
        TRANSCRIPT, "en", Extraction(action_items=items), given["gaps"], given["recommendations"],  # type: ignore[arg-type]
        given["flags"], {}, {}, (), (), "Summary.", {},  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_sound_item_stays() -> None:
    made = draft((ITEM,))
    assert made.action_items == (ITEM,)
    assert made.checks.dropped == {}


def test_each_fault_is_dropped_and_counted() -> None:
    faulty = (
        replace(ITEM, evidence=(Evidence(1, "by Monday"),)),
        replace(ITEM, evidence=(Evidence(9, "by Friday"),)),
        replace(ITEM, evidence=SAID * 7),
        replace(ITEM, evidence=()),
        replace(ITEM, owner="nobody"),
        replace(ITEM, due="2026-05-04"),
        replace(ITEM, confidence=1.2),
    )
    made = draft(faulty)
    assert made.action_items == ()
    assert made.checks.dropped == {
        "quote_not_in_turn": 2,
        "too_much_evidence": 1,
        "no_evidence": 1,
        "unknown_person": 1,
        "due_before_meeting": 1,
        "confidence_out_of_range": 1,
    }


def test_a_recommendation_goes_with_its_gap() -> None:
    kept = Recommendation("r1", "s1", "c1", "SQL basics", "course", "because", 0.7)
    lost = replace(kept, id="r2", gap="s9")
    made = draft(gaps=(GAP,), recommendations=(kept, lost))
    assert made.recommendations == (kept,)
    assert made.checks.dropped == {"gap_missing": 1}


def test_a_flag_needs_its_quote() -> None:
    flag = ToneFlag("f1", 1, "critical", 0.9, "Okay", "why")
    made = draft(flags=(flag, replace(flag, id="f2", quote="never said"), replace(flag, id="f3", score=7.0)))
    assert made.tone_flags == (flag,)


def test_an_agreement_with_a_foreign_quote_goes() -> None:
    wrong = Extraction(
        agreements=(Agreement("g1", "x", (Evidence(0, "nope"),), 0.9),), dropped={"declined": 2}
    )
    made = assemble(TRANSCRIPT, "en", wrong, (), (), (), {}, {}, (), (), "", {})
    assert made.agreements == ()
    assert made.checks.dropped == {"declined": 2, "quote_not_in_turn": 1}
