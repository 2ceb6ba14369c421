-- Pictures that guidelines name, by the hash of their bytes. They come by hand, or piece by piece over the link.
CREATE TABLE asset (
    sha256 BLOB PRIMARY KEY,
    media_type TEXT NOT NULL,
    bytes INTEGER NOT NULL, -- as the guideline says
    have INTEGER NOT NULL DEFAULT 0, -- of them here
    asked INTEGER, -- offset that the coordinator was asked for last; NULL: never
    state TEXT NOT NULL DEFAULT 'wanted' CHECK (state IN ('wanted', 'whole', 'false')) -- false: other bytes came
) STRICT, WITHOUT ROWID;

CREATE TABLE asset_part (
    sha256 BLOB NOT NULL REFERENCES asset,
    offset INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (sha256, offset)
) STRICT;
