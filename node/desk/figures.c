#include "node/desk/figures.h"
enum err figures_new(struct app *a, int64_t campaign, struct figures_job **out){(void)a;(void)campaign;(void)out;return ERR_NOTFOUND;}
void figures_run(struct figures_job *j){(void)j;}
enum err figures_result(struct figures_job *j, json_t **out, struct diag *d){(void)j;(void)out;(void)d;return ERR_NOTFOUND;}
void figures_free(struct figures_job *j){(void)j;}
