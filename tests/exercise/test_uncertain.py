# An exercise in a world of which not everything is known: the same day again.

import muster
from exercise.journal import Session, read_journal, replay
from exercise.report import told
from scenarios.order import Recall
from tests.simulator.test_uncertain import UNCERTAIN, WORLD


def test_a_journal_replays_to_the_same_inputs_and_injects(tmp_path):
    path = tmp_path / "village.yaml"
    path.write_text(WORLD + UNCERTAIN)
    scenario = muster.load(path)
    session = Session(scenario, str(path), tmp_path / "journal.jsonl", seed=5)
    session.advance(91.0)
    session.give(Recall(unit="P1"))
    first = session.world.finish()
    journal = read_journal(session.path)
    log, results = replay(journal, scenario)
    assert log.lines() == first.lines()
    text = "\n".join(told(journal, scenario, log, results))
    assert "Drawn for the day: Voters on the lists, " in text
    assert "storm does not happen today." in text or "storm is set for" in text
