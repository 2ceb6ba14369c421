/* Who is signed in here, with the way out and the change of the password. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { me, post } from "../app/api";
import { t, type MessageKey } from "../app/messages";
import { Button, Dialog } from "./parts";
import { PasswordForm } from "./password";

export function Account({ onClose }: { onClose: () => void }): JSX.Element {
  const [changing, setChanging] = useState(false),
    who = me.value;
  const leave = async (): Promise<void> => {
    try {
      await post("/api/logout");
    } finally {
      location.hash = "#/";
      location.reload();
    }
  };
  return (
    <Dialog
      title={who?.name ?? ""}
      onClose={onClose}
      footer={
        changing ? undefined : (
          <>
            <Button kind="ghost" onClick={() => setChanging(true)}>
              {t("password.change")}
            </Button>
            <Button icon="door" onClick={() => void leave()}>
              {t("logout")}
            </Button>
          </>
        )
      }
    >
      <dl class="facts">
        <dt>{t("user")}</dt>
        <dd>{who?.user}</dd>
        <dt>{t("pseudonym")}</dt>
        <dd class="mono">{who?.pseudonym}</dd>
        <dt>{t("roles")}</dt>
        <dd>{who?.roles.map((r) => t(`role.${r}` as MessageKey)).join(", ")}</dd>
      </dl>
      {changing && <PasswordForm onDone={onClose} />}
    </Dialog>
  );
}
