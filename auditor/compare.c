/* compare.c - each direction as a merge of two sorted lists. */
#include "compare.h"

#include <inttypes.h>

enum { SKEW_MS = 5 * 60 * 1000 };

/* How far each session got at the receiver, as far as anybody has it signed. */
struct reach {
    bool any;
    uint64_t last;  /* seq of the newest that stands in its log */
    uint64_t acked; /* it has said that it logged so many */
};

/* One direction: what `from` sent and what `to` took in. */
struct way {
    struct compare *c;
    struct onelog *from, *to;
    const struct said_list *out, *in;
    enum finding_code hidden_by_from, hidden_by_to;
    const struct said *last_out, *last_in; /* of the pair before, to see both orders */
    uint64_t skew_ms, skew_at;
    const struct said *reach_for; /* of whose session `reach` tells; NULL: of none yet */
    struct reach reach;
};

static bool same_session(const struct said *a, const struct said *b)
{
    return memcmp(a->session, b->session, sizeof a->session) == 0;
}

/* --- pairs --- */

static void equivocation(struct way *w, struct onelog *a, const struct said *x, struct onelog *b,
                         const struct said *y)
{
    if (w->c->equivocation.log[0] == NULL)
        w->c->equivocation = (struct two_notes){{a, b}, {x->index, y->index}};
    finding_add(&a->found, EQUIVOCATION, x->index,
                "entry %" PRIu64 ": another message with the number %" PRIu64
                " was signed as well: entry %" PRIu64 " of %s",
                x->index, x->seq, y->index, b->found.log);
}

/* Says so where a log that stands holds a message differently from the other. */
static void altered(struct onelog *by, const struct said *x, const struct onelog *other,
                    const struct said *y, const char *what)
{
    if (onelog_stands(by))
        finding_add(&by->found, ALTERED, x->index, "entry %" PRIu64 ": %s entry %" PRIu64 " of %s",
                    x->index, what, y->index, other->found.log);
}

static void judge_order(struct way *w, const struct said *s, const struct said *r)
{
    if (w->last_out != NULL && same_session(w->last_out, s)) {
        bool out_up = s->index > w->last_out->index;
        bool in_up = r->index > w->last_in->index;
        if (out_up != in_up)
            finding_add(
                out_up ? &w->to->found : &w->from->found, REORDERED, out_up ? r->index : s->index,
                "entry %" PRIu64 ": message %" PRIu64 " stands before the one that was said first",
                out_up ? r->index : s->index, s->seq);
    }
    w->last_out = s;
    w->last_in = r;
}

/* Taken in before it was sent: no delay explains that, only a clock. */
static void judge_time(struct way *w, const struct said *s, const struct said *r)
{
    if (s->time_ms > r->time_ms && s->time_ms - r->time_ms > w->skew_ms) {
        w->skew_ms = s->time_ms - r->time_ms;
        w->skew_at = r->index;
    }
}

static void judge_pair(struct way *w, const struct said *s, const struct said *r)
{
    if (!hash_eq(s->text, r->text)) {
        if (s->valid && r->valid)
            equivocation(w, w->from, s, w->to, r);
        else if (!r->valid)
            altered(w->to, r, w->from, s, "not the message of");
        else
            altered(w->from, s, w->to, r, "not the message of");
        return;
    }
    if (!hash_eq(s->rest, r->rest))
        altered(w->to, r, w->from, s, "another signature or frame than that of");
    judge_order(w, s, r);
    judge_time(w, s, r);
}

/* --- one side only --- */

static void judge_missing_in(struct way *w, const struct said *s, const struct reach *reach)
{
    bool had = s->receipted || (reach->any && s->seq < reach->last) || s->seq < reach->acked;
    if (had && !onelog_stands(w->to))
        return;
    if (had)
        finding_add(&w->from->found, w->hidden_by_to, s->index,
                    "entry %" PRIu64 ": message %" PRIu64 " is not in %s, which had taken it in",
                    s->index, s->seq, w->to->found.log);
    else if (s->data && s->time_ms < w->c->pending_before_ms)
        finding_add(&w->from->found, PENDING, s->index,
                    "entry %" PRIu64 ": a message that the other side does not hold", s->index);
}

static void judge_missing_out(struct way *w, const struct said *r)
{
    /* Without its sender's signature it proves nothing, and E_MSG_SIG says so. */
    if (r->valid && onelog_stands(w->from))
        finding_add(&w->to->found, w->hidden_by_from, r->index,
                    "entry %" PRIu64 ": message %" PRIu64 " is not in %s, which has signed it",
                    r->index, r->seq, w->from->found.log);
}

/* --- the merge --- */

/* The rows of one number: more than one where somebody signed twice, or a log repeats itself. */
static size_t run_of(struct way *w, struct onelog *log, const struct said_list *l, size_t i)
{
    size_t n = 1;
    for (; i + n < l->n && said_cmp(&l->list[i], &l->list[i + n]) == 0; n++) {
        const struct said *a = &l->list[i];
        const struct said *b = &l->list[i + n];
        if (a->valid && b->valid && !hash_eq(a->text, b->text))
            equivocation(w, log, a, log, b);
    }
    return n;
}

static void ack_of(const struct said_list *l, const uint8_t *session, uint64_t *acked)
{
    /* Sorted by session: the first row of it, by halving. */
    struct said key = {.seq = 0};
    size_t low = 0;
    size_t high = l->n;
    memcpy(key.session, session, sizeof key.session);
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (said_cmp(&l->list[mid], &key) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < l->n && same_session(&l->list[low], &key); low++) {
        if (l->list[low].valid && l->list[low].seen > *acked)
            *acked = l->list[low].seen;
    }
}

/* What is known of the receiver in the session of s. */
static struct reach reach_of(const struct way *w, const struct said *s)
{
    struct reach r = {0};
    const struct said_list *in = w->in;
    for (size_t low = 0, high = in->n; low < high;) { /* the last row of the session */
        size_t mid = low + (high - low) / 2;
        int c = memcmp(in->list[mid].session, s->session, sizeof s->session);
        if (c == 0) {
            r.any = true;
            r.last = in->list[mid].seq;
        }
        if (c <= 0)
            low = mid + 1;
        else
            high = mid;
    }
    ack_of(&w->from->trace.in, s->session, &r.acked); /* what it said, as its sender took it in */
    ack_of(&w->to->trace.out, s->session, &r.acked);
    return r;
}

/* What only the sender's log holds; what is known of its session is looked up once. */
static void only_out(struct way *w, const struct said *s)
{
    if (w->reach_for == NULL || !same_session(w->reach_for, s))
        w->reach = reach_of(w, s);
    w->reach_for = s;
    judge_missing_in(w, s, &w->reach);
}

static void merge(struct way *w)
{
    const struct said_list *out = w->out;
    const struct said_list *in = w->in;
    size_t i = 0;
    size_t k = 0;
    while (i < out->n && k < in->n) {
        int c = said_cmp(&out->list[i], &in->list[k]);
        if (c < 0)
            only_out(w, &out->list[i]);
        else if (c > 0)
            judge_missing_out(w, &in->list[k]);
        else
            judge_pair(w, &out->list[i], &in->list[k]);
        i += c <= 0 ? run_of(w, w->from, out, i) : 0;
        k += c >= 0 ? run_of(w, w->to, in, k) : 0;
    }
    for (; i < out->n; i += run_of(w, w->from, out, i))
        only_out(w, &out->list[i]);
    for (; k < in->n; k += run_of(w, w->to, in, k))
        judge_missing_out(w, &in->list[k]);
    if (w->skew_ms > SKEW_MS)
        finding_add(&w->to->found, NOTE_SKEW, w->skew_at,
                    "entry %" PRIu64 ": taken in %" PRIu64
                    " s before it was sent: the clocks are apart",
                    w->skew_at, w->skew_ms / 1000);
}

void compare_run(struct compare *c)
{
    struct onelog *n = c->node;
    struct onelog *k = c->coord;
    trace_sort(&n->trace);
    trace_sort(&k->trace);
    struct way up = {.c = c,
                     .from = n,
                     .to = k,
                     .out = &n->trace.out,
                     .in = &k->trace.in,
                     .hidden_by_from = HIDDEN_BY_NODE,
                     .hidden_by_to = HIDDEN_BY_COORD};
    struct way down = {.c = c,
                       .from = k,
                       .to = n,
                       .out = &k->trace.out,
                       .in = &n->trace.in,
                       .hidden_by_from = HIDDEN_BY_COORD,
                       .hidden_by_to = HIDDEN_BY_NODE};
    merge(&up);
    merge(&down);
}
