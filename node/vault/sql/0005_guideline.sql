-- Versions of guidelines at a site: decisions that end, work that is asked again, who has read what changed.

CREATE TABLE document_new (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE, -- of the note text; of a schema its canonical bytes
    name TEXT NOT NULL, -- id of the campaign or schema; of a guideline campaign/kind
    version INTEGER NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL, -- canonical JSON
    note BLOB, -- with signatures; NULL: came with a bundle or inside a campaign
    state TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'refused', 'withdrawn', 'expired', 'kept')),
    received_ms INTEGER NOT NULL
) STRICT;
INSERT INTO document_new SELECT id, kind, hash, name, version, title, body, note, state, received_ms FROM document;
DROP TABLE document;
ALTER TABLE document_new RENAME TO document;
CREATE INDEX document_name ON document (kind, name);

CREATE TABLE approval_new (
    id INTEGER PRIMARY KEY,
    document INTEGER NOT NULL REFERENCES document,
    decision TEXT NOT NULL CHECK (decision IN ('approve', 'refuse', 'withdraw')),
    force INTEGER NOT NULL DEFAULT 1, -- 0: the first of two people; the decision waits for the second
    reason TEXT,
    user TEXT NOT NULL,
    name TEXT NOT NULL,
    meaning TEXT NOT NULL,
    roster INTEGER NOT NULL DEFAULT 0, -- version that was in force; 0: none
    until_ms INTEGER, -- an approval ends then; NULL: no date
    at_ms INTEGER NOT NULL
) STRICT;
INSERT INTO approval_new (id, document, decision, reason, user, name, meaning, at_ms)
    SELECT id, document, decision, reason, user, name, meaning, at_ms FROM approval;
DROP TABLE approval;
ALTER TABLE approval_new RENAME TO approval;
CREATE INDEX approval_document ON approval (document, id);
-- The last day of a campaign ends at midnight UTC.
UPDATE approval SET until_ms =
    (SELECT (unixepoch(json_extract(d.body, '$.scope.until')) + 86400) * 1000 FROM document d
     WHERE d.id = approval.document AND d.kind = 'campaign')
    WHERE decision = 'approve';

-- Campaigns whose work a guideline may have touched: gone over in steps, from the assignment after `at`.
CREATE TABLE requeue (
    campaign INTEGER PRIMARY KEY REFERENCES document,
    at TEXT NOT NULL
) STRICT;

-- Under which guideline a person worked, and which they have read the changes of.
CREATE TABLE guideline_seen (
    user TEXT NOT NULL, -- pseudonym
    hash TEXT NOT NULL, -- sha256:...
    worked INTEGER NOT NULL DEFAULT 0,
    read_ms INTEGER, -- NULL: not acknowledged
    PRIMARY KEY (user, hash)
) STRICT, WITHOUT ROWID;

INSERT OR IGNORE INTO guideline_seen (user, hash, worked)
    SELECT r.by, g.value, 1 FROM revision r, json_each(r.doc, '$.guidelines') g;
INSERT OR IGNORE INTO guideline_seen (user, hash, worked)
    SELECT d.user, g.value, 1 FROM draft d, json_each(d.doc, '$.guidelines') g;
INSERT OR IGNORE INTO guideline_seen (user, hash, worked)
    SELECT v.by, g.value, 1 FROM review v JOIN revision r ON r.assignment = v.assignment AND r.n = v.n,
        json_each(r.doc, '$.guidelines') g;

CREATE TRIGGER revision_worked AFTER INSERT ON revision
BEGIN
    INSERT INTO guideline_seen (user, hash, worked)
        SELECT new.by, g.value, 1 FROM json_each(new.doc, '$.guidelines') g WHERE true
        ON CONFLICT DO UPDATE SET worked = 1;
END;
CREATE TRIGGER draft_begun AFTER INSERT ON draft
BEGIN
    INSERT INTO guideline_seen (user, hash, worked)
        SELECT new.user, g.value, 1 FROM json_each(new.doc, '$.guidelines') g WHERE true
        ON CONFLICT DO UPDATE SET worked = 1;
END;
CREATE TRIGGER draft_saved AFTER UPDATE OF doc ON draft
BEGIN
    INSERT INTO guideline_seen (user, hash, worked)
        SELECT new.user, g.value, 1 FROM json_each(new.doc, '$.guidelines') g WHERE true
        ON CONFLICT DO UPDATE SET worked = 1;
END;
CREATE TRIGGER review_worked AFTER INSERT ON review
BEGIN
    INSERT INTO guideline_seen (user, hash, worked)
        SELECT new.by, g.value, 1 FROM revision r, json_each(r.doc, '$.guidelines') g
        WHERE r.assignment = new.assignment AND r.n = new.n
        ON CONFLICT DO UPDATE SET worked = 1;
END;
