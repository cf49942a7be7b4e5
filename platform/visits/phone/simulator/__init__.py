"""A double of twilio's telephone calls, for the demo and tests: it speaks twilio's protocol and rings nobody."""
