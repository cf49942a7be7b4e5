"""How long tests wait for what has to happen: also on a busy machine, where nothing is quick and all of it is right."""

PATIENCE = 90
PATIENCE_MS = PATIENCE * 1000
