"""`make mutants`: makes one small thing wrong at a time, and tells whether a test notices.

python -m tests.mutants                       every module, going on where the last run ended
python -m tests.mutants followup/access.py    these alone

It ends with 1 when a mutant lives for no written reason, or a reason is written for one that does not live.
"""

import os
import sys
import time
from collections.abc import Mapping, Sequence

from tests.mutants.child import ALONE, LOG, Run, alone, run_anew
from tests.mutants.host import Host, host
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
    if _any_left(chosen, results):
        sys.path[:0] = ["platform", "."]
        import_libraries()
        # Soon done, so first for all modules.
        for name, mutants in chosen.items():
            try_alone(name, mutants, results)
    if _any_left(chosen, results):
        with servers() as running:
            os.environ.update(running.environment)
            for name, mutants in chosen.items():
                try_all(name, mutants, results, running)
    return report(chosen, results)


def try_alone(module: str, mutants: Sequence[Mutant], results: Results) -> None:
    """Asks the module's first file of tests, if that passes by itself; whom it lets live is left for `try_all`."""
    left = _left(module, mutants, results)
    file = SEEN_BY[module][0]
    if not left or not file.endswith(".py"):
        return
    killers = _killers(module, mutants, results)
    with host(SOURCE / module, (file,), ALONE) as known:
        if not _passes(known):
            return
        print(f"{module}: {len(left)} of {len(mutants)} to try on {file}", flush=True)
        for number, mutant in enumerate(left, 1):
            first = _lately(killers)
            run = known.run(mutant, first, 60) if mutant.body else None
            if run is None or (run.passed and mutant.may_run_at_import):
                run = alone(mutant, file, first, 60)
            if not run.passed:
                results.keep(mutant.name, module, run.by)
                killers.append(run.by)
                _say(f"{number}/{len(left)}", mutant, run)


def _passes(known: Host) -> bool:
    """Whether the tests pass without any mutant; not, where they could not even be collected."""
    try:
        return known.run(None, (), 60).passed
    except EOFError:
        return False


def try_all(module: str, mutants: Sequence[Mutant], results: Results, running: Servers) -> None:
    """Tries those of a module of which nothing is known yet."""
    left = _left(module, mutants, results)
    if not left:
        return
    print(f"{module}: {len(left)} of {len(mutants)} to try", flush=True)
    tests = SEEN_BY[module]
    running.fresh()
    killers = _killers(module, mutants, results)
    with host(SOURCE / module, tests) as known:
        begun = time.monotonic()
        whole = known.run(None, (), 600)
        if not whole.passed:
            raise BrokenTests(f"{module}: {whole.by} fails without any mutant; see {LOG}")
        seconds = 5 * (time.monotonic() - begun) + 20
        for number, mutant in enumerate(left, 1):
            running.forget()
            first = _lately(killers)
            run = known.run(mutant, first, seconds) if mutant.body else None
            if run is None or (run.passed and mutant.may_run_at_import):
                # Bodies that ran while the module was imported, too, are only right when it is imported anew.
                running.fresh()
                run = run_anew(mutant, tests, first, seconds + 30)
            results.keep(mutant.name, module, run.by)
            killers.append(run.by)
            _say(f"{number}/{len(left)}", mutant, run)


def _any_left(chosen: Mapping[str, Sequence[Mutant]], results: Results) -> bool:
    return any(_left(name, mutants, results) for name, mutants in chosen.items())


def _left(module: str, mutants: Sequence[Mutant], results: Results) -> list[Mutant]:
    return [each for each in mutants if results.find(each.name, module) is None]


def _killers(module: str, mutants: Sequence[Mutant], results: Results) -> list[str]:
    return [found.killed_by for each in mutants if (found := results.find(each.name, module))]


def _lately(killers: Sequence[str]) -> list[str]:
    """What killed lately kills again, most often at once."""
    return list(dict.fromkeys(reversed(killers)))


def _say(number: str, mutant: Mutant, run: Run) -> None:
    said = f"killed by {run.by.rpartition('/')[2]}" if run.by else f"LIVES, line {mutant.line}"
    print(f"  {number} {mutant.name.partition(' ')[2]}: {said}", flush=True)


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
