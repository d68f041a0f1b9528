"""One adapter per protocol. The only place that uses socket, ssl, http and dns."""
