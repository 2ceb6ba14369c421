/* What is in force, what is being signed, and the exact text of each. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { get } from "../app/api";
import { say, t } from "../app/messages";
import { when } from "../app/time";
import { useFault } from "../ui/fault";
import { Button, Dialog, Empty, Loading } from "../ui/parts";
import type { Kept, Status } from "./records";
import { word } from "./sites";

/* Of rosters and policies the newest is in force; every campaign and guideline stands. */
function inForce(all: readonly Kept[]): Kept[] {
  const newest = (kind: string): Kept | undefined =>
    all.filter((d) => d.kind === kind).sort((a, b) => b.version - a.version)[0];
  const governed = [newest("roster"), newest("policy")].filter((d) => d !== undefined);
  return [...governed, ...all.filter((d) => d.kind !== "roster" && d.kind !== "policy")];
}

export function Documents({ status }: { status: Status }): JSX.Element {
  const [open, setOpen] = useState<Kept | null>(null),
    list = inForce(status.documents);
  return (
    <>
      <section class="panel queue" aria-label={t("op.documents")}>
        <header>
          <h2 class="h3">{t("op.documents")}</h2>
        </header>
        {list.length === 0 ? <Empty title={t("op.noDocument")} /> : <Table list={list} onOpen={setOpen} />}
      </section>
      {status.proposals.length > 0 && (
        <section class="panel queue" aria-label={t("op.proposals")}>
          <header>
            <h2 class="h3">{t("op.proposals")}</h2>
          </header>
          <Table list={status.proposals} onOpen={setOpen} />
        </section>
      )}
      {open !== null && <Exact kept={open} onClose={() => setOpen(null)} />}
    </>
  );
}

function Table({ list, onOpen }: { list: readonly Kept[]; onOpen: (k: Kept) => void }): JSX.Element {
  return (
    <table class="table">
      <thead>
        <tr>
          <th scope="col">{t("op.kind")}</th>
          <th scope="col" class="num">
            {t("op.versionH")}
          </th>
          <th scope="col" class="num">
            {t("op.signatures")}
          </th>
          <th scope="col">{t("op.since")}</th>
          <th scope="col">SHA-256</th>
          <th>
            <span class="sr">{t("op.bytes")}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {list.map((d) => (
          <tr key={d.hash}>
            <td>
              {word(`op.k.${d.kind}`, d.kind)} {d.title != null && <span class="faint">{say(d.title)}</span>}
            </td>
            <td class="num">{d.version}</td>
            <td class="num">{d.signatures}</td>
            <td class="nowrap">{when(d.at_ms)}</td>
            <td class="mono faint">{d.hash.slice("sha256:".length, "sha256:".length + 16)}</td>
            <td>
              <Button kind="sm" onClick={() => onOpen(d)}>
                {t("op.bytes")}
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Exact({ kept, onClose }: { kept: Kept; onClose: () => void }): JSX.Element {
  const [note, setNote] = useState<string | null>(null),
    [asked, setAsked] = useState(false),
    fault = useFault();
  if (!asked) {
    setAsked(true);
    void fault.watch(get<{ note: string }>(`/api/documents/${kept.hash}`).then((r) => setNote(r.note)));
  }
  return (
    <Dialog
      title={`${word(`op.k.${kept.kind}`, kept.kind)} ${kept.version}`}
      wide
      onClose={onClose}
      footer={
        <Button k="Escape" onClick={onClose}>
          {t("close")}
        </Button>
      }
    >
      {fault.node}
      {note === null ? (
        fault.node === null && <Loading />
      ) : (
        <pre class="hex wrapped" tabIndex={0} role="region" aria-label={t("op.bytes")}>
          {note}
        </pre>
      )}
    </Dialog>
  );
}
