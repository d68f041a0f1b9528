-- Identities and options of what is sent, what became of it, and mail that POP3 has shown the beginning of.

ALTER TABLE outbox ADD COLUMN identity    INTEGER NOT NULL DEFAULT 0;   -- whose server sends it, 0: the account's
ALTER TABLE outbox ADD COLUMN envelope_id TEXT NOT NULL DEFAULT '';     -- ENVID (RFC 3461)
ALTER TABLE outbox ADD COLUMN options     TEXT NOT NULL DEFAULT '{}';   -- JSON of mail.outgoing.SendOptions
ALTER TABLE outbox ADD COLUMN answered    TEXT NOT NULL DEFAULT '';     -- In-Reply-To of what is sent
-- Without a name, what waits would be put off for ever: nothing says since when.
UPDATE outbox SET envelope_id = lower(hex(randomblob(16))) WHERE state <> 'filed';
-- Rows stay when they are filed: what is still to be done is found without them.
CREATE INDEX outbox_open ON outbox (id) WHERE state <> 'filed';
CREATE INDEX outbox_message ON outbox (message_id) WHERE message_id <> '';
CREATE INDEX outbox_envelope ON outbox (envelope_id) WHERE envelope_id <> '';

-- What became of sent messages, by recipient; an append-only ledger that outlives the outbox row.
CREATE TABLE delivery (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id  INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
    message_id  TEXT NOT NULL,               -- of the sent message
    envelope_id TEXT NOT NULL DEFAULT '',
    recipient   TEXT NOT NULL DEFAULT '',    -- '' for all
    time        REAL NOT NULL,
    kind        TEXT NOT NULL,               -- mail.outgoing.DeliveryKind
    status      TEXT NOT NULL DEFAULT '',    -- enhanced status code (RFC 3463)
    said        TEXT NOT NULL DEFAULT '',
    source      INTEGER NOT NULL DEFAULT 0   -- message.id of the report or answer
) STRICT;
CREATE INDEX delivery_message ON delivery (message_id, id);
CREATE INDEX delivery_envelope ON delivery (envelope_id) WHERE envelope_id <> '';
CREATE INDEX delivery_source ON delivery (source) WHERE source > 0;
CREATE INDEX delivery_filed ON delivery (account_id, id) WHERE kind = 'filed';

ALTER TABLE pop3_seen ADD COLUMN size    INTEGER NOT NULL DEFAULT 0;    -- as LIST says
ALTER TABLE pop3_seen ADD COLUMN mark    TEXT NOT NULL DEFAULT '';      -- Message-ID, or a digest of who wrote what when: known again under another UIDL
ALTER TABLE pop3_seen ADD COLUMN gone_at REAL NOT NULL DEFAULT 0;       -- when it left the server; remembered for 90 days
CREATE INDEX pop3_seen_message ON pop3_seen (message) WHERE message > 0;
CREATE INDEX pop3_seen_mark ON pop3_seen (mark) WHERE mark <> '';
