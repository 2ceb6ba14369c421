-- Who closed the wall, until somebody opens it again.
CREATE TABLE suspension (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    user TEXT NOT NULL,
    name TEXT NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;
