/* form.h - the forms a string of a document may have: the patterns of contract/, by hand. */
#pragma once

#include "base/bytes.h"

enum form {
    FORM_ANY,
    FORM_ID,
    FORM_EXPR_ID,   /* an id that is no word of the expressions */
    FORM_ATTR_ID,   /* nor `label` */
    FORM_STREAM_ID, /* an id that is not `item` */
    FORM_HASH,
    FORM_LANG,
    FORM_LINE,
    FORM_DATE, /* the pattern only: date_ok knows the calendar */
    FORM_DECIMAL,
    FORM_U64, /* digits only: parse_u64 knows the bound */
    FORM_SITE_ID,
    FORM_FEDERATION,
    FORM_SIG64,
    FORM_KEY32,
    FORM_VKEY,
    FORM_MEDIA_TYPE,
    FORM_HOTKEY,
    FORM_VERSION,
    FORM_HEX32,
    FORM_REGION_OF,
    FORM_ASSET
};

bool form_ok(enum form f, struct bytes text);
/* What the text must be, for a refusal: "an id ([a-z][a-z0-9_]{0,63})". Static. */
const char *form_wants(enum form f);
