"""What came of a search, in sentences: the answer, the proof, the guarantee."""

from analysis.report.wording import listed, number_text, plural, share_text
from analysis.staff import Staffing
from analysis.staff.proof import Neighbour
from analysis.target import NONE, Verdict


def headline(staffing: Staffing) -> str:
    """Say what was found, in one sentence."""
    if staffing.winner is not None:
        cost = number_text(staffing.space.cost(staffing.winner))
        return f"The cheapest plan found that meets every target costs {cost}."
    if staffing.short:
        return "The budget ran out before a plan was settled; give more with --budget."
    return "No plan in range was found that meets every target."


def outcome(staffing: Staffing) -> str:
    """Give the word of the verdict: met, missed or undecided."""
    if staffing.winner is not None:
        return "met"
    return "undecided" if staffing.short else "missed"


def sentences(staffing: Staffing) -> list[str]:
    """Say what goes with the answer: against the starting plan, or what stops it."""
    found = []
    if staffing.winner is not None:
        found += _against_start(staffing)
        found.append(_tried(staffing))
    elif not staffing.short:
        found.append(_stopped(staffing))
    if staffing.found.stopped:
        found.append(
            "The search was stopped by its budget; more may find a cheaper plan."
        )
    return found


def _against_start(staffing: Staffing) -> list[str]:
    start = staffing.space.start
    if start is None or staffing.winner is None:
        return []
    more = staffing.space.cost(staffing.winner) - staffing.space.cost(start)
    plan = f"the starting plan {staffing.space.plan}"
    if abs(more) < 1e-6:
        return [f"It costs as much as {plan}."]
    word = "more" if more > 0 else "less"
    return [f"It costs {number_text(abs(more))} {word} than {plan}."]


def _tried(staffing: Staffing) -> str:
    tried = plural(len(staffing.scores), "plan")
    size = number_text(staffing.space.size)
    whole = staffing.found.whole
    way = ", in order of cost up to one that surely holds" if whole else ""
    return f"{tried} tried{way}, of {size} in range."


def _stopped(staffing: Staffing) -> str:
    """Say which target stops every plan, by the plan with most of all."""
    missed = [v for v in staffing.verdicts if v.verdict == "missed"]
    open_ = [v for v in staffing.verdicts if v.verdict in ("undecided", NONE)]
    if missed:
        told = listed([_held(staffing, verdict) for verdict in missed])
        return f"Even the plan with most of all misses {told}."
    if open_:
        told = listed([_held(staffing, verdict) for verdict in open_])
        return f"Even for the plan with most of all the days do not tell of {told}."
    return (
        "The plan with most of all holds on these days, and was not told to meet every "
        "target with the certainty asked."
    )


def _held(staffing: Staffing, verdict: Verdict) -> str:
    if not verdict.days:
        return f"{verdict.target} (there was nothing to measure on any day)"
    asked = staffing.setting.targets[verdict.target].days
    at = f" at {verdict.worst}" if verdict.worst not in ("", "overall") else ""
    return (
        f"{verdict.target} (held on {verdict.held} of {plural(verdict.days, 'day')}, "
        f"asked {share_text(asked)}; worst{at or ' overall'})"
    )


def warnings(staffing: Staffing) -> list[str]:
    """Say what `muster check` finds of the winner that it does not of the start."""
    return [str(finding) for finding in staffing.findings]


def failures(staffing: Staffing) -> list[str]:
    """Say which days could not be played, and why; empty when all could."""
    if not staffing.failed:
        return []
    number = len(staffing.failed)
    days = "1 day that" if number == 1 else f"{number} days that"
    lines = [
        f"{days} could not be played, seed {staffing.seed}: no target counts as held "
        "there."
    ]
    for candidate, failure in staffing.failed[:MOST_NAMED]:
        told = ", ".join(f"{k}={v}" for k, v in staffing.space.told(candidate).items())
        lines.append(f"replication {failure.number} of {told}: {failure.reason}")
    if number > MOST_NAMED:
        lines.append(f"and {number - MOST_NAMED} more")
    return lines


MOST_NAMED = 3


def checked(staffing: Staffing) -> str:
    """Say what the warnings are."""
    return (
        f"No target minds, but muster check finds of this plan, and not of "
        f"{staffing.space.plan}:"
    )


def proofs(staffing: Staffing) -> list[str]:
    """Say of each neighbour of the winner what it breaks; or that there is none."""
    if staffing.winner is not None and not staffing.neighbours:
        return ["nothing can be a step cheaper"]
    return [proof(staffing, one) for one in staffing.neighbours]


def proof(staffing: Staffing, one: Neighbour) -> str:
    """Say what a neighbour of the winner breaks, in one line."""
    step = f"{one.option} {one.after} in place of {one.before}"
    saves = f"saves {number_text(one.saving)}"
    weakest = one.weakest
    if weakest is None:
        return f"{step}: {saves}, cannot be: {one.reason}"
    asked = share_text(staffing.setting.targets[weakest.target].days)
    at = f" at {weakest.worst}" if weakest.worst not in ("", "overall") else ""
    days = f"held on {weakest.held} of {plural(weakest.days, 'day')}, asked {asked}"
    if one.word == "breaks":
        return f"{step}: {saves}, breaks {weakest.target}{at} ({days})"
    if one.word == "not told":
        return (
            f"{step}: {saves}, too close to tell on {plural(one.days, 'day')}; nearest "
            f"to breaking is {weakest.target}{at} ({days})"
        )
    return (
        f"{step}: {saves}, and held on these days, too; it was not surely enough above "
        f"what is asked ({weakest.target}: {days})"
    )


def guarantee(staffing: Staffing) -> list[str]:
    """Say what the final choice guarantees, and what it does not."""
    number = len(staffing.found.listed)
    errors = sorted({round(1 - one.confidence, 6) for one in staffing.asked})
    error = share_text(max(errors))
    over = share_text(max(*errors, _passed_over(staffing)))
    zones = listed(
        [
            f"{share_text(one.share + one.zone)} where {share_text(one.share)} is asked"
            for one in dict.fromkeys(staffing.asked)
        ]
    )
    listed_ = plural(number, "plan") if number > 1 else "plan"
    sources = "Batur and Kim 2010; Andradóttir and Kim"
    way = (
        "The final choice plays days that the search never saw, in looks fixed "
        "beforehand, with exact binomial probabilities; the error is split over the "
        f"plans listed ({sources} 2010; Lan and DeMets 1983)."
    )
    outside = (
        "Every plan in range was looked at in order of cost."
        if staffing.found.whole
        else "It does not guarantee that no plan outside the list is cheaper: the "
        "search takes it that a plan with nothing more than one that failed fails too, "
        "and goes by single steps and exchanges."
    )
    passed = (
        f"passed over although each of its targets holds on clearly enough days "
        f"({zones}) is at most {over}; in between either answer is right."
        f"{_not_told(staffing)}"
    )
    if staffing.short:
        return [
            "The final choice was not finished: of plans not tested to the end nothing "
            "is guaranteed.",
            way,
        ]
    if staffing.winner is None:
        only = f"The {listed_} listed for the final choice"
        were = "were all passed over" if number > 1 else "was passed over"
        which = "one of them" if number > 1 else "it"
        return [f"{only} {were}; the chance that {which} was {passed}", way, outside]
    return [
        f"Whatever plan is chosen, the chance that it misses some target is at most "
        f"{error}. Of the {listed_} listed for the final choice, the chance that a "
        f"cheaper one is {passed}",
        way,
        outside,
    ]


def _passed_over(staffing: Staffing) -> float:
    """Give the chance that some plan listed is rejected which holds by the zone."""
    chance = len(staffing.found.listed) * sum(one.over for one in staffing.bounds)
    # As far as days go; a zone may be too fine for them.
    return min(round(chance, 3), 1.0)


def _not_told(staffing: Staffing) -> str:
    """Say that plans were passed over for want of days with something to measure."""
    number = sum(test.word == "not told" and not test.short for test in staffing.tests)
    if not number:
        return ""
    return (
        f" That does not hold for {plural(number, 'plan')} of which the days did not "
        "tell: a target measures something on few of them only."
    )


def effort(staffing: Staffing) -> str:
    """Say what was spent."""
    spent = staffing.spent
    parts = {"to search": spent.search, "to choose": spent.choice}
    last = "to show what stops it" if staffing.winner is None else "for the proof"
    parts[last] = spent.proof
    told = ", ".join(f"{number_text(part)} {what}" for what, part in parts.items())
    budget = number_text(staffing.effort.budget)
    return f"{plural(spent.all, 'replication')}, {told}; the budget was {budget}"
