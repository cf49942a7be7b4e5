"""The after-visit summary: what happened and what comes next, in the patient's own language and in plain words."""
