/* structure_roster.c - contract/roster.json and request.json as tables. */
#include "core/schema/node.h"

static const struct member roster_coordinator_members[] = {
    MUST("curve", node_key32), MUST("id", node_site_id), MUST("log", node_vkey),
    MUST("msg", node_vkey),    MUST("plan", node_key32), MUST("witness", node_vkey),
};
static const struct node roster_coordinator = OBJECT(roster_coordinator_members);

static const struct node roster_federation_id = TEXT(FORM_HEX32);
static const struct node roster_governors = LIST(node_vkey, 1, 1024);
static const struct node roster_k = INTEGER(1, 1024);
static const struct node site_role = WORD("site", "lead");
static const struct node site_roles = SET(site_role, 1, 2);
static const struct node site_site = INTEGER(0, 65535);
static const struct node site_state = WORD("active", "revoked");
static const struct member site_members[] = {
    MUST("curve", node_key32),       MUST("from", node_date),    MUST("id", node_site_id),
    MUST("lead", node_vkey_or_null), MUST("log", node_vkey),     MUST("msg", node_vkey),
    MUST("name", node_line),         MUST("roles", site_roles),  MUST("site", site_site),
    MUST("state", site_state),       MUST("sum", node_key32),    MUST("until", node_date),
    MUST("witness", node_vkey),      MUST("x25519", node_key32),
};
static const struct node site = OBJECT(site_members);

static const struct node roster_sites = LIST(site, 1, 1024);
static const struct member node_roster_members[] = {
    MUST("coordinator", roster_coordinator),
    MUST("federation", node_federation),
    MUST("federation_id", roster_federation_id),
    MUST("governors", roster_governors),
    MUST("k", roster_k),
    MUST("previous", node_hash_or_null),
    MUST("sites", roster_sites),
    MUST("v", node_one),
    MUST("version", node_version),
};
const struct node node_roster = OBJECT(node_roster_members);

static const struct member node_proofs_members[] = {
    MUST("sum", node_sig64),
    MUST("witness", node_sig64),
};
const struct node node_proofs = OBJECT(node_proofs_members);

static const struct member node_members[] = {
    MUST("curve", node_key32),   MUST("federation", node_federation),
    MAY("gov", node_vkey),       MUST("id", node_site_id),
    MUST("kind", node_given),    MAY("lead", node_vkey),
    MUST("log", node_vkey),      MUST("made", node_date),
    MUST("msg", node_vkey),      MUST("name", node_line),
    MUST("proofs", node_proofs), MUST("sum", node_key32),
    MUST("v", node_one),         MUST("witness", node_vkey),
    MUST("x25519", node_key32),
};
static const struct node node = OBJECT(node_members);

static const struct member coordinator_proofs_members[] = {
    MUST("plan", node_sig64),
    MUST("witness", node_sig64),
};
static const struct node coordinator_proofs = OBJECT(coordinator_proofs_members);

static const struct member coordinator_members[] = {
    MUST("curve", node_key32), MUST("federation", node_federation),
    MUST("id", node_site_id),  MUST("kind", node_given),
    MUST("log", node_vkey),    MUST("made", node_date),
    MUST("msg", node_vkey),    MUST("name", node_line),
    MUST("plan", node_key32),  MUST("proofs", coordinator_proofs),
    MUST("v", node_one),       MUST("witness", node_vkey),
};
static const struct node coordinator = OBJECT(coordinator_members);

static const struct node_case node_request_cases[] = {
    {"node", &node},
    {"coordinator", &coordinator},
};
const struct node node_request = BY("kind", node_request_cases);
