/* main.c - cloister-node: the table of its commands. */
#include "host/program.h"
#include "node/commands.h"

static const struct command commands[] = {
    {"init", cmd_init, "make the keys, the vault and the request of a new site"},
    {"serve", cmd_serve, "run the node: the page, and this site's records behind it"},
    {"status", cmd_status, "what runs, what is stored, the last anchor"},
    {"check", cmd_check, "configuration and state, without changing anything"},
    {"user", cmd_user, "add, list, reset, disable people"},
    {"passwd", cmd_passwd, "change the node's passphrase"},
    {"roster", cmd_roster, "whom the consortium consists of: draft, sign, merge, pin"},
    {"policy", cmd_policy, "what the consortium may release: draft, sign, merge"},
    {"campaign", cmd_campaign, "write, check, sign and show a campaign"},
    {"guideline", cmd_guideline, "what changed from one version of a guideline to another"},
    {"inbox", cmd_inbox, "signed documents: add, list, show, approve, refuse, withdraw"},
    {"import", cmd_import, "take records in"},
    {"export", cmd_export, "write every label as JSON lines"},
    {"quality", cmd_quality, "this site's own figures"},
    {"reads", cmd_reads, "who opened which record"},
    {"log", cmd_log, "copy the access log for an auditor"},
    {"left", cmd_left, "what left this site"},
    {"suspend", cmd_suspend, "close the wall: nothing leaves, nothing comes in"},
    {"resume", cmd_resume, "open the wall again"},
    {"validate", cmd_validate, "hold a document against the contract"},
};

int main(int argc, char **argv)
{
    return program_run(argc, argv, "Labels patient records where they live: one hospital's node.",
                       CLOISTER_VERSION, commands, sizeof commands / sizeof commands[0]);
}
