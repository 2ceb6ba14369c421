/* main.c - cloister-audit. */
#include "args.h"

#include "base/rng.h"

int main(int argc, char **argv)
{
    rng_start(); /* libsodium wants it before its first use */
    return audit_main(argc, argv);
}
