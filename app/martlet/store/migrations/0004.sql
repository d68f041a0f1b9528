-- Whose pictures may be fetched, who wrote before, and messages that came in pieces.

-- For whom a person said "always": an address, or a domain with "@" before it; in small letters.
CREATE TABLE pictures_allowed (
    who TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- message/partial (RFC 2046, 5.2.2): which pieces are here.
CREATE TABLE piece (
    message    INTEGER PRIMARY KEY REFERENCES message(id) ON DELETE CASCADE,
    partial_id TEXT NOT NULL,
    number     INTEGER NOT NULL,
    total      INTEGER NOT NULL               -- 0: this one does not say
) STRICT;
CREATE INDEX piece_of ON piece (partial_id, number);

-- Whether somebody has written before is asked for each message that is opened.
CREATE INDEX message_from ON message (lower(from_address), id);
