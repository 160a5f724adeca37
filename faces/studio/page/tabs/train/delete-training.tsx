import "../../kit/dialog.css";
import { useId } from "react";
import { Button, Dialog, DialogTrigger, Heading, Modal, ModalOverlay } from "react-aria-components";
import { ask } from "../../api/client.ts";
import { useText } from "../../i18n/index.ts";
import { Notice } from "../../kit/notice.tsx";
import { useTask } from "../../kit/use-task.ts";

/** A button that deletes a training, if one means it. */
export function DeleteTraining({ name, onDelete }: { name: string; onDelete: () => void }) {
  const text = useText();
  const consequence = useId();
  const deleting = useTask<void>();
  const remove = () =>
    deleting.run(async (signal) => {
      await ask(`trainings/${encodeURIComponent(name)}`, { method: "DELETE", signal });
      onDelete();
    });
  return (
    <DialogTrigger onOpenChange={deleting.clear}>
      <Button className="button">{text.train.delete}</Button>
      <ModalOverlay className="veil">
        <Modal>
          <Dialog className="card stack" role="alertdialog" aria-describedby={consequence}>
            <Heading slot="title" level={2}>
              {text.train.deleteAsk(name)}
            </Heading>
            <p id={consequence}>{text.train.deleteMeans}</p>
            <Notice error={deleting.error} />
            <div className="buttons">
              <Button className="button" slot="close" autoFocus>
                {text.cancel}
              </Button>
              <Button className="button danger" isDisabled={deleting.isRunning} onPress={remove}>
                {text.train.delete}
              </Button>
            </div>
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  );
}
