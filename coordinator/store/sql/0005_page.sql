-- Who may sign in to the operator's page: host/people.h.
CREATE TABLE user (
    id INTEGER PRIMARY KEY,
    user TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    roles TEXT NOT NULL,
    password TEXT NOT NULL, -- crypto_pwhash_str
    must_change INTEGER NOT NULL,
    disabled INTEGER NOT NULL DEFAULT 0,
    made_ms INTEGER NOT NULL,
    last_login_ms INTEGER,
    failures INTEGER NOT NULL DEFAULT 0,
    next_try_ms INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE login (
    token BLOB PRIMARY KEY,
    csrf TEXT NOT NULL,
    user INTEGER NOT NULL REFERENCES user,
    made_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE login_bucket (
    address TEXT PRIMARY KEY,
    level INTEGER NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What was refused, by rule: frame:..., document:... by us, site:... by the site.
CREATE TABLE refusal (
    site TEXT NOT NULL,
    rule TEXT NOT NULL,
    n INTEGER NOT NULL,
    last_ms INTEGER NOT NULL,
    PRIMARY KEY (site, rule)
) STRICT, WITHOUT ROWID;

-- A link that was stopped for good, until the site is up again.
CREATE TABLE fault (
    site TEXT PRIMARY KEY,
    fault TEXT NOT NULL,
    evidence TEXT NOT NULL, -- file below evidence/, '' = none
    at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The guidelines by which a site labels, as its newest status says.
CREATE TABLE guideline_at (
    site TEXT NOT NULL,
    campaign BLOB NOT NULL,
    stream TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (site, campaign, stream)
) STRICT, WITHOUT ROWID;
