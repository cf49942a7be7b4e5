"""Visits: the thread that everything else hangs from.

A visit is requested, waits, is admitted and is finished. Calls are attempts inside a visit: losing one
never ends the visit. This slice owns the lifecycle, the waiting room and its honest estimate, the
clinicians' queue, booked slots, and the tickets with which a person joins a call.
"""
