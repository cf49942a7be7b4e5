"""Visits: a patient's visit from the request to its end. Everything else hangs from it.

A patient requests a visit, waits, is admitted, and the clinician finishes it. Calls are attempts inside a visit:
losing one never ends the visit. This slice owns the states of a visit, the waiting room and its estimate, the
clinicians' queue, booked times, and the tickets with which a person joins a call.
"""
