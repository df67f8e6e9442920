import { provenanceLine } from "../../render/parts/caption.js";
import type { Pane } from "./pane.js";
import { FONT, inkOf } from "./paper.js";
import type { Settings } from "./settings.js";

/** Offers what is seen as a PNG: the panes beside each other, their names above and where they come from below. */
export function savePicture(panes: readonly Pane[], settings: Settings): void {
	const pictures = panes.flatMap((pane) => {
		const picture = pane.picture();
		return picture === null ? [] : [{ pane, picture }];
	});
	const ratio = window.devicePixelRatio || 1;
	const [HEAD, FOOT, SIZE] = [34 * ratio, 26 * ratio, 10 * ratio];
	const whole = document.createElement("canvas");
	whole.width = pictures.reduce((sum, { picture }) => sum + picture.width, 0);
	whole.height = HEAD + FOOT + Math.max(0, ...pictures.map(({ picture }) => picture.height));
	const context = whole.getContext("2d");
	if (context === null) return;
	const ink = inkOf(document.documentElement);
	context.fillStyle = ink.paper;
	context.fillRect(0, 0, whole.width, whole.height);
	let x = 0;
	for (const { pane, picture } of pictures) {
		context.drawImage(picture, x, HEAD);
		context.fillStyle = ink.text;
		context.font = `bold ${14 * ratio}px ${FONT}`;
		context.fillText(pane.name, x + 12 * ratio, HEAD * 0.7, picture.width - 24 * ratio);
		context.font = `${SIZE}px ${FONT}`;
		context.fillStyle = ink.faint;
		context.fillText(
			provenanceLine(pane.surface()),
			x + 12 * ratio,
			whole.height - FOOT / 2,
			picture.width - 24 * ratio,
		);
		x += picture.width;
	}
	whole.toBlob((bytes) => {
		if (bytes === null) return;
		const link = document.createElement("a");
		link.href = URL.createObjectURL(bytes);
		link.download = `${panes.map(({ name }) => name.replaceAll(/[^\w.-]+/g, "-")).join("-")}-${settings.view}.png`;
		link.click();
		setTimeout(() => URL.revokeObjectURL(link.href), 1000);
	}, "image/png");
}
