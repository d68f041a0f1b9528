"""Prints POP3 and SMTP beside poplib, smtplib and the bare socket, in one run.

Run: PYTHONPATH=app:tests python tests/bench/pop3_and_smtp.py
"""

from __future__ import annotations

from bench import pop3_throughput, smtp_throughput

if __name__ == "__main__":
    pop3_throughput.main()
    print()
    smtp_throughput.main()
