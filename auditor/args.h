/* args.h - the command line of cloister-audit. */
#pragma once

int audit_main(int argc, char **argv);
