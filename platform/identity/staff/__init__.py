"""The clinic's staff: their invitations, their way in, and the changes that a second person confirms."""
