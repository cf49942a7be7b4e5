"""The stories of the demo's visits: what the patient says, what the clinician writes, what is to follow."""

from dataclasses import dataclass

from chart.notes.domain import PlanKind


@dataclass(frozen=True, slots=True)
class Script:
    """One story. ``plan`` is (kind, title, days); ``medicine`` what is prescribed, by its id; ``question`` and
    ``reply`` are messages afterwards.
    """

    reason: str
    words: str
    subjective: str
    objective: str
    assessment: str
    advice: str
    diagnoses: tuple[str, ...]
    plan: tuple[tuple[PlanKind, str, int], ...] = ()
    medicine: str = ""
    question: str = ""
    reply: str = ""


SCRIPTS = (
    Script(
        reason="sore-throat",
        words="My throat has hurt for three days and swallowing is hard.",
        subjective="Three days of sore throat, no cough, mild fever at home. Eating soft food.",
        objective="Speaks easily, no drooling. Throat red on camera, no visible swelling of the neck.",
        assessment="Acute pharyngitis, likely viral.",
        advice="Fluids, rest, acetaminophen as needed. Come back if you cannot swallow or the fever lasts.",
        diagnoses=("J02.9",),
        plan=((PlanKind.CALL, "Call: is swallowing better?", 3),),
        question="Can I go back to work tomorrow?",
    ),
    Script(
        reason="urinary",
        words="It burns when I pass water since yesterday and I have to go all the time.",
        subjective="Dysuria and frequency for one day. No fever, no flank pain, not pregnant.",
        objective="Looks well on camera, no distress.",
        assessment="Acute uncomplicated cystitis.",
        advice="Antibiotic as prescribed, plenty of fluids. Seek care the same day with fever or back pain.",
        diagnoses=("N30.00",),
        medicine="nitrofurantoin-monohydrate-macrocrystals-100-mg-capsule",
        plan=((PlanKind.CALL, "Call in 3 days: symptoms gone?", 3), (PlanKind.LAB, "Urine culture", 1)),
    ),
    Script(
        reason="rash",
        words="An itchy rash on my forearm after gardening.",
        subjective="Itchy, linear rash on the left forearm for two days after gardening. No swelling of the face.",
        objective="Streaky red papules on the forearm seen on video. No blisters near the eyes.",
        assessment="Allergic contact dermatitis from plants.",
        advice="Wash clothes and tools, cool compresses, hydrocortisone 1% twice a day for a week.",
        diagnoses=("L23.7",),
        medicine="hydrocortisone-1-pct-cream",
        question="The cream helps, but it itches at night. May I take an antihistamine?",
        reply="Yes, cetirizine 10 mg in the evening is fine with your other medicines.",
    ),
    Script(
        reason="headache",
        words="A throbbing headache on one side, light bothers me.",
        subjective="Unilateral throbbing headache since morning with light sensitivity. Known migraine, same pattern.",
        objective="Alert, speech clear, face symmetric, walks in a straight line on camera.",
        assessment="Migraine without aura, not intractable.",
        advice="Dark room, fluids, usual medicine early. Emergency care for the worst headache ever or weakness.",
        diagnoses=("G43.009",),
        medicine="sumatriptan-50-mg-tablet",
        plan=((PlanKind.RECHECK, "Recheck: headache diary", 14),),
    ),
    Script(
        reason="follow-up",
        words="My blood pressure at home is still around 150.",
        subjective="Home readings 145 to 155 over 85 to 95 for two weeks. Takes medicine daily, no dizziness.",
        objective="Shows the home log on camera. No distress.",
        assessment="Essential hypertension, above goal.",
        advice="Less salt, walk daily, keep measuring morning and evening.",
        diagnoses=("I10",),
        plan=(
            (PlanKind.LAB, "Basic metabolic panel", 7),
            (PlanKind.RECHECK, "Blood pressure recheck by video", 14),
        ),
        question="Does coffee count before I measure?",
    ),
    Script(
        reason="back-pain",
        words="My lower back hurts since I lifted a box.",
        subjective="Low back pain since lifting two days ago. No weakness, no numbness, bladder normal.",
        objective="Moves slowly but freely, stands on toes and heels on camera.",
        assessment="Low back pain, mechanical.",
        advice="Stay active, heat, ibuprofen with food for a few days if tolerated.",
        diagnoses=("M54.50",),
        plan=((PlanKind.REFERRAL, "Physical therapy referral", 5),),
    ),
    Script(
        reason="cough",
        words="A cold for a week, now I cough at night.",
        subjective="Runny nose and cough for seven days, no fever for three, no shortness of breath.",
        objective="Full sentences without pause, breathing calm on camera.",
        assessment="Acute upper respiratory infection.",
        advice="Honey, fluids, rest. Come back with fever, breathlessness or chest pain.",
        diagnoses=("J06.9",),
        medicine="benzonatate-100-mg-capsule",
    ),
)
