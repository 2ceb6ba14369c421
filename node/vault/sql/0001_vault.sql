-- The vault of one hospital. Times are ms since 1970 UTC; hashes are 32 raw bytes; documents are canonical JSON.

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Patients and sessions are known by keyed pseudonyms only; the hospital's own identifiers are not stored.
CREATE TABLE patient (
    id INTEGER PRIMARY KEY,
    hmac BLOB NOT NULL UNIQUE
) STRICT;

CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    pseudonym TEXT NOT NULL UNIQUE,
    patient INTEGER REFERENCES patient, -- NULL: came with a bundle, which names no patients
    made_ms INTEGER NOT NULL
) STRICT;

-- Immutable bytes of one modality. partial: an import was interrupted; absent: a bundle named it without its bytes.
CREATE TABLE stream (
    id INTEGER PRIMARY KEY,
    session INTEGER NOT NULL REFERENCES session,
    slot TEXT NOT NULL,
    kind TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 BLOB,
    doc TEXT,
    clock TEXT,
    time TEXT, -- when it was recorded, as the hospital wrote it
    state TEXT NOT NULL CHECK (state IN ('partial', 'whole', 'absent'))
) STRICT;
CREATE INDEX stream_session ON stream (session, slot);
CREATE INDEX stream_sha256 ON stream (sha256);

-- id = stream * 2^24 + number of the chunk
CREATE TABLE chunk (
    id INTEGER PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;

-- An import makes one item a session; a bundle may bring several.
CREATE TABLE item (
    id TEXT PRIMARY KEY,
    session INTEGER NOT NULL REFERENCES session
) STRICT, WITHOUT ROWID;

CREATE TABLE item_stream (
    item TEXT NOT NULL REFERENCES item,
    slot TEXT NOT NULL,
    stream INTEGER NOT NULL REFERENCES stream,
    PRIMARY KEY (item, slot)
) STRICT, WITHOUT ROWID;

-- People. The pseudonym u_<id> is what revisions bear.
CREATE TABLE user (
    id INTEGER PRIMARY KEY,
    user TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    roles TEXT NOT NULL, -- sorted, joined by a comma
    password TEXT NOT NULL, -- crypto_pwhash_str
    must_change INTEGER NOT NULL,
    disabled INTEGER NOT NULL DEFAULT 0,
    made_ms INTEGER NOT NULL,
    last_login_ms INTEGER,
    failures INTEGER NOT NULL DEFAULT 0,
    next_try_ms INTEGER NOT NULL DEFAULT 0
) STRICT;

-- A person's session with the page; only hashes of its secrets.
CREATE TABLE login (
    token BLOB PRIMARY KEY,
    csrf TEXT NOT NULL,
    user INTEGER NOT NULL REFERENCES user,
    made_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Failed tries by address: a bucket that drains with time.
CREATE TABLE login_bucket (
    address TEXT PRIMARY KEY,
    level INTEGER NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Signed documents as they came, and label schemas and guidelines that revisions pin.
CREATE TABLE document (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE, -- of the note text; of a schema its canonical bytes
    name TEXT NOT NULL, -- id of the campaign or schema
    version INTEGER NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL, -- canonical JSON
    note BLOB, -- with signatures; NULL: came with a bundle or inside a campaign
    state TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'refused', 'expired', 'kept')),
    received_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE approval (
    id INTEGER PRIMARY KEY,
    document INTEGER NOT NULL REFERENCES document,
    decision TEXT NOT NULL CHECK (decision IN ('approve', 'refuse')),
    reason TEXT,
    user TEXT NOT NULL,
    name TEXT NOT NULL,
    meaning TEXT NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;

-- Which slots an open campaign's schema has, and which items it labels: queue order stands in the index.
CREATE TABLE campaign_slot (
    campaign INTEGER NOT NULL REFERENCES document,
    slot TEXT NOT NULL,
    kind TEXT NOT NULL,
    required INTEGER NOT NULL,
    PRIMARY KEY (campaign, slot)
) STRICT, WITHOUT ROWID;

CREATE TABLE campaign_item (
    campaign INTEGER NOT NULL REFERENCES document,
    item TEXT NOT NULL REFERENCES item,
    slots INTEGER NOT NULL,
    taken INTEGER NOT NULL DEFAULT 0,
    priority INTEGER NOT NULL DEFAULT 0,
    tie INTEGER NOT NULL, -- keyed hash: no order of import or name
    PRIMARY KEY (campaign, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX campaign_item_open ON campaign_item (campaign, priority DESC, taken DESC, tie)
    WHERE taken < slots;

CREATE TABLE assignment (
    id TEXT PRIMARY KEY,
    campaign INTEGER REFERENCES document,
    item TEXT NOT NULL REFERENCES item,
    annotator TEXT NOT NULL, -- pseudonym
    slot INTEGER NOT NULL,
    state TEXT NOT NULL,
    reviewer TEXT, -- pseudonym, while in review
    review_ms INTEGER,
    made_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX assignment_slot ON assignment (campaign, item, slot) WHERE state <> 'locked';
CREATE INDEX assignment_item ON assignment (item, campaign);
CREATE INDEX assignment_annotator ON assignment (annotator, state);
CREATE INDEX assignment_state ON assignment (state, item);

CREATE TABLE draft (
    assignment TEXT NOT NULL REFERENCES assignment,
    user TEXT NOT NULL,
    n INTEGER NOT NULL,
    saved_ms INTEGER NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (assignment, user)
) STRICT;

-- Append-only. AUTOINCREMENT, so that the number in the access log's anchor is never given twice.
CREATE TABLE revision (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    assignment TEXT NOT NULL REFERENCES assignment,
    n INTEGER NOT NULL,
    base INTEGER NOT NULL,
    status TEXT NOT NULL,
    reason TEXT,
    by TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    active_ms INTEGER NOT NULL,
    doc_hash BLOB NOT NULL,
    doc TEXT NOT NULL,
    UNIQUE (assignment, n)
) STRICT;

CREATE TRIGGER revision_is_kept BEFORE UPDATE ON revision
BEGIN
    SELECT raise(ABORT, 'revisions are append-only');
END;
CREATE TRIGGER revision_is_never_deleted BEFORE DELETE ON revision
BEGIN
    SELECT raise(ABORT, 'revisions are append-only');
END;

CREATE TABLE suggestion (
    id TEXT PRIMARY KEY,
    item TEXT NOT NULL REFERENCES item,
    doc TEXT NOT NULL -- the line of an export without its decisions
) STRICT, WITHOUT ROWID;

CREATE TABLE suggestion_decision (
    suggestion TEXT NOT NULL REFERENCES suggestion,
    by TEXT NOT NULL,
    decision TEXT NOT NULL,
    shown_ms INTEGER NOT NULL,
    decided_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE review (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    assignment TEXT NOT NULL REFERENCES assignment,
    n INTEGER NOT NULL,
    by TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    decision TEXT NOT NULL,
    cause TEXT
) STRICT;
CREATE INDEX review_assignment ON review (assignment, n);

CREATE TABLE comment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    item TEXT NOT NULL REFERENCES item,
    assignment TEXT REFERENCES assignment,
    n INTEGER,
    region TEXT,
    by TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX comment_item ON comment (item);

CREATE TABLE import_job (
    id INTEGER PRIMARY KEY,
    by TEXT NOT NULL,
    started_ms INTEGER NOT NULL,
    ended_ms INTEGER
) STRICT;

CREATE TABLE import_file (
    job INTEGER NOT NULL REFERENCES import_job,
    number INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('taken', 'duplicate', 'refused')),
    stream INTEGER REFERENCES stream,
    reason TEXT,
    PRIMARY KEY (job, number)
) STRICT, WITHOUT ROWID;
