-- How much of a folder is kept here, what the user says a folder is for, and messages that are
-- here in part.

ALTER TABLE folder ADD COLUMN keep        TEXT NOT NULL DEFAULT '';     -- '' as the account says, else off, headers, recent, all
ALTER TABLE folder ADD COLUMN keep_days   INTEGER NOT NULL DEFAULT 0;   -- for 'recent'
ALTER TABLE folder ADD COLUMN chosen      INTEGER NOT NULL DEFAULT 0;   -- 1: role is the user's own choice, whatever the server says
ALTER TABLE folder ADD COLUMN mailbox_id  TEXT NOT NULL DEFAULT '';     -- MAILBOXID (RFC 8474): survives a rename by others
ALTER TABLE folder ADD COLUMN rights      TEXT NOT NULL DEFAULT '';     -- MYRIGHTS (RFC 4314), '' not known
ALTER TABLE folder ADD COLUMN there       INTEGER NOT NULL DEFAULT 0;   -- messages the server last said it has
ALTER TABLE folder ADD COLUMN there_unread INTEGER NOT NULL DEFAULT 0;
ALTER TABLE folder ADD COLUMN keywords    TEXT NOT NULL DEFAULT '';     -- PERMANENTFLAGS, packed; '' not known
ALTER TABLE folder ADD COLUMN parked      TEXT NOT NULL DEFAULT '';     -- why it is left alone until the user asks; '' it is not
ALTER TABLE folder ADD COLUMN inferiors   INTEGER NOT NULL DEFAULT 1;   -- 0: the server makes no folders below it
ALTER TABLE folder ADD COLUMN doomed      INTEGER NOT NULL DEFAULT 0;   -- 1: deleted here, kept until the server has done it too

ALTER TABLE message ADD COLUMN local_flags TEXT NOT NULL DEFAULT '';    -- keywords the server cannot keep; flags = fold(server_flags, pending) + local_flags
ALTER TABLE message ADD COLUMN partial     TEXT NOT NULL DEFAULT '';    -- SHA-256 of a MIME message in which parts that are not here are empty
ALTER TABLE message ADD COLUMN email_id    TEXT NOT NULL DEFAULT '';    -- EMAILID or X-GM-MSGID: the same message in other folders has the same
ALTER TABLE message ADD COLUMN thread_id   TEXT NOT NULL DEFAULT '';    -- THREADID or X-GM-THRID
CREATE INDEX journal_renames ON journal (account_id, id) WHERE state = 'pending' AND kind = 'folder_rename';
CREATE INDEX message_folder ON message (folder_id);   -- for folders that go with all that is in them
CREATE INDEX message_no_index ON message (id) WHERE indexed = 0;
CREATE INDEX message_hidden ON message (folder_id, sort_key DESC) WHERE hidden = 1;
CREATE INDEX message_email_id ON message (email_id) WHERE email_id <> '';

-- The parts of a partial message whose bodies its MIME message does not hold.
CREATE TABLE part (
    message     INTEGER NOT NULL REFERENCES message(id) ON DELETE CASCADE,
    section     TEXT NOT NULL,               -- as IMAP counts: "2", "1.3"
    size        INTEGER NOT NULL,            -- bytes as transferred, by the server's BODYSTRUCTURE
    decoded     INTEGER NOT NULL,            -- bytes of the file: reckoned from size until it is here
    blob        TEXT NOT NULL DEFAULT '',    -- SHA-256 of the body as the server gave it (still encoded), '' while not here
    PRIMARY KEY (message, section)
) STRICT, WITHOUT ROWID;

-- A message that is here whole is not partial, whoever fetched it.
CREATE TRIGGER message_whole AFTER UPDATE OF blob ON message WHEN NEW.blob <> '' BEGIN
    UPDATE message SET partial = '' WHERE id = NEW.id AND partial <> '';
    DELETE FROM part WHERE message = NEW.id;
END;

-- Bytes over an account's connections, by day (UTC, YYYY-MM-DD).
CREATE TABLE traffic (
    account_id  INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
    day         TEXT NOT NULL,
    received    INTEGER NOT NULL DEFAULT 0,
    sent        INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, day)
) STRICT, WITHOUT ROWID;

-- What a person may want to know of an account's doings; bounded to the newest 1,000 of each.
CREATE TABLE account_log (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id  INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
    time        REAL NOT NULL,
    kind        TEXT NOT NULL,               -- info, conflict, or a mail.errors.ErrorKind
    sentence    TEXT NOT NULL,
    detail      TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX account_log_newest ON account_log (account_id, id DESC);
