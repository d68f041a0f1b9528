"""Pure functions on bytes and text: reading and building MIME. No network, disk or Qt."""
