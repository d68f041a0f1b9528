-- Writing: drafts that are on a server too, people written to together, letters kept to be used
-- again, what servers take.

-- Drafts
ALTER TABLE draft ADD COLUMN key         TEXT NOT NULL DEFAULT '';     -- its name on the server: X-Martlet-Draft-Id
ALTER TABLE draft ADD COLUMN open        INTEGER NOT NULL DEFAULT 0;   -- 1: a window holds it; still so after a crash
ALTER TABLE draft ADD COLUMN wanted      INTEGER NOT NULL DEFAULT 0;   -- 1: what is here is newer than what is on the server
ALTER TABLE draft ADD COLUMN message     INTEGER NOT NULL DEFAULT 0;   -- message.id of the copy in the folder of drafts
ALTER TABLE draft ADD COLUMN uploaded    TEXT NOT NULL DEFAULT '';     -- SHA-256 of the copy put there last
CREATE UNIQUE INDEX draft_key ON draft (key) WHERE key <> '';

-- People
ALTER TABLE contact ADD COLUMN hidden    INTEGER NOT NULL DEFAULT 0;   -- 1: not offered until written to again
CREATE TABLE recipient_group (
    name        TEXT PRIMARY KEY,
    members     TEXT NOT NULL                -- JSON [mail.message.Address, ...]
) STRICT, WITHOUT ROWID;

-- Letters kept
CREATE TABLE template (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    kind        TEXT NOT NULL,
    name        TEXT NOT NULL,
    body        TEXT NOT NULL                -- JSON of mail.writing.Template
) STRICT;

-- What a server said it takes at most (SIZE, RFC 1870), by "host:port"
CREATE TABLE size_limit (
    server      TEXT PRIMARY KEY,
    bytes       INTEGER NOT NULL,
    said_at     REAL NOT NULL
) STRICT, WITHOUT ROWID;
