"""What people prove themselves with: passwords, authenticator apps, passkeys, and the step-up."""
