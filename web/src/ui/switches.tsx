/* Light or dark, English or German. */

import type { JSX } from "preact";
import { speak, t } from "../app/messages";
import { lang, setTheme, theme } from "../app/settings";
import { Button, Sr } from "./parts";

export function ThemeSwitch(): JSX.Element {
  return (
    <Button
      kind="ghost icon sm"
      icon="theme"
      label={t("theme")}
      onClick={() => setTheme(theme.value === "dark" ? "light" : "dark")}
    />
  );
}

export function LangSwitch(): JSX.Element {
  const other = lang.value === "en" ? "de" : "en";
  return (
    <button
      type="button"
      class="btn ghost sm"
      lang={other}
      title={t("language.other")}
      onClick={() => void speak(other)}
    >
      {other.toUpperCase()}
      <Sr>: {t("language.other")}</Sr>
    </button>
  );
}
