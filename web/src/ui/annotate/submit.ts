/* Handing in: what is still open is named and led to; the draft is saved first, so that the node submits
   exactly what is on the screen. */

import { ApiError, get, post, request } from "../../app/api";
import type { ActiveTime } from "../../app/active";
import type { Desk } from "../../app/desk";
import { isOpen, type FailedCheck, type Row } from "../../app/records";
import { go } from "../../app/router";
import { say, t } from "../../app/messages";
import { checkAnnotation } from "../../model/validate";
import { failed, gaps, type Gap } from "../../model/validate/submit";
import { inOrder } from "../home";
import type { Acts } from "./acts";

export function openGaps(acts: Acts): Gap[] {
  void acts.desk.store.state.value;
  return gaps(acts.desk.store.document(), acts.desk.schema);
}

export function wordsOfGap(acts: Acts, g: Gap): string {
  const { schema } = acts.desk,
    task = schema.tasks.get(g.id);
  const name = say(schema.questions.get(g.id)?.name ?? schema.attrs.get(g.id)?.name ?? task?.name ?? {}) || g.id;
  return t(`gap.${g.what}`, { name, n: g.what === "few" ? (task?.min ?? 0) : (task?.max ?? 0) });
}

export function lead(acts: Acts, g: Gap): void {
  const { desk } = acts,
    r = desk.store.region(g.region ?? null);
  acts.say(wordsOfGap(acts, g));
  if (r !== null) {
    desk.store.selected.value = r.id;
    acts.reveal(r);
  }
  const at =
    g.what === "question"
      ? `[data-question="${CSS.escape(g.id)}"]`
      : g.what === "attr"
        ? `[data-attr="${CSS.escape(g.id)}"]`
        : null;
  if (at !== null)
    requestAnimationFrame(() =>
      document.querySelector<HTMLElement>(`${at} button, ${at} input, ${at} select, ${at} textarea`)?.focus(),
    );
}

export async function nextItem(campaign: string): Promise<void> {
  const open = inOrder(
    (await get<{ assignments: Row[] }>(`/api/assignments?campaign=${encodeURIComponent(campaign)}`)).assignments,
  ).filter(isOpen);
  const row = open[0] ?? (await post<Row | null>("/api/next", { campaign }));
  if (row === null) go();
  else go("work", row.id);
}

export class Submit {
  constructor(
    private readonly acts: Acts,
    private readonly desk: Desk,
    private readonly time: ActiveTime,
    readonly checks: { value: readonly FailedCheck[] },
  ) {}

  async run(acknowledged: readonly string[] = []): Promise<void> {
    const { acts, desk } = this;
    if (acts.readOnly) return;
    if (desk.held.peek().size > 0) return acts.say(t("submit.held"));
    const first = openGaps(acts)[0];
    if (first !== undefined) return lead(acts, first);
    const mine = failed(desk.store.document(), desk.schema).filter(
      (c) => c.severity === "block" || !acknowledged.includes(c.id),
    );
    if (mine.length > 0) return this.show(mine);
    const checked = checkAnnotation(desk.store.document(), desk.ground, true);
    if (!checked.ok) return acts.say(`${checked.pointer}: ${checked.reason}`);
    desk.repin();
    if (!(await desk.save.flush())) return acts.say(t("submit.notSaved"));
    await this.send(acknowledged);
  }

  private show(list: readonly FailedCheck[]): void {
    this.checks.value = list;
    this.acts.ask.value = "checks";
  }

  /* Nothing to save and no draft yet: a returned item handed in as it is still needs a draft to submit. */
  private async send(acknowledged: readonly string[]): Promise<void> {
    const { acts, desk } = this,
      path = `/api/assignments/${desk.assignment.id}`;
    try {
      await request("POST", `${path}/submit`, {
        body: { active_ms: this.time.ms, ...(acknowledged.length === 0 ? {} : { acknowledge: acknowledged }) },
        headers: { "If-Match": `"${desk.save.counter}"` },
      });
      await nextItem(desk.assignment.campaign);
    } catch (e) {
      if (e instanceof ApiError && e.status === 409 && Array.isArray(e.body["checks"]))
        return this.show(e.body["checks"] as FailedCheck[]);
      acts.refusal(e);
    }
  }
}
