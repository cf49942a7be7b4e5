"""What came of a drill, as a table."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

from tests.drill.kinds import KINDS, PROMOTION

MEDIA_BACK_WITHIN = 2.0


@dataclass(frozen=True)
class Fall:
    """One kill: after how many seconds everybody was served again, and how long media were away: since the link was
    mended, or, where no link was cut, at all."""

    name: str
    recovered: float
    media: float

    def __str__(self) -> str:
        return f"{self.name}: served again in {self.recovered:.2f} s, media away for {self.media:.2f} s"


@dataclass
class Report:
    seed: int
    falls: list[Fall] = field(default_factory=list)
    acknowledged: int = 0
    tries: int = 0
    lost: list[str] = field(default_factory=list)
    visits: dict[str, str] = field(default_factory=dict)

    @property
    def ended(self) -> list[str]:
        return [visit for visit, status in self.visits.items() if status != "admitted"]

    @property
    def slowest_media(self) -> float:
        return max(fall.media for fall in self.falls)

    def kept_its_promises(self) -> bool:
        return not self.lost and not self.ended and self.slowest_media <= MEDIA_BACK_WITHIN

    def lines(self) -> Iterator[str]:
        yield f"seed {self.seed}, {len(self.falls)} kills"
        yield f"{'what':34}{'times':>6}{'served again, p50':>19}{'max':>8}{'media away, max':>17}"
        for name in KINDS:
            falls = [fall for fall in self.falls if fall.name == name]
            if not falls:
                continue
            back = [fall.recovered for fall in falls]
            yield (
                f"{name:34}{len(falls):6}{median(back):17.2f} s{max(back):6.2f} s"
                f"{max(fall.media for fall in falls):15.2f} s"
            )
        yield f"writes acknowledged: {self.acknowledged} (of {self.tries} tries), lost or doubled: {len(self.lost)}"
        yield f"visits ended: {len(self.ended)} of {len(self.visits)}"
        yield f"media away: at most {self.slowest_media:.2f} s (promised {MEDIA_BACK_WITHIN:g} s)"
        yield f"'{PROMOTION}' is followed by the promotion of the replica."
