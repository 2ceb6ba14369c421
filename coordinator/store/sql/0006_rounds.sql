-- One run of a campaign's release template, and what each site did in it. A step is idempotent under (round, site, attempt).
CREATE TABLE round (
    id INTEGER PRIMARY KEY,
    campaign BLOB NOT NULL,
    template TEXT NOT NULL,
    round_no INTEGER NOT NULL, -- never used twice: a retry has a new one
    state TEXT NOT NULL,
    why TEXT NOT NULL, -- it waits, or is void; '' = neither
    quorum INTEGER NOT NULL,
    deadline_ms INTEGER NOT NULL,
    begun_ms INTEGER NOT NULL,
    ended_ms INTEGER,
    UNIQUE (campaign, round_no)
) STRICT;
CREATE TABLE round_step (
    round INTEGER NOT NULL REFERENCES round,
    site TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    state TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (round, site, attempt)
) STRICT, WITHOUT ROWID;

-- What a round released: published figures only, never a vector.
CREATE TABLE result (
    round INTEGER PRIMARY KEY REFERENCES round,
    figures BLOB NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;
