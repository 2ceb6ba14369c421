/* commands.h - the commands of cloister-node: each parses its own arguments (argv[0] is its own name), prints and returns an
 * exit code. */
#pragma once

#define PROGRAM "cloister-node"

typedef int command_fn(int argc, char **argv);

command_fn cmd_init, cmd_serve, cmd_status, cmd_check, cmd_user, cmd_passwd, cmd_campaign,
    cmd_inbox;
command_fn cmd_import, cmd_export, cmd_quality, cmd_reads, cmd_log, cmd_validate, cmd_left,
    cmd_roster, cmd_policy, cmd_guideline, cmd_suspend, cmd_resume;
