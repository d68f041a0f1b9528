"""A private mail host on loopback for `martlet --demo`: IMAP, POP3 and SMTP over one mailbox."""
