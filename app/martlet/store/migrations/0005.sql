-- Writing: drafts that are on a server too, people written to together, letters kept to be used
-- again, what servers take.

-- Drafts
ALTER TABLE draft ADD COLUMN key         TEXT NOT NULL DEFAULT '';     -- its name on the server: X-Martlet-Draft-Id
ALTER TABLE draft ADD COLUMN open        INTEGER NOT NULL DEFAULT 0;   -- 1: a window holds it, 2: one is to hold it after the next start
ALTER TABLE draft ADD COLUMN place       TEXT NOT NULL DEFAULT '';     -- where that window stands; its own words
ALTER TABLE draft ADD COLUMN wanted      INTEGER NOT NULL DEFAULT 0;   -- 1: what is here is newer than its row in the folder
ALTER TABLE draft ADD COLUMN message     INTEGER NOT NULL DEFAULT 0;   -- message.id of its row in the folder of drafts
ALTER TABLE draft ADD COLUMN uploaded    TEXT NOT NULL DEFAULT '';     -- Message-ID of its last row
ALTER TABLE draft ADD COLUMN shown       TEXT NOT NULL DEFAULT '';     -- blob of that row: what other programs made of it is told by it
ALTER TABLE draft ADD COLUMN seen        INTEGER NOT NULL DEFAULT 0;   -- 1: that row was on the server when its folder was compared
ALTER TABLE draft ADD COLUMN unsure      INTEGER NOT NULL DEFAULT 0;   -- 1: its uid was found by Message-ID, its text was not looked at
ALTER TABLE draft ADD COLUMN unheard     TEXT NOT NULL DEFAULT '';     -- blob<Message-ID> of uploads that may be there twice, space separated
ALTER TABLE draft ADD COLUMN tries       INTEGER NOT NULL DEFAULT 0;   -- how often it was put there in vain since it was changed
ALTER TABLE draft ADD COLUMN lost        INTEGER NOT NULL DEFAULT 0;   -- 1: that row was taken away elsewhere, and the text is to stay
ALTER TABLE draft ADD COLUMN elsewhere   INTEGER NOT NULL DEFAULT 0;   -- message.id of what another program made of it, -1: deleted it
ALTER TABLE draft ADD COLUMN problem     TEXT NOT NULL DEFAULT '';     -- why it could not be put into the folder
-- Those of before are in no folder yet.
UPDATE draft SET wanted = 1, key = lower(hex(randomblob(12)));
CREATE UNIQUE INDEX draft_key ON draft (key) WHERE key <> '';
CREATE INDEX draft_message ON draft (message) WHERE message > 0;
CREATE INDEX journal_append ON journal (message) WHERE kind = 'append';
CREATE INDEX journal_draft ON journal (json_extract(before, '$.draft')) WHERE state = 'pending' AND json_extract(before, '$.draft') IS NOT NULL;
-- A row that is gone takes its draft along, unless newer text is here or a window holds it or is to.
CREATE TRIGGER draft_row_gone AFTER DELETE ON message
WHEN EXISTS (SELECT 1 FROM draft WHERE message = OLD.id AND message > 0) BEGIN
    DELETE FROM draft WHERE message = OLD.id AND message > 0 AND wanted = 0 AND open = 0;
    UPDATE draft SET message = 0, lost = 1 WHERE message = OLD.id AND message > 0;
END;

-- People: uses 0 are those who only wrote to us
ALTER TABLE contact ADD COLUMN hidden    INTEGER NOT NULL DEFAULT 0;   -- 1: not offered until written to again
ALTER TABLE contact ADD COLUMN wrote     INTEGER NOT NULL DEFAULT 0;   -- letters from there
ALTER TABLE contact ADD COLUMN wrote_at  REAL NOT NULL DEFAULT 0;      -- when the last one came
ALTER TABLE contact ADD COLUMN rank      REAL NOT NULL DEFAULT 0;      -- of those offered: larger is better
ALTER TABLE contact ADD COLUMN words     TEXT NOT NULL DEFAULT '?';    -- what it is found by, each after a line end; "?" before: to be made anew
-- Holds all that is asked for, so that a search in this order reads nothing else
CREATE INDEX contact_rank ON contact (rank DESC, hidden, words, address, name);
CREATE INDEX contact_unworded ON contact (address) WHERE words >= '?';
CREATE TABLE contact_word (
    word        TEXT NOT NULL,
    address     TEXT NOT NULL,               -- contact.address
    PRIMARY KEY (word, address)
) STRICT, WITHOUT ROWID;
UPDATE contact SET rank = last_used, words = '?' || char(10) || address || char(10) || lower(name);
INSERT INTO contact_word SELECT address, address FROM contact UNION SELECT lower(name), address FROM contact;
-- Up to which message.id it was looked who wrote and who was written to
CREATE TABLE contact_reading (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    read_to     INTEGER NOT NULL
) STRICT;
CREATE TABLE recipient_group (
    name        TEXT PRIMARY KEY,
    members     TEXT NOT NULL                -- JSON [mail.message.Address, ...]
) STRICT, WITHOUT ROWID;

-- What open letters may still name though no saved draft does
CREATE TABLE lent (
    blob        TEXT PRIMARY KEY,
    at          REAL NOT NULL                -- when it was handed out last, Unix seconds
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
    sure        INTEGER NOT NULL,            -- 1: said to who had signed in; to others servers may say less
    said_at     REAL NOT NULL
) STRICT, WITHOUT ROWID;

-- Sending
ALTER TABLE outbox ADD COLUMN send_at    REAL NOT NULL DEFAULT 0;      -- when the writer wants it sent, Unix seconds; 0 at once
ALTER TABLE outbox ADD COLUMN resent     INTEGER NOT NULL DEFAULT 0;   -- 1: somebody's message, sent on as it is (RFC 5322, 3.6.6)
ALTER TABLE outbox ADD COLUMN draft_id   INTEGER NOT NULL DEFAULT 0;   -- the draft it was: that one is sent once
ALTER TABLE outbox ADD COLUMN draft_key  TEXT NOT NULL DEFAULT '';     -- the same by its name, which it has before it has a number
CREATE INDEX outbox_state ON outbox (account_id, state, not_before) WHERE state <> 'filed';
CREATE INDEX outbox_draft ON outbox (draft_id) WHERE draft_id <> 0;
CREATE INDEX outbox_draft_key ON outbox (draft_key) WHERE draft_key <> '';
