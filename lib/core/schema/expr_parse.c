/* expr_parse.c - expressions: tokens, grammar, types. */
#include "base/buf.h"
#include "base/text.h"
#include "core/schema/expr_program.h"

enum token_type { TOKEN_END, TOKEN_WORD, TOKEN_NUMBER, TOKEN_TEXT, TOKEN_SIGN, TOKEN_BAD };

struct token {
    enum token_type type;
    size_t at, n;
};

struct parser {
    char *text; /* the expression's own copy: a text's closing quote becomes its end */
    size_t length;
    size_t at;
    struct token next;
    const struct expr_scope *scope;
    struct buf operands, ops;
    struct diag *d;
};

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static struct token text_token(const struct parser *p, size_t at)
{
    size_t end = at + 1;
    while (end < p->length && p->text[end] != '\'') {
        if ((unsigned char)p->text[end] < 0x20 || p->text[end] == 0x7f)
            return (struct token){TOKEN_BAD, end, 1};
        end++;
    }
    if (end >= p->length)
        return (struct token){TOKEN_BAD, at, 1};
    return (struct token){TOKEN_TEXT, at + 1, end - at - 1};
}

static struct token number_token(const struct parser *p, size_t at)
{
    size_t n = p->text[at] == '-' ? 1 : 0;
    if (at + n >= p->length || !is_digit(p->text[at + n]))
        return (struct token){TOKEN_BAD, at, 1};
    if (p->text[at + n] == '0')
        return (struct token){TOKEN_NUMBER, at, n + 1};
    while (at + n < p->length && is_digit(p->text[at + n]))
        n++;
    return (struct token){TOKEN_NUMBER, at, n};
}

static struct token sign_token(const struct parser *p, size_t at)
{
    static const char *const signs[] = {"==", "!=", "<=", ">=", "<", ">",
                                        "(",  ")",  "[",  "]",  ",", NULL};
    for (const char *const *s = signs; *s != NULL; s++) {
        size_t n = strlen(*s);
        if (p->length - at >= n && memcmp(p->text + at, *s, n) == 0)
            return (struct token){TOKEN_SIGN, at, n};
    }
    return (struct token){TOKEN_BAD, at, 1};
}

static void advance(struct parser *p)
{
    while (p->at < p->length && p->text[p->at] == ' ')
        p->at++;
    size_t at = p->at;
    if (at == p->length) {
        p->next = (struct token){TOKEN_END, at, 0};
    } else if (p->text[at] >= 'a' && p->text[at] <= 'z') {
        size_t n = 1;
        while (at + n < p->length && is_word_char(p->text[at + n]))
            n++;
        p->next = (struct token){TOKEN_WORD, at, n};
    } else if (is_digit(p->text[at]) || p->text[at] == '-') {
        p->next = number_token(p, at);
    } else if (p->text[at] == '\'') {
        p->next = text_token(p, at);
    } else {
        p->next = sign_token(p, at);
    }
    p->at = p->next.at + p->next.n + (p->next.type == TOKEN_TEXT);
}

static enum err refuse(const struct parser *p, size_t at, const char *what)
{
    if (p->d != NULL)
        p->d->column = (unsigned)at + 1;
    return diag_set(p->d, ERR_INVALID, "at byte %zu: %s", at + 1, what);
}

static bool next_is(const struct parser *p, enum token_type type, const char *word)
{
    return p->next.type == type && p->next.n == strlen(word) &&
           memcmp(p->text + p->next.at, word, p->next.n) == 0;
}

static bool take(struct parser *p, enum token_type type, const char *word)
{
    if (!next_is(p, type, word))
        return false;
    advance(p);
    return true;
}

static enum err expect(struct parser *p, const char *sign)
{
    char what[32] = "expected ";
    memcpy(what + 9, sign, strlen(sign) + 1);
    return take(p, TOKEN_SIGN, sign) ? OK : refuse(p, p->next.at, what);
}

static bool token_is(const struct parser *p, const char *id)
{
    return strlen(id) == p->next.n && memcmp(p->text + p->next.at, id, p->next.n) == 0;
}

static size_t find(const struct parser *p, const char *const *ids, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (token_is(p, ids[i]))
            return i;
    }
    return SIZE_MAX;
}

/* The text of the token, ended in place; only a text's own quote is overwritten. */
static const char *text_here(struct parser *p)
{
    p->text[p->next.at + p->next.n] = '\0';
    return p->text + p->next.at;
}

static enum err integer(struct parser *p, struct operand *out)
{
    uint64_t v = 0;
    struct bytes digits = bytes_of(p->text + p->next.at, p->next.n);
    bool negative = digits.p[0] == '-';
    if (negative)
        digits = bytes_skip(digits, 1);
    if (parse_u64(digits, ((uint64_t)1 << 53) - 1, &v))
        return refuse(p, p->next.at, "an integer must be below 2^53");
    int64_t i = (int64_t)v;
    *out = (struct operand){.type = OPERAND_INTEGER, .number = decimal_of_int(negative ? -i : i)};
    advance(p);
    return OK;
}

/* A constant; *found is false where the next token is none. */
static enum err constant(struct parser *p, struct operand *out, bool *found)
{
    *found = true;
    if (p->next.type == TOKEN_NUMBER)
        return integer(p, out);
    if (p->next.type == TOKEN_TEXT) {
        *out = (struct operand){.type = OPERAND_TEXT, .text = text_here(p)};
        advance(p);
        return OK;
    }
    if (next_is(p, TOKEN_WORD, "true") || next_is(p, TOKEN_WORD, "false")) {
        *out = (struct operand){.type = OPERAND_BOOL, .truth = token_is(p, "true")};
        advance(p);
        return OK;
    }
    *found = false;
    return OK;
}

/* After the word `count`. */
static enum err count(struct parser *p, struct operand *out)
{
    struct operand v = {.type = OPERAND_COUNT, .label = SIZE_MAX};
    enum err e = expect(p, "(");
    if (e)
        return e;
    v.name = p->next.type == TOKEN_WORD ? find(p, p->scope->tasks, p->scope->task_count) : SIZE_MAX;
    if (v.name == SIZE_MAX)
        return refuse(p, p->next.at, "no such task");
    advance(p);
    if (take(p, TOKEN_SIGN, ",")) {
        v.label = p->next.type == TOKEN_TEXT ? find(p, p->scope->labels, p->scope->label_count)
                                             : SIZE_MAX;
        if (v.label == SIZE_MAX)
            return refuse(p, p->next.at, "no such label");
        advance(p);
    }
    *out = v;
    return expect(p, ")");
}

/* A word that names a question, an attr, or the region's label. */
static enum err name(struct parser *p, struct operand *out)
{
    if (p->next.type != TOKEN_WORD)
        return refuse(p, p->next.at, "expected a value");
    if (p->scope->in_region && token_is(p, "label")) {
        *out = (struct operand){.type = OPERAND_LABEL};
        advance(p);
        return OK;
    }
    for (size_t i = 0; i < p->scope->name_count; i++) {
        const struct expr_name *n = &p->scope->names[i];
        if (!token_is(p, n->id))
            continue;
        *out = (struct operand){
            .type = OPERAND_NAME, .value = n->type, .name = i, .values = n->values};
        advance(p);
        return OK;
    }
    return refuse(p, p->next.at, p->scope->in_region ? "no such attr" : "no such question");
}

static enum err value(struct parser *p, struct operand *out)
{
    bool found = false;
    enum err e = constant(p, out, &found);
    if (e || found)
        return e;
    return take(p, TOKEN_WORD, "count") ? count(p, out) : name(p, out);
}

static void put_operand(struct parser *p, const struct operand *o)
{
    (void)buf_put(&p->operands, bytes_of(o, sizeof *o));
}

static size_t operand_count(const struct parser *p)
{
    return p->operands.n / sizeof(struct operand);
}

static void put_op(struct parser *p, struct op o)
{
    (void)buf_put(&p->ops, bytes_of(&o, sizeof o));
}

/* After `value in`. */
static enum err list(struct parser *p, struct operand *left)
{
    struct op o = {.type = OP_IN, .first = operand_count(p)};
    enum err e = expect(p, "[");
    put_operand(p, left);
    while (!e) {
        struct operand v = {0};
        bool found = false;
        size_t at = p->next.at;
        e = constant(p, &v, &found);
        if (e)
            return e;
        if (!found)
            return refuse(p, at, "expected a constant");
        const char *fault = expr_compare_fault(p->scope, left, &v, false);
        if (fault != NULL)
            return refuse(p, at, fault);
        put_operand(p, &v);
        o.count++;
        if (!take(p, TOKEN_SIGN, ","))
            break;
    }
    if (!e)
        e = expect(p, "]");
    put_op(p, o);
    return e;
}

static enum err test(struct parser *p)
{
    static const char *const signs[] = {"==", "!=", "<", "<=", ">", ">="};
    struct operand left = {0};
    struct operand right = {0};
    enum err e = value(p, &left);
    if (e)
        return e;
    if (take(p, TOKEN_WORD, "in"))
        return list(p, &left);
    size_t at = p->next.at;
    size_t sign = p->next.type == TOKEN_SIGN ? find(p, signs, 6) : SIZE_MAX;
    if (sign == SIZE_MAX)
        return refuse(p, at, "expected == != < <= > >= or in");
    advance(p);
    e = value(p, &right);
    if (e)
        return e;
    const char *fault = expr_compare_fault(p->scope, &left, &right, sign >= CMP_LT);
    if (fault != NULL)
        return refuse(p, at, fault);
    put_op(p, (struct op){OP_COMPARE, (enum comparison)sign, operand_count(p), 1});
    put_operand(p, &left);
    put_operand(p, &right);
    return OK;
}

static enum err answered(struct parser *p)
{
    struct operand v = {0};
    enum err e = expect(p, "(");
    if (!e)
        e = name(p, &v);
    if (!e)
        e = expect(p, ")");
    put_op(p, (struct op){OP_ANSWERED, CMP_EQ, operand_count(p), 0});
    put_operand(p, &v);
    return e;
}

static enum err or_list(struct parser *p, unsigned depth);

static enum err not_or_test(struct parser *p, unsigned depth)
{
    bool inverted = next_is(p, TOKEN_WORD, "not");
    if (!inverted && !next_is(p, TOKEN_SIGN, "("))
        return take(p, TOKEN_WORD, "answered") ? answered(p) : test(p);
    if (depth == EXPR_DEPTH_MAX)
        return refuse(p, p->next.at, "nested deeper than 16");
    advance(p);
    enum err e = inverted ? not_or_test(p, depth + 1) : or_list(p, depth + 1);
    if (e || !inverted)
        return e ? e : expect(p, ")");
    put_op(p, (struct op){.type = OP_NOT});
    return OK;
}

static enum err and_list(struct parser *p, unsigned depth)
{
    enum err e = not_or_test(p, depth);
    while (!e && take(p, TOKEN_WORD, "and")) {
        e = not_or_test(p, depth);
        put_op(p, (struct op){.type = OP_AND});
    }
    return e;
}

static enum err or_list(struct parser *p, unsigned depth)
{
    enum err e = and_list(p, depth);
    while (!e && take(p, TOKEN_WORD, "or")) {
        e = and_list(p, depth);
        put_op(p, (struct op){.type = OP_OR});
    }
    return e;
}

static enum err whole(struct parser *p)
{
    advance(p);
    enum err e = or_list(p, 0);
    if (e)
        return e;
    if (p->next.type != TOKEN_END)
        return refuse(p, p->next.at, "does not belong here");
    return buf_err(&p->operands) ? buf_err(&p->operands) : buf_err(&p->ops);
}

/* The parser's memory goes over to the expression, parsed or not. */
static void hand_over(struct parser *p, struct expr *x)
{
    x->text = p->text;
    x->operand_count = operand_count(p);
    x->op_count = p->ops.n / sizeof(struct op);
    x->operands = (struct operand *)(void *)buf_steal(&p->operands);
    x->ops = (struct op *)(void *)buf_steal(&p->ops);
}

enum err expr_parse(const char *text, const struct expr_scope *scope, struct expr **out,
                    struct diag *d)
{
    struct parser p = {.length = strlen(text), .scope = scope, .d = d};
    if (p.length > EXPR_BYTES_MAX)
        return diag_set(d, ERR_INVALID, "an expression has at most %d bytes", EXPR_BYTES_MAX);
    AUTO(expr) x = calloc(1, sizeof *x);
    p.text = strdup(text);
    if (x == NULL || p.text == NULL) {
        free(p.text);
        return ERR_NOMEM;
    }
    buf_init(&p.operands, (size_t)1024 * sizeof(struct operand));
    buf_init(&p.ops, (size_t)1024 * sizeof(struct op));
    enum err e = whole(&p);
    hand_over(&p, x);
    buf_fini(&p.operands);
    buf_fini(&p.ops);
    if (e)
        return e;
    if (x->operands == NULL || x->ops == NULL)
        return ERR_NOMEM;
    *out = MOVE(x);
    return OK;
}
