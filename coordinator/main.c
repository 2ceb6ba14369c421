/* main.c - cloister-coordinator: the table of its commands. */
#include "coordinator/commands.h"
#include "host/program.h"

static const struct command commands[] = {
    {"init", cmd_init, "make the keys, the store and the request of a new coordinator"},
    {"roster", cmd_roster, "put the roster in force that its governors signed"},
    {"policy", cmd_policy, "put the policy in force that the governors signed"},
    {"campaign", cmd_campaign, "take campaigns and guidelines that a lead signed"},
    {"serve", cmd_serve, "run the relay"},
    {"status", cmd_status, "what is known of each site"},
    {"user", cmd_user, "who may sign in to the operator's page"},
    {"log", cmd_log, "a settled copy of a site's exchange log, for an auditor"},
};

int main(int argc, char **argv)
{
    return program_run(
        argc, argv,
        "Relays what the hospitals of a consortium sign. Nobody trusts it with content.",
        CLOISTER_VERSION, commands, sizeof commands / sizeof commands[0]);
}
