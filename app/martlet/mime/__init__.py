"""Pure functions on bytes and text: reading and building MIME. Never touches network, disk or Qt."""
