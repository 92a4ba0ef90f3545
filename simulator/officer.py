"""Officers given to places."""


def allot(wanted: list[int], each: list[int], officers: int) -> list[int]:
    """Give the officers there are to places, one round of the stages at a time.

    Every stage gets its first place before any gets its second; within a round the
    earlier stage comes first. Places that need no officer are always open.

    Parameters
    ----------
    wanted
        Places wanted at each stage.
    each
        Officers that one place of the stage needs.
    officers
        Officers there are.

    Returns
    -------
    list of int
        Places that can be opened at each stage.
    """
    given = [0] * len(wanted)
    for round_ in range(max(wanted, default=0)):
        for i, need in enumerate(each):
            if round_ < wanted[i] and need <= officers:
                given[i] += 1
                officers -= need
    return given
