/* commands.h - the commands of cloister-coordinator. */
#pragma once

typedef int command_fn(int argc, char **argv);

command_fn cmd_init, cmd_roster, cmd_policy, cmd_campaign, cmd_serve, cmd_status, cmd_log, cmd_user;
