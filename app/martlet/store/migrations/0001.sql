-- Martlet's store, first version. See app/ARCHITECTURE.md, "The store".

CREATE TABLE account (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT NOT NULL UNIQUE,
    address     TEXT NOT NULL,
    settings    TEXT NOT NULL,               -- JSON of the other fields of mail.account.Account
    position    INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE folder (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id      INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
    name            TEXT NOT NULL,           -- full path, decoded
    delimiter       TEXT NOT NULL DEFAULT '/',
    role            TEXT NOT NULL DEFAULT '',
    subscribed      INTEGER NOT NULL DEFAULT 1,
    selectable      INTEGER NOT NULL DEFAULT 1,
    local           INTEGER NOT NULL DEFAULT 0,
    uid_validity    INTEGER NOT NULL DEFAULT 0,
    uid_next        INTEGER NOT NULL DEFAULT 0,
    modseq          INTEGER NOT NULL DEFAULT 0,
    total           INTEGER NOT NULL DEFAULT 0,   -- visible rows; kept by the triggers below
    unread          INTEGER NOT NULL DEFAULT 0,
    UNIQUE (account_id, name)
) STRICT;

CREATE TABLE message (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    folder_id       INTEGER NOT NULL REFERENCES folder(id) ON DELETE CASCADE,
    uid             INTEGER NOT NULL DEFAULT 0,   -- 0: the server has not given one
    sort_key        INTEGER NOT NULL UNIQUE,      -- date in seconds << 20, plus a tie-breaker; also the FTS rowid
    message_id      TEXT NOT NULL DEFAULT '',
    in_reply_to     TEXT NOT NULL DEFAULT '',
    refs            TEXT NOT NULL DEFAULT '',     -- space separated
    subject         TEXT NOT NULL DEFAULT '',
    from_name       TEXT NOT NULL DEFAULT '',
    from_address    TEXT NOT NULL DEFAULT '',
    to_list         TEXT NOT NULL DEFAULT '[]',   -- JSON [[name, address], ...]
    cc_list         TEXT NOT NULL DEFAULT '[]',
    bcc_list        TEXT NOT NULL DEFAULT '[]',
    reply_to        TEXT NOT NULL DEFAULT '[]',
    date            REAL NOT NULL DEFAULT 0,      -- what is shown and sorted by
    received        REAL NOT NULL DEFAULT 0,      -- INTERNALDATE, or when POP3 brought it
    size            INTEGER NOT NULL DEFAULT 0,
    server_flags    TEXT NOT NULL DEFAULT '',     -- sorted, space separated: what the server last said
    flags           TEXT NOT NULL DEFAULT '',     -- fold(server_flags, pending changes)
    seen            INTEGER NOT NULL DEFAULT 0,   -- of flags
    attachments     INTEGER NOT NULL DEFAULT 0,
    preview         TEXT NOT NULL DEFAULT '',
    blob            TEXT NOT NULL DEFAULT '',     -- SHA-256 of the raw message, '' while not stored here
    indexed         INTEGER NOT NULL DEFAULT 0,   -- 0 no, 1 headers, 2 headers and body
    hidden          INTEGER NOT NULL DEFAULT 0    -- gone for the user, not yet on the server
) STRICT;

CREATE UNIQUE INDEX message_uid ON message (folder_id, uid) WHERE uid > 0;
CREATE INDEX message_list ON message (folder_id, sort_key DESC) WHERE hidden = 0;
CREATE INDEX message_unread ON message (folder_id, sort_key DESC) WHERE hidden = 0 AND seen = 0;
CREATE INDEX message_message_id ON message (message_id) WHERE message_id <> '';
CREATE INDEX message_blob ON message (blob) WHERE blob <> '';
CREATE INDEX message_missing ON message (folder_id, sort_key DESC) WHERE blob = '' AND hidden = 0;
CREATE INDEX message_orphan ON message (folder_id) WHERE uid = 0;
CREATE INDEX message_unindexed ON message (id) WHERE blob <> '' AND indexed < 2;

CREATE TRIGGER message_counted AFTER INSERT ON message WHEN NEW.hidden = 0 BEGIN
    UPDATE folder SET total = total + 1, unread = unread + (1 - NEW.seen) WHERE id = NEW.folder_id;
END;
CREATE TRIGGER message_uncounted AFTER DELETE ON message WHEN OLD.hidden = 0 BEGIN
    UPDATE folder SET total = total - 1, unread = unread - (1 - OLD.seen) WHERE id = OLD.folder_id;
END;
CREATE TRIGGER message_forgotten AFTER DELETE ON message BEGIN
    DELETE FROM message_text WHERE rowid = OLD.sort_key;
END;
CREATE TRIGGER message_recounted AFTER UPDATE OF folder_id, seen, hidden ON message
WHEN OLD.folder_id <> NEW.folder_id OR OLD.seen <> NEW.seen OR OLD.hidden <> NEW.hidden BEGIN
    UPDATE folder SET total = total - (1 - OLD.hidden), unread = unread - (1 - OLD.hidden) * (1 - OLD.seen)
        WHERE id = OLD.folder_id;
    UPDATE folder SET total = total + (1 - NEW.hidden), unread = unread + (1 - NEW.hidden) * (1 - NEW.seen)
        WHERE id = NEW.folder_id;
END;

-- rowid = message.sort_key, so that ORDER BY rowid DESC is newest first without a sort.
CREATE VIRTUAL TABLE message_text USING fts5 (
    subject, sender, recipients, body,
    content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2"
);

-- Offline queue, undo log and history in one. Rows of one user action share `action`.
CREATE TABLE journal (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    action      INTEGER NOT NULL,            -- the first row's id of the same action
    time        REAL NOT NULL,
    cause       TEXT NOT NULL DEFAULT 'user',    -- user, undo, rule, server
    kind        TEXT NOT NULL,               -- flags, move, copy, delete, append, folder_create, folder_rename, folder_delete, folder_subscribe
    account_id  INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
    message     INTEGER NOT NULL DEFAULT 0,  -- message.id, 0 for folders; may be gone
    folder_id   INTEGER NOT NULL DEFAULT 0,  -- where the message was (source), or the folder itself
    uid         INTEGER NOT NULL DEFAULT 0,  -- its uid there when the action was taken
    before      TEXT NOT NULL DEFAULT '{}',  -- JSON, per kind
    after       TEXT NOT NULL DEFAULT '{}',
    state       TEXT NOT NULL DEFAULT 'pending',  -- pending, done, refused, undone
    answer      TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX journal_pending ON journal (account_id, id) WHERE state = 'pending';
CREATE INDEX journal_message ON journal (message, id) WHERE message > 0 AND state = 'pending';
CREATE INDEX journal_away ON journal (folder_id, uid) WHERE state = 'pending';
CREATE INDEX journal_copy ON journal (json_extract(after, '$.copy')) WHERE kind = 'copy' AND state = 'pending';
CREATE INDEX journal_action ON journal (action);
CREATE INDEX journal_undoable ON journal (id) WHERE cause <> 'undo' AND state IN ('pending', 'done');

CREATE TABLE outbox (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id  INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
    message_id  TEXT NOT NULL,
    subject     TEXT NOT NULL DEFAULT '',
    sender      TEXT NOT NULL,
    recipients  TEXT NOT NULL,               -- JSON [address, ...] still to be served
    blob        TEXT NOT NULL,               -- the message as sent (no Bcc)
    sent_blob   TEXT NOT NULL DEFAULT '',    -- the copy to file (with Bcc), '' when the same
    size        INTEGER NOT NULL,
    state       TEXT NOT NULL,
    created     REAL NOT NULL,
    not_before  REAL NOT NULL DEFAULT 0,
    attempts    INTEGER NOT NULL DEFAULT 0,
    problem     TEXT NOT NULL DEFAULT '',
    detail      TEXT NOT NULL DEFAULT '',
    results     TEXT NOT NULL DEFAULT '[]',
    draft       TEXT NOT NULL DEFAULT '',    -- JSON of the draft, to take it back
    source      INTEGER NOT NULL DEFAULT 0,  -- message.id answered or forwarded
    kind        TEXT NOT NULL DEFAULT 'new'
) STRICT;

CREATE TABLE draft (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id  INTEGER NOT NULL DEFAULT 0,
    updated     REAL NOT NULL,
    body        TEXT NOT NULL                -- JSON of mail.outgoing.Draft
) STRICT;

CREATE TABLE pop3_seen (
    account_id  INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
    uidl        TEXT NOT NULL,
    message     INTEGER NOT NULL DEFAULT 0,
    seen_at     REAL NOT NULL,
    wanted_gone INTEGER NOT NULL DEFAULT 0,  -- to be deleted on the server
    PRIMARY KEY (account_id, uidl)
) STRICT, WITHOUT ROWID;

CREATE TABLE contact (
    address     TEXT PRIMARY KEY,            -- lower case
    name        TEXT NOT NULL DEFAULT '',
    uses        INTEGER NOT NULL DEFAULT 0,
    last_used   REAL NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
