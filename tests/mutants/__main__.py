"""`make mutants`: makes one small thing wrong at a time, and tells whether a test notices.

python -m tests.mutants                       every module, going on where the last run ended
python -m tests.mutants followup/access.py    these alone

It ends with 1 when a mutant lives for no written reason, or a reason is written for one that does not live.
"""

import os
import sys
import time
from collections.abc import Sequence

from tests.mutants.child import LOG, run_anew
from tests.mutants.host import host
from tests.mutants.kept import REASONS, Result, Results, reasons, without_reason
from tests.mutants.mutations import Mutant, mutants_of
from tests.mutants.sees import SEEN_BY, SOURCE
from tests.mutants.warm import Servers, import_libraries, servers


class BrokenTests(Exception):
    """The tests fail without any mutant, so what they say of one is worth nothing."""


def main(names: Sequence[str]) -> int:
    """Tries the mutants of these modules, or of all; 1 if something is to be done, 2 if there is no such module."""
    unknown = [name for name in names if name not in SEEN_BY]
    if unknown:
        print(f"{unknown[0]} has no mutants; these have: {', '.join(SEEN_BY)}.", file=sys.stderr)
        return 2
    chosen = {name: mutants_of(SOURCE / name, name) for name in names or SEEN_BY}
    results = Results()
    if any(results.find(each.name, name) is None for name, mutants in chosen.items() for each in mutants):
        sys.path[:0] = ["platform", "."]
        import_libraries()
        with servers() as running:
            os.environ.update(running.environment)
            for name, mutants in chosen.items():
                try_all(name, mutants, results, running)
    return report(chosen, results)


def try_all(module: str, mutants: Sequence[Mutant], results: Results, running: Servers) -> None:
    """Tries those of a module of which nothing is known yet."""
    left = [each for each in mutants if results.find(each.name, module) is None]
    if not left:
        return
    print(f"{module}: {len(left)} of {len(mutants)} to try", flush=True)
    tests = SEEN_BY[module]
    running.fresh()
    killers = [found.killed_by for each in mutants if (found := results.find(each.name, module))]
    with host(SOURCE / module, tests) as known:
        begun = time.monotonic()
        whole = known.run(None, (), 600)
        if not whole.passed:
            raise BrokenTests(f"{module}: {whole.by} fails without any mutant; see {LOG}")
        seconds = 5 * (time.monotonic() - begun) + 20
        for number, mutant in enumerate(left, 1):
            running.forget()
            # What killed lately kills again, most often at once.
            first = list(dict.fromkeys(reversed(killers)))
            run = known.run(mutant, first, seconds) if mutant.body else None
            if run is None or (run.passed and mutant.may_run_at_import):
                # Bodies that ran while the module was imported, too, are only right when it is imported anew.
                running.fresh()
                run = run_anew(mutant, tests, first, seconds + 30)
            results.keep(mutant.name, module, run.by)
            killers.append(run.by)
            said = f"killed by {run.by.rpartition('/')[2]}" if run.by else f"LIVES, line {mutant.line}"
            print(f"  {number}/{len(left)} {mutant.name.partition(' ')[2]}: {said}", flush=True)


def report(chosen: dict[str, list[Mutant]], results: Results) -> int:
    """Says what is left to do."""
    found: dict[str, Result] = {
        each.name: result
        for name, mutants in chosen.items()
        for each in mutants
        if (result := results.find(each.name, name))
    }
    why = reasons(REASONS.read_text())
    lines = {each.name: each.line for mutants in chosen.values() for each in mutants}
    survivors = [name for name, result in found.items() if not result.killed_by]
    alive = without_reason(survivors, why)
    idle = [name for name in why if name.partition(" ")[0] in chosen and name not in survivors]
    for name in alive:
        print(f"lives for no written reason (line {lines[name]}): {name}")
    for name in idle:
        print(f"has a reason and does not live: {name}")
    killed = len(found) - len(survivors)
    print(
        f"{len(lines)} mutants: {killed} killed, {len(survivors) - len(alive)} live for a reason, {len(alive)} for none"
    )
    return 1 if alive or idle else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
