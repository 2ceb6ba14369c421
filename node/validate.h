/* validate.h - `cloister-node validate`: documents of the data contract, judged without a node. */
#pragma once

/* argv[0] is the command's own name. Returns an exit code of sysexits. */
int cmd_validate(int argc, char **argv);
