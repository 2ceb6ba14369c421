/* node.h - how the tables of structure_*.c describe a JSON value. One node is one object of contract/ that says what a value
 * may be; names of nodes follow contract/'s own. */
#pragma once

#include "core/schema/form.h"

#include <jansson.h>

enum node_type {
    NODE_OBJECT, /* members, all others unknown */
    NODE_MAP,    /* any member whose name fits, each value of one kind */
    NODE_LIST,   /* entries: those of `first` by their place, the rest `entry` */
    NODE_TEXT,   /* a string of a form */
    NODE_WORD,   /* one of some words */
    NODE_INTEGER,
    NODE_BOOL,
    NODE_TRUE,   /* true, or not there */
    NODE_BY,     /* an object whose member `key` says which of the cases it is */
    NODE_GIVEN,  /* judged already by NODE_BY */
    NODE_BOUND,  /* min or max: an integer or a short string */
    NODE_VALUE,  /* of an attr: a string, an integer, a boolean */
    NODE_ANSWER, /* to a question */
    NODE_DIM     /* 512 or 4096 */
};

struct node;
struct member {
    const char *key;
    const struct node *node;
    bool required;
    /* Where another member of the object narrows this one: the node that stands in its place; NULL: it stays. */
    const struct node *(*narrow)(const json_t *object);
};
struct node_case {
    const char *word;
    const struct node *node;
};

/* Within a type only the members it needs are set. Bounds: code points of a text, entries, members, or the integer itself. */
struct node {
    enum node_type type;
    bool or_null;
    bool unique; /* entries differ */
    bool placed; /* needs `frame` or `at` */
    enum form form;
    int64_t min, max;
    const char *key;
    const char *const *words; /* NULL-ended */
    const struct member *members;
    size_t member_count; /* sorted by key */
    const struct node_case *cases;
    size_t case_count;
    const struct node *name, *entry;
    const struct node *const *first;
    size_t first_count;
};

#define NO_LIMIT INT64_MAX
#define INT_53 9007199254740991 /* 2^53 - 1 */
#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

#define MUST(name, what)                                                                           \
    {                                                                                              \
        .key = (name), .node = &(what), .required = true                                           \
    }
#define MAY(name, what)                                                                            \
    {                                                                                              \
        .key = (name), .node = &(what)                                                             \
    }
#define NARROWED(name, what, by)                                                                   \
    {                                                                                              \
        .key = (name), .node = &(what), .required = true, .narrow = (by)                           \
    }
#define INTEGER(lo, hi)                                                                            \
    {                                                                                              \
        .type = NODE_INTEGER, .min = (lo), .max = (hi)                                             \
    }
#define TEXT(which)                                                                                \
    {                                                                                              \
        .type = NODE_TEXT, .form = (which), .max = NO_LIMIT                                        \
    }
#define PROSE(lo, hi)                                                                              \
    {                                                                                              \
        .type = NODE_TEXT, .form = FORM_ANY, .min = (lo), .max = (hi)                              \
    }
#define WORD(...)                                                                                  \
    {                                                                                              \
        .type = NODE_WORD, .words = (const char *const[])                                          \
        {                                                                                          \
            __VA_ARGS__, NULL                                                                      \
        }                                                                                          \
    }
#define LIST(what, lo, hi)                                                                         \
    {                                                                                              \
        .type = NODE_LIST, .entry = &(what), .min = (lo), .max = (hi)                              \
    }
#define SET(what, lo, hi)                                                                          \
    {                                                                                              \
        .type = NODE_LIST, .unique = true, .entry = &(what), .min = (lo), .max = (hi)              \
    }
#define RECORD(lo, hi, rest, ...)                                                                  \
    {                                                                                              \
        .type = NODE_LIST, .min = (lo), .max = (hi), .entry = (rest),                              \
        .first = (const struct node *const[]){__VA_ARGS__},                                        \
        .first_count = sizeof((const struct node *const[]){__VA_ARGS__}) / sizeof(struct node *)   \
    }
#define MAP(of, what, lo, hi)                                                                      \
    {                                                                                              \
        .type = NODE_MAP, .name = &(of), .entry = &(what), .min = (lo), .max = (hi)                \
    }
#define OBJECT(list)                                                                               \
    {                                                                                              \
        .type = NODE_OBJECT, .members = (list), .member_count = COUNT_OF(list)                     \
    }
#define OBJECT_OR_NULL(list)                                                                       \
    {                                                                                              \
        .type = NODE_OBJECT, .or_null = true, .members = (list), .member_count = COUNT_OF(list)    \
    }
#define PLACED(list)                                                                               \
    {                                                                                              \
        .type = NODE_OBJECT, .placed = true, .members = (list), .member_count = COUNT_OF(list)     \
    }
#define BY(member, list)                                                                           \
    {                                                                                              \
        .type = NODE_BY, .key = (member), .cases = (list), .case_count = COUNT_OF(list)            \
    }

/* contract/common.json */
extern const struct node node_hash, node_hash_or_null, node_id, node_id_or_null, node_expr_id,
    node_stream_id, node_attr_id, node_lang, node_name, node_prose, node_line, node_date,
    node_decimal, node_u64, node_site_id, node_federation, node_sig64, node_key32, node_vkey,
    node_vkey_or_null, node_version, node_ppm, node_ms, node_kind, node_media_type, node_expr;
/* Plain values that many documents share. */
extern const struct node node_one, node_bool, node_true, node_given, node_bound, node_value,
    node_answer, node_absence, node_natural, node_positive, node_integer, node_thousand,
    node_file_size, node_billion, node_extent;
/* Documents and the parts of them that other documents hold. */
extern const struct node node_label_schema, node_annotation, node_sel, node_revision, node_streams,
    node_stream, node_roster, node_request, node_policy, node_release, node_campaign,
    node_guideline, node_pack, node_export_line;
