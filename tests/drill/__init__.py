"""A drill: a clinic on several nodes, of which something is killed over and over during real calls and writes."""
