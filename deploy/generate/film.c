/* film.c - drawing a chest film: soft ellipses and bands added to a grey ground, then noise. */
#include "film.h"

#include "base/sha256.h"

#include <stdlib.h>

enum { KIND_FILM = 3, KIND_NOISE = 4, WIDTH_MM = 350 };

struct canvas {
    int w, h;
    int16_t *v;
};

/* Centre and radii in pixels. */
struct shape {
    int cx, cy, rx, ry;
};

static int of_w(const struct canvas *k, int permille)
{
    return k->w * permille / 1000;
}

static int of_h(const struct canvas *k, int permille)
{
    return k->h * permille / 1000;
}

static int clamp(int v, int low, int high)
{
    return v < low ? low : v > high ? high : v;
}

/* Adds `amount` within the ellipse; a soft one falls off to its rim. Distances in half pixels, so that centres can lie on
 * pixel corners. */
static void add_ellipse(struct canvas *k, struct shape s, int amount, bool soft)
{
    int64_t rx2 = (int64_t)4 * s.rx * s.rx;
    int64_t ry2 = (int64_t)4 * s.ry * s.ry;
    int64_t whole = rx2 * ry2;
    if (whole == 0)
        return;
    for (int y = clamp(s.cy - s.ry, 0, k->h); y < clamp(s.cy + s.ry, 0, k->h); y++) {
        int64_t dy = 2 * (int64_t)y + 1 - 2 * (int64_t)s.cy;
        for (int x = clamp(s.cx - s.rx, 0, k->w); x < clamp(s.cx + s.rx, 0, k->w); x++) {
            int64_t dx = 2 * (int64_t)x + 1 - 2 * (int64_t)s.cx;
            int64_t in = (dx * dx * ry2 + dy * dy * rx2) * 256 / whole;
            if (in >= 256)
                continue;
            int part = soft ? (int)(amount * (256 - in) / 256) : amount;
            k->v[(size_t)y * (size_t)k->w + (size_t)x] =
                (int16_t)(k->v[(size_t)y * (size_t)k->w + (size_t)x] + part);
        }
    }
}

static void ground(struct canvas *k)
{
    for (int y = 0; y < k->h; y++) {
        int16_t v = (int16_t)(20 + 40 * y / k->h);
        for (int x = 0; x < k->w; x++)
            k->v[(size_t)y * (size_t)k->w + (size_t)x] = v;
    }
}

static struct shape lung(const struct canvas *k, enum side side)
{
    /* The patient's right lung is on the picture's left. */
    return side == RIGHT ? (struct shape){of_w(k, 300), of_h(k, 480), of_w(k, 165), of_h(k, 330)}
                         : (struct shape){of_w(k, 700), of_h(k, 480), of_w(k, 160), of_h(k, 320)};
}

static void ribs(struct canvas *k, struct shape l)
{
    int thick = k->h / 80 + 1;
    for (int rib = 0; rib < 8; rib++) {
        int y0 = l.cy - l.ry + (2 * rib + 1) * l.ry / 8;
        for (int x = l.cx - l.rx; x < l.cx + l.rx; x++) {
            int64_t d = x - l.cx;
            int y = y0 + (int)(d * d * (k->h / 14) / ((int64_t)l.rx * l.rx));
            for (int t = 0; t < thick; t++) {
                if (x >= 0 && x < k->w && y + t >= 0 && y + t < k->h)
                    k->v[(size_t)(y + t) * (size_t)k->w + (size_t)x] =
                        (int16_t)(k->v[(size_t)(y + t) * (size_t)k->w + (size_t)x] + 12);
            }
        }
    }
}

static void anatomy(struct canvas *k)
{
    ground(k);
    add_ellipse(k, (struct shape){k->w / 2, of_h(k, 560), of_w(k, 470), of_h(k, 600)}, 90, false);
    for (int side = LEFT; side <= RIGHT; side++) {
        add_ellipse(k, lung(k, (enum side)side), -85, false);
        ribs(k, lung(k, (enum side)side));
    }
    add_ellipse(k, (struct shape){of_w(k, 500), of_h(k, 500), of_w(k, 85), of_h(k, 470)}, 45,
                false);
    add_ellipse(k, (struct shape){of_w(k, 565), of_h(k, 650), of_w(k, 140), of_h(k, 160)}, 50,
                true);
    add_ellipse(k, (struct shape){of_w(k, 500), of_h(k, 230), of_w(k, 18), of_h(k, 200)}, -30,
                false);
}

static int thousandths(int pixels)
{
    return pixels * 1000;
}

static struct truth_region *add_region(struct truth *t, const char *task, const char *label)
{
    struct truth_region *r = truth_add(t);
    r->task = task;
    r->stream = "film";
    r->label = label;
    return r;
}

static void add_box(struct truth *t, const struct canvas *k, const char *label, struct shape s,
                    enum side side)
{
    struct truth_region *r = add_region(t, "boxes", label);
    int x0 = clamp(s.cx - s.rx, 0, k->w - 1);
    int y0 = clamp(s.cy - s.ry, 0, k->h - 1);
    r->x = thousandths(x0);
    r->y = thousandths(y0);
    r->w = thousandths(clamp(s.cx + s.rx, x0 + 1, k->w) - x0);
    r->h = thousandths(clamp(s.cy + s.ry, y0 + 1, k->h) - y0);
    r->attr = "side";
    r->value = side == LEFT ? "\"left\"" : "\"right\"";
}

static void draw_nodules(struct canvas *k, struct dice *d, const struct patient_case *c,
                         struct truth *t)
{
    static const int zone_y[] = {320, 480, 640};
    for (int i = 0; i < c->n_nodules; i++) {
        const struct nodule *n = &c->nodule[i];
        struct shape l = lung(k, n->side);
        int r = n->mm * k->w / WIDTH_MM / 2;
        r = r < 3 ? 3 : r;
        /* One throw a statement: C leaves the order within an initializer open. */
        int x = l.cx + of_w(k, dice_between(d, -70, 70));
        int y = of_h(k, zone_y[n->zone] + dice_between(d, -45, 45));
        struct shape s = {x, y, r, r};
        /* A core that is even and a rim that falls off: what a box is drawn around. */
        add_ellipse(k, s, 38, true);
        s.rx = s.ry = r * 3 / 4;
        add_ellipse(k, s, 22, false);
        s.rx = s.ry = r;
        add_box(t, k, "nodule", s, n->side);
    }
}

static void draw_opacity(struct canvas *k, struct dice *d, const struct patient_case *c,
                         struct truth *t)
{
    struct shape l = lung(k, c->opacity_side);
    struct shape s = {.cx = l.cx + of_w(k, dice_between(d, -30, 30))};
    s.cy = l.cy + of_h(k, dice_between(d, 90, 160));
    s.rx = of_w(k, dice_between(d, 80, 120));
    s.ry = of_h(k, dice_between(d, 70, 110));
    add_ellipse(k, s, 55, true);
    add_box(t, k, "opacity", s, c->opacity_side);
}

static void add_point(struct truth *t, const char *label, int x, int y)
{
    struct truth_region *r = add_region(t, "landmarks", label);
    r->point = true;
    r->x = thousandths(x);
    r->y = thousandths(y);
}

static void landmarks(const struct canvas *k, struct truth *t)
{
    struct shape right = lung(k, RIGHT);
    struct shape left = lung(k, LEFT);
    add_point(t, "carina", of_w(k, 500), of_h(k, 430));
    add_point(t, "angle_right", right.cx - right.rx * 6 / 10, right.cy + right.ry * 8 / 10);
    add_point(t, "angle_left", left.cx + left.rx * 6 / 10, left.cy + left.ry * 8 / 10);
}

/* The lowest bits of a hash of the place; worse films have more. */
static void finish(const struct canvas *k, uint64_t seed, unsigned number, int quality,
                   uint8_t *grey)
{
    struct dice d = dice_for(seed, KIND_NOISE, number);
    int span = (6 - quality) * 7 + 1;
    size_t n = (size_t)k->w * (size_t)k->h;
    for (size_t i = 0; i < n; i++) {
        uint64_t r = dice_u64(&d);
        int noise = (int)(r % (uint64_t)span) + (int)(r >> 32) % span - (span - 1);
        grey[i] = (uint8_t)clamp(k->v[i] + noise, 0, 255);
    }
}

static void size_of(struct dice *d, struct film *f)
{
    static const int widths[] = {256, 384, 512, 640, 768, 1024, 1280, 2048};
    f->w = widths[dice_below(d, 8)];
    f->h = f->w * dice_between(d, 85, 120) / 100;
    f->h = clamp(f->h, 256, 2048);
    f->jpeg = dice_percent(d, 50);
    f->rgb = dice_percent(d, 15);
}

enum err film_draw(uint64_t seed, const struct patient_case *c, unsigned number, struct film *f,
                   struct truth *t)
{
    struct dice d = dice_for(seed, KIND_FILM, number);
    *f = (struct film){.grey = NULL};
    size_of(&d, f);
    size_t n = (size_t)f->w * (size_t)f->h;
    AUTO_MEM int16_t *v = calloc(n, sizeof *v);
    f->grey = malloc(n);
    if (v == NULL || f->grey == NULL)
        return ERR_NOMEM;
    struct canvas k = {f->w, f->h, v};
    anatomy(&k);
    draw_nodules(&k, &d, c, t);
    if (c->opacity)
        draw_opacity(&k, &d, c, t);
    landmarks(&k, t);
    finish(&k, seed, number, c->quality, f->grey);
    t->has_film = true;
    t->w = f->w;
    t->h = f->h;
    t->pixels = sha256_of(bytes_of(f->grey, n));
    return OK;
}

void film_fini(struct film *f)
{
    free(f->grey);
    f->grey = NULL;
}
