import type { EpochRecord, TrainingHistory } from "../store/history.js";

/** A training as text for spreadsheets: a line an epoch; shares are from 0 to 1, numbers have all their digits. */
export function formatHistory({ metric, epochs }: TrainingHistory): string {
	const name = metric?.name.replaceAll("-", "_");
	const isTested = epochs.some(({ testLoss }) => testLoss !== null);
	const columns: readonly (readonly [string, keyof EpochRecord])[] = [
		["epoch", "epoch"],
		["step", "step"],
		["train_loss", "trainLoss"],
		...(name === undefined ? [] : [[`train_${name}`, "trainMetric"] as const]),
		...(isTested ? [["test_loss", "testLoss"] as const] : []),
		...(isTested && name !== undefined ? [[`test_${name}`, "testMetric"] as const] : []),
	];
	const lines = epochs.map((record) => columns.map(([, property]) => record[property] ?? "").join(","));
	return `${[columns.map(([header]) => header).join(","), ...lines].join("\n")}\n`;
}
