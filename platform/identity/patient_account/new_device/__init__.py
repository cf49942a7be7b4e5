"""After the code: in, on a device that is known; else a second check of who one is."""
