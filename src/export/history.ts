import type { TrainingHistory } from "../store/history.js";

/** A training as text for spreadsheets: a line an epoch; accuracies are shares, numbers have all their digits. */
export function formatHistory({ epochs }: TrainingHistory): string {
	const lines = epochs.map(({ epoch, step, trainLoss, trainAccuracy, testLoss, testAccuracy }) =>
		[epoch, step, trainLoss, trainAccuracy, testLoss, testAccuracy].join(","),
	);
	return `${["epoch,step,train_loss,train_accuracy,test_loss,test_accuracy", ...lines].join("\n")}\n`;
}
