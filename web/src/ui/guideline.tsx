/* The guideline at the label: what the chosen label means here, and its examples. */

import type { JSX } from "preact";
import { say, t } from "../app/messages";
import type { Guideline, Label } from "../model/types";
import { Icon } from "./icons";
import { Markdown } from "./markdown";
import { Key } from "./parts";

interface Props {
  guideline: Guideline | undefined;
  label: Label | undefined;
}

export function GuidelinePanel({ guideline, label, onWhole }: Props & { onWhole: () => void }): JSX.Element | null {
  const entry = guideline?.labels.find((l) => l.id === label?.id);
  if (guideline === undefined && label?.about === undefined) return null;
  const define = entry === undefined ? (label?.about === undefined ? null : say(label.about)) : say(entry.define);
  return (
    <section class="sec guide" aria-label={t("guideline")}>
      <header>
        <Icon name="book" />
        <b class="trunc">{label === undefined ? say(guideline?.title ?? {}) : say(label.name)}</b>
        {guideline !== undefined && (
          <span class="faint small nowrap">{t("guideline.version", { n: guideline.version })}</span>
        )}
        {guideline !== undefined && (
          <span class="end">
            <button type="button" class="btn ghost sm" title={t("guideline.whole")} onClick={onWhole}>
              <span class="sr">{t("guideline.whole")}</span>
              <Key k="G" />
              <Key k="G" />
            </button>
          </span>
        )}
      </header>
      {define !== null && <Markdown text={define} assets={guideline?.assets} />}
      {entry !== undefined && (
        <ul class="ex">
          {[...entry.include, ...entry.examples].map((x, i) => (
            <li class="yes" key={`y${i}`}>
              <Icon name="check" small />
              <span>{say(x)}</span>
            </li>
          ))}
          {entry.exclude.map((x, i) => (
            <li class="no" key={`n${i}`}>
              <Icon name="x" small />
              <span>{say(x)}</span>
            </li>
          ))}
        </ul>
      )}
      {label === undefined && <p class="small faint">{t("guideline.pick")}</p>}
      {label !== undefined && define === null && <p class="small faint">{t("guideline.silent")}</p>}
    </section>
  );
}
